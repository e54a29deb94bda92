//! Backend messages, written briefly.

use bytes::BytesMut;
use trunkline_core::error::{ServerError, Severity};
use trunkline_core::message::backend::{
    Authentication, BackendKeyData, BackendMessage, BindComplete, CloseComplete, CommandComplete,
    CopyInResponse, CopyOutResponse, DataRow, EmptyQueryResponse, ErrorResponse, FieldDescription, NoData,
    NoticeResponse, NotificationResponse, ParameterDescription, ParameterStatus, ParseComplete,
    ReadyForQuery, RowDescription, TransactionStatus,
};
use trunkline_core::wire::Format;
use trunkline_core::{SqlState, types::Type};

/// The bytes of one message.
pub fn encode(message: &BackendMessage<'_>) -> Vec<u8> {
    let mut out = BytesMut::new();
    message.encode(&mut out).expect("a message of a test can be written");
    out.to_vec()
}

/// A message of any tag and body, its length told rightly.
pub fn raw(tag: u8, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len() + 4).expect("a test's message is short");
    [&[tag][..], &length.to_be_bytes(), body].concat()
}

/// Authentication of any kind.
pub fn authentication(message: Authentication<'_>) -> Vec<u8> {
    encode(&BackendMessage::Authentication(message))
}

/// What a server that trusts everybody answers to a StartupMessage.
pub fn welcome() -> Vec<u8> {
    let mut all = authentication(Authentication::Ok);
    all.extend(parameter("server_version", "18.4"));
    all.extend(parameter("TimeZone", "UTC"));
    all.extend(key(42, &[1, 2, 3, 4]));
    all.extend(ready());
    all
}

/// ParameterStatus.
pub fn parameter(name: &str, value: &str) -> Vec<u8> {
    encode(&BackendMessage::ParameterStatus(ParameterStatus { name, value }))
}

/// BackendKeyData.
pub fn key(process_id: u32, key: &[u8]) -> Vec<u8> {
    encode(&BackendMessage::BackendKeyData(BackendKeyData { process_id, key }))
}

/// ReadyForQuery outside a transaction block.
pub fn ready() -> Vec<u8> {
    ready_in(TransactionStatus::Idle)
}

/// ReadyForQuery.
pub fn ready_in(status: TransactionStatus) -> Vec<u8> {
    encode(&BackendMessage::ReadyForQuery(ReadyForQuery { status }))
}

/// ParseComplete.
pub fn parsed() -> Vec<u8> {
    encode(&BackendMessage::ParseComplete(ParseComplete))
}

/// BindComplete.
pub fn bound() -> Vec<u8> {
    encode(&BackendMessage::BindComplete(BindComplete))
}

/// CloseComplete.
pub fn closed() -> Vec<u8> {
    encode(&BackendMessage::CloseComplete(CloseComplete))
}

/// CommandComplete.
pub fn complete(tag: &str) -> Vec<u8> {
    encode(&BackendMessage::CommandComplete(CommandComplete { tag }))
}

/// EmptyQueryResponse.
pub fn empty() -> Vec<u8> {
    encode(&BackendMessage::EmptyQueryResponse(EmptyQueryResponse))
}

/// NoData.
pub fn no_data() -> Vec<u8> {
    encode(&BackendMessage::NoData(NoData))
}

/// ParameterDescription.
pub fn parameters(types: &[Type]) -> Vec<u8> {
    let types = types.iter().map(Type::oid).collect();
    encode(&BackendMessage::ParameterDescription(ParameterDescription { types }))
}

/// RowDescription: names, types, and one format for all.
pub fn columns(columns: &[(&str, Type)], format: Format) -> Vec<u8> {
    let fields = columns.iter().map(|(name, type_)| field(name, type_, format)).collect();
    encode(&BackendMessage::RowDescription(RowDescription { fields }))
}

/// DataRow.
pub fn row(values: &[Option<&[u8]>]) -> Vec<u8> {
    encode(&BackendMessage::DataRow(DataRow { values: values.to_vec() }))
}

/// ErrorResponse.
pub fn error(code: &str, message: &str) -> Vec<u8> {
    error_of(server_error(Severity::Error, code, message))
}

/// ErrorResponse of severity FATAL.
pub fn fatal(code: &str, message: &str) -> Vec<u8> {
    error_of(server_error(Severity::Fatal, code, message))
}

/// ErrorResponse.
pub fn error_of(error: ServerError) -> Vec<u8> {
    encode(&BackendMessage::ErrorResponse(Box::new(ErrorResponse(error))))
}

/// NoticeResponse.
pub fn notice(message: &str) -> Vec<u8> {
    let notice = server_error(Severity::Notice, "00000", message);
    encode(&BackendMessage::NoticeResponse(Box::new(NoticeResponse(notice))))
}

/// NotificationResponse.
pub fn notification(channel: &str, payload: &str) -> Vec<u8> {
    let message = NotificationResponse { process_id: 7, channel, payload };
    encode(&BackendMessage::NotificationResponse(message))
}

/// CopyInResponse, in text.
pub fn copy_in() -> Vec<u8> {
    let message = CopyInResponse { format: Format::Text, columns: vec![Format::Text] };
    encode(&BackendMessage::CopyInResponse(message))
}

/// CopyOutResponse, in text.
pub fn copy_out() -> Vec<u8> {
    let message = CopyOutResponse { format: Format::Text, columns: vec![Format::Text] };
    encode(&BackendMessage::CopyOutResponse(message))
}

/// An error with its three fields that always come.
pub fn server_error(severity: Severity, code: &str, message: &str) -> ServerError {
    let code = code.as_bytes().try_into().ok().and_then(SqlState::from_bytes);
    ServerError::new(severity, code.expect("a SQLSTATE has five letters and digits"), message)
}

fn field<'a>(name: &'a str, type_: &Type, format: Format) -> FieldDescription<'a> {
    FieldDescription {
        name,
        table: 0,
        attribute: 0,
        type_oid: type_.oid(),
        type_size: -1,
        modifier: -1,
        format,
    }
}
