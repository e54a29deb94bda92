use crate::message::unit::unit_message;

unit_message! {
    /// PortalSuspended: Execute's row limit was reached and there may be more; ends it as CommandComplete would.
    PortalSuspended, b's'
}

#[cfg(test)]
mod tests {
    use crate::message::backend::BackendMessage;
    use crate::message::testing;

    use super::*;

    #[test]
    fn round_trip() {
        testing::backend(&BackendMessage::PortalSuspended(PortalSuspended));
    }
}
