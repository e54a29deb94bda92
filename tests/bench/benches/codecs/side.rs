//! The two sides, as one trait. Each is asked first whether it takes the type, as both drivers do for every value:
//! what one checks then, the other may check when it converts.

use std::hint::black_box;

use bytes::BytesMut;
use trunkline::types::Format;

/// A driver's codec for values of a host type `T`.
pub(crate) trait Side<T> {
    /// Appends the value.
    fn encode(&self, value: &T, out: &mut BytesMut);

    /// Reads it back.
    fn decode(&self, raw: &'static [u8]) -> T;
}

/// trunkline's, for a type.
#[derive(Clone)]
pub(crate) struct Ours(pub(crate) trunkline::types::Type);

/// postgres-types', for a type.
#[derive(Clone)]
pub(crate) struct Theirs(pub(crate) postgres_types::Type);

impl<T: trunkline::types::ToSql + trunkline::types::FromSql<'static>> Side<T> for Ours {
    #[inline]
    fn encode(&self, value: &T, out: &mut BytesMut) {
        let (value, type_) = (black_box(value), black_box(&self.0));
        assert!(value.accepts(type_));
        assert!(value.to_sql(type_, out).is_ok());
    }

    #[inline]
    fn decode(&self, raw: &'static [u8]) -> T {
        let type_ = black_box(&self.0);
        assert!(<T as trunkline::types::FromSql<'_>>::accepts(type_));
        match T::from_sql(type_, Format::Binary, raw) {
            Ok(value) => value,
            Err(error) => fail(&*error),
        }
    }
}

impl<T: postgres_types::ToSql + postgres_types::FromSql<'static>> Side<T> for Theirs {
    #[inline]
    fn encode(&self, value: &T, out: &mut BytesMut) {
        let (value, type_) = (black_box(value), black_box(&self.0));
        assert!(<T as postgres_types::ToSql>::accepts(type_));
        assert!(value.to_sql(type_, out).is_ok());
    }

    #[inline]
    fn decode(&self, raw: &'static [u8]) -> T {
        let type_ = black_box(&self.0);
        assert!(<T as postgres_types::FromSql<'_>>::accepts(type_));
        match T::from_sql(type_, raw) {
            Ok(value) => value,
            Err(error) => fail(&*error),
        }
    }
}

#[cold]
#[expect(clippy::panic, reason = "a bench that cannot decode what it encoded has nothing to tell")]
fn fail(error: &dyn std::error::Error) -> ! {
    panic!("{error}")
}
