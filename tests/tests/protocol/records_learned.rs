//! What anonymous records hold is learned from their values: the rows wait for it, and nobody else does.

use trunkline_core::types::{Type, oid};
use trunkline_core::wire::Format;
use trunkline_tests::backend::catalog::MOOD;
use trunkline_tests::client::{Client, config};
use trunkline_tests::messages as m;

const INTROSPECTION: [&str; 4] =
    ["Parse(unnamed: introspection [oid[]])", "Bind(unnamed, 1 b→b)", "Execute", "Sync"];

fn record(type_oid: u32, value: &[u8]) -> Vec<u8> {
    let length = u32::try_from(value.len()).unwrap();
    let raw = [&1_u32.to_be_bytes()[..], &type_oid.to_be_bytes(), &length.to_be_bytes(), value].concat();
    m::row(&[Some(&raw)])
}

fn mood() -> Vec<u8> {
    let (oid, zero) = (MOOD.to_be_bytes(), [0; 4]);
    let values: [Option<&[u8]>; 8] = [
        Some(&oid),
        Some(b"e"),
        Some(b"public"),
        Some(b"mood"),
        Some(b","),
        Some(&[1]),
        Some(b"happy"),
        Some(&zero),
    ];
    [m::parsed(), m::bound(), m::row(&values), m::complete("SELECT 1"), m::ready()].concat()
}

/// An introspection that found nothing.
fn nothing() -> Vec<u8> {
    [m::parsed(), m::bound(), m::complete("SELECT 0"), m::ready()].concat()
}

fn described() -> Vec<u8> {
    [m::parsed(), m::bound(), m::columns(&[("r", Type::RECORD)], Format::Binary)].concat()
}

fn ended() -> Vec<u8> {
    [m::complete("SELECT"), m::ready()].concat()
}

/// What a field of the type `MOOD` is taken for.
fn named(client: &Client, id: trunkline_core::OperationId) -> String {
    client.columns(id).next().unwrap().type_.named(MOOD).to_string()
}

#[test]
fn rows_wait_from_the_first_that_holds_a_type_which_is_not_known() {
    let mut client = Client::open();
    let id = client.query("select r", ());
    client.take_sent();
    client.feed(&[described(), record(oid::TEXT, b"x"), record(oid::INT4, &[0; 4])].concat());
    assert_eq!((client.rows(id).len(), client.sent().len()), (2, 0), "there is nothing to wait for");
    client.feed(&record(MOOD, b"happy"));
    assert_eq!(client.sent(), INTROSPECTION);
    client.feed(&[record(oid::TEXT, b"x"), record(MOOD, b"happy"), ended()].concat());
    assert_eq!((client.rows(id).len(), client.sent().len()), (2, 0), "they wait, and nothing is asked twice");
    client.feed(&mood());
    assert_eq!((client.rows(id).len(), client.outcome(id).is_some()), (5, true));
    assert_eq!(named(&client, id), "mood");
    // The next time they are known.
    let id = client.query("select r", ());
    client.take_sent();
    client.feed(&[described(), record(MOOD, b"happy"), ended()].concat());
    assert_eq!((client.rows(id).len(), client.sent().len()), (1, 0));
    assert_eq!(named(&client, id), "mood");
}

#[test]
fn a_type_that_comes_later_is_waited_for_anew_and_each_but_once() {
    let mut client = Client::open();
    let id = client.query("select r", ());
    client.take_sent();
    client.feed(&[described(), record(90_000, b"?")].concat());
    assert_eq!(client.sent(), INTROSPECTION);
    // Another one meanwhile: all wait for both.
    client.feed(&record(90_001, b"?"));
    assert_eq!(client.sent(), INTROSPECTION);
    client.feed(&record(90_000, b"?"));
    client.feed(&[record(MOOD, b"happy"), ended()].concat());
    assert_eq!(client.sent(), INTROSPECTION);
    client.feed(&nothing());
    client.feed(&nothing());
    assert_eq!((client.rows(id).len(), client.outcome(id).is_some()), (0, false));
    client.feed(&mood());
    assert_eq!((client.rows(id).len(), client.outcome(id).is_some()), (4, true));
    assert_eq!(named(&client, id), "mood");

    // After rows were shown, of one flight that is not over yet.
    let mut client = Client::open();
    let pipelined = client.query("select r", ());
    client.take_sent();
    client.feed(&[described(), record(90_000, b"?"), ended()].concat());
    assert_eq!(client.sent(), INTROSPECTION);
    client.feed(&nothing());
    assert_eq!((client.rows(pipelined).len(), client.outcome(pipelined).is_some()), (1, true));
    assert_eq!(named(&client, pipelined), "type with OID 70000");
}

#[test]
fn where_too_much_would_wait_it_is_shown_as_it_is() {
    let mut settings = config();
    settings.limits.learning_limit = 1000;
    let mut client = Client::open_with(&settings);
    let id = client.query("select r", ());
    client.take_sent();
    client.feed(&[described(), record(MOOD, b"happy")].concat());
    assert_eq!(client.sent(), INTROSPECTION);
    assert_eq!(client.rows(id).len(), 0);
    client.feed(&record(MOOD, b"happy").repeat(100));
    assert_eq!(client.rows(id).len(), 101);
    client.feed(&[record(MOOD, b"happy"), ended()].concat());
    assert_eq!((client.rows(id).len(), client.outcome(id).unwrap().is_ok()), (102, true));
    assert_eq!(client.connection.unread(), 0);
    client.feed(&mood());
    let id = client.query("select r", ());
    client.take_sent();
    client.feed(&[described(), record(MOOD, b"happy"), ended()].concat());
    assert_eq!(named(&client, id), "mood");
}
