//! The types that values name by their OIDs: anonymous records those of their fields, an `anyarray` that of its
//! elements. No description tells of them beforehand.

use alloc::vec::Vec;

use super::array::ArrayView;
use super::composite::RecordView;
use super::{Type, oid};
use crate::wire::Malformed;

/// Whether values of a type name others.
pub(crate) const fn names_types(type_oid: u32) -> bool {
    matches!(type_oid, oid::RECORD | oid::RECORD_ARRAY | oid::ANYARRAY)
}

/// What some values name.
#[derive(Debug, Default)]
pub(crate) struct NamedTypes {
    /// Every OID, so that each is looked up once.
    seen: Vec<u32>,
    /// Those that are not built in.
    custom: Vec<u32>,
}

/// So many are looked at. Nobody's records have more types in them, and a server that lies is not asked about all
/// that it makes up.
const MOST: usize = 200;

impl NamedTypes {
    /// Those that are not built in.
    pub(crate) fn custom(&self) -> &[u32] {
        &self.custom
    }

    /// Looks at a value in binary. What is malformed is left for whoever reads it to tell.
    pub(crate) fn look_at(&mut self, type_oid: u32, raw: &[u8]) {
        let (mut next, mut nested) = (Some((type_oid, raw)), Vec::new());
        while let Some((type_oid, raw)) = next {
            // An error ends the value, not the search.
            let _ = match type_oid {
                oid::RECORD => self.fields(raw, &mut nested),
                _ => self.elements(raw, &mut nested),
            };
            next = nested.pop();
        }
    }

    fn fields<'a>(&mut self, raw: &'a [u8], nested: &mut Vec<(u32, &'a [u8])>) -> Result<(), Malformed> {
        for field in RecordView::read(raw)? {
            let (type_oid, value) = field?;
            match value {
                Some(value) if names_types(type_oid) => nested.push((type_oid, value)),
                _ => self.note(type_oid),
            }
        }
        Ok(())
    }

    fn elements<'a>(&mut self, raw: &'a [u8], nested: &mut Vec<(u32, &'a [u8])>) -> Result<(), Malformed> {
        let array = ArrayView::read(raw)?;
        if array.element_oid() != oid::RECORD {
            self.note(array.element_oid());
            return Ok(());
        }
        for element in array.elements() {
            nested.extend(element?.map(|value| (oid::RECORD, value)));
        }
        Ok(())
    }

    fn note(&mut self, type_oid: u32) {
        if type_oid == 0 || self.seen.len() >= MOST || self.seen.contains(&type_oid) {
            return;
        }
        self.seen.push(type_oid);
        if !Type::from_oid(type_oid).is_known() {
            self.custom.push(type_oid);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn word(word: usize) -> [u8; 4] {
        u32::try_from(word).unwrap().to_be_bytes()
    }

    fn record(fields: &[(u32, &[u8])]) -> Vec<u8> {
        let mut raw = Vec::from(word(fields.len()));
        for (type_oid, value) in fields {
            raw.extend([&type_oid.to_be_bytes()[..], &word(value.len()), value].concat());
        }
        raw
    }

    fn array(element: u32, value: &[u8]) -> Vec<u8> {
        let header = [1, 0, element, 1, 1].map(u32::to_be_bytes).concat();
        [&header[..], &word(value.len()), value].concat()
    }

    fn custom(type_oid: u32, raw: &[u8]) -> Vec<u32> {
        let mut named = NamedTypes::default();
        named.look_at(type_oid, raw);
        named.custom().to_vec()
    }

    #[test]
    fn each_that_is_not_built_in_is_found_once_however_deep() {
        let inner = record(&[(70_000, b"happy"), (oid::TEXT, b"x"), (70_000, b"sad")]);
        let list = array(oid::RECORD, &inner);
        let outer =
            record(&[(70_001, b""), (oid::RECORD, &inner), (oid::RECORD_ARRAY, &list), (70_002, b"")]);
        assert_eq!(custom(oid::RECORD, &inner), [70_000]);
        assert_eq!(custom(oid::RECORD_ARRAY, &list), [70_000]);
        assert_eq!(custom(oid::RECORD, &outer), [70_001, 70_002, 70_000]);
        assert_eq!(custom(oid::ANYARRAY, &array(70_003, b"x")), [70_003]);
        assert!(custom(oid::RECORD, &record(&[(oid::INT4, b"")])).is_empty());
    }

    #[test]
    fn there_is_an_end_to_them() {
        let fields: Vec<(u32, &[u8])> = (70_000..80_000).map(|type_oid| (type_oid, &b""[..])).collect();
        assert_eq!(custom(oid::RECORD, &record(&fields)).len(), MOST);
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(raw: Vec<u8>, count in 0_u8..4) {
            for type_oid in [oid::RECORD, oid::RECORD_ARRAY, oid::ANYARRAY] {
                custom(type_oid, &raw);
                custom(type_oid, &[&[0, 0, 0, count][..], &raw].concat());
            }
        }
    }
}
