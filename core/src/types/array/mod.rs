//! One-dimensional arrays, of anything that is an [`ArrayElement`].

mod binary;
mod dimension;
mod element;
mod reader;
mod text;
mod view;
mod writer;

use alloc::boxed::Box;
use alloc::vec::Vec;

use bytes::BytesMut;

use super::{FromSql, ToSql, Type};
use crate::error::BoxError;
use crate::wire::{Format, IsNull};

pub use dimension::Dimension;
pub use element::ArrayElement;
pub use reader::ArrayText;
pub use view::{ArrayElements, ArrayView};
pub use writer::ArrayWriter;

/// The type of the elements. An array type that is not built in stands for its own elements: what is known of
/// them comes with the values.
fn element_of(type_: &Type) -> Option<Type> {
    if !type_.is_known() { Some(type_.clone()) } else { type_.element() }
}

/// In binary, unless its elements are written as text, or it goes into a custom type: there is no saying yet what
/// that is an array of, so that only text can be sent.
impl<T: ToSql + ArrayElement> ToSql for [T] {
    fn accepts(&self, type_: &Type) -> bool {
        element_of(type_).is_some_and(|element| self.iter().all(|value| value.accepts(&element)))
    }

    fn to_sql(&self, type_: &Type, out: &mut BytesMut) -> Result<IsNull, BoxError> {
        let element = element_of(type_).ok_or_else(super::problem::mismatch)?;
        match self.format(type_) {
            Format::Binary => binary::encode(self, type_, &element, out)?,
            Format::Text => text::encode(self, &element, out)?,
        }
        Ok(IsNull::No)
    }

    fn format(&self, type_: &Type) -> Format {
        let text = |element| self.iter().any(|value| value.format(&element) == Format::Text);
        if !type_.is_known() || element_of(type_).is_some_and(text) { Format::Text } else { Format::Binary }
    }
}

/// What derefs to a slice.
macro_rules! to_sql {
    ($({$($generics:tt)*} $type:ty),*) => {$(
        impl<T: ToSql + ArrayElement, $($generics)*> ToSql for $type {
            fn accepts(&self, type_: &Type) -> bool {
                self[..].accepts(type_)
            }

            fn to_sql(&self, type_: &Type, out: &mut BytesMut) -> Result<IsNull, BoxError> {
                self[..].to_sql(type_, out)
            }

            fn format(&self, type_: &Type) -> Format {
                self[..].format(type_)
            }
        }
    )*};
}

to_sql!({} Vec<T>, {const N: usize} [T; N]);

/// Reads arrays of one dimension, or of none, which are empty. The lower bound is not told.
impl<'a, T: FromSql<'a> + ArrayElement> FromSql<'a> for Vec<T> {
    fn accepts(type_: &Type) -> bool {
        element_of(type_).is_some_and(|element| T::accepts(&element))
    }

    fn from_sql(type_: &Type, format: Format, raw: &'a [u8]) -> Result<Self, BoxError> {
        let element = element_of(type_).ok_or_else(super::problem::mismatch)?;
        match format {
            Format::Binary => binary::decode(type_, &element, raw),
            Format::Text => text::decode(type_, &element, raw),
        }
    }
}

impl<'a, T: FromSql<'a> + ArrayElement> FromSql<'a> for Box<[T]> {
    fn accepts(type_: &Type) -> bool {
        Vec::<T>::accepts(type_)
    }

    fn from_sql(type_: &Type, format: Format, raw: &'a [u8]) -> Result<Self, BoxError> {
        Vec::from_sql(type_, format, raw).map(Vec::into_boxed_slice)
    }
}

#[cold]
fn dimensions(count: impl core::fmt::Display) -> BoxError {
    alloc::format!("it has {count} dimensions; only arrays of one can be read so far").into()
}

#[cfg(test)]
mod tests;
