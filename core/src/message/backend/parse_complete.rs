use crate::message::unit::unit_message;

unit_message! {
    /// ParseComplete: the prepared statement is there.
    ParseComplete, b'1'
}

#[cfg(test)]
mod tests {
    use crate::message::backend::BackendMessage;
    use crate::message::testing;

    use super::*;

    #[test]
    fn round_trip() {
        testing::backend(&BackendMessage::ParseComplete(ParseComplete));
    }
}
