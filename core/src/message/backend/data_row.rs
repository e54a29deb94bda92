use alloc::vec::Vec;

use bytes::BytesMut;

use crate::message::parts;
use crate::wire::{Malformed, Reader, Unencodable, Writer};

/// DataRow: one row of a result.
///
/// For tests and proxies: a client reads runs of rows at once, without a list for each.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DataRow<'a> {
    /// The fields; `None` for NULL.
    pub values: Vec<Option<&'a [u8]>>,
}

impl<'a> DataRow<'a> {
    /// The message's type byte.
    pub const TAG: u8 = b'D';

    /// Appends the whole message; fails on more than 65,535 fields.
    pub fn encode(&self, out: &mut BytesMut) -> Result<(), Unencodable> {
        Writer::message(Self::TAG, out, |w| {
            w.count(self.values.len(), "fields")?;
            for value in &self.values {
                parts::write_value(w, *value)?;
            }
            Ok(())
        })
    }

    /// Reads a body.
    pub fn decode(body: &'a [u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(body);
        let values = parts::values(&mut reader)?;
        reader.finish()?;
        Ok(Self { values })
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
        for values in [vec![], vec![None], vec![Some(&b"1"[..]), None, Some(b""), Some(b"\0\xff")]] {
            testing::backend(&BackendMessage::DataRow(DataRow { values }));
        }
        testing::open_backend(&BackendMessage::DataRow(DataRow { values: vec![None; 65_535] }));
        let many = DataRow { values: vec![None; 65_536] };
        testing::unencodable(|out| many.encode(out), Unencodable::TooMany("fields", 65_535));
    }

    #[test]
    fn a_length_below_null_is_refused() {
        assert_eq!(DataRow::decode(b"\0\x01\xff\xff\xff\xfe"), Err(Malformed::InvalidLength));
    }
}
