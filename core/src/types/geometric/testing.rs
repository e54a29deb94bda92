//! What the tests of the shapes share. NaN is not equal to itself, so they compare bytes and texts.

use core::fmt::{Debug, Display};
use core::str::FromStr;
use std::string::ToString;

use proptest::prelude::*;

use super::Point;
use crate::types::testing::{binary, encode, text};
use crate::types::{FromSql, ParseError, ToSql, Type};

/// Any float, often a special or a short one.
pub(super) fn float() -> impl Strategy<Value = f64> {
    let special = prop::sample::select(&[0.0, -0.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e-7][..]);
    prop_oneof![1 => special, 2 => any::<i16>().prop_map(|tens| f64::from(tens) / 10.0), 2 => any::<f64>()]
}

pub(super) fn point() -> impl Strategy<Value = Point> {
    (float(), float()).prop_map(|(x, y)| Point { x, y })
}

/// A value goes both ways in both formats.
pub(super) fn arrives<T>(type_: &Type, value: &T)
where
    T: ToSql + for<'a> FromSql<'a> + Display + FromStr<Err = ParseError> + Debug,
{
    let bytes = encode(type_, value).unwrap();
    let read = binary::<T>(type_, &bytes).unwrap();
    assert_eq!(encode(type_, &read).unwrap(), bytes);
    let written = value.to_string();
    let read = text::<T>(type_, written.as_bytes()).unwrap();
    assert_eq!(read.to_string(), written);
    if !written.contains("NaN") {
        assert_eq!(encode(type_, &read).unwrap(), bytes);
    }
}

/// Texts that are read, with what the server writes for them.
pub(super) fn is_written<T: FromStr<Err = ParseError> + Display>(texts: &[(&str, &str)]) {
    for (text, written) in texts {
        assert_eq!(text.parse::<T>().map(|value| value.to_string()).as_deref(), Ok(*written), "{text}");
    }
}

/// Texts that the server refuses.
pub(super) fn is_refused<T: FromStr<Err = ParseError> + Debug>(texts: &[&str]) {
    for text in texts {
        assert!(text.parse::<T>().is_err(), "{text}");
    }
}
