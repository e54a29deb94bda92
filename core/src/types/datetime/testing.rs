//! Values over the whole of the ranges, their edges more often than chance would have them.

use core::fmt::{Debug, Display};
use core::str::FromStr;
use std::string::{String, ToString};

use bytes::BytesMut;
use proptest::prelude::*;

use super::{Date, Interval, MICROS_PER_DAY, Time, TimeTz, Timestamp};
use crate::types::{FromSql, ToSql, Type, testing};

pub(super) fn date() -> impl Strategy<Value = Date> {
    let days = Date::MIN.unix_days().unwrap()..=Date::MAX.unix_days().unwrap();
    prop_oneof![
        8 => days.prop_map(|days| Date::from_unix_days(days).unwrap()),
        8 => (-800_000..800_000).prop_map(|days| Date::from_unix_days(days).unwrap()),
        1 => proptest::sample::select(&[
            Date::MIN, Date::MAX, Date::EPOCH, Date::INFINITY, Date::NEG_INFINITY,
        ][..]),
    ]
}

pub(super) fn time() -> impl Strategy<Value = Time> {
    let seconds = (0..86_400_i64).prop_map(|seconds| seconds * 1_000_000);
    prop_oneof![4 => 0..=MICROS_PER_DAY, 2 => seconds, 1 => Just(MICROS_PER_DAY)]
        .prop_map(|micros| Time::from_micros(micros).unwrap())
}

pub(super) fn time_tz() -> impl Strategy<Value = TimeTz> {
    (time(), -57_599..=57_599).prop_map(|(time, offset)| TimeTz::new(time, offset).unwrap())
}

pub(super) fn timestamp() -> impl Strategy<Value = Timestamp> {
    let micros = Timestamp::MIN.micros()..=Timestamp::MAX.micros();
    let finite = prop_oneof![
        2 => micros,
        2 => -99_999_999_999_999_999..99_999_999_999_999_999_i64,
        1 => (-99_999_999_999_i64..99_999_999_999).prop_map(|seconds| seconds * 1_000_000),
    ];
    prop_oneof![
        8 => finite.prop_map(|micros| Timestamp::finite(micros).unwrap()),
        1 => proptest::sample::select(&[
            Timestamp::MIN, Timestamp::MAX, Timestamp::EPOCH, Timestamp::INFINITY, Timestamp::NEG_INFINITY,
        ][..]),
    ]
}

pub(super) fn interval() -> impl Strategy<Value = Interval> {
    let months = prop_oneof![Just(0), -30..30, any::<i32>()];
    let days = prop_oneof![Just(0), -30..30, any::<i32>()];
    let microseconds = prop_oneof![
        Just(0),
        -99..99_i64,
        (-99_999..99_999_i64).prop_map(|seconds| seconds * 1_000_000),
        any::<i64>(),
    ];
    let finite = (months, days, microseconds).prop_map(|(months, days, microseconds)| Interval {
        months,
        days,
        microseconds,
    });
    prop_oneof![20 => finite, 1 => Just(Interval::INFINITY), 1 => Just(Interval::NEG_INFINITY)]
}

/// It is written as the server writes it, and read back from that.
#[track_caller]
pub(super) fn shows<T: Display + FromStr<Err: Debug> + PartialEq + Debug>(value: &T, text: &str) {
    assert_eq!(value.to_string(), text);
    assert_eq!(&text.parse::<T>().unwrap(), value);
}

/// Why a value cannot be sent.
pub(super) fn unsendable(type_: &Type, value: &dyn ToSql) -> String {
    value.to_sql(type_, &mut BytesMut::new()).unwrap_err().to_string()
}

/// Why a text cannot be read as a `T`.
pub(super) fn unreadable<T: for<'a> FromSql<'a> + Debug>(type_: &Type, written: &str) -> String {
    testing::text::<T>(type_, written.as_bytes()).unwrap_err().to_string()
}
