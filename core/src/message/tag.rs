//! The names of message tags, for error messages.

/// The official name of the backend message with this type byte.
pub const fn name(tag: u8) -> Option<&'static str> {
    Some(match tag {
        b'R' => "Authentication",
        b'K' => "BackendKeyData",
        b'2' => "BindComplete",
        b'3' => "CloseComplete",
        b'C' => "CommandComplete",
        b'd' => "CopyData",
        b'c' => "CopyDone",
        b'G' => "CopyInResponse",
        b'H' => "CopyOutResponse",
        b'W' => "CopyBothResponse",
        b'D' => "DataRow",
        b'I' => "EmptyQueryResponse",
        b'E' => "ErrorResponse",
        b'V' => "FunctionCallResponse",
        b'v' => "NegotiateProtocolVersion",
        b'n' => "NoData",
        b'N' => "NoticeResponse",
        b'A' => "NotificationResponse",
        b't' => "ParameterDescription",
        b'S' => "ParameterStatus",
        b'1' => "ParseComplete",
        b's' => "PortalSuspended",
        b'Z' => "ReadyForQuery",
        b'T' => "RowDescription",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use crate::message::backend::BackendMessage;
    use crate::wire::{Frame, Malformed};

    use super::name;

    #[test]
    fn exactly_the_tags_that_are_decoded_have_a_name() {
        for tag in 0..=u8::MAX {
            let decoded = BackendMessage::decode(Frame { tag, body: b"" });
            let known = decoded != Err(Malformed::Unknown("message type"));
            assert_eq!(name(tag).is_some(), known, "{tag}");
        }
    }
}
