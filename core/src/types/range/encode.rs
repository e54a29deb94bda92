//! How ranges and multiranges are written: in binary, unless their bounds are written as text.

use alloc::borrow::Cow;
use alloc::string::String;
use core::fmt::Write as _;
use core::ops::Bound;

use bytes::BytesMut;

use super::{Multirange, Range, bound_of, bound_of_ranges, value_of, view};
use crate::error::BoxError;
use crate::types::as_text::as_text;
use crate::types::{ToSql, Type, problem};
use crate::wire::{Format, IsNull, Unencodable, Writer};

impl<T: ToSql> ToSql for Range<T> {
    fn accepts(&self, type_: &Type) -> bool {
        bound_of(type_).is_some_and(|bound| self.all_accept(&bound))
    }

    fn to_sql(&self, type_: &Type, out: &mut BytesMut) -> Result<IsNull, BoxError> {
        let bound = bound_of(type_).ok_or_else(problem::mismatch)?;
        match self.format_of(&bound) {
            Format::Binary => self.encode(&bound, out)?,
            Format::Text => write!(out, "{}", self.text(&bound)?)?,
        }
        Ok(IsNull::No)
    }

    fn format(&self, type_: &Type) -> Format {
        bound_of(type_).map_or(Format::Binary, |bound| self.format_of(&bound))
    }
}

impl<T: ToSql> ToSql for Multirange<T> {
    fn accepts(&self, type_: &Type) -> bool {
        bound_of_ranges(type_).is_some_and(|bound| self.0.iter().all(|range| range.all_accept(&bound)))
    }

    fn to_sql(&self, type_: &Type, out: &mut BytesMut) -> Result<IsNull, BoxError> {
        let bound = bound_of_ranges(type_).ok_or_else(problem::mismatch)?;
        if self.format_of(&bound) == Format::Text {
            let texts =
                self.0.iter().map(|range| range.text(&bound)).collect::<Result<Multirange<_>, _>>()?;
            write!(out, "{texts}")?;
            return Ok(IsNull::No);
        }
        let count = i32::try_from(self.0.len()).map_err(|_| Unencodable::TooLong("a multirange"))?;
        out.extend_from_slice(&count.to_be_bytes());
        for range in &self.0 {
            Writer::new(out).value(|out| range.encode(&bound, out))?;
        }
        Ok(IsNull::No)
    }

    fn format(&self, type_: &Type) -> Format {
        let bound = bound_of_ranges(type_);
        bound.map_or(Format::Binary, |bound| self.format_of(&bound))
    }
}

impl<T: ToSql> Multirange<T> {
    fn format_of(&self, bound: &Type) -> Format {
        let text = self.0.iter().any(|range| range.format_of(bound) == Format::Text);
        if text { Format::Text } else { Format::Binary }
    }
}

impl<T: ToSql> Range<T> {
    fn all_accept(&self, bound: &Type) -> bool {
        self.bounds().all(|value| value.accepts(bound))
    }

    fn format_of(&self, bound: &Type) -> Format {
        let text = self.bounds().any(|value| value.format(bound) == Format::Text);
        if text { Format::Text } else { Format::Binary }
    }

    fn encode(&self, type_: &Type, out: &mut BytesMut) -> Result<(), BoxError> {
        out.extend_from_slice(&[self.flags()]);
        let Self::Bounds { lower, upper } = self else { return Ok(()) };
        encode_bound(lower, type_, out)?;
        encode_bound(upper, type_, out)
    }

    const fn flags(&self) -> u8 {
        let Self::Bounds { lower, upper } = self else { return view::EMPTY };
        let lower = match lower {
            Bound::Included(_) => view::LOWER_INCLUSIVE,
            Bound::Excluded(_) => 0,
            Bound::Unbounded => view::LOWER_INFINITE,
        };
        let upper = match upper {
            Bound::Included(_) => view::UPPER_INCLUSIVE,
            Bound::Excluded(_) => 0,
            Bound::Unbounded => view::UPPER_INFINITE,
        };
        lower | upper
    }

    /// With the texts of its bounds.
    fn text(&self, type_: &Type) -> Result<Range<String>, BoxError> {
        self.as_ref().try_map(|value| {
            let mut text = BytesMut::new();
            not_null(value.to_sql(type_, &mut text)?)?;
            as_text(type_, value.format(type_), &text).map(Cow::into_owned)
        })
    }
}

#[inline]
fn encode_bound<T: ToSql>(bound: &Bound<T>, type_: &Type, out: &mut BytesMut) -> Result<(), BoxError> {
    match value_of(bound) {
        Some(value) => Writer::new(out).value(|out| not_null(value.to_sql(type_, out)?)),
        None => Ok(()),
    }
}

#[inline]
fn not_null(is_null: IsNull) -> Result<(), BoxError> {
    match is_null {
        IsNull::No => Ok(()),
        IsNull::Yes => Err(null_bound()),
    }
}

#[cold]
fn null_bound() -> BoxError {
    "a bound of a range cannot be NULL; what has no end is Bound::Unbounded".into()
}
