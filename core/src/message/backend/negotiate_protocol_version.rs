use alloc::vec::Vec;

use bytes::BytesMut;

use crate::message::parts;
use crate::wire::{Malformed, Reader, Unencodable, Writer};

/// NegotiateProtocolVersion: the server does not speak the minor version that was asked for, or does not know
/// some of the protocol extensions; the session goes on without them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct NegotiateProtocolVersion<'a> {
    /// The newest version that the server speaks, exactly as it was sent.
    ///
    /// The documentation says that it is the minor number; servers send the whole version (`0x0003_0000` for
    /// 3.0). [`Self::major`] and [`Self::minor`] understand both.
    pub version: u32,
    /// The protocol extensions (`_pq_.…`) of StartupMessage that the server does not know.
    pub options: Vec<&'a str>,
}

impl<'a> NegotiateProtocolVersion<'a> {
    /// The message's type byte.
    pub const TAG: u8 = b'v';

    /// Appends the whole message; fails on a NUL in a name.
    pub fn encode(&self, out: &mut BytesMut) -> Result<(), Unencodable> {
        Writer::message(Self::TAG, out, |w| {
            w.u32(self.version);
            let count = i32::try_from(self.options.len());
            w.i32(count.map_err(|_| Unencodable::TooLong("the list of protocol options"))?);
            for option in &self.options {
                w.cstr(option, "a protocol option")?;
            }
            Ok(())
        })
    }

    /// Reads a body.
    pub fn decode(body: &'a [u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(body);
        let version = reader.u32()?;
        let count = usize::try_from(reader.i32()?).map_err(|_| Malformed::InvalidLength)?;
        let options = parts::items(&mut reader, count, 1, Reader::cstr)?;
        reader.finish()?;
        Ok(Self { version, options })
    }

    /// The major number: the high half of the version, or 3 when only the minor number was sent.
    pub const fn major(&self) -> u16 {
        let [high_1, high_2, ..] = self.version.to_be_bytes();
        match u16::from_be_bytes([high_1, high_2]) {
            0 => 3,
            major => major,
        }
    }

    /// The minor number, in whichever of the two forms it was sent. Means nothing unless [`Self::major`] is 3.
    pub const fn minor(&self) -> u16 {
        let [.., low_1, low_2] = self.version.to_be_bytes();
        u16::from_be_bytes([low_1, low_2])
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use crate::message::backend::BackendMessage;
    use crate::message::testing;

    use super::*;

    #[test]
    fn round_trip() {
        for options in [vec![], vec!["_pq_.a"], vec!["_pq_.a", "", "_pq_.b"]] {
            for version in [0, 2, 0x0003_0000, 0x0003_0002, u32::MAX] {
                let options = options.clone();
                let message = NegotiateProtocolVersion { version, options };
                testing::backend(&BackendMessage::NegotiateProtocolVersion(message));
            }
        }
        let nul = NegotiateProtocolVersion { version: 0, options: vec!["\0"] };
        testing::unencodable(|out| nul.encode(out), Unencodable::ContainsNul("a protocol option"));
    }

    #[test]
    fn both_forms_of_the_version_mean_the_same() {
        for (version, major, minor) in
            [(0, 3, 0), (2, 3, 2), (0x0003_0000, 3, 0), (0x0003_0002, 3, 2), (0x0004_0001, 4, 1)]
        {
            let message = NegotiateProtocolVersion { version, options: vec![] };
            assert_eq!((message.major(), message.minor()), (major, minor));
        }
    }

    #[test]
    fn a_count_beyond_the_bytes_is_refused() {
        let negative = b"\0\x03\0\0\xff\xff\xff\xff";
        assert_eq!(NegotiateProtocolVersion::decode(negative), Err(Malformed::InvalidLength));
        let many = b"\0\x03\0\0\x7f\xff\xff\xffa\0";
        assert_eq!(NegotiateProtocolVersion::decode(many), Err(Malformed::Truncated));
    }
}
