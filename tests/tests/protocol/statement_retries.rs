use trunkline_core::TransactionStatus;
use trunkline_core::types::Type;
use trunkline_core::wire::Format;
use trunkline_tests::messages as m;
use trunkline_tests::pair::Pair;
use trunkline_tests::script::Script;

/// A pair on which these statements have a name.
fn named(statements: &[&str]) -> Pair {
    let mut pair = Pair::open();
    for sql in statements.iter().chain(statements) {
        let id = pair.client.query(sql, ());
        pair.run();
        pair.client.tag(id);
    }
    pair.sent();
    pair
}

#[test]
fn a_statement_that_the_server_lost_is_parsed_again() {
    let mut pair = named(&["insert a"]);
    pair.backend.forget_statements();
    let id = pair.client.query("insert a", ());
    pair.run();
    assert_eq!(pair.client.tag(id).rows(), 1);
    assert_eq!(pair.backend.committed.len(), 3);
    let sent = pair.sent();
    assert_eq!(sent[..3], ["Bind(named, 0 b→b)", "Execute", "Sync"]);
    assert!(sent[3].starts_with("Parse("), "{sent:?}");
}

#[test]
fn several_that_are_lost_together_all_come_back() {
    let mut pair = named(&["select 1"]);
    pair.backend.forget_statements();
    let ids: Vec<_> = (0..5).map(|_| pair.client.query("select 1", ())).collect();
    pair.run();
    for id in ids {
        assert_eq!(pair.client.tag(id).rows(), 1);
    }
    // And the name comes back with the next use.
    pair.client.query("select 1", ());
    pair.run();
    assert_eq!(pair.backend.statements().len(), 1);
}

#[test]
fn with_parameters_the_caller_binds_again() {
    let mut pair = Pair::open();
    for n in 0..2_i32 {
        pair.client.query("select $1::int4", (n,));
        pair.run();
    }
    pair.backend.forget_statements();
    let id = pair.client.query("select $1::int4", (9_i32,));
    pair.run();
    assert_eq!(pair.client.rows(id), [vec![Some(vec![0, 0, 0, 9])]]);
}

#[test]
fn never_inside_a_transaction() {
    let mut pair = named(&["insert a", "begin"]);
    pair.client.simple("rollback");
    pair.run();
    pair.client.query("begin", ());
    pair.run();
    pair.backend.forget_statements();
    let id = pair.client.query("insert a", ());
    pair.run();
    assert_eq!(pair.client.code(id), "26000");
    assert_eq!(pair.client.connection.transaction_status(), TransactionStatus::Failed);
}

#[test]
fn never_into_a_block_that_was_begun_behind_it() {
    let mut pair = named(&["insert a"]);
    pair.backend.forget_statements();
    let lost = pair.client.query("insert a", ());
    pair.client.query("begin", ());
    pair.client.query("insert b", ());
    pair.client.query("rollback", ());
    pair.run();
    // Tried again it would have been rolled back with the block, and called a success.
    assert_eq!(pair.client.code(lost), "26000");
}

#[test]
fn once_and_not_for_ever() {
    let missing = || m::error("26000", "prepared statement does not exist");
    let summary = Script::new()
        .expect(&[
            "Parse(unnamed: select 1 [])",
            "Bind(unnamed, 0 b→b)",
            "Describe(portal)",
            "Execute",
            "Sync",
        ])
        .send(&[missing(), m::ready()])
        .expect(&["Parse(unnamed: select 1 [])", "Describe(unnamed)", "Flush"])
        .send(&[missing()])
        .expect(&["Sync"])
        .send(&[m::ready()])
        .run(|client| {
            client.query("select 1", ());
        });
    assert!(summary.operations[0].1.contains("26000"), "{summary:?}");
}

#[test]
fn a_name_that_the_server_has_already_is_used() {
    let mut pair = named(&["select 1"]);
    // Another connection behind the same pooler: it has the name, and we do not know.
    let mut other = Pair::open();
    std::mem::swap(&mut pair.backend, &mut other.backend);
    for _ in 0..2 {
        let id = other.client.query("select 1", ());
        other.run();
        assert_eq!(other.client.tag(id).rows(), 1);
    }
    other.sent();
    let id = other.client.query("select 1", ());
    other.run();
    assert_eq!(other.client.tag(id).rows(), 1);
    assert_eq!(other.sent(), ["Bind(named, 0 b→b)", "Execute", "Sync"]);
}

#[test]
fn a_changed_table_is_described_again() {
    let mut pair = named(&["select * from t"]);
    let before = pair.client.query("select * from t", ());
    pair.client.query("alter table t", ());
    pair.run();
    let after = pair.client.query("select * from t", ());
    pair.run();
    assert_eq!(pair.client.rows(before)[0].len(), 1);
    assert_eq!(pair.client.rows(after)[0].len(), 2);
}

#[test]
fn a_changed_table_in_a_block_is_an_error() {
    let mut pair = named(&["select * from t"]);
    pair.client.query("alter table t", ());
    pair.client.query("begin", ());
    pair.run();
    let id = pair.client.query("select * from t", ());
    pair.run();
    assert_eq!(pair.client.code(id), "0A000");
}

#[test]
fn the_same_code_for_another_reason_is_not_tried_again() {
    let summary = Script::new()
        .expect(&[
            "Parse(unnamed: select 1 [])",
            "Bind(unnamed, 0 b→b)",
            "Describe(portal)",
            "Execute",
            "Sync",
        ])
        .send(&[m::error("0A000", "not supported"), m::ready()])
        .run(|client| {
            client.query("select 1", ());
        });
    assert!(summary.operations[0].1.contains("0A000"));
}

#[test]
fn a_type_without_a_binary_form_comes_as_text() {
    let mut pair = Pair::open();
    let id = pair.client.query("select acl", ());
    pair.run();
    assert_eq!(pair.client.rows(id), [vec![Some(b"ada=r/ada".to_vec())]]);
    pair.sent();
    let id = pair.client.query("select acl", ());
    pair.run();
    assert_eq!(pair.client.rows(id).len(), 1);
    assert_eq!(pair.sent()[1], "Bind(named, 0 b→t)", "it is known by now");
}

#[test]
fn not_after_a_row_was_delivered() {
    let summary = Script::new()
        .expect(&[
            "Parse(unnamed: select 1 [])",
            "Bind(unnamed, 0 b→b)",
            "Describe(portal)",
            "Execute",
            "Sync",
        ])
        .send(&[m::parsed(), m::bound(), m::columns(&[("n", Type::INT4)], Format::Binary)])
        .send(&[m::row(&[Some(&[0, 0, 0, 1])]), m::error("26000", "late"), m::ready()])
        .run(|client| {
            client.query("select 1", ());
        });
    assert!(summary.operations[0].1.contains("26000"));
    assert_eq!(summary.operations[0].0.len(), 1);
}
