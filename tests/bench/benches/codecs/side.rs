//! The two sides, as one trait: what differs between their own traits is a format, and a check of the type.

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
pub(crate) struct Ours(pub(crate) trunkline::types::Type);

/// postgres-types', for a type.
pub(crate) struct Theirs(pub(crate) postgres_types::Type);

impl<T: trunkline::types::ToSql + trunkline::types::FromSql<'static>> Side<T> for Ours {
    #[inline]
    fn encode(&self, value: &T, out: &mut BytesMut) {
        let written = black_box(value).to_sql(black_box(&self.0), out);
        assert!(written.is_ok());
    }

    #[inline]
    fn decode(&self, raw: &'static [u8]) -> T {
        match T::from_sql(black_box(&self.0), Format::Binary, raw) {
            Ok(value) => value,
            Err(error) => fail(&*error),
        }
    }
}

impl<T: postgres_types::ToSql + postgres_types::FromSql<'static>> Side<T> for Theirs {
    #[inline]
    fn encode(&self, value: &T, out: &mut BytesMut) {
        let written = black_box(value).to_sql(black_box(&self.0), out);
        assert!(written.is_ok());
    }

    #[inline]
    fn decode(&self, raw: &'static [u8]) -> T {
        match T::from_sql(black_box(&self.0), raw) {
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
