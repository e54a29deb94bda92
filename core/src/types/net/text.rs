//! IP addresses as the server reads and writes them, which for IPv6 is not quite as std does: the last 32 bits of
//! `::1.2.3.4` are written with dots too.

use core::fmt;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use core::ops::Range;

use memchr::memchr;

use crate::types::bytea::hex_digit;
use crate::types::scan;

/// Reads an address with or without a prefix. Octets at the end of an IPv4 address may be left out; `prefix` tells
/// from those there are and from what is written what the prefix is.
pub(super) fn parse(
    text: &[u8],
    prefix: impl FnOnce(&[u8], Option<u8>) -> Option<u8>,
) -> Option<(IpAddr, u8)> {
    let slash = memchr(b'/', text).unwrap_or(text.len());
    let (mut address, tail) = text.split_at_checked(slash)?;
    let written = match tail.split_first() {
        None => None,
        Some((_, mut digits)) => {
            let written = u8::try_from(scan::decimal(&mut digits)?).ok()?;
            digits.is_empty().then_some(Some(written))?
        }
    };
    if memchr(b':', address).is_some() {
        return Some((IpAddr::V6(ipv6(address)?), written.unwrap_or(128)));
    }
    let (octets, count) = octets(&mut address)?;
    address.is_empty().then_some((IpAddr::V4(octets.into()), prefix(octets.get(..count)?, written)?))
}

/// One to four octets, and how many there are.
fn octets(text: &mut &[u8]) -> Option<([u8; 4], usize)> {
    let mut octets = [0; 4];
    for (at, octet) in octets.iter_mut().enumerate() {
        if at > 0 && scan::byte(text, b'.').is_none() {
            return Some((octets, at));
        }
        *octet = u8::try_from(scan::decimal(text)?).ok()?;
    }
    Some((octets, 4))
}

fn ipv6(text: &[u8]) -> Option<Ipv6Addr> {
    let mut groups = [0; 8];
    let mut count = 0;
    // How many groups stand before the `::`.
    let mut gap = None;
    let mut rest = text;
    if let Some(tail) = text.strip_prefix(b"::") {
        gap = Some(0);
        rest = tail;
    }
    while !rest.is_empty() {
        let end = memchr(b':', rest).unwrap_or(rest.len());
        let (mut group, tail) = rest.split_at_checked(end)?;
        if memchr(b'.', group).is_some() {
            let ([a, b, c, d], 4) = octets(&mut group)? else { return None };
            if !group.is_empty() || !tail.is_empty() {
                return None;
            }
            *groups.get_mut(count)? = u16::from_be_bytes([a, b]);
            *groups.get_mut(count + 1)? = u16::from_be_bytes([c, d]);
            count += 2;
            break;
        }
        *groups.get_mut(count)? = hexadecimal(group)?;
        count += 1;
        rest = match tail {
            [] => break,
            [b':', b':', after @ ..] if gap.is_none() => {
                gap = Some(count);
                after
            }
            [b':', after @ ..] if !after.is_empty() => after,
            _ => return None,
        };
    }
    let Some(gap) = gap else { return (count == 8).then(|| groups.into()) };
    let zeros = 8_usize.checked_sub(count).filter(|&zeros| zeros > 0)?;
    let mut spread = [0; 8];
    for (at, &group) in groups.iter().enumerate().take(count) {
        *spread.get_mut(if at < gap { at } else { at + zeros })? = group;
    }
    Some(spread.into())
}

fn hexadecimal(digits: &[u8]) -> Option<u16> {
    if !matches!(digits.len(), 1..=4) {
        return None;
    }
    digits.iter().try_fold(0, |group, &digit| Some(group << 4 | u16::from(hex_digit(digit)?)))
}

/// Writes an address as the server does.
pub(super) fn write(f: &mut fmt::Formatter<'_>, address: IpAddr) -> fmt::Result {
    match address {
        IpAddr::V4(address) => write_octets(f, address),
        IpAddr::V6(address) => write_groups(f, address),
    }
}

fn write_octets(f: &mut fmt::Formatter<'_>, address: Ipv4Addr) -> fmt::Result {
    let [a, b, c, d] = address.octets();
    write!(f, "{a}.{b}.{c}.{d}")
}

fn write_groups(f: &mut fmt::Formatter<'_>, address: Ipv6Addr) -> fmt::Result {
    let groups = address.segments();
    let gap = longest_zeros(&groups);
    let [.., high, low] = groups;
    let dotted = match &gap {
        Range { start: 0, end: 6 } => true,
        Range { start: 0, end: 5 } => groups.get(5) == Some(&0xffff),
        _ => false,
    };
    for (at, group) in groups.iter().enumerate() {
        if gap.contains(&at) {
            if at == gap.start {
                f.write_str("::")?;
            }
            continue;
        }
        if at > 0 && at != gap.end {
            f.write_str(":")?;
        }
        if dotted && at == 6 {
            return write_octets(f, (u32::from(high) << 16 | u32::from(low)).into());
        }
        write!(f, "{group:x}")?;
    }
    Ok(())
}

/// The first of the longest runs of zeros, if there are two or more in it.
fn longest_zeros(groups: &[u16; 8]) -> Range<usize> {
    let (mut longest, mut run) = (0..0, 0..0);
    for (at, &group) in groups.iter().enumerate() {
        run.end = at + 1;
        if group != 0 {
            run.start = at + 1;
        } else if run.len() > longest.len() {
            longest = run.clone();
        }
    }
    if longest.len() < 2 { 0..0 } else { longest }
}
