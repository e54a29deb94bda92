use alloc::borrow::{Cow, ToOwned};
use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use bytes::{Bytes, BytesMut};

use super::Array;
use crate::error::BoxError;
use crate::types::text::contains_nul;
use crate::types::{RawJson, Type, oid, vector};
use crate::wire::{Format, IsNull};

/// Marks what can be an element of an array, so that a `Vec` or slice of it is an array.
///
/// Everything is that can be sent or read, but `u8`, whose slices are bytea, and lists themselves: arrays of arrays
/// are arrays of more dimensions, for which there is [`Array`]. Implement it for your own types to have arrays of
/// them.
///
/// ```
/// use trunkline_core::error::BoxError;
/// use trunkline_core::types::{ArrayElement, BytesMut, IsNull, ToSql, Type};
///
/// /// An amount in cents, which is an int8 of the database.
/// struct Cents(i64);
///
/// impl ToSql for Cents {
///     fn accepts(&self, type_: &Type) -> bool {
///         self.0.accepts(type_)
///     }
///     fn to_sql(&self, type_: &Type, out: &mut BytesMut) -> Result<IsNull, BoxError> {
///         self.0.to_sql(type_, out)
///     }
/// }
/// impl ArrayElement for Cents {}
///
/// // A list of them is an int8[].
/// assert!(vec![Cents(250), Cents(90)].accepts(&Type::INT8_ARRAY));
/// ```
pub trait ArrayElement {
    /// What the value holds, where that is what is written of it in binary.
    #[doc(hidden)]
    #[inline]
    fn held(&self, _type: &Type) -> Option<Held<'_>> {
        None
    }

    /// Appends the value with its length before it, where that is known beforehand; `None` where it is not, or
    /// where something is wrong with the value. It is then written as every other, and its length after it.
    #[doc(hidden)]
    #[inline]
    fn put(&self, type_: &Type, out: &mut BytesMut) -> Option<IsNull> {
        let bytes = self.held(type_)?.checked()?;
        out.extend_from_slice(&i32::try_from(bytes.len()).ok()?.to_be_bytes());
        out.extend_from_slice(bytes);
        Some(IsNull::No)
    }

    /// Appends all values so; `None`, and nothing appended, where it cannot be done faster than one by one.
    #[doc(hidden)]
    #[inline]
    fn put_all(values: &[Self], type_: &Type, out: &mut BytesMut) -> Option<()>
    where
        Self: Sized,
    {
        let start = out.len();
        let put = put_all_held(values, type_, out);
        if put.is_none() {
            out.truncate(start);
        }
        put
    }

    /// How lists of such values are values of a type that is no array, where they are.
    #[doc(hidden)]
    #[inline]
    fn list_form(_type: &Type) -> Option<ListForm<Self>>
    where
        Self: Sized,
    {
        None
    }

    /// Reads the binary form of all values, each with its length before it, into a vector that has room for just as
    /// many; if that cannot be done faster than one by one, which then tells too what is wrong with them, the answer
    /// is no, and the vector as it was.
    #[doc(hidden)]
    #[inline]
    fn take_all(_type: &Type, _count: usize, _raw: &[u8], _values: &mut Vec<Self>) -> bool
    where
        Self: Sized,
    {
        false
    }
}

/// How a list is written as a type that is no array, in binary, and read from it.
#[doc(hidden)]
#[derive(Debug)]
pub struct ListForm<T> {
    pub(in crate::types) write: fn(&[T], &mut BytesMut) -> Result<(), BoxError>,
    pub(in crate::types) read: ReadList<T>,
}

type ReadList<T> = fn(&Type, Format, &[u8]) -> Result<Vec<T>, BoxError>;

/// What a value holds.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub enum Held<'a> {
    /// A text, which has to be one for PostgreSQL too.
    Text(&'a str),
    Bytes(&'a [u8]),
}

impl<'a> Held<'a> {
    const fn bytes(self) -> &'a [u8] {
        match self {
            Self::Text(text) => text.as_bytes(),
            Self::Bytes(bytes) => bytes,
        }
    }

    #[inline]
    fn checked(self) -> Option<&'a [u8]> {
        match self {
            Self::Text(text) if contains_nul(text.as_bytes()) => None,
            _ => Some(self.bytes()),
        }
    }
}

/// With the place for all of them made first: a buffer that grows by each is slower.
#[inline]
fn put_all_held<T: ArrayElement>(values: &[T], type_: &Type, out: &mut BytesMut) -> Option<()> {
    let mut total = out.len();
    for value in values {
        let length = value.held(type_)?.bytes().len();
        total = total.checked_add(length)?.checked_add(4)?;
    }
    let start = out.len();
    if total - start > values.len().saturating_mul(LONG) {
        return None;
    }
    out.resize(total, 0);
    let mut rest = out.get_mut(start..)?;
    for value in values {
        let bytes = value.held(type_)?.checked()?;
        let (length, after) = rest.split_first_chunk_mut()?;
        *length = i32::try_from(bytes.len()).ok()?.to_be_bytes();
        let (place, after) = after.split_at_mut_checked(bytes.len())?;
        place.copy_from_slice(bytes);
        rest = after;
    }
    Some(())
}

/// Of values this long on average, clearing their place costs more than it saves.
const LONG: usize = 128;

/// So many values are worth it that their place is cleared first.
const MANY: usize = 16;

/// What has one length as the type that it is made for.
macro_rules! fixed {
    ($($type:ty: $oid:ident, $length:literal, $value:ident => $bytes:expr $(, $read:expr $(, lists: $form:path)?)?;)*) => {$(
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

            fn put_all(values: &[Self], type_: &Type, out: &mut BytesMut) -> Option<()> {
                if type_.oid() != oid::$oid || values.len() < MANY {
                    return None;
                }
                let start = out.len();
                out.resize(start + values.len() * (4 + $length), 0);
                let (places, _) = out.get_mut(start..)?.as_chunks_mut::<{ 4 + $length }>();
                for (both, &$value) in places.iter_mut().zip(values) {
                    both[3] = $length;
                    both[4..].copy_from_slice(&$bytes);
                }
                Some(())
            }

            $(fn take_all(type_: &Type, count: usize, raw: &[u8], values: &mut Vec<Self>) -> bool {
                let (places, []) = raw.as_chunks::<{ 4 + $length }>() else { return false };
                if type_.oid() != oid::$oid || places.len() != count || count < MANY {
                    return false;
                }
                // Without a way out, as `put_all` is: both are a few vector instructions then.
                let all = places.iter().fold(true, |all, both| all & (both[..4] == [0, 0, 0, $length]));
                if all {
                    values.extend(places.iter().map(|[_, _, _, _, value @ ..]| $read(*value)));
                }
                all
            }

            $(
                #[inline]
                fn list_form(type_: &Type) -> Option<ListForm<Self>> {
                    $form(type_)
                }
            )?)?
        }
    )*};
}

fixed! {
    bool: BOOL, 1, value => [u8::from(value)];
    i16: INT2, 2, value => value.to_be_bytes(), i16::from_be_bytes;
    i32: INT4, 4, value => value.to_be_bytes(), i32::from_be_bytes;
    i64: INT8, 8, value => value.to_be_bytes(), i64::from_be_bytes;
    u32: OID, 4, value => value.to_be_bytes(), u32::from_be_bytes;
    u64: XID8, 8, value => value.to_be_bytes(), u64::from_be_bytes;
    f32: FLOAT4, 4, value => value.to_be_bytes(), f32::from_be_bytes, lists: vector::list_form;
    f64: FLOAT8, 8, value => value.to_be_bytes(), f64::from_be_bytes;
}

macro_rules! bytes {
    ($({$($generics:tt)*} $type:ty),*) => {$(
        impl<$($generics)*> ArrayElement for $type {
            #[inline]
            fn held(&self, type_: &Type) -> Option<Held<'_>> {
                (type_.oid() == oid::BYTEA).then_some(Held::Bytes(self))
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
    fn held(&self, type_: &Type) -> Option<Held<'_>> {
        self.as_str().held(type_)
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
            fn held(&self, type_: &Type) -> Option<Held<'_>> {
                (**self).held(type_)
            }

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
