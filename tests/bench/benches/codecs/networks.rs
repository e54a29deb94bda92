//! Addresses, and strings of bits.

use std::net::IpAddr;

use bit_vec::BitVec;
use cidr::IpInet;
use eui48::MacAddress;
use trunkline::types::{Bits, Cidr, Inet, MacAddr, oid};

use crate::{
    bench::Bench,
    random::{Random, values},
    table::Target::Same,
};

pub(crate) fn run(bench: &mut Bench) {
    let addresses = values(1000, address);
    bench.both("inet (IpAddr)", Same, oid::INET, &addresses);
    let long: Vec<IpAddr> = values(1000, |random| random.bytes::<16>().into());
    bench.both("inet (IpAddr, all of IPv6)", Same, oid::INET, &long);
    let own: Vec<Inet> = addresses.iter().filter_map(|&address| Inet::new(address, 24)).collect();
    let theirs: Vec<IpInet> = addresses.iter().filter_map(|&address| IpInet::new(address, 24).ok()).collect();
    bench.each("inet (own, cidr)", Same, oid::INET, &own, &theirs);
    let own: Vec<Cidr> = own.iter().map(|inet| inet.network()).collect();
    let theirs: Vec<_> = theirs.iter().map(IpInet::network).collect();
    bench.each("cidr (own, cidr)", Same, oid::CIDR, &own, &theirs);

    let bytes = values(1000, |random| random.bytes::<6>());
    let own: Vec<_> = bytes.iter().copied().map(MacAddr).collect();
    let theirs: Vec<_> = bytes.iter().copied().map(MacAddress::new).collect();
    bench.each("macaddr (own, eui48)", Same, oid::MACADDR, &own, &theirs);

    let bits = values(1000, |random| BitVec::from_bytes(&random.bytes::<8>()));
    bench.both("bit (bit-vec)", Same, oid::BIT, &bits);
    let own: Vec<Bits> = bits.iter().map(|bits| bits.iter().collect()).collect();
    bench.each("varbit (own, bit-vec)", Same, oid::VARBIT, &own, &bits);
}

/// Every fourth of them of IPv6.
fn address(random: &mut Random) -> IpAddr {
    if random.below(4) == 0 { random.bytes::<16>().into() } else { random.bytes::<4>().into() }
}
