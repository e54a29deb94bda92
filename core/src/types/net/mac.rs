//! The text of MAC addresses.

use core::fmt;

use crate::types::bytea::hex_digit;

/// Reads pairs of hexadecimal digits into `bytes`, and tells how many there are: at most as many as fit. Between
/// any two may be `:`, `-` or `.`, always the same.
pub(super) fn parse(text: &str, bytes: &mut [u8]) -> Option<usize> {
    let mut rest = text.trim_ascii().as_bytes();
    let mut separator = None;
    let mut count = 0;
    while !rest.is_empty() {
        if count > 0
            && let &[found @ (b':' | b'-' | b'.'), ref tail @ ..] = rest
        {
            if *separator.get_or_insert(found) != found {
                return None;
            }
            rest = tail;
        }
        let (&[high, low], tail) = rest.split_first_chunk()?;
        *bytes.get_mut(count)? = hex_digit(high)? << 4 | hex_digit(low)?;
        count += 1;
        rest = tail;
    }
    Some(count)
}

pub(super) fn write(f: &mut fmt::Formatter<'_>, bytes: &[u8]) -> fmt::Result {
    for (at, byte) in bytes.iter().enumerate() {
        if at > 0 {
            f.write_str(":")?;
        }
        write!(f, "{byte:02x}")?;
    }
    Ok(())
}
