use bytes::{BufMut, BytesMut};

use super::Value;
use crate::error::BoxError;
use crate::types::int::is_reg;
use crate::types::{ArrayElement, ToSql, Type, oid, problem};
use crate::wire::{Format, IsNull};

/// A value goes into the type that it came from; texts go into whatever a string goes into, and so do the numbers.
impl ToSql for Value {
    fn accepts(&self, type_: &Type) -> bool {
        match self {
            _ if type_.has_codec() => true,
            Self::Null | Self::Opaque(_) => true,
            // The server reads the names of its objects.
            Self::Text(_) if is_reg(type_) => true,
            Self::Json(_) => matches!(type_.oid(), oid::JSON | oid::JSONB),
            _ => self.host().is_some_and(|host| host.accepts(type_)),
        }
    }

    fn to_sql(&self, type_: &Type, out: &mut BytesMut) -> Result<IsNull, BoxError> {
        if let Some(codec) = type_.codec() {
            return codec.encode(self, out);
        }
        match self {
            Self::Null => return Ok(IsNull::Yes),
            Self::Opaque(bytes) => out.put_slice(bytes),
            Self::Text(text) if is_reg(type_) => out.put_slice(text.as_bytes()),
            _ => return self.host().ok_or_else(problem::mismatch)?.to_sql(type_, out),
        }
        Ok(IsNull::No)
    }

    fn format(&self, type_: &Type) -> Format {
        if let Some(codec) = type_.codec() {
            return codec.format();
        }
        match self {
            Self::Text(_) if is_reg(type_) => Format::Text,
            _ => self.host().map_or(Format::Binary, |host| host.format(type_)),
        }
    }
}

impl ArrayElement for Value {}

impl Value {
    /// What writes it.
    fn host(&self) -> Option<&dyn ToSql> {
        match self {
            Self::Array(array) => Some(array),
            Self::Range(range) => Some(&**range),
            Self::Multirange(multirange) => Some(multirange),
            Self::Record(record) => Some(record),
            _ => self.scalar(),
        }
    }
}
