//! The binary form of coordinates, one after the other.

use alloc::vec::Vec;

use bytes::{BufMut, BytesMut};

use super::Point;
use crate::error::BoxError;
use crate::types::{Type, problem};

#[inline]
pub(super) fn put<const N: usize>(floats: [f64; N], out: &mut BytesMut) {
    out.extend_from_slice(floats.map(f64::to_be_bytes).as_flattened());
}

/// As many floats as these bytes must be.
#[inline]
pub(super) fn take<const N: usize>(type_: &Type, raw: &[u8]) -> Result<[f64; N], BoxError> {
    floats(raw).ok_or_else(|| problem::length(type_, raw.len()))
}

#[inline]
fn floats<const N: usize>(raw: &[u8]) -> Option<[f64; N]> {
    let (floats, []) = raw.as_chunks() else { return None };
    let floats: [[u8; 8]; N] = floats.try_into().ok()?;
    Some(floats.map(f64::from_be_bytes))
}

/// A count and so many points, at least one: no path or polygon can be without.
pub(super) fn put_points(
    points: impl ExactSizeIterator<Item = Point>,
    out: &mut BytesMut,
) -> Result<(), BoxError> {
    let count = points.len();
    if count == 0 {
        return Err("it has no points, and the server takes none without".into());
    }
    out.put_i32(i32::try_from(count).map_err(|_| problem::out_of_range(count, 1, i32::MAX))?);
    let start = out.len();
    out.resize(start.saturating_add(count.saturating_mul(16)), 0);
    let (floats, _) = out.get_mut(start..).unwrap_or_default().as_chunks_mut();
    let (slots, _) = floats.as_chunks_mut();
    for ([x, y], point) in slots.iter_mut().zip(points) {
        *x = point.x.to_be_bytes();
        *y = point.y.to_be_bytes();
    }
    Ok(())
}

pub(super) fn take_points(type_: &Type, raw: &[u8]) -> Result<Vec<Point>, BoxError> {
    points(raw).ok_or_else(|| problem::length(type_, raw.len()))
}

fn points(raw: &[u8]) -> Option<Vec<Point>> {
    let (&count, raw) = raw.split_first_chunk()?;
    let (floats, []) = raw.as_chunks() else { return None };
    let (points, []) = floats.as_chunks() else { return None };
    let point = |&[x, y]: &[[u8; 8]; 2]| Point { x: f64::from_be_bytes(x), y: f64::from_be_bytes(y) };
    let is_all = i32::try_from(points.len()) == Ok(i32::from_be_bytes(count));
    is_all.then(|| points.iter().map(point).collect())
}
