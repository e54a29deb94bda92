use trunkline_core::error::CloseReason;
use trunkline_core::types::Type;
use trunkline_core::wire::Format;
use trunkline_core::{Error, Event, OperationId};
use trunkline_tests::client::{Client, config};
use trunkline_tests::faults;
use trunkline_tests::messages as m;
use trunkline_tests::pair::Pair;

#[track_caller]
fn may_have_run(client: &Client, id: OperationId) -> bool {
    let error = client.error(id);
    let Error::Closed(closed) = error else { panic!("not closed: {error}") };
    assert_eq!(closed.may_have_run, !error.safe_to_retry());
    closed.may_have_run
}

fn answer() -> Vec<u8> {
    [
        m::parsed(),
        m::bound(),
        m::columns(&[("n", Type::INT4)], Format::Binary),
        m::row(&[Some(&[0, 0, 0, 1])]),
        m::complete("SELECT 1"),
        m::ready(),
    ]
    .concat()
}

#[test]
fn a_stream_cut_anywhere_ends_every_operation() {
    let answers = [answer(), answer()].concat();
    for at in 0..=answers.len() {
        let mut client = Client::open();
        let ids = [(); 2].map(|()| client.query("select 1", ()));
        client.take_sent();
        client.feed(&faults::cut(&answers, at));
        client.eof();
        for (nth, id) in ids.into_iter().enumerate() {
            let done = at >= answer().len() * (nth + 1);
            match client.outcome(id) {
                Some(Ok(_)) => assert!(done, "cut at {at}"),
                Some(Err(_)) => assert!(!done && may_have_run(&client, id), "cut at {at}"),
                None => panic!("cut at {at}: no outcome"),
            }
        }
        assert_eq!(client.events.last(), Some(&Event::Closed));
        assert!(client.connection.poll_timeout().is_none() && !client.connection.wants_read());
    }
}

#[test]
fn what_was_not_sent_cannot_have_run() {
    let mut client = Client::open();
    let sent = client.query("select 1", ());
    client.take_sent();
    let unsent = client.query("select 2", ());
    let simple = client.simple("select 3");
    client.eof();
    assert!(may_have_run(&client, sent));
    assert!(!may_have_run(&client, unsent));
    assert!(!may_have_run(&client, simple));
}

#[test]
fn what_was_only_described_cannot_have_run() {
    let described = [m::parsed(), m::parameters(&[Type::INT4]), m::no_data()].concat();
    for (bytes, binds, runs) in
        [(0, true, false), (described.len(), false, false), (described.len(), true, true)]
    {
        let mut client = Client::open();
        client.binds = binds;
        let id = client.query("insert $1", (1_i32,));
        let waiting = client.query("insert a", ());
        client.take_sent();
        client.feed(&described[..bytes]);
        if binds && bytes > 0 {
            // Bound and not yet sent, and then sent.
            client.take_sent();
        }
        client.eof();
        assert_eq!(may_have_run(&client, id), runs);
        assert!(!may_have_run(&client, waiting));
    }
    let mut client = Client::open();
    let id = client.query("insert $1", (1_i32,));
    client.take_sent();
    client.feed(&described);
    client.eof();
    assert!(!may_have_run(&client, id), "its Bind was not sent");
}

#[test]
fn what_waits_behind_a_copy_cannot_have_run() {
    let mut client = Client::open();
    let copy = client.query("copy t from stdin", ());
    let waiting = client.query("insert a", ());
    let simple = client.simple("insert b");
    client.take_sent();
    client.feed(&[m::parsed(), m::bound(), m::no_data(), m::copy_in()].concat());
    assert_eq!(client.sent(), ["CopyFail", "Sync"]);
    client.eof();
    assert!(may_have_run(&client, copy));
    assert!(!may_have_run(&client, waiting) && !may_have_run(&client, simple));
}

#[test]
fn a_batch_that_waits_cannot_have_run() {
    let mut client = Client::open();
    client.query("select $1::int4", (1_i32,));
    let mut batch = client.connection.batch(client.now, Default::default()).unwrap();
    for sql in ["insert a", "insert b"] {
        batch.query(sql, &Default::default(), &()).unwrap();
    }
    let ids = batch.finish();
    ids.iter().for_each(|id| client.remember(*id, None));
    client.take_sent();
    client.eof();
    assert!(ids.iter().all(|id| !may_have_run(&client, *id)));
}

#[test]
fn success_counts_only_with_ready_for_query() {
    let mut client = Client::open();
    let id = client.query("select 1", ());
    client.take_sent();
    let answer = answer();
    client.feed(&answer[..answer.len() - 6]);
    client.eof();
    assert!(may_have_run(&client, id), "the commit may have failed");
    assert_eq!(client.rows(id).len(), 1);
}

#[test]
fn a_servers_error_stays_what_it_is() {
    let mut client = Client::open();
    let id = client.query("select 1", ());
    client.take_sent();
    client.feed(&m::error("23505", "duplicate"));
    client.eof();
    assert_eq!(client.code(id), "23505");
}

#[test]
fn a_killed_session_tells_the_server_s_reason_to_all() {
    let mut pair = Pair::open();
    pair.backend.kill();
    let id = pair.client.query("select 1", ());
    pair.run();
    assert_eq!(pair.client.code(id), "57P01");
    let later = pair.client.connection.simple_query(pair.client.now, "select 1").unwrap_err();
    assert_eq!(later.sqlstate().unwrap().as_str(), "57P01");
    assert!(later.safe_to_retry(), "nothing of it was sent");
}

#[test]
fn a_session_can_be_killed_in_any_step() {
    let answer = answer();
    let mut starts = faults::messages(&answer);
    starts.push(answer.len());
    for at in starts {
        let mut client = Client::open();
        let ids = [client.query("select 1", ()), client.query("select 2", ())];
        client.take_sent();
        client.feed(&answer[..at]);
        client.feed(&m::fatal("57P01", "terminating connection"));
        client.eof();
        let reason = client.connection.error().unwrap();
        assert_eq!(reason.sqlstate().unwrap().as_str(), "57P01", "after {at}");
        assert!(ids.iter().all(|id| client.outcome(*id).is_some()));
    }
    let mut client = Client::open();
    let id = client.simple("select 1/0");
    client.take_sent();
    client.feed(&[m::error("22012", "division by zero"), m::fatal("57P01", "terminating")].concat());
    assert_eq!(client.code(id), "22012");
    assert_eq!(client.connection.error().unwrap().sqlstate().unwrap().as_str(), "57P01");
}

#[test]
fn a_statement_that_kills_its_own_session() {
    let mut pair = Pair::open();
    let id = pair.client.query("select pg_terminate_backend()", ());
    pair.run();
    assert_eq!(pair.client.code(id), "57P01");
    assert!(!pair.client.error(id).safe_to_retry());
    assert!(pair.client.connection.is_closed());
}

#[test]
fn terminate_says_good_bye_and_closes() {
    let mut pair = Pair::open();
    let id = pair.client.query("select 1", ());
    pair.client.connection.terminate();
    pair.client.poll();
    assert!(!may_have_run(&pair.client, id));
    pair.run();
    assert_eq!(pair.sent(), ["Terminate"]);
    assert!(pair.backend.is_over());
    let error = pair.client.connection.error().unwrap();
    assert!(matches!(&error, Error::Closed(closed) if matches!(closed.reason, CloseReason::Caller)));
    pair.client.connection.terminate();
    assert!(!pair.client.connection.wants_write());
}

#[test]
fn a_transport_that_fails_is_told_as_such() {
    let mut client = Client::open();
    client.connection.handle_transport_error("connection reset by peer");
    client.poll();
    assert!(client.connection.error().unwrap().to_string().contains("connection reset by peer"));
}

#[test]
fn a_closed_connection_gives_its_error_for_ever_and_takes_nothing() {
    let mut client = Client::open();
    client.eof();
    client.eof();
    client.connection.handle_transport_error("later");
    client.feed(&answer());
    assert_eq!(client.events, [Event::Closed]);
    let now = client.now;
    for error in [
        client.connection.query(now, "select 1", &Default::default(), &()).unwrap_err(),
        client.connection.simple_query(now, "select 1").unwrap_err(),
        client.connection.prepare(now, "select 1", &[]).unwrap_err(),
        client.connection.batch(now, Default::default()).map(|_| ()).unwrap_err(),
    ] {
        assert!(matches!(&error, Error::Closed(closed) if matches!(closed.reason, CloseReason::Eof)));
        assert!(error.safe_to_retry());
    }
    assert!(!client.connection.wants_write());
}

#[test]
fn the_stream_can_end_before_the_session_is_open() {
    let welcome = m::welcome();
    for at in 0..welcome.len() {
        let mut client = Client::new(&config());
        client.feed(&welcome[..at]);
        client.eof();
        assert!(client.connection.is_closed() && !client.connection.is_ready());
        assert_eq!(client.events, [Event::Closed]);
    }
}
