//! The values of `tests/vectors` are what servers of every version make of them.

use std::collections::HashMap;

use bytes::BytesMut;
use trunkline::types::{FromSql, ToSql, Type};
use trunkline::{Connection, Rows};
use trunkline_core::error::BoxError;
use trunkline_core::wire::{Format, IsNull};
use trunkline_tests::live::{connect, connect_with, on_every_version};
use trunkline_tests::vectors::{Case, Family, Input, SETTINGS, families};

#[test]
fn every_version_reads_and_writes_the_vectors() {
    on_every_version(async |server| {
        // A database of its own, for types and extensions that nobody else meets.
        let name = format!("trunkline_vectors_{}", std::process::id());
        let create = format!("create database {name} template template0 encoding 'UTF8' locale 'C'");
        let admin = connect(server).await;
        admin.execute(&create, ()).await.unwrap();
        let mut wrong = Vec::new();
        for family in families().iter().filter(|family| !family.pglite) {
            let c = connect_with(server, &format!("dbname={name}")).await;
            wrong.extend(check(&c, family).await);
            c.close().await.unwrap();
        }
        admin.execute(&format!("drop database {name} with (force)"), ()).await.unwrap();
        assert!(wrong.is_empty(), "{} values:\n{}", wrong.len(), wrong.join("\n"));
    });
}

/// What goes wrong with the values of a family.
async fn check(c: &Connection, family: &Family) -> Vec<String> {
    let schema = format!("create schema \"{0}\"; set search_path = \"{0}\"", family.name);
    for sql in [&schema, SETTINGS].into_iter().chain(family.setup.iter().map(String::as_str)) {
        c.execute_script(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
    let oids = live_oids(c, family).await;
    let live = |oid| oids.get(&oid).copied().unwrap_or(oid);
    let version = c.server_version().unwrap().major;
    let cases: Vec<&Case> = family.cases.iter().filter(|case| case.since <= version).collect();
    let asked: Vec<(&Case, String, Vec<Sent<'_>>)> =
        cases.iter().flat_map(|case| questions(case, live)).collect();
    // All of them in one flight, each in a transaction of its own.
    let mut batch = c.batch().continue_on_error();
    for (_, sql, parameters) in &asked {
        batch = batch.query(sql, parameters);
    }
    let results = batch.run().await.unwrap();
    let mut wrong = crate::values::travel(c, &cases).await;
    for ((case, sql, _), result) in asked.iter().zip(results) {
        let problem = match result {
            Ok(_) if sql.starts_with(REFUSED) => "is taken in binary".to_owned(),
            Ok(rows) => differences(case, case.binary_with(live), &rows),
            Err(_) if sql.starts_with(REFUSED) => continue,
            Err(error) => error.to_string(),
        };
        if !problem.is_empty() {
            wrong.push(format!("{} {:?} {problem}", case.type_name, case.input));
        }
    }
    wrong
}

/// What to ask about a value: in binary; as text, made of its literal; as text, made of its binary form.
fn questions(case: &Case, live: impl Fn(u32) -> u32) -> Vec<(&Case, String, Vec<Sent<'_>>)> {
    let type_ = &case.type_name;
    let literal = match &case.input {
        Input::Literal(literal) => Sent::Text(literal),
        Input::Expression(sql) => return vec![(case, format!("select {sql}, format('%s', {sql})"), vec![])],
    };
    let from_literal = format!("select $1::{type_}, format('%s', $1::{type_})");
    match case.binary_with(live).map(Sent::Binary) {
        None => vec![(case, from_literal, vec![literal])],
        Some(binary) if case.received => {
            vec![(case, format!("{from_literal}, format('%s', $2::{type_})"), vec![literal, binary])]
        }
        Some(binary) => vec![
            (case, from_literal, vec![literal]),
            (case, format!("{REFUSED} select $1::{type_}"), vec![binary]),
        ],
    }
}

/// Begins a query that has to fail.
const REFUSED: &str = "/* refused */";

/// In what the server's answer is not as in the vectors.
fn differences(case: &Case, binary: Option<Vec<u8>>, rows: &Rows) -> String {
    let row = rows.get(0).unwrap();
    let Raw(format, value) = row.get(0).unwrap();
    let expected =
        binary.map_or((Format::Text, case.text.clone().into_bytes()), |binary| (Format::Binary, binary));
    if (format, &value) != (expected.0, &expected.1) {
        return format!("comes as {format:?} {value:02x?} instead of {expected:02x?}");
    }
    for index in 1..row.len() {
        let text: String = row.get(index).unwrap();
        if text != case.text {
            return format!("is shown as {text:?} instead of {:?}, column {index}", case.text);
        }
    }
    String::new()
}

/// The OIDs that this database gave to the types for which others stand in the vectors.
async fn live_oids(c: &Connection, family: &Family) -> HashMap<u32, u32> {
    let names: Vec<&str> = family.custom.values().map(Type::name).collect();
    let sql = "select to_regtype(name)::oid from unnest($1::text[]) with ordinality as _(name, n) order by n";
    let rows = c.fetch(sql, (names,)).await.unwrap();
    // A type that an old version has not, such as a multirange, is left out.
    let live = rows.iter().map(|row| row.get::<Option<u32>>(0).unwrap());
    family.custom.keys().zip(live).filter_map(|(&stands, live)| Some((stands, live?))).collect()
}

/// A parameter, whatever its type.
#[derive(Debug)]
enum Sent<'a> {
    Text(&'a str),
    Binary(Vec<u8>),
}

impl ToSql for Sent<'_> {
    fn accepts(&self, _type: &Type) -> bool {
        true
    }

    fn to_sql(&self, _type: &Type, out: &mut BytesMut) -> Result<IsNull, BoxError> {
        out.extend_from_slice(match self {
            Self::Text(text) => text.as_bytes(),
            Self::Binary(bytes) => bytes,
        });
        Ok(IsNull::No)
    }

    fn format(&self, _type: &Type) -> Format {
        match self {
            Self::Text(_) => Format::Text,
            Self::Binary(_) => Format::Binary,
        }
    }
}

/// As it came.
struct Raw(Format, Vec<u8>);

impl FromSql<'_> for Raw {
    fn accepts(_type: &Type) -> bool {
        true
    }

    fn from_sql(_type: &Type, format: Format, raw: &[u8]) -> Result<Self, BoxError> {
        Ok(Self(format, raw.to_vec()))
    }
}
