//! Whether values still look as their type was described: `alter type … add attribute` keeps a composite's OID.

use super::array::ArrayView;
use super::composite::RecordView;
use super::{Field, Kind, Type};
use crate::wire::Malformed;

/// Whether values of a type tell of fields, which can be compared with its description.
pub(crate) fn has_fields(type_: &Type) -> bool {
    match type_.base().description().map(|description| &description.kind) {
        Some(Kind::Composite(_)) => true,
        Some(Kind::Array(element)) => has_fields(element),
        _ => false,
    }
}

/// Whether a value in binary has the fields that its type is described with. What is malformed is left for
/// whoever reads it to tell.
pub(crate) fn agrees(type_: &Type, raw: &[u8]) -> bool {
    let found = match type_.base().description().map(|description| &description.kind) {
        Some(Kind::Composite(fields)) => composite_agrees(fields, raw),
        Some(Kind::Array(element)) if has_fields(element) => array_agrees(element, raw),
        _ => Ok(true),
    };
    found.unwrap_or(true)
}

fn composite_agrees(fields: &[Field], raw: &[u8]) -> Result<bool, Malformed> {
    let values = RecordView::read(raw)?;
    if values.len() != fields.len() {
        return Ok(false);
    }
    for (field, value) in fields.iter().zip(values) {
        let (type_oid, value) = value?;
        if type_oid != field.type_.oid() || value.is_some_and(|value| !agrees(&field.type_, value)) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// By the first element that is not NULL.
fn array_agrees(element: &Type, raw: &[u8]) -> Result<bool, Malformed> {
    let mut values = ArrayView::read(raw)?.elements();
    let first = values.find_map(Result::transpose).transpose()?;
    Ok(first.is_none_or(|value| agrees(element, value)))
}

#[cfg(test)]
mod tests {
    use std::vec::Vec;

    use proptest::prelude::*;

    use super::*;
    use crate::types::Description;

    fn described(oid: u32, kind: Kind) -> Type {
        let (schema, name) = ("public".into(), "t".into());
        Type::described(oid, Description { schema, name, kind, delimiter: b',', binary: true })
    }

    fn composite(oid: u32, types: &[Type]) -> Type {
        let field = |type_: &Type| Field { name: "f".into(), type_: type_.clone() };
        described(oid, Kind::Composite(types.iter().map(field).collect()))
    }

    fn value(fields: &[(u32, Option<&[u8]>)]) -> Vec<u8> {
        let mut out = Vec::from(u32::try_from(fields.len()).unwrap().to_be_bytes());
        for (oid, value) in fields {
            out.extend(oid.to_be_bytes());
            out.extend(value.map_or(-1, |value| i32::try_from(value.len()).unwrap()).to_be_bytes());
            out.extend(value.unwrap_or_default());
        }
        out
    }

    fn array(element: u32, values: &[Option<&[u8]>]) -> Vec<u8> {
        let mut out = Vec::new();
        for word in [1, 1, element, u32::try_from(values.len()).unwrap(), 1] {
            out.extend(word.to_be_bytes());
        }
        for value in values {
            out.extend(value.map_or(-1, |value| i32::try_from(value.len()).unwrap()).to_be_bytes());
            out.extend(value.unwrap_or_default());
        }
        out
    }

    #[test]
    fn fields_are_compared_down_to_the_innermost() {
        let inner = composite(70_000, &[Type::INT4, Type::TEXT]);
        let domain = described(70_001, Kind::Domain(inner.clone()));
        let list = described(70_002, Kind::Array(domain));
        let outer = composite(70_003, &[Type::BOOL, list.clone()]);
        assert!([&inner, &list, &outer].into_iter().all(has_fields));
        let same = value(&[(23, Some(&[0, 0, 0, 1])), (25, None)]);
        let added = value(&[(23, None), (25, None), (25, None)]);
        let changed = value(&[(23, None), (1043, None)]);
        for (inner_value, expected) in [(&same, true), (&added, false), (&changed, false)] {
            assert_eq!(agrees(&inner, inner_value), expected);
            let values = array(70_001, &[None, Some(inner_value)]);
            assert_eq!(agrees(&list, &values), expected);
            assert_eq!(agrees(&outer, &value(&[(16, None), (70_002, Some(&values))])), expected);
        }
        assert!(agrees(&list, &array(70_001, &[])) && agrees(&list, &array(70_001, &[None])));
    }

    #[test]
    fn nothing_is_told_of_other_types() {
        for type_ in [Type::INT4, Type::INT4_ARRAY, Type::RECORD, Type::from_oid(99_999)] {
            assert!(!has_fields(&type_) && agrees(&type_, b"\0\0\0\x09"));
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(raw: Vec<u8>) {
            let inner = composite(70_000, &[Type::INT4]);
            let list = described(70_001, Kind::Array(inner.clone()));
            for type_ in [&inner, &list, &composite(70_002, core::slice::from_ref(&list))] {
                agrees(type_, &raw);
            }
        }
    }
}
