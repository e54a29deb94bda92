use bytes::BytesMut;

use super::{CancelRequest, GssEncRequest, SslRequest, StartupMessage};
use crate::wire::{Malformed, Reader, Unencodable};

/// What a connection can begin with: the messages that have no tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StartupPacket<'a> {
    /// StartupMessage.
    Startup(StartupMessage<'a>),
    /// SSLRequest.
    SslRequest(SslRequest),
    /// GSSENCRequest.
    GssEncRequest(GssEncRequest),
    /// CancelRequest.
    Cancel(CancelRequest<'a>),
}

impl<'a> StartupPacket<'a> {
    /// Appends the whole packet; fails as its kind does.
    pub fn encode(&self, out: &mut BytesMut) -> Result<(), Unencodable> {
        match self {
            Self::Startup(message) => message.encode(out),
            Self::SslRequest(request) => request.encode(out),
            Self::GssEncRequest(request) => request.encode(out),
            Self::Cancel(request) => request.encode(out),
        }
    }

    /// Reads what follows the length, by the version or request code that it begins with.
    pub fn decode(body: &'a [u8]) -> Result<Self, Malformed> {
        match Reader::new(body).u32()? {
            SslRequest::CODE => SslRequest::decode(body).map(Self::SslRequest),
            GssEncRequest::CODE => GssEncRequest::decode(body).map(Self::GssEncRequest),
            CancelRequest::CODE => CancelRequest::decode(body).map(Self::Cancel),
            code if code >> 16 == REQUESTS => Err(Malformed::Unknown("a request code")),
            _ => StartupMessage::decode(body).map(Self::Startup),
        }
    }
}

/// The major version that is kept for requests, and never for a protocol.
const REQUESTS: u32 = 1234;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::message::testing;

    #[test]
    fn a_request_that_is_not_known_is_no_version() {
        let unknown = 80_877_105_u32.to_be_bytes();
        assert_eq!(StartupPacket::decode(&unknown), Err(Malformed::Unknown("a request code")));
    }

    proptest! {
        #[test]
        fn whatever_comes_is_read_or_refused(
            code in prop_oneof![80_877_101..80_877_106_u32, 0x0003_0000..0x0003_0003_u32, any::<u32>()],
            rest in testing::bytes(),
        ) {
            let body = [&code.to_be_bytes()[..], &rest].concat();
            if let Ok(packet) = StartupPacket::decode(&body) {
                prop_assert_eq!(testing::open_startup(&packet), body);
            }
        }
    }
}
