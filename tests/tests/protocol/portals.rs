//! Rows in portions: in a transaction block, and outside of one.

use std::time::Duration;

use trunkline_core::types::Type;
use trunkline_core::wire::Format;
use trunkline_core::{Error, Event, OperationId, Outcome, QueryOptions, TransactionStatus};
use trunkline_tests::client::Client;
use trunkline_tests::messages as m;
use trunkline_tests::script::Script;

const SQL: &str = "select i";
const NOTHING: &[&str] = &[];

fn portal(client: &mut Client, rows: u32) -> OperationId {
    let id = client.connection.portal(client.now, SQL, &QueryOptions::default(), 0, rows).unwrap();
    client.remember(id, None);
    client.poll();
    id
}

fn fetch(client: &mut Client, id: OperationId, rows: u32) {
    client.connection.fetch(client.now, id, rows).unwrap();
}

fn described() -> Vec<u8> {
    [m::parsed(), m::parameters(&[]), m::columns(&[("i", Type::INT4)], Format::Text)].concat()
}

fn rows(numbers: &[i32]) -> Vec<u8> {
    numbers.iter().flat_map(|n| m::row(&[Some(&n.to_be_bytes())])).collect()
}

fn suspended() -> Vec<u8> {
    m::raw(b's', b"")
}

fn in_block() -> Vec<u8> {
    m::ready_in(TransactionStatus::InBlock)
}

/// A client in a transaction block.
fn begun() -> Client {
    let mut client = Client::open();
    client.simple("begin");
    client.take_sent();
    client.feed(&[m::complete("BEGIN"), in_block()].concat());
    client.events.clear();
    client
}

/// A portal whose first two rows have come, and what its flights end with.
fn opened(client: &mut Client, end: &[u8]) -> OperationId {
    let id = portal(client, 2);
    client.take_sent();
    client.feed(&described());
    client.take_sent();
    client.feed(&[&[m::bound(), rows(&[1, 2]), suspended()].concat(), end].concat());
    assert!(client.connection.is_suspended(id));
    assert_eq!(client.events, [Event::Suspended(id)]);
    client.events.clear();
    id
}

fn count(client: &Client, id: OperationId) -> usize {
    client.rows(id).len()
}

#[test]
fn in_a_block_each_portion_is_a_flight_and_others_go_between() {
    let mut client = begun();
    let id = portal(&mut client, 2);
    assert_eq!(client.sent(), ["Parse(unnamed: select i [])", "Describe(unnamed)", "Flush"]);
    client.feed(&described());
    assert_eq!(
        client.sent(),
        ["Bind(trunkline_portal_1: unnamed, 0 b→b)", "Execute(trunkline_portal_1, 2)", "Sync"]
    );
    client.feed(&[m::bound(), rows(&[1, 2]), suspended()].concat());
    assert!(!client.connection.is_suspended(id), "the flight has not ended");
    client.feed(&in_block());
    assert_eq!(client.events, [Event::Suspended(id)]);
    assert!(client.connection.is_idle());
    let other = client.simple("do other");
    fetch(&mut client, id, 3);
    assert_eq!(client.sent(), ["Query(do other)", "Execute(trunkline_portal_1, 3)", "Sync"]);
    client.feed(&[m::complete("DO"), in_block(), rows(&[3]), m::complete("SELECT 1"), in_block()].concat());
    assert!(client.outcome(other).is_some_and(Result::is_ok));
    assert_eq!((count(&client, id), client.tag(id).as_str()), (3, "SELECT 1"));
    client.query("do next", ());
    assert_eq!(
        client.sent()[0],
        "Close(portal trunkline_portal_1)",
        "it does not stay for the whole transaction"
    );
}

#[test]
fn one_after_another_in_a_block_each_closes_the_last() {
    let mut client = begun();
    let first = portal(&mut client, 0);
    client.feed(&described());
    client.take_sent();
    client.feed(&[m::bound(), rows(&[1]), m::complete("SELECT 1"), in_block()].concat());
    assert_eq!(count(&client, first), 1);
    // Described already, so that the next one is bound at once.
    portal(&mut client, 0);
    assert_eq!(client.sent()[..2], ["Close(portal trunkline_portal_1)", "Parse(named: select i [])"]);
    client.feed(
        &[m::closed(), m::parsed(), m::bound(), m::columns(&[("i", Type::INT4)], Format::Binary)].concat(),
    );
    client.feed(&[rows(&[2]), m::complete("SELECT 1"), in_block()].concat());
    let many = client.connection.many(client.now, SQL, &QueryOptions::default(), 0).unwrap();
    client.remember(many, None);
    client.connection.push(many, &()).unwrap();
    assert_eq!(client.sent()[0], "Close(portal trunkline_portal_2)");
    assert!(client.connection.error().is_none());
}

#[test]
fn outside_of_a_block_it_holds_the_wire() {
    let mut client = Client::open();
    let id = portal(&mut client, 2);
    client.take_sent();
    client.feed(&described());
    assert_eq!(
        client.sent(),
        ["Bind(trunkline_portal_1: unnamed, 0 b→b)", "Execute(trunkline_portal_1, 2)", "Flush"]
    );
    client.feed(&[m::bound(), rows(&[1, 2]), suspended()].concat());
    assert!(client.connection.is_suspended(id) && !client.connection.is_idle());
    let other = client.simple("do other");
    assert_eq!(client.sent(), NOTHING);
    fetch(&mut client, id, 0);
    assert_eq!(client.sent(), ["Execute(trunkline_portal_1, 0)", "Flush"]);
    client.feed(&[rows(&[3]), m::complete("SELECT 1")].concat());
    assert_eq!(client.sent(), ["Sync"]);
    client.feed(&m::ready());
    assert_eq!((count(&client, id), client.tag(id).as_str()), (3, "SELECT 1"));
    assert_eq!(client.sent(), ["Query(do other)"]);
    client.feed(&[m::complete("DO"), m::ready()].concat());
    assert!(client.outcome(other).is_some_and(Result::is_ok) && client.connection.is_idle());
}

#[test]
fn its_bytes_can_be_cut_anywhere() {
    let summary = Script::new()
        .expect(&["Parse(unnamed: select i [])", "Describe(unnamed)", "Flush"])
        .send(&[described()])
        .expect(&["Bind(trunkline_portal_1: unnamed, 0 b→b)", "Execute(trunkline_portal_1, 0)", "Flush"])
        .send(&[m::bound(), rows(&[1, 2, 3]), m::complete("SELECT 3")])
        .expect(&["Sync"])
        .send(&[m::ready()])
        .run(|client| {
            portal(client, 0);
        });
    assert_eq!(summary.operations[0].0.len(), 3);
}

#[test]
fn it_is_in_the_block_that_a_begin_before_it_opens() {
    let mut client = Client::open();
    client.connection.begin("BEGIN").unwrap();
    let id = portal(&mut client, 2);
    client.take_sent();
    client.feed(&[m::parsed(), m::bound(), m::complete("BEGIN"), described()].concat());
    assert_eq!(client.sent().last().unwrap(), "Sync");
    client.feed(&[m::bound(), rows(&[1, 2]), suspended(), in_block()].concat());
    assert!(client.connection.is_suspended(id) && client.connection.is_idle());
}

#[test]
fn move_goes_past_rows() {
    for in_a_block in [true, false] {
        let (mut client, end, last) = match in_a_block {
            true => (begun(), in_block(), "Sync"),
            false => (Client::open(), Vec::new(), "Flush"),
        };
        let id = opened(&mut client, &end);
        client.connection.forward(client.now, id, 1000).unwrap();
        let sent = client.sent();
        assert_eq!(sent[0], "Parse(unnamed: MOVE FORWARD 1000 IN trunkline_portal_1 [])");
        assert_eq!(sent[2..], ["Execute", last]);
        client.feed(&[&[m::parsed(), m::bound(), m::complete("MOVE 7")].concat()[..], &end].concat());
        assert_eq!(client.events, [Event::Suspended(id)]);
        assert_eq!(client.connection.moved(id), 7);
        fetch(&mut client, id, 2);
        client.feed(&m::complete("SELECT 0"));
        client.feed(&if in_a_block { in_block() } else { m::ready() });
        assert_eq!(client.tag(id).as_str(), "SELECT 0");
        assert!(client.connection.is_idle());
    }
}

#[test]
fn closed_by_the_caller_it_ends() {
    let mut client = begun();
    let id = opened(&mut client, &in_block());
    client.connection.close_portal(id).unwrap();
    assert_eq!(client.sent(), ["Close(portal trunkline_portal_1)", "Sync"]);
    client.feed(&[m::closed(), in_block()].concat());
    assert!(matches!(client.outcome(id), Some(Ok(Outcome::Closed))));
    let mut client = Client::open();
    let id = opened(&mut client, &[]);
    let next = client.simple("do next");
    client.connection.close_portal(id).unwrap();
    assert_eq!(client.sent(), ["Sync", "Query(do next)"]);
    client.feed(&[m::ready(), m::complete("DO"), m::ready()].concat());
    assert!(matches!(client.outcome(id), Some(Ok(Outcome::Closed))));
    assert!(client.outcome(next).is_some_and(Result::is_ok) && client.connection.is_idle());
}

#[test]
fn forgotten_at_any_point_it_is_closed() {
    for in_a_block in [true, false] {
        let client = || if in_a_block { begun() } else { Client::open() };
        let end = if in_a_block { in_block() } else { Vec::new() };
        let ready = if in_a_block { in_block() } else { m::ready() };
        let closes: &[&str] =
            if in_a_block { &["Close(portal trunkline_portal_1)", "Sync"] } else { &["Sync"] };
        let closed = if in_a_block { m::closed() } else { Vec::new() };
        // Suspended.
        let mut suspends = client();
        let id = opened(&mut suspends, &end);
        suspends.forget(id);
        assert_eq!(suspends.sent(), closes);
        suspends.feed(&[&closed[..], &ready].concat());
        assert!(suspends.connection.is_idle());
        // While a portion is on its way.
        let mut fetches = client();
        let id = opened(&mut fetches, &end);
        fetch(&mut fetches, id, 2);
        fetches.take_sent();
        fetches.forget(id);
        fetches.feed(&[&rows(&[3, 4])[..], &suspended(), &end].concat());
        assert_eq!(fetches.sent(), closes);
        fetches.feed(&[&closed[..], &ready].concat());
        assert!(fetches.connection.is_idle() && fetches.connection.unread() == 0);
        // While it is described.
        let mut describes = client();
        let id = portal(&mut describes, 2);
        describes.take_sent();
        describes.forget(id);
        describes.feed(&described());
        assert_eq!(describes.sent(), ["Sync"]);
        describes.feed(&ready);
        assert!(describes.connection.is_idle());
    }
}

#[test]
fn a_portion_that_fails_ends_it() {
    let mut client = begun();
    let id = opened(&mut client, &in_block());
    fetch(&mut client, id, 2);
    client.take_sent();
    client.feed(
        &[rows(&[3]), m::error("22012", "division by zero"), m::ready_in(TransactionStatus::Failed)].concat(),
    );
    assert_eq!((client.code(id).as_str(), count(&client, id)), ("22012", 3));
    let mut client = Client::open();
    let id = opened(&mut client, &[]);
    fetch(&mut client, id, 2);
    client.take_sent();
    client.feed(&m::error("22012", "division by zero"));
    assert_eq!(client.sent(), ["Sync"]);
    client.feed(&m::ready());
    assert_eq!(client.code(id), "22012");
    assert!(client.connection.is_idle());
}

#[test]
fn each_portion_has_its_own_deadline() {
    let limit = Duration::from_secs(1);
    let mut client = begun();
    let options = QueryOptions { timeout: Some(limit), ..QueryOptions::default() };
    let id = client.connection.portal(client.now, SQL, &options, 0, 2).unwrap();
    client.remember(id, None);
    client.take_sent();
    client.feed(&described());
    client.feed(&[m::bound(), rows(&[1, 2]), suspended(), in_block()].concat());
    assert_eq!(client.connection.poll_timeout(), None, "what waits for the caller has none");
    client.pass(limit * 100);
    fetch(&mut client, id, 2);
    assert_eq!(client.connection.poll_timeout(), Some(client.now + limit));
    client.take_sent();
    client.pass(limit);
    assert!(matches!(client.error(id), Error::Timeout(..)));
    assert_eq!(client.cancels_wanted(), 1);
    assert!(client.connection.cancel_unwanted(client.now).is_some());
    client.feed(&[m::error("57014", "canceling"), m::ready_in(TransactionStatus::Failed)].concat());
    client.connection.cancel_closed(client.now);
    assert!(client.connection.is_idle());
}

#[test]
fn what_is_not_suspended_gives_no_portion() {
    let mut client = begun();
    let id = portal(&mut client, 2);
    assert!(matches!(client.connection.fetch(client.now, id, 2), Err(Error::Usage(_))));
    let query = client.query("do other", ());
    assert!(matches!(client.connection.fetch(client.now, query, 2), Err(Error::Usage(_))));
    assert!(matches!(client.connection.close_portal(query), Err(Error::Usage(_))));
    let copy = client.connection.portal(client.now, "copy t to stdout", &QueryOptions::default(), 0, 2);
    assert!(matches!(copy, Err(Error::Usage(_))));
}

#[test]
fn a_closed_connection_ends_it() {
    let mut client = begun();
    let id = opened(&mut client, &in_block());
    client.eof();
    assert!(matches!(client.error(id), Error::Closed(_)));
    assert!(client.connection.fetch(client.now, id, 2).is_err());
}

#[test]
fn a_suspension_that_nobody_asked_for_breaks_the_protocol() {
    let mut client = Client::open();
    client.query("do other", ());
    client.feed(&[m::parsed(), m::bound(), m::no_data(), suspended()].concat());
    assert!(client.connection.error().unwrap().to_string().contains("no row limit"));
}
