use trunkline_core::{Error, TransactionStatus};
use trunkline_tests::pair::Pair;

#[test]
fn commit_of_a_failed_transaction_is_an_error() {
    for again in [false, true] {
        let mut pair = Pair::open();
        if again {
            pair.client.query("commit", ());
            pair.run();
        }
        let ids =
            ["begin", "insert a", "do fail", "insert b", "commit"].map(|sql| pair.client.query(sql, ()));
        pair.run();
        pair.client.tag(ids[1]);
        assert_eq!(pair.client.code(ids[2]), "22012");
        assert_eq!(pair.client.code(ids[3]), "25P02");
        assert!(matches!(pair.client.error(ids[4]), Error::RolledBack));
        assert!(!pair.client.error(ids[4]).safe_to_retry());
        assert!(pair.backend.committed.is_empty());
        assert_eq!(pair.client.connection.transaction_status(), TransactionStatus::Idle);
    }
}

#[test]
fn so_is_commit_by_the_simple_protocol() {
    for (sql, error) in [("commit", true), ("rollback", false)] {
        let mut pair = Pair::open();
        pair.client.simple("begin; do fail");
        let id = pair.client.simple(sql);
        pair.run();
        assert_eq!(matches!(pair.client.outcome(id), Some(Err(Error::RolledBack))), error);
    }
}

#[test]
fn rollback_of_a_failed_transaction_is_what_was_asked() {
    let mut pair = Pair::open();
    let ids = ["begin", "do fail", "rollback"].map(|sql| pair.client.query(sql, ()));
    pair.run();
    assert_eq!(pair.client.tag(ids[2]).as_str(), "ROLLBACK");
}

#[test]
fn commit_that_commits_says_so() {
    let mut pair = Pair::open();
    let ids = ["begin", "insert a", "commit"].map(|sql| pair.client.query(sql, ()));
    pair.run();
    assert_eq!(pair.client.tag(ids[2]).as_str(), "COMMIT");
    assert_eq!(pair.backend.committed, ["a"]);
}

#[test]
fn a_commit_that_fails_at_sync_is_the_statements_error() {
    let mut pair = Pair::open();
    let deferred = pair.client.query("insert deferred", ());
    let next = pair.client.query("insert a", ());
    pair.run();
    assert_eq!(pair.client.code(deferred), "23503");
    assert_eq!(pair.client.tag(next).rows(), 1);
    assert_eq!(pair.backend.committed, ["a"]);
}

#[test]
fn the_status_is_that_of_the_last_ready_for_query() {
    let mut pair = Pair::open();
    for (sql, status) in [
        ("begin", TransactionStatus::InBlock),
        ("insert a", TransactionStatus::InBlock),
        ("do fail", TransactionStatus::Failed),
        ("rollback", TransactionStatus::Idle),
    ] {
        pair.client.query(sql, ());
        pair.run();
        assert_eq!(pair.client.connection.transaction_status(), status, "after {sql}");
    }
}
