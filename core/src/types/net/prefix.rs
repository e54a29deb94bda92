use core::net::IpAddr;

use crate::error::BoxError;

/// The address with all bits after its prefix cleared.
#[inline]
pub(super) fn network(address: IpAddr, prefix: u8) -> IpAddr {
    let prefix = prefix.into();
    match address {
        IpAddr::V4(address) => {
            IpAddr::V4((u32::from(address) & !u32::MAX.checked_shr(prefix).unwrap_or(0)).into())
        }
        IpAddr::V6(address) => {
            IpAddr::V6((u128::from(address) & !u128::MAX.checked_shr(prefix).unwrap_or(0)).into())
        }
    }
}

/// The prefix of a host: all bits of its address.
#[inline]
pub(super) const fn host(address: IpAddr) -> u8 {
    match address {
        IpAddr::V4(_) => 32,
        IpAddr::V6(_) => 128,
    }
}

#[cold]
pub(super) fn host_bits() -> BoxError {
    "it has bits set to the right of its mask, which an inet can have and a cidr cannot".into()
}
