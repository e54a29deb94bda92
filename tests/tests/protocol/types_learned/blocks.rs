//! In a transaction block, which a failure of the question must not fail.

use trunkline_core::{Outcome, TransactionStatus};
use trunkline_tests::pair::Pair;

use super::{INTROSPECTION, happy};

#[test]
fn in_a_block_it_is_asked_behind_a_savepoint() {
    let mut pair = Pair::open();
    pair.client.query("begin", ());
    pair.client.query("insert a", ());
    pair.run();
    pair.sent();
    let id = pair.client.query("select $1::mood", ("happy",));
    let then = pair.client.query("insert b", ());
    pair.run();
    assert_eq!(
        (pair.client.rows(id), &pair.client.types(id)[..]),
        (&[happy()][..], &["mood".to_string()][..])
    );
    let sent = pair.sent();
    assert_eq!(sent[3..5], ["Sync", "Query(savepoint trunkline_types)"]);
    assert_eq!(sent[5..9], INTROSPECTION);
    assert_eq!(sent[9], "Query(rollback to savepoint trunkline_types; release savepoint trunkline_types)");
    pair.client.tag(then);
    let commit = pair.client.query("commit", ());
    pair.run();
    assert_eq!(pair.client.tag(commit).as_str(), "COMMIT");
    assert_eq!(pair.backend.committed, ["a", "b"]);
}

#[test]
fn in_a_block_that_was_only_asked_for_too() {
    let mut pair = Pair::open();
    let before = pair.client.query("select mood", ());
    pair.client.query("begin", ());
    pair.client.query("insert a", ());
    let inside = pair.client.query("select weather", ());
    let commit = pair.client.query("commit", ());
    pair.run();
    assert_eq!(
        (pair.client.types(before), pair.client.types(inside)),
        (vec!["mood".into()], vec!["weather".into()])
    );
    assert_eq!(pair.client.tag(commit).as_str(), "COMMIT");
    assert_eq!(pair.backend.committed, ["a"]);
    assert_eq!(pair.client.connection.transaction_status(), TransactionStatus::Idle);
}

#[test]
fn a_block_that_fails_meanwhile_costs_the_types_and_nothing_else() {
    let mut pair = Pair::open();
    pair.client.query("begin", ());
    pair.run();
    // Asked for in one breath, so that the introspection comes behind the failure.
    let mood = pair.client.simple("select mood");
    let failed = pair.client.query("do fail", ());
    pair.run();
    assert_eq!(pair.client.code(failed), "22012");
    assert!(matches!(pair.client.outcome(mood), Some(Ok(Outcome::Script(_)))));
    assert_eq!(pair.client.connection.transaction_status(), TransactionStatus::Failed);
    pair.client.query("rollback", ());
    let id = pair.client.query("select mood", ());
    pair.run();
    assert_eq!(pair.client.types(id), ["mood"]);
}
