use core::fmt;
use core::hash::{Hash, Hasher};

use super::{BuiltIn, BuiltInKind};
use crate::generated::TYPES;

/// A PostgreSQL type: what a column holds, or what a parameter is taken as.
///
/// Cheap to clone, and equal to another exactly when their OIDs are. There is a constant for every built-in
/// type ([`Type::INT4`], [`Type::TEXT_ARRAY`] …); to `match` on types, use their OIDs ([`oid`](super::oid)).
#[derive(Clone)]
pub struct Type {
    // Kept beside the details: it is what every decoder compares first.
    oid: u32,
    details: Details,
}

/// What is known of a type besides its OID.
#[derive(Clone)]
enum Details {
    BuiltIn(&'static BuiltIn),
    /// A type of this database alone, or of a server newer than the table.
    Custom,
}

/// What kind of type it is. See `typtype` and `typcategory` of PostgreSQL's catalog `pg_type`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// A type of its own.
    Base,
    /// An array with elements of this type.
    Array(Type),
    /// A range over this type.
    Range(Type),
    /// A multirange made of ranges of this type.
    Multirange(Type),
    /// A type that no column can have, such as `void` or `record`.
    Pseudo,
    /// A type that is not built in, of which only the OID is known.
    Custom,
}

impl Type {
    /// The type of an OID; one that is not built in is a [`Kind::Custom`].
    pub fn from_oid(oid: u32) -> Self {
        let found = TYPES.binary_search_by_key(&oid, |built_in| built_in.oid).ok();
        match found.and_then(|at| TYPES.get(at)) {
            Some(built_in) => Self::built_in(built_in),
            None => Self { oid, details: Details::Custom },
        }
    }

    pub(crate) const fn built_in(built_in: &'static BuiltIn) -> Self {
        Self { oid: built_in.oid, details: Details::BuiltIn(built_in) }
    }

    /// Its OID.
    #[inline]
    pub const fn oid(&self) -> u32 {
        self.oid
    }

    /// Its name as in `pg_type`, an array's as its element's with `[]`; `???`, as PostgreSQL's `format_type`
    /// has it, when it is not known.
    pub const fn name(&self) -> &str {
        match &self.details {
            Details::BuiltIn(built_in) => built_in.name,
            Details::Custom => "???",
        }
    }

    /// What kind of type it is.
    pub const fn kind(&self) -> Kind {
        match &self.details {
            Details::BuiltIn(built_in) => match built_in.kind {
                BuiltInKind::Base => Kind::Base,
                BuiltInKind::Array(element) => Kind::Array(Self::built_in(element)),
                BuiltInKind::Range(bound) => Kind::Range(Self::built_in(bound)),
                BuiltInKind::Multirange(range) => Kind::Multirange(Self::built_in(range)),
                BuiltInKind::Pseudo => Kind::Pseudo,
            },
            Details::Custom => Kind::Custom,
        }
    }

    /// The type of an array's elements; `None` for what is not an array.
    pub const fn element(&self) -> Option<Self> {
        match self.kind() {
            Kind::Array(element) => Some(element),
            _ => None,
        }
    }

    /// The type of arrays of this type, where there is one.
    pub const fn array(&self) -> Option<Self> {
        match self.details {
            Details::BuiltIn(BuiltIn { array: Some(array), .. }) => Some(Self::built_in(array)),
            _ => None,
        }
    }

    /// The byte between the elements of an array of this type in text format (`typdelim`).
    pub const fn delimiter(&self) -> u8 {
        match self.details {
            Details::BuiltIn(built_in) => built_in.delimiter,
            Details::Custom => b',',
        }
    }

    /// Whether the server can send it in binary. A type that is not built in is taken to be able to: enums,
    /// composites, domains and nearly all extension types are.
    pub const fn has_binary_output(&self) -> bool {
        match self.details {
            Details::BuiltIn(built_in) => built_in.binary,
            Details::Custom => true,
        }
    }

    pub(super) const fn is_custom(&self) -> bool {
        matches!(self.details, Details::Custom)
    }
}

impl PartialEq for Type {
    fn eq(&self, other: &Self) -> bool {
        self.oid == other.oid
    }
}

impl Eq for Type {}

impl Hash for Type {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.oid.hash(state);
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.details {
            Details::BuiltIn(built_in) => f.write_str(built_in.name),
            Details::Custom => write!(f, "type with OID {}", self.oid),
        }
    }
}

impl fmt::Debug for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Type({self})")
    }
}

#[cfg(test)]
mod tests {
    use std::format;

    use super::*;
    use crate::types::oid;

    #[test]
    fn every_built_in_type_is_found_by_its_oid() {
        for built_in in TYPES {
            let found = Type::from_oid(built_in.oid);
            assert_eq!((found.oid(), found.name()), (built_in.oid, built_in.name));
        }
        assert!(TYPES.windows(2).all(|pair| pair[0].oid < pair[1].oid));
    }

    #[test]
    fn kinds_name_the_types_they_are_made_of() {
        assert_eq!(Type::INT4.kind(), Kind::Base);
        assert_eq!(Type::INT4_ARRAY.kind(), Kind::Array(Type::INT4));
        assert_eq!(Type::INT4_ARRAY.name(), "int4[]");
        assert_eq!(Type::INT4.array(), Some(Type::INT4_ARRAY));
        assert_eq!(Type::INT2VECTOR.element(), Some(Type::INT2));
        assert_eq!(Type::INT4RANGE.kind(), Kind::Range(Type::INT4));
        assert_eq!(Type::INT4MULTIRANGE.kind(), Kind::Multirange(Type::INT4RANGE));
        assert_eq!(Type::VOID.kind(), Kind::Pseudo);
        // Of a fixed length and with subscripts, but no array.
        assert_eq!(Type::POINT.kind(), Kind::Base);
        assert_eq!(Type::BOX.delimiter(), b';');
        assert!(matches!(Type::from_oid(oid::JSONB).oid(), oid::JSONB));
    }

    #[test]
    fn binary_output_is_known_down_to_the_elements() {
        assert!(Type::INT4.has_binary_output());
        assert!(!Type::ACLITEM.has_binary_output());
        assert!(!Type::ACLITEM_ARRAY.has_binary_output());
        assert!(Type::from_oid(99_999).has_binary_output());
    }

    #[test]
    fn a_type_is_two_words_and_goes_to_other_threads() {
        fn shared<T: Send + Sync>() -> usize {
            size_of::<T>()
        }
        assert!(shared::<Type>() <= 16);
    }

    #[test]
    fn an_unknown_oid_is_kept() {
        let custom = Type::from_oid(99_999);
        assert_eq!((custom.oid(), custom.name(), custom.kind()), (99_999, "???", Kind::Custom));
        assert_eq!(format!("{custom} {custom:?}"), "type with OID 99999 Type(type with OID 99999)");
    }
}
