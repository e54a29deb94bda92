use std::format;
use std::string::{String, ToString};
use std::vec;
use std::vec::Vec;

use bytes::BytesMut;
use proptest::prelude::*;

use super::{Bound, Multirange, Range};
use crate::types::testing::{encode, reads, round_trip, survives, text};
use crate::types::{Array, Description, FromSql, Kind, Numeric, Timestamp, ToSql, Type};
use crate::wire::Format;

fn bound<T: Clone + core::fmt::Debug>(value: impl Strategy<Value = T>) -> impl Strategy<Value = Bound<T>> {
    (value, 0..3).prop_map(|(value, kind)| match kind {
        0 => Bound::Included(value),
        1 => Bound::Excluded(value),
        _ => Bound::Unbounded,
    })
}

fn range<T: Clone + core::fmt::Debug + 'static>(
    value: impl Strategy<Value = T> + Clone,
) -> impl Strategy<Value = Range<T>> {
    prop_oneof![
        1 => Just(Range::Empty),
        9 => (bound(value.clone()), bound(value)).prop_map(Range::from),
    ]
}

fn described(oid: u32, kind: Kind) -> Type {
    let (schema, name) = ("public".into(), format!("t{oid}").into());
    Type::described(oid, Description { schema, name, kind, delimiter: b',', binary: true })
}

proptest! {
    #[test]
    fn ranges_arrive(ints in range(any::<i32>()), texts in range("[^\0]*")) {
        prop_assert_eq!(round_trip(&Type::INT4RANGE, &ints), ints);
        prop_assert_eq!(text::<Range<i32>>(&Type::INT4RANGE, ints.to_string().as_bytes()).unwrap(), ints);
        let textrange = described(70_000, Kind::Range(described(70_001, Kind::Domain(Type::TEXT))));
        prop_assert_eq!(&round_trip(&textrange, &texts), &texts);
        // Written as text: a string stands for a timestamp.
        prop_assert_eq!(&round_trip(&Type::TSRANGE, &texts), &texts);
    }

    #[test]
    fn multiranges_arrive(
        ints in proptest::collection::vec(range(any::<i32>()), 0..5),
        texts in proptest::collection::vec(range("[^\0]*"), 0..5),
    ) {
        let ints = Multirange(ints);
        prop_assert_eq!(&round_trip(&Type::INT4MULTIRANGE, &ints), &ints);
        prop_assert_eq!(&text::<Multirange<i32>>(&Type::INT4MULTIRANGE, ints.to_string().as_bytes()).unwrap(), &ints);
        let texts = Multirange(texts);
        prop_assert_eq!(&round_trip(&Type::TSMULTIRANGE, &texts), &texts);
    }

    #[test]
    fn arrays_of_ranges_arrive(ranges: Vec<Option<i64>>) {
        let ranges: Vec<_> = ranges.into_iter().map(|start| start.map(|start| Range::from(start..))).collect();
        prop_assert_eq!(&round_trip(&Type::INT8RANGE_ARRAY, &ranges), &ranges);
        let multiranges: Array<_> = ranges.into_iter().map(|range| Multirange(range.into_iter().collect())).collect();
        prop_assert_eq!(&round_trip(&Type::INT8MULTIRANGE_ARRAY, &multiranges), &multiranges);
    }

    #[test]
    fn any_bytes_are_survived(flags in 0_u8..32, raw: Vec<u8>) {
        for raw in [&raw[..], &[&[flags][..], &raw].concat(), &[&[0, 0, 0, 1][..], &raw].concat()] {
            survives::<Range<i32>>(&Type::INT4RANGE, raw);
            survives::<Range<&str>>(&Type::TSRANGE, raw);
            survives::<Multirange<i32>>(&Type::INT4MULTIRANGE, raw);
        }
    }
}

#[test]
fn the_binary_form_is_the_servers() {
    // select int4range_send('[1,3)'), and so on.
    let send = |range: Range<i32>| encode(&Type::INT4RANGE, &range).unwrap();
    assert_eq!(&send((1..3).into())[..], b"\x02\0\0\0\x04\0\0\0\x01\0\0\0\x04\0\0\0\x03");
    assert_eq!(&send((..).into())[..], b"\x18");
    assert_eq!(&send(Range::Empty)[..], b"\x01");
    assert_eq!(&send(Range::new(Bound::Unbounded, Bound::Included(1)))[..], b"\x0c\0\0\0\x04\0\0\0\x01");
    let many = Multirange(vec![Range::from(1..), Range::Empty]);
    assert_eq!(
        &encode(&Type::INT4MULTIRANGE, &many).unwrap()[..],
        b"\0\0\0\x02\0\0\0\x09\x12\0\0\0\x04\0\0\0\x01\0\0\0\x01\x01"
    );
}

#[test]
fn bounds_must_fit() {
    assert!(!Range::from("a"..).accepts(&Type::INT4RANGE));
    assert!(!Range::from(1..).accepts(&Type::INT4MULTIRANGE));
    assert!(!Range::from(1..).accepts(&Type::INT4));
    assert!(!Range::from("a"..).accepts(&Type::from_oid(99_999)));
    assert!(Range::<&str>::Empty.accepts(&Type::INT4RANGE));
    assert!(!Multirange(vec![Range::from(1..)]).accepts(&Type::INT4RANGE));
    assert!(reads::<Range<i64>>(&Type::INT4RANGE) && !reads::<Range<i32>>(&Type::INT8RANGE));
    assert!(reads::<Range<Timestamp>>(&Type::TSRANGE) && reads::<Multirange<Numeric>>(&Type::NUMMULTIRANGE));
    let null = Range::from(None::<i32>..).to_sql(&Type::INT4RANGE, &mut BytesMut::new()).unwrap_err();
    assert!(null.to_string().starts_with("a bound of a range cannot be NULL"), "{null}");
    let large = Range::from(..1_i64 << 40).to_sql(&Type::INT4RANGE, &mut BytesMut::new()).unwrap_err();
    assert!(large.to_string().starts_with("1099511627776 is out of its range"), "{large}");
    let borrowed = text::<Range<&str>>(&Type::TSRANGE, br#"["a",b"c")"#).unwrap_err();
    assert!(borrowed.to_string().contains("cannot be borrowed"), "{borrowed}");
    let broken = text::<Range<i32>>(&Type::INT4RANGE, b"[1,2").unwrap_err();
    assert_eq!(broken.to_string(), "the text is not a range");
}

#[test]
fn what_is_escaped_is_read_by_what_owns() {
    let array = br#"{"[\"a b\",)",empty}"#;
    let ranges = text::<Vec<Range<String>>>(&Type::TSRANGE_ARRAY, array).unwrap();
    assert_eq!(ranges, [Range::from(String::from("a b")..), Range::Empty]);
    let owned = Range::<String>::from_sql_owned(&Type::TSRANGE, Format::Text, b"[a,b)").unwrap();
    assert_eq!(owned.to_string(), "[a,b)");
}

#[cfg(feature = "serde")]
#[test]
fn json_has_them_as_text() {
    let value = (Range::from(1..3), Multirange(vec![Range::from("a b"..)]));
    assert_eq!(serde_json::to_string(&value).unwrap(), r#"["[1,3)","{[\"a b\",)}"]"#);
}
