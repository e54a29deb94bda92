//! What holds the elements of an array in Rust: an [`Array`]; or a list, which is an array of one dimension whose
//! subscripts start at 1.

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::format;
use alloc::rc::Rc;
use alloc::sync::Arc;
use alloc::vec::Vec;

use bytes::BytesMut;

use super::{Array, ArrayElement, Dimension, decode, encode, is_vector};
use crate::error::BoxError;
use crate::types::{FromSql, ToSql, Type};
use crate::wire::{Format, IsNull};

/// In binary, unless its elements are written as text, or it goes into a type that is not known: there is no saying
/// what that is an array of, so that only text can be sent. A list of `f32` goes into pgvector's `vector` too.
impl<T: ToSql + ArrayElement> ToSql for [T] {
    fn accepts(&self, type_: &Type) -> bool {
        encode::accepts(self, type_) || T::list_form(type_).is_some()
    }

    fn to_sql(&self, type_: &Type, out: &mut BytesMut) -> Result<IsNull, BoxError> {
        if let Some(form) = T::list_form(type_) {
            return (form.write)(self, out).map(|()| IsNull::No);
        }
        let whole = Dimension { length: self.len(), lower_bound: i32::from(!is_vector(type_)) };
        let dimensions: &[Dimension] = if self.is_empty() { &[] } else { &[whole] };
        encode::to_sql(dimensions, self, type_, out)
    }

    fn format(&self, type_: &Type) -> Format {
        if T::list_form(type_).is_some() {
            return Format::Binary;
        }
        encode::format(self, type_)
    }
}

/// As a list is written, with all its dimensions.
impl<T: ToSql + ArrayElement> ToSql for Array<T> {
    fn accepts(&self, type_: &Type) -> bool {
        encode::accepts(self.elements(), type_)
    }

    fn to_sql(&self, type_: &Type, out: &mut BytesMut) -> Result<IsNull, BoxError> {
        encode::to_sql(self.dimensions(), self.elements(), type_, out)
    }

    fn format(&self, type_: &Type) -> Format {
        encode::format(self.elements(), type_)
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

/// Reads every array there is.
impl<'a, T: FromSql<'a> + ArrayElement> FromSql<'a> for Array<T> {
    fn accepts(type_: &Type) -> bool {
        decode::accepts::<T>(type_)
    }

    fn from_sql(type_: &Type, format: Format, raw: &'a [u8]) -> Result<Self, BoxError> {
        decode::array(type_, format, raw, T::from_sql)
    }

    fn from_sql_owned(type_: &Type, format: Format, raw: &[u8]) -> Result<Self, BoxError> {
        decode::array(type_, format, raw, T::from_sql_owned)
    }
}

/// Reads arrays of one dimension that start at 1, as they do unless somebody chose otherwise, and empty ones: of
/// others something would be lost, and that is an error. An [`Array`] reads them all.
impl<'a, T: FromSql<'a> + ArrayElement> FromSql<'a> for Vec<T> {
    fn accepts(type_: &Type) -> bool {
        decode::accepts::<T>(type_) || T::list_form(type_).is_some()
    }

    fn from_sql(type_: &Type, format: Format, raw: &'a [u8]) -> Result<Self, BoxError> {
        if let Some(form) = T::list_form(type_) {
            return (form.read)(type_, format, raw);
        }
        decode::list(type_, format, raw, T::from_sql)
    }

    fn from_sql_owned(type_: &Type, format: Format, raw: &[u8]) -> Result<Self, BoxError> {
        if let Some(form) = T::list_form(type_) {
            return (form.read)(type_, format, raw);
        }
        decode::list(type_, format, raw, T::from_sql_owned)
    }
}

/// What a `Vec` is made into.
macro_rules! from_vec {
    ($({$($generics:tt)*} $type:ty: $from:expr;)*) => {$(
        impl<'a, $($generics)*> FromSql<'a> for $type {
            fn accepts(type_: &Type) -> bool {
                <Vec<T> as FromSql<'a>>::accepts(type_)
            }

            fn from_sql(type_: &Type, format: Format, raw: &'a [u8]) -> Result<Self, BoxError> {
                Vec::from_sql(type_, format, raw).and_then($from)
            }

            fn from_sql_owned(type_: &Type, format: Format, raw: &[u8]) -> Result<Self, BoxError> {
                Vec::from_sql_owned(type_, format, raw).and_then($from)
            }
        }
    )*};
}

from_vec! {
    {T: FromSql<'a> + ArrayElement} Box<[T]>: |elements| Ok(elements.into());
    {T: FromSql<'a> + ArrayElement} Arc<[T]>: |elements| Ok(elements.into());
    {T: FromSql<'a> + ArrayElement} Rc<[T]>: |elements| Ok(elements.into());
    {T: FromSql<'a> + ArrayElement + Clone} Cow<'a, [T]>: |elements| Ok(Cow::Owned(elements));
    {T: FromSql<'a> + ArrayElement, const N: usize} [T; N]: |elements| elements.try_into().map_err(other_count::<T, N>);
}

#[cold]
#[expect(clippy::needless_pass_by_value, reason = "it is what was not converted")]
fn other_count<T, const N: usize>(elements: Vec<T>) -> BoxError {
    format!("it has {} elements, not {N}", elements.len()).into()
}
