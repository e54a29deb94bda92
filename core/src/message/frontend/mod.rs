//! What a client sends.

mod authentication_response;
mod bind;
mod cancel_request;
mod close;
mod copy_fail;
mod describe;
mod execute;
mod flush;
mod function_call;
mod gss_response;
mod gssenc_request;
mod parse;
mod password_message;
mod query;
mod sasl_initial_response;
mod sasl_response;
mod ssl_request;
mod startup_message;
mod startup_packet;
mod sync;
mod target;
mod terminate;

use bytes::BytesMut;

pub use authentication_response::AuthenticationResponse;
pub use bind::Bind;
pub use cancel_request::CancelRequest;
pub use close::Close;
pub use copy_fail::CopyFail;
pub use describe::Describe;
pub use execute::Execute;
pub use flush::Flush;
pub use function_call::FunctionCall;
pub use gss_response::GssResponse;
pub use gssenc_request::GssEncRequest;
pub use parse::Parse;
pub use password_message::PasswordMessage;
pub use query::Query;
pub use sasl_initial_response::SaslInitialResponse;
pub use sasl_response::SaslResponse;
pub use ssl_request::SslRequest;
pub use startup_message::StartupMessage;
pub use startup_packet::StartupPacket;
pub use sync::Sync;
pub use target::Target;
pub use terminate::Terminate;

pub use super::copy_data::CopyData;
pub use super::copy_done::CopyDone;
use crate::wire::{Frame, Malformed, Unencodable};

/// Any message of a client that has a tag. [`StartupPacket`] holds those that have none.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
#[expect(missing_docs, reason = "each variant is the message of its name")]
pub enum FrontendMessage<'a> {
    Bind(Bind<'a>),
    Close(Close<'a>),
    CopyData(CopyData<'a>),
    CopyDone(CopyDone),
    CopyFail(CopyFail<'a>),
    Describe(Describe<'a>),
    Execute(Execute<'a>),
    Flush(Flush),
    FunctionCall(FunctionCall<'a>),
    Parse(Parse<'a>),
    /// PasswordMessage, SASLInitialResponse, SASLResponse or GSSResponse, which share a tag.
    Password(AuthenticationResponse<'a>),
    Query(Query<'a>),
    Sync(Sync),
    Terminate(Terminate),
}

impl<'a> FrontendMessage<'a> {
    /// Appends the whole message; fails as its kind does.
    pub fn encode(&self, out: &mut BytesMut) -> Result<(), Unencodable> {
        match self {
            Self::Bind(message) => message.encode(out),
            Self::Close(message) => message.encode(out),
            Self::CopyData(message) => message.encode(out),
            Self::CopyDone(message) => message.encode(out),
            Self::CopyFail(message) => message.encode(out),
            Self::Describe(message) => message.encode(out),
            Self::Execute(message) => message.encode(out),
            Self::Flush(message) => message.encode(out),
            Self::FunctionCall(message) => message.encode(out),
            Self::Parse(message) => message.encode(out),
            Self::Password(message) => message.encode(out),
            Self::Query(message) => message.encode(out),
            Self::Sync(message) => message.encode(out),
            Self::Terminate(message) => message.encode(out),
        }
    }

    /// Reads a message by its tag.
    pub fn decode(frame: Frame<'a>) -> Result<Self, Malformed> {
        let body = frame.body;
        match frame.tag {
            Bind::TAG => Bind::decode(body).map(Self::Bind),
            Close::TAG => Close::decode(body).map(Self::Close),
            CopyData::TAG => CopyData::decode(body).map(Self::CopyData),
            CopyDone::TAG => CopyDone::decode(body).map(Self::CopyDone),
            CopyFail::TAG => CopyFail::decode(body).map(Self::CopyFail),
            Describe::TAG => Describe::decode(body).map(Self::Describe),
            Execute::TAG => Execute::decode(body).map(Self::Execute),
            Flush::TAG => Flush::decode(body).map(Self::Flush),
            FunctionCall::TAG => FunctionCall::decode(body).map(Self::FunctionCall),
            Parse::TAG => Parse::decode(body).map(Self::Parse),
            AuthenticationResponse::TAG => AuthenticationResponse::decode(body).map(Self::Password),
            Query::TAG => Query::decode(body).map(Self::Query),
            Sync::TAG => Sync::decode(body).map(Self::Sync),
            Terminate::TAG => Terminate::decode(body).map(Self::Terminate),
            _ => Err(Malformed::Unknown("message type")),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::message::testing;

    use super::*;

    #[test]
    fn a_tag_that_is_not_known_is_refused() {
        let known: alloc::vec::Vec<u8> = (0..=u8::MAX)
            .filter(|&tag| {
                FrontendMessage::decode(Frame { tag, body: b"" }) != Err(Malformed::Unknown("message type"))
            })
            .collect();
        assert_eq!(known, b"BCDEFHPQSXcdfp");
    }

    proptest! {
        #[test]
        fn whatever_comes_is_read_or_refused(
            tag in prop::sample::select(&b"BCDEFHPQSXcdfp"[..]),
            body in testing::bytes(),
        ) {
            if let Ok(message) = FrontendMessage::decode(Frame { tag, body: &body }) {
                prop_assert_eq!(testing::open_frontend(&message), (tag, body.clone()));
            }
        }
    }
}
