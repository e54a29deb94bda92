use bytes::BytesMut;

use super::Target;
use crate::wire::{Malformed, Reader, Unencodable, Writer};

/// Close: frees a statement or portal. One that is not there is no error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Close<'a> {
    /// What to close.
    pub target: Target<'a>,
}

impl<'a> Close<'a> {
    /// The message's type byte.
    pub const TAG: u8 = b'C';

    /// Appends the whole message; fails on a NUL in the name.
    pub fn encode(&self, out: &mut BytesMut) -> Result<(), Unencodable> {
        Writer::message(Self::TAG, out, |w| self.target.write(w))
    }

    /// Reads a body.
    pub fn decode(body: &'a [u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(body);
        let target = Target::read(&mut reader)?;
        reader.finish()?;
        Ok(Self { target })
    }
}

#[cfg(test)]
mod tests {
    use crate::message::frontend::FrontendMessage;
    use crate::message::testing;

    use super::*;

    #[test]
    fn round_trip() {
        for target in [Target::Statement(""), Target::Statement("s"), Target::Portal(""), Target::Portal("p")]
        {
            testing::frontend(&FrontendMessage::Close(Close { target }));
        }
    }
}
