//! The addresses of `core::net`: hosts, without a network. An inet or cidr that is a network is not read as one,
//! because its prefix would be lost.

use alloc::format;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use bytes::BytesMut;

use super::{Inet, binary};
use crate::error::BoxError;
use crate::types::codec::Codec;
use crate::types::{ArrayElement, FromSql, ToSql, Type};
use crate::wire::{Format, IsNull};

macro_rules! to_sql {
    ($($type:ty),*) => {$(
        impl ToSql for $type {
            #[inline]
            fn accepts(&self, type_: &Type) -> bool {
                binary::is(type_)
            }

            #[inline]
            fn to_sql(&self, type_: &Type, out: &mut BytesMut) -> Result<IsNull, BoxError> {
                Inet::from(IpAddr::from(*self)).encode(type_, out)?;
                Ok(IsNull::No)
            }
        }

        impl ArrayElement for $type {}
    )*};
}

to_sql!(IpAddr, Ipv4Addr, Ipv6Addr);

macro_rules! from_sql {
    ($($type:ty: $read:expr),*) => {$(
        impl<'a> FromSql<'a> for $type {
            #[inline]
            fn accepts(type_: &Type) -> bool {
                binary::is(type_)
            }

            #[inline]
            fn from_sql(type_: &Type, format: Format, raw: &'a [u8]) -> Result<Self, BoxError> {
                Self::from_sql_owned(type_, format, raw)
            }

            #[inline]
            fn from_sql_owned(type_: &Type, format: Format, raw: &[u8]) -> Result<Self, BoxError> {
                $read(Inet::from_sql_owned(type_, format, raw)?)
            }
        }
    )*};
}

from_sql!(IpAddr: host, Ipv4Addr: ipv4, Ipv6Addr: ipv6);

#[inline]
fn host(inet: Inet) -> Result<IpAddr, BoxError> {
    if inet.is_host() { Ok(inet.address()) } else { Err(network(inet)) }
}

#[inline]
fn ipv4(inet: Inet) -> Result<Ipv4Addr, BoxError> {
    match host(inet)? {
        IpAddr::V4(address) => Ok(address),
        IpAddr::V6(_) => Err(other(inet, "IPv4")),
    }
}

#[inline]
fn ipv6(inet: Inet) -> Result<Ipv6Addr, BoxError> {
    match host(inet)? {
        IpAddr::V6(address) => Ok(address),
        IpAddr::V4(_) => Err(other(inet, "IPv6")),
    }
}

#[cold]
fn network(inet: Inet) -> BoxError {
    format!("{inet} has a prefix, which the address of a host has not; read it as an Inet").into()
}

#[cold]
pub(super) fn other(inet: Inet, wanted: &str) -> BoxError {
    format!("{inet} is not an {wanted} address").into()
}

#[cfg(test)]
mod tests {
    use std::string::ToString;
    use std::vec;
    use std::vec::Vec;

    use proptest::prelude::*;

    use super::*;
    use crate::types::testing::{binary, encode, round_trip, survives, text};

    proptest! {
        #[test]
        fn hosts_arrive(address: IpAddr) {
            prop_assert_eq!(round_trip(&Type::INET, &address), address);
            prop_assert_eq!(round_trip(&Type::CIDR, &address), address);
            prop_assert_eq!(binary::<Inet>(&Type::INET, &encode(&Type::INET, &address).unwrap()).unwrap(), address.into());
            match address {
                IpAddr::V4(address) => prop_assert_eq!(round_trip(&Type::INET, &address), address),
                IpAddr::V6(address) => prop_assert_eq!(round_trip(&Type::INET, &address), address),
            }
        }

        #[test]
        fn any_bytes_are_survived(raw: Vec<u8>) {
            survives::<IpAddr>(&Type::INET, &raw);
            survives::<Ipv4Addr>(&Type::INET, &raw);
            survives::<Ipv6Addr>(&Type::CIDR, &raw);
        }
    }

    #[test]
    fn a_network_is_not_read_as_a_host() {
        let refused = text::<IpAddr>(&Type::INET, b"10.0.0.1/8").unwrap_err().to_string();
        assert_eq!(
            refused,
            "10.0.0.1/8 has a prefix, which the address of a host has not; read it as an Inet"
        );
        assert_eq!(text::<IpAddr>(&Type::CIDR, b"10.0.0.1/32").unwrap(), IpAddr::from([10, 0, 0, 1]));
    }

    #[test]
    fn the_other_kind_of_address_is_refused() {
        let refused = text::<Ipv4Addr>(&Type::INET, b"::1").unwrap_err().to_string();
        assert_eq!(refused, "::1 is not an IPv4 address");
        let refused = text::<Ipv6Addr>(&Type::INET, b"127.0.0.1").unwrap_err().to_string();
        assert_eq!(refused, "127.0.0.1 is not an IPv6 address");
    }

    #[test]
    fn there_are_arrays_of_them() {
        let addresses = vec![IpAddr::from([127, 0, 0, 1]), IpAddr::from([0_u16; 8])];
        assert_eq!(round_trip(&Type::INET_ARRAY, &addresses), addresses);
        assert_eq!(text::<Vec<IpAddr>>(&Type::INET_ARRAY, b"{127.0.0.1,::}").unwrap(), addresses);
    }
}
