use alloc::sync::Arc;
use alloc::vec::Vec;

use super::adapted::Adapted;
use super::custom::Way;
use super::{Description, Field, Kind, Registry, Type, TypeCodec, TypeName, ValueCodec, oid};
use crate::wire::Format;

/// The program's codecs, by the names of types, and shared until one side sets another.
#[derive(Debug, Clone, Default)]
pub(super) struct Codecs(Arc<Vec<(TypeName, TypeCodec)>>);

/// A codec at work on one type.
pub(super) struct Coded {
    pub(super) codec: Arc<dyn ValueCodec>,
    /// The type that it was set for, as it is without.
    pub(super) of: Type,
}

impl Codecs {
    pub(super) fn set(&mut self, name: TypeName, codec: TypeCodec) {
        let codecs = Arc::make_mut(&mut self.0);
        match codecs.iter_mut().find(|(set, _)| *set == name) {
            Some((_, old)) => *old = codec,
            None => codecs.push((name, codec)),
        }
    }

    pub(super) fn remove(&mut self, name: &TypeName) -> bool {
        let known = self.0.iter().position(|(set, _)| set == name);
        known.map(|at| Arc::make_mut(&mut self.0).remove(at)).is_some()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether they are the very same, set at once.
    pub(super) fn are(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.is_empty() && other.is_empty()
    }

    /// Whether any of them makes columns be asked for in text.
    pub(super) fn any_text(&self) -> bool {
        self.0.iter().any(|(_, codec)| codec.is_text())
    }

    /// One that says the schema goes before one that does not.
    fn find(&self, type_: &Type) -> Option<&TypeCodec> {
        let of_type = |qualified| {
            move |(name, _): &&(TypeName, TypeCodec)| name.is_qualified() == qualified && name.is_of(type_)
        };
        let found = self.0.iter().find(of_type(true)).or_else(|| self.0.iter().find(of_type(false)));
        found.map(|(_, codec)| codec)
    }
}

impl Registry {
    /// A type with what the program makes of it, and of what it is made of.
    pub(super) fn adapt(&self, plain: &Type) -> Type {
        let adapted = self.adapt_parts(plain);
        match self.codecs.find(plain).map(|codec| &codec.0) {
            None => adapted,
            Some(Way::Like(other)) => {
                let binary = plain.has_binary_output() && other.has_binary_output();
                let kind = Kind::Domain(other.clone());
                plain.adapted(Adapted::new(plain, Description { kind, binary, ..describe(plain) }))
            }
            Some(Way::Text) => with_codec(&adapted, None),
            Some(Way::Custom(codec)) => with_codec(&adapted, Some((codec, plain))),
        }
    }

    fn adapt_parts(&self, plain: &Type) -> Type {
        if let oid::RECORD | oid::ANYARRAY = plain.oid() {
            let named = (!self.is_empty()).then(|| self.clone());
            return match named {
                None => plain.clone(),
                named => plain.adapted(Adapted { named, ..Adapted::new(plain, describe(plain)) }),
            };
        }
        let kind = match plain.kind() {
            Kind::Array(element) => Kind::Array(self.adapt(&element)),
            Kind::Range(bound) => Kind::Range(self.adapt(&bound)),
            // Made of ranges, whatever the program makes of these.
            Kind::Multirange(range) => Kind::Multirange(self.adapt_parts(&range)),
            Kind::Domain(over) => Kind::Domain(self.adapt(&over)),
            Kind::Composite(fields) => Kind::Composite(self.adapt_fields(&fields)),
            Kind::Base | Kind::Enum(_) | Kind::Pseudo | Kind::Unknown => return plain.clone(),
        };
        if !kind.any_part(&Type::is_adapted) {
            return plain.clone();
        }
        let binary = plain.has_binary_output() && !kind.any_part(&|part| !part.has_binary_output());
        plain.adapted(Adapted::new(plain, Description { kind, binary, ..describe(plain) }))
    }

    fn adapt_fields(&self, fields: &[Field]) -> Arc<[Field]> {
        let adapt = |field: &Field| Field { name: field.name.clone(), type_: self.adapt(&field.type_) };
        fields.iter().map(adapt).collect()
    }
}

/// A type whose values a codec reads and writes, or that are left as their text. Of a domain it is what that is over,
/// since this is what everybody is asked about.
fn with_codec(type_: &Type, codec: Option<(&Arc<dyn ValueCodec>, &Type)>) -> Type {
    let mut description = describe(type_);
    let mut coded = None;
    if let Kind::Domain(over) = &description.kind {
        let over = with_codec(over, codec);
        description.binary = over.has_binary_output();
        description.kind = Kind::Domain(over);
    } else {
        description.binary &= codec.is_some_and(|(codec, _)| codec.format() == Format::Binary);
        coded = codec.map(|(codec, of)| Coded { codec: codec.clone(), of: of.clone() });
    }
    let plain = type_.plain();
    plain.adapted(Adapted { codec: coded, ..Adapted::new(plain, description) })
}

/// What is known of a type, built in or not.
fn describe(type_: &Type) -> Description {
    Description {
        schema: type_.schema().into(),
        name: type_.name().into(),
        kind: type_.kind(),
        delimiter: type_.delimiter(),
        binary: type_.has_binary_output(),
    }
}
