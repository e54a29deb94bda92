use alloc::sync::Arc;

use bytes::BytesMut;

use super::as_text::text_of;
use super::{ToSql, Type, Value, ValueCodec, problem};
use crate::error::BoxError;
use crate::wire::{Format, IsNull};

/// A codec of the program's at work on one type.
pub(super) struct Coded {
    pub(super) codec: Arc<dyn AnyFormat>,
    /// The type that it was set for, as it is without.
    pub(super) of: Type,
}

impl Coded {
    pub(super) fn decode(&self, format: Format, raw: &[u8]) -> Result<Value, BoxError> {
        self.codec.read(&self.of, format, raw).map_err(|problem| problem::coded(&self.of, &problem))
    }

    pub(super) fn encode(&self, value: &Value, out: &mut BytesMut) -> Result<IsNull, BoxError> {
        if value.is_null() {
            return Ok(IsNull::Yes);
        }
        self.codec.write(&self.of, value, out).map_err(|problem| problem::coded(&self.of, &problem))?;
        Ok(IsNull::No)
    }

    pub(super) fn format(&self) -> Format {
        self.codec.format()
    }
}

/// A codec that reads values in either format: the other one is converted for it.
///
/// Made of a [`ValueCodec`] where a program sets one, so that the wasm, where nobody does, has nothing of what that
/// takes.
pub(super) trait AnyFormat: Send + Sync {
    fn format(&self) -> Format;

    fn read(&self, of: &Type, format: Format, raw: &[u8]) -> Result<Value, BoxError>;

    fn write(&self, of: &Type, value: &Value, out: &mut BytesMut) -> Result<(), BoxError>;
}

impl<C: ValueCodec> AnyFormat for C {
    fn format(&self) -> Format {
        ValueCodec::format(self)
    }

    fn read(&self, of: &Type, format: Format, raw: &[u8]) -> Result<Value, BoxError> {
        match (ValueCodec::format(self), format) {
            // In an anonymous record, or before anybody could know that it should be asked for in text.
            (Format::Text, Format::Binary) => match text_of(of.base(), raw)? {
                Some(text) => self.decode(of, text.as_bytes()),
                None => Err("it came in binary, of which there is no text here".into()),
            },
            // In what has no binary form itself.
            (Format::Binary, Format::Text) => match binary_of(of.base(), raw)? {
                Some(binary) => self.decode(of, &binary),
                None => Err("it came in text, of which there is no binary form here".into()),
            },
            _ => self.decode(of, raw),
        }
    }

    fn write(&self, of: &Type, value: &Value, out: &mut BytesMut) -> Result<(), BoxError> {
        self.encode(of, value, out)
    }
}

/// The binary form of what is in text; nothing when it cannot be written so.
fn binary_of(type_: &Type, raw: &[u8]) -> Result<Option<BytesMut>, BoxError> {
    let value = Value::decode(type_, Format::Text, Some(raw))?;
    let mut out = BytesMut::new();
    if !value.accepts(type_) || value.format(type_) == Format::Text {
        return Ok(None);
    }
    value.to_sql(type_, &mut out).map(|_| Some(out))
}
