use crate::message::unit::unit_message;

unit_message! {
    /// NoData: comes instead of RowDescription when no rows can come.
    NoData, b'n'
}

#[cfg(test)]
mod tests {
    use crate::message::backend::BackendMessage;
    use crate::message::testing;

    use super::*;

    #[test]
    fn round_trip() {
        testing::backend(&BackendMessage::NoData(NoData));
    }
}
