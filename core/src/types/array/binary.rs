//! Binary format: `array_send` and `array_recv` of the server's `arrayfuncs.c`.
//!
//! ```text
//! Int32 dimensions │ Int32 has NULLs │ Int32 element OID │ ( Int32 length, Int32 lower bound )… │ value…
//! ```

use alloc::vec::Vec;

use bytes::{BufMut, BytesMut};

use super::dimensions;
use crate::error::BoxError;
use crate::types::{FromSql, ToSql, Type, oid, problem};
use crate::wire::{Format, IsNull, Malformed, Reader, Unencodable};

pub(super) fn encode<T: ToSql>(
    values: &[T],
    type_: &Type,
    element: &Type,
    out: &mut BytesMut,
) -> Result<(), BoxError> {
    out.put_i32(i32::from(!values.is_empty()));
    let flags_at = out.len();
    out.put_i32(0);
    out.put_u32(element.oid());
    if values.is_empty() {
        return Ok(());
    }
    let count = i32::try_from(values.len()).map_err(|_| Unencodable::TooLong("an array"))?;
    out.put_i32(count);
    out.put_i32(i32::from(!starts_at_zero(type_)));
    for value in values {
        let length_at = out.len();
        out.put_i32(-1);
        if value.to_sql(element, out)? == IsNull::Yes {
            put_at(out, flags_at, 1);
            continue;
        }
        let length = out.len() - length_at - 4;
        put_at(out, length_at, i32::try_from(length).map_err(|_| Unencodable::TooLong("an element"))?);
    }
    Ok(())
}

pub(super) fn decode<'a, T: FromSql<'a>>(
    type_: &Type,
    element: &Type,
    raw: &'a [u8],
) -> Result<Vec<T>, BoxError> {
    let mut reader = Reader::new(raw);
    let count = reader.i32()?;
    let _has_nulls = reader.i32()?;
    let sent = reader.u32()?;
    let sent = if sent == element.oid() { element.clone() } else { Type::from_oid(sent) };
    if sent != *element && type_.is_known() || !T::accepts(&sent) {
        return Err(problem::mismatch());
    }
    match count {
        0 => {
            reader.finish()?;
            return Ok(Vec::new());
        }
        1 => {}
        _ => return Err(dimensions(count)),
    }
    let count = usize::try_from(reader.i32()?).map_err(|_| Malformed::InvalidLength)?;
    let _lower_bound = reader.i32()?;
    // Every element takes the four bytes of its length at least, so that no count is believed beyond that.
    if count > reader.remaining() / 4 {
        return Err(Malformed::Truncated.into());
    }
    let mut values = Vec::with_capacity(count);
    for _ in 0..count {
        values.push(match reader.value()? {
            Some(value) => T::from_sql(&sent, Format::Binary, value)?,
            None => T::from_null()?,
        });
    }
    reader.finish()?;
    Ok(values)
}

/// The vectors of the catalogs are arrays that start at 0, and the server insists on it.
fn starts_at_zero(type_: &Type) -> bool {
    matches!(type_.oid(), oid::INT2VECTOR | oid::OIDVECTOR)
}

fn put_at(out: &mut BytesMut, at: usize, value: i32) {
    if let Some(place) = out.get_mut(at..).and_then(<[u8]>::first_chunk_mut) {
        *place = value.to_be_bytes();
    }
}
