use bytes::BytesMut;

use crate::wire::{Malformed, Reader, Unencodable, Writer};

/// NotificationResponse: somebody has notified a channel that this session listens to. May come at any time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct NotificationResponse<'a> {
    /// The process id of the backend that notified.
    pub process_id: u32,
    /// The channel.
    pub channel: &'a str,
    /// What was said; may be empty.
    pub payload: &'a str,
}

impl<'a> NotificationResponse<'a> {
    /// The message's type byte.
    pub const TAG: u8 = b'A';

    /// Appends the whole message; fails on a NUL in the channel or payload.
    pub fn encode(&self, out: &mut BytesMut) -> Result<(), Unencodable> {
        Writer::message(Self::TAG, out, |w| {
            w.u32(self.process_id);
            w.cstr(self.channel, "a channel name")?;
            w.cstr(self.payload, "the payload of a notification")
        })
    }

    /// Reads a body.
    pub fn decode(body: &'a [u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(body);
        let process_id = reader.u32()?;
        let channel = reader.cstr()?;
        let payload = reader.cstr()?;
        reader.finish()?;
        Ok(Self { process_id, channel, payload })
    }
}

#[cfg(test)]
mod tests {
    use crate::message::backend::BackendMessage;
    use crate::message::testing;

    use super::*;

    #[test]
    fn round_trip() {
        for (process_id, channel, payload) in [(0, "", ""), (u32::MAX, "jobs", "{\"id\": 1} é")] {
            let message = NotificationResponse { process_id, channel, payload };
            testing::backend(&BackendMessage::NotificationResponse(message));
        }
        let channel = NotificationResponse { process_id: 0, channel: "\0", payload: "" };
        testing::unencodable(|out| channel.encode(out), Unencodable::ContainsNul("a channel name"));
        let payload = NotificationResponse { process_id: 0, channel: "a", payload: "\0" };
        let problem = Unencodable::ContainsNul("the payload of a notification");
        testing::unencodable(|out| payload.encode(out), problem);
    }
}
