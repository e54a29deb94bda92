use alloc::vec::Vec;

use bytes::BytesMut;

use super::copy_formats;
use crate::wire::{Format, Malformed, Unencodable};

/// CopyBothResponse: data goes both ways from here on; only replication does this.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CopyBothResponse {
    /// The format of the whole: text (which CSV is, too) or binary.
    pub format: Format,
    /// The format of each column; all are text where the whole is.
    pub columns: Vec<Format>,
}

impl CopyBothResponse {
    /// The message's type byte.
    pub const TAG: u8 = b'W';

    /// Appends the whole message; fails on more than 65,535 columns.
    pub fn encode(&self, out: &mut BytesMut) -> Result<(), Unencodable> {
        copy_formats::encode(Self::TAG, out, self.format, &self.columns)
    }

    /// Reads a body.
    pub fn decode(body: &[u8]) -> Result<Self, Malformed> {
        let (format, columns) = copy_formats::decode(body)?;
        Ok(Self { format, columns })
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
        for format in [Format::Text, Format::Binary] {
            for columns in [vec![], vec![format; 3]] {
                testing::backend(&BackendMessage::CopyBothResponse(CopyBothResponse { format, columns }));
            }
        }
    }
}
