//! The types of the server's database, and what it answers when it is asked for them.

use trunkline_core::types::oid;
use trunkline_core::wire::Format;

/// An enum, `mood`: sad, happy.
pub const MOOD: u32 = 70_000;
/// `mood[]`.
pub const MOODS: u32 = 70_001;
/// A composite, `pair`: an int4 and a mood; a text too after `alter type pair`.
pub const PAIR: u32 = 70_002;
/// `pair[]`.
pub const PAIRS: u32 = 70_003;
/// A type without binary output, `blind`.
pub const BLIND: u32 = 70_004;
/// Another enum, `weather`: rainy.
pub const WEATHER: u32 = 70_005;

const NAMES: [(&str, u32); 6] = [
    ("mood", MOOD),
    ("moods", MOODS),
    ("pair", PAIR),
    ("pairs", PAIRS),
    ("blind", BLIND),
    ("weather", WEATHER),
];

/// The type of that name.
pub(super) fn named(name: &str) -> Option<u32> {
    NAMES.iter().find(|(known, _)| *known == name).map(|(_, oid)| *oid)
}

/// What can change of the types.
#[derive(Debug, Default)]
pub struct Catalog {
    /// The OIDs of each introspection that was answered or failed.
    pub introspections: Vec<Vec<u32>>,
    /// Whether introspections fail.
    pub fails: bool,
    /// Whether it knows none of these types any more.
    pub is_empty: bool,
    /// Whether `pair` has its third attribute.
    pub is_altered: bool,
}

/// A row of `pg_type`, and its parts.
struct Row {
    oid: u32,
    typtype: u8,
    name: &'static str,
    has_send: bool,
    parts: Vec<(&'static str, u32)>,
}

impl Catalog {
    /// The rows of an introspection's answer.
    pub(super) fn introspect(&mut self, asked: Vec<u32>) -> Vec<Vec<Option<Vec<u8>>>> {
        let mut oids = asked.clone();
        self.introspections.push(asked);
        let mut at = 0;
        while let Some(oid) = oids.get(at).copied() {
            at += 1;
            let parts = self.row(oid).into_iter().flat_map(|row| row.parts);
            for (_, part) in parts.filter(|(_, part)| *part != 0) {
                if !oids.contains(&part) {
                    oids.push(part);
                }
            }
        }
        oids.sort_unstable();
        oids.into_iter().filter_map(|oid| self.row(oid)).flat_map(lines).collect()
    }

    /// A value of a type.
    pub(super) fn value(&self, oid: u32, format: Format) -> Vec<u8> {
        match (oid, format) {
            (WEATHER, _) => b"rainy".to_vec(),
            (PAIR, Format::Text) => b"(7,happy)".to_vec(),
            (PAIR, Format::Binary) => self.pair(),
            (MOODS, Format::Binary) => array(MOOD, b"happy"),
            (PAIRS, Format::Binary) => array(PAIR, &self.pair()),
            (MOODS | PAIRS, Format::Text) => b"{}".to_vec(),
            _ => b"happy".to_vec(),
        }
    }

    /// Whether a binary `pair` has the attributes that it is to have.
    pub(super) fn takes_pair(&self, value: &[u8]) -> bool {
        let count: u32 = if self.is_altered { 3 } else { 2 };
        value.starts_with(&count.to_be_bytes())
    }

    fn pair(&self) -> Vec<u8> {
        let seven = 7_i32.to_be_bytes();
        let mut fields: Vec<(u32, &[u8])> = vec![(oid::INT4, &seven), (MOOD, b"happy")];
        if self.is_altered {
            fields.push((oid::TEXT, b"more"));
        }
        let mut out = length(fields.len()).to_vec();
        for (oid, value) in fields {
            out.extend(oid.to_be_bytes());
            out.extend(length(value.len()));
            out.extend(value);
        }
        out
    }

    fn row(&self, oid: u32) -> Option<Row> {
        let mut pair = vec![("n", oid::INT4), ("m", MOOD)];
        if self.is_altered {
            pair.push(("t", oid::TEXT));
        }
        let (typtype, name, has_send, parts) = match oid {
            oid::INT4 => (b'b', "int4", true, vec![]),
            oid::TEXT => (b'b', "text", true, vec![]),
            _ if self.is_empty => return None,
            MOOD => (b'e', "mood", true, vec![("sad", 0), ("happy", 0)]),
            MOODS => (b'b', "_mood", true, vec![("", MOOD)]),
            PAIR => (b'c', "pair", true, pair),
            PAIRS => (b'b', "_pair", true, vec![("", PAIR)]),
            BLIND => (b'b', "blind", false, vec![]),
            WEATHER => (b'e', "weather", true, vec![("rainy", 0)]),
            _ => return None,
        };
        Some(Row { oid, typtype, name, has_send, parts })
    }
}

fn lines(row: Row) -> Vec<Vec<Option<Vec<u8>>>> {
    let parts: Vec<_> =
        if row.parts.is_empty() { vec![None] } else { row.parts.into_iter().map(Some).collect() };
    let line = |part: Option<(&str, u32)>| {
        vec![
            Some(row.oid.to_be_bytes().to_vec()),
            Some(vec![row.typtype]),
            Some(b"public".to_vec()),
            Some(row.name.as_bytes().to_vec()),
            Some(b",".to_vec()),
            Some(vec![u8::from(row.has_send)]),
            part.filter(|(name, _)| !name.is_empty()).map(|(name, _)| name.as_bytes().to_vec()),
            part.map(|(_, oid)| oid.to_be_bytes().to_vec()),
        ]
    };
    parts.into_iter().map(line).collect()
}

/// The OIDs in an `oid[]`.
pub(super) fn oids(array: &[u8]) -> Vec<u32> {
    let words: Vec<u32> = array.as_chunks().0.iter().map(|word| u32::from_be_bytes(*word)).collect();
    assert_eq!(words[..3], [1, 0, oid::OID], "an oid[] of one dimension");
    assert_eq!(words[3] as usize, (words.len() - 5) / 2, "its length");
    words[5..].as_chunks::<2>().0.iter().map(|[_, oid]| *oid).collect()
}

fn array(element: u32, value: &[u8]) -> Vec<u8> {
    let mut out: Vec<u8> = [1, 0, element, 1, 1].into_iter().flat_map(u32::to_be_bytes).collect();
    out.extend(length(value.len()));
    out.extend(value);
    out
}

fn length(bytes: usize) -> [u8; 4] {
    u32::try_from(bytes).expect("a test's value is short").to_be_bytes()
}
