use bytes::BytesMut;
use uuid::Uuid;

use super::{ArrayElement, FromSql, ToSql, Type, oid, problem};
use crate::error::BoxError;
use crate::wire::{Format, IsNull};

impl ToSql for Uuid {
    #[inline]
    fn accepts(&self, type_: &Type) -> bool {
        type_.oid() == oid::UUID
    }

    #[inline]
    fn to_sql(&self, _type: &Type, out: &mut BytesMut) -> Result<IsNull, BoxError> {
        out.extend_from_slice(self.as_bytes());
        Ok(IsNull::No)
    }
}

impl<'a> FromSql<'a> for Uuid {
    #[inline]
    fn accepts(type_: &Type) -> bool {
        type_.oid() == oid::UUID
    }

    #[inline]
    fn from_sql(type_: &Type, format: Format, raw: &'a [u8]) -> Result<Self, BoxError> {
        Self::from_sql_owned(type_, format, raw)
    }

    #[inline]
    fn from_sql_owned(type_: &Type, format: Format, raw: &[u8]) -> Result<Self, BoxError> {
        match format {
            Format::Binary => {
                raw.try_into().map(Self::from_bytes).map_err(|_| problem::length(type_, raw.len()))
            }
            Format::Text => problem::parse::<super::Uuid>(type_, raw).map(Into::into),
        }
    }
}

impl ArrayElement for Uuid {}

impl From<super::Uuid> for Uuid {
    #[inline]
    fn from(id: super::Uuid) -> Self {
        Self::from_bytes(id.0)
    }
}

impl From<Uuid> for super::Uuid {
    #[inline]
    fn from(id: Uuid) -> Self {
        Self(id.into_bytes())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::types::testing::{round_trip, text};

    proptest! {
        #[test]
        fn uuids_arrive_in_both_formats(bytes: [u8; 16]) {
            let id = Uuid::from_bytes(bytes);
            prop_assert_eq!(round_trip(&Type::UUID, &id), id);
            let hyphens = id.hyphenated().encode_lower(&mut [0; 36]).as_bytes().to_vec();
            prop_assert_eq!(text::<Uuid>(&Type::UUID, &hyphens).unwrap(), id);
        }
    }
}
