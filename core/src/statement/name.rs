use alloc::string::String;
use alloc::sync::Arc;
use core::fmt::{self, Write};

use sha2::{Digest, Sha256};

use crate::types::Type;

/// The name of a prepared statement: a hash of its SQL and the types it was given.
///
/// The same SQL has the same name everywhere, so a statement that a pooler's server connection already has
/// under that name is the one that was meant.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct StatementName(Arc<str>);

impl StatementName {
    pub(crate) fn of(sql: &str, types: &[Type]) -> Self {
        let mut hash = Sha256::new();
        hash.update(sql.as_bytes());
        for type_ in types {
            // SQL cannot hold a NUL, so the types cannot be mistaken for more of it.
            hash.update([0]);
            hash.update(type_.oid().to_be_bytes());
        }
        let mut name = String::from("trunkline_");
        for byte in hash.finalize().iter().take(16) {
            // Writing to a String cannot fail.
            let _ = write!(name, "{byte:02x}");
        }
        Self(name.into())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for StatementName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_sql_and_types_have_the_same_name_and_nothing_else_has() {
        let int4 = Type::from_oid(23);
        let name = StatementName::of("select $1", &[]);
        assert_eq!(name, StatementName::of("select $1", &[]));
        assert_ne!(name, StatementName::of("select $1", &[int4]));
        assert_ne!(name, StatementName::of("select $2", &[]));
        // Identifiers end at 63 bytes; a longer name would be cut, and clash.
        assert!(name.as_str().len() < 63);
    }
}
