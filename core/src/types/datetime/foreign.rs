//! Types of other crates, sent and read by way of ours.

/// Makes values, and elements of arrays, of types that can be converted to one of ours and back.
macro_rules! foreign {
    ($($type:ty => $own:ty),* $(,)?) => {$(
        impl $crate::types::ToSql for $type {
            #[inline]
            fn accepts(&self, type_: &$crate::types::Type) -> bool {
                <$own as $crate::types::codec::Codec>::is(type_)
            }

            #[inline]
            fn to_sql(
                &self,
                type_: &$crate::types::Type,
                out: &mut bytes::BytesMut,
            ) -> Result<$crate::wire::IsNull, $crate::error::BoxError> {
                let own: $own = (*self).try_into()?;
                $crate::types::ToSql::to_sql(&own, type_, out)
            }
        }

        impl<'a> $crate::types::FromSql<'a> for $type {
            #[inline]
            fn accepts(type_: &$crate::types::Type) -> bool {
                <$own as $crate::types::codec::Codec>::is(type_)
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
                let own = <$own as $crate::types::FromSql<'_>>::from_sql_owned(type_, format, raw)?;
                Ok(own.try_into()?)
            }
        }

        impl $crate::types::ArrayElement for $type {}
    )*};
}
pub(super) use foreign;
