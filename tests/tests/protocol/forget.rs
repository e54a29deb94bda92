use trunkline_core::types::Type;
use trunkline_core::wire::Format;
use trunkline_core::{BatchMode, Event, QueryOptions};
use trunkline_tests::client::Client;
use trunkline_tests::messages as m;
use trunkline_tests::pair::Pair;

/// What is asked after a forgotten query is answered as ever, and nothing is told of the forgotten one.
fn goes_on(mut pair: Pair) {
    let next = pair.client.query("select 7", ());
    pair.run();
    assert_eq!(pair.client.rows(next), [vec![Some(vec![0, 0, 0, 7])]]);
    assert_eq!(pair.client.connection.unread(), 0);
    assert!(pair.client.connection.is_idle());
    let finished: Vec<_> =
        pair.client.events.iter().filter(|event| matches!(event, Event::Finished(_))).collect();
    assert_eq!(finished, [&Event::Finished(next)]);
}

#[test]
fn before_it_was_written() {
    let mut pair = Pair::open();
    let id = pair.client.query("select generate_series(1, 100)", ());
    pair.client.forget(id);
    goes_on(pair);
}

#[test]
fn while_its_rows_come() {
    let mut pair = Pair::open();
    pair.client.takes = false;
    pair.chunk = 50;
    let id = pair.client.query("select generate_series(1, 100)", ());
    while pair.client.connection.unread() == 0 {
        assert!(pair.step());
    }
    pair.client.forget(id);
    assert_eq!(pair.client.connection.unread(), 0);
    pair.client.takes = true;
    goes_on(pair);
}

#[test]
fn when_it_has_ended() {
    let mut pair = Pair::open();
    pair.client.takes = false;
    let id = pair.client.query("select generate_series(1, 100)", ());
    pair.run();
    assert!(pair.client.connection.unread() > 0);
    pair.client.forget(id);
    pair.client.takes = true;
    pair.client.events.clear();
    goes_on(pair);
}

#[test]
fn while_it_is_being_described() {
    let mut pair = Pair::open();
    let id = pair.client.query("select $1::int4", (1_i32,));
    pair.client.forget(id);
    goes_on(pair);
}

#[test]
fn when_it_is_described() {
    let mut client = Client::open();
    client.binds = false;
    let id = client.query("select $1::int4", (1_i32,));
    let other = client.query("select $1::int4", (2_i32,));
    client.take_sent();
    client.feed(&[m::parsed(), m::parameters(&[Type::INT4]), m::no_data()].concat());
    client.forget(id);
    assert_eq!(client.sent(), ["Sync"]);
    client.feed(&m::ready());
    client.bind(other);
    assert_eq!(client.sent().len(), 5);
    client.feed(&[m::parsed(), m::bound(), m::no_data(), m::complete("INSERT 0 1"), m::ready()].concat());
    assert_eq!(client.tag(other).rows(), 1);
    assert!(client.connection.is_idle());
}

#[test]
fn while_it_waits_for_the_wire() {
    let mut pair = Pair::open();
    pair.client.query("insert a", ());
    pair.run();
    pair.client.events.clear();
    let first = pair.client.query("select $1::int4", (1_i32,));
    let id = pair.client.query("insert a", ());
    let undescribed = pair.client.query("insert b", ());
    pair.client.forget(id);
    pair.client.forget(undescribed);
    pair.run();
    pair.client.tag(first);
    assert_eq!(pair.backend.committed, ["a"], "what was not sent never is");
    let again = pair.client.query("insert a", ());
    pair.run();
    assert_eq!(pair.client.tag(again).rows(), 1);
    assert_eq!(pair.backend.committed, ["a", "a"]);
    pair.client.events.clear();
    goes_on(pair);
}

#[test]
fn one_that_waits_still_gives_the_name_that_others_count_on() {
    let mut pair = Pair::open();
    pair.client.query("insert a", ());
    pair.client.query("begin", ());
    pair.run();
    pair.sent();
    pair.client.query("select $1::int4", (1_i32,));
    let first = pair.client.query("insert a", ());
    let second = pair.client.query("insert a", ());
    pair.client.forget(first);
    let commit = pair.client.query("commit", ());
    pair.run();
    assert_eq!(pair.client.tag(second).rows(), 1);
    assert_eq!(pair.client.tag(commit).as_str(), "COMMIT");
    assert_eq!(pair.backend.committed, ["a", "a"]);
    pair.client.events.clear();
    goes_on(pair);
}

#[test]
fn one_of_a_batch_that_waits_leaves_the_others() {
    for mode in [BatchMode::FailFast, BatchMode::ContinueOnError] {
        let mut pair = Pair::open();
        pair.client.query("select $1::int4", (1_i32,));
        let mut batch = pair.client.connection.batch(pair.client.now, mode).unwrap();
        for sql in ["insert a", "insert b"] {
            batch.query(sql, &QueryOptions::default(), &()).unwrap();
        }
        let ids = batch.finish();
        pair.client.remember(ids[0], None);
        pair.client.connection.forget(ids[1]);
        pair.run();
        assert_eq!(pair.client.tag(ids[0]).rows(), 1, "{mode:?}");
        pair.client.events.clear();
        goes_on(pair);
    }
}

#[test]
fn one_that_fails() {
    let mut pair = Pair::open();
    let id = pair.client.query("select 1/0", ());
    pair.client.forget(id);
    let mut lost = pair.client.query("select acl", ());
    pair.client.forget(lost);
    lost = pair.client.query("copy t from stdin", ());
    pair.client.forget(lost);
    goes_on(pair);
}

#[test]
fn twice_and_the_unknown_do_no_harm() {
    let mut client = Client::open();
    let id = client.query("select 1", ());
    client.forget(id);
    client.forget(id);
    client.feed(&[m::parsed(), m::bound(), m::columns(&[("n", Type::INT4)], Format::Binary)].concat());
    client.feed(&[m::complete("SELECT 0"), m::ready()].concat());
    client.forget(id);
    assert!(client.connection.take_outcome(id).is_none());
    assert!(client.connection.take_rows(id).is_none());
    assert!(client.connection.columns(id).is_none());
}
