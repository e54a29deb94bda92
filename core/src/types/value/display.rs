use core::fmt::{self, Display, Formatter};

use super::{Record, Value};
use crate::types::Array;
use crate::types::array::ArrayWriter;
use crate::types::composite::RecordWriter;
use crate::types::float::text::FloatText;

impl Display for Value {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => Ok(()),
            Self::Bool(value) => f.write_str(if *value { "t" } else { "f" }),
            Self::Int2(value) => value.fmt(f),
            Self::Int4(value) => value.fmt(f),
            Self::Int8(value) => value.fmt(f),
            Self::Oid(value) => value.fmt(f),
            Self::Xid8(value) => value.fmt(f),
            Self::Float4(value) => FloatText(*value).fmt(f),
            Self::Float8(value) => FloatText(*value).fmt(f),
            Self::Numeric(value) => value.fmt(f),
            Self::Money(value) => value.fmt(f),
            Self::Char(value) => byte(*value, f),
            Self::Text(value) | Self::Json(value) => f.write_str(value),
            Self::Bytea(value) | Self::Opaque(value) => hex(value, f),
            Self::Date(value) => value.fmt(f),
            Self::Time(value) => value.fmt(f),
            Self::TimeTz(value) => value.fmt(f),
            Self::Timestamp(value) => value.fmt(f),
            Self::TimestampTz(value) => value.fmt(f),
            Self::Interval(value) => value.fmt(f),
            Self::Uuid(value) => value.fmt(f),
            Self::Bits(value) => value.fmt(f),
            Self::Inet(value) => value.fmt(f),
            Self::Cidr(value) => value.fmt(f),
            Self::MacAddr(value) => value.fmt(f),
            Self::MacAddr8(value) => value.fmt(f),
            Self::Point(value) => value.fmt(f),
            Self::Line(value) => value.fmt(f),
            Self::LineSegment(value) => value.fmt(f),
            Self::Box(value) => value.fmt(f),
            Self::Path(value) => value.fmt(f),
            Self::Polygon(value) => value.fmt(f),
            Self::Circle(value) => value.fmt(f),
            Self::PgLsn(value) => value.fmt(f),
            Self::Tid(value) => value.fmt(f),
            Self::Snapshot(value) => value.fmt(f),
            Self::TsVector(value) => value.fmt(f),
            Self::TsQuery(value) => value.fmt(f),
            Self::Int2Vector(value) => spaced(value, f),
            Self::OidVector(value) => spaced(value, f),
            Self::Hstore(value) => value.fmt(f),
            Self::Vector(value) => value.fmt(f),
            Self::HalfVector(value) => value.fmt(f),
            Self::SparseVector(value) => value.fmt(f),
            Self::Array(value) => array(value, f),
            Self::Range(value) => value.fmt(f),
            Self::Multirange(value) => value.fmt(f),
            Self::Record(value) => value.fmt(f),
        }
    }
}

impl Display for Record {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut writer = RecordWriter::new(f)?;
        for value in self.values() {
            writer.display(present(value))?;
        }
        writer.finish()
    }
}

fn array(array: &Array<Value>, f: &mut Formatter<'_>) -> fmt::Result {
    // The one type whose text has commas in it.
    let boxes = array.elements().iter().any(|element| matches!(element, Value::Box(_)));
    let mut writer = ArrayWriter::new(f, array.dimensions(), if boxes { b';' } else { b',' })?;
    for element in array.elements() {
        writer.display(present(element))?;
    }
    Ok(())
}

fn present(value: &Value) -> Option<&dyn Display> {
    if value.is_null() { None } else { Some(value) }
}

/// As `charout` has it.
fn byte(byte: u8, f: &mut Formatter<'_>) -> fmt::Result {
    match byte {
        0 => Ok(()),
        1..128 => fmt::Write::write_char(f, char::from(byte)),
        128.. => write!(f, "\\{byte:03o}"),
    }
}

fn hex(bytes: &[u8], f: &mut Formatter<'_>) -> fmt::Result {
    f.write_str("\\x")?;
    bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
}

/// As the vectors of the catalogs are written.
fn spaced<T: Display>(values: &[T], f: &mut Formatter<'_>) -> fmt::Result {
    for (index, value) in values.iter().enumerate() {
        if index > 0 {
            f.write_str(" ")?;
        }
        value.fmt(f)?;
    }
    Ok(())
}
