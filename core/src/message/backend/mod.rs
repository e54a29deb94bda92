//! What a server sends.

mod authentication;
mod backend_key_data;
mod bind_complete;
mod close_complete;
mod command_complete;
mod copy_both_response;
mod copy_formats;
mod copy_in_response;
mod copy_out_response;
mod data_row;
mod empty_query_response;
mod error_response;
mod fields;
mod function_call_response;
mod negotiate_protocol_version;
mod no_data;
mod notice_response;
mod notification_response;
mod parameter_description;
mod parameter_status;
mod parse_complete;
mod portal_suspended;
mod ready_for_query;
mod row_description;
mod transaction_status;

use alloc::boxed::Box;

use bytes::BytesMut;

pub use authentication::Authentication;
pub use backend_key_data::BackendKeyData;
pub use bind_complete::BindComplete;
pub use close_complete::CloseComplete;
pub use command_complete::CommandComplete;
pub use copy_both_response::CopyBothResponse;
pub use copy_in_response::CopyInResponse;
pub use copy_out_response::CopyOutResponse;
pub use data_row::DataRow;
pub use empty_query_response::EmptyQueryResponse;
pub use error_response::ErrorResponse;
pub use function_call_response::FunctionCallResponse;
pub use negotiate_protocol_version::NegotiateProtocolVersion;
pub use no_data::NoData;
pub use notice_response::NoticeResponse;
pub use notification_response::NotificationResponse;
pub use parameter_description::ParameterDescription;
pub use parameter_status::ParameterStatus;
pub use parse_complete::ParseComplete;
pub use portal_suspended::PortalSuspended;
pub use ready_for_query::ReadyForQuery;
pub use row_description::{FieldDescription, RowDescription};
pub use transaction_status::TransactionStatus;

pub use super::copy_data::CopyData;
pub use super::copy_done::CopyDone;
use crate::wire::{Frame, Malformed, Unencodable};

/// Any message of a server.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
#[expect(missing_docs, reason = "each variant is the message of its name")]
pub enum BackendMessage<'a> {
    Authentication(Authentication<'a>),
    BackendKeyData(BackendKeyData<'a>),
    BindComplete(BindComplete),
    CloseComplete(CloseComplete),
    CommandComplete(CommandComplete<'a>),
    CopyBothResponse(CopyBothResponse),
    CopyData(CopyData<'a>),
    CopyDone(CopyDone),
    CopyInResponse(CopyInResponse),
    CopyOutResponse(CopyOutResponse),
    DataRow(DataRow<'a>),
    EmptyQueryResponse(EmptyQueryResponse),
    ErrorResponse(Box<ErrorResponse>),
    FunctionCallResponse(FunctionCallResponse<'a>),
    NegotiateProtocolVersion(NegotiateProtocolVersion<'a>),
    NoData(NoData),
    NoticeResponse(Box<NoticeResponse>),
    NotificationResponse(NotificationResponse<'a>),
    ParameterDescription(ParameterDescription),
    ParameterStatus(ParameterStatus<'a>),
    ParseComplete(ParseComplete),
    PortalSuspended(PortalSuspended),
    ReadyForQuery(ReadyForQuery),
    RowDescription(RowDescription<'a>),
}

impl<'a> BackendMessage<'a> {
    /// Appends the whole message; fails as its kind does.
    pub fn encode(&self, out: &mut BytesMut) -> Result<(), Unencodable> {
        match self {
            Self::Authentication(message) => message.encode(out),
            Self::BackendKeyData(message) => message.encode(out),
            Self::BindComplete(message) => message.encode(out),
            Self::CloseComplete(message) => message.encode(out),
            Self::CommandComplete(message) => message.encode(out),
            Self::CopyBothResponse(message) => message.encode(out),
            Self::CopyData(message) => message.encode(out),
            Self::CopyDone(message) => message.encode(out),
            Self::CopyInResponse(message) => message.encode(out),
            Self::CopyOutResponse(message) => message.encode(out),
            Self::DataRow(message) => message.encode(out),
            Self::EmptyQueryResponse(message) => message.encode(out),
            Self::ErrorResponse(message) => message.encode(out),
            Self::FunctionCallResponse(message) => message.encode(out),
            Self::NegotiateProtocolVersion(message) => message.encode(out),
            Self::NoData(message) => message.encode(out),
            Self::NoticeResponse(message) => message.encode(out),
            Self::NotificationResponse(message) => message.encode(out),
            Self::ParameterDescription(message) => message.encode(out),
            Self::ParameterStatus(message) => message.encode(out),
            Self::ParseComplete(message) => message.encode(out),
            Self::PortalSuspended(message) => message.encode(out),
            Self::ReadyForQuery(message) => message.encode(out),
            Self::RowDescription(message) => message.encode(out),
        }
    }

    /// Reads a message by its tag.
    pub fn decode(frame: Frame<'a>) -> Result<Self, Malformed> {
        let body = frame.body;
        match frame.tag {
            Authentication::TAG => Authentication::decode(body).map(Self::Authentication),
            BackendKeyData::TAG => BackendKeyData::decode(body).map(Self::BackendKeyData),
            BindComplete::TAG => BindComplete::decode(body).map(Self::BindComplete),
            CloseComplete::TAG => CloseComplete::decode(body).map(Self::CloseComplete),
            CommandComplete::TAG => CommandComplete::decode(body).map(Self::CommandComplete),
            CopyBothResponse::TAG => CopyBothResponse::decode(body).map(Self::CopyBothResponse),
            CopyData::TAG => CopyData::decode(body).map(Self::CopyData),
            CopyDone::TAG => CopyDone::decode(body).map(Self::CopyDone),
            CopyInResponse::TAG => CopyInResponse::decode(body).map(Self::CopyInResponse),
            CopyOutResponse::TAG => CopyOutResponse::decode(body).map(Self::CopyOutResponse),
            DataRow::TAG => DataRow::decode(body).map(Self::DataRow),
            EmptyQueryResponse::TAG => EmptyQueryResponse::decode(body).map(Self::EmptyQueryResponse),
            ErrorResponse::TAG => {
                ErrorResponse::decode(body).map(|message| Self::ErrorResponse(Box::new(message)))
            }
            FunctionCallResponse::TAG => FunctionCallResponse::decode(body).map(Self::FunctionCallResponse),
            NegotiateProtocolVersion::TAG => {
                NegotiateProtocolVersion::decode(body).map(Self::NegotiateProtocolVersion)
            }
            NoData::TAG => NoData::decode(body).map(Self::NoData),
            NoticeResponse::TAG => {
                NoticeResponse::decode(body).map(|message| Self::NoticeResponse(Box::new(message)))
            }
            NotificationResponse::TAG => NotificationResponse::decode(body).map(Self::NotificationResponse),
            ParameterDescription::TAG => ParameterDescription::decode(body).map(Self::ParameterDescription),
            ParameterStatus::TAG => ParameterStatus::decode(body).map(Self::ParameterStatus),
            ParseComplete::TAG => ParseComplete::decode(body).map(Self::ParseComplete),
            PortalSuspended::TAG => PortalSuspended::decode(body).map(Self::PortalSuspended),
            ReadyForQuery::TAG => ReadyForQuery::decode(body).map(Self::ReadyForQuery),
            RowDescription::TAG => RowDescription::decode(body).map(Self::RowDescription),
            _ => Err(Malformed::Unknown("message type")),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::message::testing;

    use super::*;

    proptest! {
        #[test]
        fn whatever_comes_is_read_or_refused(
            tag in prop::sample::select(&b"RK23CdcGHWDIEVvnNAtS1sZT?"[..]),
            body in testing::bytes(),
        ) {
            if let Ok(message) = BackendMessage::decode(Frame { tag, body: &body }) {
                let (tag_again, body_again) = testing::open_backend(&message);
                prop_assert_eq!(tag_again, tag);
                // Errors and unknown kinds of authentication are read leniently, all else is exact.
                if !b"ENR".contains(&tag) {
                    prop_assert_eq!(body_again, body);
                }
            }
        }
    }
}
