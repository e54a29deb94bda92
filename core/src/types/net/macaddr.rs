use core::fmt;
use core::str::FromStr;

use bytes::BytesMut;

use super::mac;
use crate::error::BoxError;
use crate::types::codec::{Codec, ParseError, codec};
use crate::types::{Type, oid, problem};

const NOT: ParseError = ParseError::not("a MAC address: 6 bytes in hexadecimal digits");

/// A macaddr: a MAC address of 6 bytes. See "macaddr" in ["Network Address Types"].
///
/// ```
/// use trunkline_core::types::MacAddr;
///
/// let address: MacAddr = "0800-2B01-0203".parse()?;
/// assert_eq!(address.to_string(), "08:00:2b:01:02:03");
/// # Ok::<(), trunkline_core::types::ParseError>(())
/// ```
///
/// ["Network Address Types"]: https://www.postgresql.org/docs/18/datatype-net-types.html
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct MacAddr(pub [u8; 6]);

impl FromStr for MacAddr {
    type Err = ParseError;

    /// Reads the forms that PostgreSQL does: bytes or groups of them apart by `:`, `-`, `.` or nothing.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let mut bytes = [0; 6];
        if mac::parse(text, &mut bytes) == Some(6) { Ok(Self(bytes)) } else { Err(NOT) }
    }
}

impl fmt::Display for MacAddr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        mac::write(f, &self.0)
    }
}

impl Codec for MacAddr {
    #[inline]
    fn is(type_: &Type) -> bool {
        type_.oid() == oid::MACADDR
    }

    #[inline]
    fn encode(&self, _type: &Type, out: &mut BytesMut) -> Result<(), BoxError> {
        out.extend_from_slice(&self.0);
        Ok(())
    }

    #[inline]
    fn decode(type_: &Type, raw: &[u8]) -> Result<Self, BoxError> {
        raw.try_into().map(Self).map_err(|_| problem::length(type_, raw.len()))
    }
}

codec!(MacAddr);

#[cfg(test)]
mod tests {
    use std::string::{String, ToString};
    use std::vec::Vec;

    use proptest::prelude::*;

    use super::*;
    use crate::types::testing::{binary, round_trip, survives, text};

    proptest! {
        #[test]
        fn addresses_arrive_in_both_formats(bytes: [u8; 6]) {
            let address = MacAddr(bytes);
            prop_assert_eq!(round_trip(&Type::MACADDR, &address), address);
            prop_assert_eq!(text::<MacAddr>(&Type::MACADDR, address.to_string().as_bytes()).unwrap(), address);
        }

        #[test]
        fn any_bytes_are_survived(raw: Vec<u8>, text: String) {
            survives::<MacAddr>(&Type::MACADDR, &raw);
            survives::<MacAddr>(&Type::MACADDR, text.as_bytes());
        }
    }

    #[test]
    fn all_forms_that_postgresql_reads_are_read() {
        let address = MacAddr([8, 0, 0x2b, 1, 2, 3]);
        for form in [
            "08:00:2b:01:02:03",
            "08-00-2b-01-02-03",
            "08002b:010203",
            "08002b-010203",
            "0800.2b01.0203",
            "0800-2b01-0203",
            "08002B010203",
            " 08002b010203 ",
        ] {
            assert_eq!(form.parse(), Ok(address), "{form}");
        }
        for form in [
            "",
            "08:00-2b:01:02:03",
            "08:00:2b:01:02",
            "08:00:2b:01:02:03:04",
            ":08002b010203",
            "08002b010203:",
            "8002b010203",
        ] {
            assert_eq!(form.parse::<MacAddr>(), Err(NOT), "{form}");
        }
        assert!(binary::<MacAddr>(&Type::MACADDR, &[0; 8]).is_err());
    }
}
