//! When types cannot be learned, they stay unknown, and nothing else changes.

use trunkline_core::types::Type;
use trunkline_core::wire::Format;
use trunkline_core::{Error, Event, OperationId, Outcome, QueryOptions, Statement, TransactionStatus};
use trunkline_tests::backend::catalog::MOOD;
use trunkline_tests::client::Client;
use trunkline_tests::messages as m;
use trunkline_tests::pair::Pair;
use trunkline_tests::script::Script;

use super::{INTROSPECTION, custom, happy, mood};

fn prepared(pair: &Pair, id: OperationId) -> Statement {
    match pair.client.outcome(id) {
        Some(Ok(Outcome::Prepared(statement))) => statement.clone(),
        other => panic!("not prepared: {other:?}"),
    }
}

#[test]
fn when_the_catalog_cannot_be_read_it_is_as_if_there_were_none() {
    for block in [false, true] {
        let mut pair = Pair::open();
        pair.backend.catalog.fails = true;
        if block {
            pair.client.query("begin", ());
            pair.run();
        }
        pair.client.query("insert a", ());
        for round in 1..4 {
            let blind = pair.client.query("select mood", ());
            pair.run();
            let bound = pair.client.query("select $1::mood", ("happy",));
            pair.run();
            let described = pair.client.prepare("select mood");
            pair.run();
            for id in [blind, bound] {
                assert_eq!(pair.client.rows(id), [happy()]);
                assert_eq!(pair.client.types(id), ["type with OID 70000"]);
            }
            assert!(!prepared(&pair, described).columns().unwrap().get(0).unwrap().type_.is_known());
            // And it is tried again each time.
            assert_eq!(pair.backend.catalog.introspections.len(), 3 * round);
        }
        let status = if block { TransactionStatus::InBlock } else { TransactionStatus::Idle };
        assert_eq!(pair.client.connection.transaction_status(), status);
        pair.backend.catalog.fails = false;
        let blind = pair.client.query("select mood", ());
        pair.run();
        assert_eq!(pair.client.types(blind), ["mood"]);
        if block {
            pair.client.query("commit", ());
            pair.run();
        }
        assert_eq!(pair.backend.committed, ["a"]);
    }
}

#[test]
fn a_type_that_is_not_in_the_catalog_is_asked_for_once_for_each_statement() {
    let mut pair = Pair::open();
    pair.backend.catalog.is_empty = true;
    for _ in 0..4 {
        let id = pair.client.query("select mood", ());
        pair.run();
        assert_eq!(
            (pair.client.rows(id), pair.client.types(id)),
            (&[happy()][..], vec!["type with OID 70000".into()])
        );
    }
    assert_eq!(pair.backend.catalog.introspections.len(), 1);
    assert_eq!(pair.client.learned, 0);
}

#[test]
fn one_that_is_forgotten_or_too_late_does_not_keep_the_others() {
    let mut client = Client::open();
    let forgotten = client.query("select mood", ());
    let options =
        QueryOptions { timeout: Some(std::time::Duration::from_secs(1)), ..QueryOptions::default() };
    let late = client.query_with("select mood", &options, ()).unwrap();
    let bound = client.query_with("select $1::mood", &options, ("happy",)).unwrap();
    let last = client.query("select $1::mood", ("happy",));
    client.take_sent();
    let answer = [m::parsed(), m::bound(), custom(MOOD, Format::Binary), m::row(&[Some(b"happy")])].concat();
    let answer = [answer, m::complete("SELECT 1"), m::ready()].concat();
    client.feed(&[answer.clone(), answer].concat());
    client.forget(forgotten);
    client.pass(std::time::Duration::from_secs(2));
    assert!(
        matches!(client.error(late), Error::Timeout(..)) && matches!(client.error(bound), Error::Timeout(..))
    );
    client.take_sent();
    let described =
        [m::parsed(), m::parameters(&[Type::from_oid(MOOD)]), custom(MOOD, Format::Text)].concat();
    client.feed(&[described, m::ready(), mood()].concat());
    let sent = client.sent();
    assert_eq!(sent[1], "Bind(named, 1 b→b)", "{sent:?}");
    let answer = [m::parsed(), m::bound(), custom(MOOD, Format::Binary), m::row(&[Some(b"happy")])].concat();
    client.feed(&[answer, m::complete("SELECT 1"), m::ready()].concat());
    assert_eq!((client.rows(last), client.types(last)), (&[happy()][..], vec!["mood".into()]));
    assert!(client.connection.is_idle());
    assert_eq!(client.connection.unread(), 0);
}

#[test]
fn a_connection_that_ends_meanwhile_gives_what_it_has() {
    let answer = [
        m::parsed(),
        m::bound(),
        custom(MOOD, Format::Binary),
        m::row(&[Some(b"happy")]),
        m::complete("SELECT 1"),
        m::ready(),
    ];
    let summary = Script::new()
        .expect(&[
            "Parse(unnamed: select mood [])",
            "Bind(unnamed, 0 b→b)",
            "Describe(portal)",
            "Execute",
            "Sync",
        ])
        .send(&answer)
        .expect(&INTROSPECTION)
        .eof()
        .run(|client| {
            client.query("select mood", ());
        });
    let (rows, outcome, types) = &summary.operations[0];
    // It ran, and was committed.
    assert_eq!((rows, &types[..]), (&vec![happy()], &["type with OID 70000".to_string()][..]));
    assert!(outcome.contains("SELECT 1"), "{outcome}");
    assert!(matches!(summary.events[..], [Event::Finished(_), Event::Closed]), "{:?}", summary.events);
}
