use bytes::BytesMut;
use trunkline_core::types::geometric::{Circle, Point};
use trunkline_core::types::{
    ArrayElement, BoxError, Format, Hstore, IsNull, Kind, Multirange, Numeric, ToSql, Type, oid,
};

use super::given::{Fields, Json, Literal, Raw};
use super::interval::interval;
use super::json::write_json;
use super::list::{bounded, flatten, range, vector};
use super::moment::Moment;
use super::numbers::{decimal, whole};
use super::text::text;
use super::value::{List, Value};

/// A value of JavaScript, written as the value of Rust that it stands for by the type that it goes into.
#[derive(Clone, Copy)]
pub(super) struct Host<'a> {
    pub(super) value: Value<'a>,
    /// It is part of one that is written in text, because another part can be written in no other way.
    pub(super) in_text: bool,
    /// What it is called when it does not fit, as a part of another value.
    part_name: Option<&'static str>,
}

impl<'a> Host<'a> {
    pub(super) const fn new(value: Value<'a>) -> Self {
        Self { value, in_text: false, part_name: None }
    }

    fn in_text(self) -> Self {
        Self { in_text: true, ..self }
    }

    /// A part of it, of which the error says where it is.
    pub(super) const fn part(self, value: Value<'a>) -> Self {
        self.named_part("it", value)
    }

    /// A part of it, in the same way.
    pub(super) const fn named_part(self, name: &'static str, value: Value<'a>) -> Self {
        Self { value, part_name: Some(name), ..self }
    }

    /// Why it cannot be a value of the type. A parameter is named with its types already.
    #[cold]
    pub(super) fn unfit(self, type_: &Type) -> BoxError {
        let hint = hint(self.value, type_);
        let Some(name) = self.part_name else { return hint.into() };
        let host_type = self.value.host_type();
        let article = if matches!(host_type, "array" | "object") { "an" } else { "a" };
        let colon = if hint.is_empty() { "" } else { ": " };
        format!("{name} is {article} {host_type}{colon}{hint}").into()
    }
}

impl ToSql for Host<'_> {
    /// What does not fit says more when it is written.
    fn accepts(&self, _type: &Type) -> bool {
        true
    }

    fn to_sql(&self, type_: &Type, out: &mut BytesMut) -> Result<IsNull, BoxError> {
        let mixed = !self.in_text && self.value.is_made_of_others() && self.format(type_) == Format::Text;
        let host = if mixed { self.in_text() } else { *self };
        host.with(type_, |value| {
            if value.accepts(type_) { value.to_sql(type_, out) } else { Err(self.unfit(type_)) }
        })?
    }

    fn format(&self, type_: &Type) -> Format {
        self.with(type_, |value| value.format(type_)).unwrap_or(Format::Binary)
    }

    fn host_type(&self) -> &'static str {
        self.value.host_type()
    }
}

impl ArrayElement for Host<'_> {}

impl<'a> Host<'a> {
    /// Calls `then` with the value of Rust.
    fn with<R>(self, type_: &Type, then: impl FnOnce(&dyn ToSql) -> R) -> Result<R, BoxError> {
        let oid = type_.oid();
        Ok(match self.value {
            Value::Null => then(&None::<bool>),
            Value::Literal(text) => then(&Literal(text)),
            Value::List(list) if !is_json(oid) => return self.list(list, type_, then),
            Value::Range(bounds) => then(&range(self, bounds)?),
            Value::Bounded(parts) => then(&bounded(self, type_, parts)?),
            Value::Object(object) if matches!(type_.kind(), Kind::Composite(_)) => {
                let entries: Vec<_> =
                    object.entries().map(|(name, value)| (name, self.part(value))).collect();
                let named = entries.iter().map(|(name, host)| (*name, host as &dyn ToSql));
                then(&Fields(&named.collect::<Vec<_>>()))
            }
            _ if self.in_text => {
                // What does not fit is found in the same way; the server would take it for a text.
                Self { in_text: false, ..self }.to_sql(type_, &mut BytesMut::new()).map(drop)?;
                then(&Literal(&text(self, type_)?))
            }
            Value::Raw(bytes) => then(&Raw(bytes)),
            value if is_json(oid) => {
                let mut text = BytesMut::new();
                write_json(value, &mut text)?;
                then(&Json(&text))
            }
            Value::Bool(bool) => then(&bool),
            Value::Int(int) => number(int.into(), oid, then),
            Value::BigInt(int) => number(int, oid, then),
            Value::Double(double) if matches!(oid, oid::FLOAT4 | oid::FLOAT8) => then(&double),
            Value::Double(double) if oid == oid::NUMERIC => then(&numeric(&decimal(double))?),
            // As which infinite ones are read.
            Value::Double(double) if double.is_infinite() && is_moment(oid) => {
                then(&Literal(if double > 0.0 { "infinity" } else { "-infinity" }))
            }
            Value::Double(double) if 0_i64.accepts(type_) => then(&whole(double)?),
            Value::Decimal(text) if oid == oid::NUMERIC => then(&numeric(text)?),
            // A float is rounded by the server: code that reads decimals would be a tenth of the wasm.
            Value::Decimal(text) if matches!(oid, oid::FLOAT4 | oid::FLOAT8 | oid::XID8) => {
                then(&Literal(text))
            }
            Value::Decimal(_) if 0_i64.accepts(type_) => return Err("it is out of range".into()),
            Value::String(text) if text.accepts(type_) => then(&text),
            Value::String(text) => then(&Literal(text)),
            Value::Date(milliseconds) => match Moment::new(milliseconds, type_)? {
                Some(Moment::Date(date)) => then(&date),
                Some(Moment::Timestamp(timestamp)) => then(&timestamp),
                Some(Moment::TimestampTz(timestamp)) => then(&timestamp),
                Some(Moment::Text(text)) => then(&Literal(&text)),
                None => return Err(self.unfit(type_)),
            },
            Value::Bytes(bytes) => then(&bytes),
            Value::Object(object) => return self.parts(object, type_, then),
            Value::Double(_) | Value::Decimal(_) | Value::Json(_) | Value::List(_) => {
                return Err(self.unfit(type_));
            }
        })
    }

    fn list<R>(
        self,
        list: List<'a>,
        type_: &Type,
        then: impl FnOnce(&dyn ToSql) -> R,
    ) -> Result<R, BoxError> {
        let oid = type_.oid();
        Ok(match type_.kind() {
            // The vectors of the catalogs begin at 0, as core writes lists into them.
            Kind::Array(_) if matches!(oid, oid::INT2VECTOR | oid::OIDVECTOR) => {
                then(&list.iter().map(|value| self.part(value)).collect::<Vec<_>>())
            }
            Kind::Array(element) => then(&flatten(self, &element, list, None)?),
            Kind::Unknown => then(&flatten(self, type_, list, None)?),
            Kind::Multirange(_) => {
                let ranges: Result<Vec<_>, BoxError> = list
                    .iter()
                    .map(|value| match value {
                        Value::Range(bounds) => range(self, bounds),
                        other => Err(self.named_part("one of its ranges", other).unfit(type_)),
                    })
                    .collect();
                then(&Multirange(ranges?))
            }
            Kind::Composite(fields) if fields.len() == list.count => {
                let hosts: Vec<_> = list.iter().map(|value| self.part(value)).collect();
                let named = fields.iter().zip(&hosts).map(|(field, host)| (&*field.name, host as &dyn ToSql));
                then(&Fields(&named.collect::<Vec<_>>()))
            }
            Kind::Composite(fields) => {
                return Err(format!("it has {} values, the type {} fields", list.count, fields.len()).into());
            }
            Kind::Base if matches!(type_.name(), "vector" | "halfvec") => then(&Literal(&vector(list)?)),
            _ => return Err(self.unfit(type_)),
        })
    }

    /// The values that JavaScript has as objects of parts.
    fn parts<R>(
        self,
        object: List<'_>,
        type_: &Type,
        then: impl FnOnce(&dyn ToSql) -> R,
    ) -> Result<R, BoxError> {
        let entries: Vec<_> = object.entries().collect();
        let double = |name: &str| match entries.iter().find(|(known, _)| *known == name) {
            Some((_, Value::Int(int))) => Ok(f64::from(*int)),
            Some((_, Value::Double(double))) => Ok(*double),
            _ => Err(BoxError::from(format!("it has no number {name}"))),
        };
        Ok(match type_.oid() {
            oid::INTERVAL => then(&interval(&entries)?),
            oid::POINT => then(&Point { x: double("x")?, y: double("y")? }),
            oid::CIRCLE => {
                let center = Point { x: double("x")?, y: double("y")? };
                then(&Circle { center, radius: double("radius")? })
            }
            _ if type_.name() == "hstore" => {
                let pairs: Result<Hstore, BoxError> =
                    entries.iter().map(|(name, value)| pair(name, *value)).collect();
                then(&pairs?)
            }
            _ => return Err(self.unfit(type_)),
        })
    }
}

fn pair(name: &str, value: Value<'_>) -> Result<(String, Option<String>), BoxError> {
    match value {
        Value::Null => Ok((name.into(), None)),
        Value::String(text) => Ok((name.into(), Some(text.into()))),
        _ => Err(format!("the value of {name} is a {}, not a string or null", value.host_type()).into()),
    }
}

/// An integer goes into floats, as PostgreSQL's own cast rounds, decimals and integers.
fn number<R>(int: i64, oid: u32, then: impl FnOnce(&dyn ToSql) -> R) -> R {
    match oid {
        #[expect(clippy::cast_precision_loss, reason = "rounding is what a float means")]
        oid::FLOAT4 | oid::FLOAT8 => then(&(int as f64)),
        _ => then(&int),
    }
}

fn numeric(text: &str) -> Result<Numeric, BoxError> {
    Ok(text.parse::<Numeric>()?)
}

const fn is_moment(oid: u32) -> bool {
    matches!(oid, oid::TIMESTAMPTZ | oid::TIMESTAMP | oid::DATE)
}

pub(super) const fn is_json(oid: u32) -> bool {
    matches!(oid, oid::JSON | oid::JSONB)
}

/// What to do about a value that does not fit; of most the types say it all.
fn hint(value: Value<'_>, type_: &Type) -> &'static str {
    match type_.kind() {
        Kind::Array(_) => return "give an array",
        Kind::Range(_) => return "give a Range or a string",
        Kind::Multirange(_) => return "give an array of Range or a string",
        Kind::Composite(_) => return "give an object with its fields",
        _ => {}
    }
    match (value, type_.oid()) {
        (_, oid::INTERVAL) => "give { months, days, microseconds } or a string",
        (Value::Int(_) | Value::Double(_), oid) if is_moment(oid) => "give a Date or a string",
        (Value::Int(_) | Value::Double(_) | Value::BigInt(_) | Value::Decimal(_), _) => {
            "convert it with String(), or cast the parameter in the SQL"
        }
        (Value::List(_) | Value::Bounded(_), _) => "the type takes no arrays",
        (Value::Json(_) | Value::Object(_), _) => "only json and types with named parts take objects",
        _ => "",
    }
}
