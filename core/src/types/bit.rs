use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

use bytes::BytesMut;

use super::bytea::hex_digit;
use super::codec::{Codec, ParseError, codec};
use super::{Type, oid, problem};
use crate::error::BoxError;

const NOT: ParseError = ParseError::not("a bit string: 0s and 1s, or x and hexadecimal digits");

/// A string of bits, as bit and bit varying hold it. See ["Bit String Types"].
///
/// A `bit(n)` takes exactly n of them, a `bit varying(n)` up to n.
///
/// ```
/// use trunkline_core::types::Bits;
///
/// let bits: Bits = "101".parse()?;
/// assert_eq!((bits.len(), bits.get(0), bits.get(1)), (3, Some(true), Some(false)));
/// assert_eq!(bits.as_bytes(), [0b1010_0000]);
/// assert_eq!("x1F".parse::<Bits>()?.to_string(), "00011111");
/// # Ok::<(), trunkline_core::types::ParseError>(())
/// ```
///
/// ["Bit String Types"]: https://www.postgresql.org/docs/18/datatype-bit.html
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Bits {
    /// The first bit is the highest of the first byte; those after the last are zero.
    bytes: Vec<u8>,
    len: usize,
}

impl Bits {
    /// No bits.
    ///
    /// ```
    /// assert_eq!(trunkline_core::types::Bits::new().to_string(), "");
    /// ```
    pub const fn new() -> Self {
        Self { bytes: Vec::new(), len: 0 }
    }

    /// The first `len` bits of bytes, from the highest bit of the first byte on; nothing when there are fewer.
    ///
    /// ```
    /// use trunkline_core::types::Bits;
    ///
    /// let bits = Bits::from_bytes(vec![0b1010_0000], 3).unwrap();
    /// assert_eq!(bits.to_string(), "101");
    /// assert_eq!(Bits::from_bytes(vec![0], 9), None);
    /// ```
    #[inline]
    pub fn from_bytes(mut bytes: Vec<u8>, len: usize) -> Option<Self> {
        let count = len.div_ceil(8);
        if bytes.len() < count {
            return None;
        }
        bytes.truncate(count);
        if let Some(last) = bytes.last_mut() {
            // Of the last byte one to eight bits are in use.
            *last &= !0 << ((8 - len % 8) % 8);
        }
        Some(Self { bytes, len })
    }

    /// Appends a bit.
    ///
    /// ```
    /// let mut bits = trunkline_core::types::Bits::new();
    /// bits.push(true);
    /// bits.push(false);
    /// assert_eq!(bits.to_string(), "10");
    /// ```
    pub fn push(&mut self, bit: bool) {
        if self.len.is_multiple_of(8) {
            self.bytes.push(0);
        }
        if let Some(last) = self.bytes.last_mut() {
            *last |= u8::from(bit) << (7 - self.len % 8);
        }
        self.len += 1;
    }

    /// How many bits there are.
    ///
    /// ```
    /// let bits: trunkline_core::types::Bits = "101".parse()?;
    /// assert_eq!(bits.len(), 3);
    /// # Ok::<(), trunkline_core::types::ParseError>(())
    /// ```
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    ///
    /// ```
    /// assert!(trunkline_core::types::Bits::new().is_empty());
    /// ```
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The bit at an index, counted from 0 at the left.
    ///
    /// ```
    /// let bits: trunkline_core::types::Bits = "10".parse()?;
    /// assert_eq!((bits.get(0), bits.get(1), bits.get(2)), (Some(true), Some(false), None));
    /// # Ok::<(), trunkline_core::types::ParseError>(())
    /// ```
    pub fn get(&self, index: usize) -> Option<bool> {
        let byte = self.bytes.get(index / 8).filter(|_| index < self.len)?;
        Some(byte & 0x80 >> (index % 8) != 0)
    }

    /// The bits, from left to right.
    ///
    /// ```
    /// let flags: trunkline_core::types::Bits = "1101".parse()?;
    /// assert_eq!(flags.iter().filter(|bit| *bit).count(), 3);
    /// # Ok::<(), trunkline_core::types::ParseError>(())
    /// ```
    pub fn iter(&self) -> impl Iterator<Item = bool> {
        let bits = self.bytes.iter().flat_map(|byte| (0..8).map(move |at| byte & 0x80 >> at != 0));
        bits.take(self.len)
    }

    /// The bits in bytes, the first one in the highest bit of the first byte, with zeros after the last.
    ///
    /// ```
    /// let bits: trunkline_core::types::Bits = "101".parse()?;
    /// assert_eq!(bits.as_bytes(), [0b1010_0000]);
    /// # Ok::<(), trunkline_core::types::ParseError>(())
    /// ```
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl FromIterator<bool> for Bits {
    fn from_iter<I: IntoIterator<Item = bool>>(bits: I) -> Self {
        let mut all = Self::new();
        bits.into_iter().for_each(|bit| all.push(bit));
        all
    }
}

impl FromStr for Bits {
    type Err = ParseError;

    /// Reads the forms that PostgreSQL does: binary digits, after a `b` or not; or hexadecimal ones after an `x`.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let bits = match text.as_bytes() {
            [b'x' | b'X', digits @ ..] => hexadecimal(digits),
            [b'b' | b'B', digits @ ..] | digits => binary(digits),
        };
        bits.ok_or(NOT)
    }
}

fn binary(digits: &[u8]) -> Option<Bits> {
    let byte = |digits: &[u8]| {
        digits.iter().enumerate().try_fold(0, |byte, (at, digit)| match digit {
            b'0' => Some(byte),
            b'1' => Some(byte | 0x80 >> at),
            _ => None,
        })
    };
    let bytes = digits.chunks(8).map(byte).collect::<Option<_>>()?;
    Some(Bits { bytes, len: digits.len() })
}

fn hexadecimal(digits: &[u8]) -> Option<Bits> {
    let byte = |digits: &[u8]| match *digits {
        [high, low] => Some(hex_digit(high)? << 4 | hex_digit(low)?),
        [high] => Some(hex_digit(high)? << 4),
        _ => None,
    };
    let bytes = digits.chunks(2).map(byte).collect::<Option<_>>()?;
    Some(Bits { bytes, len: digits.len().checked_mul(4)? })
}

impl fmt::Display for Bits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.iter().try_for_each(|bit| f.write_str(if bit { "1" } else { "0" }))
    }
}

#[inline]
pub(super) fn is(type_: &Type) -> bool {
    matches!(type_.oid(), oid::BIT | oid::VARBIT)
}

/// Writes how many bits there are, which the bytes that they are in come after.
#[inline]
pub(super) fn encode_len(len: usize, out: &mut BytesMut) -> Result<(), BoxError> {
    let length = i32::try_from(len).map_err(|_| problem::out_of_range(len, 0, i32::MAX))?;
    out.extend_from_slice(&length.to_be_bytes());
    Ok(())
}

/// The bytes that the bits are in, no more than those take, and how many bits.
#[inline]
pub(super) fn decode<'a>(type_: &Type, raw: &'a [u8]) -> Result<(&'a [u8], usize), BoxError> {
    let decoded = raw.split_first_chunk().and_then(|(&len, bytes)| {
        let len = usize::try_from(i32::from_be_bytes(len)).ok()?;
        (len.div_ceil(8) == bytes.len()).then_some((bytes, len))
    });
    decoded.ok_or_else(|| problem::length(type_, raw.len()))
}

impl Codec for Bits {
    #[inline]
    fn is(type_: &Type) -> bool {
        is(type_)
    }

    #[inline]
    fn encode(&self, _type: &Type, out: &mut BytesMut) -> Result<(), BoxError> {
        encode_len(self.len, out)?;
        out.extend_from_slice(&self.bytes);
        Ok(())
    }

    #[inline]
    fn decode(type_: &Type, raw: &[u8]) -> Result<Self, BoxError> {
        let (bytes, len) = decode(type_, raw)?;
        Self::from_bytes(bytes.into(), len).ok_or_else(|| problem::length(type_, raw.len()))
    }
}

codec!(Bits);

#[cfg(test)]
mod tests {
    use std::string::{String, ToString};

    use proptest::prelude::*;

    use super::*;
    use crate::types::testing::{encode, round_trip, survives, text};

    proptest! {
        #[test]
        fn bits_arrive_in_both_formats(pushed: Vec<bool>) {
            let bits: Bits = pushed.iter().copied().collect();
            prop_assert_eq!(round_trip(&Type::BIT, &bits), bits.clone());
            prop_assert_eq!(round_trip(&Type::VARBIT, &bits), bits.clone());
            prop_assert_eq!(text::<Bits>(&Type::VARBIT, bits.to_string().as_bytes()).unwrap(), bits.clone());
            prop_assert_eq!(bits.iter().collect::<Vec<_>>(), pushed.clone());
            prop_assert_eq!((0..=bits.len()).map_while(|at| bits.get(at)).collect::<Vec<_>>(), pushed);
        }

        #[test]
        fn bits_after_the_last_do_not_count(bytes: Vec<u8>, len in 0..100_usize) {
            if let Some(bits) = Bits::from_bytes(bytes.clone(), len) {
                prop_assert_eq!(&bits, &bits.iter().collect());
                let mut raw = (u32::try_from(len).unwrap()).to_be_bytes().to_vec();
                raw.extend(&bytes[..len.div_ceil(8)]);
                prop_assert_eq!(<Bits as Codec>::decode(&Type::BIT, &raw).unwrap(), bits);
            } else {
                prop_assert!(bytes.len() * 8 < len);
            }
        }

        #[test]
        fn any_bytes_are_survived(raw: Vec<u8>, text: String) {
            survives::<Bits>(&Type::BIT, &raw);
            survives::<Bits>(&Type::VARBIT, text.as_bytes());
        }
    }

    #[test]
    fn all_forms_that_postgresql_reads_are_read() {
        for (form, written) in [
            ("", ""),
            ("0101", "0101"),
            ("b01", "01"),
            ("B01", "01"),
            ("x1F", "00011111"),
            ("Xabc", "101010111100"),
            ("b", ""),
            ("x", ""),
        ] {
            assert_eq!(form.parse::<Bits>().unwrap().to_string(), written, "{form}");
        }
        for form in [" 01", "012", "xg", "0x1", "01 ", "bx1", "b'01'"] {
            assert_eq!(form.parse::<Bits>(), Err(NOT), "{form}");
        }
    }

    #[test]
    fn bytes_are_those_of_the_server() {
        assert_eq!(&encode(&Type::VARBIT, &"0101".parse::<Bits>().unwrap()).unwrap()[..], b"\0\0\0\x04\x50");
        assert_eq!(&encode(&Type::VARBIT, &Bits::new()).unwrap()[..], b"\0\0\0\0");
        for wrong in [&b"\0\0\0"[..], b"\0\0\0\x04", b"\0\0\0\x04\x50\0", b"\xff\xff\xff\xff"] {
            assert!(<Bits as Codec>::decode(&Type::BIT, wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn order_is_that_of_the_server() {
        // select array_agg(b order by b) from unnest(array['1','0','00','01','000000001','','00000000']::varbit[]) b
        let sorted =
            ["", "0", "00", "00000000", "000000001", "01", "1"].map(|bits| bits.parse::<Bits>().unwrap());
        assert!(sorted.is_sorted_by(|a, b| a < b));
    }
}
