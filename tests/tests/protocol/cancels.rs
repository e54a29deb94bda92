//! What is abandoned is cancelled on the server, and a request never hits what comes next.

use std::time::Duration;

use trunkline_core::message::frontend::CancelRequest;
use trunkline_core::types::Type;
use trunkline_core::wire::Format;
use trunkline_core::{BatchMode, Error, QueryOptions, TransactionStatus};
use trunkline_tests::backend::catalog::MOOD;
use trunkline_tests::client::Client;
use trunkline_tests::messages as m;

/// Longer than anything that is abandoned may take to end by itself.
const LONG: Duration = Duration::from_millis(100);
const MINUTE: Duration = Duration::from_secs(60);
const NOTHING: &[&str] = &[];

/// The answer of a simple query that was cancelled.
fn cancelled() -> Vec<u8> {
    [m::error("57014", "canceling statement due to user request"), m::ready()].concat()
}

/// The answer of a simple query that ended by itself.
fn done() -> Vec<u8> {
    [m::complete("DO"), m::ready()].concat()
}

/// A client that sent a query and abandoned it, so that it was asked to cancel it.
fn asked_to_cancel() -> Client {
    let mut client = Client::open();
    let id = client.simple("do slow");
    client.take_sent();
    client.abandon(id);
    client.pass(LONG);
    assert_eq!(client.cancels_wanted(), 1);
    client
}

#[test]
fn what_ends_soon_is_not_cancelled() {
    let mut client = Client::open();
    let id = client.simple("do quick");
    client.take_sent();
    client.abandon(id);
    let next = client.simple("do next");
    client.pass(Duration::from_millis(1));
    assert_eq!(client.sent(), NOTHING, "a request may be needed, which must not hit this");
    client.feed(&done());
    assert_eq!(client.sent(), ["Query(do next)"]);
    client.pass(MINUTE);
    assert_eq!(client.cancels_wanted(), 0);
    client.feed(&done());
    assert!(client.outcome(next).is_some_and(Result::is_ok) && client.connection.is_idle());
    assert_eq!(client.connection.poll_timeout(), None);
}

#[test]
fn a_request_names_the_session_and_its_key() {
    let mut client = asked_to_cancel();
    let bytes = client.connection.cancel_unwanted(client.now).unwrap();
    let request = CancelRequest::decode(&bytes[4..]).unwrap();
    assert_eq!(request.process_id, client.connection.process_id());
    assert_eq!(request.key, client.connection.cancel_key());
    assert_eq!(u32::from_be_bytes(bytes[..4].try_into().unwrap()) as usize, bytes.len());
}

#[test]
fn the_next_waits_for_the_answer_and_for_the_channel_in_any_order() {
    for answer_first in [true, false] {
        let mut client = asked_to_cancel();
        let next = client.simple("do next");
        client.connection.cancel_unwanted(client.now).unwrap();
        if answer_first {
            client.feed(&cancelled());
            assert_eq!(client.sent(), NOTHING, "the request may be late");
            assert!(!client.connection.is_idle());
            client.connection.cancel_closed(client.now);
        } else {
            client.connection.cancel_closed(client.now);
            assert_eq!(client.sent(), NOTHING);
            client.feed(&cancelled());
        }
        assert_eq!(client.sent(), ["Query(do next)"]);
        client.feed(&done());
        assert!(client.outcome(next).is_some_and(Result::is_ok));
        assert!(client.connection.is_idle() && !client.connection.is_cancelling());
        client.pass(MINUTE);
        assert_eq!(client.cancels_wanted(), 0);
    }
}

#[test]
fn an_idle_connection_is_not_idle_before_the_channel_is_closed() {
    let mut client = asked_to_cancel();
    client.connection.cancel_unwanted(client.now).unwrap();
    client.feed(&cancelled());
    assert!(client.connection.is_cancelling() && !client.connection.is_idle());
    client.connection.cancel_closed(client.now);
    assert!(client.connection.is_idle());
}

#[test]
fn nothing_is_sent_when_it_ended_before_the_channel_was_open() {
    let mut client = asked_to_cancel();
    client.feed(&done());
    let next = client.simple("do next");
    assert_eq!(client.sent(), ["Query(do next)"], "nothing was sent that could hit it");
    assert_eq!(client.connection.cancel_unwanted(client.now), None);
    client.connection.cancel_failed(client.now);
    client.feed(&done());
    assert!(client.outcome(next).is_some_and(Result::is_ok) && client.connection.is_idle());
}

#[test]
fn a_shell_that_cannot_cancel_goes_on_when_it_has_ended() {
    let mut client = asked_to_cancel();
    client.simple("do next");
    client.pass(MINUTE);
    assert_eq!(client.sent(), NOTHING);
    client.feed(&done());
    assert_eq!(client.sent(), ["Query(do next)"]);
}

#[test]
fn one_that_fails_is_tried_again_less_and_less_often() {
    let mut client = asked_to_cancel();
    client.simple("do next");
    let mut waits = Vec::new();
    for _ in 0..10 {
        client.connection.cancel_failed(client.now);
        let again = client.connection.poll_timeout().unwrap();
        let wait = Duration::from_nanos(again.0 - client.now.0);
        client.pass(wait);
        assert_eq!(client.cancels_wanted(), 1);
        waits.push(wait.as_millis());
    }
    assert_eq!(waits, [500, 1000, 2000, 4000, 8000, 16_000, 32_000, 32_000, 32_000, 32_000]);
    client.connection.cancel_failed(client.now);
    client.feed(&done());
    assert_eq!(client.sent(), ["Query(do next)"], "the connection is as good as before");
}

#[test]
fn one_that_came_too_early_to_hit_is_sent_again() {
    let mut client = asked_to_cancel();
    assert!(client.connection.cancel_unwanted(client.now).is_some());
    client.connection.cancel_closed(client.now);
    assert_eq!(client.cancels_wanted(), 0);
    client.pass(Duration::from_millis(500));
    assert_eq!(client.cancels_wanted(), 1);
    assert!(client.connection.cancel_unwanted(client.now).is_some());
    client.feed(&cancelled());
    client.connection.cancel_closed(client.now);
    assert!(client.connection.is_idle());
}

#[test]
fn one_whose_channel_never_closes_ends_the_connection() {
    let mut client = asked_to_cancel();
    let next = client.simple("do next");
    client.connection.cancel_unwanted(client.now).unwrap();
    client.feed(&cancelled());
    assert!(client.connection.poll_timeout().is_some());
    client.pass(Duration::from_secs(16));
    assert!(matches!(client.error(next), Error::Closed(closed) if !closed.may_have_run));
    assert!(client.error(next).to_string().contains("cancel request"));
    assert_eq!(client.connection.poll_timeout(), None);
}

#[test]
fn one_behind_another_is_cancelled_when_it_is_its_turn() {
    let mut client = Client::open();
    let first = client.simple("do first");
    let slow = client.simple("do slow");
    client.take_sent();
    client.abandon(slow);
    let next = client.simple("do next");
    client.pass(MINUTE);
    assert_eq!(client.cancels_wanted(), 0, "it would hit the first");
    assert_eq!(client.connection.cancel_unwanted(client.now), None);
    client.feed(&done());
    assert!(client.outcome(first).is_some_and(Result::is_ok));
    assert_eq!(client.cancels_wanted(), 1);
    assert!(client.connection.cancel_unwanted(client.now).is_some());
    client.feed(&cancelled());
    client.connection.cancel_closed(client.now);
    assert_eq!(client.sent(), ["Query(do next)"]);
    client.feed(&done());
    assert!(client.outcome(next).is_some_and(Result::is_ok));
}

#[test]
fn one_that_others_stand_behind_is_not_cancelled() {
    let mut client = Client::open();
    let slow = client.simple("do slow");
    let next = client.simple("do next");
    client.take_sent();
    client.abandon(slow);
    client.pass(MINUTE);
    assert_eq!(client.cancels_wanted(), 0);
    client.feed(&[done(), done()].concat());
    assert!(client.outcome(next).is_some_and(Result::is_ok) && client.connection.is_idle());
}

#[test]
fn several_that_nobody_wants_are_cancelled_one_after_the_other() {
    let mut client = Client::open();
    let ids = ["do a", "do b", "do c"].map(|sql| client.simple(sql));
    client.take_sent();
    ids.iter().for_each(|id| client.abandon(*id));
    client.simple("do next");
    client.pass(LONG);
    for closed_first in [true, false, true] {
        assert_eq!(client.cancels_wanted(), 1);
        assert!(client.connection.cancel_unwanted(client.now).is_some());
        assert_eq!(client.sent(), NOTHING);
        if closed_first {
            client.connection.cancel_closed(client.now);
        }
        client.feed(&cancelled());
        if !closed_first {
            client.connection.cancel_closed(client.now);
        }
        client.poll();
    }
    assert_eq!(client.cancels_wanted(), 0);
    assert_eq!(client.sent(), ["Query(do next)"]);
}

#[test]
fn a_query_out_of_time_is_cancelled_at_once() {
    let mut client = Client::open();
    let options = QueryOptions { timeout: Some(LONG), ..QueryOptions::default() };
    let late = client.query_with("select 1", &options, ()).unwrap();
    client.take_sent();
    client.pass(LONG);
    assert!(matches!(client.error(late), Error::Timeout(..)));
    assert_eq!(client.cancels_wanted(), 1);
    assert!(client.connection.cancel_unwanted(client.now).is_some());
    let next = client.simple("do next");
    client.feed(&[m::parsed(), m::bound(), cancelled()].concat());
    client.connection.cancel_closed(client.now);
    assert_eq!(client.sent(), ["Query(do next)"]);
    client.feed(&done());
    assert!(client.outcome(next).is_some_and(Result::is_ok));
}

#[test]
fn what_begins_or_ends_a_transaction_is_never_cancelled() {
    for sql in [
        "begin",
        "start transaction",
        "commit",
        "END",
        "prepare transaction 'x'",
        "rollback",
        "ABORT",
        "savepoint a",
        "release a",
        "rollback to a",
        "/* note */ rollback",
    ] {
        let mut client = Client::open();
        let id = client.simple(sql);
        client.take_sent();
        client.abandon(id);
        client.simple("do next");
        assert_eq!(client.sent(), ["Query(do next)"], "{sql} may go on, and what follows need not wait");
        client.pass(MINUTE);
        assert_eq!(client.cancels_wanted(), 0, "{sql}");
    }
}

#[test]
fn one_that_is_being_described_is_cancelled_too() {
    let mut client = Client::open();
    let id = client.query("select $1::int4", (1_i32,));
    assert_eq!(client.sent().len(), 3);
    client.abandon(id);
    client.pass(LONG);
    assert_eq!(client.cancels_wanted(), 1, "a Parse can wait for a lock");
    let next = client.simple("do next");
    client.connection.cancel_unwanted(client.now).unwrap();
    client.feed(&m::error("57014", "canceling statement due to user request"));
    assert_eq!(client.sent(), ["Sync"]);
    client.connection.cancel_closed(client.now);
    assert_eq!(client.sent(), NOTHING);
    client.feed(&m::ready());
    assert_eq!(client.sent(), ["Query(do next)"]);
    client.feed(&done());
    assert!(client.outcome(next).is_some_and(Result::is_ok) && client.connection.is_idle());
}

#[test]
fn a_batch_is_cancelled_when_nobody_wants_any_of_it() {
    let mut client = Client::open();
    let mut batch = client.connection.batch(client.now, BatchMode::FailFast).unwrap();
    for sql in ["insert a", "insert b"] {
        batch.query(sql, &QueryOptions::default(), &()).unwrap();
    }
    let ids = batch.finish();
    client.take_sent();
    client.abandon(ids[1]);
    client.pass(LONG);
    assert_eq!(client.cancels_wanted(), 0);
    client.abandon(ids[0]);
    client.feed(&[m::parsed(), m::bound(), m::no_data(), m::complete("INSERT 0 1"), m::parsed()].concat());
    client.simple("do next");
    client.pass(LONG);
    assert!(client.cancels_wanted() == 1 && client.connection.cancel_unwanted(client.now).is_some());
    client.feed(&cancelled());
    client.connection.cancel_closed(client.now);
    assert_eq!(client.sent(), ["Query(do next)"]);
}

#[test]
fn what_has_only_its_commit_left_is_not_cancelled() {
    let mut client = Client::open();
    let id = client.query("insert a", ());
    client.take_sent();
    client.abandon(id);
    client.feed(&[m::parsed(), m::bound(), m::no_data(), m::complete("INSERT 0 1")].concat());
    client.pass(LONG);
    assert_eq!(client.cancels_wanted(), 0);
    client.feed(&m::ready());
    assert!(client.connection.is_idle());
}

#[test]
fn a_token_cancels_what_runs() {
    let mut client = Client::open();
    assert_eq!(client.connection.cancel(client.now), None, "nothing runs");
    let id = client.simple("do slow");
    client.take_sent();
    assert!(client.connection.cancel(client.now).is_some());
    let next = client.simple("do next");
    client.feed(&cancelled());
    assert_eq!(client.code(id), "57014");
    assert_eq!(client.sent(), NOTHING);
    client.connection.cancel_closed(client.now);
    assert_eq!(client.sent(), ["Query(do next)"]);
    client.feed(&done());
    assert!(client.outcome(next).is_some_and(Result::is_ok) && client.connection.is_idle());
}

#[test]
fn two_tokens_at_once_are_both_waited_for() {
    let mut client = Client::open();
    client.simple("do slow");
    client.take_sent();
    assert!(client.connection.cancel(client.now).is_some() && client.connection.cancel(client.now).is_some());
    client.simple("do next");
    client.connection.cancel_closed(client.now);
    client.feed(&cancelled());
    assert_eq!(client.sent(), NOTHING);
    client.connection.cancel_closed(client.now);
    assert_eq!(client.sent(), ["Query(do next)"]);
}

#[test]
fn a_question_for_types_is_not_hit() {
    let mut client = Client::open();
    let id = client.query("select $1::mood", ("sad",));
    client.take_sent();
    assert!(client.connection.cancel(client.now).is_some());
    let mood = m::columns(&[("m", Type::from_oid(MOOD))], Format::Text);
    client.feed(&[m::parsed(), m::parameters(&[Type::from_oid(MOOD)]), mood].concat());
    assert_eq!(client.sent(), NOTHING, "the request is on its way");
    client.connection.cancel_closed(client.now);
    assert!(client.sent().iter().any(|word| word.contains("introspection")));
    assert!(client.outcome(id).is_none());
}

#[test]
fn a_connection_that_closes_forgets_it_all() {
    let mut client = asked_to_cancel();
    client.connection.cancel_unwanted(client.now).unwrap();
    client.eof();
    client.connection.cancel_closed(client.now);
    assert_eq!(client.connection.poll_timeout(), None);
    assert!(!client.connection.is_cancelling());
    assert_eq!(client.connection.cancel(client.now), None);
}

/// The answer to BEGIN and to a statement that was to be described, and cancelled.
fn begun_and_failed() -> Vec<u8> {
    [m::parsed(), m::bound(), m::complete("BEGIN"), m::error("57014", "canceling statement")].concat()
}

#[test]
fn the_first_statement_of_a_transaction_is_cancelled_though_its_begin_is_not_answered_yet() {
    let mut client = Client::open();
    client.connection.begin("BEGIN").unwrap();
    let id = client.query("do slow", ());
    client.take_sent();
    client.abandon(id);
    client.pass(LONG);
    assert_eq!(client.cancels_wanted(), 1);
    assert!(client.connection.cancel_unwanted(client.now).is_some());
    client.connection.control("ROLLBACK").unwrap();
    assert_eq!(client.sent(), NOTHING, "the request must not hit it");
    client.feed(&begun_and_failed());
    assert_eq!(client.sent(), ["Sync"]);
    client.feed(&m::ready_in(TransactionStatus::Failed));
    client.connection.cancel_closed(client.now);
    assert_eq!(client.sent(), ["Query(ROLLBACK)"]);
    client.abandon(id);
    client.pass(MINUTE);
    assert_eq!(client.cancels_wanted(), 0);
    client.feed(&[m::complete("ROLLBACK"), m::ready()].concat());
    assert!(client.connection.is_idle());
}

#[test]
fn a_begin_that_waits_for_its_first_statement_is_nothing_to_cancel() {
    let mut client = Client::open();
    client.connection.begin("BEGIN").unwrap();
    assert_eq!(client.connection.cancel(client.now), None);
    let slow = client.query("do slow", ());
    assert!(client.connection.cancel(client.now).is_some());
    client.connection.cancel_closed(client.now);
    client.simple("do next");
    assert!(!client.sent().iter().any(|word| word.contains("next")));
    client.feed(&begun_and_failed());
    assert_eq!(client.sent(), ["Sync"]);
    client.feed(&m::ready_in(TransactionStatus::Failed));
    assert_eq!(client.code(slow), "57014");
    assert_eq!(client.sent(), ["Query(do next)"]);
}
