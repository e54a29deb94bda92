use bytes::BytesMut;

use super::TransactionStatus;
use crate::wire::{Malformed, Reader, Unencodable, Writer};

/// ReadyForQuery: the cycle that a Sync or Query asked for is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ReadyForQuery {
    /// Where the session now stands.
    pub status: TransactionStatus,
}

impl ReadyForQuery {
    /// The message's type byte.
    pub const TAG: u8 = b'Z';

    /// Appends the whole message; has no reason to fail.
    pub fn encode(&self, out: &mut BytesMut) -> Result<(), Unencodable> {
        Writer::message(Self::TAG, out, |w| {
            w.u8(self.status.byte());
            Ok(())
        })
    }

    /// Reads a body.
    pub fn decode(body: &[u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(body);
        let status = TransactionStatus::from_byte(reader.u8()?);
        reader.finish()?;
        let status = status.ok_or(Malformed::Unknown("the transaction status"))?;
        Ok(Self { status })
    }
}

#[cfg(test)]
mod tests {
    use crate::message::backend::BackendMessage;
    use crate::message::testing;

    use super::*;

    #[test]
    fn round_trip() {
        for status in [TransactionStatus::Idle, TransactionStatus::InBlock, TransactionStatus::Failed] {
            testing::backend(&BackendMessage::ReadyForQuery(ReadyForQuery { status }));
        }
        assert_eq!(ReadyForQuery::decode(b"X"), Err(Malformed::Unknown("the transaction status")));
    }
}
