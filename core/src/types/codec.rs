use core::fmt;
use core::str::FromStr;

use bytes::BytesMut;

use super::Type;
use crate::error::BoxError;
use crate::wire::Format;

/// A host type of our own, for a family of types with one binary form.
///
/// Its `Display` is the server's text output under default settings, its `FromStr` reads it back; the macro
/// [`codec!`] makes [`ToSql`](super::ToSql) and [`FromSql`](super::FromSql) of all this.
pub(super) trait Codec: Sized + fmt::Debug + fmt::Display + FromStr<Err = ParseError> {
    /// Whether `type_` is of this family. Never asked of a domain.
    fn is(type_: &Type) -> bool;

    /// Appends the binary form.
    fn encode(&self, type_: &Type, out: &mut BytesMut) -> Result<(), BoxError>;

    /// How it is written; what is said in text is what `encode` appends then.
    fn format(&self) -> Format {
        Format::Binary
    }

    /// Reads the binary form, all of it.
    fn decode(type_: &Type, raw: &[u8]) -> Result<Self, BoxError>;
}

/// Makes values, and elements of arrays, of types that are a [`Codec`].
macro_rules! codec {
    ($($type:ty),* $(,)?) => {$(
        impl $crate::types::ToSql for $type {
            #[inline]
            fn accepts(&self, type_: &$crate::types::Type) -> bool {
                <Self as $crate::types::codec::Codec>::is(type_)
            }

            #[inline]
            fn to_sql(
                &self,
                type_: &$crate::types::Type,
                out: &mut bytes::BytesMut,
            ) -> Result<$crate::wire::IsNull, $crate::error::BoxError> {
                $crate::types::codec::Codec::encode(self, type_, out)?;
                Ok($crate::wire::IsNull::No)
            }

            #[inline]
            fn format(&self, _type: &$crate::types::Type) -> $crate::wire::Format {
                $crate::types::codec::Codec::format(self)
            }
        }

        impl<'a> $crate::types::FromSql<'a> for $type {
            #[inline]
            fn accepts(type_: &$crate::types::Type) -> bool {
                <Self as $crate::types::codec::Codec>::is(type_)
            }

            #[inline]
            fn from_sql(
                type_: &$crate::types::Type,
                format: $crate::wire::Format,
                raw: &'a [u8],
            ) -> Result<Self, $crate::error::BoxError> {
                Self::from_sql_owned(type_, format, raw)
            }

            #[inline]
            fn from_sql_owned(
                type_: &$crate::types::Type,
                format: $crate::wire::Format,
                raw: &[u8],
            ) -> Result<Self, $crate::error::BoxError> {
                match format {
                    $crate::wire::Format::Binary => <Self as $crate::types::codec::Codec>::decode(type_, raw),
                    $crate::wire::Format::Text => $crate::types::problem::parse(type_, raw),
                }
            }
        }

        impl $type {
            /// Reads the binary form of a value of a type that is read as this: as `FromSql` does, but for those who
            /// never read the text form, and need no code for it.
            #[doc(hidden)]
            pub fn from_binary(
                type_: &$crate::types::Type,
                raw: &[u8],
            ) -> Result<Self, $crate::error::BoxError> {
                $crate::types::codec::Codec::decode(type_, raw)
            }
        }

        impl $crate::types::ArrayElement for $type {}

        #[cfg(feature = "serde")]
        impl serde::Serialize for $type {
            /// As its text.
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
    )*};
}
pub(super) use codec;

/// A text is not what it should be.
///
/// ```
/// use trunkline_core::types::{ParseError, Uuid};
///
/// let error: ParseError = "not-a-uuid".parse::<Uuid>().unwrap_err();
/// println!("{error}");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ParseError(&'static str);

impl ParseError {
    /// What it should have been: `a UUID`.
    pub(super) const fn not(expected: &'static str) -> Self {
        Self(expected)
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the text is not ")?;
        f.write_str(self.0)
    }
}

impl core::error::Error for ParseError {}
