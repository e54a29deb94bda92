use bytes::BytesMut;

use super::Target;
use crate::wire::{Malformed, Reader, Unencodable, Writer};

/// Describe: asks for the shape of a statement (ParameterDescription, then RowDescription or NoData) or of a
/// portal (only the latter).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Describe<'a> {
    /// What to describe.
    pub target: Target<'a>,
}

impl<'a> Describe<'a> {
    /// The message's type byte.
    pub const TAG: u8 = b'D';

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
            testing::frontend(&FrontendMessage::Describe(Describe { target }));
        }
    }
}
