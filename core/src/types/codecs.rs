use alloc::sync::Arc;
use alloc::vec::Vec;

use super::adapted::Adapted;
use super::coded::{AnyFormat, Coded};
use super::custom::Way;
use super::{Description, Field, Kind, Registry, Type, TypeCodec, TypeName, oid};
use crate::wire::Format;

/// The program's codecs, by the names of types, and shared until one side sets another.
#[derive(Debug, Clone, Default)]
pub(super) struct Codecs(Arc<Vec<(TypeName, TypeCodec)>>);

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
fn with_codec(type_: &Type, codec: Option<(&Arc<dyn AnyFormat>, &Type)>) -> Type {
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

#[cfg(test)]
mod tests {
    use std::format;
    use std::string::{String, ToString};
    use std::vec;

    use bytes::BytesMut;

    use super::*;
    use crate::error::BoxError;
    use crate::types::{FromSql, Range, ToSql, Value, ValueCodec};

    struct Loud(Format);

    impl ValueCodec for Loud {
        fn format(&self) -> Format {
            self.0
        }

        fn decode(&self, type_: &Type, _raw: &[u8]) -> Result<Value, BoxError> {
            Ok(Value::Text(format!("{type_}!")))
        }

        fn encode(&self, type_: &Type, _value: &Value, out: &mut BytesMut) -> Result<(), BoxError> {
            out.extend_from_slice(type_.name().as_bytes());
            Ok(())
        }
    }

    fn described(oid: u32, name: &str, kind: Kind) -> Type {
        let (schema, name) = ("public".into(), name.into());
        Type::described(oid, Description { schema, name, kind, delimiter: b',', binary: true })
    }

    /// `small` over int4, `smaller` over that, and `pair` of both.
    fn registry() -> Registry {
        let small = described(70_000, "small", Kind::Domain(Type::INT4));
        let smaller = described(70_001, "smaller", Kind::Domain(small.clone()));
        let field = |name: &str, type_: &Type| Field { name: name.into(), type_: type_.clone() };
        let pair = Kind::Composite([field("a", &small), field("b", &smaller)].into());
        let mut registry = Registry::default();
        registry.learn(vec![small, smaller, described(70_002, "pair", pair)]);
        registry
    }

    fn shown(type_: &Type, raw: &[u8]) -> String {
        Value::decode(type_, Format::Binary, Some(raw)).unwrap().to_string()
    }

    const SEVEN: [u8; 4] = [0, 0, 0, 7];

    #[test]
    fn a_codec_of_a_domain_is_found_through_what_it_is_over() {
        let mut registry = registry();
        registry.set_codec("small", Loud(Format::Binary));
        let (small, smaller) = (registry.get(70_000), registry.get(70_001));
        assert_eq!((small.base().oid(), smaller.base().oid()), (oid::INT4, oid::INT4));
        assert_eq!((shown(&small, &SEVEN), shown(&smaller, &SEVEN)), ("small!".into(), "small!".into()));
        assert_eq!(shown(&registry.get(oid::INT4), &SEVEN), "7");
        // The outermost counts.
        registry.set_codec("public.smaller", Loud(Format::Binary));
        assert_eq!(shown(&registry.get(70_001), &SEVEN), "smaller!");
        let raw = [&[0, 0, 0, 2][..], &field(70_000), &field(70_001)].concat();
        assert_eq!(shown(&registry.get(70_002), &raw), "(small!,smaller!)");
        // Host types are asked what they always are.
        assert_eq!(i32::from_sql(smaller.base(), Format::Binary, &SEVEN).unwrap(), 7);
        assert!(registry.remove_codec("small") && !registry.remove_codec(("public", "small")));
        assert_eq!(shown(&registry.get(70_000), &SEVEN), "7");
    }

    fn field(type_oid: u32) -> Vec<u8> {
        [&type_oid.to_be_bytes()[..], &4_u32.to_be_bytes(), &SEVEN].concat()
    }

    #[test]
    fn what_is_made_of_text_is_asked_for_in_text() {
        let mut registry = registry();
        registry.set_codec("pg_catalog.int4", Loud(Format::Text));
        for oid in [oid::INT4, oid::INT4_ARRAY, oid::INT4RANGE, oid::INT4MULTIRANGE, 70_000, 70_002] {
            assert!(!registry.get(oid).has_binary_output(), "{oid}");
        }
        assert!(registry.get(oid::INT8_ARRAY).has_binary_output() && registry.asks_for_text());
        // One with a schema goes before one without.
        registry.set_codec("int4", Loud(Format::Binary));
        assert!(!registry.get(oid::INT4).has_binary_output());
        let range = Range::from(Value::Null..Value::Null);
        assert_eq!(range.format(&registry.get(oid::INT4RANGE)), Format::Text);
    }

    #[test]
    fn a_type_like_another_is_one_in_all_that_is_made_of_it() {
        let mut registry = Registry::default();
        let meters = described(70_000, "meters", Kind::Base);
        registry.learn(vec![meters.clone(), described(70_001, "meters[]", Kind::Array(meters))]);
        registry.set_codec("meters", TypeCodec::like(Type::INT4));
        let (meters, list) = (registry.get(70_000), registry.get(70_001));
        assert_eq!(
            (meters.name(), meters.kind(), meters.base()),
            ("meters", Kind::Domain(Type::INT4), &Type::INT4)
        );
        let mut out = BytesMut::new();
        assert!(vec![7].accepts(&list) && vec![7].to_sql(&list, &mut out).is_ok());
        assert_eq!(out[8..12], 70_000_u32.to_be_bytes());
        assert_eq!(Vec::<i32>::from_sql(&list, Format::Binary, &out).unwrap(), [7]);
        // What is learned again is learned as the catalog tells of it.
        registry.learn(vec![meters]);
        registry.remove_codec("meters");
        assert_eq!(registry.get(70_000).kind(), Kind::Base);
    }

    #[test]
    fn codecs_stay_with_the_registry_they_were_set_in() {
        let (mut ours, mut theirs) = (Registry::default(), registry());
        theirs.set_codec("small", TypeCodec::text());
        ours.merge(&theirs);
        assert!(ours.get(70_000).has_binary_output() && !theirs.get(70_000).has_binary_output());
        assert!(!ours.has_codecs_of(&theirs) && ours.has_codecs_of(&registry()));
        theirs.forget_all();
        theirs.merge(&registry());
        assert!(theirs.asks_for_text());
    }
}
