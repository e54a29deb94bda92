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
    ///
    /// ```
    /// use trunkline_core::types::{ToSql, Type};
    ///
    /// assert!("Ada".accepts(&Type::TEXT) && !"Ada".accepts(&Type::INT4));
    /// ```
    fn accepts(&self, type_: &Type) -> bool;

    /// Appends the value as a `type_` that it accepts, in the format that [`format`](Self::format) gives.
    ///
    /// ```
    /// use trunkline_core::types::{BytesMut, IsNull, ToSql, Type};
    ///
    /// let mut out = BytesMut::new();
    /// assert_eq!("Ada".to_sql(&Type::TEXT, &mut out)?, IsNull::No);
    /// assert_eq!(&out[..], b"Ada");
    /// assert_eq!(None::<&str>.to_sql(&Type::TEXT, &mut out)?, IsNull::Yes);
    /// # Ok::<(), trunkline_core::error::BoxError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When this value does not fit the type. Part of it may have been written; the caller takes that back.
    fn to_sql(&self, type_: &Type, out: &mut BytesMut) -> Result<IsNull, BoxError>;

    /// How it is written as `type_`. The same for all values of one host type, but for NULLs and
    /// empty arrays, which may be written either way.
    ///
    /// ```
    /// use trunkline_core::types::{Format, ToSql, Type};
    ///
    /// assert_eq!(7.format(&Type::INT4), Format::Binary);
    /// ```
    fn format(&self, _type: &Type) -> Format {
        Format::Binary
    }

    /// What errors call this value's type.
    ///
    /// ```
    /// use trunkline_core::types::ToSql;
    ///
    /// assert_eq!(7_i64.host_type(), "i64");
    /// ```
    fn host_type(&self) -> &'static str {
        type_name::<Self>()
    }
}
