//! What types are made of.

use alloc::borrow::Cow;

use super::{BuiltIn, BuiltInKind, Kind, Type};

impl Type {
    /// The type of an array's elements; `None` for what is not an array.
    ///
    /// ```
    /// use trunkline_core::types::Type;
    ///
    /// assert_eq!(Type::TEXT_ARRAY.element(), Some(Type::TEXT));
    /// assert_eq!(Type::TEXT.element(), None);
    /// ```
    pub fn element(&self) -> Option<Self> {
        self.array_of().map(Cow::into_owned)
    }

    /// The same, borrowed where it can be: a clone of a description's owner costs more than reading a number.
    #[inline]
    pub(super) fn array_of(&self) -> Option<Cow<'_, Self>> {
        match (self.row(), self.made_of()) {
            (Some(BuiltIn { kind: BuiltInKind::Array(element), .. }), _) => {
                Some(Cow::Owned(Self::built_in(element)))
            }
            (_, Some(Kind::Array(element))) => Some(Cow::Borrowed(element)),
            _ => None,
        }
    }

    /// The type of a range's bounds, borrowed likewise.
    #[inline]
    pub(super) fn range_of(&self) -> Option<Cow<'_, Self>> {
        match (self.row(), self.made_of()) {
            (Some(BuiltIn { kind: BuiltInKind::Range(bound), .. }), _) => {
                Some(Cow::Owned(Self::built_in(bound)))
            }
            (_, Some(Kind::Range(bound))) => Some(Cow::Borrowed(bound)),
            _ => None,
        }
    }

    /// The type of a multirange's ranges, borrowed likewise.
    #[inline]
    pub(super) fn multirange_of(&self) -> Option<Cow<'_, Self>> {
        match (self.row(), self.made_of()) {
            (Some(BuiltIn { kind: BuiltInKind::Multirange(range), .. }), _) => {
                Some(Cow::Owned(Self::built_in(range)))
            }
            (_, Some(Kind::Multirange(range))) => Some(Cow::Borrowed(range)),
            _ => None,
        }
    }

    /// The type that values of this one are written as: what a domain is over, else itself.
    ///
    /// ```
    /// use trunkline_core::types::Type;
    ///
    /// // It is no domain.
    /// assert_eq!(Type::TEXT.base(), &Type::TEXT);
    /// ```
    #[inline]
    pub fn base(&self) -> &Self {
        let mut base = self;
        while let Some(Kind::Domain(over)) = base.made_of() {
            base = over;
        }
        base
    }

    /// The base type of a part: what is built in is no domain.
    #[inline]
    pub(super) fn base_of(part: Cow<'_, Self>) -> Cow<'_, Self> {
        match part {
            Cow::Borrowed(part) => Cow::Borrowed(part.base()),
            Cow::Owned(part) => Cow::Owned(part),
        }
    }

    /// The type of arrays of this type, where it is built in and there is one.
    ///
    /// ```
    /// use trunkline_core::types::Type;
    ///
    /// assert_eq!(Type::DATE.array(), Some(Type::DATE_ARRAY));
    /// ```
    pub fn array(&self) -> Option<Self> {
        self.plain().row()?.array.map(Self::built_in)
    }

    /// Whether it is an enum, without making a list of its labels.
    pub(super) fn is_enum(&self) -> bool {
        matches!(self.made_of(), Some(Kind::Enum(_)))
    }

    /// Whether it is an extension's base type of that name, in whatever schema the extension was put.
    #[inline]
    pub(super) fn is_extension(&self, name: &str) -> bool {
        matches!(self.made_of(), Some(Kind::Base)) && *self.name() == *name
    }

    /// The kind of a type that is not built in, or not as it was.
    #[inline]
    fn made_of(&self) -> Option<&Kind> {
        self.told().map(|told| &told.kind)
    }
}

#[cfg(test)]
mod tests {
    use std::format;

    use super::*;
    use crate::types::{Description, oid};

    #[test]
    fn kinds_name_the_types_they_are_made_of() {
        assert_eq!(Type::INT4.kind(), Kind::Base);
        assert_eq!(Type::INT4_ARRAY.kind(), Kind::Array(Type::INT4));
        assert_eq!(Type::INT4_ARRAY.name(), "int4[]");
        assert_eq!(Type::INT4.array(), Some(Type::INT4_ARRAY));
        assert_eq!(Type::INT2VECTOR.element(), Some(Type::INT2));
        assert_eq!(Type::INT4RANGE.kind(), Kind::Range(Type::INT4));
        assert_eq!(Type::INT4MULTIRANGE.kind(), Kind::Multirange(Type::INT4RANGE));
        assert_eq!(Type::VOID.kind(), Kind::Pseudo);
        // Of a fixed length and with subscripts, but no array.
        assert_eq!(Type::POINT.kind(), Kind::Base);
        assert_eq!(Type::BOX.delimiter(), b';');
        assert!(matches!(Type::from_oid(oid::JSONB).oid(), oid::JSONB));
    }

    #[test]
    fn a_domain_is_written_as_what_it_is_over() {
        let described = |oid, kind| {
            let (schema, name) = ("public".into(), format!("t{oid}").into());
            Type::described(oid, Description { schema, name, kind, delimiter: b',', binary: true })
        };
        let inner = described(70_000, Kind::Domain(Type::INT4_ARRAY));
        let outer = described(70_001, Kind::Domain(inner.clone()));
        assert_eq!(outer.base(), &Type::INT4_ARRAY);
        assert_eq!(Type::INT4.base(), &Type::INT4);
        assert_eq!(outer.kind(), Kind::Domain(inner));
        assert_eq!((outer.schema(), outer.name(), outer.is_known()), ("public", "t70001", true));
    }
}
