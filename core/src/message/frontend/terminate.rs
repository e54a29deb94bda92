use crate::message::unit::unit_message;

unit_message! {
    /// Terminate: the client is leaving; no answer comes.
    Terminate, b'X'
}

#[cfg(test)]
mod tests {
    use crate::message::frontend::FrontendMessage;
    use crate::message::testing;

    use super::*;

    #[test]
    fn round_trip() {
        testing::frontend(&FrontendMessage::Terminate(Terminate));
    }
}
