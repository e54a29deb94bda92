use std::time::Duration;

use trunkline_core::{Error, Instant, QueryOptions};
use trunkline_tests::client::{Client, config};
use trunkline_tests::messages as m;
use trunkline_tests::pair::Pair;

const SECOND: Duration = Duration::from_secs(1);

fn within(timeout: Duration) -> QueryOptions<'static> {
    QueryOptions { timeout: Some(timeout), ..QueryOptions::default() }
}

#[test]
fn a_server_that_says_nothing_is_given_up() {
    let mut client = Client::new(&config().connect_timeout(SECOND));
    assert_eq!(client.connection.poll_timeout(), Some(Instant::default() + SECOND));
    client.pass(SECOND - Duration::from_nanos(1));
    assert!(!client.connection.is_closed(), "early calls are harmless");
    client.pass(Duration::from_nanos(1));
    let error = client.connection.error().unwrap().to_string();
    assert!(error.contains("no answer in time"), "{error}");
    assert_eq!(client.connection.poll_timeout(), None);
}

#[test]
fn the_start_up_has_one_deadline_for_all_of_it() {
    let mut client = Client::new(&config().connect_timeout(SECOND));
    client.pass(SECOND / 2);
    client.feed(&m::authentication(trunkline_core::message::backend::Authentication::Ok));
    client.pass(SECOND / 2);
    assert!(client.connection.error().unwrap().to_string().contains("the session to open"));
    let mut client = Client::new(&config().connect_timeout(None));
    assert_eq!(client.connection.poll_timeout(), None);
    client.pass(SECOND * 1_000_000);
    assert!(!client.connection.is_closed());
}

#[test]
fn an_open_session_has_no_deadline() {
    let client = Client::open();
    assert_eq!(client.connection.poll_timeout(), None);
}

#[test]
fn a_query_ends_for_its_caller_and_the_next_is_not_disturbed() {
    let mut pair = Pair::open();
    let slow = pair.client.query_with("select 1", &within(SECOND), ()).unwrap();
    let next = pair.client.query("select 2", ());
    assert_eq!(pair.client.connection.poll_timeout(), Some(pair.client.now + SECOND));
    pair.client.pass(SECOND);
    assert!(matches!(pair.client.error(slow), Error::Timeout(_, limit) if *limit == SECOND));
    assert!(!pair.client.error(slow).safe_to_retry());
    assert_eq!(pair.client.connection.poll_timeout(), None);
    pair.run();
    assert_eq!(pair.client.rows(slow).len(), 0);
    assert_eq!(pair.client.rows(next), [vec![Some(vec![0, 0, 0, 2])]]);
    assert!(pair.client.connection.is_idle());
}

#[test]
fn a_query_in_time_takes_its_deadline_with_it() {
    let mut pair = Pair::open();
    let id = pair.client.query_with("select 1", &within(SECOND), ()).unwrap();
    pair.run();
    pair.client.tag(id);
    assert_eq!(pair.client.connection.poll_timeout(), None);
}

#[test]
fn the_soonest_deadline_is_told_and_each_ends_its_own() {
    let mut client = Client::open();
    let late = client.query_with("select 1", &within(SECOND * 3), ()).unwrap();
    let soon = client.query_with("select 2", &within(SECOND), ()).unwrap();
    assert_eq!(client.connection.poll_timeout(), Some(client.now + SECOND));
    client.pass(SECOND * 2);
    assert!(client.outcome(soon).is_some() && client.outcome(late).is_none());
    assert_eq!(client.connection.poll_timeout(), Some(Instant::default() + SECOND * 3));
}

#[test]
fn the_command_timeout_is_for_those_that_do_not_say() {
    let mut client = Client::open_with(&config().command_timeout(SECOND));
    let simple = client.simple("select 1");
    let own = client.query_with("select 2", &within(SECOND * 2), ()).unwrap();
    client.pass(SECOND);
    assert!(matches!(client.error(simple), Error::Timeout(..)));
    assert!(client.outcome(own).is_none());
}

#[test]
fn a_caller_that_is_slow_to_notice_holds_nobody_up() {
    let mut pair = Pair::open();
    pair.client.binds = false;
    let described = pair.client.query_with("select $1::int4", &within(SECOND), (1_i32,)).unwrap();
    let waiting = pair.client.query_with("insert a", &within(SECOND), ()).unwrap();
    let next = pair.client.query("select 2", ());
    pair.run();
    pair.client.takes = false;
    pair.client.pass(SECOND);
    pair.run();
    pair.client.takes = true;
    for id in [described, waiting] {
        pair.client.take_outcome(id);
        assert!(matches!(pair.client.error(id), Error::Timeout(..)));
    }
    pair.client.take_outcome(next);
    assert_eq!(pair.client.rows(next).len(), 1);
    assert!(pair.backend.committed.is_empty());
    assert!(pair.client.connection.is_idle());
}

#[test]
fn one_that_waits_for_the_wire_or_its_parameters_ends_in_time_too() {
    let mut pair = Pair::open();
    pair.client.binds = false;
    let described = pair.client.query_with("select $1::int4", &within(SECOND), (1_i32,)).unwrap();
    let waiting = pair.client.query_with("insert a", &within(SECOND), ()).unwrap();
    pair.run();
    pair.client.pass(SECOND);
    assert!(matches!(pair.client.error(described), Error::Timeout(..)));
    assert!(matches!(pair.client.error(waiting), Error::Timeout(..)));
    pair.run();
    assert!(pair.backend.committed.is_empty(), "what was given up before it was sent is not sent");
    let next = pair.client.query("select 2", ());
    pair.run();
    assert_eq!(pair.client.rows(next).len(), 1);
    assert!(pair.client.connection.is_idle());
}
