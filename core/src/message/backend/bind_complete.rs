use crate::message::unit::unit_message;

unit_message! {
    /// BindComplete: the portal is there.
    BindComplete, b'2'
}

#[cfg(test)]
mod tests {
    use crate::message::backend::BackendMessage;
    use crate::message::testing;

    use super::*;

    #[test]
    fn round_trip() {
        testing::backend(&BackendMessage::BindComplete(BindComplete));
    }
}
