use alloc::vec::Vec;

use bytes::BytesMut;

use crate::message::parts;
use crate::wire::{Malformed, Reader, Unencodable, Writer};

/// ParameterDescription: the types of a statement's parameters.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ParameterDescription {
    /// The types' OIDs, in the parameters' order.
    pub types: Vec<u32>,
}

impl ParameterDescription {
    /// The message's type byte.
    pub const TAG: u8 = b't';

    /// Appends the whole message; fails on more than 65,535 types.
    pub fn encode(&self, out: &mut BytesMut) -> Result<(), Unencodable> {
        Writer::message(Self::TAG, out, |w| {
            w.count(self.types.len(), "parameter types")?;
            for &oid in &self.types {
                w.u32(oid);
            }
            Ok(())
        })
    }

    /// Reads a body.
    pub fn decode(body: &[u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(body);
        let types = parts::counted(&mut reader, 4, Reader::u32)?;
        reader.finish()?;
        Ok(Self { types })
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use crate::message::backend::BackendMessage;
    use crate::message::testing;

    use super::*;

    #[test]
    fn round_trip() {
        for types in [vec![], vec![23, 0, u32::MAX]] {
            testing::backend(&BackendMessage::ParameterDescription(ParameterDescription { types }));
        }
        let most = ParameterDescription { types: vec![23; 65_535] };
        testing::open_backend(&BackendMessage::ParameterDescription(most));
        let many = ParameterDescription { types: vec![23; 65_536] };
        testing::unencodable(|out| many.encode(out), Unencodable::TooMany("parameter types", 65_535));
    }
}
