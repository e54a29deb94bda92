use trunkline_core::types::array::{ArrayText, ArrayView, Dimension};
use trunkline_core::types::composite::RecordView;
use trunkline_core::types::geometric::{Circle, Point};
use trunkline_core::types::range::{Bound, MultirangeView, RangeView};
use trunkline_core::types::{Hstore, Interval, Type, oid};
use trunkline_core::wire::{Format, Malformed};

use super::choices::Choices;
use super::layout::{Layout, Reading, Representation, RowLayout};
use super::plan::scalar;
use super::problem::Problem;
use super::scalar::Scalar;
use super::text::{Texts, length};

/// The bit of an array's number of dimensions that says that lower bounds follow the lengths.
const LOWER_BOUNDS: u32 = 1 << 31;

/// The flags of a range: PostgreSQL's own, of `rangetypes.h`.
mod flags {
    pub(super) const EMPTY: u32 = 1;
    pub(super) const LOWER_INCLUSIVE: u32 = 2;
    pub(super) const UPPER_INCLUSIVE: u32 = 4;
    pub(super) const LOWER_INFINITE: u32 = 8;
    pub(super) const UPPER_INFINITE: u32 = 16;
}

/// The words of a range: its flags, a gap, two slots for each bound.
const RANGE: usize = 6;

/// What stands for the kind of a NULL in a tuple.
const NULL: u32 = u32::MAX;

/// Decodes values, and what they are made of.
///
/// A value that is made of others lies among the nested slots, from an even index on, so that doubles in it are
/// aligned. `js/src/values/nested-reader.ts` has the forms.
#[derive(Debug)]
pub(crate) struct Decoder<'a> {
    pub(crate) layouts: &'a [Layout],
    pub(crate) nested: &'a mut Vec<u64>,
    pub(crate) texts: &'a mut Texts,
}

impl Decoder<'_> {
    /// The slots of a value; the lower half of the word is the first.
    pub(crate) fn decode(&mut self, of: &Representation, raw: &[u8]) -> Result<u64, Problem> {
        match of.reading {
            Reading::Scalar(scalar) => scalar.decode(&of.type_, of.format, raw, self.texts),
            Reading::Layout(place) => match self.layouts.get(place) {
                Some(layout) => self.layout(layout, of, raw),
                None => Err(unknown()),
            },
            Reading::Unknown => Err(unknown()),
        }
    }

    fn layout(&mut self, layout: &Layout, of: &Representation, raw: &[u8]) -> Result<u64, Problem> {
        let start = match layout {
            Layout::Codec(_, of) | Layout::Temporal(_, of) => return self.decode(of, raw),
            Layout::Array(element) => self.array(&of.type_, element, raw)?,
            Layout::Range(bound) => {
                let start = self.reserve(RANGE);
                self.range(start, bound, RangeView::read(raw)?)?;
                start
            }
            Layout::Multirange(bound) => self.multirange(bound, raw)?,
            Layout::Record(record) => self.record(record, raw)?,
            Layout::Numbers(_) => self.numbers(&of.type_, raw)?,
            Layout::Tuple(choices) => self.tuple(*choices, &of.type_, raw)?,
            Layout::Map => self.map(&of.type_, raw)?,
        };
        Ok(length(start).into())
    }

    /// `[ dimensions ][ lengths ][ lower bounds? ][ null bitmap ][ to an even index ][ elements ]`
    fn array(&mut self, type_: &Type, element: &Representation, raw: &[u8]) -> Result<usize, Problem> {
        if element.format == Format::Text {
            return self.array_text(type_, element, raw);
        }
        let array = ArrayView::read(raw)?;
        // Composite values stay what they are in an array of records.
        if !matches!(element.oid, oid::RECORD) && element.oid != array.element_oid() {
            return Err(changed());
        }
        let dimensions: Vec<Dimension> = array.dimensions().collect();
        let elements = array.elements();
        // The vectors of the catalogs always start at 0.
        let vector = matches!(type_.oid(), oid::INT2VECTOR | oid::OIDVECTOR);
        self.elements(element, &dimensions, !vector, array.len(), elements)
    }

    /// The same in text format, for elements without a binary form.
    fn array_text(&mut self, type_: &Type, element: &Representation, raw: &[u8]) -> Result<usize, Problem> {
        let mut array = ArrayText::read(raw, type_.delimiter());
        let mut elements = Vec::new();
        for value in array.by_ref() {
            elements.push(value.map_err(|problem| Problem(problem.to_string()))?);
        }
        let values = elements.iter().map(|value| Ok(value.as_deref()));
        self.elements(element, array.dimensions(), true, elements.len(), values)
    }

    fn elements<'b>(
        &mut self,
        element: &Representation,
        dimensions: &[Dimension],
        tells_bounds: bool,
        count: usize,
        values: impl Iterator<Item = Result<Option<&'b [u8]>, Malformed>>,
    ) -> Result<usize, Problem> {
        let bounded = tells_bounds && dimensions.iter().any(|dimension| dimension.lower_bound != 1);
        let mut head = vec![length(dimensions.len()) | if bounded { LOWER_BOUNDS } else { 0 }];
        head.extend(dimensions.iter().map(|dimension| length(dimension.length)));
        if bounded {
            head.extend(dimensions.iter().map(|dimension| dimension.lower_bound.cast_unsigned()));
        }
        let nulls = head.len();
        let first = (nulls + count.div_ceil(32)).next_multiple_of(2);
        let width = element.slots();
        let start = self.reserve(first + count * width);
        for (at, word) in head.into_iter().enumerate() {
            self.put(start + at, 1, word.into());
        }
        for (index, value) in values.enumerate() {
            self.field(element, value?, start + nulls, index, start + first + index * width)?;
        }
        Ok(start)
    }

    /// Laid out as a row is.
    fn record(&mut self, record: &RowLayout, raw: &[u8]) -> Result<usize, Problem> {
        let start = self.reserve(record.stride);
        let mut fields = RecordView::read(raw)?;
        for (index, field) in record.fields.iter().enumerate() {
            let Some(value) = fields.next() else { return Err(changed()) };
            let (told, value) = value?;
            if told != field.representation.oid {
                return Err(changed());
            }
            self.field(&field.representation, value, start, index, start + field.slot)?;
        }
        if fields.next().is_some() { Err(changed()) } else { Ok(start) }
    }

    /// A value with the bit of its NULL in the bitmap that begins at `nulls`.
    fn field(
        &mut self,
        of: &Representation,
        value: Option<&[u8]>,
        nulls: usize,
        index: usize,
        at: usize,
    ) -> Result<(), Problem> {
        match value {
            Some(value) => {
                let slots = self.decode(of, value)?;
                self.put(at, of.slots(), slots);
            }
            None => self.set_bit(nulls, index),
        }
        Ok(())
    }

    /// `[ flags ][ gap ][ lower bound, two slots ][ upper bound, two slots ]`
    fn range(&mut self, start: usize, bound: &Representation, range: RangeView<'_>) -> Result<(), Problem> {
        let RangeView::Bounds { lower, upper } = range else {
            self.put(start, 1, flags::EMPTY.into());
            return Ok(());
        };
        let mut told = 0;
        for (end, at, inclusive, infinite) in [
            (lower, start + 2, flags::LOWER_INCLUSIVE, flags::LOWER_INFINITE),
            (upper, start + 4, flags::UPPER_INCLUSIVE, flags::UPPER_INFINITE),
        ] {
            let raw = match end {
                Bound::Unbounded => {
                    told |= infinite;
                    continue;
                }
                Bound::Included(raw) => {
                    told |= inclusive;
                    raw
                }
                Bound::Excluded(raw) => raw,
            };
            let slots = self.decode(bound, raw)?;
            self.put(at, bound.slots(), slots);
        }
        self.put(start, 1, told.into());
        Ok(())
    }

    /// `[ count ][ gap ][ ranges ]`
    fn multirange(&mut self, bound: &Representation, raw: &[u8]) -> Result<usize, Problem> {
        let ranges = MultirangeView::read(raw)?;
        let count = ranges.len();
        let start = self.reserve(2 + count * RANGE);
        self.put(start, 1, length(count).into());
        for (index, range) in ranges.enumerate() {
            self.range(start + 2 + index * RANGE, bound, range?)?;
        }
        Ok(start)
    }

    /// Doubles one after the other, behind a null bitmap.
    fn numbers(&mut self, type_: &Type, raw: &[u8]) -> Result<usize, Problem> {
        let numbers = match type_.oid() {
            oid::POINT => {
                let Point { x, y } = Point::from_binary(type_, raw)?;
                vec![x, y]
            }
            oid::CIRCLE => {
                let Circle { center, radius } = Circle::from_binary(type_, raw)?;
                vec![center.x, center.y, radius]
            }
            _ => interval(Interval::from_binary(type_, raw)?)?,
        };
        let start = self.reserve(2 + numbers.len() * 2);
        for (index, number) in numbers.into_iter().enumerate() {
            self.put(start + 2 + index * 2, 2, number.to_bits());
        }
        Ok(start)
    }

    /// `[ count ][ gap ][ kind of cell, or NULL; gap; two slots ]…`
    fn tuple(&mut self, choices: Choices, of: &Type, raw: &[u8]) -> Result<usize, Problem> {
        let record = RecordView::read(raw)?;
        let count = record.len();
        let start = self.reserve(2 + count * 4);
        self.put(start, 1, length(count).into());
        for (index, field) in record.enumerate() {
            let (field_type, value) = field?;
            let at = start + 2 + index * 4;
            let Some(value) = value else {
                self.put(at, 1, NULL.into());
                continue;
            };
            // What is made of others is told as its text here.
            let type_ = of.named(field_type).base().clone();
            let scalar = scalar(&type_, choices).unwrap_or(Scalar::Rendered);
            let slots = scalar.decode(&type_, Format::Binary, value, self.texts)?;
            let cell = scalar.cell(Format::Binary);
            self.put(at, 1, u64::from(cell as u8));
            self.put(at + 2, cell.slots(), slots);
        }
        Ok(start)
    }

    /// `[ count ][ null bitmap ][ key, value ]…`, both texts.
    fn map(&mut self, type_: &Type, raw: &[u8]) -> Result<usize, Problem> {
        let pairs = Hstore::from_binary(type_, raw)?;
        let count = pairs.0.len();
        let texts = 1 + count.div_ceil(32);
        let start = self.reserve(texts + count * 2);
        self.put(start, 1, length(count).into());
        for (index, (key, value)) in pairs.0.into_iter().enumerate() {
            let at = start + texts + index * 2;
            let slot = self.texts.push_text(key);
            self.put(at, 1, slot.into());
            match value {
                Some(value) => {
                    let slot = self.texts.push_text(value);
                    self.put(at + 1, 1, slot.into());
                }
                None => self.set_bit(start + 1, index),
            }
        }
        Ok(start)
    }

    /// Makes room for so many nested slots and gives the index of the first, an even one.
    fn reserve(&mut self, slots: usize) -> usize {
        let start = self.nested.len();
        self.nested.resize(start + slots.div_ceil(2), 0);
        start * 2
    }

    fn put(&mut self, at: usize, width: usize, slots: u64) {
        put(bytemuck::cast_slice_mut(self.nested), at, width, slots);
    }

    fn set_bit(&mut self, bitmap: usize, index: usize) {
        let words: &mut [u32] = bytemuck::cast_slice_mut(self.nested);
        if let Some(word) = words.get_mut(bitmap + index / 32) {
            *word |= 1 << (index % 32);
        }
    }
}

/// Writes a value's one or two slots.
#[inline]
pub(crate) fn put(slots: &mut [u32], at: usize, width: usize, value: u64) {
    let [a, b, c, d, e, f, g, h] = value.to_le_bytes();
    let (low, high) = (u32::from_le_bytes([a, b, c, d]), u32::from_le_bytes([e, f, g, h]));
    if width == 1 {
        if let Some(slot) = slots.get_mut(at) {
            *slot = low;
        }
    } else if let Some(pair) = slots.get_mut(at..).and_then(<[u32]>::first_chunk_mut::<2>) {
        *pair = [low, high];
    }
}

fn interval(interval: Interval) -> Result<Vec<f64>, Problem> {
    const SAFE: u64 = (1 << 53) - 1;
    if !interval.is_finite() {
        let infinity = if interval == Interval::INFINITY { f64::INFINITY } else { f64::NEG_INFINITY };
        return Ok(vec![infinity; 3]);
    }
    if interval.microseconds.unsigned_abs() > SAFE {
        return Err(Problem(format!(
            "its {} microseconds are not a safe integer in JavaScript; set the option intervals to \"string\"",
            interval.microseconds
        )));
    }
    #[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
    let microseconds = interval.microseconds as f64;
    Ok(vec![interval.months.into(), interval.days.into(), microseconds])
}

#[cold]
fn unknown() -> Problem {
    Problem(
        "this type is not known here; select it with ::text, or give a codec for it as the option types"
            .into(),
    )
}

#[cold]
fn changed() -> Problem {
    Problem("its type is made of other types than it was; call reloadTypes()".into())
}
