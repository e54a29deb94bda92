use alloc::vec::Vec;

use bytes::BytesMut;

use crate::message::parts;
use crate::wire::{Format, Malformed, Reader, Unencodable, Writer};

/// FunctionCall: calls a function by its OID. Legacy: a SELECT of the function does the same and more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FunctionCall<'a> {
    /// The function's OID.
    pub function: u32,
    /// The arguments' formats: none (all text), one for all, or one each.
    pub formats: Vec<Format>,
    /// The arguments; `None` for NULL.
    pub arguments: Vec<Option<&'a [u8]>>,
    /// The format that the result is wanted in.
    pub result_format: Format,
}

impl<'a> FunctionCall<'a> {
    /// The message's type byte.
    pub const TAG: u8 = b'F';

    /// Appends the whole message.
    ///
    /// # Errors
    ///
    /// More than 65,535 arguments, formats that do not fit them.
    pub fn encode(&self, out: &mut BytesMut) -> Result<(), Unencodable> {
        Writer::message(Self::TAG, out, |w| {
            if !parts::formats_fit(&self.formats, self.arguments.len()) {
                return Err(Unencodable::InvalidLength(FORMATS));
            }
            w.u32(self.function);
            parts::write_formats(w, &self.formats, FORMATS)?;
            w.count(self.arguments.len(), "arguments")?;
            for argument in &self.arguments {
                parts::write_value(w, *argument)?;
            }
            w.i16(self.result_format.code());
            Ok(())
        })
    }

    /// Reads a body.
    pub fn decode(body: &'a [u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(body);
        let function = reader.u32()?;
        let formats = parts::formats(&mut reader)?;
        let arguments = parts::values(&mut reader)?;
        let result_format = parts::format(&mut reader)?;
        reader.finish()?;
        if !parts::formats_fit(&formats, arguments.len()) {
            return Err(Malformed::InvalidLength);
        }
        Ok(Self { function, formats, arguments, result_format })
    }
}

const FORMATS: &str = "the list of argument formats";

#[cfg(test)]
mod tests {
    use alloc::vec;

    use crate::message::frontend::FrontendMessage;
    use crate::message::testing;

    use super::*;

    #[test]
    fn round_trip() {
        for (formats, arguments) in [
            (vec![], vec![]),
            (vec![Format::Binary], vec![Some(&b"\0\x01"[..]), None, Some(b"")]),
            (vec![Format::Binary, Format::Text], vec![None, Some(&b"x"[..])]),
        ] {
            let call = FunctionCall { function: 1, formats, arguments, result_format: Format::Binary };
            testing::frontend(&FrontendMessage::FunctionCall(call));
        }
    }

    #[test]
    fn formats_that_do_not_fit_are_refused() {
        let call = FunctionCall {
            function: 1,
            formats: vec![Format::Text; 2],
            arguments: vec![None],
            result_format: Format::Text,
        };
        testing::unencodable(|out| call.encode(out), Unencodable::InvalidLength(FORMATS));
        let body = b"\0\0\0\x01\0\x02\0\0\0\0\0\x01\xff\xff\xff\xff\0\0";
        assert_eq!(FunctionCall::decode(body), Err(Malformed::InvalidLength));
    }
}
