use crate::message::unit::unit_message;

unit_message! {
    /// CloseComplete: the statement or portal is gone, or never was.
    CloseComplete, b'3'
}

#[cfg(test)]
mod tests {
    use crate::message::backend::BackendMessage;
    use crate::message::testing;

    use super::*;

    #[test]
    fn round_trip() {
        testing::backend(&BackendMessage::CloseComplete(CloseComplete));
    }
}
