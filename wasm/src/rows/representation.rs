use trunkline_core::types::Type;
use trunkline_core::wire::Format;
use trunkline_core::{Column, Columns};

use super::cell::Cell;

/// What `int8` becomes in JavaScript.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Int8 {
    /// A number, and an error when the value is not a safe integer.
    #[default]
    Number,
    BigInt,
    String,
}

/// A type that can be decoded, arrays aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scalar {
    Bool,
    Int2,
    Int4,
    Oid,
    Int8(Int8),
    Float4,
    Float8,
    Text,
    Json,
    Jsonb,
    Bytea,
    Uuid,
}

/// How a column's values are decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Representation {
    Scalar(Scalar, Format),
    /// A binary array.
    Array(Scalar),
    /// A type that is not known, in binary: its first value that is not NULL is an error.
    Unknown,
}

/// How the rows of a result are laid out in slots.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub(crate) columns: Box<[PlannedColumn]>,
    /// Words of null bitmap at the start of a row.
    pub(crate) null_words: usize,
    /// Slots of a row, an even number: rows start at 64-bit boundaries.
    pub(crate) stride: usize,
}

#[derive(Debug, Clone)]
pub(crate) struct PlannedColumn {
    pub(crate) name: Box<str>,
    pub(crate) type_name: Box<str>,
    pub(crate) oid: u32,
    pub(crate) representation: Representation,
    pub(crate) slot: usize,
}

impl Plan {
    pub(crate) fn new(columns: &Columns, int8: Int8) -> Self {
        let null_words = columns.len().div_ceil(32);
        let mut columns: Box<[PlannedColumn]> =
            columns.iter().map(|column| PlannedColumn::new(column, int8)).collect();
        let mut slot = null_words.next_multiple_of(2);
        for wide in [true, false] {
            for column in columns.iter_mut().filter(|c| (c.representation.slots() == 2) == wide) {
                column.slot = slot;
                slot += column.representation.slots();
            }
        }
        Self { columns, null_words, stride: slot.next_multiple_of(2) }
    }
}

impl PlannedColumn {
    fn new(column: &Column, int8: Int8) -> Self {
        Self {
            name: column.name.clone(),
            type_name: column.type_.name().into(),
            oid: column.type_.oid(),
            representation: Representation::new(&column.type_, column.format, int8),
            slot: 0,
        }
    }

    /// The kind of its cells as JavaScript knows it.
    pub(crate) fn kind(&self) -> u8 {
        match self.representation {
            Representation::Scalar(scalar, format) => scalar.cell(format).code(),
            Representation::Array(element) => Cell::ARRAY + element.cell(Format::Binary).code(),
            Representation::Unknown => Cell::Text.code(),
        }
    }
}

impl Representation {
    fn new(type_: &Type, format: Format, int8: Int8) -> Self {
        let oid = type_.oid();
        match (Scalar::new(oid, int8), element_of(oid), format) {
            (Some(scalar), _, _) => Self::Scalar(scalar, format),
            (None, Some(element), Format::Binary) => {
                Scalar::new(element, int8).map_or(Self::Unknown, Self::Array)
            }
            // The text of a type that is not known is still its text.
            (None, _, Format::Text) => Self::Scalar(Scalar::Text, format),
            (None, None, Format::Binary) => Self::Unknown,
        }
    }

    const fn slots(self) -> usize {
        match self {
            Self::Scalar(scalar, format) => scalar.cell(format).slots(),
            Self::Array(_) | Self::Unknown => 1,
        }
    }
}

impl Scalar {
    pub(crate) const fn new(oid: u32, int8: Int8) -> Option<Self> {
        Some(match oid {
            oids::BOOL => Self::Bool,
            oids::INT2 => Self::Int2,
            oids::INT4 => Self::Int4,
            oids::INT8 => Self::Int8(int8),
            // An OID, and the types that are one: regproc, xid, cid, regclass and the like.
            oids::OID | oids::XID | oids::CID => Self::Oid,
            oids::FLOAT4 => Self::Float4,
            oids::FLOAT8 => Self::Float8,
            oids::TEXT
            | oids::VARCHAR
            | oids::BPCHAR
            | oids::NAME
            | oids::CHAR
            | oids::UNKNOWN
            | oids::XML => Self::Text,
            oids::JSON => Self::Json,
            oids::JSONB => Self::Jsonb,
            oids::BYTEA => Self::Bytea,
            oids::UUID => Self::Uuid,
            // What `select` without an expression list and `returns void` functions give: no bytes.
            oids::VOID => Self::Text,
            _ => return None,
        })
    }

    pub(crate) const fn cell(self, format: Format) -> Cell {
        match self {
            Self::Float4 | Self::Float8 if matches!(format, Format::Text) => Cell::Number,
            Self::Float4 => Cell::F32,
            Self::Bool => Cell::Bool,
            Self::Int2 | Self::Int4 => Cell::I32,
            Self::Oid => Cell::U32,
            Self::Int8(Int8::Number) | Self::Float8 => Cell::F64,
            Self::Int8(Int8::BigInt) => Cell::I64,
            Self::Int8(Int8::String) | Self::Text | Self::Uuid => Cell::Text,
            Self::Json | Self::Jsonb => Cell::Json,
            Self::Bytea => Cell::Bytes,
        }
    }
}

/// The element type of the built-in arrays that can be decoded.
pub(crate) const fn element_of(array: u32) -> Option<u32> {
    Some(match array {
        1000 => oids::BOOL,
        1001 => oids::BYTEA,
        1002 => oids::CHAR,
        1003 => oids::NAME,
        1005 | oids::INT2VECTOR => oids::INT2,
        1007 => oids::INT4,
        1009 => oids::TEXT,
        1014 => oids::BPCHAR,
        1015 => oids::VARCHAR,
        1016 => oids::INT8,
        1021 => oids::FLOAT4,
        1022 => oids::FLOAT8,
        1028 | oids::OIDVECTOR => oids::OID,
        199 => oids::JSON,
        3807 => oids::JSONB,
        2951 => oids::UUID,
        _ => return None,
    })
}

/// OIDs of PostgreSQL's `pg_type.dat`.
pub(crate) mod oids {
    pub(crate) const BOOL: u32 = 16;
    pub(crate) const BYTEA: u32 = 17;
    pub(crate) const CHAR: u32 = 18;
    pub(crate) const NAME: u32 = 19;
    pub(crate) const INT8: u32 = 20;
    pub(crate) const INT2: u32 = 21;
    pub(crate) const INT2VECTOR: u32 = 22;
    pub(crate) const INT4: u32 = 23;
    pub(crate) const TEXT: u32 = 25;
    pub(crate) const OID: u32 = 26;
    pub(crate) const XID: u32 = 28;
    pub(crate) const CID: u32 = 29;
    pub(crate) const OIDVECTOR: u32 = 30;
    pub(crate) const JSON: u32 = 114;
    pub(crate) const XML: u32 = 142;
    pub(crate) const FLOAT4: u32 = 700;
    pub(crate) const FLOAT8: u32 = 701;
    pub(crate) const UNKNOWN: u32 = 705;
    pub(crate) const BPCHAR: u32 = 1042;
    pub(crate) const VARCHAR: u32 = 1043;
    pub(crate) const NUMERIC: u32 = 1700;
    pub(crate) const VOID: u32 = 2278;
    pub(crate) const UUID: u32 = 2950;
    pub(crate) const JSONB: u32 = 3802;
}
