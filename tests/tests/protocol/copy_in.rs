use std::time::Duration;

use bytes::Bytes;
use trunkline_core::wire::Format;
use trunkline_core::{Error, Event, OperationId};
use trunkline_tests::chunking;
use trunkline_tests::client::{Client, config};
use trunkline_tests::messages as m;
use trunkline_tests::pair::Pair;

const COPY: &str = "copy t from stdin";

/// A COPY for whose data the server waits.
fn begun(pair: &mut Pair) -> OperationId {
    let id = pair.client.copy_in(COPY);
    pair.run();
    assert!(pair.client.events.contains(&Event::CopyBegun(id)));
    pair.sent();
    id
}

fn give(pair: &mut Pair, id: OperationId, data: &'static [u8]) {
    pair.client.connection.copy_data(id, Bytes::from_static(data)).unwrap();
}

/// A client that waits for the answer to what it has sent.
fn waiting() -> (Client, OperationId) {
    let mut client = Client::open();
    let id = client.copy_in(COPY);
    assert_eq!(
        client.sent(),
        ["Parse(unnamed: copy t from stdin [])", "Bind(unnamed, 0 b→)", "Execute", "Flush"]
    );
    (client, id)
}

fn open() -> (Client, OperationId) {
    let (mut client, id) = waiting();
    client.feed(&[m::parsed(), m::bound(), m::copy_in()].concat());
    assert_eq!(client.events, [Event::CopyBegun(id)]);
    (client, id)
}

#[test]
fn data_goes_between_neighbours_that_wait_for_it() {
    chunking::every(|size| {
        let mut pair = Pair::open();
        pair.chunk = size;
        let before = pair.client.query("insert a", ());
        let copy = pair.client.copy_in(COPY);
        let after = pair.client.query("insert b", ());
        let described = pair.client.query("select $1::int4", (7_i32,));
        pair.run();
        assert_eq!(pair.backend.committed, ["a"], "what comes behind waits");
        assert!(pair.client.outcome(after).is_none());
        let layout = pair.client.connection.copy_layout(copy).unwrap();
        assert_eq!((layout.format, layout.columns), (Format::Text, 1));
        give(&mut pair, copy, b"1\n");
        give(&mut pair, copy, b"2");
        give(&mut pair, copy, b"\n");
        assert!(pair.client.connection.is_held_by_copy(), "those that wait may lose their patience");
        pair.client.connection.copy_done(copy).unwrap();
        assert!(!pair.client.connection.is_held_by_copy());
        pair.run();
        assert_eq!(pair.client.tag(copy).rows(), 2);
        assert_eq!(pair.client.tag(before).rows() + pair.client.tag(after).rows(), 2);
        assert_eq!(pair.client.rows(described).len(), 1);
        assert_eq!(pair.backend.committed, ["a", "copy 1\n2\n", "b"]);
        assert!(pair.client.connection.is_idle());
        pair.client.summary()
    });
}

#[test]
fn short_pieces_are_gathered_and_long_ones_are_not_copied() {
    let mut pair = Pair::open();
    let id = begun(&mut pair);
    for _ in 0..70 {
        pair.client.connection.copy_data(id, Bytes::from(vec![b'x'; 1000])).unwrap();
    }
    let long = Bytes::from(vec![b'y'; 3 << 20]);
    pair.client.connection.copy_data(id, long.clone()).unwrap();
    let places: Vec<*const u8> = pair.client.connection.outbox().chunks().map(<[u8]>::as_ptr).collect();
    assert!(places.contains(&long.as_ptr()), "the piece itself waits to be sent");
    give(&mut pair, id, b"end\n");
    pair.client.connection.copy_flush(id).unwrap();
    pair.client.connection.copy_flush(id).unwrap();
    pair.client.connection.copy_done(id).unwrap();
    pair.run();
    let mib = "CopyData(1048576)";
    let sent = ["CopyData(65000)", "CopyData(5000)", mib, mib, mib, "CopyData(4)", "CopyDone", "Sync"];
    assert_eq!(pair.sent(), sent);
    assert_eq!(pair.client.tag(id).rows(), 1);
}

#[test]
fn a_copy_that_is_given_up_is_undone() {
    chunking::every(|size| {
        let mut pair = Pair::open();
        pair.chunk = size;
        let id = begun(&mut pair);
        give(&mut pair, id, b"1\n");
        pair.client.connection.copy_fail(id, "the source has failed").unwrap();
        let next = pair.client.query("insert a", ());
        pair.run();
        assert_eq!(pair.client.code(id), "57014");
        assert!(pair.client.error(id).to_string().contains("the source has failed"));
        assert_eq!(pair.sent()[..2], ["CopyFail", "Sync"]);
        assert_eq!(pair.client.tag(next).rows(), 1);
        assert_eq!(pair.backend.committed, ["a"]);
        assert!(pair.client.connection.is_idle());
    });
}

#[test]
fn a_reason_with_a_nul_is_refused_and_the_copy_goes_on() {
    let mut pair = Pair::open();
    let id = begun(&mut pair);
    assert!(pair.client.connection.copy_fail(id, "a\0b").is_err());
    give(&mut pair, id, b"1\n");
    pair.client.connection.copy_done(id).unwrap();
    pair.run();
    assert_eq!(pair.client.tag(id).rows(), 1);
}

#[test]
fn data_sent_before_the_failure_was_noticed_is_parsed_past() {
    chunking::every(|size| {
        let mut pair = Pair::open();
        pair.chunk = size;
        let id = begun(&mut pair);
        give(&mut pair, id, b"bad\n");
        pair.client.connection.copy_flush(id).unwrap();
        for _ in 0..5 {
            // None of it has been heard of yet.
            give(&mut pair, id, b"more\n");
            pair.client.connection.copy_flush(id).unwrap();
        }
        pair.client.connection.copy_done(id).unwrap();
        let next = pair.client.query("insert a", ());
        pair.run();
        assert_eq!(pair.client.code(id), "22P02");
        assert_eq!(pair.client.tag(next).rows(), 1);
        assert_eq!(pair.backend.committed, ["a"]);
        assert_eq!(pair.sent().iter().filter(|word| *word == "Sync").count(), 2);
        assert!(pair.client.connection.is_idle());
    });
}

#[test]
fn once_the_failure_is_known_data_goes_nowhere() {
    let (mut client, id) = open();
    client.takes = false;
    client.connection.copy_data(id, Bytes::from_static(b"1\n")).unwrap();
    client.feed(&m::error("23505", "duplicate key"));
    assert_eq!(client.sent(), ["Sync"]);
    assert!(!client.connection.can_accept_copy_data(id));
    client.connection.copy_data(id, vec![b'x'; 100_000].into()).unwrap();
    client.connection.copy_done(id).unwrap();
    client.connection.copy_fail(id, "too late").unwrap();
    assert_eq!(client.sent(), Vec::<String>::new());
    client.feed(&m::ready());
    client.take_outcome(id);
    assert_eq!(client.code(id), "23505");
    assert!(client.connection.copy_data(id, Bytes::from_static(b"1\n")).is_err());
    assert!(client.connection.is_idle());
}

#[test]
fn one_that_fails_before_it_begins_is_ended_by_a_sync() {
    for before in [vec![], m::parsed(), [m::parsed(), m::bound()].concat()] {
        let (mut client, id) = waiting();
        let next = client.query("insert a", ());
        client.feed(&[before, m::error("42P01", "no such table")].concat());
        assert_eq!(client.sent(), ["Sync"]);
        client.feed(&m::ready());
        assert_eq!(client.code(id), "42P01");
        client.sent();
        client.feed(&[m::parsed(), m::parameters(&[]), m::no_data()].concat());
        client.feed(&[m::bound(), m::complete("INSERT 0 1"), m::ready()].concat());
        assert_eq!(client.tag(next).rows(), 1);
    }
}

#[test]
fn data_is_for_a_copy_that_is_open() {
    let (mut client, id) = waiting();
    let data = || Bytes::from_static(b"1\n");
    assert!(matches!(client.connection.copy_data(id, data()), Err(Error::Usage(_))), "it has not begun");
    assert!(client.connection.copy_done(id).is_err());
    client.feed(&[m::parsed(), m::bound(), m::copy_in()].concat());
    client.connection.copy_data(id, data()).unwrap();
    client.connection.copy_done(id).unwrap();
    assert_eq!(client.sent(), ["CopyData(2)", "CopyDone", "Sync"]);
    assert!(matches!(client.connection.copy_data(id, data()), Err(Error::Usage(_))), "it has ended");
    client.feed(&[m::complete("COPY 1"), m::ready()].concat());
    assert_eq!(client.tag(id).rows(), 1);
    let query = client.query("select 1", ());
    assert!(client.connection.copy_data(query, data()).is_err());
    let out = client.copy_out("copy t to stdout");
    assert!(client.connection.copy_data(out, data()).is_err());
}

#[test]
fn what_waits_to_be_sent_has_a_mark() {
    let mut settings = config();
    settings.limits.outbox_mark = 100_000;
    settings.limits.pipeline_depth = 3;
    let mut pair = Pair::open_with(&settings);
    let id = begun(&mut pair);
    for _ in 0..10 {
        pair.client.query("insert a", ());
    }
    assert!(!pair.client.connection.can_accept());
    assert!(pair.client.connection.can_accept_copy_data(id), "those that wait for it do not hinder it");
    pair.client.connection.copy_data(id, vec![b'x'; 100_000].into()).unwrap();
    assert!(!pair.client.connection.can_accept_copy_data(id));
    pair.run();
    assert!(pair.client.connection.can_accept_copy_data(id));
    pair.client.connection.copy_done(id).unwrap();
    pair.run();
    assert_eq!(pair.backend.committed.len(), 11);
}

#[test]
fn forgotten_at_any_point_it_is_undone_and_the_connection_goes_on() {
    for steps in 0..12 {
        for data in [true, false] {
            let mut pair = Pair::open();
            pair.chunk = 9;
            let id = pair.client.copy_in(COPY);
            for _ in 0..steps {
                pair.step();
                if data {
                    // Refused while it has not begun.
                    let _ = pair.client.connection.copy_data(id, Bytes::from_static(b"1\n"));
                }
            }
            pair.client.forget(id);
            pair.client.connection.forget(id);
            let next = pair.client.query("insert a", ());
            pair.run();
            assert_eq!(pair.client.tag(next).rows(), 1, "after {steps} steps");
            assert_eq!(pair.backend.committed, ["a"]);
            assert!(pair.client.connection.is_idle());
        }
    }
}

#[test]
fn forgotten_when_its_data_is_complete_it_stays() {
    let mut pair = Pair::open();
    let id = begun(&mut pair);
    give(&mut pair, id, b"1\n");
    pair.client.connection.copy_done(id).unwrap();
    pair.client.forget(id);
    pair.run();
    assert_eq!(pair.backend.committed, ["copy 1\n"]);
    assert!(pair.client.connection.is_idle());
}

#[test]
fn while_it_waits_for_the_wire_nothing_of_it_was_sent() {
    let mut pair = Pair::open();
    let first = begun(&mut pair);
    let second = pair.client.copy_in(COPY);
    pair.client.forget(second);
    pair.client.connection.copy_done(first).unwrap();
    pair.run();
    assert_eq!(pair.backend.heard.iter().filter(|word| *word == "Execute").count(), 1);
    assert!(pair.client.connection.is_idle());
}

#[test]
fn a_deadline_is_for_the_whole_copy() {
    let second = Duration::from_secs(1);
    let mut pair = Pair::open();
    let id = pair.client.connection.copy_in(pair.client.now, COPY, Some(second)).unwrap();
    pair.run();
    give(&mut pair, id, b"1\n");
    pair.client.pass(second);
    assert!(matches!(pair.client.error(id), Error::Timeout(_, limit) if *limit == second));
    let next = pair.client.query("insert a", ());
    pair.run();
    assert_eq!(pair.client.tag(next).rows(), 1);
    assert_eq!(pair.backend.committed, ["a"]);
}

#[test]
fn a_statement_that_is_no_copy_from_stdin_is_refused() {
    for sql in ["insert a", "select generate_series(1, 20)", "copy t to stdout", ""] {
        chunking::every(|size| {
            let mut pair = Pair::open();
            pair.chunk = size;
            let id = pair.client.copy_in(sql);
            let next = pair.client.query("insert b", ());
            pair.run();
            assert!(matches!(pair.client.error(id), Error::Usage(_)), "{sql}");
            assert!(pair.client.error(id).to_string().contains("COPY"), "{sql}");
            assert_eq!(pair.client.tag(next).rows(), 1);
            assert_eq!(pair.client.connection.unread(), 0);
            assert!(pair.client.connection.is_idle());
        });
    }
}

#[test]
fn a_server_that_ends_it_before_its_data_lies() {
    let (mut client, id) = open();
    client.feed(&m::complete("COPY 0"));
    assert!(client.error(id).to_string().contains("before its data did"), "{}", client.error(id));
    assert!(client.connection.is_closed());
}

#[test]
fn a_server_that_says_ready_instead_lies() {
    for lie in
        [m::ready(), m::copy_in(), m::copy_out(), m::raw(b'd', b"1\n"), m::raw(b'c', b""), m::row(&[None])]
    {
        let (mut client, id) = open();
        client.feed(&lie);
        assert!(client.connection.is_closed());
        assert!(matches!(client.error(id), Error::Closed(_)));
    }
    let (mut client, _) = waiting();
    client.feed(&[m::parsed(), m::bound(), m::raw(b'G', &[0, 0, 9])].concat());
    let error = client.connection.error().unwrap().to_string();
    assert!(error.contains("message 'G'"), "{error}");
}

#[test]
fn without_its_end_it_cannot_have_run() {
    let may_have_run = |client: &Client, id| match client.error(id) {
        Error::Closed(closed) => closed.may_have_run,
        other => panic!("{other}"),
    };
    let (mut client, id) = open();
    client.connection.copy_data(id, vec![b'x'; 100_000].into()).unwrap();
    client.take_sent();
    client.eof();
    assert!(!may_have_run(&client, id));
    let (mut client, id) = open();
    client.connection.copy_data(id, vec![b'x'; 100_000].into()).unwrap();
    client.connection.copy_done(id).unwrap();
    client.take_sent();
    client.eof();
    assert!(may_have_run(&client, id));
}

#[test]
fn a_failure_at_commit_is_its_error() {
    let (mut client, id) = open();
    client.connection.copy_done(id).unwrap();
    client.feed(&[m::complete("COPY 0"), m::error("23503", "deferred"), m::ready()].concat());
    assert_eq!(client.code(id), "23503");
}
