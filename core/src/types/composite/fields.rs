use alloc::borrow::Cow;
use alloc::format;

use super::{RecordText, RecordView, fields_of};
use crate::error::BoxError;
use crate::types::{Field, FromSql, Type, oid, problem};
use crate::wire::Format;

/// Whether a struct can be read from values of this type.
pub fn is_composite(type_: &Type) -> bool {
    fields_of(type_).is_some()
}

/// The fields of a composite value or an anonymous record, to be read in turn or by name.
#[derive(Debug)]
pub struct Fields<'t, 'a> {
    /// What they are described as; nothing is known of an anonymous record's but what comes with them.
    described: Option<&'t [Field]>,
    /// The type of the value.
    of: &'t Type,
    all: Parts<'a>,
    rest: Parts<'a>,
    /// How many are not in `rest` any more.
    read: usize,
}

/// The fields as they came: the OID of the type, where it is told, and the value.
#[derive(Debug, Clone)]
enum Parts<'a> {
    Binary(RecordView<'a>),
    Text(RecordText<'a>),
    /// Those of a type that has no fields: its text is that of a single NULL.
    None,
}

type Part<'a> = (Option<u32>, Option<Cow<'a, [u8]>>);

impl<'a> Iterator for Parts<'a> {
    type Item = Result<Part<'a>, BoxError>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        Some(match self {
            Self::Binary(fields) => {
                let field = fields.next()?;
                field.map(|(type_oid, raw)| (Some(type_oid), raw.map(Cow::Borrowed))).map_err(Into::into)
            }
            Self::Text(fields) => fields.next()?.map(|text| (None, text)).map_err(Into::into),
            Self::None => return None,
        })
    }
}

impl<'t, 'a> Fields<'t, 'a> {
    /// Those of a composite value, to be taken by their names.
    ///
    /// # Errors
    ///
    /// When the type is not composite, or the value not as the type is described.
    pub fn read(type_: &'t Type, format: Format, raw: &'a [u8]) -> Result<Self, BoxError> {
        if type_.oid() == oid::RECORD {
            return Err("an anonymous record has no names for its fields: cast it to a composite type, \
                        or read it as a tuple"
                .into());
        }
        let fields = fields_of(type_).ok_or_else(problem::mismatch)?;
        Self::new(type_, Some(fields), format, raw).map(|(fields, _)| fields)
    }

    /// Those of a composite value or an anonymous record, to be taken in their order, so many as there are.
    pub(super) fn read_tuple(
        type_: &'t Type,
        format: Format,
        raw: &'a [u8],
        expected: usize,
    ) -> Result<Self, BoxError> {
        let described = fields_of(type_);
        if described.is_none() && type_.oid() != oid::RECORD {
            return Err(problem::mismatch());
        }
        let (fields, count) = Self::new(type_, described, format, raw)?;
        if count != expected {
            return Err(format!("it has {count} fields, the tuple {expected}").into());
        }
        Ok(fields)
    }

    /// Goes over all of them once, so that nothing is left over or missing when some are read; counts them.
    fn new(
        type_: &'t Type,
        described: Option<&'t [Field]>,
        format: Format,
        raw: &'a [u8],
    ) -> Result<(Self, usize), BoxError> {
        let mut count = 0;
        let all = match format {
            Format::Binary => {
                let fields = RecordView::read(raw)?;
                for part in fields.clone() {
                    let (sent, _) = part?;
                    if let Some(field) = described.and_then(|fields| fields.get(count))
                        && sent != field.type_.oid()
                    {
                        return Err(changed_field(type_, field, sent));
                    }
                    count += 1;
                }
                Parts::Binary(fields)
            }
            Format::Text if described.is_some_and(<[_]>::is_empty) && raw == b"()" => Parts::None,
            Format::Text => {
                let fields = RecordText::read(raw);
                for part in fields.clone() {
                    part?;
                    count += 1;
                }
                Parts::Text(fields)
            }
        };
        if let Some(fields) = described
            && fields.len() != count
        {
            return Err(changed_count(type_, fields.len(), count));
        }
        Ok((Self { described, of: type_, rest: all.clone(), all, read: 0 }, count))
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
    pub fn take_owned<'b, T: FromSql<'b>>(&mut self, name: &str) -> Result<T, BoxError> {
        self.seek(name)?;
        self.next_as(T::from_sql_owned)
    }

    /// The next field as a `T`.
    pub(super) fn next<T: FromSql<'a>>(&mut self) -> Result<T, BoxError> {
        self.next_as(T::from_sql)
    }

    /// The same, keeping nothing of the bytes.
    pub(super) fn next_owned<'b, T: FromSql<'b>>(&mut self) -> Result<T, BoxError> {
        self.next_as(T::from_sql_owned)
    }

    /// Makes the field of that name the next one.
    #[inline]
    fn seek(&mut self, name: &str) -> Result<(), BoxError> {
        let fields = self.described.unwrap_or_default();
        let here = fields.get(self.read).is_some_and(|field| *field.name == *name);
        if here {
            return Ok(());
        }
        let position = fields.iter().position(|field| *field.name == *name);
        let position = position.ok_or_else(|| no_field(name))?;
        if position < self.read {
            self.rest = self.all.clone();
            self.read = 0;
        }
        for _ in self.read..position {
            self.rest.next();
        }
        self.read = position;
        Ok(())
    }

    #[inline]
    fn next_as<'b, T: FromSql<'b>>(
        &mut self,
        read: impl Fn(&Type, Format, &'a [u8]) -> Result<T, BoxError>,
    ) -> Result<T, BoxError> {
        let field = self.described.and_then(|fields| fields.get(self.read));
        self.read += 1;
        if let (Some(known), Parts::Binary(fields)) = (field, &mut self.rest) {
            let (_, raw) = fields.next().ok_or_else(problem::mismatch)??;
            let type_ = known.type_.base();
            return match raw {
                _ if !T::accepts(type_) => Err(problem::mismatch()),
                Some(raw) => read(type_, Format::Binary, raw),
                None => T::from_null(),
            }
            .map_err(|problem| in_field(field, self.read, type_, &problem));
        }
        let (sent, raw) = self.rest.next().ok_or_else(problem::mismatch)??;
        let (type_, format) = match (field, sent) {
            (Some(field), _) => (Cow::Borrowed(field.type_.base()), Format::Text),
            (None, Some(sent)) => (Cow::Owned(self.of.named(sent).base().clone()), Format::Binary),
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
