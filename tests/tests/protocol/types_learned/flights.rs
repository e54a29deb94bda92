//! What is asked on the wire, and where between the flights of what waits for it.

use trunkline_core::Event;
use trunkline_core::types::Type;
use trunkline_core::wire::Format;
use trunkline_tests::backend::catalog::{MOOD, WEATHER};
use trunkline_tests::client::Client;
use trunkline_tests::messages as m;
use trunkline_tests::pair::Pair;
use trunkline_tests::script::Script;

use super::{INTROSPECTION, count, custom, happy, mood};

#[test]
fn one_flight_and_its_rows_wait_for_the_answer() {
    let blind =
        ["Parse(unnamed: select mood [])", "Bind(unnamed, 0 b→b)", "Describe(portal)", "Execute", "Sync"];
    let row = m::row(&[Some(b"happy")]);
    let described = [m::parsed(), m::bound(), custom(MOOD, Format::Binary)].concat();
    // Whether the rows come before the question was sent or after it.
    for split in [false, true] {
        let rows = [row.clone(), row.clone(), m::complete("SELECT 2"), m::ready()].concat();
        let mut script = Script::new().expect(&blind);
        script = if split {
            script.send(std::slice::from_ref(&described)).expect(&INTROSPECTION).send(&[rows, mood()])
        } else {
            script.send(&[described.clone(), rows]).expect(&INTROSPECTION).send(&[mood()])
        };
        let summary = script.run(|client| {
            client.query("select mood", ());
        });
        let (rows, outcome, types) = &summary.operations[0];
        assert_eq!((rows, types), (&vec![happy(), happy()], &vec!["mood".to_string()]));
        assert!(outcome.contains("SELECT 2"));
        assert!(
            matches!(summary.events[..], [Event::TypesLearned, Event::Finished(_)]),
            "{:?}",
            summary.events
        );
    }
}

#[test]
fn with_parameters_the_describing_flight_is_closed_and_it_is_parsed_again() {
    let described =
        [m::parsed(), m::parameters(&[Type::from_oid(MOOD)]), custom(MOOD, Format::Text)].concat();
    let summary = Script::new()
        .expect(&["Parse(unnamed: select $1::mood [])", "Describe(unnamed)", "Flush"])
        .send(&[described])
        .expect(&["Sync", INTROSPECTION[0], INTROSPECTION[1], INTROSPECTION[2], INTROSPECTION[3]])
        .send(&[m::ready(), mood()])
        .expect(&[
            "Parse(unnamed: select $1::mood [type with OID 70000])",
            "Bind(unnamed, 1 b→b)",
            "Describe(portal)",
            "Execute",
            "Sync",
        ])
        .send(&[m::parsed(), m::bound(), custom(MOOD, Format::Binary), m::row(&[Some(b"happy")])])
        .send(&[m::complete("SELECT 1"), m::ready()])
        .run(|client| {
            client.query("select $1::mood", ("happy",));
        });
    let (rows, _, types) = &summary.operations[0];
    assert_eq!((rows, types), (&vec![happy()], &vec!["mood".to_string()]));
    let events = &summary.events[..];
    assert!(matches!(events, [Event::TypesLearned, Event::Described(_), Event::Finished(_)]), "{events:?}");
}

#[test]
fn to_prepare_learns_too() {
    let described =
        [m::parsed(), m::parameters(&[Type::from_oid(MOOD)]), custom(MOOD, Format::Text)].concat();
    let summary = Script::new()
        .expect(&["Parse(unnamed: select $1::mood [])", "Describe(unnamed)", "Sync"])
        .send(&[described, m::ready()])
        .expect(&INTROSPECTION)
        .send(&[mood()])
        .run(|client| {
            client.prepare("select $1::mood");
        });
    assert!(summary.operations[0].1.contains("parameters: [Type(mood)]"), "{:?}", summary.operations);
    assert!(matches!(summary.events[..], [Event::TypesLearned, Event::Finished(_)]));
}

#[test]
fn while_another_is_described_its_flight_is_closed() {
    let mut client = Client::open();
    client.binds = false;
    let mood_id = client.query("select mood", ());
    let int = client.query("select $1::int4", (5_i32,));
    client.take_sent();
    let described = [m::parsed(), m::bound(), custom(MOOD, Format::Binary)].concat();
    client.feed(&[described, m::row(&[Some(b"happy")]), m::complete("SELECT 1"), m::ready()].concat());
    // The second waits for its description, or has it and was not bound.
    assert_eq!(
        client.sent(),
        ["Sync", INTROSPECTION[0], INTROSPECTION[1], INTROSPECTION[2], INTROSPECTION[3]]
    );
    let columns = m::columns(&[("n", Type::INT4)], Format::Text);
    client.feed(&[m::parsed(), m::parameters(&[Type::INT4]), columns].concat());
    assert!(client.outcome(mood_id).is_none());
    client.feed(&[m::ready(), mood()].concat());
    assert_eq!((client.rows(mood_id), client.types(mood_id)), (&[happy()][..], vec!["mood".into()]));
    client.bind(int);
    assert_eq!(
        client.sent(),
        [
            "Parse(unnamed: select $1::int4 [int4])",
            "Bind(unnamed, 1 b→b)",
            "Describe(portal)",
            "Execute",
            "Sync"
        ]
    );
    let columns = m::columns(&[("n", Type::INT4)], Format::Binary);
    let row = m::row(&[Some(&[0, 0, 0, 5])]);
    client.feed(&[m::parsed(), m::bound(), columns, row, m::complete("SELECT 1"), m::ready()].concat());
    assert_eq!(client.tag(int).rows(), 1);
    assert!(client.connection.is_idle());
}

#[test]
fn the_same_when_the_other_cannot_be_parsed() {
    let mut pair = Pair::open();
    let mood = pair.client.query("select mood", ());
    let wrong = pair.client.query("selec $1", (1,));
    let next = pair.client.query("select $1::int4", (1,));
    pair.run();
    assert_eq!(pair.client.types(mood), ["mood"]);
    assert_eq!(pair.client.code(wrong), "42601");
    assert_eq!(pair.client.tag(next).rows(), 1);
    assert!(pair.client.connection.is_idle());
}

#[test]
fn behind_a_copy_nothing_can_be_asked_in_time() {
    let mut client = Client::open();
    let mood = client.query("select mood", ());
    client.query("copy t from stdin", ());
    client.take_sent();
    let described = [m::parsed(), m::bound(), custom(MOOD, Format::Binary)].concat();
    client.feed(&[described, m::row(&[Some(b"happy")]), m::complete("SELECT 1"), m::ready()].concat());
    assert_eq!((client.rows(mood), client.types(mood)), (&[happy()][..], vec!["type with OID 70000".into()]));
    assert_eq!(client.sent(), Vec::<String>::new());
}

#[test]
fn what_comes_at_once_is_asked_for_at_once() {
    let mut client = Client::open();
    client.query("select mood", ());
    client.query("select weather", ());
    client.take_sent();
    let answer = |oid| {
        let described = [m::parsed(), m::bound(), custom(oid, Format::Binary)].concat();
        [described, m::complete("SELECT 0"), m::ready()].concat()
    };
    client.feed(&[answer(MOOD), answer(WEATHER)].concat());
    assert_eq!(client.sent(), INTROSPECTION);
}

#[test]
fn first_uses_leave_no_name_whatever_they_have_to_learn() {
    let mut pair = Pair::open();
    pair.client.query("select $1::mood", ("happy",));
    pair.run();
    assert!(pair.backend.statements().is_empty());
    for _ in 0..2 {
        pair.client.query("select $1::mood", ("happy",));
        pair.run();
    }
    assert_eq!(pair.backend.statements().len(), 1);
    assert_eq!(count(&pair.sent(), "Parse(unnamed: introspection"), 1);
}

#[test]
fn others_go_on_as_usual() {
    let mut pair = Pair::open();
    let first = pair.client.query("select mood", ());
    let second = pair.client.query("select 2", ());
    let third = pair.client.query("select weather", ());
    let script = pair.client.simple("select 4");
    pair.run();
    assert_eq!(pair.client.types(first), ["mood"]);
    assert_eq!(pair.client.types(third), ["weather"]);
    let finished: Vec<_> =
        pair.client.events.iter().filter(|event| matches!(event, Event::Finished(_))).copied().collect();
    assert_eq!(finished, [second, script, first, third].map(Event::Finished));
}
