use alloc::borrow::Cow;
use alloc::format;

use super::{RecordText, RecordView, fields_of};
use crate::error::BoxError;
use crate::types::{Field, FromSql, Type, oid, problem};
use crate::wire::Format;

/// Whether a struct can be read from values of this type.
#[inline]
pub fn is_composite(type_: &Type) -> bool {
    fields_of(type_).is_some()
}

/// The fields of a composite value or an anonymous record, to be read in turn or by name.
#[derive(Debug)]
pub struct Fields<'t, 'a> {
    type_: &'t Type,
    /// What they are described as; nothing is known of an anonymous record's but what comes with them.
    described: Option<&'t [Field]>,
    format: Format,
    raw: &'a [u8],
    rest: Parts<'a>,
    /// How many are not in `rest` any more.
    read: usize,
}

/// The fields as they came.
#[derive(Debug)]
enum Parts<'a> {
    Binary(RecordView<'a>),
    Text(RecordText<'a>),
    /// Those of a type that has no fields: its text is that of a single NULL.
    None,
}

/// Reads a composite value whose fields `build` takes by their names.
///
/// # Errors
///
/// When the type is not composite, or the value not as the type is described, or what `build` gives.
#[inline]
pub fn decode<'t, 'a, T>(
    type_: &'t Type,
    format: Format,
    raw: &'a [u8],
    build: impl FnOnce(&mut Fields<'t, 'a>) -> Result<T, BoxError>,
) -> Result<T, BoxError> {
    let described = fields_of(type_).ok_or_else(|| no_names(type_))?;
    Fields::new(type_, Some(described), format, raw).read(None, build)
}

/// Reads a composite value or an anonymous record of so many fields, which `build` takes in their order.
#[inline]
pub(super) fn decode_tuple<'t, 'a, T>(
    type_: &'t Type,
    format: Format,
    raw: &'a [u8],
    count: usize,
    build: impl FnOnce(&mut Fields<'t, 'a>) -> Result<T, BoxError>,
) -> Result<T, BoxError> {
    let described = fields_of(type_);
    if described.is_none() && type_.oid() != oid::RECORD {
        return Err(problem::mismatch());
    }
    Fields::new(type_, described, format, raw).read(Some(count), build)
}

impl<'t, 'a> Fields<'t, 'a> {
    #[inline]
    const fn new(type_: &'t Type, described: Option<&'t [Field]>, format: Format, raw: &'a [u8]) -> Self {
        Self { type_, described, format, raw, rest: Parts::None, read: 0 }
    }

    /// Where they are stays one place in memory: to move them takes longer than to read one.
    #[inline]
    fn read<T>(
        mut self,
        expected: Option<usize>,
        build: impl FnOnce(&mut Self) -> Result<T, BoxError>,
    ) -> Result<T, BoxError> {
        let count = self.start()?;
        if let Some(fields) = self.described
            && fields.len() != count
        {
            return Err(changed_count(self.type_, fields.len(), count));
        }
        if let Some(expected) = expected
            && count != expected
        {
            return Err(other_count(count, expected));
        }
        let value = build(&mut self)?;
        self.finish()?;
        Ok(value)
    }

    /// Makes the first field the next one, and counts them.
    #[inline]
    fn start(&mut self) -> Result<usize, BoxError> {
        self.read = 0;
        if self.format == Format::Text {
            return self.start_text();
        }
        let fields = RecordView::read(self.raw)?;
        let count = fields.len();
        self.rest = Parts::Binary(fields);
        Ok(count)
    }

    /// All of a text is looked at to count its fields, so that none cannot be read later.
    fn start_text(&mut self) -> Result<usize, BoxError> {
        if self.described.is_some_and(<[_]>::is_empty) && self.raw == b"()" {
            self.rest = Parts::None;
            return Ok(0);
        }
        let mut count = 0;
        for part in RecordText::read(self.raw) {
            part?;
            count += 1;
        }
        self.rest = Parts::Text(RecordText::read(self.raw));
        Ok(count)
    }

    /// Checks the fields that were not taken, and that nothing is left behind the last one.
    #[inline]
    fn finish(&mut self) -> Result<(), BoxError> {
        while let Parts::Binary(fields) = &mut self.rest
            && let Some(part) = fields.next()
        {
            self.check(part?.0)?;
            self.read += 1;
        }
        Ok(())
    }

    /// The field of that name as a `T`.
    ///
    /// # Errors
    ///
    /// When there is no such field, or it cannot be read as a `T`.
    #[inline]
    pub fn take<T: FromSql<'a>>(&mut self, name: &str) -> Result<T, BoxError> {
        self.seek(name)?;
        self.next_as(T::from_sql)
    }

    /// The same, keeping nothing of the bytes.
    ///
    /// # Errors
    ///
    /// As [`take`](Self::take).
    #[inline]
    pub fn take_owned<'b, T: FromSql<'b>>(&mut self, name: &str) -> Result<T, BoxError> {
        self.seek(name)?;
        self.next_as(T::from_sql_owned)
    }

    /// The next field as a `T`.
    #[inline]
    pub(super) fn next<T: FromSql<'a>>(&mut self) -> Result<T, BoxError> {
        self.next_as(T::from_sql)
    }

    /// The same, keeping nothing of the bytes.
    #[inline]
    pub(super) fn next_owned<'b, T: FromSql<'b>>(&mut self) -> Result<T, BoxError> {
        self.next_as(T::from_sql_owned)
    }

    /// Makes the field of that name the next one.
    #[inline]
    fn seek(&mut self, name: &str) -> Result<(), BoxError> {
        let here = self.described.and_then(|fields| fields.get(self.read));
        if here.is_some_and(|field| *field.name == *name) { Ok(()) } else { self.seek_elsewhere(name) }
    }

    #[cold]
    fn seek_elsewhere(&mut self, name: &str) -> Result<(), BoxError> {
        let fields = self.described.unwrap_or_default();
        let position = fields.iter().position(|field| *field.name == *name);
        let position = position.ok_or_else(|| no_field(name))?;
        if position < self.read {
            self.start()?;
        }
        while self.read < position {
            match &mut self.rest {
                Parts::Binary(parts) => {
                    let (sent, _) = parts.next().ok_or_else(problem::mismatch)??;
                    self.check(sent)?;
                }
                Parts::Text(parts) => _ = parts.next(),
                Parts::None => {}
            }
            self.read += 1;
        }
        Ok(())
    }

    /// That the next field is of the type that it was described with.
    #[inline]
    fn check(&self, sent: u32) -> Result<(), BoxError> {
        match self.described.and_then(|fields| fields.get(self.read)) {
            Some(field) if field.type_.oid() != sent => Err(changed_field(self.type_, field, sent)),
            _ => Ok(()),
        }
    }

    #[inline]
    fn next_as<'b, T: FromSql<'b>>(
        &mut self,
        read: impl Fn(&Type, Format, &'a [u8]) -> Result<T, BoxError>,
    ) -> Result<T, BoxError> {
        let field = self.described.and_then(|fields| fields.get(self.read));
        let (Some(known), Parts::Binary(parts)) = (field, &mut self.rest) else {
            return self.next_other(field, read);
        };
        let (sent, raw) = parts.next().ok_or_else(problem::mismatch)??;
        self.check(sent)?;
        self.read += 1;
        let type_ = known.type_.base();
        match raw {
            _ if !T::accepts(type_) => Err(problem::mismatch()),
            Some(raw) => read(type_, Format::Binary, raw),
            None => T::from_null(),
        }
        .map_err(|problem| in_field(field, self.read, type_, &problem))
    }

    /// A field of text, or of an anonymous record.
    fn next_other<'b, T: FromSql<'b>>(
        &mut self,
        field: Option<&Field>,
        read: impl Fn(&Type, Format, &'a [u8]) -> Result<T, BoxError>,
    ) -> Result<T, BoxError> {
        self.read += 1;
        let (sent, raw) = match &mut self.rest {
            Parts::Binary(parts) => {
                let (sent, raw) = parts.next().ok_or_else(problem::mismatch)??;
                (Some(sent), raw.map(Cow::Borrowed))
            }
            Parts::Text(parts) => (None, parts.next().ok_or_else(problem::mismatch)??),
            Parts::None => return Err(problem::mismatch()),
        };
        let (type_, format) = match (field, sent) {
            (Some(field), _) => (Cow::Borrowed(field.type_.base()), Format::Text),
            (None, Some(sent)) => (Cow::Owned(Type::from_oid(sent)), Format::Binary),
            // The text of an anonymous record does not tell its types: it is text.
            (None, None) => (Cow::Owned(Type::UNKNOWN), Format::Text),
        };
        if !T::accepts(&type_) {
            return Err(in_field(field, self.read, &type_, &problem::mismatch()));
        }
        match raw {
            Some(Cow::Borrowed(raw)) => read(&type_, format, raw),
            Some(Cow::Owned(raw)) => T::from_sql_owned(&type_, format, &raw),
            None => T::from_null(),
        }
        .map_err(|problem| in_field(field, self.read, &type_, &problem))
    }
}

#[cold]
fn no_names(type_: &Type) -> BoxError {
    if type_.oid() != oid::RECORD {
        return problem::mismatch();
    }
    "an anonymous record has no names for its fields: cast it to a composite type, or read it as a tuple"
        .into()
}

#[cold]
fn other_count(count: usize, expected: usize) -> BoxError {
    format!("it has {count} fields, the tuple {expected}").into()
}

#[cold]
fn in_field(field: Option<&Field>, number: usize, type_: &Type, problem: &BoxError) -> BoxError {
    match field {
        Some(Field { name, .. }) => format!("field \"{name}\" (PostgreSQL's {type_}): {problem}").into(),
        None => format!("field {number} (PostgreSQL's {type_}): {problem}").into(),
    }
}

#[cold]
fn no_field(name: &str) -> BoxError {
    format!("it has no field \"{name}\"").into()
}

#[cold]
fn changed_count(type_: &Type, described: usize, count: usize) -> BoxError {
    format!(
        "the type has changed: {type_} has {count} fields, and had {described} when it was described; \
         call reload_types()"
    )
    .into()
}

#[cold]
fn changed_field(type_: &Type, Field { name, type_: described }: &Field, sent: u32) -> BoxError {
    format!(
        "the type has changed: the field \"{name}\" of {type_} was {described} when it was described, \
         and is of the type with OID {sent} now; call reload_types()"
    )
    .into()
}
