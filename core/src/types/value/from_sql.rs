use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use super::{Value, composite, scalar};
use crate::error::BoxError;
use crate::types::int::is_reg;
use crate::types::text::is_text;
use crate::types::{Array, FromSql, Kind, Multirange, Range, Type, oid};
use crate::wire::Format;

impl Value {
    /// Reads a field of any type; `None` is NULL.
    ///
    /// ```
    /// use trunkline_core::types::{Format, Type, Value};
    ///
    /// assert_eq!(Value::decode(&Type::BOOL, Format::Binary, Some(&[1]))?, Value::Bool(true));
    /// assert!(Value::decode(&Type::BOOL, Format::Binary, None)?.is_null());
    /// # Ok::<(), trunkline_core::error::BoxError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When the bytes are not a value of that type.
    pub fn decode(type_: &Type, format: Format, raw: Option<&[u8]>) -> Result<Self, BoxError> {
        let Some(raw) = raw else { return Ok(Self::Null) };
        let type_ = type_.base();
        if let Some(codec) = type_.codec() {
            return codec.decode(format, raw);
        }
        if format == Format::Text && is_reg(type_) && !raw.iter().all(u8::is_ascii_digit) {
            return Ok(Self::Text(String::from_sql(&Type::TEXT, format, raw)?));
        }
        if let Some(value) = scalar::decode(type_, format, raw)? {
            return Ok(value);
        }
        Ok(match type_.kind() {
            Kind::Array(_) => Self::Array(Array::from_sql_owned(type_, format, raw)?),
            Kind::Range(_) => Self::Range(Box::new(Range::from_sql_owned(type_, format, raw)?)),
            Kind::Multirange(_) => Self::Multirange(Multirange::from_sql_owned(type_, format, raw)?),
            Kind::Composite(_) => Self::Record(composite::decode(type_, format, raw)?),
            Kind::Pseudo if type_.oid() == oid::RECORD && format == Format::Binary => {
                Self::Record(composite::decode(type_, format, raw)?)
            }
            // What statistics are of: its header says of what.
            Kind::Pseudo if type_.oid() == oid::ANYARRAY && format == Format::Binary => {
                Self::Array(Array::from_sql_owned(type_, format, raw)?)
            }
            _ => Self::other(type_, format, raw)?,
        })
    }

    /// What is text, and what nothing is known of.
    fn other(type_: &Type, format: Format, raw: &[u8]) -> Result<Self, BoxError> {
        match String::from_sql(type_, format, raw) {
            Ok(text) => Ok(Self::Text(text)),
            Err(problem) if format == Format::Text || is_text(type_) => Err(problem),
            Err(_) => Ok(Self::Opaque(Vec::from(raw))),
        }
    }

    /// Reads the text of a value of any type, as the server writes it.
    ///
    /// ```
    /// use trunkline_core::types::{Type, Value};
    ///
    /// let value = Value::parse(&Type::DATE, "1815-12-10")?;
    /// assert!(matches!(value, Value::Date(born) if born.ymd() == Some((1815, 12, 10))));
    /// # Ok::<(), trunkline_core::error::BoxError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When the text is not a value of that type.
    pub fn parse(type_: &Type, text: &str) -> Result<Self, BoxError> {
        Self::decode(type_, Format::Text, Some(text.as_bytes()))
    }
}

/// Reads every type, and NULL.
impl FromSql<'_> for Value {
    fn accepts(_type: &Type) -> bool {
        true
    }

    fn from_sql(type_: &Type, format: Format, raw: &[u8]) -> Result<Self, BoxError> {
        Self::decode(type_, format, Some(raw))
    }

    fn from_sql_owned(type_: &Type, format: Format, raw: &[u8]) -> Result<Self, BoxError> {
        Self::decode(type_, format, Some(raw))
    }

    fn from_null() -> Result<Self, BoxError> {
        Ok(Self::Null)
    }
}
