use bytes::BytesMut;

use super::Value;
use crate::error::BoxError;
use crate::types::as_text::text_of;
use crate::types::codecs::Coded;
use crate::types::problem;
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
            (Format::Binary, Format::Text) => {
                Err("it came in text, as what it is part of has no binary form".into())
            }
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
