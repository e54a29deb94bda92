use trunkline_core::{BatchMode, Error, OperationId, QueryOptions};
use trunkline_tests::pair::Pair;

fn batch(pair: &mut Pair, mode: BatchMode, statements: &[&str]) -> Vec<OperationId> {
    let mut batch = pair.client.connection.batch(pair.client.now, mode).unwrap();
    for sql in statements {
        batch.query(sql, &QueryOptions::default(), &()).unwrap();
    }
    let ids = batch.finish();
    ids.iter().for_each(|id| pair.client.remember(*id, None));
    ids
}

#[test]
fn a_failure_in_the_middle_of_a_flight_is_nobody_elses() {
    let mut pair = Pair::open();
    let ids = ["insert a", "select 1/0", "insert b"].map(|sql| pair.client.query(sql, ()));
    let bytes = pair.client.connection.outbox().len();
    assert!(pair.step(), "all of it leaves at once");
    assert_eq!(pair.client.connection.outbox().len(), 0, "{bytes} bytes");
    pair.run();
    assert_eq!(pair.client.tag(ids[0]).rows(), 1);
    assert_eq!(pair.client.code(ids[1]), "22012");
    assert_eq!(pair.client.tag(ids[2]).rows(), 1);
    assert_eq!(pair.backend.committed, ["a", "b"]);
}

#[test]
fn a_batch_is_one_transaction_and_what_follows_a_failure_is_skipped() {
    for (failing, heard) in [("select 1/0", 1), ("do fail", 3)] {
        let mut pair = Pair::open();
        let ids = batch(&mut pair, BatchMode::FailFast, &["insert a", failing, "insert b", "insert c"]);
        pair.run();
        assert!(matches!(pair.client.error(ids[3]), Error::Skipped));
        assert_eq!(pair.client.tag(ids[0]).rows(), 1);
        assert_eq!(pair.client.code(ids[1]), "22012");
        assert!(matches!(pair.client.error(ids[2]), Error::Skipped));
        assert!(pair.client.error(ids[2]).safe_to_retry());
        assert!(pair.backend.committed.is_empty());
        assert_eq!(pair.sent().iter().filter(|message| *message == "Sync").count(), 1);
        assert!(pair.backend.heard.len() > heard);
        assert!(pair.client.connection.is_idle());
    }
}

#[test]
fn a_batch_that_succeeds_is_committed_at_its_end() {
    let mut pair = Pair::open();
    let ids = batch(&mut pair, BatchMode::FailFast, &["insert a", "insert b"]);
    pair.run();
    assert_eq!(pair.backend.committed, ["a", "b"]);
    assert!(ids.iter().all(|id| pair.client.tag(*id).rows() == 1));
}

#[test]
fn a_batch_can_go_on_after_a_failure() {
    let mut pair = Pair::open();
    let ids = batch(&mut pair, BatchMode::ContinueOnError, &["insert a", "select 1/0", "insert b"]);
    pair.run();
    assert_eq!(pair.client.tag(ids[0]).rows(), 1);
    assert_eq!(pair.client.code(ids[1]), "22012");
    assert_eq!(pair.client.tag(ids[2]).rows(), 1);
    assert_eq!(pair.backend.committed, ["a", "b"]);
}

#[test]
fn a_batch_that_is_dropped_was_never_sent() {
    let mut pair = Pair::open();
    let mut batch = pair.client.connection.batch(pair.client.now, BatchMode::FailFast).unwrap();
    batch.query("insert a", &QueryOptions::default(), &()).unwrap();
    drop(batch);
    assert!(!pair.client.connection.wants_write());
    let id = pair.client.query("select 1", ());
    pair.run();
    assert_eq!(pair.client.rows(id).len(), 1);
    assert!(pair.client.connection.is_idle());
}

#[test]
fn a_batch_takes_parameters_only_of_what_is_described() {
    let mut pair = Pair::open();
    let mut batch = pair.client.connection.batch(pair.client.now, BatchMode::FailFast).unwrap();
    let refused = batch.query("select $1::int4", &QueryOptions::default(), &(1_i32,)).unwrap_err();
    assert!(refused.to_string().contains("prepared"), "{refused}");
    assert!(batch.query("copy t from stdin", &QueryOptions::default(), &()).is_err());
    drop(batch);
    pair.client.prepare("select $1::int4");
    pair.run();
    assert!(pair.client.connection.is_described("select $1::int4", &QueryOptions::default()));
    let mut batch = pair.client.connection.batch(pair.client.now, BatchMode::FailFast).unwrap();
    let bad = batch.query("select $1::int4", &QueryOptions::default(), &(true,));
    assert!(bad.is_err());
    let good = batch.query("select $1::int4", &QueryOptions::default(), &(7_i32,)).unwrap();
    assert_eq!(batch.finish(), [good], "what cannot be encoded is no part of it");
    pair.client.remember(good, None);
    pair.run();
    assert_eq!(pair.client.rows(good), [vec![Some(vec![0, 0, 0, 7])]]);
}

#[test]
fn a_batch_waits_while_somebody_holds_the_wire() {
    let mut pair = Pair::open();
    pair.client.query("select $1::int4", (1_i32,));
    let ids = batch(&mut pair, BatchMode::FailFast, &["insert a", "select 1/0", "insert b"]);
    pair.run();
    assert_eq!(pair.client.code(ids[1]), "22012");
    assert!(matches!(pair.client.error(ids[2]), Error::Skipped));
    assert!(pair.client.connection.is_idle());
}

#[test]
fn a_thousand_queries_leave_together() {
    let mut pair = Pair::open();
    pair.capacity = 1 << 20;
    let ids: Vec<_> = (0..1000).map(|n| pair.client.query(&format!("select {n}"), ())).collect();
    assert!(pair.client.connection.outbox().chunks().count() <= 20);
    pair.run();
    for (n, id) in (0_i32..).zip(ids) {
        assert_eq!(pair.client.rows(id), [vec![Some(n.to_be_bytes().to_vec())]]);
    }
}
