//! Tuples: the fields of a composite value, or of an anonymous record, in their order.

use bytes::BytesMut;

use super::encode::{encode_tuple, format_tuple};
use super::fields::decode_tuple;
use super::{InOrderWriter, is_composite};
use crate::error::BoxError;
use crate::types::{ArrayElement, FromSql, ToSql, Type, oid, tuples_up_to_8};
use crate::wire::{Format, IsNull};

macro_rules! tuple {
    ($count:literal $($index:tt $type:ident)*) => {
        /// As a value of a composite type with as many fields.
        impl<$($type: ToSql),*> ToSql for ($($type,)*) {
            fn accepts(&self, type_: &Type) -> bool {
                is_composite(type_)
            }

            fn to_sql(&self, type_: &Type, out: &mut BytesMut) -> Result<IsNull, BoxError> {
                if let Some(mut fields) = InOrderWriter::of(type_, $count, out)
                    && $(fields.put(&self.$index)?)&&*
                {
                    return Ok(IsNull::No);
                }
                encode_tuple(&[$(&self.$index),*], type_, out)
            }

            fn format(&self, type_: &Type) -> Format {
                format_tuple(&[$(&self.$index),*], type_)
            }
        }

        /// From composite values and anonymous records (`select row(1, 'a')`) with as many fields.
        impl<'a, $($type: FromSql<'a>),*> FromSql<'a> for ($($type,)*) {
            fn accepts(type_: &Type) -> bool {
                type_.oid() == oid::RECORD || is_composite(type_)
            }

            fn from_sql(type_: &Type, format: Format, raw: &'a [u8]) -> Result<Self, BoxError> {
                decode_tuple(type_, format, raw, $count, |fields| Ok(($(fields.next::<$type>()?,)*)))
            }

            fn from_sql_owned(type_: &Type, format: Format, raw: &[u8]) -> Result<Self, BoxError> {
                decode_tuple(type_, format, raw, $count, |fields| Ok(($(fields.next_owned::<$type>()?,)*)))
            }
        }

        impl<$($type),*> ArrayElement for ($($type,)*) {}
    };
}

tuples_up_to_8!(tuple);
