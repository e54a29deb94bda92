use std::borrow::Cow;
use std::boxed::Box;
use std::string::{String, ToString};
use std::vec;
use std::vec::Vec;

use bytes::{BufMut, BytesMut};
use proptest::prelude::*;

use crate::types::testing::{binary, encode, reads, round_trip, survives, text};
use crate::types::{ToSql, Type, Uuid};
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
    fn any_bytes_are_survived(raw: Vec<u8>, tail: Vec<u8>) {
        let mut likely = BytesMut::new();
        likely.put_slice(&[0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 23, 0, 0, 0]);
        likely.put_slice(&tail);
        for raw in [&raw[..], &likely, &[b"{", &raw[..], b"}"].concat()] {
            for type_ in [Type::INT4_ARRAY, Type::TEXT_ARRAY, Type::INT2VECTOR, Type::from_oid(99_999)] {
                survives::<Vec<i32>>(&type_, raw);
                survives::<Vec<Option<&str>>>(&type_, raw);
                survives::<Box<[String]>>(&type_, raw);
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
    assert!(refused.to_string().starts_with("1099511627776 is out of its range"), "{refused}");
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
    assert_eq!(refused.to_string(), "the bytes end too early");
}

#[test]
fn several_dimensions_say_so() {
    let mut raw = BytesMut::new();
    for word in [2, 0, 23, 1, 1, 1, 1, 4, 7] {
        raw.put_i32(word);
    }
    let several = "it has 2 dimensions; only arrays of one can be read so far";
    assert_eq!(binary::<Vec<i32>>(&Type::INT4_ARRAY, &raw).unwrap_err().to_string(), several);
    assert_eq!(text::<Vec<i32>>(&Type::INT4_ARRAY, b"[0:0][0:0]={{7}}").unwrap_err().to_string(), several);
    let nested = text::<Vec<i32>>(&Type::INT4_ARRAY, b"{{7}}").unwrap_err();
    assert!(nested.to_string().starts_with("it has several dimensions"), "{nested}");
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
    assert_eq!(texts(b"[0:1]={a,b}").unwrap(), some(&["a", "b"]));
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
    assert_eq!(&encode(&Type::BOX_ARRAY, &["a", "b"]).unwrap()[..], br#"{"a";"b"}"#);
}

#[test]
fn vectors_of_the_catalogs_start_at_zero() {
    let wire = encode(&Type::INT2VECTOR, &[5]).unwrap();
    assert_eq!(&wire[12..20], b"\0\0\0\x01\0\0\0\0");
    assert_eq!(round_trip(&Type::OIDVECTOR, &vec![7_u32]), [7]);
}
