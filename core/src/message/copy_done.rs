use super::unit::unit_message;

unit_message! {
    /// CopyDone: the COPY's data is complete, in either direction.
    CopyDone, b'c'
}

#[cfg(test)]
mod tests {
    use crate::message::backend::BackendMessage;
    use crate::message::frontend::FrontendMessage;
    use crate::message::testing;

    use super::*;

    #[test]
    fn round_trip() {
        testing::frontend(&FrontendMessage::CopyDone(CopyDone));
        testing::backend(&BackendMessage::CopyDone(CopyDone));
    }
}
