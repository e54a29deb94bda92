use crate::message::unit::unit_message;

unit_message! {
    /// EmptyQueryResponse: comes instead of CommandComplete when there was nothing to run.
    EmptyQueryResponse, b'I'
}

#[cfg(test)]
mod tests {
    use crate::message::backend::BackendMessage;
    use crate::message::testing;

    use super::*;

    #[test]
    fn round_trip() {
        testing::backend(&BackendMessage::EmptyQueryResponse(EmptyQueryResponse));
    }
}
