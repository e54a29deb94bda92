//! The networks of the crate ipnet, which keep the bits of a host too, and so are an inet each. A cidr refuses
//! those that have such bits.

use bytes::BytesMut;
use ipnet::{IpNet, Ipv4Net, Ipv6Net, PrefixLenError};

use super::ip_addr::other;
use super::{Cidr, Inet, binary};
use crate::error::BoxError;
use crate::types::codec::Codec;
use crate::types::{ArrayElement, FromSql, ToSql, Type, problem};
use crate::wire::{Format, IsNull};

impl From<IpNet> for Inet {
    fn from(network: IpNet) -> Self {
        // ipnet holds the same bound, so that the address alone is never the answer.
        Self::new(network.addr(), network.prefix_len()).unwrap_or(network.addr().into())
    }
}

impl TryFrom<Inet> for IpNet {
    type Error = PrefixLenError;

    fn try_from(inet: Inet) -> Result<Self, PrefixLenError> {
        Self::new(inet.address(), inet.prefix())
    }
}

impl TryFrom<Cidr> for IpNet {
    type Error = PrefixLenError;

    fn try_from(network: Cidr) -> Result<Self, PrefixLenError> {
        Self::new(network.address(), network.prefix())
    }
}

macro_rules! networks {
    ($($type:ty: $read:expr),*) => {$(
        impl ToSql for $type {
            fn accepts(&self, type_: &Type) -> bool {
                binary::is(type_)
            }

            fn to_sql(&self, type_: &Type, out: &mut BytesMut) -> Result<IsNull, BoxError> {
                Inet::from(IpNet::from(*self)).encode(type_, out)?;
                Ok(IsNull::No)
            }
        }

        impl<'a> FromSql<'a> for $type {
            fn accepts(type_: &Type) -> bool {
                binary::is(type_)
            }

            fn from_sql(type_: &Type, format: Format, raw: &'a [u8]) -> Result<Self, BoxError> {
                Self::from_sql_owned(type_, format, raw)
            }

            fn from_sql_owned(type_: &Type, format: Format, raw: &[u8]) -> Result<Self, BoxError> {
                let inet = Inet::from_sql_owned(type_, format, raw)?;
                $read(inet, inet.try_into().map_err(|_| problem::unreadable(type_))?)
            }
        }

        impl ArrayElement for $type {}
    )*};
}

networks!(IpNet: any, Ipv4Net: ipv4, Ipv6Net: ipv6);

fn any(_inet: Inet, network: IpNet) -> Result<IpNet, BoxError> {
    Ok(network)
}

fn ipv4(inet: Inet, network: IpNet) -> Result<Ipv4Net, BoxError> {
    match network {
        IpNet::V4(network) => Ok(network),
        IpNet::V6(_) => Err(other(inet, "IPv4")),
    }
}

fn ipv6(inet: Inet, network: IpNet) -> Result<Ipv6Net, BoxError> {
    match network {
        IpNet::V6(network) => Ok(network),
        IpNet::V4(_) => Err(other(inet, "IPv6")),
    }
}

#[cfg(test)]
mod tests {
    use core::net::IpAddr;
    use std::string::ToString;
    use std::vec;
    use std::vec::Vec;

    use proptest::prelude::*;

    use super::*;
    use crate::types::testing::{round_trip, survives, text};

    proptest! {
        #[test]
        fn networks_arrive(address: IpAddr, prefix in 0..=128_u8) {
            let network = IpNet::new(address, prefix).unwrap_or(address.into());
            prop_assert_eq!(round_trip(&Type::INET, &network), network);
            prop_assert_eq!(round_trip(&Type::CIDR, &network.trunc()), network.trunc());
            prop_assert_eq!(IpNet::try_from(Inet::from(network)), Ok(network));
            match network {
                IpNet::V4(network) => prop_assert_eq!(round_trip(&Type::INET, &network), network),
                IpNet::V6(network) => prop_assert_eq!(round_trip(&Type::INET, &network), network),
            }
        }

        #[test]
        fn any_bytes_are_survived(raw: Vec<u8>) {
            survives::<IpNet>(&Type::INET, &raw);
            survives::<Ipv4Net>(&Type::INET, &raw);
            survives::<Ipv6Net>(&Type::CIDR, &raw);
        }
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let network: IpNet = "10.0.0.1/8".parse().unwrap();
        assert!(network.to_sql(&Type::CIDR, &mut BytesMut::new()).is_err());
        assert_eq!(
            text::<Ipv4Net>(&Type::CIDR, b"::/0").unwrap_err().to_string(),
            "::/0 is not an IPv4 address"
        );
        assert_eq!(
            text::<Ipv6Net>(&Type::INET, b"10.0.0.0/8").unwrap_err().to_string(),
            "10.0.0.0/8 is not an IPv6 address"
        );
    }

    #[test]
    fn there_are_arrays_of_them() {
        let networks: Vec<IpNet> = vec!["10.0.0.0/8".parse().unwrap(), "::/0".parse().unwrap()];
        assert_eq!(round_trip(&Type::CIDR_ARRAY, &networks), networks);
    }
}
