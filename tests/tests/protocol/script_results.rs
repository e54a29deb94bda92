use trunkline_core::types::Type;
use trunkline_core::wire::Format;
use trunkline_core::{OperationId, Outcome, StatementResult};
use trunkline_tests::client::Client;
use trunkline_tests::messages as m;
use trunkline_tests::pair::Pair;
use trunkline_tests::script::Script;

fn results(client: &Client, id: OperationId) -> &[StatementResult] {
    match client.outcome(id) {
        Some(Ok(Outcome::Script(results))) => results,
        other => panic!("no results: {other:?}"),
    }
}

fn rows(result: &StatementResult) -> Vec<String> {
    let values = result.rows.iter().flat_map(|batch| (0..batch.len()).map(|row| batch.field(row, 0)));
    values.map(|value| String::from_utf8(value.unwrap().to_vec()).unwrap()).collect()
}

#[test]
fn each_statement_has_its_result_in_text() {
    let mut pair = Pair::open();
    let id = pair.client.simple("select 1; insert a; select generate_series(1, 3); begin; commit");
    pair.run();
    let results = results(&pair.client, id);
    let tags: Vec<_> = results.iter().map(|result| result.tag.to_string()).collect();
    assert_eq!(tags, ["SELECT 1", "INSERT 0 1", "SELECT 3", "BEGIN", "COMMIT"]);
    assert_eq!(rows(&results[0]), ["1"]);
    assert_eq!(rows(&results[2]), ["1", "2", "3"]);
    assert_eq!(results[2].columns.as_ref().unwrap().get(0).unwrap().format, Format::Text);
    assert!(results[1].columns.is_none() && results[1].rows.is_empty());
    assert_eq!(pair.sent().len(), 1);
}

#[test]
fn a_result_without_rows_still_has_its_columns() {
    let mut pair = Pair::open();
    let id = pair.client.simple("select generate_series(1, 0); insert a");
    pair.run();
    let results = results(&pair.client, id);
    assert_eq!(results.len(), 2);
    assert!(results[0].columns.is_some() && results[0].rows.is_empty());
}

#[test]
fn a_failure_undoes_all_and_is_the_outcome() {
    let mut pair = Pair::open();
    let id = pair.client.simple("insert a; select 1/0; insert b");
    let next = pair.client.simple("insert c");
    pair.run();
    assert_eq!(pair.client.code(id), "22012");
    assert_eq!(results(&pair.client, next).len(), 1);
    assert_eq!(pair.backend.committed, ["c"]);
}

#[test]
fn what_was_committed_on_the_way_stays() {
    let mut pair = Pair::open();
    let id = pair.client.simple("insert a; commit; select 1/0");
    pair.run();
    assert_eq!(pair.client.code(id), "22012");
    assert_eq!(pair.backend.committed, ["a"]);
}

#[test]
fn nothing_gives_one_empty_result() {
    for sql in ["", " ; "] {
        let mut pair = Pair::open();
        let id = pair.client.simple(sql);
        pair.run();
        let results = results(&pair.client, id);
        assert!(results.len() == 1 && results[0].tag.as_str().is_empty());
    }
}

#[test]
fn its_bytes_can_be_cut_anywhere() {
    let columns = || m::columns(&[("n", Type::INT4)], Format::Text);
    let summary = Script::new()
        .expect(&["Query(select 1; select 2)"])
        .send(&[columns(), m::row(&[Some(b"1")]), m::complete("SELECT 1")])
        .send(&[m::notice("between"), columns(), m::complete("SELECT 0"), m::ready()])
        .run(|client| {
            client.simple("select 1; select 2");
        });
    assert_eq!(summary.notices, ["between"]);
}

#[test]
fn rows_without_a_description_break_the_protocol() {
    let summary = Script::new().expect(&["Query(select 1)"]).send(&[m::row(&[Some(b"1")])]).run(|client| {
        client.simple("select 1");
    });
    assert!(summary.error.unwrap().contains("broke the protocol"));
}
