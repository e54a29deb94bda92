use alloc::vec::Vec;

use bytes::BytesMut;

use crate::wire::{Malformed, Reader, Unencodable, Writer};

/// StartupMessage: the protocol version that the client asks for, and the session's first parameters.
///
/// It has no tag, and comes before anything but encryption.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StartupMessage<'a> {
    /// The protocol version: the major number in the high 16 bits, the minor in the low ones.
    pub version: u32,
    /// Names and values: `user` (required), `database`, `options`, `replication`, any run-time parameter, and
    /// protocol extensions (`_pq_.…`).
    pub parameters: Vec<(&'a str, &'a str)>,
}

impl<'a> StartupMessage<'a> {
    /// Version 3.0, which every server since PostgreSQL 7.4 speaks.
    pub const V3_0: u32 = 0x0003_0000;
    /// Version 3.2 (PostgreSQL 18), with cancel keys of up to 256 bytes. There is no 3.1.
    pub const V3_2: u32 = 0x0003_0002;

    /// Appends the whole packet.
    ///
    /// # Errors
    ///
    /// A NUL in a name or value, an empty name: both would end the list, or let a value pass for a parameter.
    pub fn encode(&self, out: &mut BytesMut) -> Result<(), Unencodable> {
        Writer::untagged(out, |w| {
            w.u32(self.version);
            for (name, value) in &self.parameters {
                if name.is_empty() {
                    return Err(Unencodable::InvalidLength(NAME));
                }
                w.cstr(name, NAME)?;
                w.cstr(value, "a startup parameter")?;
            }
            w.u8(0);
            Ok(())
        })
    }

    /// Reads what follows the length.
    pub fn decode(body: &'a [u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(body);
        let version = reader.u32()?;
        let mut parameters = Vec::new();
        loop {
            let name = reader.cstr()?;
            if name.is_empty() {
                break;
            }
            parameters.push((name, reader.cstr()?));
        }
        reader.finish()?;
        Ok(Self { version, parameters })
    }
}

const NAME: &str = "the name of a startup parameter";

#[cfg(test)]
mod tests {
    use alloc::vec;

    use crate::message::frontend::StartupPacket;
    use crate::message::testing;

    use super::*;

    #[test]
    fn round_trip() {
        for parameters in [vec![], vec![("user", "é"), ("database", ""), ("_pq_.x", "1")]] {
            for version in [StartupMessage::V3_0, StartupMessage::V3_2, 0x0003_270f] {
                let parameters = parameters.clone();
                testing::startup(&StartupPacket::Startup(StartupMessage { version, parameters }));
            }
        }
    }

    #[test]
    fn a_value_cannot_pass_for_a_parameter() {
        for (parameter, problem) in [
            (("application_name", "x\0user\0postgres"), Unencodable::ContainsNul("a startup parameter")),
            (("a\0user", "x"), Unencodable::ContainsNul(NAME)),
            (("", "user"), Unencodable::InvalidLength(NAME)),
        ] {
            let message = StartupMessage { version: StartupMessage::V3_0, parameters: vec![parameter] };
            testing::unencodable(|out| message.encode(out), problem);
        }
    }
}
