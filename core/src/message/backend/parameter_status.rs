use bytes::BytesMut;

use crate::wire::{Malformed, Reader, Unencodable, Writer};

/// ParameterStatus: the value of a run-time parameter that clients are told of. May come at any time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ParameterStatus<'a> {
    /// The parameter, such as `client_encoding`.
    pub name: &'a str,
    /// Its value from now on.
    pub value: &'a str,
}

impl<'a> ParameterStatus<'a> {
    /// The message's type byte.
    pub const TAG: u8 = b'S';

    /// Appends the whole message; fails on a NUL in the name or value.
    pub fn encode(&self, out: &mut BytesMut) -> Result<(), Unencodable> {
        Writer::message(Self::TAG, out, |w| {
            w.cstr(self.name, "a parameter name")?;
            w.cstr(self.value, "a parameter value")
        })
    }

    /// Reads a body.
    pub fn decode(body: &'a [u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(body);
        let name = reader.cstr()?;
        let value = reader.cstr()?;
        reader.finish()?;
        Ok(Self { name, value })
    }
}

#[cfg(test)]
mod tests {
    use crate::message::backend::BackendMessage;
    use crate::message::testing;

    use super::*;

    #[test]
    fn round_trip() {
        for (name, value) in [("", ""), ("server_version", "18.4"), ("application_name", "é")] {
            testing::backend(&BackendMessage::ParameterStatus(ParameterStatus { name, value }));
        }
        let name = ParameterStatus { name: "\0", value: "" };
        testing::unencodable(|out| name.encode(out), Unencodable::ContainsNul("a parameter name"));
        let value = ParameterStatus { name: "a", value: "\0" };
        testing::unencodable(|out| value.encode(out), Unencodable::ContainsNul("a parameter value"));
    }
}
