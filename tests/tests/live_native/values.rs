//! Every vector as a `Value`, from real servers and back.

use futures_util::future::join_all;
use trunkline::Connection;
use trunkline::types::Value;
use trunkline_tests::live::{connect, on_every_version};
use trunkline_tests::vectors::{Case, Input, SETTINGS, families};

#[test]
fn promise_02_a_row_with_a_column_of_every_type_goes_to_json_in_one_call() {
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
        let list =
            columns.iter().enumerate().map(|(n, (name, literal))| format!("'{literal}'::{name} as c{n}"));
        let sql = format!("select {}", list.collect::<Vec<_>>().join(", "));
        let row = c.fetch_one(&sql, ()).await.unwrap();
        let json = serde_json::to_value(&row).unwrap();
        assert_eq!(json.as_object().unwrap().len(), columns.len());
    });
}

/// What is wrong with a family's values as `Value`s: read, shown and sent back, in a schema with its types.
pub(crate) async fn travel(c: &Connection, cases: &[&Case]) -> Vec<String> {
    join_all(cases.iter().map(|case| check(c, case))).await.concat()
}

/// What is wrong with a value, if anything.
async fn check(c: &Connection, case: &Case) -> Vec<String> {
    let type_ = &case.type_name;
    let value = match &case.input {
        Input::Literal(literal) => {
            // A text is cast to regclass by a function, which looks for a name; a parameter is read as its input.
            let by = if type_.starts_with("reg") && !type_.ends_with("[]") { "" } else { "::text" };
            c.fetch_val::<Value, _>(&format!("select $1{by}::{type_}"), (literal.as_str(),)).await
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
