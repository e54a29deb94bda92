use core::fmt;
use core::net::IpAddr;
use core::str::FromStr;

use bytes::BytesMut;

use super::{Inet, binary, prefix, text};
use crate::error::BoxError;
use crate::types::Type;
use crate::types::codec::{Codec, ParseError, codec};

const NOT: ParseError =
    ParseError::not("an IPv4 or IPv6 network without bits to the right of its mask, such as 10.0.0.0/8");

/// A cidr: the address of a network. See "cidr" in ["Network Address Types"].
///
/// It goes into an inet too, and is read from one that has no bits to the right of its mask.
///
/// ```
/// use trunkline_core::types::{Cidr, Inet};
///
/// let network: Cidr = "10/8".parse()?;
/// assert_eq!(network.to_string(), "10.0.0.0/8");
/// assert_eq!((network.address(), network.prefix()), ([10, 0, 0, 0].into(), 8));
/// assert!("10.0.0.1/8".parse::<Cidr>().is_err());
/// assert_eq!("10.0.0.1/8".parse::<Inet>()?.network(), network);
/// # Ok::<(), trunkline_core::types::ParseError>(())
/// ```
///
/// ["Network Address Types"]: https://www.postgresql.org/docs/18/datatype-net-types.html
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Cidr {
    address: IpAddr,
    prefix: u8,
}

impl Cidr {
    /// An address and the length of its prefix in bits; nothing when the address has fewer bits than that, or
    /// has any set after them.
    ///
    /// ```
    /// use trunkline_core::types::Cidr;
    ///
    /// let network = Cidr::new([10, 1, 0, 0].into(), 16).unwrap();
    /// assert_eq!(network.to_string(), "10.1.0.0/16");
    /// ```
    #[inline]
    pub fn new(address: IpAddr, prefix: u8) -> Option<Self> {
        let cidr = Self::containing(Inet::new(address, prefix)?);
        (cidr.address == address).then_some(cidr)
    }

    #[inline]
    pub(super) fn containing(inet: Inet) -> Self {
        Self { address: prefix::network(inet.address(), inet.prefix()), prefix: inet.prefix() }
    }

    /// The address, zero after its prefix.
    ///
    /// ```
    /// use trunkline_core::types::Cidr;
    ///
    /// assert_eq!("10.1.0.0/16".parse::<Cidr>()?.address().to_string(), "10.1.0.0");
    /// # Ok::<(), trunkline_core::types::ParseError>(())
    /// ```
    pub const fn address(self) -> IpAddr {
        self.address
    }

    /// The length of its prefix: how many bits are the network's.
    ///
    /// ```
    /// use trunkline_core::types::Cidr;
    ///
    /// assert_eq!("10.1.0.0/16".parse::<Cidr>()?.prefix(), 16);
    /// # Ok::<(), trunkline_core::types::ParseError>(())
    /// ```
    pub const fn prefix(self) -> u8 {
        self.prefix
    }
}

impl FromStr for Cidr {
    type Err = ParseError;

    /// Reads the forms that PostgreSQL does: IPv4's last octets may be left out, and without a prefix IPv4's is
    /// the one of the class of old that it is in, or longer if there are more octets.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        text::parse(text.as_bytes(), |octets, written| written.or_else(|| of_class(octets)))
            .and_then(|(address, prefix)| Self::new(address, prefix))
            .ok_or(NOT)
    }
}

/// The prefix of the class that an address is in by its first octet, but all the octets there are.
fn of_class(octets: &[u8]) -> Option<u8> {
    let class = match octets {
        [224] => return Some(4),
        [..128, ..] => 8,
        [..192, ..] => 16,
        [..224, ..] => 24,
        [..240, ..] => 8,
        _ => 32,
    };
    u8::try_from(octets.len() * 8).ok().map(|bits| bits.max(class))
}

impl fmt::Display for Cidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        text::write(f, self.address)?;
        write!(f, "/{}", self.prefix)
    }
}

impl Codec for Cidr {
    #[inline]
    fn is(type_: &Type) -> bool {
        binary::is(type_)
    }

    #[inline]
    fn encode(&self, type_: &Type, out: &mut BytesMut) -> Result<(), BoxError> {
        binary::encode(type_, self.address, self.prefix, out);
        Ok(())
    }

    #[inline]
    fn decode(type_: &Type, raw: &[u8]) -> Result<Self, BoxError> {
        let (address, prefix) = binary::decode(type_, raw)?;
        Self::new(address, prefix).ok_or_else(prefix::host_bits)
    }
}

codec!(Cidr);

#[cfg(test)]
mod tests {
    use std::string::{String, ToString};
    use std::vec::Vec;

    use proptest::prelude::*;

    use super::*;
    use crate::types::testing::{binary, encode, round_trip, survives, text};

    proptest! {
        #[test]
        fn networks_arrive_in_both_formats(address: IpAddr, prefix in 0..=128_u8) {
            let cidr = Inet::new(address, prefix).unwrap_or(address.into()).network();
            prop_assert_eq!(round_trip(&Type::CIDR, &cidr), cidr);
            prop_assert_eq!(round_trip(&Type::INET, &cidr), cidr);
            prop_assert_eq!(text::<Cidr>(&Type::CIDR, cidr.to_string().as_bytes()).unwrap(), cidr);
        }

        #[test]
        fn any_bytes_are_survived(raw: Vec<u8>, text: String) {
            survives::<Cidr>(&Type::CIDR, &raw);
            survives::<Cidr>(&Type::CIDR, text.as_bytes());
        }
    }

    #[test]
    fn it_is_written_as_the_server_writes_it() {
        for (text, written) in [
            ("10", "10.0.0.0/8"),
            ("128", "128.0.0.0/16"),
            ("192", "192.0.0.0/24"),
            ("224", "224.0.0.0/4"),
            ("224.0", "224.0.0.0/16"),
            ("225", "225.0.0.0/8"),
            ("240.1", "240.1.0.0/32"),
            ("192.168", "192.168.0.0/24"),
            ("192.168/16", "192.168.0.0/16"),
            ("10/8", "10.0.0.0/8"),
            ("1/32", "1.0.0.0/32"),
            ("1.2.3.4", "1.2.3.4/32"),
            ("0/0", "0.0.0.0/0"),
            ("::", "::/128"),
            ("::/0", "::/0"),
            ("::ffff:0:0/96", "::ffff:0.0.0.0/96"),
            ("2001:db8::/32", "2001:db8::/32"),
        ] {
            assert_eq!(text.parse::<Cidr>().unwrap().to_string(), written, "{text}");
        }
        for text in ["10.1.2.3/8", "10/0", "10/4", "::1/127", "1.2.3.", "", "10/33"] {
            assert_eq!(text.parse::<Cidr>(), Err(NOT), "{text}");
        }
    }

    #[test]
    fn bytes_are_those_of_the_server() {
        let cidr: Cidr = "::1.2.3.0/120".parse().unwrap();
        let bytes = b"\x03\x78\x01\x10\0\0\0\0\0\0\0\0\0\0\0\0\x01\x02\x03\0";
        assert_eq!(&encode(&Type::CIDR, &cidr).unwrap()[..], bytes);
        let refused = binary::<Cidr>(&Type::INET, b"\x02\x08\0\x04\x0a\0\0\x01").unwrap_err();
        assert!(refused.to_string().starts_with("it has bits set to the right of its mask"));
    }
}
