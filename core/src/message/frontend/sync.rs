use crate::message::unit::unit_message;

unit_message! {
    /// Sync: ends an extended query, and its implicit transaction; after an error, what the server skips to.
    ///
    /// A Sync that comes while the server waits for COPY data is swallowed: no ReadyForQuery answers it.
    Sync, b'S'
}

#[cfg(test)]
mod tests {
    use crate::message::frontend::FrontendMessage;
    use crate::message::testing;

    use super::*;

    #[test]
    fn round_trip() {
        testing::frontend(&FrontendMessage::Sync(Sync));
    }
}
