use trunkline_core::types::{Kind, Type, oid};

use crate::json::{Object, array};
use crate::rows::Codecs;

/// What the writer of parameters (js/src/values/hint.ts) must know of their types, as JSON; `null` for nothing.
pub(crate) fn hints(types: &[Type], codecs: &Codecs) -> String {
    let hints: Vec<_> = types.iter().map(|type_| hint(type_, codecs)).collect();
    if hints.iter().all(Option::is_none) { "null".into() } else { array(hints.into_iter().map(or_null)) }
}

fn hint(type_: &Type, codecs: &Codecs) -> Option<String> {
    if let Some(codec) = codecs.encoder(type_) {
        return Some(one("codec", codec.to_string()));
    }
    match type_.kind() {
        Kind::Domain(over) => hint(&over, codecs),
        Kind::Array(element) => hint(&element, codecs).map(|hint| one("list", hint)),
        Kind::Multirange(range) => hint(&range, codecs).map(|hint| one("list", hint)),
        Kind::Range(bound) => hint(&bound, codecs).map(|hint| one("range", hint)),
        Kind::Composite(fields) => {
            let mut named = Object::new();
            let mut any = false;
            for field in fields.iter() {
                if let Some(hint) = hint(&field.type_, codecs) {
                    named.json(&field.name, &hint);
                    any = true;
                }
            }
            any.then(|| one("fields", named.finish()))
        }
        _ if matches!(type_.oid(), oid::JSON | oid::JSONB) => Some("\"json\"".into()),
        _ => None,
    }
}

fn one(name: &str, json: String) -> String {
    let mut object = Object::new();
    object.json(name, &json);
    object.finish()
}

fn or_null(hint: Option<String>) -> String {
    hint.unwrap_or_else(|| "null".into())
}
