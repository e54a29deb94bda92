use alloc::borrow::{Cow, ToOwned};
use alloc::boxed::Box;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use bytes::Bytes;

use crate::types::RawJson;

/// Marks what can be an element of an array, so that a `Vec` or slice of it is an array.
///
/// Everything is that can be sent or read, but `u8`, whose slices are bytea, and arrays themselves, whose
/// arrays would have a second dimension. Implement it for your own types to have arrays of them.
pub trait ArrayElement {}

macro_rules! elements {
    ($($type:ty),* $(,)?) => {$(
        impl ArrayElement for $type {}
    )*};
}

elements!(bool, i8, i16, i32, i64, i128, isize, u16, u32, u64, u128, usize, f32, f64);
elements!(char, str, String, RawJson<'_>);
elements!([u8], Vec<u8>, Bytes);

impl<T: ArrayElement> ArrayElement for Option<T> {}
impl<T: ArrayElement + ?Sized> ArrayElement for &T {}
impl<T: ArrayElement + ?Sized> ArrayElement for Box<T> {}
impl<T: ArrayElement + ?Sized> ArrayElement for Arc<T> {}
impl<T: ArrayElement + ToOwned + ?Sized> ArrayElement for Cow<'_, T> {}
impl<const N: usize> ArrayElement for [u8; N] {}
