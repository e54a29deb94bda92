use core::fmt;
use core::net::IpAddr;
use core::str::FromStr;

use bytes::BytesMut;

use super::{Cidr, binary, prefix, text};
use crate::error::BoxError;

use crate::types::codec::{Codec, ParseError, codec};
use crate::types::{Type, oid};

const NOT: ParseError = ParseError::not("an IPv4 or IPv6 address, with or without the length of a prefix");

/// An inet: the address of a host, and of the network that it is in. See "inet" in ["Network Address Types"].
///
/// It goes into a cidr too when it is one. `core::net::IpAddr` and its kinds are hosts alone.
///
/// ```
/// use trunkline_core::types::Inet;
///
/// let interface: Inet = "192.168.0.5/24".parse()?;
/// assert_eq!((interface.address(), interface.prefix()), ([192, 168, 0, 5].into(), 24));
/// assert_eq!(interface.network().to_string(), "192.168.0.0/24");
/// assert_eq!("::1/128".parse::<Inet>()?.to_string(), "::1");
/// # Ok::<(), trunkline_core::types::ParseError>(())
/// ```
///
/// ["Network Address Types"]: https://www.postgresql.org/docs/18/datatype-net-types.html
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Inet {
    address: IpAddr,
    prefix: u8,
}

impl Inet {
    /// An address and the length of its prefix in bits; nothing when the address has fewer bits than that.
    ///
    /// ```
    /// use trunkline_core::types::Inet;
    ///
    /// let gateway = Inet::new([10, 1, 2, 3].into(), 8).unwrap();
    /// assert_eq!(gateway.to_string(), "10.1.2.3/8");
    /// assert_eq!(Inet::new([10, 1, 2, 3].into(), 33), None);
    /// ```
    #[inline]
    pub const fn new(address: IpAddr, prefix: u8) -> Option<Self> {
        if prefix > prefix::host(address) { None } else { Some(Self { address, prefix }) }
    }

    /// The address, with the bits that tell a host from others of its network.
    ///
    /// ```
    /// use trunkline_core::types::Inet;
    ///
    /// assert_eq!("10.1.2.3/8".parse::<Inet>()?.address().to_string(), "10.1.2.3");
    /// # Ok::<(), trunkline_core::types::ParseError>(())
    /// ```
    #[inline]
    pub const fn address(self) -> IpAddr {
        self.address
    }

    /// The length of its prefix: how many bits are the network's.
    ///
    /// ```
    /// use trunkline_core::types::Inet;
    ///
    /// assert_eq!("10.1.2.3/8".parse::<Inet>()?.prefix(), 8);
    /// # Ok::<(), trunkline_core::types::ParseError>(())
    /// ```
    #[inline]
    pub const fn prefix(self) -> u8 {
        self.prefix
    }

    /// Whether all bits are the network's, so that it is the address of one host.
    ///
    /// ```
    /// use trunkline_core::types::Inet;
    ///
    /// assert!("10.1.2.3".parse::<Inet>()?.is_host());
    /// assert!(!"10.1.2.3/8".parse::<Inet>()?.is_host());
    /// # Ok::<(), trunkline_core::types::ParseError>(())
    /// ```
    #[inline]
    pub const fn is_host(self) -> bool {
        self.prefix == prefix::host(self.address)
    }

    /// The network that it is in.
    ///
    /// ```
    /// use trunkline_core::types::Inet;
    ///
    /// assert_eq!("10.1.2.3/8".parse::<Inet>()?.network().to_string(), "10.0.0.0/8");
    /// # Ok::<(), trunkline_core::types::ParseError>(())
    /// ```
    #[inline]
    pub fn network(self) -> Cidr {
        Cidr::containing(self)
    }
}

impl From<IpAddr> for Inet {
    /// The address of a host.
    #[inline]
    fn from(address: IpAddr) -> Self {
        Self { address, prefix: prefix::host(address) }
    }
}

impl From<Cidr> for Inet {
    fn from(network: Cidr) -> Self {
        Self { address: network.address(), prefix: network.prefix() }
    }
}

impl FromStr for Inet {
    type Err = ParseError;

    /// Reads the forms that PostgreSQL does: without a prefix a host; with one, IPv4's last octets may be left out.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let prefix = |octets: &[u8], written: Option<u8>| match written {
            None => (octets.len() == 4).then_some(32),
            Some(prefix) => (usize::from(prefix / 8) <= octets.len()).then_some(prefix),
        };
        text::parse(text.as_bytes(), prefix)
            .and_then(|(address, prefix)| Self::new(address, prefix))
            .ok_or(NOT)
    }
}

impl fmt::Display for Inet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        text::write(f, self.address)?;
        if self.is_host() { Ok(()) } else { write!(f, "/{}", self.prefix) }
    }
}

impl Codec for Inet {
    #[inline]
    fn is(type_: &Type) -> bool {
        binary::is(type_)
    }

    #[inline]
    fn encode(&self, type_: &Type, out: &mut BytesMut) -> Result<(), BoxError> {
        if type_.oid() == oid::CIDR && self.network().address() != self.address {
            return Err(prefix::host_bits());
        }
        binary::encode(type_, self.address, self.prefix, out);
        Ok(())
    }

    #[inline]
    fn decode(type_: &Type, raw: &[u8]) -> Result<Self, BoxError> {
        binary::decode(type_, raw).map(|(address, prefix)| Self { address, prefix })
    }
}

codec!(Inet);

#[cfg(test)]
mod tests {
    use std::string::{String, ToString};
    use std::vec::Vec;

    use proptest::prelude::*;

    use super::*;
    use crate::types::ToSql;
    use crate::types::testing::{binary, encode, round_trip, survives, text};

    proptest! {
        #[test]
        fn addresses_arrive_in_both_formats(address: IpAddr, prefix in 0..=128_u8) {
            let inet = Inet::new(address, prefix).unwrap_or(address.into());
            prop_assert_eq!(round_trip(&Type::INET, &inet), inet);
            prop_assert_eq!(text::<Inet>(&Type::INET, inet.to_string().as_bytes()).unwrap(), inet);
        }

        #[test]
        fn ipv6_is_read_as_std_reads_it(groups in prop::array::uniform8(prop_oneof![Just(0), Just(0xffff), any::<u16>()])) {
            let address = IpAddr::from(groups);
            let inet = Inet::from(address);
            prop_assert_eq!(inet.to_string().parse::<IpAddr>().unwrap(), address);
            prop_assert_eq!(address.to_string().parse::<Inet>().unwrap(), inet);
        }

        #[test]
        fn groups_are_read_as_std_reads_them(text in "[0-9a-f:]{2,24}|([0-9a-f]{1,4}:){0,8}(:[0-9a-f]{1,4}){0,8}") {
            prop_assert_eq!(text.parse::<Inet>().ok().map(Inet::address), text.parse::<IpAddr>().ok());
        }

        #[test]
        fn any_bytes_are_survived(raw: Vec<u8>, text: String) {
            survives::<Inet>(&Type::INET, &raw);
            survives::<Inet>(&Type::CIDR, text.as_bytes());
        }
    }

    #[test]
    fn it_is_written_as_the_server_writes_it() {
        for (text, written) in [
            ("1.2.3.4/32", "1.2.3.4"),
            ("10.0.0.1/8", "10.0.0.1/8"),
            ("0/0", "0.0.0.0/0"),
            ("1.2/16", "1.2.0.0/16"),
            ("127/15", "127.0.0.0/15"),
            ("::", "::"),
            ("::/0", "::/0"),
            ("1::", "1::"),
            ("::ff", "::ff"),
            ("::0.0.0.2", "::2"),
            ("::1:0", "::0.1.0.0"),
            ("::ffff:1.2.3.4/96", "::ffff:1.2.3.4/96"),
            ("::1.2.3.4", "::1.2.3.4"),
            ("::ffff:0:1.2.3.4", "::ffff:0:102:304"),
            ("::fffe:1.2.3.4", "::fffe:102:304"),
            ("64:ff9b::1.2.3.4", "64:ff9b::102:304"),
            ("0:0:0:0:0:ffff:0:0", "::ffff:0.0.0.0"),
            ("1:0:0:2:0:0:0:3", "1:0:0:2::3"),
            ("1:0:0:2:0:0:3:4", "1::2:0:0:3:4"),
            ("1:2:3:4:5:6:0:0", "1:2:3:4:5:6::"),
            ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
            ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"),
            ("FE80::AbCd/10", "fe80::abcd/10"),
        ] {
            assert_eq!(text.parse::<Inet>().unwrap().to_string(), written, "{text}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in [
            "",
            "10",
            "1.2.3",
            "1.2.3.",
            "1..2",
            "1.2.3.4.5",
            "256.0.0.1",
            "1.2.3.4/33",
            "127/32",
            "10/",
            "/8",
            "10//8",
            "10/+8",
            " 1.2.3.4",
            "1.2.3.4/8 ",
            "::/129",
            "1::2::3",
            ":1:2:3:4:5:6:7",
            "1:2:3:4:5:6:7",
            "1:2:3:4:5:6:7:",
            "1:2:3:4:5:6:7:8:9",
            "1:2:3:4::5:6:7:8",
            "00001::",
            "::1.2.3.4:5",
            "::256.1.1.1",
            ":::",
            ":",
            "::%eth0",
            "1:2:3:4:5:6:7:1.2.3.4",
        ] {
            assert_eq!(text.parse::<Inet>(), Err(NOT), "{text}");
        }
        assert_eq!(Inet::new([1, 2, 3, 4].into(), 33), None);
    }

    #[test]
    fn bytes_are_those_of_the_server() {
        let inet: Inet = "10.0.0.1/8".parse().unwrap();
        assert_eq!(&encode(&Type::INET, &inet).unwrap()[..], b"\x02\x08\0\x04\x0a\0\0\x01");
        let inet: Inet = "::ffff:1.2.3.4/96".parse().unwrap();
        let bytes = b"\x03\x60\0\x10\0\0\0\0\0\0\0\0\0\0\xff\xff\x01\x02\x03\x04";
        assert_eq!(&encode(&Type::INET, &inet).unwrap()[..], bytes);
        for wrong in [
            &b"\x02\x21\0\x04\x0a\0\0\x01"[..],
            b"\x02\x08\0\x04\x0a\0\0",
            b"\x04\x08\0\x04\x0a\0\0\0",
            b"\x03\x60\0\x10\0",
        ] {
            assert!(binary::<Inet>(&Type::INET, wrong).is_err());
        }
    }

    #[test]
    fn a_cidr_takes_it_when_it_is_one() {
        let network: Inet = "10.0.0.0/8".parse().unwrap();
        assert_eq!(&encode(&Type::CIDR, &network).unwrap()[..], b"\x02\x08\x01\x04\x0a\0\0\0");
        let host: Inet = "10.0.0.1/8".parse().unwrap();
        let refused = host.to_sql(&Type::CIDR, &mut BytesMut::new()).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "it has bits set to the right of its mask, which an inet can have and a cidr cannot"
        );
    }
}
