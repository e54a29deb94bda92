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

#[cfg(test)]
mod tests {
    use alloc::boxed::Box;

    use crate::error::SqlState;
    use crate::message::backend::BackendMessage;
    use crate::message::testing;

    use super::*;

    fn full(severity: Severity) -> ServerError {
        let mut error = ServerError::new(severity, SqlState::known(b"23505"), "duplicate key — é");
        error.detail = Some("Key (id)=(1) already exists.".into());
        error.hint = Some("".into());
        error.position = Some(1);
        error.internal_position = Some(u32::MAX);
        error.internal_query = Some("select 1".into());
        error.context = Some("line 1\nline 2".into());
        error.schema = Some("public".into());
        error.table = Some("users".into());
        error.column = Some("id".into());
        error.data_type = Some("int4".into());
        error.constraint = Some("users_pkey".into());
        error.file = Some("nbtinsert.c".into());
        error.line = Some(666);
        error.routine = Some("_bt_check_unique".into());
        error
    }

    #[test]
    fn round_trip() {
        for severity in [
            Severity::Error,
            Severity::Fatal,
            Severity::Panic,
            Severity::Warning,
            Severity::Notice,
            Severity::Debug,
            Severity::Info,
            Severity::Log,
        ] {
            let bare = ServerError::new(severity, SqlState::known(b"00000"), "");
            for error in [bare, full(severity)] {
                testing::backend(&BackendMessage::NoticeResponse(Box::new(NoticeResponse(error))));
            }
        }
    }

    #[test]
    fn a_nul_is_refused() {
        let mut error = full(Severity::Notice);
        error.detail = Some("\0".into());
        let problem = Unencodable::ContainsNul("a field of an error or notice");
        testing::unencodable(|out| NoticeResponse(error).encode(out), problem);
    }
}
