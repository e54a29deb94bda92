//! Every vector, with its bytes bent in every way that is short to tell.

use trunkline_core::types::{Kind, ToSql, render};
use trunkline_tests::vectors::{Case, families};

use super::*;

/// Cut short, with something behind it, and with other bytes in it.
fn bent(raw: &[u8]) -> Vec<Vec<u8>> {
    let mut all: Vec<Vec<u8>> = (0..raw.len().min(200)).map(|end| raw[..end].to_vec()).collect();
    for tail in [&[0][..], &[0xff], &[0; 4], &[0xff; 4]] {
        all.push([raw, tail].concat());
    }
    for at in 0..raw.len().min(100) {
        for byte in [raw[at] ^ 0x80, raw[at] ^ 1, raw[at].wrapping_add(1), 0xff, 0x27] {
            let mut changed = raw.to_vec();
            changed[at] = byte;
            all.push(changed);
        }
    }
    all
}

/// Whether the server's own input functions take more than its output functions write, so that what is read is not
/// always what is written.
fn is_lenient(type_: &Type) -> bool {
    let type_ = type_.base();
    match type_.name() {
        // A NUL: no text of a server's has one, and a string may.
        "text" | "varchar" | "bpchar" | "name" | "cstring" | "unknown" | "xml" | "refcursor"
        | "pg_node_tree" | "json" | "jsonb" | "jsonpath" | "citext" | "ltree" | "lquery" | "ltxtquery"
        | "void" => true,
        // Bits beyond the last; corners in another order; whether it is a cidr; a number's zeros around its digits;
        // a transaction twice. What one of `circle()` can be, and only its input function refuses.
        "bit" | "varbit" | "box" | "inet" | "cidr" | "numeric" | "pg_snapshot" | "txid_snapshot"
        | "circle" | "line" => true,
        // Fields and elements of types that may be anybody's.
        "record" | "anyarray" => true,
        // What an array of none was of, and arrays in arrays: see `same`.
        "int2vector" | "oidvector" => true,
        _ => match type_.kind() {
            Kind::Array(part) if part.base().element().is_some() => true,
            Kind::Enum(_) | Kind::Composite(_) => true,
            Kind::Array(part) | Kind::Range(part) | Kind::Multirange(part) => is_lenient(&part),
            _ => false,
        },
    }
}

fn written(case: &Case, value: &Value) -> Option<BytesMut> {
    let mut out = BytesMut::new();
    let base = case.type_.base();
    let written = value.accepts(base) && value.to_sql(base, &mut out).is_ok();
    written.then_some(out)
}

/// Arrays say whether there are NULLs in them, and need not be right.
fn same(case: &Case, ours: &[u8], theirs: &[u8]) -> bool {
    let is_array = matches!(case.type_.base().kind(), Kind::Array(_));
    ours == theirs || is_array && ours.len() == theirs.len() && ours.get(8..) == theirs.get(8..)
}

#[test]
fn what_is_read_of_bent_bytes_is_what_they_say() {
    let (mut read_count, mut refused) = (0, 0);
    let mut wrong = BTreeMap::<String, String>::new();
    for case in families().iter().flat_map(|family| &family.cases) {
        let Some(raw) = &case.binary else { continue };
        for bytes in bent(raw) {
            let value = Value::decode(&case.type_, Format::Binary, Some(&bytes));
            let mut text = String::new();
            let rendered = render(&case.type_, &bytes, &mut text);
            if let (Ok(()), Ok(value)) = (&rendered, &value) {
                assert_eq!(text, value.to_string(), "{} {bytes:02x?}", case.type_name);
            }
            let Ok(value) = value else {
                assert!(rendered.is_err(), "{} {bytes:02x?} is rendered as {text}", case.type_name);
                refused += 1;
                continue;
            };
            read_count += 1;
            if !is_lenient(&case.type_) && !written(case, &value).is_some_and(|out| same(case, &out, &bytes))
            {
                wrong.insert(case.type_name.clone(), format!("{bytes:02x?} is read as {value}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(refused > 30_000 && read_count > 10_000, "{refused} refused, {read_count} read");
}

/// Whether its binary form is of one length, so that each other is a lie.
fn lengths() -> HashMap<String, Option<usize>> {
    let mut lengths = HashMap::new();
    for case in families().iter().flat_map(|family| &family.cases) {
        let Some(raw) = &case.binary else { continue };
        let is_base = case.type_.base().kind() == Kind::Base;
        let length = lengths.entry(case.type_.name().to_owned()).or_insert(is_base.then_some(raw.len()));
        *length = length.filter(|&length| length == raw.len());
    }
    lengths
}

#[test]
fn a_value_of_another_length_is_refused() {
    let lengths = lengths();
    let mut fixed = Vec::new();
    for case in families().iter().flat_map(|family| &family.cases) {
        let Some(raw) = &case.binary else { continue };
        let name = case.type_.name();
        if lengths.get(name).copied().flatten().is_none() || !FIXED.contains(&name) {
            continue;
        }
        let longer = [&raw[..], &[0]].concat();
        for wrong in [&raw[..0], &raw[..raw.len() - 1], &longer] {
            fixed.push(check(&case.type_, Format::Binary, wrong, &format!("{wrong:02x?}"), &[]));
        }
    }
    assert!(fixed.len() > 500, "{}", fixed.len());
    all_well(fixed);
}

/// The types of one length.
const FIXED: [&str; 27] = [
    "bool",
    "int2",
    "int4",
    "int8",
    "oid",
    "xid",
    "cid",
    "xid8",
    "regclass",
    "float4",
    "float8",
    "money",
    "char",
    "date",
    "time",
    "timetz",
    "timestamp",
    "timestamptz",
    "interval",
    "uuid",
    "macaddr",
    "macaddr8",
    "point",
    "lseg",
    "pg_lsn",
    "tid",
    "circle",
];
