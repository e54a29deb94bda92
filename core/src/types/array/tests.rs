use std::borrow::Cow;
use std::boxed::Box;
use std::format;
use std::rc::Rc;
use std::string::{String, ToString};
use std::sync::Arc;
use std::vec;
use std::vec::Vec;

use bytes::{BufMut, BytesMut};
use proptest::prelude::*;

use super::{Array, Dimension};
use crate::types::testing::{binary, encode, reads, round_trip, survives, text};
use crate::types::{Description, FromSql, Kind, ToSql, Type, Uuid};
use crate::wire::Format;

proptest! {
    #[test]
    fn arrays_arrive(ints: Vec<Option<i32>>, texts: Vec<String>, bytes: Vec<Vec<u8>>, ids: Vec<[u8; 16]>) {
        let texts: Vec<String> = texts.into_iter().map(|text| text.replace('\0', "")).collect();
        let ids: Vec<Uuid> = ids.into_iter().map(Uuid).collect();
        prop_assert_eq!(&round_trip(&Type::INT4_ARRAY, &ints), &ints);
        prop_assert_eq!(&round_trip(&Type::TEXT_ARRAY, &texts), &texts);
        prop_assert_eq!(&round_trip(&Type::JSONB_ARRAY, &texts), &texts);
        prop_assert_eq!(&round_trip(&Type::BYTEA_ARRAY, &bytes), &bytes);
        prop_assert_eq!(&round_trip(&Type::UUID_ARRAY, &ids), &ids);
        // These go and come as text.
        prop_assert_eq!(&round_trip(&Type::NUMERIC_ARRAY, &texts), &texts);
        prop_assert_eq!(&round_trip(&Type::from_oid(99_999), &texts), &texts);
        let maybe: Vec<Option<String>> = texts.into_iter().map(|text| (text != "a").then_some(text)).collect();
        prop_assert_eq!(&round_trip(&Type::BOX_ARRAY, &maybe), &maybe);
    }

    #[test]
    fn what_is_written_at_once_is_what_is_written_one_by_one(
        ints in proptest::collection::vec(any::<i64>(), 0..40),
        texts in proptest::collection::vec("[^\0]{0,300}", 0..5),
    ) {
        let one_by_one: Vec<_> = ints.iter().map(Some).collect();
        prop_assert_eq!(encode(&Type::INT8_ARRAY, &ints).unwrap(), encode(&Type::INT8_ARRAY, &one_by_one).unwrap());
        let one_by_one: Vec<_> = texts.iter().map(Some).collect();
        prop_assert_eq!(encode(&Type::TEXT_ARRAY, &texts).unwrap(), encode(&Type::TEXT_ARRAY, &one_by_one).unwrap());
        let bytes: Vec<_> = texts.iter().map(|text| text.as_bytes().to_vec()).collect();
        let one_by_one: Vec<_> = bytes.iter().map(Some).collect();
        prop_assert_eq!(encode(&Type::BYTEA_ARRAY, &bytes).unwrap(), encode(&Type::BYTEA_ARRAY, &one_by_one).unwrap());
    }

    #[test]
    fn arrays_of_all_dimensions_arrive(
        lengths in proptest::collection::vec(1_usize..4, 0..=6),
        lower_bound in -2..3,
        values in proptest::collection::vec(proptest::option::of("[^\0]{0,5}"), 1..9),
    ) {
        let dimensions: Vec<_> = lengths.iter().map(|&length| Dimension { length, lower_bound }).collect();
        let count = if lengths.is_empty() { 0 } else { lengths.iter().product() };
        let elements = values.into_iter().cycle().take(count).collect();
        let array: Array<Option<String>> = Array::with_dimensions(&dimensions, elements).unwrap();
        // In binary, and as text.
        for type_ in [Type::TEXT_ARRAY, Type::TSQUERY_ARRAY, Type::BOX_ARRAY, Type::from_oid(99_999)] {
            prop_assert_eq!(&round_trip(&type_, &array), &array);
        }
    }

    #[test]
    fn any_bytes_are_survived(raw: Vec<u8>, tail: Vec<u8>) {
        let mut likely = BytesMut::new();
        likely.put_slice(&[0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 23, 0, 0, 0]);
        likely.put_slice(&tail);
        for raw in [&raw[..], &likely, &[b"{", &raw[..], b"}"].concat()] {
            for type_ in [
                Type::INT4_ARRAY,
                Type::TEXT_ARRAY,
                Type::INT2VECTOR,
                Type::ANYARRAY,
                Type::from_oid(99_999),
            ] {
                survives::<Vec<i32>>(&type_, raw);
                survives::<Vec<Option<&str>>>(&type_, raw);
                survives::<Array<String>>(&type_, raw);
                survives::<[String; 2]>(&type_, raw);
            }
        }
    }
}

#[test]
fn every_holder_of_elements_is_an_array() {
    let wire = encode(&Type::INT4_ARRAY, &vec![1, 2]).unwrap();
    for value in
        [&&[1, 2][..] as &dyn ToSql, &[1_i64, 2], &[&1_u16, &2], &vec![Some(1), Some(2)], &Cow::from(&[1, 2])]
    {
        assert_eq!(encode(&Type::INT4_ARRAY, value).unwrap(), wire);
    }
    assert_eq!(
        &wire[..],
        b"\0\0\0\x01\0\0\0\0\0\0\0\x17\0\0\0\x02\0\0\0\x01\0\0\0\x04\0\0\0\x01\0\0\0\x04\0\0\0\x02"
    );
    assert_eq!(binary::<Vec<i64>>(&Type::INT4_ARRAY, &wire).unwrap(), [1, 2]);
    let nulls = encode(&Type::INT4_ARRAY, &[None::<i32>]).unwrap();
    assert_eq!(&nulls[..], b"\0\0\0\x01\0\0\0\x01\0\0\0\x17\0\0\0\x01\0\0\0\x01\xff\xff\xff\xff");
    assert_eq!(&encode(&Type::INT4_ARRAY, &[0_i32; 0]).unwrap()[..], b"\0\0\0\0\0\0\0\0\0\0\0\x17");
}

#[test]
fn elements_must_fit() {
    assert!(!vec![1].accepts(&Type::TEXT_ARRAY));
    assert!(!vec![1].accepts(&Type::INT4));
    assert!(!vec![1].accepts(&Type::from_oid(99_999)));
    assert_eq!(&encode(&Type::from_oid(99_999), &[""; 0]).unwrap()[..], b"{}");
    assert!(!vec!["a"].accepts(&Type::INT4_ARRAY));
    assert!(!reads::<Vec<i32>>(&Type::INT8_ARRAY));
    assert!(!reads::<Vec<String>>(&Type::INT4));
    let refused = [1_i64 << 40].to_sql(&Type::INT4_ARRAY, &mut BytesMut::new()).unwrap_err();
    assert!(refused.to_string().starts_with("element 1: 1099511627776 is out of its range"), "{refused}");
    let nul = ["a", "b\0"].to_sql(&Type::TEXT_ARRAY, &mut BytesMut::new()).unwrap_err();
    assert!(nul.to_string().starts_with("element 2: it contains a NUL byte"), "{nul}");
    let null = encode(&Type::INT4_ARRAY, &[None::<i32>]).unwrap();
    assert!(binary::<Vec<i32>>(&Type::INT4_ARRAY, &null).unwrap_err().to_string().starts_with("it is NULL"));
    // int8 elements in what the description called int4[].
    let wrong = encode(&Type::INT8_ARRAY, &[1]).unwrap();
    assert_eq!(
        binary::<Vec<i64>>(&Type::INT4_ARRAY, &wrong).unwrap_err().to_string(),
        "the types do not match"
    );
}

#[test]
fn a_count_beyond_the_bytes_is_refused_before_anything_is_reserved() {
    let mut raw = BytesMut::new();
    for word in [1, 0, 23, i32::MAX, 1, -1] {
        raw.put_i32(word);
    }
    let refused = binary::<Vec<Option<i32>>>(&Type::INT4_ARRAY, &raw).unwrap_err();
    assert_eq!(refused.to_string(), "a length is impossible");
}

#[test]
fn a_list_refuses_what_it_would_lose() {
    let mut raw = BytesMut::new();
    for word in [2, 0, 23, 1, 1, 1, 1, 4, 7] {
        raw.put_i32(word);
    }
    let several = "it has 2 dimensions, and a list has one: read it as an Array";
    assert_eq!(binary::<Vec<i32>>(&Type::INT4_ARRAY, &raw).unwrap_err().to_string(), several);
    for text_of_it in [&b"[0:0][0:0]={{7}}"[..], b"{{7}}"] {
        assert_eq!(text::<Vec<i32>>(&Type::INT4_ARRAY, text_of_it).unwrap_err().to_string(), several);
    }
    let elsewhere = "its subscripts start at 0, which a list cannot tell: read it as an Array";
    let from_zero = Array::with_dimensions(&[Dimension { length: 1, lower_bound: 0 }], vec![7]).unwrap();
    let raw = encode(&Type::INT4_ARRAY, &from_zero).unwrap();
    assert_eq!(binary::<Vec<i32>>(&Type::INT4_ARRAY, &raw).unwrap_err().to_string(), elsewhere);
    assert_eq!(text::<Vec<i32>>(&Type::INT4_ARRAY, b"[0:0]={7}").unwrap_err().to_string(), elsewhere);
    assert_eq!(binary::<Array<i32>>(&Type::INT4_ARRAY, &raw).unwrap(), from_zero);
    assert_eq!(text::<Array<i32>>(&Type::INT4_ARRAY, b"[0:0]={7}").unwrap(), from_zero);
}

#[test]
fn a_list_of_a_fixed_length_is_exactly_that_long() {
    let raw = encode(&Type::INT4_ARRAY, &[1, 2]).unwrap();
    assert_eq!(binary::<[i64; 2]>(&Type::INT4_ARRAY, &raw).unwrap(), [1, 2]);
    let refused = binary::<[i32; 3]>(&Type::INT4_ARRAY, &raw).unwrap_err();
    assert_eq!(refused.to_string(), "it has 2 elements, not 3");
    assert_eq!(text::<[i32; 0]>(&Type::INT4_ARRAY, b"{}").unwrap(), [0; 0]);
}

#[test]
fn whatever_holds_a_list_is_read() {
    let raw = encode(&Type::TEXT_ARRAY, &["a", "b"]).unwrap();
    assert_eq!(*binary::<Box<[&str]>>(&Type::TEXT_ARRAY, &raw).unwrap(), ["a", "b"]);
    assert_eq!(*binary::<Arc<[String]>>(&Type::TEXT_ARRAY, &raw).unwrap(), ["a", "b"]);
    assert_eq!(*binary::<Rc<[String]>>(&Type::TEXT_ARRAY, &raw).unwrap(), ["a", "b"]);
    assert_eq!(*binary::<Cow<'_, [&str]>>(&Type::TEXT_ARRAY, &raw).unwrap(), ["a", "b"]);
    assert_eq!(
        *Vec::<String>::from_sql_owned(&Type::TEXT_ARRAY, Format::Text, b"{a,b}").unwrap(),
        ["a", "b"]
    );
}

fn described(oid: u32, kind: Kind) -> Type {
    let (schema, name) = ("public".into(), format!("t{oid}").into());
    Type::described(oid, Description { schema, name, kind, delimiter: b',', binary: true })
}

#[test]
fn arrays_of_a_databases_own_types_are_binary() {
    let mood = described(70_000, Kind::Enum(["sad".into(), "happy".into()].into()));
    let moods = described(70_001, Kind::Array(mood));
    let value = vec![Some(String::from("sad")), None];
    assert_eq!(value.format(&moods), Format::Binary);
    assert_eq!(&encode(&moods, &value).unwrap()[8..12], 70_000_u32.to_be_bytes());
    assert_eq!(round_trip(&moods, &value), value);

    let other = encode(&Type::TEXT_ARRAY, &value).unwrap();
    assert_eq!(binary::<Vec<String>>(&moods, &other).unwrap_err().to_string(), "the types do not match");
}

#[test]
fn elements_that_are_domains_are_written_as_what_they_are_over() {
    let positive = described(70_000, Kind::Domain(described(70_001, Kind::Domain(Type::INT4))));
    let array = described(70_002, Kind::Array(positive));
    let wire = encode(&array, &[7]).unwrap();
    assert_eq!(&wire[8..12], 70_000_u32.to_be_bytes());
    assert_eq!(binary::<Vec<i64>>(&array, &wire).unwrap(), [7]);
    assert_eq!(text::<Vec<i32>>(&array, b"{7}").unwrap(), [7]);
    assert!(!reads::<Vec<String>>(&described(70_003, Kind::Domain(Type::INT4_ARRAY))));

    // Arrays in an array, which only a domain between them makes possible.
    let row = described(70_004, Kind::Domain(Type::INT4_ARRAY));
    let rows = described(70_005, Kind::Array(row));
    let value = Array::new(vec![Array::new(vec![1, 2]), Array::default()]);
    assert_eq!(round_trip(&rows, &value), value);
    assert!(!reads::<Array<Array<i32>>>(&Type::INT4_ARRAY));
}

#[test]
fn an_anyarray_says_itself_what_it_is_of() {
    let raw = encode(&Type::INT4_ARRAY, &[1, 2]).unwrap();
    assert_eq!(binary::<Vec<i32>>(&Type::ANYARRAY, &raw).unwrap(), [1, 2]);
    assert_eq!(binary::<Vec<bool>>(&Type::ANYARRAY, &raw).unwrap_err().to_string(), "the types do not match");
    assert!(!vec![1].accepts(&Type::ANYARRAY));
}

#[test]
fn text_format_is_read() {
    let texts = |raw: &'static [u8]| text::<Vec<Option<String>>>(&Type::TEXT_ARRAY, raw);
    let some = |texts: &[&str]| texts.iter().map(|&text| Some(text.into())).collect::<Vec<Option<String>>>();
    assert_eq!(
        text::<Vec<Option<i32>>>(&Type::INT4_ARRAY, b"{1,NULL,-3}").unwrap(),
        [Some(1), None, Some(-3)]
    );
    assert_eq!(texts(b"{}").unwrap(), []);
    assert_eq!(texts(br#"{a,"b,c","",null,"NULL","a\"b\\"}"#).unwrap()[..3], some(&["a", "b,c", ""]));
    assert_eq!(
        texts(br#"{null,"NULL","a\"b\\"}"#).unwrap(),
        [None, Some("NULL".into()), Some(r#"a"b\"#.into())]
    );
    assert_eq!(texts(b"[1:2]={a,b}").unwrap(), some(&["a", "b"]));
    assert_eq!(text::<Vec<Vec<u8>>>(&Type::BYTEA_ARRAY, br#"{"\\x6869"}"#).unwrap(), [b"hi"]);
    assert_eq!(text::<Vec<String>>(&Type::BOX_ARRAY, b"{(1,1),(0,0);(2,2),(0,0)}").unwrap().len(), 2);
    assert_eq!(text::<Vec<i16>>(&Type::INT2VECTOR, b"1 2 3").unwrap(), [1, 2, 3]);
    assert!(text::<Vec<u32>>(&Type::OIDVECTOR, b"").unwrap().is_empty());
    for broken in [
        &b""[..],
        b"{",
        b"{1",
        b"{1,",
        b"{,}",
        b"{1}2",
        b"{\"a",
        b"{\"a\\",
        b"{\"a\"b}",
        b"[0:1]",
        b"{a\"b\"}",
    ] {
        assert!(text::<Vec<Option<String>>>(&Type::TEXT_ARRAY, broken).is_err(), "{broken:?}");
    }
}

#[test]
fn what_borrows_reads_what_has_no_escapes() {
    assert_eq!(text::<Vec<&str>>(&Type::TEXT_ARRAY, br#"{a,"b c"}"#).unwrap(), ["a", "b c"]);
    let escaped = text::<Vec<&str>>(&Type::TEXT_ARRAY, br#"{"\""}"#).unwrap_err();
    assert!(escaped.to_string().contains("cannot be borrowed"), "{escaped}");
}

#[test]
fn strings_of_other_types_are_quoted() {
    let value = vec![Some("1\"2"), None, Some("\\")];
    assert_eq!(value.format(&Type::DATE_ARRAY), Format::Text);
    assert_eq!(&encode(&Type::DATE_ARRAY, &value).unwrap()[..], br#"{"1\"2",NULL,"\\"}"#);
    assert_eq!(&encode(&Type::BOX_ARRAY, &["a", "b;"]).unwrap()[..], br#"{a;"b;"}"#);
}

#[test]
fn vectors_of_the_catalogs_start_at_zero() {
    let wire = encode(&Type::INT2VECTOR, &[5]).unwrap();
    assert_eq!(&wire[12..20], b"\0\0\0\x01\0\0\0\0");
    assert_eq!(round_trip(&Type::OIDVECTOR, &vec![7_u32]), [7]);
    assert_eq!([0_i16; 0].format(&Type::INT2VECTOR), Format::Text);
    assert_eq!(round_trip(&Type::INT2VECTOR, &Vec::<i16>::new()), [0; 0]);
    let dimensions = [Dimension { length: 2, lower_bound: 0 }];
    assert_eq!(text::<Array<i16>>(&Type::INT2VECTOR, b"5 6").unwrap().dimensions(), dimensions);
    assert_eq!(text::<Array<i16>>(&Type::INT2VECTOR, b"").unwrap(), Array::default());
}

#[test]
fn what_is_read_at_once_is_checked_like_the_rest() {
    let values: Vec<i32> = (0..100).collect();
    let wire = encode(&Type::INT4_ARRAY, &values).unwrap();
    assert_eq!(binary::<Vec<i32>>(&Type::INT4_ARRAY, &wire).unwrap(), values);
    assert_eq!(binary::<Vec<i64>>(&Type::INT4_ARRAY, &wire).unwrap().len(), values.len());
    // The length of the fiftieth element: too long, too short, NULL.
    let at = 20 + 49 * 8;
    for length in [5_i32, 3, 0, -2, i32::MAX] {
        let mut broken = wire.clone();
        broken[at..at + 4].copy_from_slice(&length.to_be_bytes());
        assert!(binary::<Vec<i32>>(&Type::INT4_ARRAY, &broken).is_err(), "{length}");
    }
    let mut some: Vec<Option<i32>> = values.iter().copied().map(Some).collect();
    some[49] = None;
    let wire = encode(&Type::INT4_ARRAY, &some).unwrap();
    assert_eq!(binary::<Vec<Option<i32>>>(&Type::INT4_ARRAY, &wire).unwrap(), some);
    let null = binary::<Vec<i32>>(&Type::INT4_ARRAY, &wire).unwrap_err();
    assert_eq!(null.to_string(), "it is NULL, which only an Option can hold");
}
