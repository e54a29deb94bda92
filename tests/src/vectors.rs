//! The values of `tests/vectors/*.json`: how a real server writes each of them, in text and in binary. See the
//! README there.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::Path;
use std::sync::Arc;

use serde_json::Value;
use trunkline_core::types::{Description, Field, Kind, Type};

/// What a session has to set for the text outputs to be those of the vectors.
pub const SETTINGS: &str = "set DateStyle = 'ISO, MDY'; set IntervalStyle = postgres; set TimeZone = 'UTC'; \
    set extra_float_digits = 1; set lc_monetary = 'C'; set bytea_output = hex";

/// Values of types that belong together: one file.
#[derive(Debug)]
pub struct Family {
    /// The file's name.
    pub name: String,
    /// Whether the values are those of an extension that PGlite has and the servers of the tests have not.
    pub pglite: bool,
    /// What makes the types that are not built in.
    pub setup: Vec<String>,
    /// The types that are not built in, by the OIDs that stand for theirs.
    pub custom: BTreeMap<u32, Type>,
    /// The values.
    pub cases: Vec<Case>,
}

/// One value.
#[derive(Debug)]
pub struct Case {
    /// Its type, as in a cast: `numeric(5,2)`.
    pub type_name: String,
    /// Its type. The OID of one that is not built in only stands for that of a database.
    pub type_: Type,
    /// What the server made it of.
    pub input: Input,
    /// How the server writes it in text.
    pub text: String,
    /// How the server writes it in binary; `None` for a type that has no binary output.
    pub binary: Option<Vec<u8>>,
    /// Where `binary` has OIDs that only stand for those of a database.
    pub oids: Vec<usize>,
    /// Whether the server takes its binary form back.
    pub received: bool,
    /// The first major version that takes it.
    pub since: u32,
}

/// What a server makes a value of.
#[derive(Debug)]
pub enum Input {
    /// Text that the type's input function reads.
    Literal(String),
    /// An SQL expression, for types without such a function.
    Expression(String),
}

/// All families, by name.
pub fn families() -> Vec<Family> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors");
    let entries = fs::read_dir(&folder).expect("tests/vectors");
    let files = entries.map(|entry| entry.expect("tests/vectors").path());
    let mut files: Vec<_> =
        files.filter(|path| path.extension().is_some_and(|extension| extension == "json")).collect();
    files.sort();
    files.iter().map(|path| read(path)).collect()
}

impl Case {
    /// Its binary form in a database that has types under other OIDs.
    pub fn binary_with(&self, oid: impl Fn(u32) -> u32) -> Option<Vec<u8>> {
        let mut binary = self.binary.clone()?;
        for &at in &self.oids {
            let stands = binary[at..at + 4].try_into().expect("four bytes");
            binary[at..at + 4].copy_from_slice(&oid(u32::from_be_bytes(stands)).to_be_bytes());
        }
        Some(binary)
    }
}

fn read(path: &Path) -> Family {
    let text = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let json: Value = serde_json::from_slice(&text).expect("JSON");
    let custom = Types::of(&json["custom"]).all();
    let types: HashMap<&str, Type> = json["types"].as_object().expect("types").iter().map(named).collect();
    let type_of = |name: &str| {
        let type_ = &types[name];
        custom.get(&type_.oid()).unwrap_or(type_).clone()
    };
    let cases = list(&json["cases"]).iter().map(|case| case_of(case, type_of)).collect();
    Family {
        name: path.file_stem().expect("a name").to_string_lossy().into_owned(),
        pglite: json["server"] == "pglite",
        setup: list(&json["setup"]).iter().map(string).collect(),
        custom,
        cases,
    }
}

fn named<'a>((name, oid): (&'a String, &Value)) -> (&'a str, Type) {
    (name, Type::from_oid(number(oid)))
}

fn case_of(case: &Value, type_of: impl Fn(&str) -> Type) -> Case {
    let input = match case.get("expression") {
        Some(expression) => Input::Expression(string(expression)),
        None => Input::Literal(string(&case["literal"])),
    };
    let oids = case.get("oids").map(list).unwrap_or_default();
    Case {
        type_: type_of(case["type"].as_str().expect("a type")),
        type_name: string(&case["type"]),
        input,
        text: string(&case["text"]),
        binary: case["binary"].as_str().map(bytes),
        oids: oids.iter().map(|at| number(at) as usize).collect(),
        received: case.get("received").is_none(),
        since: case.get("since").map_or(0, number),
    }
}

/// The types that are not built in, each made when it or one that is made of it is asked for.
struct Types<'a>(BTreeMap<u32, &'a Value>);

impl<'a> Types<'a> {
    fn of(custom: &'a Value) -> Self {
        Self(list(custom).iter().map(|type_| (number(&type_["oid"]), type_)).collect())
    }

    fn all(&self) -> BTreeMap<u32, Type> {
        self.0.keys().map(|&oid| (oid, self.get(oid))).collect()
    }

    fn get(&self, oid: u32) -> Type {
        let Some(type_) = self.0.get(&oid) else { return Type::from_oid(oid) };
        let of = || self.get(number(&type_["of"]));
        let kind = match type_["kind"].as_str().expect("a kind") {
            "array" => Kind::Array(of()),
            "domain" => Kind::Domain(of()),
            "range" => Kind::Range(of()),
            "multirange" => Kind::Multirange(of()),
            "enum" => Kind::Enum(list(&type_["labels"]).iter().map(|label| string(label).into()).collect()),
            "composite" => Kind::Composite(self.fields(&type_["fields"])),
            "base" => Kind::Base,
            other => panic!("no kind of type: {other}"),
        };
        let description = Description {
            schema: "public".into(),
            name: string(&type_["name"]).into(),
            kind,
            delimiter: string(&type_["delimiter"]).as_bytes()[0],
            binary: type_["binary"] == true,
        };
        Type::described(oid, description)
    }

    fn fields(&self, fields: &Value) -> Arc<[Field]> {
        let field = |field: &Value| Field {
            name: string(&field["name"]).into(),
            type_: self.get(number(&field["type"])),
        };
        list(fields).iter().map(field).collect()
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().expect("a list")
}

fn string(value: &Value) -> String {
    value.as_str().expect("a string").to_owned()
}

fn number(value: &Value) -> u32 {
    value.as_u64().and_then(|number| number.try_into().ok()).expect("a number")
}

fn bytes(hex: &str) -> Vec<u8> {
    let pairs = hex.as_bytes().chunks(2).map(|pair| str::from_utf8(pair).expect("hexadecimal digits"));
    pairs.map(|pair| u8::from_str_radix(pair, 16).expect("hexadecimal digits")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_is_known_down_to_what_it_is_made_of() {
        let families = families();
        let cases: Vec<&Case> = families.iter().flat_map(|family| &family.cases).collect();
        assert!(cases.len() >= 1000, "{} values", cases.len());
        for case in &cases {
            assert!(case.type_.is_known(), "{}", case.type_name);
        }
        for type_ in families.iter().flat_map(|family| family.custom.values()) {
            match type_.kind() {
                Kind::Array(of) | Kind::Domain(of) | Kind::Range(of) | Kind::Multirange(of) => {
                    assert!(of.is_known(), "what {type_} is made of");
                }
                Kind::Composite(fields) => assert!(fields.iter().all(|field| field.type_.is_known())),
                kind => assert_ne!(kind, Kind::Unknown, "{type_}"),
            }
        }
    }

    #[test]
    fn oids_in_values_can_be_replaced() {
        let mut replaced = 0;
        for family in families() {
            for case in family.cases.iter().filter(|case| !case.oids.is_empty()) {
                let other = case.binary_with(|oid| {
                    assert!(family.custom.contains_key(&oid), "{oid} in {}", case.text);
                    oid + 1
                });
                assert_ne!(other, case.binary);
                replaced += case.oids.len();
            }
        }
        assert!(replaced > 50, "{replaced}");
    }

    #[test]
    fn a_value_without_binary_output_is_one_of_a_type_without() {
        for case in families().iter().flat_map(|family| &family.cases) {
            assert_eq!(case.binary.is_some(), case.type_.has_binary_output(), "{}", case.type_name);
        }
    }
}
