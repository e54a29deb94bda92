use bytes::BytesMut;

use super::fields;
use crate::error::{ServerError, Severity};
use crate::wire::{Malformed, Unencodable};

/// NoticeResponse: a warning or message that changes nothing. May come at any time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeResponse(pub ServerError);

impl NoticeResponse {
    /// The message's type byte.
    pub const TAG: u8 = b'N';

    /// Appends the whole message; fails on a NUL in a text.
    ///
    /// The statement that a client adds to it is no field of the protocol and is not written.
    pub fn encode(&self, out: &mut BytesMut) -> Result<(), Unencodable> {
        fields::encode(Self::TAG, out, &self.0)
    }

    /// Reads a body. Whatever its fields hold, as long as they end, gives a notice: XX000 stands for a code that is
    /// missing, U+FFFD for what is not UTF-8, and fields that are not known are passed over.
    pub fn decode(body: &[u8]) -> Result<Self, Malformed> {
        fields::decode(body, Severity::Notice).map(Self)
    }
}
