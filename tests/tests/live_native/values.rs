//! Every vector as a `Value`, from real servers and back.

use futures_util::future::join_all;
use trunkline::Connection;
use trunkline::types::Value;
use trunkline_tests::live::{connect, on_every_version};
use trunkline_tests::vectors::{Case, Family, Input, SETTINGS, families};

#[test]
fn every_value_arrives_is_shown_and_goes_back() {
    on_every_version(async |server| {
        let c = connect(server).await;
        let major = c.server_version().unwrap().major;
        for family in families().iter().filter(|family| !family.pglite) {
            c.execute_script("begin").await.unwrap();
            set_up(&c, family).await;
            let cases = family.cases.iter().filter(|case| case.since <= major);
            let wrong: Vec<String> = join_all(cases.map(|case| check(&c, case))).await.concat();
            assert!(wrong.is_empty(), "{} on {major}:\n{}", family.name, wrong.join("\n"));
            c.execute_script("rollback").await.unwrap();
        }
    });
}

#[test]
fn a_row_with_a_column_of_every_type_goes_to_json_in_one_call() {
    on_every_version(async |server| {
        let c = connect(server).await;
        c.execute_script(SETTINGS).await.unwrap();
        let major = c.server_version().unwrap().major;
        let mut columns = std::collections::BTreeMap::new();
        for family in families().iter().filter(|family| !family.pglite && family.setup.is_empty()) {
            for case in family.cases.iter().filter(|case| case.since <= major && case.text.len() < 200) {
                if let Input::Literal(literal) = &case.input {
                    columns.entry(case.type_name.clone()).or_insert_with(|| literal.replace('\'', "''"));
                }
            }
        }
        assert!(columns.len() > 100, "{} types", columns.len());
        let list = columns.iter().map(|(name, literal)| format!("'{literal}'::{name} as \"{name}\""));
        let sql = format!("select {}", list.collect::<Vec<_>>().join(", "));
        let row = c.fetch_one(&sql, ()).await.unwrap();
        let json = serde_json::to_value(&row).unwrap();
        assert_eq!(json.as_object().unwrap().len(), columns.len());
        assert!(json.as_object().unwrap().values().all(|value| !value.is_null()), "{json:#}");
    });
}

async fn set_up(c: &Connection, family: &Family) {
    let schema = format!("values_{}", family.name);
    let setup = family.setup.join("; ");
    let sql = format!("{SETTINGS}; create schema {schema}; set local search_path = {schema}; {setup}");
    c.execute_script(&sql).await.unwrap_or_else(|error| panic!("{}: {error}", family.name));
}

/// What is wrong with a value, if anything.
async fn check(c: &Connection, case: &Case) -> Vec<String> {
    let type_ = &case.type_name;
    let value = match &case.input {
        Input::Literal(literal) => {
            c.fetch_val::<Value, _>(&format!("select $1::text::{type_}"), (literal.as_str(),)).await
        }
        Input::Expression(sql) => c.fetch_val(&format!("select {sql}"), ()).await,
    };
    let value = match value {
        Ok(value) => value.unwrap_or_default(),
        Err(error) => return vec![format!("{type_} {}: {error}", case.text)],
    };
    let mut wrong = Vec::new();
    if !is_shown_by_the_server(case) && value.to_string() != case.text {
        wrong.push(format!("{type_} {}: is shown as {value}", case.text));
    }
    if matches!(case.input, Input::Expression(_)) {
        return wrong;
    }
    let back = c.fetch_val::<String, _>(&format!("select format('%s', $1::{type_})"), (value,)).await;
    match back {
        Ok(Some(text)) if text == case.text => {}
        back => wrong.push(format!("{type_} {}: comes back as {back:?}", case.text)),
    }
    wrong
}

/// What only the server has names for, and anonymous records of its own types, which do not say enough.
fn is_shown_by_the_server(case: &Case) -> bool {
    let name = case.type_name.trim_end_matches("[]");
    name.starts_with("reg")
        || matches!(name, "pg_ndistinct" | "pg_dependencies" | "pg_mcv_list" | "anyarray")
        || name == "record" && !case.oids.is_empty()
}
