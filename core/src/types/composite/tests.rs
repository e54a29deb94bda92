use std::format;
use std::string::{String, ToString};
use std::vec;
use std::vec::Vec;

use bytes::BytesMut;
use proptest::prelude::*;

use super::{InOrder, InOrderWriter, accepts, decode, encode as encode_named, format as format_named};
use crate::error::BoxError;
use crate::types::testing::{binary, encode, reads, round_trip, survives, text};
use crate::types::{Array, Description, Field, FromSql, Kind, Range, ToSql, Type};
use crate::wire::{Format, IsNull};

fn described(oid: u32, kind: Kind) -> Type {
    let (schema, name) = ("public".into(), format!("t{oid}").into());
    Type::described(oid, Description { schema, name, kind, delimiter: b',', binary: true })
}

fn composite(oid: u32, fields: &[(&str, Type)]) -> Type {
    let field = |(name, type_): &(&str, Type)| Field { name: (*name).into(), type_: type_.clone() };
    described(oid, Kind::Composite(fields.iter().map(field).collect()))
}

/// `create type pair as (id int4, name text)`
fn pair() -> Type {
    composite(70_000, &[("id", Type::INT4), ("name", Type::TEXT)])
}

proptest! {
    #[test]
    fn tuples_arrive(id: Option<i32>, name in "[^\0]*", more: Vec<Option<i64>>, texts in proptest::collection::vec("[^\0]*", 0..4)) {
        let value = (id, name);
        prop_assert_eq!(&round_trip(&pair(), &value), &value);
        let positive = described(70_001, Kind::Domain(Type::INT4));
        let pairs = described(70_002, Kind::Array(pair()));
        let all = composite(
            70_003,
            &[("id", positive), ("pairs", pairs), ("more", Type::INT8_ARRAY), ("span", Type::INT8RANGE)],
        );
        let span = more.first().copied().flatten().map(|start| Range::from(start..));
        let nested = (id, vec![Some(value.clone()), None], more, span);
        prop_assert_eq!(&round_trip(&all, &nested), &nested);
        // Written as text: strings stand for types of their own.
        let dates = composite(70_004, &[("one", Type::DATE), ("more", Type::DATE_ARRAY), ("id", Type::INT4)]);
        let value = (value.1, Array::new(texts), id);
        prop_assert_eq!(value.format(&dates), Format::Text);
        prop_assert_eq!(&round_trip(&dates, &value), &value);
    }

    #[test]
    fn any_bytes_are_survived(count in 0_u8..4, raw: Vec<u8>, rest in r#"[(),"\\ a1]*"#) {
        for raw in [&raw[..], &[&[0, 0, 0, count, 0, 0, 0, 23, 0, 0, 0][..], &raw].concat(), rest.as_bytes()] {
            for type_ in [pair(), Type::RECORD, Type::INT4] {
                survives::<(i32, &str)>(&type_, raw);
                survives::<(Option<i32>, Option<String>)>(&type_, raw);
                survives::<((i32,), Vec<i32>)>(&type_, raw);
            }
        }
    }
}

#[test]
fn the_binary_form_is_the_servers() {
    // record_send(row(1, null)::pair)
    let wire = encode(&pair(), &(1, None::<&str>)).unwrap();
    assert_eq!(&wire[..], b"\0\0\0\x02\0\0\0\x17\0\0\0\x04\0\0\0\x01\0\0\0\x19\xff\xff\xff\xff");
    let domain = composite(70_000, &[("id", described(70_001, Kind::Domain(Type::INT4)))]);
    assert_eq!(&encode(&domain, &(1,)).unwrap()[4..8], 70_001_u32.to_be_bytes());
}

#[test]
fn anonymous_records_tell_their_types() {
    // select row(7, 'a', row(true, null::int8))
    let inner = b"\0\0\0\x02\0\0\0\x10\0\0\0\x01\x01\0\0\0\x14\xff\xff\xff\xff";
    let raw =
        [&b"\0\0\0\x03\0\0\0\x17\0\0\0\x04\0\0\0\x07\0\0\0\x19\0\0\0\x01a\0\0\x08\xc9\0\0\0\x15"[..], inner]
            .concat();
    let read = binary::<(i64, &str, (bool, Option<i64>))>(&Type::RECORD, &raw).unwrap();
    assert_eq!(read, (7, "a", (true, None)));
    let wrong = binary::<(i64, i64, (bool, Option<i64>))>(&Type::RECORD, &raw).unwrap_err();
    assert_eq!(wrong.to_string(), "field 2 (PostgreSQL's text): the types do not match");
    let null = binary::<(bool, i64)>(&Type::RECORD, inner).unwrap_err();
    assert_eq!(null.to_string(), "field 2 (PostgreSQL's int8): it is NULL, which only an Option can hold");
    let count = binary::<(i64, &str)>(&Type::RECORD, &raw).unwrap_err();
    assert_eq!(count.to_string(), "it has 3 fields, the tuple 2");
    // Their text does not.
    let read = text::<(String, &str, Option<&str>)>(&Type::RECORD, br#"(7,"(t,)",)"#).unwrap();
    assert_eq!(read, ("7".into(), "(t,)", None));
    let wrong = text::<(i64,)>(&Type::RECORD, b"(7)").unwrap_err();
    assert_eq!(wrong.to_string(), "field 1 (PostgreSQL's unknown): the types do not match");
    assert!(!(1, 2).accepts(&Type::RECORD));
    let array = text::<Vec<(String, String)>>(&Type::RECORD_ARRAY, br#"{"(1,\"a b\")"}"#).unwrap();
    assert_eq!(array, [("1".into(), "a b".into())]);
}

#[test]
fn fields_must_fit() {
    let refused = |value: &dyn ToSql| {
        assert!(value.accepts(&pair()));
        value.to_sql(&pair(), &mut BytesMut::new()).unwrap_err().to_string()
    };
    assert_eq!(refused(&(1,)), "PostgreSQL's t70000 has 2 fields, the tuple 1");
    assert_eq!(refused(&("a", "b")), "field \"id\": &str cannot be sent as PostgreSQL's int4");
    assert_eq!(
        refused(&(1_i64 << 40, "b")),
        "field \"id\" (PostgreSQL's int4): 1099511627776 is out of its range, -2147483648 to 2147483647"
    );
    assert!(!(1, "a").accepts(&Type::INT4) && !(1, "a").accepts(&Type::from_oid(99_999)));
    assert!(!reads::<(i32, i32)>(&Type::INT4) && !reads::<(i32, i32)>(&Type::from_oid(99_999)));

    let wire = encode(&pair(), &(1, "a")).unwrap();
    let refused = binary::<(i32, i32)>(&pair(), &wire).unwrap_err();
    assert_eq!(refused.to_string(), "field \"name\" (PostgreSQL's text): the types do not match");
    let refused = text::<(i32, String)>(&pair(), b"(x,a)").unwrap_err();
    assert_eq!(refused.to_string(), "field \"id\" (PostgreSQL's int4): its text is no int4");
}

#[test]
fn what_is_beside_text_is_text() {
    let spans = described(70_001, Kind::Array(Type::TSRANGE));
    let type_ = composite(70_000, &[("day", Type::DATE), ("id", Type::INT4), ("spans", spans)]);
    let value = ("yesterday", Some(7), [Range::Empty, Range::from("a b"..)]);
    assert_eq!(value.format(&type_), Format::Text);
    assert_eq!(&encode(&type_, &value).unwrap()[..], br#"(yesterday,7,"{empty,""[\\""a b\\"",)""}")"#);
    #[derive(Debug)]
    struct Raw;
    impl ToSql for Raw {
        fn accepts(&self, _type: &Type) -> bool {
            true
        }
        fn to_sql(&self, _type: &Type, out: &mut BytesMut) -> Result<IsNull, BoxError> {
            out.extend_from_slice(b"\0");
            Ok(IsNull::No)
        }
    }
    let type_ = composite(70_000, &[("day", Type::DATE), ("raw", Type::from_oid(99_999))]);
    let opaque = ("today", Raw).to_sql(&type_, &mut BytesMut::new()).unwrap_err().to_string();
    assert!(opaque.starts_with("field \"raw\" (PostgreSQL's type with OID 99999): it is among"), "{opaque}");
}

#[test]
fn a_type_that_has_changed_says_so() {
    let wire = encode(&pair(), &(1, "a")).unwrap();
    let wider = composite(70_000, &[("id", Type::INT4), ("name", Type::TEXT), ("age", Type::INT4)]);
    let count =
        "the type has changed: t70000 has 2 fields, and had 3 when it was described; call reload_types()";
    assert_eq!(binary::<(i32, &str, i32)>(&wider, &wire).unwrap_err().to_string(), count);
    assert_eq!(text::<(i32, &str, i32)>(&wider, b"(1,a)").unwrap_err().to_string(), count);
    let other = composite(70_000, &[("id", Type::INT8), ("name", Type::TEXT)]);
    assert_eq!(
        binary::<(i64, &str)>(&other, &wire).unwrap_err().to_string(),
        "the type has changed: the field \"id\" of t70000 was int8 when it was described, and is of the type \
         with OID 23 now; call reload_types()"
    );
}

#[test]
fn named_values_find_their_fields() {
    let encode = |values: &[(&str, &dyn ToSql)]| {
        assert!(accepts(values, &pair()));
        let mut out = BytesMut::new();
        let is_null = encode_named(values, &pair(), &mut out)?;
        assert_eq!(is_null, IsNull::No);
        Ok::<_, BoxError>(out)
    };
    let in_order = encode(&[("id", &1), ("name", &"a")]).unwrap();
    assert_eq!(encode(&[("name", &"a"), ("id", &1)]).unwrap(), in_order);
    let refused = |values: &[(&str, &dyn ToSql)]| encode(values).unwrap_err().to_string();
    assert_eq!(refused(&[("id", &1)]), "nothing is given for the field \"name\" of PostgreSQL's t70000");
    assert_eq!(
        refused(&[("id", &1), ("name", &"a"), ("age", &7)]),
        "PostgreSQL's t70000 has no field \"age\"; its fields are: id, name"
    );
    assert!(!accepts(&[], &Type::RECORD));
    let date = composite(70_000, &[("day", Type::DATE)]);
    assert_eq!(format_named(&[("day", &"2000-01-01")], &date), Format::Text);
    assert_eq!(format_named(&[("other", &"2000-01-01")], &date), Format::Binary);
}

#[test]
fn fields_are_taken_by_name_in_any_order() {
    let wire = encode(&pair(), &(1, "a")).unwrap();
    for (format, raw) in [(Format::Binary, &wire[..]), (Format::Text, b"(1,a)")] {
        let type_ = pair();
        let read = decode(&type_, format, raw, |fields| {
            assert_eq!(fields.take::<&str>("name").unwrap(), "a");
            assert_eq!(fields.take::<i32>("id").unwrap(), 1);
            assert_eq!(fields.take_owned::<String>("name").unwrap(), "a");
            assert_eq!(fields.take::<i32>("age").unwrap_err().to_string(), "it has no field \"age\"");
            fields.take::<i64>("id")
        });
        assert_eq!(read.unwrap(), 1);
    }
    let nothing = |type_: &Type| decode(type_, Format::Binary, &wire, |_| Ok(()));
    let anonymous = nothing(&Type::RECORD).unwrap_err();
    assert!(anonymous.to_string().starts_with("an anonymous record has no names"), "{anonymous}");
    assert!(nothing(&Type::INT4).is_err());
}

#[test]
fn fields_that_are_not_taken_are_checked() {
    let wire = encode(&pair(), &(1, "a")).unwrap();
    let first = |type_: &Type, raw: &[u8]| {
        decode(type_, Format::Binary, raw, |fields| fields.take::<i32>("id"))
            .map_err(|error| error.to_string())
    };
    assert_eq!(first(&pair(), &wire), Ok(1));
    assert!(first(&pair(), &wire[..wire.len() - 1]).is_err());
    assert!(first(&pair(), &[&wire[..], &[0]].concat()).is_err());
    let other = composite(70_000, &[("id", Type::INT4), ("name", Type::BYTEA)]);
    let changed = first(&other, &wire).unwrap_err();
    assert!(changed.starts_with("the type has changed: the field \"name\""), "{changed}");
    // One that is passed over, too.
    let other = composite(70_000, &[("at", Type::DATE), ("name", Type::TEXT)]);
    let passed = decode(&other, Format::Binary, &wire, |fields| fields.take::<&str>("name"));
    assert!(passed.unwrap_err().to_string().starts_with("the type has changed: the field \"at\""));
}

#[test]
fn values_in_another_order_or_as_text_are_not_written_in_turn() {
    let pair = pair();
    let mut out = BytesMut::from(&b"before"[..]);
    let mut fields = InOrderWriter::of(&pair, 2, &mut out).unwrap();
    assert!(fields.is_next("id") && fields.put(&1).unwrap() && !fields.is_next("id"));
    assert_eq!(&out[..], b"before");
    let dates = composite(70_000, &[("id", Type::INT4), ("day", Type::DATE)]);
    let mut fields = InOrderWriter::of(&dates, 2, &mut out).unwrap();
    assert!(fields.put(&1).unwrap() && !fields.put(&"2000-01-01").unwrap());
    assert_eq!(&out[..], b"before");
    let mut fields = InOrder::of(&dates, 2).unwrap();
    assert!(fields.is_next("id") && fields.is_binary(&1) && !fields.is_next("id"));
    assert!(!fields.is_binary(&"2000-01-01") && !fields.is_next("day") && !fields.is_binary(&1));
    for (type_, count) in [(pair.clone(), 1), (pair, 3), (Type::RECORD, 2), (Type::INT4, 0)] {
        assert!(InOrder::of(&type_, count).is_none());
    }
}

#[test]
fn a_type_without_fields_has_the_text_of_a_null() {
    let type_ = composite(70_000, &[]);
    let nothing = |format, raw| decode(&type_, format, raw, |_| Ok(()));
    assert!(nothing(Format::Text, b"()").is_ok());
    assert!(nothing(Format::Binary, b"\0\0\0\0").is_ok());
    assert!(nothing(Format::Text, b"(,)").is_err());
    assert_eq!(text::<(Option<String>,)>(&Type::RECORD, b"()").unwrap(), (None,));
}

#[test]
fn what_is_escaped_is_read_by_what_owns() {
    let list = described(70_001, Kind::Array(pair()));
    let read = text::<Vec<(i32, String)>>(&list, br#"{"(1,\"a \"\"b\"\"\")"}"#).unwrap();
    assert_eq!(read, [(1, "a \"b\"".into())]);
    assert!(text::<Vec<(i32, &str)>>(&list, br#"{"(1,\"a\")"}"#).is_err());
    assert_eq!(<(i32, String)>::from_sql_owned(&pair(), Format::Text, b"(1,a)").unwrap(), (1, "a".into()));
}
