use super::coded::Coded;
use super::{Description, Kind, Registry, Type};

/// A type of which a registry knows more than the catalog tells: what the program makes of it, or of what it is made
/// of; or what anonymous records may hold.
pub(super) struct Adapted {
    /// As it is without.
    pub(super) plain: Type,
    /// As the plain one's, with parts that are adapted themselves. One that is read as another type is a domain over
    /// that.
    pub(super) description: Description,
    /// How its values are read and written.
    pub(super) codec: Option<Coded>,
    /// What the types are that values name by OIDs.
    pub(super) named: Option<Registry>,
}

impl Adapted {
    pub(super) fn new(plain: &Type, description: Description) -> Self {
        Self { plain: plain.clone(), description, codec: None, named: None }
    }

    /// Whether nothing is known of one that is not known of the other. Each time that a type is looked at makes a new
    /// one.
    pub(super) fn is(&self, other: &Self) -> bool {
        let generation = |adapted: &Self| adapted.named.as_ref().map(Registry::generation);
        match (&self.description.kind, &other.description.kind) {
            _ if core::ptr::eq(self, other) => true,
            _ if self.codec.is_some() || other.codec.is_some() => false,
            (Kind::Array(one), Kind::Array(another)) => one.is_known_as(another),
            _ => self.named.is_some() && generation(self) == generation(other),
        }
    }
}

impl Type {
    pub(super) fn is_adapted(&self) -> bool {
        self.adaptation().is_some()
    }

    /// The same type as it is without the program's codecs.
    pub(super) fn plain(&self) -> &Self {
        self.adaptation().map_or(self, |adapted| &adapted.plain)
    }

    /// The program's way to read and write its values.
    #[inline]
    pub(super) fn codec(&self) -> Option<&Coded> {
        self.adaptation()?.codec.as_ref()
    }

    /// Whether the program has a way of its own to read and write its values.
    #[inline]
    pub(crate) fn has_codec(&self) -> bool {
        self.codec().is_some()
    }

    /// The type of an OID that a value of this type names, as an anonymous record does those of its fields.
    #[doc(hidden)]
    pub fn named(&self, oid: u32) -> Self {
        let Some(adapted) = self.adaptation() else { return Self::from_oid(oid) };
        match (&adapted.named, &adapted.description.kind) {
            (Some(registry), _) => registry.get(oid),
            (None, Kind::Array(element)) => element.named(oid),
            _ => Self::from_oid(oid),
        }
    }
}
