use alloc::boxed::Box;
use alloc::string::{String, ToString};

use bytes::BytesMut;

use crate::error::{ServerError, Severity, SqlState};
use crate::wire::{Malformed, Reader, Unencodable, Writer};

/// Appends an ErrorResponse or NoticeResponse, which differ in nothing but their tag.
///
/// `error.statement` is no field of the protocol and is not written.
pub(super) fn encode(tag: u8, out: &mut BytesMut, error: &ServerError) -> Result<(), Unencodable> {
    Writer::message(tag, out, |w| {
        let mut field = |code: u8, text: Option<&str>| match text {
            Some(text) => {
                w.u8(code);
                w.cstr(text, "a field of an error or notice")
            }
            None => Ok(()),
        };
        let number = |number: Option<u32>| number.map(|number| number.to_string());
        field(b'S', Some(error.severity.as_str()))?;
        field(b'V', Some(error.severity.as_str()))?;
        field(b'C', Some(error.code.as_str()))?;
        field(b'M', Some(&error.message))?;
        field(b'D', error.detail.as_deref())?;
        field(b'H', error.hint.as_deref())?;
        field(b'P', number(error.position).as_deref())?;
        field(b'p', number(error.internal_position).as_deref())?;
        field(b'q', error.internal_query.as_deref())?;
        field(b'W', error.context.as_deref())?;
        field(b's', error.schema.as_deref())?;
        field(b't', error.table.as_deref())?;
        field(b'c', error.column.as_deref())?;
        field(b'd', error.data_type.as_deref())?;
        field(b'n', error.constraint.as_deref())?;
        field(b'F', error.file.as_deref())?;
        field(b'L', number(error.line).as_deref())?;
        field(b'R', error.routine.as_deref())?;
        w.u8(0);
        Ok(())
    })
}

/// Reads the body of one of them.
///
/// An error must get through whatever its fields hold: only a body whose fields do not end is malformed.
/// `severity` is for one that has none, or only one in the server's own language (before PostgreSQL 9.6).
/// Texts may not be UTF-8, for the server fails before it knows the client's encoding, too.
pub(super) fn decode(body: &[u8], severity: Severity) -> Result<ServerError, Malformed> {
    let mut reader = Reader::new(body);
    let mut error = ServerError::new(severity, SqlState::known(b"XX000"), "");
    let mut untranslated = false;
    loop {
        let code = reader.u8()?;
        if code == 0 {
            break;
        }
        let value = reader.cstr_bytes()?;
        match code {
            b'V' => {
                if let Some(severity) = parsed_severity(value) {
                    error.severity = severity;
                    untranslated = true;
                }
            }
            b'S' if !untranslated => error.severity = parsed_severity(value).unwrap_or(error.severity),
            b'C' => error.code = sqlstate(value).unwrap_or(error.code),
            b'M' => error.message = text(value),
            b'D' => error.detail = Some(text(value)),
            b'H' => error.hint = Some(text(value)),
            b'P' => error.position = number(value),
            b'p' => error.internal_position = number(value),
            b'q' => error.internal_query = Some(text(value)),
            b'W' => error.context = Some(text(value)),
            b's' => error.schema = Some(text(value)),
            b't' => error.table = Some(text(value)),
            b'c' => error.column = Some(text(value)),
            b'd' => error.data_type = Some(text(value)),
            b'n' => error.constraint = Some(text(value)),
            b'F' => error.file = Some(text(value)),
            b'L' => error.line = number(value),
            b'R' => error.routine = Some(text(value)),
            // The protocol asks clients to pass over fields that they do not know.
            _ => {}
        }
    }
    reader.finish()?;
    Ok(error)
}

fn parsed_severity(value: &[u8]) -> Option<Severity> {
    Severity::from_name(core::str::from_utf8(value).ok()?)
}

fn sqlstate(value: &[u8]) -> Option<SqlState> {
    SqlState::from_bytes(value.try_into().ok()?)
}

fn text(value: &[u8]) -> Box<str> {
    String::from_utf8_lossy(value).into()
}

fn number(value: &[u8]) -> Option<u32> {
    core::str::from_utf8(value).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::backend::{BackendMessage, ErrorResponse, NoticeResponse};
    use crate::message::testing;

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
                let (error, notice) = (ErrorResponse(error.clone()), NoticeResponse(error));
                testing::backend(&BackendMessage::ErrorResponse(Box::new(error)));
                testing::backend(&BackendMessage::NoticeResponse(Box::new(notice)));
            }
        }
    }

    #[test]
    fn a_nul_is_refused() {
        let mut error = full(Severity::Error);
        error.detail = Some("\0".into());
        let problem = Unencodable::ContainsNul("a field of an error or notice");
        testing::unencodable(|out| encode(ErrorResponse::TAG, out, &error), problem);
    }

    fn error(body: &[u8]) -> ServerError {
        decode(body, Severity::Error).unwrap()
    }

    #[test]
    fn severity_is_the_untranslated_one_in_any_order() {
        assert_eq!(error(b"SFEHLER\0VFATAL\0\0").severity, Severity::Fatal);
        assert_eq!(error(b"VFATAL\0SERROR\0\0").severity, Severity::Fatal);
        assert_eq!(error(b"SPANIC\0\0").severity, Severity::Panic);
        assert_eq!(error(b"SFATAL\0Vwhat\0\0").severity, Severity::Fatal);
        assert_eq!(error(b"SFEHLER\0\0").severity, Severity::Error);
        assert_eq!(decode(b"SHINWEIS\0\0", Severity::Notice).unwrap().severity, Severity::Notice);
    }

    #[test]
    fn an_error_gets_through_whatever_its_fields_hold() {
        assert_eq!(error(b"\0"), ServerError::new(Severity::Error, SqlState::known(b"XX000"), ""));
        let odd = error(b"C42\0Mno\xff\0P-1\0pfour\0L99999999999\0Zwhat\0\0");
        assert_eq!(odd.code.as_str(), "XX000");
        assert_eq!(&*odd.message, "no\u{fffd}");
        assert_eq!((odd.position, odd.internal_position, odd.line), (None, None, None));
        assert_eq!(error(b"C4\xff601\0\0").code.as_str(), "XX000");
    }

    #[test]
    fn fields_that_do_not_end_are_malformed() {
        assert_eq!(decode(b"", Severity::Error), Err(Malformed::Truncated));
        assert_eq!(decode(b"Mtext", Severity::Error), Err(Malformed::Unterminated));
        assert_eq!(decode(b"Mtext\0", Severity::Error), Err(Malformed::Truncated));
        assert_eq!(decode(b"Mtext\0\0x", Severity::Error), Err(Malformed::TrailingBytes));
    }
}
