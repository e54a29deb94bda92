use core::any::type_name;

use bytes::BytesMut;

use super::Type;
use crate::error::BoxError;
use crate::wire::{Format, IsNull};

/// A value that can be sent as a parameter.
///
/// ```
/// use bytes::BytesMut;
/// use trunkline_core::types::{ToSql, Type};
///
/// let mut out = BytesMut::new();
/// assert!(5_i64.accepts(&Type::INT4));
/// assert!(5_i64.to_sql(&Type::INT4, &mut out).is_ok());
/// assert_eq!(&out[..], [0, 0, 0, 5]);
/// assert!(5_000_000_000_i64.to_sql(&Type::INT4, &mut out).is_err());
/// ```
pub trait ToSql {
    /// Whether this value can be sent as `type_`, which is never a domain: values are asked about what that is
    /// over. What depends on the value and not on its type, such as its
    /// range, may be left for [`to_sql`](Self::to_sql) to refuse.
    fn accepts(&self, type_: &Type) -> bool;

    /// Appends the value as a `type_` that it accepts, in the format that [`format`](Self::format) gives.
    ///
    /// # Errors
    ///
    /// When this value does not fit the type. Part of it may have been written; the caller takes that back.
    fn to_sql(&self, type_: &Type, out: &mut BytesMut) -> Result<IsNull, BoxError>;

    /// How it is written as `type_`. The same for all values of one host type, but for NULLs and
    /// empty arrays, which may be written either way.
    fn format(&self, _type: &Type) -> Format {
        Format::Binary
    }

    /// What errors call this value's type.
    fn host_type(&self) -> &'static str {
        type_name::<Self>()
    }
}
