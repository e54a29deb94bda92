use trunkline_core::types::Type;
use trunkline_core::wire::Format;

use super::cell::Cell;
use super::choices::Choices;
use super::scalar::Scalar;
use crate::json::{Object, array, quoted};

/// How values of one type are read, in one of the formats.
#[derive(Debug, Clone)]
pub(crate) struct Representation {
    pub(crate) type_: Type,
    /// What values say of themselves in others: of a domain its own OID, while `type_` is what it is over.
    pub(crate) oid: u32,
    pub(crate) format: Format,
    pub(crate) reading: Reading,
}

/// What reads them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reading {
    /// One cell.
    Scalar(Scalar),
    /// The layout at that place of the plan.
    Layout(usize),
    /// A type that is not known, in binary: its first value that is not NULL is an error.
    Unknown,
}

/// How a value that is made of others is read.
#[derive(Debug, Clone)]
pub(crate) enum Layout {
    Array(Representation),
    Range(Representation),
    Multirange(Representation),
    Record(RowLayout),
    /// Doubles by name, such as those of a point.
    Numbers(&'static [&'static str]),
    /// An anonymous record: every value says of its fields what they are.
    Tuple(Choices),
    /// hstore.
    Map,
    /// A value that JavaScript gives to a codec of the program's.
    Codec(usize, Representation),
    /// A value that a class of Temporal is made from.
    Temporal(&'static str, Representation),
}

/// Where the fields of a row or record are.
#[derive(Debug, Clone, Default)]
pub(crate) struct RowLayout {
    pub(crate) fields: Box<[Field]>,
    /// Words of null bitmap at its start.
    pub(crate) null_words: usize,
    /// How many slots it takes, an even number: the next one starts at a 64-bit boundary.
    pub(crate) stride: usize,
}

#[derive(Debug, Clone)]
pub(crate) struct Field {
    pub(crate) name: Box<str>,
    pub(crate) representation: Representation,
    pub(crate) slot: usize,
}

impl Representation {
    /// The kind of its cells as JavaScript knows it.
    pub(crate) fn kind(&self) -> u32 {
        match self.reading {
            Reading::Scalar(scalar) => u32::from(scalar.cell(self.format) as u8),
            Reading::Layout(place) => Cell::LAYOUT + u32::try_from(place).unwrap_or(u32::MAX - Cell::LAYOUT),
            Reading::Unknown => u32::from(Cell::Text as u8),
        }
    }

    /// How many slots its cells take; those of every layout one.
    pub(crate) const fn slots(&self) -> usize {
        match self.reading {
            Reading::Scalar(scalar) => scalar.cell(self.format).slots(),
            Reading::Layout(_) | Reading::Unknown => 1,
        }
    }
}

impl RowLayout {
    /// Gives every field its slots: the wide ones first, so that they are aligned.
    pub(crate) fn new(mut fields: Box<[Field]>) -> Self {
        let null_words = fields.len().div_ceil(32);
        let mut slot = null_words.next_multiple_of(2);
        for wide in [true, false] {
            for field in &mut fields {
                let slots = field.representation.slots();
                if (slots == 2) == wide {
                    field.slot = slot;
                    slot += slots;
                }
            }
        }
        Self { fields, null_words, stride: slot.next_multiple_of(2) }
    }

    /// As `RowLayout` of `js/src/values/shape.ts`.
    pub(crate) fn describe(&self, object: &mut Object) {
        let fields = &self.fields;
        object.json("names", &array(fields.iter().map(|field| quoted(&field.name))));
        object.json("kinds", &array(fields.iter().map(|field| field.representation.kind().to_string())));
        object.json("slots", &array(fields.iter().map(|field| field.slot.to_string())));
        object.number("nullWords", self.null_words as u64);
        object.number("stride", self.stride as u64);
    }
}

impl Layout {
    /// As `Layout` of `js/src/values/shape.ts`.
    pub(crate) fn describe(&self) -> String {
        let mut object = Object::new();
        match self {
            Self::Array(of) => object.number("array", of.kind().into()),
            Self::Range(of) => object.number("range", of.kind().into()),
            Self::Multirange(of) => object.number("multirange", of.kind().into()),
            Self::Record(record) => object.json("record", &described(record)),
            Self::Numbers(names) => object.json("record", &described(&numbers(names))),
            Self::Tuple(_) => object.boolean("tuple", true),
            Self::Map => object.boolean("map", true),
            Self::Codec(codec, of) => {
                object.number("codec", *codec as u64);
                object.number("of", of.kind().into());
            }
            Self::Temporal(class, of) => {
                object.text("temporal", class);
                object.number("of", of.kind().into());
            }
        }
        object.finish()
    }
}

fn described(record: &RowLayout) -> String {
    let mut object = Object::new();
    record.describe(&mut object);
    object.finish()
}

fn numbers(names: &[&str]) -> RowLayout {
    let fields = names.iter().map(|name| Field {
        name: (*name).into(),
        representation: Representation {
            type_: Type::FLOAT8,
            oid: Type::FLOAT8.oid(),
            format: Format::Binary,
            reading: Reading::Scalar(Scalar::Float8),
        },
        slot: 0,
    });
    RowLayout::new(fields.collect())
}
