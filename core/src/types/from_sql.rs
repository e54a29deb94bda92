use super::{Type, problem};
use crate::error::BoxError;
use crate::wire::Format;

/// A value that can be read from a field of a row, and may borrow from it.
///
/// Reading is exact or widening, never narrowing: an `i64` reads int2, int4 and int8, an `i32` no int8.
pub trait FromSql<'a>: Sized {
    /// Whether fields of `type_`, which is never a domain, can be read as this. A type may be accepted that is readable in one of the
    /// two formats only.
    fn accepts(type_: &Type) -> bool;

    /// Reads a value of a `type_` that it accepts.
    ///
    /// # Errors
    ///
    /// When the bytes are not a value of that type, or not one in a format that this can read.
    fn from_sql(type_: &Type, format: Format, raw: &'a [u8]) -> Result<Self, BoxError>;

    /// Reads a value and keeps nothing of `raw`: the element of an array in text format whose escapes had to be
    /// undone. Types that borrow nothing should give what [`from_sql`](Self::from_sql) gives.
    ///
    /// # Errors
    ///
    /// As `from_sql`; and always for a type that only borrows.
    fn from_sql_owned(_type: &Type, _format: Format, _raw: &[u8]) -> Result<Self, BoxError> {
        Err(problem::borrowed())
    }

    /// What NULL is read as.
    ///
    /// # Errors
    ///
    /// For every type but an `Option`.
    fn from_null() -> Result<Self, BoxError> {
        Err(problem::null())
    }
}
