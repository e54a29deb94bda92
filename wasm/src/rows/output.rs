use trunkline_core::RowBatch;

use super::layout::Field;
use super::nested::{Decoder, put};
use super::plan::Plan;
use super::problem::Problem;
use super::text::{Texts, address};

/// The rows that one chunk of the socket brought, of any number of operations.
#[derive(Debug, Default)]
pub(crate) struct RowOutput {
    /// Slots, two in each word: the allocator then aligns them for 64-bit reads.
    slots: Vec<u64>,
    nested: Vec<u64>,
    texts: Texts,
    /// What long values point into.
    kept: Vec<RowBatch>,
}

/// Where the rows of one event are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rows {
    pub(crate) rows: u32,
    /// Index of the first slot.
    pub(crate) slot: u32,
    /// Index of the first segment.
    pub(crate) segment: u32,
    pub(crate) segments: u32,
}

/// A value that JavaScript cannot be given.
#[derive(Debug, Clone)]
pub(crate) struct Undecodable {
    pub(crate) column: Box<str>,
    pub(crate) type_name: Box<str>,
    pub(crate) problem: String,
}

impl RowOutput {
    /// Forgets everything: the addresses given out are dead.
    pub(crate) fn clear(&mut self) {
        self.slots.clear();
        self.nested.clear();
        self.texts.clear();
        self.kept.clear();
    }

    /// Decodes a batch and keeps it, because long values are read where they are.
    pub(crate) fn push(&mut self, batch: RowBatch, plan: &Plan) -> Result<Rows, Undecodable> {
        let slot = self.slots.len() * 2;
        let segment = self.texts.segments.len() / 4;
        let stride = plan.row.stride;
        let words = stride / 2;
        self.slots.resize(self.slots.len() + batch.len() * words, 0);
        let slots: &mut [u32] = bytemuck::cast_slice_mut(self.slots.as_mut_slice());
        let slots = slots.get_mut(slot..).unwrap_or_default();
        self.texts.begin();
        // A row without columns has no slots; it still counts.
        let mut rows = slots.chunks_exact_mut(stride.max(1));
        for index in 0..batch.len() {
            let row = rows.next().unwrap_or_default();
            let mut decoder =
                Decoder { layouts: &plan.layouts, nested: &mut self.nested, texts: &mut self.texts };
            decode_row(&batch, index, plan, row, &mut decoder)?;
            self.texts.end_row();
        }
        self.texts.end();
        let rows = count(batch.len());
        self.kept.push(batch);
        let segments = count(self.texts.segments.len() / 4 - segment);
        Ok(Rows { rows, slot: count(slot), segment: count(segment), segments })
    }

    /// The addresses of the slots, the nested slots, the texts, the segments and the long values.
    pub(crate) fn addresses(&self) -> [u32; 5] {
        [
            address(self.slots.as_ptr()),
            address(self.nested.as_ptr()),
            address(self.texts.bytes.as_ptr()),
            address(self.texts.segments.as_ptr()),
            address(self.texts.long.as_ptr()),
        ]
    }
}

fn decode_row(
    batch: &RowBatch,
    index: usize,
    plan: &Plan,
    row: &mut [u32],
    decoder: &mut Decoder<'_>,
) -> Result<(), Undecodable> {
    for ((position, column), raw) in plan.row.fields.iter().enumerate().zip(batch.fields(index)) {
        match raw {
            Some(raw) => {
                let of = &column.representation;
                let slots = decoder.decode(of, raw).map_err(|problem| undecodable(column, problem))?;
                put(row, column.slot, of.slots(), slots);
            }
            None => {
                if let Some(word) = row.get_mut(position / 32) {
                    *word |= 1 << (position % 32);
                }
            }
        }
    }
    Ok(())
}

#[cold]
fn undecodable(column: &Field, problem: Problem) -> Undecodable {
    let type_name = column.representation.type_.name().into();
    Undecodable { column: column.name.clone(), type_name, problem: problem.0 }
}

/// A count of things in linear memory, each of at least a byte.
fn count(things: usize) -> u32 {
    u32::try_from(things).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use bytes::{BufMut, BytesMut};
    use trunkline_core::types::Type;
    use trunkline_core::wire::Format;
    use trunkline_core::{Column, Columns};

    use super::super::{Choices, Codecs};
    use super::*;

    type Field<'a> = Option<&'a [u8]>;

    fn batch(rows: &[&[Field<'_>]]) -> RowBatch {
        let mut out = BytesMut::new();
        for row in rows {
            let mut body = BytesMut::new();
            body.put_u16(row.len().try_into().unwrap());
            for field in *row {
                match field {
                    Some(bytes) => {
                        body.put_i32(bytes.len().try_into().unwrap());
                        body.put_slice(bytes);
                    }
                    None => body.put_i32(-1),
                }
            }
            out.put_u8(b'D');
            out.put_u32(u32::try_from(body.len()).unwrap() + 4);
            out.put_slice(&body);
        }
        RowBatch::take(&mut out, rows[0].len()).unwrap().unwrap()
    }

    fn plan(columns: &[(u32, Format)], choices: u32) -> Plan {
        let columns: Vec<Column> =
            columns.iter().map(|(oid, format)| Column::new("c", Type::from_oid(*oid), *format)).collect();
        Plan::new(&Columns::from(columns), Choices::new(choices), &Codecs::default())
    }

    fn slots(output: &RowOutput) -> &[u32] {
        bytemuck::cast_slice(&output.slots)
    }

    #[test]
    fn numbers_and_texts_take_their_slots() {
        let plan =
            plan(&[(23, Format::Binary), (701, Format::Binary), (25, Format::Binary), (16, Format::Text)], 0);
        let mut output = RowOutput::default();
        let rows: [&[Field<'_>]; 2] = [
            &[Some(&(-5i32).to_be_bytes()), Some(&1.5f64.to_be_bytes()), Some(b"hi"), Some(b"t")],
            &[None, None, Some("h\u{e9}\u{1f600}".as_bytes()), Some(b"f")],
        ];
        let event = output.push(batch(&rows), &plan).unwrap();
        assert_eq!(event, Rows { rows: 2, slot: 0, segment: 0, segments: 1 });
        // null word and padding, the wide column, then the others in order, padded to even
        assert_eq!(plan.row.stride, 8);
        assert_eq!(slots(&output)[..8], [0, 0, 0, 0x3ff8_0000, (-5i32).cast_unsigned(), 2, 1, 0]);
        assert_eq!(slots(&output)[8..], [0b11, 0, 0, 0, 0, 2 + 4, 0, 0]);
        assert_eq!(output.texts.segments, [2, 0, 9, 0]);
    }

    #[test]
    fn long_texts_and_bytes_are_listed_and_segments_end_with_their_row() {
        let plan = plan(&[(25, Format::Binary), (17, Format::Binary)], 0);
        let mut output = RowOutput::default();
        let (long, short) = ("x".repeat(512), "y".repeat(500));
        let row: [Field<'_>; 2] = [Some(short.as_bytes()), Some(b"")];
        let rows: [&[Field<'_>]; 6] = [&[Some(long.as_bytes()), None], &row, &row, &row, &row, &row];
        output.push(batch(&rows), &plan).unwrap();
        assert_eq!(slots(&output)[2], 1 << 31);
        assert_eq!(output.texts.long[1..3], [512, 1]);
        assert_eq!(output.texts.segments, [5, 0, 2000, 1, 1, 2000, 500, 1]);
    }

    #[test]
    fn an_int8_that_is_not_safe_is_an_error_that_names_the_option() {
        let rows: [&[Field<'_>]; 1] = [&[Some(&(1i64 << 53).to_be_bytes())]];
        let error = RowOutput::default().push(batch(&rows), &plan(&[(20, Format::Binary)], 0)).unwrap_err();
        assert!(error.problem.contains("int8"), "{error:?}");
        let mut output = RowOutput::default();
        output.push(batch(&rows), &plan(&[(20, Format::Binary)], 2)).unwrap();
        assert_eq!(output.texts.bytes, b"9007199254740992");
    }

    #[test]
    fn arrays_nest_and_say_their_nulls() {
        let mut raw = BytesMut::new();
        for word in [1, 1, 23, 3, 1, 4, 7, -1, 4, 9] {
            raw.put_i32(word);
        }
        let rows: [&[Field<'_>]; 1] = [&[Some(&raw)]];
        let mut output = RowOutput::default();
        output.push(batch(&rows), &plan(&[(1007, Format::Binary)], 0)).unwrap();
        assert_eq!(bytemuck::cast_slice::<u64, u32>(&output.nested)[..7], [1, 3, 0b010, 0, 7, 0, 9]);
    }

    #[test]
    fn a_count_that_lies_is_an_error_not_memory() {
        let mut raw = BytesMut::new();
        for word in [2, 0, 23, i32::MAX, 1, i32::MAX, 1] {
            raw.put_i32(word);
        }
        let rows: [&[Field<'_>]; 1] = [&[Some(&raw)]];
        let plan = plan(&[(1007, Format::Binary)], 0);
        assert!(RowOutput::default().push(batch(&rows), &plan).is_err());
    }

    #[test]
    fn bytea_in_both_text_forms() {
        for text in [&b"\\x6162ff"[..], b"ab\\377"] {
            let rows: [&[Field<'_>]; 1] = [&[Some(text)]];
            let mut output = RowOutput::default();
            output.push(batch(&rows), &plan(&[(17, Format::Text)], 0)).unwrap();
            assert_eq!(output.texts.long[1], 3);
        }
    }
}
