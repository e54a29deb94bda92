//! What the tests of the families share.

use core::fmt::Debug;

use bytes::BytesMut;

use super::{Description, FromSql, Kind, ToSql, Type};
use crate::error::BoxError;
use crate::wire::{Format, IsNull};

/// A value's bytes, from the type that must accept it.
pub(super) fn encode(type_: &Type, value: &dyn ToSql) -> Result<BytesMut, BoxError> {
    assert!(value.accepts(type_), "{} is not accepted as {type_}", value.host_type());
    let mut out = BytesMut::new();
    assert_eq!(value.to_sql(type_, &mut out)?, IsNull::No);
    Ok(out)
}

/// An extension's base type of that name.
pub(super) fn extension(name: &str) -> Type {
    let description = Description {
        schema: "public".into(),
        name: name.into(),
        kind: Kind::Base,
        delimiter: b',',
        binary: true,
    };
    Type::described(16_999, description)
}

/// Whether a `T` can be read from it: `ToSql` has an `accepts` too.
pub(super) fn reads<'a, T: FromSql<'a>>(type_: &Type) -> bool {
    <T as FromSql<'a>>::accepts(type_)
}

/// A value written and read again, in the format it is written in.
pub(super) fn round_trip<T: ToSql + for<'a> FromSql<'a>>(type_: &Type, value: &T) -> T {
    assert!(reads::<T>(type_));
    let bytes = encode(type_, value).unwrap();
    T::from_sql(type_, value.format(type_), &bytes).unwrap()
}

/// Reads from binary format.
pub(super) fn binary<'a, T: FromSql<'a>>(type_: &Type, raw: &'a [u8]) -> Result<T, BoxError> {
    T::from_sql(type_, Format::Binary, raw)
}

/// Reads from text format.
pub(super) fn text<'a, T: FromSql<'a>>(type_: &Type, raw: &'a [u8]) -> Result<T, BoxError> {
    T::from_sql(type_, Format::Text, raw)
}

/// Reads arbitrary bytes in both formats: whatever comes, it comes as a `Result`, and only accepted types are
/// asked for.
pub(super) fn survives<'a, T: FromSql<'a> + Debug>(type_: &Type, raw: &'a [u8]) {
    if reads::<T>(type_) {
        _ = binary::<T>(type_, raw);
        _ = text::<T>(type_, raw);
    }
}
