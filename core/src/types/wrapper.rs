//! NULL, and the pointers that are what they point to.

use alloc::borrow::{Cow, ToOwned};
use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::sync::Arc;
use core::any::type_name;

use bytes::BytesMut;

use super::{FromSql, ToSql, Type};
use crate::error::BoxError;
use crate::wire::{Format, IsNull};

/// `None` is NULL, of any type.
impl<T: ToSql> ToSql for Option<T> {
    #[inline]
    fn accepts(&self, type_: &Type) -> bool {
        self.as_ref().is_none_or(|value| value.accepts(type_))
    }

    #[inline]
    fn to_sql(&self, type_: &Type, out: &mut BytesMut) -> Result<IsNull, BoxError> {
        self.as_ref().map_or(Ok(IsNull::Yes), |value| value.to_sql(type_, out))
    }

    #[inline]
    fn format(&self, type_: &Type) -> Format {
        self.as_ref().map_or(Format::Binary, |value| value.format(type_))
    }

    fn host_type(&self) -> &'static str {
        self.as_ref().map_or_else(type_name::<Self>, ToSql::host_type)
    }
}

impl<'a, T: FromSql<'a>> FromSql<'a> for Option<T> {
    #[inline]
    fn accepts(type_: &Type) -> bool {
        T::accepts(type_)
    }

    #[inline]
    fn from_sql(type_: &Type, format: Format, raw: &'a [u8]) -> Result<Self, BoxError> {
        T::from_sql(type_, format, raw).map(Some)
    }

    fn from_sql_owned(type_: &Type, format: Format, raw: &[u8]) -> Result<Self, BoxError> {
        T::from_sql_owned(type_, format, raw).map(Some)
    }

    #[inline]
    fn from_null() -> Result<Self, BoxError> {
        Ok(None)
    }
}

macro_rules! pointer {
    ($({$($generics:tt)*} $type:ty),*) => {$(
        impl<$($generics)*> ToSql for $type {
            #[inline]
            fn accepts(&self, type_: &Type) -> bool {
                (**self).accepts(type_)
            }

            #[inline]
            fn to_sql(&self, type_: &Type, out: &mut BytesMut) -> Result<IsNull, BoxError> {
                (**self).to_sql(type_, out)
            }

            #[inline]
            fn format(&self, type_: &Type) -> Format {
                (**self).format(type_)
            }

            fn host_type(&self) -> &'static str {
                (**self).host_type()
            }
        }
    )*};
}

pointer!(
    {T: ToSql + ?Sized} &T,
    {T: ToSql + ?Sized} Box<T>,
    {T: ToSql + ?Sized} Arc<T>,
    {T: ToSql + ?Sized} Rc<T>,
    {T: ToSql + ToOwned + ?Sized} Cow<'_, T>
);

/// Those that can be made of what they point to; the text or elements that they can also own have their own.
macro_rules! owning {
    ($($pointer:ident),*) => {$(
        impl<'a, T: FromSql<'a>> FromSql<'a> for $pointer<T> {
            #[inline]
            fn accepts(type_: &Type) -> bool {
                T::accepts(type_)
            }

            #[inline]
            fn from_sql(type_: &Type, format: Format, raw: &'a [u8]) -> Result<Self, BoxError> {
                T::from_sql(type_, format, raw).map(Self::new)
            }

            fn from_sql_owned(type_: &Type, format: Format, raw: &[u8]) -> Result<Self, BoxError> {
                T::from_sql_owned(type_, format, raw).map(Self::new)
            }

            fn from_null() -> Result<Self, BoxError> {
                T::from_null().map(Self::new)
            }
        }
    )*};
}

owning!(Box, Arc, Rc);

#[cfg(test)]
mod tests {
    use std::string::{String, ToString};

    use super::*;
    use crate::types::testing::{binary, encode};

    #[test]
    fn none_is_null_and_fits_every_type() {
        let none = None::<i32>;
        assert!(none.accepts(&Type::TEXT));
        assert_eq!(none.to_sql(&Type::TEXT, &mut BytesMut::new()).unwrap(), IsNull::Yes);
        assert!(!Some(1).accepts(&Type::TEXT));
        assert_eq!(Some("x").host_type(), "&str");
        assert_eq!(Option::<i32>::from_null().unwrap(), None);
        assert_eq!(i32::from_null().unwrap_err().to_string(), "it is NULL, which only an Option can hold");
        assert_eq!(binary::<Option<i32>>(&Type::INT4, &[0, 0, 0, 7]).unwrap(), Some(7));
    }

    #[test]
    fn pointers_are_what_they_point_to() {
        let text: Box<str> = "abc".into();
        let shared: Arc<str> = "abc".into();
        let counted: Rc<str> = "abc".into();
        let cow: Cow<'_, str> = String::from("abc").into();
        let bytes: Cow<'_, [u8]> = (&b"abc"[..]).into();
        for (type_, value) in [
            (&Type::TEXT, &text as &dyn ToSql),
            (&Type::TEXT, &shared),
            (&Type::TEXT, &counted),
            (&Type::TEXT, &cow),
            (&Type::TEXT, &&&"abc"),
            (&Type::BYTEA, &bytes),
        ] {
            assert_eq!(&encode(type_, value).unwrap()[..], b"abc");
        }
        assert_eq!(text.format(&Type::NUMERIC), Format::Text);
    }
    #[test]
    fn pointers_are_read_as_what_they_point_to() {
        let seven = &[0, 0, 0, 7];
        assert_eq!(*binary::<Box<i32>>(&Type::INT4, seven).unwrap(), 7);
        assert_eq!(*binary::<Arc<i64>>(&Type::INT4, seven).unwrap(), 7);
        assert_eq!(*binary::<Rc<Option<i32>>>(&Type::INT4, seven).unwrap(), Some(7));
        assert_eq!(*Box::<Option<i32>>::from_null().unwrap(), None);
        assert!(Box::<i32>::from_null().is_err());
        assert_eq!(*binary::<Box<str>>(&Type::TEXT, b"abc").unwrap(), *"abc");
        assert_eq!(*binary::<Arc<str>>(&Type::TEXT, b"abc").unwrap(), *"abc");
        assert_eq!(*binary::<Rc<str>>(&Type::TEXT, b"abc").unwrap(), *"abc");
        assert_eq!(*binary::<Arc<[u8]>>(&Type::BYTEA, b"abc").unwrap(), *b"abc");
        assert_eq!(*binary::<Rc<[u8]>>(&Type::BYTEA, b"abc").unwrap(), *b"abc");
        assert!(matches!(binary::<Cow<'_, str>>(&Type::TEXT, b"abc").unwrap(), Cow::Borrowed("abc")));
        assert!(matches!(binary::<Cow<'_, [u8]>>(&Type::BYTEA, b"abc").unwrap(), Cow::Borrowed(b"abc")));
    }
}
