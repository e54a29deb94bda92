//! Codecs of the program's: ways of its own to read and write the values of a type.

use alloc::boxed::Box;
use alloc::sync::Arc;
use core::fmt;

use bytes::BytesMut;

use super::coded::AnyFormat;
use super::{Type, Value};
use crate::error::BoxError;
use crate::wire::Format;

/// How a type's values become a [`Value`] and are written from one, in place of the ways of this crate.
///
/// It is for those who do not know their columns: for `Value` wherever it is read or written, in arrays, ranges and
/// composite values too, and for rows that are serialised. A host type of your own says in its
/// [`FromSql`](super::FromSql) and [`ToSql`](super::ToSql) what it does with a type, and is asked no less for this.
///
/// ```
/// use trunkline_core::error::BoxError;
/// use trunkline_core::types::{BytesMut, Type, Value, ValueCodec};
///
/// /// A point on the earth, as `[longitude, latitude]` in JSON.
/// struct Earth;
///
/// impl ValueCodec for Earth {
///     fn decode(&self, _type: &Type, raw: &[u8]) -> Result<Value, BoxError> {
///         let text = std::str::from_utf8(raw)?;
///         Ok(Value::Json(text.replace('(', "[").replace(')', "]")))
///     }
///
///     fn encode(&self, _type: &Type, value: &Value, out: &mut BytesMut) -> Result<(), BoxError> {
///         let Value::Json(text) = value else { return Err("a place is [longitude, latitude]".into()) };
///         out.extend_from_slice(text.replace('[', "(").replace(']', ")").as_bytes());
///         Ok(())
///     }
/// }
/// ```
pub trait ValueCodec: Send + Sync {
    /// The format that it reads and writes: the text of the type, or its binary form. Always the same.
    ///
    /// See the example of [`ValueCodec`].
    fn format(&self) -> Format {
        Format::Text
    }

    /// Reads a value that is not NULL. `type_` is the one that the codec was set for, and [`Value::decode`] reads
    /// its values as they would be read without.
    ///
    /// See the example of [`ValueCodec`].
    ///
    /// # Errors
    ///
    /// When the bytes are not a value of that type: the error of whoever asked for the value, which names the column.
    fn decode(&self, type_: &Type, raw: &[u8]) -> Result<Value, BoxError>;

    /// Appends a value that is not [`Value::Null`], in the codec's format.
    ///
    /// See the example of [`ValueCodec`].
    ///
    /// # Errors
    ///
    /// When the value is none of that type: nothing is sent, and the error names the parameter.
    fn encode(&self, type_: &Type, value: &Value, out: &mut BytesMut) -> Result<(), BoxError>;
}

/// What a program makes of a type: see [`Registry::set_codec`](super::Registry::set_codec).
///
/// ```
/// use trunkline_core::types::{Registry, Type, TypeCodec};
///
/// let mut registry = Registry::default();
/// // create type meters (like = int4, input = …); create extension cube
/// registry.set_codec("meters", TypeCodec::like(Type::INT4));
/// registry.set_codec("cube", TypeCodec::text());
/// ```
#[derive(Clone)]
pub struct TypeCodec(pub(super) Way);

#[derive(Clone)]
pub(super) enum Way {
    Like(Type),
    Text,
    Custom(Arc<dyn AnyFormat>),
}

impl TypeCodec {
    /// Its values are read and written as those of another type, whose binary form and text theirs must be: a type
    /// of an extension that is a number inside is one for every host type then.
    ///
    /// ```
    /// use trunkline_core::types::{Type, TypeCodec};
    ///
    /// let number = TypeCodec::like(Type::INT4);
    /// let map = TypeCodec::like(Type::extension("hstore"));
    /// ```
    pub const fn like(type_: Type) -> Self {
        Self(Way::Like(type_))
    }

    /// Its values are asked for in text, and are strings: for a type of an extension whose binary form is its own
    /// secret.
    ///
    /// ```
    /// use trunkline_core::types::{Registry, TypeCodec};
    ///
    /// Registry::default().set_codec("cube", TypeCodec::text());
    /// ```
    pub const fn text() -> Self {
        Self(Way::Text)
    }

    /// Whether columns of the type are asked for in text.
    pub(super) fn is_text(&self) -> bool {
        match &self.0 {
            Way::Like(_) => false,
            Way::Text => true,
            Way::Custom(codec) => codec.format() == Format::Text,
        }
    }
}

impl<C: ValueCodec + 'static> From<C> for TypeCodec {
    fn from(codec: C) -> Self {
        Self(Way::Custom(Arc::new(codec)))
    }
}

impl fmt::Debug for TypeCodec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Way::Like(type_) => f.debug_tuple("Like").field(type_).finish(),
            Way::Text => f.write_str("Text"),
            Way::Custom(_) => f.write_str("Custom"),
        }
    }
}

/// What a type is called: by its name as in `pg_type` (`int4`, not `integer`; an array's is its element's with `[]`),
/// in one schema or in any. From `"name"`, `"schema.name"`, or `("schema", "name")`, which takes any dots as they are.
///
/// ```
/// use trunkline_core::types::TypeName;
///
/// assert_eq!(TypeName::from("public.mood"), TypeName::from(("public", "mood")));
/// assert_ne!(TypeName::from("mood"), TypeName::from("public.mood"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeName {
    schema: Option<Box<str>>,
    name: Box<str>,
}

impl TypeName {
    pub(super) fn is_of(&self, type_: &Type) -> bool {
        *self.name == *type_.name() && self.schema.as_deref().is_none_or(|schema| schema == type_.schema())
    }

    /// Whether it says the schema.
    pub(super) const fn is_qualified(&self) -> bool {
        self.schema.is_some()
    }
}

impl From<&str> for TypeName {
    fn from(name: &str) -> Self {
        match name.split_once('.') {
            Some(both) => both.into(),
            None => Self { schema: None, name: name.into() },
        }
    }
}

impl From<(&str, &str)> for TypeName {
    fn from((schema, name): (&str, &str)) -> Self {
        Self { schema: Some(schema.into()), name: name.into() }
    }
}
