use trunkline_core::Columns;
use trunkline_core::types::{Kind, Type, oid};
use trunkline_core::wire::Format;

use super::choices::{Choices, Intervals, Moment};
use super::codecs::Codecs;
use super::layout::{Field, Layout, Reading, Representation, RowLayout};
use super::scalar::Scalar;

/// How the rows of a result become slots.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub(crate) row: RowLayout,
    pub(crate) layouts: Vec<Layout>,
}

impl Plan {
    pub(crate) fn new(columns: &Columns, choices: Choices, codecs: &Codecs) -> Self {
        let mut planner = Planner { choices, codecs, layouts: Vec::new() };
        let fields = columns.iter().map(|column| Field {
            name: column.name.clone(),
            representation: planner.represent(&column.type_, column.format),
            slot: 0,
        });
        let row = RowLayout::new(fields.collect());
        Self { row, layouts: planner.layouts }
    }
}

struct Planner<'a> {
    choices: Choices,
    codecs: &'a Codecs,
    layouts: Vec<Layout>,
}

impl Planner<'_> {
    fn represent(&mut self, type_: &Type, format: Format) -> Representation {
        let reading = self.codec(type_, format).unwrap_or_else(|| self.reading(type_.base(), format));
        Representation { type_: type_.base().clone(), oid: type_.oid(), format, reading }
    }

    /// The program's own way, of a domain or of what that is over.
    fn codec(&mut self, type_: &Type, format: Format) -> Option<Reading> {
        let Some((place, codec)) = self.codecs.decoder(type_) else {
            return match type_.kind() {
                Kind::Domain(over) => self.codec(&over, format),
                _ => None,
            };
        };
        let scalar = match (codec.format, format) {
            (Format::Binary, _) => Scalar::Raw,
            (Format::Text, Format::Binary) => Scalar::Rendered,
            (Format::Text, Format::Text) => Scalar::Text,
        };
        let (type_, oid) = (type_.base().clone(), type_.oid());
        let of = Representation { type_, oid, format, reading: Reading::Scalar(scalar) };
        Some(self.layout(Layout::Codec(place, of)))
    }

    fn reading(&mut self, type_: &Type, format: Format) -> Reading {
        let scalar = scalar(type_, self.choices);
        if let Some(scalar) = scalar.filter(|scalar| format == Format::Binary || scalar.reads_text()) {
            return Reading::Scalar(scalar);
        }
        match (type_.kind(), format) {
            (Kind::Array(element), _) => {
                let of = self.represent(&element, format);
                self.layout(Layout::Array(of))
            }
            // What has no binary form has a text; what is made of it too.
            (_, Format::Text) => Reading::Scalar(Scalar::Text),
            (Kind::Base, _) => match self.parts(type_, format) {
                Some(parts) => parts,
                None if type_.schema() == "pg_catalog" => Reading::Scalar(Scalar::Rendered),
                None => self.extension(type_),
            },
            (Kind::Range(bound), _) => {
                let of = self.represent(&bound, format);
                self.layout(Layout::Range(of))
            }
            (Kind::Multirange(range), _) => {
                let Kind::Range(bound) = range.kind() else { return Reading::Unknown };
                let of = self.represent(&bound, format);
                self.layout(Layout::Multirange(of))
            }
            (Kind::Composite(fields), _) => {
                let fields = fields.iter().map(|field| Field {
                    name: field.name.clone(),
                    representation: self.represent(&field.type_, format),
                    slot: 0,
                });
                let record = RowLayout::new(fields.collect());
                self.layout(Layout::Record(record))
            }
            (Kind::Enum(_), _) => Reading::Scalar(Scalar::Text),
            (Kind::Pseudo, _) if type_.oid() == oid::RECORD => self.layout(Layout::Tuple(self.choices)),
            (Kind::Pseudo, _) if type_.oid() == oid::ANYARRAY => Reading::Scalar(Scalar::Rendered),
            _ => Reading::Unknown,
        }
    }

    /// The types of extensions that are known.
    fn extension(&mut self, type_: &Type) -> Reading {
        match type_.name() {
            "hstore" => self.layout(Layout::Map),
            "citext" | "ltree" | "lquery" | "ltxtquery" => Reading::Scalar(Scalar::Text),
            "vector" | "halfvec" => Reading::Scalar(Scalar::Numbers),
            "sparsevec" => Reading::Scalar(Scalar::Rendered),
            _ => Reading::Unknown,
        }
    }

    /// What objects are made of, or objects of Temporal.
    fn parts(&mut self, type_: &Type, format: Format) -> Option<Reading> {
        let numbers = match type_.oid() {
            oid::POINT => &["x", "y"][..],
            oid::CIRCLE => &["x", "y", "radius"],
            oid::INTERVAL if self.choices.intervals() != Intervals::String => {
                &["months", "days", "microseconds"]
            }
            _ => return self.temporal(type_, format),
        };
        let reading = self.layout(Layout::Numbers(numbers));
        if type_.oid() == oid::INTERVAL && self.choices.intervals() == Intervals::Temporal {
            return Some(self.made("Duration", type_, format, reading));
        }
        Some(reading)
    }

    fn temporal(&mut self, type_: &Type, format: Format) -> Option<Reading> {
        let moment = if type_.oid() == oid::DATE { self.choices.dates() } else { self.choices.timestamps() };
        let class = match type_.oid() {
            oid::TIMESTAMPTZ => "Instant",
            oid::TIMESTAMP => "PlainDateTime",
            oid::DATE => "PlainDate",
            oid::TIME => "PlainTime",
            _ => return None,
        };
        (moment == Moment::Temporal)
            .then(|| self.made(class, type_, format, Reading::Scalar(Scalar::Extended)))
    }

    fn made(&mut self, class: &'static str, type_: &Type, format: Format, reading: Reading) -> Reading {
        let of = Representation { type_: type_.clone(), oid: type_.oid(), format, reading };
        self.layout(Layout::Temporal(class, of))
    }

    fn layout(&mut self, layout: Layout) -> Reading {
        self.layouts.push(layout);
        Reading::Layout(self.layouts.len() - 1)
    }
}

/// What one cell holds, of the types that are no more than that.
pub(super) fn scalar(type_: &Type, choices: Choices) -> Option<Scalar> {
    Some(match type_.oid() {
            oid::BOOL => Scalar::Bool,
            oid::INT2 | oid::INT4 => Scalar::Int4,
            oid::OID
            | oid::REGPROC
            | oid::REGPROCEDURE
            | oid::REGOPER
            | oid::REGOPERATOR
            | oid::REGCLASS
            | oid::REGCOLLATION
            | oid::REGTYPE
            | oid::REGROLE
            | oid::REGNAMESPACE
            | oid::REGCONFIG
            | oid::REGDICTIONARY
            | oid::XID
            | oid::CID => Scalar::Oid,
            oid::INT8 => Scalar::Int8(choices.int8()),
            oid::FLOAT4 => Scalar::Float4,
            oid::FLOAT8 => Scalar::Float8,
            oid::NUMERIC if choices.numeric_is_number() => Scalar::Number,
            oid::TEXT
            | oid::VARCHAR
            | oid::BPCHAR
            | oid::NAME
            | oid::UNKNOWN
            | oid::XML
            | oid::REFCURSOR
            | oid::CSTRING
            | oid::PG_NODE_TREE
            | oid::JSONPATH
            // What functions that return nothing give: no bytes.
            | oid::VOID => Scalar::Text,
            oid::CHAR => Scalar::Char,
            oid::JSON | oid::JSONB if choices.json_is_text() => Scalar::Text,
            oid::JSON | oid::JSONB => Scalar::Json,
            oid::BYTEA => Scalar::Bytea,
            oid::UUID => Scalar::Uuid,
            oid::DATE if choices.dates() == Moment::String => Scalar::Iso,
            oid::DATE if choices.dates() == Moment::Date => Scalar::Date,
            oid::TIMESTAMPTZ if choices.timestamps() == Moment::Date => Scalar::Date,
            oid::TIMESTAMPTZ if choices.timestamps() == Moment::String => Scalar::Iso,
            oid::TIME | oid::TIMESTAMP if choices.timestamps() != Moment::Temporal => Scalar::Iso,
            _ => return None,
        })
}
