use bytes::{BufMut, BytesMut};
use trunkline_core::types::composite;
use trunkline_core::types::geometric::{Circle, Point};
use trunkline_core::types::range::Bound;
use trunkline_core::types::{
    Array, ArrayElement, BoxError, Format, Hstore, IsNull, Kind, Multirange, Range, ToSql, Type, oid,
};

use super::interval::interval;
use super::json::write_json;
use super::list::{flatten, vector};
use super::moment::Moment;
use super::numbers::{decimal, whole};
use super::value::{List, Value};

/// A value of JavaScript is written as the value of Rust that it stands for, by the type that it goes into.
impl ToSql for Value<'_> {
    fn accepts(&self, type_: &Type) -> bool {
        // What does not fit says more when it is written.
        let _ = type_;
        true
    }

    fn to_sql(&self, type_: &Type, out: &mut BytesMut) -> Result<IsNull, BoxError> {
        with_host(*self, type_, |host| {
            if host.accepts(type_) { host.to_sql(type_, out) } else { Err(unfit(*self)) }
        })?
    }

    fn format(&self, type_: &Type) -> Format {
        with_host(*self, type_, |host| host.format(type_)).unwrap_or(Format::Binary)
    }

    fn host_type(&self) -> &'static str {
        Value::host_type(*self)
    }
}

impl ArrayElement for Value<'_> {}

/// Calls `then` with the value of Rust.
fn with_host<R>(value: Value<'_>, type_: &Type, then: impl FnOnce(&dyn ToSql) -> R) -> Result<R, BoxError> {
    let oid = type_.oid();
    Ok(match value {
        Value::Null => then(&None::<bool>),
        Value::Literal(text) => then(&Literal(text)),
        Value::Raw(bytes) => then(&Raw(bytes)),
        _ if matches!(oid, oid::JSON | oid::JSONB) => {
            let mut text = BytesMut::new();
            write_json(value, &mut text)?;
            then(&Json(&text))
        }
        Value::Bool(bool) => then(&bool),
        Value::Int(int) => number(int.into(), i64::from(int), oid, then),
        #[expect(clippy::cast_precision_loss, reason = "as PostgreSQL's own cast from integers rounds")]
        Value::BigInt(int) => number(int as f64, int, oid, then),
        Value::Double(double) if matches!(oid, oid::FLOAT4 | oid::FLOAT8) => then(&double),
        Value::Double(double) if oid == oid::NUMERIC => then(&Literal(&decimal(double))),
        Value::Double(double) => then(&whole(double)?),
        Value::Decimal(text) if oid == oid::NUMERIC => then(&Literal(text)),
        Value::Decimal(_) => return Err("it is out of range".into()),
        Value::String(text) if text.accepts(type_) => then(&text),
        Value::String(text) => then(&Literal(text)),
        Value::Date(milliseconds) => match Moment::new(milliseconds, type_)? {
            Moment::Date(date) => then(&date),
            Moment::Timestamp(timestamp) => then(&timestamp),
            Moment::TimestampTz(timestamp) => then(&timestamp),
            Moment::Text(text) => then(&Literal(&text)),
        },
        Value::Bytes(bytes) => then(&bytes),
        Value::Json(_) => return Err(unfit(value)),
        Value::Range(bounds) => then(&range(bounds)?),
        Value::Bounded(parts) => then(&bounded(parts)?),
        Value::List(list) => return self::list(list, type_, then),
        Value::Object(object) => return self::object(object, type_, then),
    })
}

/// An integer goes into a float, a decimal or an integer.
fn number<R>(double: f64, int: i64, oid: u32, then: impl FnOnce(&dyn ToSql) -> R) -> R {
    match oid {
        oid::FLOAT4 | oid::FLOAT8 => then(&double),
        oid::NUMERIC => then(&Literal(&int.to_string())),
        _ => then(&int),
    }
}

fn list<R>(list: List<'_>, type_: &Type, then: impl FnOnce(&dyn ToSql) -> R) -> Result<R, BoxError> {
    Ok(match type_.kind() {
        Kind::Array(_) | Kind::Unknown => then(&flatten(list, None)?),
        Kind::Multirange(_) => {
            let ranges: Result<Vec<_>, BoxError> = list
                .iter()
                .map(|value| match value {
                    Value::Range(bounds) => range(bounds),
                    other => Err(unfit(other)),
                })
                .collect();
            then(&Multirange(ranges?))
        }
        Kind::Composite(fields) => {
            if fields.len() != list.count {
                return Err(format!("it has {} values where the type has {} fields", list.count, fields.len()).into());
            }
            let values: Vec<_> = list.iter().collect();
            let named = fields.iter().zip(&values).map(|(field, value)| (&*field.name, value as &dyn ToSql));
            then(&Fields(&named.collect::<Vec<_>>()))
        }
        Kind::Base if matches!(type_.name(), "vector" | "halfvec") => then(&Literal(&vector(list)?)),
        _ => return Err("the type is no array's, and no json".into()),
    })
}

fn object<R>(object: List<'_>, type_: &Type, then: impl FnOnce(&dyn ToSql) -> R) -> Result<R, BoxError> {
    let entries: Vec<_> = object.entries().collect();
    let double = |name: &str| match entries.iter().find(|(known, _)| *known == name) {
        Some((_, Value::Int(int))) => Ok(f64::from(*int)),
        Some((_, Value::Double(double))) => Ok(*double),
        _ => Err(BoxError::from(format!("it has no number {name}"))),
    };
    Ok(match type_.kind() {
        Kind::Composite(_) => {
            let named = entries.iter().map(|(name, value)| (*name, value as &dyn ToSql));
            then(&Fields(&named.collect::<Vec<_>>()))
        }
        _ if type_.oid() == oid::INTERVAL => then(&interval(&entries)?),
        _ if type_.oid() == oid::POINT => then(&Point { x: double("x")?, y: double("y")? }),
        _ if type_.oid() == oid::CIRCLE => {
            let center = Point { x: double("x")?, y: double("y")? };
            then(&Circle { center, radius: double("radius")? })
        }
        Kind::Base if type_.name() == "hstore" => {
            let pairs: Result<Hstore, BoxError> = entries.iter().map(|(name, value)| pair(name, *value)).collect();
            then(&pairs?)
        }
        _ => return Err("only json and types with named parts take objects".into()),
    })
}

fn pair(name: &str, value: Value<'_>) -> Result<(String, Option<String>), BoxError> {
    match value {
        Value::Null => Ok((name.into(), None)),
        Value::String(text) => Ok((name.into(), Some(text.into()))),
        _ => Err(format!("the value of {name} is a {}, not a string or null", value.host_type()).into()),
    }
}

fn range(bounds: List<'_>) -> Result<Range<Value<'_>>, BoxError> {
    let mut parts = bounds.iter();
    let (Some(Value::Int(flags)), Some(lower), Some(upper)) = (parts.next(), parts.next(), parts.next()) else {
        return Err("it is no range".into());
    };
    let bound = |value, inclusive: i32, infinite: i32| match value {
        _ if flags & infinite != 0 => Bound::Unbounded,
        value if flags & inclusive != 0 => Bound::Included(value),
        value => Bound::Excluded(value),
    };
    if flags & 1 != 0 {
        return Ok(Range::Empty);
    }
    Ok(Range::new(bound(lower, 2, 8), bound(upper, 4, 16)))
}

fn bounded(parts: List<'_>) -> Result<Array<Value<'_>>, BoxError> {
    let mut parts = parts.iter();
    let (Some(Value::List(bounds)), Some(Value::List(elements))) = (parts.next(), parts.next()) else {
        return Err("its lowerBounds are not an array".into());
    };
    flatten(elements, Some(bounds))
}

/// What fits no type of that kind: the types say it all.
#[cold]
fn unfit(value: Value<'_>) -> BoxError {
    match value {
        Value::Int(_) | Value::Double(_) | Value::BigInt(_) => {
            "convert it with String(), or cast the parameter in the SQL".into()
        }
        Value::Json(_) | Value::Object(_) => "only json and types with named parts take objects".into(),
        _ => "the types do not match".into(),
    }
}

/// A text that the server reads, whatever the type.
#[derive(Debug)]
struct Literal<'a>(&'a str);

impl ToSql for Literal<'_> {
    fn accepts(&self, _type: &Type) -> bool {
        true
    }

    fn to_sql(&self, _type: &Type, out: &mut BytesMut) -> Result<IsNull, BoxError> {
        if self.0.bytes().any(|byte| byte == 0) {
            return Err("it contains a NUL character, which PostgreSQL's texts cannot hold".into());
        }
        out.put_slice(self.0.as_bytes());
        Ok(IsNull::No)
    }

    fn format(&self, _type: &Type) -> Format {
        Format::Text
    }
}

/// The binary form of whatever type it is.
#[derive(Debug)]
struct Raw<'a>(&'a [u8]);

impl ToSql for Raw<'_> {
    fn accepts(&self, _type: &Type) -> bool {
        true
    }

    fn to_sql(&self, _type: &Type, out: &mut BytesMut) -> Result<IsNull, BoxError> {
        out.put_slice(self.0);
        Ok(IsNull::No)
    }
}

/// A text that is JSON.
#[derive(Debug)]
struct Json<'a>(&'a [u8]);

impl ToSql for Json<'_> {
    fn accepts(&self, type_: &Type) -> bool {
        matches!(type_.oid(), oid::JSON | oid::JSONB)
    }

    fn to_sql(&self, type_: &Type, out: &mut BytesMut) -> Result<IsNull, BoxError> {
        match core::str::from_utf8(self.0) {
            Ok(text) => text.to_sql(type_, out),
            Err(_) => Err("its JSON is not valid UTF-8".into()),
        }
    }
}

/// The fields of a composite value.
#[derive(Debug)]
struct Fields<'a>(&'a [(&'a str, &'a dyn ToSql)]);

impl ToSql for Fields<'_> {
    fn accepts(&self, type_: &Type) -> bool {
        composite::accepts(self.0, type_)
    }

    fn to_sql(&self, type_: &Type, out: &mut BytesMut) -> Result<IsNull, BoxError> {
        composite::encode(self.0, type_, out)
    }

    fn format(&self, type_: &Type) -> Format {
        composite::format(self.0, type_)
    }
}
