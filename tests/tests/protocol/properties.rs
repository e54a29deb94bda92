//! Random operations against random bytes, and against transcripts that are nearly right: an outcome or a protocol
//! error, never a panic; nothing grows without bound; whatever was started ends when the connection closes.

use proptest::prelude::*;
use trunkline_core::types::Type;
use trunkline_core::wire::Format;
use trunkline_core::{BatchMode, Connection, Error, OperationId, QueryOptions, StatementMode};
use trunkline_tests::backend::catalog::MOOD;
use trunkline_tests::chunking;
use trunkline_tests::client::{Client, config};
use trunkline_tests::faults;
use trunkline_tests::messages as m;
use trunkline_tests::pair::Pair;

/// What a caller does.
#[derive(Debug, Clone)]
enum Action {
    Query(usize),
    Echo(i32),
    Mood,
    Reload,
    CatalogFails(bool),
    Simple(usize),
    Begin,
    Control(bool),
    Prologue,
    Prepare(usize),
    Portal(usize, u32),
    Fetch(usize, u32),
    Close(usize),
    Batch(bool, Vec<usize>),
    Copy(bool),
    CopyData(usize, usize),
    CopyBad(usize),
    CopyEnd(usize, bool),
    Forget(usize),
    Abandon(usize),
    Cancel,
    CancelUnwanted,
    CancelClosed,
    Timeout,
    Take(bool),
    Serve,
    Bytes(Vec<u8>),
    Message(u8, Vec<u8>),
}

const SQL: [&str; 21] = [
    "select 1",
    "select 1/0",
    "do fail",
    "insert a",
    "insert deferred",
    "select acl",
    "select generate_series(1, 20)",
    "begin",
    "commit",
    "rollback",
    "copy t from stdin",
    "copy t to stdout",
    "selec",
    "deallocate all",
    "select mood",
    "select mood times 20",
    "select weather",
    "select pair",
    "select pairs times 3",
    "select blind",
    "alter type pair",
];

const TAGS: &[u8] = b"RKZSNAEvTDCInst123GHWdcV?";

fn sensible() -> impl Strategy<Value = Action> {
    prop_oneof![
        6 => (0..SQL.len()).prop_map(Action::Query),
        3 => any::<i32>().prop_map(Action::Echo),
        2 => Just(Action::Mood),
        1 => Just(Action::Reload),
        1 => any::<bool>().prop_map(Action::CatalogFails),
        2 => (0..SQL.len()).prop_map(Action::Simple),
        2 => Just(Action::Begin),
        2 => any::<bool>().prop_map(Action::Control),
        1 => Just(Action::Prologue),
        1 => (0..SQL.len()).prop_map(Action::Prepare),
        2 => (0..SQL.len(), 0..4_u32).prop_map(|(sql, rows)| Action::Portal(sql, rows)),
        2 => (0..8_usize, 0..8_u32).prop_map(|(nth, rows)| Action::Fetch(nth, rows)),
        1 => (0..8_usize).prop_map(Action::Close),
        2 => (any::<bool>(), prop::collection::vec(0..SQL.len(), 0..4)).prop_map(|(fail, of)| Action::Batch(fail, of)),
        2 => any::<bool>().prop_map(Action::Copy),
        3 => (0..8_usize, 0..40_000_usize).prop_map(|(nth, length)| Action::CopyData(nth, length)),
        1 => (0..8_usize).prop_map(Action::CopyBad),
        2 => (0..8_usize, any::<bool>()).prop_map(|(nth, well)| Action::CopyEnd(nth, well)),
        2 => (0..8_usize).prop_map(Action::Forget),
        2 => (0..8_usize).prop_map(Action::Abandon),
        1 => Just(Action::Cancel),
        1 => Just(Action::CancelUnwanted),
        2 => Just(Action::CancelClosed),
        1 => Just(Action::Timeout),
        1 => any::<bool>().prop_map(Action::Take),
        4 => Just(Action::Serve),
    ]
}

fn hostile() -> impl Strategy<Value = Action> {
    prop_oneof![
        2 => sensible(),
        1 => prop::collection::vec(any::<u8>(), 0..20).prop_map(Action::Bytes),
        3 => (prop::sample::select(TAGS), prop::collection::vec(0..4_u8, 0..12))
            .prop_map(|(tag, body)| Action::Message(tag, body)),
        2 => prop::sample::select(well_formed()).prop_map(Action::Bytes),
    ]
}

fn well_formed() -> Vec<Vec<u8>> {
    vec![
        m::parsed(),
        m::bound(),
        m::columns(&[("n", Type::INT4)], Format::Binary),
        m::columns(&[("m", Type::from_oid(MOOD))], Format::Binary),
        m::parameters(&[Type::from_oid(MOOD)]),
        m::no_data(),
        m::parameters(&[]),
        m::parameters(&[Type::INT4]),
        m::row(&[None]),
        m::complete("SELECT 1"),
        m::ready(),
        m::error("26000", "gone"),
        m::error("22012", "division by zero"),
        m::copy_in(),
        m::copy_out(),
        m::closed(),
        m::empty(),
    ]
}

/// Does what is asked, as far as it can be, and keeps the ids of what was started and not forgotten.
fn act(pair: &mut Pair, ids: &mut Vec<OperationId>, action: &Action) {
    let client = &mut pair.client;
    let options = QueryOptions::default();
    let now = client.now;
    match action {
        Action::Query(sql) => ids.extend(client.query_with(SQL[*sql], &options, ())),
        Action::Echo(n) => ids.extend(client.query_with("select $1::int4", &options, (*n,))),
        Action::Mood => ids.extend(client.query_with("select $1::mood", &options, ("sad",))),
        Action::Reload => client.connection.reload_types(),
        Action::CatalogFails(fails) => pair.backend.catalog.fails = *fails,
        Action::Simple(sql) => {
            if let Ok(id) = client.connection.simple_query(now, SQL[*sql]) {
                client.remember(id, None);
                ids.push(id);
            }
        }
        Action::Begin => drop(client.connection.begin("begin")),
        Action::Control(commits) => {
            drop(client.connection.control(if *commits { "commit" } else { "rollback" }));
        }
        // It would end a transaction of ours, and is for those who have none.
        Action::Prologue if client.connection.is_idle() => {
            client.connection.set_prologue("".into(), std::time::Duration::from_secs(3600));
        }
        Action::Prologue => {}
        Action::Prepare(sql) => {
            if let Ok(id) = client.connection.prepare(now, SQL[*sql], &[]) {
                client.remember(id, None);
                ids.push(id);
            }
        }
        Action::Batch(fails_fast, statements) => {
            let mode = if *fails_fast { BatchMode::FailFast } else { BatchMode::ContinueOnError };
            let Ok(mut batch) = client.connection.batch(now, mode) else { return };
            for sql in statements {
                let _ = batch.query(SQL[*sql], &options, &());
            }
            for id in batch.finish() {
                client.remember(id, None);
                ids.push(id);
            }
        }
        Action::Portal(sql, rows) => {
            if let Ok(id) = client.connection.portal(now, SQL[*sql], &options, 0, *rows) {
                client.remember(id, None);
                ids.push(id);
                client.poll();
            }
        }
        Action::Fetch(nth, rows) => {
            if let Some(id) = suspended(client, ids, *nth) {
                assert!(client.connection.fetch(now, id, *rows).is_ok());
            }
        }
        Action::Close(nth) => {
            if let Some(id) = suspended(client, ids, *nth) {
                assert!(client.connection.close_portal(id).is_ok());
            }
        }
        Action::Copy(true) => ids.extend(client.connection.copy_in(now, "copy t from stdin", None)),
        Action::Copy(false) => ids.extend(client.connection.copy_out(now, "copy 30 to stdout", None)),
        Action::CopyData(nth, length) => {
            copy(client, ids, *nth, |connection, id| connection.copy_data(id, vec![b'x'; *length].into()));
        }
        Action::CopyBad(nth) => {
            copy(client, ids, *nth, |connection, id| connection.copy_data(id, (&b"bad\n"[..]).into()));
        }
        Action::CopyEnd(nth, true) => copy(client, ids, *nth, Connection::copy_done),
        Action::CopyEnd(nth, false) => {
            copy(client, ids, *nth, |connection, id| connection.copy_fail(id, "no more"));
        }
        Action::Forget(nth) => {
            if !ids.is_empty() {
                let id = ids.remove(nth % ids.len());
                client.forget(id);
            }
        }
        Action::Abandon(nth) => {
            if !ids.is_empty() {
                let id = ids.remove(nth % ids.len());
                client.abandon(id);
            }
        }
        Action::Cancel => drop(client.connection.cancel(now)),
        Action::CancelUnwanted => drop(client.connection.cancel_unwanted(now)),
        Action::CancelClosed => {
            client.connection.cancel_closed(now);
            client.poll();
        }
        Action::Timeout => {
            // A channel that never closes is another matter.
            act(pair, ids, &Action::CancelClosed);
            pair.client.pass(std::time::Duration::from_secs(1));
        }
        Action::Take(takes) => {
            client.takes = *takes;
            if *takes {
                ids.iter().for_each(|id| client.take_rows(*id));
                catch_up(client, ids);
            }
        }
        Action::Serve => pair.run(),
        Action::Bytes(bytes) => client.feed(bytes),
        Action::Message(tag, body) => client.feed(&m::raw(*tag, body)),
    }
}

/// A portal that waits for its caller, if there is one.
fn suspended(client: &Client, ids: &[OperationId], nth: usize) -> Option<OperationId> {
    let waiting: Vec<_> = ids.iter().copied().filter(|id| client.connection.is_suspended(*id)).collect();
    waiting.get(nth % waiting.len().max(1)).copied()
}

/// Does something to an operation that may be a COPY that takes data, or not.
fn copy(
    client: &mut Client,
    ids: &[OperationId],
    nth: usize,
    act: impl Fn(&mut Connection, OperationId) -> Result<(), Error>,
) {
    if !ids.is_empty() {
        let _ = act(&mut client.connection, ids[nth % ids.len()]);
    }
}

/// Takes the outcomes whose events came while nothing was taken.
fn catch_up(client: &mut Client, ids: &[OperationId]) {
    use trunkline_core::Event::Finished;
    let finished: Vec<OperationId> = ids
        .iter()
        .copied()
        .filter(|id| client.outcome(*id).is_none() && client.events.contains(&Finished(*id)))
        .collect();
    finished.into_iter().for_each(|id| client.take_outcome(id));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases()) })]

    #[test]
    fn with_a_server_that_behaves_every_operation_ends_and_the_connection_lives(
        actions in prop::collection::vec(sensible(), 1..40),
        chunk in prop::sample::select(&chunking::SIZES[..]),
        (unnamed, pipeline) in any::<(bool, bool)>(),
    ) {
        let mode = if unnamed { StatementMode::Unnamed } else { StatementMode::Named };
        let mut pair = Pair::open_with(&config().statement_mode(mode).pipeline(pipeline));
        pair.chunk = chunk;
        pair.hands_on = unnamed;
        let mut ids = Vec::new();
        for action in &actions {
            act(&mut pair, &mut ids, action);
        }
        act(&mut pair, &mut ids, &Action::Take(true));
        pair.run();
        // As many channels as there can be; and one that takes data, or a portal that waits, keeps the others waiting until
        // somebody ends it.
        for _ in 0..ids.len().max(actions.len()) {
            (0..ids.len()).for_each(|nth| act(&mut pair, &mut ids, &Action::CopyEnd(nth, true)));
            act(&mut pair, &mut ids, &Action::CancelClosed);
            while let Some(id) = suspended(&pair.client, &ids, 0) {
                pair.client.connection.close_portal(id).unwrap();
                pair.run();
            }
            pair.run();
        }
        act(&mut pair, &mut ids, &Action::Take(true));
        prop_assert!(!pair.client.connection.is_cancelling());
        prop_assert!(pair.client.connection.error().is_none(), "{:?}", pair.client.connection.error());
        for id in &ids {
            prop_assert!(pair.client.outcome(*id).is_some(), "{id:?} has not ended");
        }
        prop_assert!(pair.client.connection.is_idle());
        prop_assert_eq!(pair.client.connection.unread(), 0);
        prop_assert!(format!("{:?}", pair.client.connection).contains("withheld: 0,"), "nothing is kept back");
        prop_assert!(!pair.client.connection.wants_write());
    }

    #[test]
    fn whatever_comes_it_is_taken_or_breaks_the_protocol(
        actions in prop::collection::vec(hostile(), 1..40),
    ) {
        let mut pair = Pair::open();
        let mut ids = Vec::new();
        for action in &actions {
            let before = pair.client.connection.outbox().len();
            act(&mut pair, &mut ids, action);
            if matches!(action, Action::Bytes(_) | Action::Message(..)) {
                // What comes may let what waited go, and be answered by a few small messages of our own; or by two
                // questions for types, one before what waited and one behind it.
                let grown = pair.client.connection.outbox().len().saturating_sub(before);
                let most = 200 * (ids.len() + actions.len()) + 2 * 3000;
                prop_assert!(grown <= most, "{grown} bytes for {action:?}");
            }
        }
        act(&mut pair, &mut ids, &Action::Take(true));
        pair.client.eof();
        catch_up(&mut pair.client, &ids);
        for id in &ids {
            prop_assert!(pair.client.outcome(*id).is_some(), "{id:?} has not ended");
        }
        prop_assert!(matches!(pair.client.connection.error(), Some(Error::Closed(_))));
        prop_assert_eq!(pair.client.connection.poll_timeout(), None);
    }

    #[test]
    fn a_transcript_that_is_bent_is_taken_or_breaks_the_protocol(
        nth in 0..24_usize,
        at in 0..400_usize,
        byte in any::<u8>(),
        tag in prop::sample::select(TAGS),
        length in prop_oneof![0..64_u32, any::<u32>()],
        kind in 0..6_usize,
    ) {
        let plain = transcript();
        let bent = match kind {
            0 => faults::cut(&plain, at),
            1 => faults::garble(&plain, at, byte),
            2 => faults::wrong_tag(&plain, nth, tag),
            3 => faults::lying_length(&plain, nth, length),
            4 => faults::without(&plain, nth),
            _ => faults::twice(&plain, nth),
        };
        let whole = chunking::every(|size| {
            let mut client = Client::new(&config());
            client.feed_in(&bent[..bent.len().min(WELCOME)], size);
            if !client.connection.is_ready() {
                client.eof();
                return client.summary();
            }
            for sql in ["select 1", "select 1/0"] {
                client.query(sql, ());
            }
            client.simple("select 1; insert a");
            client.feed_in(&bent[bent.len().min(WELCOME)..], size);
            client.eof();
            client.summary()
        });
        prop_assert!(whole.error.is_some());
        prop_assert!(whole.operations.iter().all(|(_, outcome, _)| outcome.starts_with("Some")));
    }
}

/// How long the part of [`transcript`] is that opens the session.
const WELCOME: usize = 9 + 25 + 18 + 13 + 6;

fn transcript() -> Vec<u8> {
    let columns = |format| m::columns(&[("n", Type::INT4)], format);
    let welcome = m::welcome();
    assert_eq!(welcome.len(), WELCOME);
    [
        welcome,
        m::parsed(),
        m::bound(),
        columns(Format::Binary),
        m::row(&[Some(&[0, 0, 0, 1])]),
        m::row(&[None]),
        m::complete("SELECT 2"),
        m::ready(),
        m::parsed(),
        m::error("22012", "division by zero"),
        m::ready(),
        columns(Format::Text),
        m::row(&[Some(b"1")]),
        m::notice("look"),
        m::complete("SELECT 1"),
        m::complete("INSERT 0 1"),
        m::ready(),
    ]
    .concat()
}

/// `PROPTEST_CASES` asks for more.
fn cases() -> u32 {
    ProptestConfig::default().cases.max(512)
}
