//! `pipeline=false`: each flight waits for the end of the one before.

use trunkline_core::{BatchMode, Config, OperationId, QueryOptions};
use trunkline_tests::client::config;
use trunkline_tests::pair::Pair;

fn open() -> Pair {
    open_with(&config())
}

fn open_with(config: &Config) -> Pair {
    Pair::open_with(&config.clone().pipeline(false))
}

/// Lets them talk, a byte at a time, and holds that nothing is sent while an answer is under way. How many flights
/// there were.
fn run(pair: &mut Pair) -> usize {
    pair.chunk = 1;
    let mut flights = 1;
    let mut unsent = pair.client.connection.outbox().len();
    while pair.step() {
        let now = pair.client.connection.outbox().len();
        if now > unsent {
            let heard = &pair.backend.heard;
            assert_eq!((unsent, pair.in_flight()), (0, 0), "sent before the end of {heard:?}");
            flights += 1;
        }
        unsent = now;
    }
    assert!(pair.client.connection.is_idle());
    flights
}

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
fn queries_wait_for_each_other_and_keep_their_order() {
    let mut pair = open();
    let ids = ["insert a", "select 1/0", "insert b"].map(|sql| pair.client.query(sql, ()));
    // Those that wait are described first: a transaction may be open when they leave.
    assert_eq!(run(&mut pair), 5);
    assert_eq!(pair.client.tag(ids[0]).rows(), 1);
    assert_eq!(pair.client.code(ids[1]), "22012");
    assert_eq!(pair.backend.committed, ["a", "b"]);
}

#[test]
fn parameters_scripts_and_descriptions_wait_too() {
    let mut pair = open();
    let first = pair.client.query("select $1::int4", (1,));
    let script = pair.client.simple("select 1; select 1");
    let second = pair.client.query("select $1::int4", (2,));
    let prepared = pair.client.prepare("insert c");
    let third = pair.client.query("insert d", ());
    assert_eq!(run(&mut pair), 7);
    for id in [first, second] {
        assert_eq!(pair.client.rows(id).len(), 1);
    }
    for id in [script, prepared] {
        assert!(pair.client.outcome(id).unwrap().is_ok());
    }
    assert_eq!(pair.client.tag(third).rows(), 1);
}

#[test]
fn a_batch_is_one_flight() {
    for mode in [BatchMode::FailFast, BatchMode::ContinueOnError] {
        let mut pair = open();
        let before = pair.client.query("insert a", ());
        let ids = batch(&mut pair, mode, &["insert b", "insert c"]);
        let after = pair.client.query("insert d", ());
        assert_eq!(run(&mut pair), 4);
        for id in [before, ids[0], ids[1], after] {
            assert_eq!(pair.client.tag(id).rows(), 1);
        }
        assert_eq!(pair.backend.committed, ["a", "b", "c", "d"]);
    }
}

#[test]
fn types_are_learned_between_the_flights() {
    let mut pair = open();
    let ids = ["select mood", "select 1", "select mood"].map(|sql| pair.client.query(sql, ()));
    run(&mut pair);
    assert_eq!(pair.client.learned, 1);
    for id in ids {
        assert_eq!(pair.client.rows(id).len(), 1);
    }
}

#[test]
fn statements_that_the_cache_pushes_out_are_closed_between_the_flights() {
    let mut pair = open_with(&config().statement_cache_size(1));
    for _ in 0..3 {
        for sql in ["insert a", "insert b"] {
            let ids = [pair.client.query(sql, ()), pair.client.query(sql, ()), pair.client.query(sql, ())];
            run(&mut pair);
            assert!(ids.iter().all(|id| pair.client.tag(*id).rows() == 1));
        }
    }
    pair.client.query("insert c", ());
    run(&mut pair);
    assert!(pair.backend.statements().len() <= 1, "{:?}", pair.backend.statements());
}

#[test]
fn begin_waits_and_is_waited_for() {
    let mut pair = open();
    let before = pair.client.query("insert a", ());
    pair.client.connection.begin("begin").unwrap();
    let inside = pair.client.query("insert b", ());
    pair.client.connection.control("rollback").unwrap();
    let after = pair.client.query("insert c", ());
    run(&mut pair);
    for id in [before, inside, after] {
        assert_eq!(pair.client.tag(id).rows(), 1);
    }
    assert_eq!(pair.backend.committed, ["a", "c"]);
}

#[test]
fn what_is_forgotten_while_it_waits_is_never_sent() {
    let mut pair = open();
    let first = pair.client.query("insert a", ());
    let second = pair.client.query("insert b", ());
    let third = pair.client.query("insert c", ());
    pair.client.forget(second);
    assert_eq!(run(&mut pair), 3);
    assert_eq!(pair.client.tag(first).rows() + pair.client.tag(third).rows(), 2);
    assert_eq!(pair.backend.committed, ["a", "c"]);
}
