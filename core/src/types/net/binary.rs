//! The binary form that inet and cidr share.

use core::net::IpAddr;

use bytes::BytesMut;

use crate::error::BoxError;
use crate::types::{Type, oid, problem};

/// `PGSQL_AF_INET`.
const IPV4: u8 = 2;
/// `PGSQL_AF_INET6`.
const IPV6: u8 = 3;

#[inline]
pub(super) fn is(type_: &Type) -> bool {
    matches!(type_.oid(), oid::INET | oid::CIDR)
}

#[inline]
pub(super) fn encode(type_: &Type, address: IpAddr, prefix: u8, out: &mut BytesMut) {
    // The server does not look at this one when it reads.
    let is_cidr = u8::from(type_.oid() == oid::CIDR);
    match address {
        IpAddr::V4(address) => {
            let [a, b, c, d] = address.octets();
            out.extend_from_slice(&[IPV4, prefix, is_cidr, 4, a, b, c, d]);
        }
        IpAddr::V6(address) => {
            out.extend_from_slice(&[IPV6, prefix, is_cidr, 16]);
            out.extend_from_slice(&address.octets());
        }
    }
}

#[inline]
pub(super) fn decode(type_: &Type, raw: &[u8]) -> Result<(IpAddr, u8), BoxError> {
    let decoded = match *raw {
        [IPV4, prefix @ ..=32, _, 4, a, b, c, d] => Some(([a, b, c, d].into(), prefix)),
        [IPV6, prefix @ ..=128, _, 16, ref octets @ ..] => {
            <[u8; 16]>::try_from(octets).ok().map(|octets| (octets.into(), prefix))
        }
        _ => None,
    };
    decoded.ok_or_else(|| problem::length(type_, raw.len()))
}
