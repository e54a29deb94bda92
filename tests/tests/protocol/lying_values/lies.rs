//! Lies of each family, by hand.

use std::net::IpAddr;
use std::sync::Arc;

use trunkline_core::types::geometric;
use trunkline_core::types::{
    Array, Bits, Cidr, Date, Description, Field, HalfVector, Hstore, Inet, Interval, Json, Kind, MacAddr,
    MacAddr8, Money, Multirange, Numeric, PgLsn, Range, RawJson, Snapshot, SparseVector, Tid, Time, TimeTz,
    Timestamp, TimestampTz, TsQuery, TsVector, Uuid, Vector,
};

use super::*;

fn described(oid: u32, name: &str, kind: Kind) -> Type {
    let (schema, name) = ("public".into(), name.into());
    Type::described(oid, Description { schema, name, kind, delimiter: b',', binary: true })
}

fn pair() -> Type {
    let field = |name: &str, type_| Field { name: name.into(), type_ };
    described(70_000, "pair", Kind::Composite(Arc::new([field("a", Type::INT4), field("b", Type::TEXT)])))
}

fn mood() -> Type {
    described(70_001, "mood", Kind::Enum(Arc::new(["sad".into(), "happy".into()])))
}

/// The lies of a type, each with what it is about, and who else reads values of the type.
struct Family {
    type_: Type,
    hosts: Vec<Reads>,
    lies: Vec<(&'static str, Vec<u8>)>,
}

macro_rules! family {
    ($type:expr, [$($host:ty),*], $($what:literal: $raw:expr),+ $(,)?) => {
        Family {
            type_: $type,
            hosts: vec![$(|row| told(row.get::<$host>("lie"))),*],
            lies: vec![$(($what, $raw.to_vec())),+],
        }
    };
}

const INT4_ELEMENT: &[u8] = b"\0\0\0\x04\0\0\0\x07";

/// An array's header of one dimension.
fn array(flags: u32, element: u32, length: i32, lower_bound: i32, elements: &[u8]) -> Vec<u8> {
    let head = [1_u32.to_be_bytes(), flags.to_be_bytes(), element.to_be_bytes()].concat();
    [&head[..], &length.to_be_bytes(), &lower_bound.to_be_bytes(), elements].concat()
}

fn scalars() -> Vec<Family> {
    let digits = |count: u16, sign: u16, digits: &[u16]| {
        let mut raw = [count, 0, sign, 0].map(u16::to_be_bytes).concat();
        raw.extend(digits.iter().flat_map(|digit| digit.to_be_bytes()));
        raw
    };
    vec![
        family!(Type::BOOL, [bool], "a third truth": [2], "two of them": [1, 0], "none": []),
        family!(Type::INT2, [i16, i32, i64], "four bytes": [0; 4], "one": [0], "none": []),
        family!(Type::INT4, [i32, i64], "eight bytes": [0; 8], "three": [0; 3]),
        family!(Type::INT8, [i64], "four bytes": [0; 4], "nine": [0; 9]),
        family!(Type::OID, [u32, i64], "eight bytes": [0; 8]),
        family!(Type::FLOAT4, [f32, f64], "eight bytes": [0; 8], "three": [0; 3]),
        family!(Type::FLOAT8, [f64], "four bytes": [0; 4]),
        family!(
            Type::NUMERIC, [Numeric],
            "half a header": [0; 7],
            "a digit of 10000": digits(1, 0, &[10_000]),
            "a digit below 0": digits(1, 0, &[0xffff]),
            "fewer digits than it says": digits(2, 0, &[1]),
            "more digits than it says": digits(1, 0, &[1, 1]),
            "a count below 0": digits(0xffff, 0, &[1]),
            "a sign that is none": digits(1, 0x1234, &[1]),
            "not a number, with digits": digits(1, 0xc000, &[1]),
            "infinity, with digits": digits(1, 0xd000, &[1]),
            "half a digit": [&digits(1, 0, &[])[..], &[1]].concat(),
            "a scale that is too large": [&digits(1, 0, &[])[..6], &[0x7f, 0xff, 0, 1]].concat(),
        ),
        family!(Type::MONEY, [Money], "seven bytes": [0; 7]),
        family!(Type::CHAR, [u8, i8], "two characters": b"ab", "none": []),
        family!(Type::TEXT, [String, &str], "no UTF-8": [b'a', 0xff], "half a character": [0xc3]),
        family!(Type::VARCHAR, [String], "no UTF-8": [0x80]),
        family!(Type::BPCHAR, [String], "no UTF-8": [0xfe]),
        family!(Type::NAME, [String], "no UTF-8": [0xed, 0xa0, 0x80]),
        family!(Type::XML, [String], "no UTF-8": [0xf8]),
        family!(Type::JSON, [String, RawJson<'_>, Json<serde_json::Value>], "no UTF-8": [b'"', 0xff, b'"']),
        family!(
            Type::JSONB, [String, RawJson<'_>, Json<serde_json::Value>],
            "version 2": b"\x02{}", "nothing": [], "no UTF-8": [1, b'"', 0xff, b'"'],
        ),
        family!(Type::JSONPATH, [String], "version 2": b"\x02$", "nothing": []),
        family!(Type::UUID, [Uuid], "15 bytes": [0; 15], "17 bytes": [0; 17]),
    ]
}

fn moments() -> Vec<Family> {
    let date = |days: i32| days.to_be_bytes();
    let micros = |micros: i64| micros.to_be_bytes();
    let with_zone = |time: i64, zone: i32| [&time.to_be_bytes()[..], &zone.to_be_bytes()].concat();
    vec![
        family!(
            Type::DATE, [Date],
            "before there were any": date(i32::MIN + 1), "after all of them": date(i32::MAX - 1), "8 bytes": [0; 8],
        ),
        family!(
            Type::TIME, [Time],
            "below midnight": micros(-1), "above midnight": micros(86_400_000_001), "4 bytes": [0; 4],
        ),
        family!(
            Type::TIMETZ, [TimeTz],
            "above midnight": with_zone(86_400_000_001, 0),
            "a zone of a day": with_zone(0, 86_400), "the lowest zone": with_zone(0, i32::MIN), "8 bytes": [0; 8],
        ),
        family!(
            Type::TIMESTAMP, [Timestamp],
            "before there were any": micros(i64::MIN + 1), "after all of them": micros(i64::MAX - 1), "4 bytes": [0; 4],
        ),
        family!(
            Type::TIMESTAMPTZ, [TimestampTz],
            "before there were any": micros(i64::MIN + 1), "after all of them": micros(i64::MAX - 1), "4 bytes": [0; 4],
        ),
        family!(Type::INTERVAL, [Interval], "12 bytes": [0; 12], "17 bytes": [0; 17]),
    ]
}

fn networks_and_bits() -> Vec<Family> {
    vec![
        family!(
            Type::INET, [Inet, IpAddr],
            "a family that is none": [9, 32, 0, 4, 1, 2, 3, 4],
            "33 bits of 32": [2, 33, 0, 4, 1, 2, 3, 4],
            "129 bits of 128": [&[3, 129, 0, 16][..], &[0; 16]].concat(),
            "another length than it says": [2, 32, 0, 4, 1, 2, 3],
            "a length of another family": [&[2, 32, 0, 16][..], &[0; 16]].concat(),
            "a byte more": [2, 32, 0, 4, 1, 2, 3, 4, 5],
            "half a header": [2, 32],
        ),
        family!(
            Type::CIDR, [Cidr],
            "bits behind the network": [2, 8, 1, 4, 10, 1, 0, 0], "33 bits of 32": [2, 33, 1, 4, 1, 2, 3, 4],
        ),
        family!(Type::MACADDR, [MacAddr], "5 bytes": [0; 5], "8 bytes": [0; 8]),
        family!(Type::MACADDR8, [MacAddr8], "6 bytes": [0; 6]),
        family!(
            Type::VARBIT, [Bits],
            "fewer than no bits": b"\xff\xff\xff\xff", "more bits than bytes": b"\0\0\0\x09\x80",
            "more bytes than bits": b"\0\0\0\x01\x80\0", "as many as there can be": b"\x7f\xff\xff\xff\x80",
            "half a count": b"\0\0",
        ),
        family!(Type::BIT, [Bits], "more bits than bytes": b"\0\0\0\x01", "no count": b""),
    ]
}

fn geometry() -> Vec<Family> {
    let points = |count: i32, points: usize| [&count.to_be_bytes()[..], &vec![0; 16 * points]].concat();
    let path = |closed: u8, count: i32, of: usize| [&[closed][..], &points(count, of)].concat();
    vec![
        family!(Type::POINT, [geometric::Point], "15 bytes": [0; 15], "24 bytes": [0; 24]),
        family!(Type::LINE, [geometric::Line], "16 bytes": [0; 16]),
        family!(Type::LSEG, [geometric::LineSegment], "24 bytes": [0; 24]),
        family!(Type::BOX, [geometric::Box], "33 bytes": [0; 33]),
        family!(Type::CIRCLE, [geometric::Circle], "16 bytes": [0; 16]),
        family!(
            Type::PATH, [geometric::Path],
            "neither open nor closed": path(2, 1, 1), "more points than there are": path(0, 2, 1),
            "fewer points than there are": path(0, 1, 2), "fewer than none": path(0, -1, 1),
            "as many as there can be": path(0, i32::MAX, 1), "nothing": b"",
        ),
        family!(
            Type::POLYGON, [geometric::Polygon],
            "more points than there are": points(2, 1), "fewer points than there are": points(1, 2),
            "fewer than none": points(-1, 1), "as many as there can be": points(i32::MAX, 1), "nothing": b"",
        ),
    ]
}

fn of_the_server() -> Vec<Family> {
    let snapshot = |count: i32, xids: &[u64]| {
        let xids: Vec<u8> = xids.iter().flat_map(|xid| xid.to_be_bytes()).collect();
        [&count.to_be_bytes()[..], &xids].concat()
    };
    vec![
        family!(Type::PG_LSN, [PgLsn], "4 bytes": [0; 4]),
        family!(Type::TID, [Tid], "4 bytes": [0; 4], "7 bytes": [0; 7]),
        family!(Type::XID8, [u64], "4 bytes": [0; 4]),
        family!(
            Type::PG_SNAPSHOT, [Snapshot],
            "more than there are": snapshot(2, &[1, 9, 5]), "fewer than none": snapshot(-1, &[1, 9]),
            "an end before the beginning": snapshot(0, &[9, 1]), "one that is outside": snapshot(1, &[1, 9, 10]),
            "another order": snapshot(2, &[1, 9, 5, 4]), "one left over": snapshot(0, &[1, 9, 5]),
        ),
        family!(
            Type::TSVECTOR, [TsVector],
            "more words than there are": b"\0\0\0\x02a\0\0\0", "fewer than none": b"\xff\xff\xff\xff",
            "a word without an end": b"\0\0\0\x01a", "half a position": b"\0\0\0\x01a\0\0\x01\0",
            "no UTF-8": b"\0\0\0\x01\xff\0\0\0", "a word left over": b"\0\0\0\x01a\0\0\0b\0\0\0",
        ),
        family!(
            Type::TSQUERY, [TsQuery],
            "more items than there are": b"\0\0\0\x02\x01\0\0a\0", "fewer than none": b"\xff\xff\xff\xff",
            "an item that is none": b"\0\0\0\x01\x03\0\0a\0", "an operator that is none": b"\0\0\0\x01\x02\x09",
            "weights that are none": b"\0\0\0\x01\x01\x10\0a\0", "a prefix and a half": b"\0\0\0\x01\x01\0\x02a\0",
            "an operator without words": b"\0\0\0\x01\x02\x02", "two queries": b"\0\0\0\x02\x01\0\0a\0\x01\0\0b\0",
            "no UTF-8": b"\0\0\0\x01\x01\0\0\xff\0", "a byte left over": b"\0\0\0\x01\x01\0\0a\0\0",
        ),
    ]
}

fn extensions() -> Vec<Family> {
    vec![
        family!(
            Type::extension("hstore"), [Hstore, HashMap<String, Option<String>>, BTreeMap<String, Option<String>>],
            "fewer than none": b"\xff\xff\xff\xff", "more than there are": b"\0\0\0\x02\0\0\0\x01a\xff\xff\xff\xff",
            "a NULL for a key": b"\0\0\0\x01\xff\xff\xff\xff\xff\xff\xff\xff",
            "a length below NULL's": b"\0\0\0\x01\0\0\0\x01a\xff\xff\xff\xfe",
            "a key beyond the end": b"\0\0\0\x01\0\0\0\x09a\xff\xff\xff\xff",
            "no UTF-8": b"\0\0\0\x01\0\0\0\x01\xff\xff\xff\xff\xff", "a byte left over": b"\0\0\0\0\0",
        ),
        family!(Type::extension("ltree"), [String], "version 2": b"\x02a.b", "nothing": b"", "no UTF-8": b"\x01\xff"),
        family!(Type::extension("citext"), [String], "no UTF-8": b"\xff"),
        family!(
            Type::extension("vector"), [Vector, Vec<f32>],
            "more than there are": b"\0\x02\0\0\0\0\0\0", "fewer than there are": b"\0\0\0\0\0\0\0\0",
            "something unused": b"\0\x01\0\x01\0\0\0\0", "half a header": b"\0",
        ),
        family!(
            Type::extension("halfvec"), [HalfVector],
            "more than there are": b"\0\x02\0\0\0\0", "something unused": b"\0\x01\0\x01\0\0",
        ),
        family!(
            Type::extension("sparsevec"), [SparseVector],
            "more than there are": b"\0\0\0\x02\0\0\0\x01\0\0\0\0", "fewer than none": b"\0\0\0\x02\xff\xff\xff\xff\0\0\0\0",
            "one behind the last": b"\0\0\0\x02\0\0\0\x01\0\0\0\0\0\0\0\x02\0\0\0\0",
            "fewer than no dimensions": b"\xff\xff\xff\xff\0\0\0\0\0\0\0\0",
        ),
    ]
}

fn made_of_others() -> Vec<Family> {
    let int4s = |flags, length, lower_bound, elements: &[u8]| array(flags, 23, length, lower_bound, elements);
    let dimensions =
        |count: i32| [&count.to_be_bytes()[..], &[0; 4], &23_u32.to_be_bytes(), &[0; 64]].concat();
    let field =
        |oid: u32, length: i32, value: &[u8]| [&oid.to_be_bytes()[..], &length.to_be_bytes(), value].concat();
    let (a, b) = (field(23, 4, &[0, 0, 0, 7]), field(25, 1, b"x"));
    let fields = |count: i32, fields: &[&[u8]]| [&count.to_be_bytes()[..], &fields.concat()].concat();
    let domain = described(70_002, "small", Kind::Domain(Type::INT4));
    let range = |flags: u8, bounds: &[&[u8]]| [&[flags][..], &bounds.concat()].concat();
    let null = &[0xff; 4][..];
    vec![
        family!(
            Type::INT4_ARRAY, [Vec<i32>, Array<i32>, Vec<Option<i64>>],
            "fewer than no dimensions": dimensions(-1), "seven dimensions": dimensions(7),
            "flags that are none": int4s(2, 1, 1, INT4_ELEMENT), "a length below 0": int4s(0, -1, 1, INT4_ELEMENT),
            "more than there are": int4s(0, 2, 1, INT4_ELEMENT), "as many as there can be": int4s(0, i32::MAX, 1, INT4_ELEMENT),
            "subscripts beyond all": int4s(0, 1, i32::MAX, INT4_ELEMENT),
            "elements of another type": array(0, 25, 1, 1, INT4_ELEMENT),
            "an element of another length": int4s(0, 1, 1, b"\0\0\0\x02\0\x07"),
            "an element beyond the end": int4s(0, 1, 1, b"\0\0\0\x04\0\x07"),
            "a length below NULL's": int4s(0, 1, 1, b"\xff\xff\xff\xfe"),
            "an element left over": int4s(0, 1, 1, &INT4_ELEMENT.repeat(2)), "half a header": b"\0\0\0\x01\0\0",
        ),
        family!(
            Type::TEXT_ARRAY, [Vec<String>, Vec<&str>],
            "no UTF-8": array(0, 25, 1, 1, b"\0\0\0\x01\xff"),
        ),
        family!(
            Type::INT2VECTOR, [Vec<i16>],
            "a first subscript of 1": array(0, 21, 1, 1, b"\0\0\0\x02\0\x07"), "elements of another type": int4s(0, 1, 0, INT4_ELEMENT),
        ),
        family!(Type::OIDVECTOR, [Vec<u32>], "a first subscript of 1": array(0, 26, 1, 1, INT4_ELEMENT)),
        family!(domain, [i32], "three bytes": [0; 3]),
        family!(mood(), [String], "no UTF-8": b"\xff"),
        family!(
            Type::INT4RANGE, [Range<i32>],
            "a flag that is none": range(0x20, &[INT4_ELEMENT, INT4_ELEMENT]), "all flags": [0xff],
            "empty, with more": range(1, &[INT4_ELEMENT]), "empty, and without an end": [0x11],
            "one bound of two": range(2, &[INT4_ELEMENT]), "two bounds for one": range(0x10, &[INT4_ELEMENT, INT4_ELEMENT]),
            "a NULL for a bound": range(2, &[null, INT4_ELEMENT]), "a bound of another length": range(0x10, &[b"\0\0\0\x02\0\x07"]),
            "a length below NULL's": range(0x10, &[b"\xff\xff\xff\xfe"]), "nothing": b"",
        ),
        family!(
            Type::INT4MULTIRANGE, [Multirange<i32>],
            "more than there are": b"\0\0\0\x02\0\0\0\x01\x01", "fewer than none": b"\xff\xff\xff\xff",
            "as many as there can be": b"\x7f\xff\xff\xff\0\0\0\x01\x01", "a NULL": b"\0\0\0\x01\xff\xff\xff\xff",
            "one left over": b"\0\0\0\x01\0\0\0\x01\x01\0\0\0\x01\x01", "a flag that is none": b"\0\0\0\x01\0\0\0\x01\x20",
        ),
        family!(
            pair(), [(i32, String)],
            "more fields than there are": fields(3, &[&a, &b]), "fewer than none": fields(-1, &[&a, &b]),
            "as many as there can be": fields(i32::MAX, &[&a, &b]), "a field left over": fields(2, &[&a, &b, &b]),
            "a field beyond the end": fields(2, &[&a, &field(25, 9, b"x")]),
            "a length below NULL's": fields(2, &[&a, &field(25, -2, b"")]),
            "a field of another length": fields(2, &[&field(23, 2, &[0, 7]), &b]),
            "no UTF-8": fields(2, &[&a, &field(25, 1, b"\xff")]), "half a count": b"\0\0",
        ),
        family!(
            Type::RECORD, [(i32, String)],
            "more fields than there are": fields(3, &[&a, &b]), "fewer than none": fields(-1, &[&a, &b]),
            "a field of another length": fields(2, &[&field(23, 2, &[0, 7]), &b]),
        ),
    ]
}

#[test]
fn no_lie_is_taken_for_a_value() {
    let families = [
        scalars(),
        moments(),
        networks_and_bits(),
        geometry(),
        of_the_server(),
        extensions(),
        made_of_others(),
    ];
    let mut results = Vec::new();
    for Family { type_, hosts, lies } in families.iter().flatten() {
        for (what, raw) in lies {
            results.push(check(type_, Format::Binary, raw, what, hosts));
        }
    }
    assert!(results.len() > 150, "{}", results.len());
    all_well(results);
}

/// In text, too: what no value of the type is written as.
#[test]
fn no_text_is_taken_for_a_value_of_another_type() {
    let families = [
        scalars(),
        moments(),
        networks_and_bits(),
        geometry(),
        of_the_server(),
        extensions(),
        made_of_others(),
    ];
    let mut results = Vec::new();
    for Family { type_, hosts, .. } in families.iter().flatten() {
        let is_text = matches!(
            type_.base().name(),
            "text"
                | "varchar"
                | "bpchar"
                | "name"
                | "xml"
                | "json"
                | "jsonb"
                | "jsonpath"
                | "ltree"
                | "citext"
                | "mood"
        );
        // A record in text says nothing of its types, and is a string to those who know none.
        if *type_ == Type::RECORD {
            continue;
        }
        let no_utf8 = [b"\xff\xfe".to_vec(), b"{\xff}".to_vec(), b"(1,\xff)".to_vec()];
        let lies =
            [&b"no such value"[..], b"{", b"(", b"[1", b"\"", b"{1,", b"12:", b"1 2 x"].map(<[u8]>::to_vec);
        for lie in no_utf8.iter().chain(lies.iter().filter(|_| !is_text)) {
            // A word is a text search's own, and a single character a character's.
            let is_value =
                matches!(type_.name(), "tsvector" | "tsquery") || type_.name() == "char" && lie.len() == 1;
            if !is_value || std::str::from_utf8(lie).is_err() {
                results.push(check(
                    type_,
                    Format::Text,
                    lie,
                    &format!("{:?}", String::from_utf8_lossy(lie)),
                    hosts,
                ));
            }
        }
    }
    all_well(results);
}
