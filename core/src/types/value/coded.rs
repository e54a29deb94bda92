//! Values that go through the program's codecs.

use bytes::BytesMut;

use super::Value;
use crate::error::BoxError;
use crate::types::as_text::text_of;
use crate::types::codecs::Coded;
use crate::types::{ToSql, Type, problem};
use crate::wire::{Format, IsNull};

impl Coded {
    /// Reads a value by the program's codec.
    pub(super) fn decode(&self, format: Format, raw: &[u8]) -> Result<Value, BoxError> {
        let read = match (self.codec.format(), format) {
            // In an anonymous record, or before anybody could know that it should be asked for in text.
            (Format::Text, Format::Binary) => match text_of(self.of.base(), raw)? {
                Some(text) => self.codec.decode(&self.of, text.as_bytes()),
                None => Err("it came in binary, of which there is no text here".into()),
            },
            // In what has no binary form itself.
            (Format::Binary, Format::Text) => match binary_of(self.of.base(), raw)? {
                Some(binary) => self.codec.decode(&self.of, &binary),
                None => Err("it came in text, of which there is no binary form here".into()),
            },
            _ => self.codec.decode(&self.of, raw),
        };
        read.map_err(|problem| problem::coded(&self.of, &problem))
    }

    pub(super) fn encode(&self, value: &Value, out: &mut BytesMut) -> Result<IsNull, BoxError> {
        if value.is_null() {
            return Ok(IsNull::Yes);
        }
        let written = self.codec.encode(&self.of, value, out);
        written.map_err(|problem| problem::coded(&self.of, &problem)).map(|()| IsNull::No)
    }

    pub(super) fn format(&self) -> Format {
        self.codec.format()
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
