use core::fmt;
use core::str::FromStr;

use bytes::BytesMut;

use super::mac;
use crate::error::BoxError;
use crate::types::codec::{Codec, ParseError, codec};
use crate::types::{Type, oid, problem};

const NOT: ParseError = ParseError::not("a MAC address: 8 or 6 bytes in hexadecimal digits");

/// A macaddr8: a MAC address of 8 bytes, as in EUI-64. See "macaddr8" in ["Network Address Types"].
///
/// ```
/// use trunkline_core::types::MacAddr8;
///
/// let address: MacAddr8 = "08002b:0102030405".parse()?;
/// assert_eq!(address.to_string(), "08:00:2b:01:02:03:04:05");
/// # Ok::<(), trunkline_core::types::ParseError>(())
/// ```
///
/// ["Network Address Types"]: https://www.postgresql.org/docs/18/datatype-net-types.html
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct MacAddr8(pub [u8; 8]);

impl FromStr for MacAddr8 {
    type Err = ParseError;

    /// Reads the forms that PostgreSQL does: bytes or groups of them apart by `:`, `-`, `.` or nothing. An address
    /// of 6 bytes gets `ff` and `fe` in its middle.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let mut bytes = [0; 8];
        match (mac::parse(text, &mut bytes), bytes) {
            (Some(6), [a, b, c, d, e, f, ..]) => Ok(Self([a, b, c, 0xff, 0xfe, d, e, f])),
            (Some(8), _) => Ok(Self(bytes)),
            _ => Err(NOT),
        }
    }
}

impl fmt::Display for MacAddr8 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        mac::write(f, &self.0)
    }
}

impl Codec for MacAddr8 {
    #[inline]
    fn is(type_: &Type) -> bool {
        type_.oid() == oid::MACADDR8
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

codec!(MacAddr8);

#[cfg(test)]
mod tests {
    use std::string::{String, ToString};
    use std::vec::Vec;

    use proptest::prelude::*;

    use super::*;
    use crate::types::testing::{binary, round_trip, survives, text};

    proptest! {
        #[test]
        fn addresses_arrive_in_both_formats(bytes: [u8; 8]) {
            let address = MacAddr8(bytes);
            prop_assert_eq!(round_trip(&Type::MACADDR8, &address), address);
            prop_assert_eq!(text::<MacAddr8>(&Type::MACADDR8, address.to_string().as_bytes()).unwrap(), address);
        }

        #[test]
        fn any_bytes_are_survived(raw: Vec<u8>, text: String) {
            survives::<MacAddr8>(&Type::MACADDR8, &raw);
            survives::<MacAddr8>(&Type::MACADDR8, text.as_bytes());
        }
    }

    #[test]
    fn all_forms_that_postgresql_reads_are_read() {
        let address = MacAddr8([8, 0, 0x2b, 1, 2, 3, 4, 5]);
        for form in [
            "08:00:2b:01:02:03:04:05",
            "08-00-2b-01-02-03-04-05",
            "08002b:0102030405",
            "0800.2b01.0203.0405",
            "0800:2b01:0203:0405",
            "08002B0102030405",
        ] {
            assert_eq!(form.parse(), Ok(address), "{form}");
        }
        assert_eq!("08:00:2b:01:02:03".parse(), Ok(MacAddr8([8, 0, 0x2b, 0xff, 0xfe, 1, 2, 3])));
        for form in ["", "08:00:2b:01:02:03:04", "08:00:2b:01:02:03:04:05:06", "08:00-2b:01:02:03:04:05"] {
            assert_eq!(form.parse::<MacAddr8>(), Err(NOT), "{form}");
        }
        assert!(binary::<MacAddr8>(&Type::MACADDR8, &[0; 6]).is_err());
    }
}
