//! Structs and tuples whose fields are those of the composite type, in the same order and all written in binary, as
//! nearly all are: their values are written one by one, without a table of them. What there is to know of each (its
//! name, how its type is written) is known when this is compiled into the derived code.

use bytes::BytesMut;

use super::encode::put_field;
use super::fields_of;
use crate::error::BoxError;
use crate::types::{Field, ToSql, Type};
use crate::wire::Format;

/// Looks for values that are not written in binary.
#[derive(Debug)]
pub struct InOrder<'t> {
    rest: &'t [Field],
}

impl<'t> InOrder<'t> {
    /// With the fields of a type, which has so many; `None` if it has more or less, or is not composite.
    #[inline]
    pub fn of(type_: &'t Type, count: usize) -> Option<Self> {
        fields_of(type_).filter(|fields| fields.len() == count).map(|rest| Self { rest })
    }

    /// Whether this is the next field's name. Apart from what follows, so that it is inlined where the name is known,
    /// and the comparison is two or three instructions.
    #[inline]
    pub fn is_next(&self, name: &str) -> bool {
        self.rest.first().is_some_and(|field| *field.name == *name)
    }

    /// Whether the next field's value is written in binary.
    #[inline]
    pub fn is_binary(&mut self, value: &impl ToSql) -> bool {
        self.next(value).is_some()
    }

    #[inline]
    fn next(&mut self, value: &impl ToSql) -> Option<&'t Field> {
        let (field, rest) = self.rest.split_first()?;
        self.rest = rest;
        (value.format(field.type_.base()) == Format::Binary).then_some(field)
    }
}

/// Writes the values.
#[derive(Debug)]
pub struct InOrderWriter<'t, 'o> {
    fields: InOrder<'t>,
    out: &'o mut BytesMut,
    start: usize,
}

impl<'t, 'o> InOrderWriter<'t, 'o> {
    /// As [`InOrder::of`].
    #[inline]
    pub fn of(type_: &'t Type, count: usize, out: &'o mut BytesMut) -> Option<Self> {
        let fields = InOrder::of(type_, count)?;
        let (start, count) = (out.len(), i32::try_from(count).ok()?);
        out.extend_from_slice(&count.to_be_bytes());
        Some(Self { fields, out, start })
    }

    /// Whether this is the next field's name. If it is not, what was written is taken back.
    #[inline]
    pub fn is_next(&mut self, name: &str) -> bool {
        self.fields.is_next(name) || self.take_back()
    }

    /// Writes the next field's value. If it is written as text, the answer is no, and what was written is taken back.
    ///
    /// # Errors
    ///
    /// When the value does not fit.
    #[inline]
    pub fn put(&mut self, value: &impl ToSql) -> Result<bool, BoxError> {
        let Some(field) = self.fields.next(value) else { return Ok(self.take_back()) };
        put_field(value, field, self.out)?;
        Ok(true)
    }

    #[cold]
    fn take_back(&mut self) -> bool {
        self.out.truncate(self.start);
        false
    }
}
