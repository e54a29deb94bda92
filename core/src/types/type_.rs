use alloc::boxed::Box;
use alloc::sync::Arc;
use core::fmt;
use core::hash::{Hash, Hasher};

use super::adapted::Adapted;
use super::{BuiltIn, BuiltInKind, Description, Kind};
use crate::generated::TYPES;

/// A PostgreSQL type: what a column holds, or what a parameter is taken as.
///
/// Cheap to clone, and equal to another exactly when their OIDs are. There is a constant for every built-in
/// type ([`Type::INT4`], [`Type::TEXT_ARRAY`] …); to `match` on types, use their OIDs ([`oid`](super::oid)).
/// Types of a database's own (enums, composites, domains, extensions) are learned from its catalog.
///
/// ```
/// use trunkline_core::types::{Type, oid};
///
/// fn is_money(type_: &Type) -> bool {
///     matches!(type_.oid(), oid::MONEY | oid::NUMERIC)
/// }
/// assert!(is_money(&Type::NUMERIC) && !is_money(&Type::FLOAT8));
/// ```
#[derive(Clone)]
pub struct Type(Known);

/// What is known of a type, after its OID, which every decoder compares first.
#[derive(Clone)]
enum Known {
    BuiltIn(u32, &'static BuiltIn),
    /// A type of this database, as its catalog describes it.
    Described(u32, Arc<Description>),
    /// One that the program treats in a way of its own, or that is made of some.
    Adapted(u32, Arc<Adapted>),
    /// Nothing but the OID.
    Oid(u32),
}

impl Type {
    /// The built-in type of an OID; of any other nothing else is known, and its kind is [`Kind::Unknown`].
    ///
    /// ```
    /// use trunkline_core::types::{Kind, Type};
    ///
    /// assert_eq!(Type::from_oid(25), Type::TEXT);
    /// assert_eq!(Type::from_oid(16_400).kind(), Kind::Unknown);
    /// ```
    pub fn from_oid(oid: u32) -> Self {
        let found = TYPES.binary_search_by_key(&oid, |built_in| built_in.oid).ok();
        match found.and_then(|at| TYPES.get(at)) {
            Some(built_in) => Self::built_in(built_in),
            None => Self(Known::Oid(oid)),
        }
    }

    /// A type of this database, as its catalog describes it.
    ///
    /// ```
    /// use trunkline_core::types::{Description, Kind, Type};
    ///
    /// let (schema, name, kind) = ("public".into(), "mood".into(), Kind::Enum(["happy".into()].into()));
    /// let mood = Type::described(16_400, Description { schema, name, kind, delimiter: b',', binary: true });
    /// assert_eq!((mood.schema(), mood.name()), ("public", "mood"));
    /// ```
    pub fn described(oid: u32, description: Description) -> Self {
        Self(Known::Described(oid, Arc::new(description)))
    }

    /// The base type of an extension, of which nothing but the name is known: what
    /// [`TypeCodec::like`](super::TypeCodec::like) can be told of.
    ///
    /// ```
    /// use trunkline_core::types::{Type, TypeCodec};
    ///
    /// let like_a_map = TypeCodec::like(Type::extension("hstore"));
    /// ```
    pub fn extension(name: &str) -> Self {
        let (schema, name) = (Box::default(), name.into());
        Self::described(0, Description { schema, name, kind: Kind::Base, delimiter: b',', binary: true })
    }

    pub(crate) const fn built_in(built_in: &'static BuiltIn) -> Self {
        Self(Known::BuiltIn(built_in.oid, built_in))
    }

    /// Its OID.
    ///
    /// ```
    /// assert_eq!(trunkline_core::types::Type::INT4.oid(), 23);
    /// ```
    #[inline]
    pub const fn oid(&self) -> u32 {
        match self.0 {
            Known::BuiltIn(oid, _) | Known::Described(oid, _) | Known::Adapted(oid, _) | Known::Oid(oid) => {
                oid
            }
        }
    }

    /// Its name as in `pg_type`, an array's as its element's with `[]`; `???`, as PostgreSQL's `format_type`
    /// has it, when it is not known.
    ///
    /// ```
    /// use trunkline_core::types::Type;
    ///
    /// assert_eq!(Type::TEXT_ARRAY.name(), "text[]");
    /// assert_eq!(Type::from_oid(16_400).name(), "???");
    /// ```
    pub fn name(&self) -> &str {
        match &self.0 {
            Known::BuiltIn(_, built_in) => built_in.name,
            _ => self.told().map_or("???", |told| &told.name),
        }
    }

    /// The schema that it is in: `pg_catalog` for the built-in ones, empty when it is not known.
    ///
    /// ```
    /// assert_eq!(trunkline_core::types::Type::UUID.schema(), "pg_catalog");
    /// ```
    pub fn schema(&self) -> &str {
        match &self.0 {
            Known::BuiltIn(..) => "pg_catalog",
            _ => self.told().map_or("", |told| &told.schema),
        }
    }

    /// What kind of type it is.
    ///
    /// ```
    /// use trunkline_core::types::{Kind, Type};
    ///
    /// assert_eq!(Type::INT4RANGE.kind(), Kind::Range(Type::INT4));
    /// ```
    pub fn kind(&self) -> Kind {
        match &self.0 {
            Known::BuiltIn(_, built_in) => match built_in.kind {
                BuiltInKind::Base => Kind::Base,
                BuiltInKind::Array(element) => Kind::Array(Self::built_in(element)),
                BuiltInKind::Range(bound) => Kind::Range(Self::built_in(bound)),
                BuiltInKind::Multirange(range) => Kind::Multirange(Self::built_in(range)),
                BuiltInKind::Pseudo => Kind::Pseudo,
            },
            _ => self.told().map_or(Kind::Unknown, |told| told.kind.clone()),
        }
    }

    /// The byte between the elements of an array of this type in text format (`typdelim`).
    ///
    /// ```
    /// use trunkline_core::types::Type;
    ///
    /// assert_eq!((Type::TEXT.delimiter(), Type::BOX.delimiter()), (b',', b';'));
    /// ```
    pub fn delimiter(&self) -> u8 {
        match &self.0 {
            Known::BuiltIn(_, built_in) => built_in.delimiter,
            _ => self.told().map_or(b',', |told| told.delimiter),
        }
    }

    /// Whether the server can send it in binary. A type that is not known is taken to be able to: enums,
    /// composites, domains and nearly all extension types are.
    ///
    /// ```
    /// use trunkline_core::types::Type;
    ///
    /// assert!(Type::UUID.has_binary_output() && !Type::ACLITEM.has_binary_output());
    /// ```
    pub fn has_binary_output(&self) -> bool {
        match &self.0 {
            Known::BuiltIn(_, built_in) => built_in.binary,
            _ => self.told().is_none_or(|told| told.binary),
        }
    }

    /// Whether more than its OID is known.
    ///
    /// ```
    /// use trunkline_core::types::Type;
    ///
    /// assert!(Type::UUID.is_known() && !Type::from_oid(16_400).is_known());
    /// ```
    pub const fn is_known(&self) -> bool {
        !matches!(self.0, Known::Oid(_))
    }

    /// Whether the same is known of both, told by one answer of the catalog. Types are equal when their OIDs are,
    /// whatever became of them; who keeps something that was made for a type asks this.
    ///
    /// ```
    /// use trunkline_core::types::Type;
    ///
    /// # use trunkline_core::types::{Description, Kind, Registry};
    /// # let (schema, name, kind) = ("public".into(), "mood".into(), Kind::Enum(["happy".into()].into()));
    /// # let mood = Type::described(16_400, Description { schema, name, kind, delimiter: b',', binary: true });
    /// # let mut registry = Registry::default();
    /// # registry.learn(vec![mood]);
    /// let (known, unknown) = (registry.get(16_400), Type::from_oid(16_400));
    /// assert_eq!(known, unknown);
    /// assert!(!known.is_known_as(&unknown));
    /// ```
    pub fn is_known_as(&self, other: &Self) -> bool {
        let same = match (&self.0, &other.0) {
            (Known::Described(_, one), Known::Described(_, another)) => Arc::ptr_eq(one, another),
            (Known::Adapted(_, one), Known::Adapted(_, another)) => one.is(another),
            (Known::Adapted(..), _) | (_, Known::Adapted(..)) => false,
            _ => self.is_known() == other.is_known(),
        };
        same && self == other
    }

    /// What the catalog tells of it; `None` for the built-in types, and when it is not known.
    #[inline]
    pub(crate) fn description(&self) -> Option<&Description> {
        match &self.0 {
            Known::Described(_, description) => Some(description),
            Known::Adapted(_, adapted) => adapted.plain.description().map(|_| &adapted.description),
            Known::BuiltIn(..) | Known::Oid(_) => None,
        }
    }

    /// The same type as a program treats it.
    pub(super) fn adapted(&self, adapted: Adapted) -> Self {
        Self(Known::Adapted(self.oid(), Arc::new(adapted)))
    }

    /// What the program, or a registry, makes of it.
    #[inline]
    pub(super) fn adaptation(&self) -> Option<&Adapted> {
        match &self.0 {
            Known::Adapted(_, adapted) => Some(adapted),
            _ => None,
        }
    }

    /// Its row of the table of built-in types, if it is as that has it.
    #[inline]
    pub(super) fn row(&self) -> Option<&'static BuiltIn> {
        match self.0 {
            Known::BuiltIn(_, row) => Some(row),
            _ => None,
        }
    }

    /// What is told of a type that is not built in, or not as it was.
    #[inline]
    pub(super) fn told(&self) -> Option<&Description> {
        match &self.0 {
            Known::Described(_, description) => Some(description),
            Known::Adapted(_, adapted) => Some(&adapted.description),
            Known::BuiltIn(..) | Known::Oid(_) => None,
        }
    }
}

impl PartialEq for Type {
    fn eq(&self, other: &Self) -> bool {
        self.oid() == other.oid()
    }
}

impl Eq for Type {}

impl Hash for Type {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.oid().hash(state);
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Known::Oid(oid) => write!(f, "type with OID {oid}"),
            _ => f.write_str(self.name()),
        }
    }
}

impl fmt::Debug for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Type({self})")
    }
}

#[cfg(test)]
mod tests {
    use std::format;

    use super::*;

    #[test]
    fn every_built_in_type_is_found_by_its_oid() {
        for built_in in TYPES {
            let found = Type::from_oid(built_in.oid);
            assert_eq!((found.oid(), found.name()), (built_in.oid, built_in.name));
        }
        assert!(TYPES.windows(2).all(|pair| pair[0].oid < pair[1].oid));
    }

    #[test]
    fn binary_output_is_known_down_to_the_elements() {
        assert!(Type::INT4.has_binary_output());
        assert!(!Type::ACLITEM.has_binary_output());
        assert!(!Type::ACLITEM_ARRAY.has_binary_output());
        assert!(Type::from_oid(99_999).has_binary_output());
    }

    #[test]
    fn a_type_is_two_words_and_goes_to_other_threads() {
        fn shared<T: Send + Sync>() -> usize {
            size_of::<T>()
        }
        assert!(shared::<Type>() <= 16);
    }

    #[test]
    fn two_descriptions_of_one_type_are_told_apart() {
        let described = |oid, labels: &[&str]| {
            let kind = Kind::Enum(labels.iter().map(|label| (*label).into()).collect());
            let (schema, name) = ("public".into(), "mood".into());
            Type::described(oid, Description { schema, name, kind, delimiter: b',', binary: true })
        };
        let (before, after) = (described(70_000, &["sad"]), described(70_000, &["sad", "happy"]));
        assert_eq!(before, after);
        assert!(before.is_known_as(&before.clone()) && !before.is_known_as(&after));
        assert!(!before.is_known_as(&Type::from_oid(70_000)));
        assert!(Type::from_oid(70_000).is_known_as(&Type::from_oid(70_000)));
        assert!(Type::INT4.is_known_as(&Type::from_oid(23)) && !Type::INT4.is_known_as(&Type::INT8));
    }

    #[test]
    fn an_unknown_oid_is_kept() {
        let custom = Type::from_oid(99_999);
        assert_eq!((custom.oid(), custom.name(), custom.kind()), (99_999, "???", Kind::Unknown));
        assert_eq!(format!("{custom} {custom:?}"), "type with OID 99999 Type(type with OID 99999)");
    }
}
