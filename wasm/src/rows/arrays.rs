use trunkline_core::wire::{Format, Reader};

use super::decode::{Problem, decode};
use super::representation::{Scalar, oids};
use super::text::Texts;

/// PostgreSQL's MAXDIM.
const MAX_DIMENSIONS: usize = 6;

/// Decodes a binary array into nested slots and gives the index of the first:
///
/// ```text
/// [ dimensions, length of each ][ null bitmap ][ to an even index ][ elements, one or two slots each ]
/// ```
pub(crate) fn decode_array(
    column: u32,
    element: Scalar,
    raw: &[u8],
    nested: &mut Vec<u64>,
    texts: &mut Texts,
) -> Result<u32, Problem> {
    let short = |_| Problem("its array ends too early".into());
    let mut reader = Reader::new(raw);
    let dimensions = usize::try_from(reader.i32().map_err(short)?).unwrap_or(usize::MAX);
    if dimensions > MAX_DIMENSIONS {
        return Err(Problem("its array has more dimensions than PostgreSQL allows".into()));
    }
    reader.u32().map_err(short)?; // whether there are NULLs: they are seen by themselves
    reader.u32().map_err(short)?; // the element's type, known from the column's
    let mut head = vec![u32::try_from(dimensions).unwrap_or(0)];
    let mut count = usize::from(dimensions > 0);
    for _ in 0..dimensions {
        let length = reader.u32().map_err(short)?;
        let lower = reader.i32().map_err(short)?;
        if lower != 1 && !matches!(column, oids::INT2VECTOR | oids::OIDVECTOR) {
            return Err(Problem(format!(
                "its array starts at index {lower}, which a JavaScript array cannot say; select it with ::text"
            )));
        }
        head.push(length);
        count = count.saturating_mul(length.try_into().unwrap_or(usize::MAX));
    }
    // Every element takes four bytes of what is here at least.
    if count > reader.remaining() / 4 {
        return Err(short(trunkline_core::wire::Malformed::Truncated));
    }
    let width = element.cell(Format::Binary).slots();
    let nulls_at = head.len();
    let elements_at = (nulls_at + count.div_ceil(32)).next_multiple_of(2);
    let start = nested.len();
    nested.resize(start + (elements_at + count * width).div_ceil(2), 0);
    let slots: &mut [u32] = bytemuck::cast_slice_mut(nested.get_mut(start..).unwrap_or_default());
    if let Some(place) = slots.get_mut(..nulls_at) {
        place.copy_from_slice(&head);
    }
    for index in 0..count {
        match reader.value().map_err(short)? {
            Some(value) => {
                let at = elements_at + index * width;
                let out = slots.get_mut(at..at + width).unwrap_or_default();
                decode(element, Format::Binary, value, out, texts)?;
            }
            None => {
                if let Some(word) = slots.get_mut(nulls_at + index / 32) {
                    *word |= 1 << (index % 32);
                }
            }
        }
    }
    reader.finish().map_err(|_| Problem("bytes are left over after its array".into()))?;
    Ok(u32::try_from(start * 2).unwrap_or(0))
}
