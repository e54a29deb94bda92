use alloc::borrow::{Cow, ToOwned};
use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use bytes::{Bytes, BytesMut};

use super::Array;
use crate::types::{RawJson, Type, oid};
use crate::wire::IsNull;

/// Marks what can be an element of an array, so that a `Vec` or slice of it is an array.
///
/// Everything is that can be sent or read, but `u8`, whose slices are bytea, and lists themselves: arrays of arrays
/// are arrays of more dimensions, for which there is [`Array`]. Implement it for your own types to have arrays of
/// them.
pub trait ArrayElement {
    /// Appends the value with its length before it, where that is known beforehand; `None` where it is not, or
    /// where something is wrong with the value. It is then written as every other, and its length after it.
    #[doc(hidden)]
    #[inline]
    fn put(&self, _type: &Type, _out: &mut BytesMut) -> Option<IsNull> {
        None
    }

    /// Appends all values so, where they are all of one length; tells whether it has.
    #[doc(hidden)]
    #[inline]
    fn put_all(_values: &[Self], _type: &Type, _out: &mut BytesMut) -> bool
    where
        Self: Sized,
    {
        false
    }
}

/// Appends bytes with their length before them.
#[inline]
pub(in crate::types) fn put_bytes(bytes: &[u8], out: &mut BytesMut) -> Option<IsNull> {
    out.extend_from_slice(&i32::try_from(bytes.len()).ok()?.to_be_bytes());
    out.extend_from_slice(bytes);
    Some(IsNull::No)
}

/// What has one length as the type that it is made for.
macro_rules! fixed {
    ($($type:ty: $oid:ident, $length:literal, $value:ident => $bytes:expr;)*) => {$(
        impl ArrayElement for $type {
            #[inline]
            fn put(&self, type_: &Type, out: &mut BytesMut) -> Option<IsNull> {
                if type_.oid() != oid::$oid {
                    return None;
                }
                let $value = *self;
                let mut both = [0; 4 + $length];
                both[3] = $length;
                both[4..].copy_from_slice(&$bytes);
                out.extend_from_slice(&both);
                Some(IsNull::No)
            }

            fn put_all(values: &[Self], type_: &Type, out: &mut BytesMut) -> bool {
                if type_.oid() != oid::$oid {
                    return false;
                }
                let start = out.len();
                out.resize(start + values.len() * (4 + $length), 0);
                let (places, _) = out.get_mut(start..).unwrap_or_default().as_chunks_mut::<{ 4 + $length }>();
                for (both, &$value) in places.iter_mut().zip(values) {
                    both[3] = $length;
                    both[4..].copy_from_slice(&$bytes);
                }
                true
            }
        }
    )*};
}

fixed! {
    bool: BOOL, 1, value => [u8::from(value)];
    i16: INT2, 2, value => value.to_be_bytes();
    i32: INT4, 4, value => value.to_be_bytes();
    i64: INT8, 8, value => value.to_be_bytes();
    u32: OID, 4, value => value.to_be_bytes();
    u64: XID8, 8, value => value.to_be_bytes();
    f32: FLOAT4, 4, value => value.to_be_bytes();
    f64: FLOAT8, 8, value => value.to_be_bytes();
}

macro_rules! bytes {
    ($({$($generics:tt)*} $type:ty),*) => {$(
        impl<$($generics)*> ArrayElement for $type {
            #[inline]
            fn put(&self, type_: &Type, out: &mut BytesMut) -> Option<IsNull> {
                if type_.oid() == oid::BYTEA { put_bytes(self, out) } else { None }
            }
        }
    )*};
}

bytes!({} [u8], {} Vec<u8>, {} Bytes, {const N: usize} [u8; N]);

macro_rules! elements {
    ($($type:ty),*) => {$(
        impl ArrayElement for $type {}
    )*};
}

elements!(i8, i128, isize, u16, u128, usize, char, RawJson<'_>);

/// There are arrays of arrays after all, where a domain is over an array and an array of that domain.
impl<T: ArrayElement> ArrayElement for Array<T> {}

impl ArrayElement for String {
    #[inline]
    fn put(&self, type_: &Type, out: &mut BytesMut) -> Option<IsNull> {
        self.as_str().put(type_, out)
    }
}

impl<T: ArrayElement> ArrayElement for Option<T> {
    #[inline]
    fn put(&self, type_: &Type, out: &mut BytesMut) -> Option<IsNull> {
        let Some(value) = self else {
            out.extend_from_slice(&(-1_i32).to_be_bytes());
            return Some(IsNull::Yes);
        };
        value.put(type_, out)
    }
}

macro_rules! pointers {
    ($({$($generics:tt)*} $type:ty),*) => {$(
        impl<$($generics)*> ArrayElement for $type {
            #[inline]
            fn put(&self, type_: &Type, out: &mut BytesMut) -> Option<IsNull> {
                (**self).put(type_, out)
            }
        }
    )*};
}

pointers!(
    {T: ArrayElement + ?Sized} &T,
    {T: ArrayElement + ?Sized} Box<T>,
    {T: ArrayElement + ?Sized} Arc<T>,
    {T: ArrayElement + ?Sized} Rc<T>,
    {T: ArrayElement + ToOwned + ?Sized} Cow<'_, T>
);
