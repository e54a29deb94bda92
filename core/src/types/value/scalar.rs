use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::Value;
use super::binary::Binary;
use crate::error::BoxError;
use crate::types::{
    Bits, Cidr, Date, FromSql, HalfVector, Hstore, Inet, Interval, MacAddr, MacAddr8, Money, Numeric, PgLsn,
    Snapshot, SparseVector, Tid, Time, TimeTz, Timestamp, TimestampTz, ToSql, TsQuery, TsVector, Type, Uuid,
    Vector, geometric, oid,
};
use crate::wire::Format;

/// The table of what has a host type of its own: the types, the variant and what it holds.
macro_rules! scalars {
    (
        built_in { $($($oid:ident)|+ => $variant:ident($host:ty),)* }
        extension { $($name:literal => $extension:ident($extension_host:ty),)* }
    ) => {
        /// Reads a value that is not made of others; nothing when the type is none of those.
        pub(super) fn decode(type_: &Type, format: Format, raw: &[u8]) -> Result<Option<Value>, BoxError> {
            Ok(Some(match type_.oid() {
                $($(oid::$oid)|+ => Value::$variant(read::<$host>(type_, format, raw)?),)*
                $(_ if type_.is_extension($name) => {
                    Value::$extension(read::<$extension_host>(type_, format, raw)?)
                })*
                _ => return Ok(None),
            }))
        }

        /// Writes the text of one from its binary form; told whether the type is one of those.
        pub(super) fn render(type_: &Type, raw: &[u8], out: &mut dyn fmt::Write) -> Result<bool, BoxError> {
            match type_.oid() {
                $($(oid::$oid)|+ => <$host>::render(type_, raw, out)?,)*
                $(_ if type_.is_extension($name) => <$extension_host>::render(type_, raw, out)?,)*
                _ => return Ok(false),
            }
            Ok(true)
        }

        impl Value {
            /// What the value is when it is not made of others.
            pub(super) fn scalar(&self) -> Option<&dyn ToSql> {
                match self {
                    $(Self::$variant(value) => Some(value),)*
                    $(Self::$extension(value) => Some(value),)*
                    _ => None,
                }
            }

            /// Writes what is not made of others; nothing when it is.
            pub(super) fn write_scalar(&self, out: &mut dyn fmt::Write) -> Option<fmt::Result> {
                match self {
                    $(Self::$variant(value) => Some(value.write(out)),)*
                    $(Self::$extension(value) => Some(value.write(out)),)*
                    _ => None,
                }
            }
        }
    };
}

scalars! {
    built_in {
        BOOL => Bool(bool),
        INT2 => Int2(i16),
        INT4 => Int4(i32),
        INT8 => Int8(i64),
        OID | REGPROC | REGPROCEDURE | REGOPER | REGOPERATOR | REGCLASS | REGCOLLATION | REGTYPE | REGROLE
            | REGNAMESPACE | REGCONFIG | REGDICTIONARY | XID | CID => Oid(u32),
        XID8 => Xid8(u64),
        FLOAT4 => Float4(f32),
        FLOAT8 => Float8(f64),
        NUMERIC => Numeric(Numeric),
        MONEY => Money(Money),
        CHAR => Char(u8),
        JSON | JSONB => Json(String),
        TEXT | VARCHAR | BPCHAR | NAME | XML | UNKNOWN | REFCURSOR | CSTRING | PG_NODE_TREE | JSONPATH | VOID
            => Text(String),
        BYTEA => Bytea(Vec<u8>),
        DATE => Date(Date),
        TIME => Time(Time),
        TIMETZ => TimeTz(TimeTz),
        TIMESTAMP => Timestamp(Timestamp),
        TIMESTAMPTZ => TimestampTz(TimestampTz),
        INTERVAL => Interval(Interval),
        UUID => Uuid(Uuid),
        BIT | VARBIT => Bits(Bits),
        INET => Inet(Inet),
        CIDR => Cidr(Cidr),
        MACADDR => MacAddr(MacAddr),
        MACADDR8 => MacAddr8(MacAddr8),
        POINT => Point(geometric::Point),
        LINE => Line(geometric::Line),
        LSEG => LineSegment(geometric::LineSegment),
        BOX => Box(geometric::Box),
        PATH => Path(geometric::Path),
        POLYGON => Polygon(geometric::Polygon),
        CIRCLE => Circle(geometric::Circle),
        PG_LSN => PgLsn(PgLsn),
        TID => Tid(Tid),
        PG_SNAPSHOT | TXID_SNAPSHOT => Snapshot(Snapshot),
        TSVECTOR => TsVector(TsVector),
        TSQUERY => TsQuery(TsQuery),
        INT2VECTOR => Int2Vector(Vec<i16>),
        OIDVECTOR => OidVector(Vec<u32>),
    }
    extension {
        "hstore" => Hstore(Hstore),
        "vector" => Vector(Vector),
        "halfvec" => HalfVector(HalfVector),
        "sparsevec" => SparseVector(SparseVector),
    }
}

fn read<T: Binary + for<'a> FromSql<'a>>(type_: &Type, format: Format, raw: &[u8]) -> Result<T, BoxError> {
    match format {
        Format::Binary => T::from_binary(type_, raw),
        Format::Text => T::from_sql_owned(type_, format, raw),
    }
}
