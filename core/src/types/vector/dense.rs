//! What vector and halfvec have in common.
//!
//! ```text
//! Int16 dimensions │ Int16 0 │ element…
//! ```

use alloc::vec::Vec;
use core::fmt;

use bytes::{BufMut, BytesMut};

use crate::error::BoxError;
use crate::types::float::text::{FloatText, read};
use crate::types::space::skip_spaces;
use crate::wire::{Malformed, Reader, Unencodable};

#[inline]
pub(super) fn encode<T: Copy, const N: usize>(
    elements: &[T],
    to_bytes: impl Fn(T) -> [u8; N],
    out: &mut BytesMut,
) -> Result<(), BoxError> {
    let count = u16::try_from(elements.len())
        .map_err(|_| Unencodable::TooMany("dimensions of a vector", u16::MAX.into()))?;
    out.put_u32(u32::from(count) << 16);
    put_elements(elements, to_bytes, out);
    Ok(())
}

/// All at once, which is several times faster than one after another.
#[inline]
pub(super) fn put_elements<T: Copy, const N: usize>(
    elements: &[T],
    to_bytes: impl Fn(T) -> [u8; N],
    out: &mut BytesMut,
) {
    let start = out.len();
    out.put_bytes(0, elements.len() * N);
    let (places, _) = out.get_mut(start..).unwrap_or_default().as_chunks_mut();
    for (place, &element) in places.iter_mut().zip(elements) {
        *place = to_bytes(element);
    }
}

pub(super) fn decode<T, const N: usize>(
    raw: &[u8],
    of_bytes: impl Fn([u8; N]) -> T,
) -> Result<Vec<T>, BoxError> {
    let mut reader = Reader::new(raw);
    let count = usize::from(reader.u16()?);
    reserved(reader.i16()?.into())?;
    let elements = elements(&mut reader, count, of_bytes)?;
    reader.finish()?;
    Ok(elements)
}

pub(super) fn elements<T, const N: usize>(
    reader: &mut Reader<'_>,
    count: usize,
    of_bytes: impl Fn([u8; N]) -> T,
) -> Result<Vec<T>, BoxError> {
    let length = count.checked_mul(N).ok_or(Malformed::InvalidLength)?;
    let (chunks, _) = reader.bytes(length)?.as_chunks();
    Ok(chunks.iter().map(|&bytes| of_bytes(bytes)).collect())
}

/// What is not used yet must be zero, or the bytes mean something that is not known here.
pub(super) fn reserved(value: i32) -> Result<(), Malformed> {
    if value == 0 { Ok(()) } else { Err(Malformed::Unknown("a vector's unused field")) }
}

/// `[1,2.5]`, at least one element, all of them finite, with spaces anywhere around them.
pub(super) fn parse<T>(text: &[u8], of_f32: impl Fn(f32) -> Option<T>) -> Option<Vec<T>> {
    let mut rest = skip_spaces(text).strip_prefix(b"[")?;
    let mut elements = Vec::new();
    loop {
        let (value, after) = finite(rest)?;
        elements.push(of_f32(value)?);
        rest = match skip_spaces(after) {
            [b',', after @ ..] => after,
            [b']', after @ ..] => return skip_spaces(after).is_empty().then_some(elements),
            _ => return None,
        };
    }
}

/// The number at the start of a text, and what follows.
pub(super) fn finite(text: &[u8]) -> Option<(f32, &[u8])> {
    read(text).filter(|(value, _): &(f32, _)| value.is_finite())
}

pub(super) fn write(f: &mut fmt::Formatter<'_>, elements: impl Iterator<Item = f32>) -> fmt::Result {
    f.write_str("[")?;
    for (at, element) in elements.enumerate() {
        if at > 0 {
            f.write_str(",")?;
        }
        write!(f, "{}", FloatText(element))?;
    }
    f.write_str("]")
}
