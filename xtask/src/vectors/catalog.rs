use std::collections::BTreeMap;

use serde_json::{Value, json};
use trunkline_test_server::{Error, Result};

use super::{engine::Engine, file};

/// The types of a database.
pub(super) struct Catalog(BTreeMap<u32, Type>);

struct Type {
    /// As in `pg_type`; an array's is its element's with `[]`.
    name: String,
    kind: Kind,
    delimiter: String,
    /// Whether there is a function that makes its binary form.
    binary: bool,
}

pub(super) enum Kind {
    Base,
    Array(u32),
    Composite(Vec<(String, u32)>),
    Domain(u32),
    Enum(Vec<String>),
    Range(u32),
    Multirange(u32),
}

impl Catalog {
    pub(super) fn read(engine: &mut Engine) -> Result<Self> {
        let mut types = BTreeMap::new();
        for row in engine.rows(TYPES)? {
            let [Some(oid), Some(name), Some(kind), of, Some(delimiter), Some(binary), Some(lists)] =
                row.as_slice()
            else {
                return Err(Error::new("the catalog has a row that is not as expected"));
            };
            let of = of.as_deref().map_or(Ok(0), number)?;
            let kind = match &**kind {
                "array" => Kind::Array(of),
                "composite" => Kind::Composite(fields(lists)?),
                "domain" => Kind::Domain(of),
                "enum" => Kind::Enum(labels(lists)),
                "range" => Kind::Range(of),
                "multirange" => Kind::Multirange(of),
                _ => Kind::Base,
            };
            let (name, delimiter) = (name.clone(), delimiter.clone());
            types.insert(number(oid)?, Type { name, kind, delimiter, binary: binary == "true" });
        }
        Ok(Self(types))
    }

    pub(super) fn kind(&self, oid: u32) -> Result<&Kind> {
        Ok(&self.get(oid)?.kind)
    }

    fn get(&self, oid: u32) -> Result<&Type> {
        self.0.get(&oid).ok_or_else(|| Error::new(format!("the catalog has no type with OID {oid}")))
    }

    /// Stable numbers for those of these types, and of the types that they are made of, that are not built in: in the
    /// order in which they were made.
    pub(super) fn stable(&self, types: impl Iterator<Item = u32>) -> Result<BTreeMap<u32, u32>> {
        let mut found = BTreeMap::new();
        let mut open: Vec<u32> = types.collect();
        while let Some(oid) = open.pop() {
            if found.insert(oid, 0).is_none() {
                open.extend(self.get(oid)?.kind.parts());
            }
        }
        found.retain(|oid, _| *oid >= FIRST_OF_USERS);
        for (stable, number) in found.values_mut().zip(FIRST_STABLE..) {
            *stable = number;
        }
        Ok(found)
    }

    /// What a reader needs to know of a type that is not built in, as JSON.
    pub(super) fn describe(&self, oid: u32, stable: &BTreeMap<u32, u32>) -> Result<String> {
        let number = |oid: &u32| *stable.get(oid).unwrap_or(oid);
        let type_ = self.get(oid)?;
        let mut description = vec![
            ("oid", json!(number(&oid))),
            ("name", json!(type_.name)),
            ("kind", json!(type_.kind.name())),
            ("delimiter", json!(type_.delimiter)),
            ("binary", json!(type_.binary)),
        ];
        match &type_.kind {
            Kind::Base => {}
            Kind::Array(of) | Kind::Domain(of) | Kind::Range(of) | Kind::Multirange(of) => {
                description.push(("of", json!(number(of))));
            }
            Kind::Enum(labels) => description.push(("labels", json!(labels))),
            Kind::Composite(fields) => {
                let field = |(name, type_): &(String, u32)| json!({"name": name, "type": number(type_)});
                description.push(("fields", fields.iter().map(field).collect()));
            }
        }
        Ok(file::object(&description))
    }
}

impl Kind {
    fn name(&self) -> &'static str {
        match self {
            Self::Base => "base",
            Self::Array(_) => "array",
            Self::Composite(_) => "composite",
            Self::Domain(_) => "domain",
            Self::Enum(_) => "enum",
            Self::Range(_) => "range",
            Self::Multirange(_) => "multirange",
        }
    }

    fn parts(&self) -> Vec<u32> {
        match self {
            Self::Base | Self::Enum(_) => Vec::new(),
            Self::Array(of) | Self::Domain(of) | Self::Range(of) | Self::Multirange(of) => vec![*of],
            Self::Composite(fields) => fields.iter().map(|(_, type_)| *type_).collect(),
        }
    }
}

fn number(text: &str) -> Result<u32> {
    text.parse().map_err(|_| Error::new(format!("{text} is no OID")))
}

fn fields(json: &str) -> Result<Vec<(String, u32)>> {
    lists(json).iter().map(|pair| Ok((item(pair, 0), number(&item(pair, 1))?))).collect()
}

fn labels(json: &str) -> Vec<String> {
    lists(json).iter().map(|label| item(label, 0)).collect()
}

fn lists(json: &str) -> Vec<Value> {
    serde_json::from_str(json).unwrap_or_default()
}

fn item(list: &Value, at: usize) -> String {
    list.get(at).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// OIDs below it are PostgreSQL's own.
const FIRST_OF_USERS: u32 = 16384;
/// Looks like what a server gives, and is easily recognised.
const FIRST_STABLE: u32 = 100_001;

/// Fixed-length types with elements (point, name) are no arrays; int2vector and oidvector are written as arrays.
const TYPES: &str = "
    select t.oid::text,
           case when kind = 'array' and t.typname ~ '^_' then e.typname || '[]' else t.typname end,
           kind,
           case kind when 'array' then t.typelem when 'domain' then t.typbasetype
                     when 'range' then (select rngsubtype from pg_range where rngtypid = t.oid)
                     when 'multirange' then (select rngtypid from pg_range where rngmultitypid = t.oid) end::text,
           t.typdelim::text,
           (t.typsend <> 0)::text,
           case kind
               when 'enum' then coalesce((select json_agg(json_build_array(enumlabel) order by enumsortorder)
                                 from pg_enum where enumtypid = t.oid), '[]')
               when 'composite' then coalesce((select json_agg(json_build_array(attname, atttypid::text) order by attnum)
                                 from pg_attribute where attrelid = t.typrelid and attnum > 0 and not attisdropped), '[]')
               else '[]' end::text
    from pg_type t left join pg_type e on e.oid = t.typelem,
         lateral (select case when t.typelem <> 0 and t.typsubscript = 'array_subscript_handler'::regproc then 'array'
                              when t.typtype = 'c' then 'composite' when t.typtype = 'd' then 'domain'
                              when t.typtype = 'e' then 'enum' when t.typtype = 'r' then 'range'
                              when t.typtype = 'm' then 'multirange' else 'base' end as kind)
    order by t.oid";
