use crate::message::unit::unit_message;

unit_message! {
    /// Flush: asks for what the server has ready, without ending the implicit transaction as Sync does.
    Flush, b'H'
}

#[cfg(test)]
mod tests {
    use crate::message::frontend::FrontendMessage;
    use crate::message::testing;

    use super::*;

    #[test]
    fn round_trip() {
        testing::frontend(&FrontendMessage::Flush(Flush));
    }
}
