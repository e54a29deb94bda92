//! What goes ahead of a connection's next user, and what becomes of the user's command when it fails.

use std::time::Duration;

use trunkline_core::error::CloseReason;
use trunkline_core::{Error, OperationId};
use trunkline_tests::client::Client;
use trunkline_tests::frontend;
use trunkline_tests::messages as m;

const LIMIT: Duration = Duration::from_secs(5);

fn ready_for_its_next_user() -> Client {
    let mut client = Client::open();
    client.connection.set_prologue("reset all".into(), LIMIT);
    client
}

#[track_caller]
fn closed(client: &Client, id: OperationId) -> (&CloseReason, bool) {
    match client.error(id) {
        Error::Closed(closed) => (&closed.reason, closed.may_have_run),
        error => panic!("not closed: {error}"),
    }
}

fn answer() -> Vec<u8> {
    [m::parsed(), m::bound(), m::no_data(), m::complete("CALL"), m::ready()].concat()
}

#[test]
fn it_leaves_with_the_first_command_and_only_once() {
    let mut client = ready_for_its_next_user();
    assert!(!client.connection.wants_write() && client.connection.is_idle(), "nothing happens before");
    let first = client.query("call f()", ());
    let sent = frontend::in_words(&client.take_sent());
    let second = client.query("call f()", ());
    assert_eq!(sent.first().map(String::as_str), Some("Query(reset all)"), "{sent:?}");
    assert_eq!(sent.len(), 6, "{sent:?}");
    let row = [
        m::columns(&[("f", trunkline_core::types::Type::TEXT)], trunkline_core::wire::Format::Text),
        m::row(&[None]),
    ];
    client.feed(&[row.concat(), m::complete("SELECT 1"), m::complete("RESET"), m::ready()].concat());
    assert!(client.connection.poll_timeout().is_none());
    client.feed(&[answer(), answer()].concat());
    assert!(client.outcome(first).is_some_and(Result::is_ok));
    assert!(client.outcome(second).is_some_and(Result::is_ok));
    assert!(client.connection.is_idle());
}

#[test]
fn a_session_that_ends_in_it_has_not_run_what_is_behind_it() {
    let mut client = ready_for_its_next_user();
    let ids = [client.query("call f()", ()), client.simple("select 1")];
    client.take_sent();
    client.feed(&[m::complete("SET"), m::fatal("57P01", "terminating connection")].concat());
    for id in ids {
        assert!(matches!(closed(&client, id), (CloseReason::Server(_), false)), "{}", client.error(id));
        assert!(client.error(id).safe_to_retry());
    }
}

#[test]
fn a_stream_that_ends_in_it_says_nothing_of_what_is_behind_it() {
    let mut client = ready_for_its_next_user();
    let id = client.query("call f()", ());
    client.take_sent();
    client.feed(&m::complete("SET"));
    client.eof();
    assert!(matches!(closed(&client, id), (CloseReason::Eof, true)));
}

#[test]
fn an_error_that_does_not_end_the_session_closes_the_connection() {
    let mut client = ready_for_its_next_user();
    let id = client.query("call f()", ());
    client.take_sent();
    client.feed(&m::error("42704", "unrecognized configuration parameter"));
    assert!(!client.connection.is_closed());
    client.feed(&m::ready());
    assert!(
        matches!(closed(&client, id), (CloseReason::Reset(error), true) if error.code.as_str() == "42704")
    );
    assert_eq!(client.error(id).sqlstate().map(|code| code.as_str()), Some("42704"));
}

#[test]
fn one_that_is_not_answered_in_time_closes_the_connection() {
    let mut client = ready_for_its_next_user();
    client.pass(2 * LIMIT);
    let id = client.query("call f()", ());
    assert_eq!(client.connection.poll_timeout(), Some(client.now + LIMIT), "from the command on");
    client.take_sent();
    client.pass(LIMIT);
    assert!(matches!(closed(&client, id), (CloseReason::Unanswered(LIMIT), true)));
    assert!(client.error(id).to_string().contains("no answer to a ping within 5s"));
}

#[test]
fn it_goes_ahead_of_a_begin_and_its_time_starts_when_that_leaves() {
    let mut client = ready_for_its_next_user();
    client.connection.begin("BEGIN").unwrap();
    client.pass(2 * LIMIT);
    client.query("call f()", ());
    let sent = frontend::in_words(&client.take_sent());
    assert_eq!(sent.first().map(String::as_str), Some("Query(reset all)"), "{sent:?}");
    assert!(sent.iter().any(|message| message.contains("BEGIN")), "{sent:?}");
    client.pass(LIMIT / 2);
    assert!(!client.connection.is_closed());
    client.feed(&[m::complete("RESET"), m::ready()].concat());
    client.pass(LIMIT);
    assert!(!client.connection.is_closed());
}
