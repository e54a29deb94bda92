use super::{Type, problem};
use crate::error::BoxError;
use crate::wire::Format;

/// A value that can be read from a field of a row, and may borrow from it.
///
/// Reading is exact or widening, never narrowing: an `i64` reads int2, int4 and int8, an `i32` no int8.
///
/// ```
/// use trunkline_core::error::BoxError;
/// use trunkline_core::types::{Format, FromSql, Type};
///
/// /// A domain of the program's: create domain email as text check (value like '%@%').
/// struct Email(String);
///
/// impl<'a> FromSql<'a> for Email {
///     fn accepts(type_: &Type) -> bool {
///         <&str>::accepts(type_)
///     }
///     fn from_sql(type_: &Type, format: Format, raw: &'a [u8]) -> Result<Self, BoxError> {
///         let text = <&str>::from_sql(type_, format, raw)?;
///         if text.contains('@') { Ok(Self(text.to_owned())) } else { Err("no e-mail address".into()) }
///     }
/// }
/// assert_eq!(Email::from_sql(&Type::TEXT, Format::Binary, b"ada@example.com").unwrap().0, "ada@example.com");
/// ```
pub trait FromSql<'a>: Sized {
    /// Whether fields of `type_`, which is never a domain, can be read as this. A type may be accepted that is readable in one of the
    /// two formats only.
    ///
    /// ```
    /// use trunkline_core::types::{FromSql, Type};
    ///
    /// assert!(i64::accepts(&Type::INT4), "widening");
    /// assert!(!i32::accepts(&Type::INT8), "narrowing");
    /// ```
    fn accepts(type_: &Type) -> bool;

    /// Reads a value of a `type_` that it accepts.
    ///
    /// ```
    /// use trunkline_core::types::{Format, FromSql, Type};
    ///
    /// assert_eq!(i32::from_sql(&Type::INT4, Format::Binary, &[0, 0, 0, 7])?, 7);
    /// assert_eq!(i32::from_sql(&Type::INT4, Format::Text, b"7")?, 7);
    /// # Ok::<(), trunkline_core::error::BoxError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When the bytes are not a value of that type, or not one in a format that this can read.
    fn from_sql(type_: &Type, format: Format, raw: &'a [u8]) -> Result<Self, BoxError>;

    /// Reads a value and keeps nothing of `raw`: the element of an array in text format whose escapes had to be
    /// undone. Types that borrow nothing should give what [`from_sql`](Self::from_sql) gives.
    ///
    /// ```
    /// use trunkline_core::types::{Format, FromSql, Type};
    ///
    /// assert_eq!(String::from_sql_owned(&Type::TEXT, Format::Text, b"Ada")?, "Ada");
    /// assert!(<&str>::from_sql_owned(&Type::TEXT, Format::Text, b"Ada").is_err());
    /// # Ok::<(), trunkline_core::error::BoxError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As `from_sql`; and always for a type that only borrows.
    fn from_sql_owned(_type: &Type, _format: Format, _raw: &[u8]) -> Result<Self, BoxError> {
        Err(problem::borrowed())
    }

    /// What NULL is read as.
    ///
    /// ```
    /// use trunkline_core::types::FromSql;
    ///
    /// assert_eq!(Option::<i32>::from_null()?, None);
    /// assert!(i32::from_null().is_err());
    /// # Ok::<(), trunkline_core::error::BoxError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// For every type but an `Option`.
    fn from_null() -> Result<Self, BoxError> {
        Err(problem::null())
    }
}
