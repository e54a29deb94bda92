use alloc::boxed::Box;
use alloc::sync::Arc;

use super::Type;

/// What the catalog tells of a type that is not built in. See PostgreSQL's catalog `pg_type`.
///
/// ```
/// use trunkline_core::types::{Description, Kind, Type};
///
/// // create domain email as text check (value like '%@%')
/// let email = Type::described(16_500, Description {
///     schema: "public".into(),
///     name: "email".into(),
///     kind: Kind::Domain(Type::TEXT),
///     delimiter: b',',
///     binary: true,
/// });
/// assert_eq!(email.base(), &Type::TEXT);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Description {
    /// The schema that it is in.
    pub schema: Box<str>,
    /// Its name; an array's is its element's with `[]`.
    pub name: Box<str>,
    /// What kind of type it is, with the types that it is made of.
    pub kind: Kind,
    /// The byte between the elements of an array in text format (`typdelim`).
    pub delimiter: u8,
    /// Whether the server can send it in binary, and all that it is made of.
    pub binary: bool,
}

/// A field of a composite type.
///
/// ```
/// use trunkline_core::types::{Field, Kind, Type};
///
/// // create type price as (amount numeric, currency text)
/// let amount = Field { name: "amount".into(), type_: Type::NUMERIC };
/// let currency = Field { name: "currency".into(), type_: Type::TEXT };
/// let price = Kind::Composite([amount, currency].into());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Field {
    /// Its name.
    pub name: Box<str>,
    /// Its type.
    pub type_: Type,
}

/// What kind of type it is. See `typtype` and `typcategory` of PostgreSQL's catalog `pg_type`.
///
/// ```
/// use trunkline_core::types::{Kind, Type};
///
/// assert_eq!(Type::INT4.kind(), Kind::Base);
/// assert_eq!(Type::INT4_ARRAY.kind(), Kind::Array(Type::INT4));
/// ```
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
    /// A domain over this type, which may be a domain itself.
    Domain(Type),
    /// An enum with these labels, in their order.
    Enum(Arc<[Box<str>]>),
    /// A composite type, or the row of a table or view, with these fields.
    Composite(Arc<[Field]>),
    /// A type that no column can have, such as `void` or `record`.
    Pseudo,
    /// A type that is not built in, of which only the OID is known.
    Unknown,
}

impl Kind {
    /// Whether this is so of any of the types that a type of this kind is made of.
    pub(super) fn any_part(&self, is: &dyn Fn(&Type) -> bool) -> bool {
        match self {
            Self::Array(part) | Self::Range(part) | Self::Multirange(part) | Self::Domain(part) => is(part),
            Self::Composite(fields) => fields.iter().any(|field| is(&field.type_)),
            Self::Base | Self::Enum(_) | Self::Pseudo | Self::Unknown => false,
        }
    }
}
