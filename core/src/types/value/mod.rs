//! Values of any type, for those who do not know their columns.

mod binary;
mod composite;
mod display;
mod from_sql;
mod record;
mod render;
mod scalar;
#[cfg(feature = "serde")]
mod serialize;
mod to_sql;

use alloc::string::String;
use alloc::vec::Vec;

use super::geometric;
use super::{
    Array, Bits, Cidr, Date, HalfVector, Hstore, Inet, Interval, MacAddr, MacAddr8, Money, Multirange,
    Numeric, PgLsn, Range, Snapshot, SparseVector, Tid, Time, TimeTz, Timestamp, TimestampTz, TsQuery,
    TsVector, Uuid, Vector,
};

pub use record::Record;
pub use render::render;

/// A value of any PostgreSQL type.
///
/// Read as one from a row, nothing of a field is lost, whatever its type; sent as a parameter, it is what it was.
/// Its `Display` is the server's own text output under default settings (`TimeZone` UTC, `DateStyle` ISO,
/// `IntervalStyle` postgres), and [`Value::parse`] reads it back. NULL is shown as nothing, which no text is
/// mistaken for only by those who ask [`is_null`](Self::is_null) first.
///
/// The types that stand for an object by its OID (`regclass` and its kind) are numbers here, as they are on the
/// wire; their names are known to the server alone, which a cast to text asks for.
///
/// ```
/// use trunkline_core::types::{Type, Value};
///
/// let value = Value::parse(&Type::INT4_ARRAY, "{1,NULL,3}")?;
/// assert_eq!(value.to_string(), "{1,NULL,3}");
/// # Ok::<(), trunkline_core::error::BoxError>(())
/// ```
///
/// See ["Data Types"] in PostgreSQL's documentation.
///
/// ["Data Types"]: https://www.postgresql.org/docs/18/datatype.html
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub enum Value {
    /// NULL, of any type.
    #[default]
    Null,
    /// bool.
    Bool(bool),
    /// int2.
    Int2(i16),
    /// int4.
    Int4(i32),
    /// int8.
    Int8(i64),
    /// oid, the reg* types, xid, cid.
    Oid(u32),
    /// xid8.
    Xid8(u64),
    /// float4.
    Float4(f32),
    /// float8.
    Float8(f64),
    /// numeric.
    Numeric(Numeric),
    /// money.
    Money(Money),
    /// `"char"`.
    Char(u8),
    /// Everything that is text: text, varchar, bpchar, name, xml, citext, ltree, jsonpath, enums, and the text of
    /// types that have no binary form or are not known.
    Text(String),
    /// json and jsonb.
    Json(String),
    /// bytea.
    Bytea(Vec<u8>),
    /// date.
    Date(Date),
    /// time.
    Time(Time),
    /// timetz.
    TimeTz(TimeTz),
    /// timestamp.
    Timestamp(Timestamp),
    /// timestamptz.
    TimestampTz(TimestampTz),
    /// interval.
    Interval(Interval),
    /// uuid.
    Uuid(Uuid),
    /// bit and varbit.
    Bits(Bits),
    /// inet.
    Inet(Inet),
    /// cidr.
    Cidr(Cidr),
    /// macaddr.
    MacAddr(MacAddr),
    /// macaddr8.
    MacAddr8(MacAddr8),
    /// point.
    Point(geometric::Point),
    /// line.
    Line(geometric::Line),
    /// lseg.
    LineSegment(geometric::LineSegment),
    /// box.
    Box(geometric::Box),
    /// path.
    Path(geometric::Path),
    /// polygon.
    Polygon(geometric::Polygon),
    /// circle.
    Circle(geometric::Circle),
    /// pg_lsn.
    PgLsn(PgLsn),
    /// tid.
    Tid(Tid),
    /// pg_snapshot and txid_snapshot.
    Snapshot(Snapshot),
    /// tsvector.
    TsVector(TsVector),
    /// tsquery.
    TsQuery(TsQuery),
    /// int2vector.
    Int2Vector(Vec<i16>),
    /// oidvector.
    OidVector(Vec<u32>),
    /// hstore.
    Hstore(Hstore),
    /// pgvector's vector.
    Vector(Vector),
    /// pgvector's halfvec.
    HalfVector(HalfVector),
    /// pgvector's sparsevec.
    SparseVector(SparseVector),
    /// An array of any type.
    Array(Array<Self>),
    /// A range over any type.
    Range(alloc::boxed::Box<Range<Self>>),
    /// A multirange over any type.
    Multirange(Multirange<Self>),
    /// A composite value or an anonymous record.
    Record(Record),
    /// The binary form of a type that is not known here: kept, and given back as it was.
    Opaque(Vec<u8>),
}

impl Value {
    /// Whether it is NULL.
    ///
    /// ```
    /// use trunkline_core::types::Value;
    ///
    /// assert!(Value::Null.is_null() && !Value::Text(String::new()).is_null());
    /// ```
    pub const fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }
}
