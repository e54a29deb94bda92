//! Types that are not built in are learned before anything of them is shown.

use trunkline_core::types::{BoxError, BytesMut, IsNull, Kind, ToSql, Type, oid};
use trunkline_core::wire::Format;
use trunkline_core::{BatchMode, Error, Event, Outcome, QueryOptions, Statement, TransactionStatus};
use trunkline_tests::backend::catalog::{BLIND, MOOD, MOODS, PAIR, PAIRS, WEATHER};
use trunkline_tests::client::{Client, config};
use trunkline_tests::messages as m;
use trunkline_tests::pair::Pair;
use trunkline_tests::script::Script;

const INTROSPECTION: [&str; 4] =
    ["Parse(unnamed: introspection [oid[]])", "Bind(unnamed, 1 b→b)", "Execute", "Sync"];

/// A value with as many fields as its type is described with, all NULL.
#[derive(Debug)]
struct Nulls;

impl ToSql for Nulls {
    fn accepts(&self, type_: &Type) -> bool {
        matches!(type_.kind(), Kind::Composite(_))
    }

    fn to_sql(&self, type_: &Type, out: &mut BytesMut) -> Result<IsNull, BoxError> {
        let Kind::Composite(fields) = type_.kind() else { return Err("no composite".into()) };
        out.extend(u32::try_from(fields.len())?.to_be_bytes());
        for field in fields.iter() {
            out.extend(field.type_.oid().to_be_bytes());
            out.extend((-1_i32).to_be_bytes());
        }
        Ok(IsNull::No)
    }
}

/// A value with two fields, whatever its type has.
#[derive(Debug)]
struct Two;

impl ToSql for Two {
    fn accepts(&self, _type: &Type) -> bool {
        true
    }

    fn to_sql(&self, _type: &Type, out: &mut BytesMut) -> Result<IsNull, BoxError> {
        for word in [2, oid::INT4, u32::MAX, MOOD, u32::MAX] {
            out.extend(word.to_be_bytes());
        }
        Ok(IsNull::No)
    }
}

fn happy() -> Vec<Option<Vec<u8>>> {
    vec![Some(b"happy".to_vec())]
}

/// An enum's two rows of the catalog.
fn mood() -> Vec<u8> {
    let label = |label: &str| {
        let oid = MOOD.to_be_bytes();
        let zero = [0; 4];
        let values: [Option<&[u8]>; 8] = [
            Some(&oid),
            Some(b"e"),
            Some(b"public"),
            Some(b"mood"),
            Some(b","),
            Some(&[1]),
            Some(label.as_bytes()),
            Some(&zero),
        ];
        m::row(&values)
    };
    [m::parsed(), m::bound(), label("sad"), label("happy"), m::complete("SELECT 2"), m::ready()].concat()
}

fn custom(oid: u32, format: Format) -> Vec<u8> {
    m::columns(&[("custom", Type::from_oid(oid))], format)
}

fn prepared(pair: &Pair, id: trunkline_core::OperationId) -> Statement {
    match pair.client.outcome(id) {
        Some(Ok(Outcome::Prepared(statement))) => statement.clone(),
        other => panic!("not prepared: {other:?}"),
    }
}

fn count(sent: &[String], message: &str) -> usize {
    sent.iter().filter(|sent| sent.starts_with(message)).count()
}

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
fn a_type_that_is_given_by_its_oid_alone_is_learned_before_it_is_sent() {
    let mut pair = Pair::open();
    let given = [Type::from_oid(MOOD)];
    let options = QueryOptions { types: &given, ..QueryOptions::default() };
    for round in 0..3 {
        let id = pair.client.query_with("select $1::mood", &options, ("happy",)).unwrap();
        pair.run();
        assert_eq!((pair.client.rows(id), pair.client.types(id)), (&[happy()][..], vec!["mood".into()]));
        // As it is sent when it is known.
        assert_eq!(count(&pair.sent(), "Bind(unnamed, 1 b→b)"), if round == 0 { 2 } else { 0 });
    }
    assert_eq!(pair.backend.catalog.introspections, [[MOOD]]);
}

#[test]
fn what_is_known_is_not_asked_again() {
    let mut pair = Pair::open();
    for _ in 0..4 {
        let id = pair.client.query("select mood", ());
        pair.run();
        assert_eq!(
            (pair.client.rows(id), &pair.client.types(id)[..]),
            (&[happy()][..], &["mood".to_string()][..])
        );
        let id = pair.client.query("select $1::mood", ("happy",));
        pair.run();
        assert_eq!(
            (pair.client.rows(id), &pair.client.types(id)[..]),
            (&[happy()][..], &["mood".to_string()][..])
        );
    }
    assert_eq!(pair.backend.catalog.introspections, [[MOOD]]);
    assert_eq!(pair.client.learned, 1);
    let mood = pair.client.connection.registry().find(Some("public"), "mood").unwrap();
    assert_eq!(mood.kind(), Kind::Enum(["sad".into(), "happy".into()].into()));
}

#[test]
fn everything_that_a_type_is_made_of_comes_with_it() {
    let mut pair = Pair::open();
    let id = pair.client.query("select pairs", ());
    pair.run();
    assert_eq!(pair.client.types(id), ["pair[]"]);
    let pairs = pair.client.columns(id).next().unwrap().type_.clone();
    let Kind::Array(element) = pairs.kind() else { panic!("{pairs:?}") };
    let Kind::Composite(fields) = element.kind() else { panic!("{element:?}") };
    assert_eq!(fields.iter().map(|field| field.type_.name()).collect::<Vec<_>>(), ["int4", "mood"]);
    for sql in ["select pair", "select mood", "select pairs"] {
        pair.client.query(sql, ());
        pair.run();
    }
    assert_eq!(pair.backend.catalog.introspections, [[PAIRS]]);
}

#[test]
fn many_that_meet_the_same_types_ask_once() {
    let mut pair = Pair::open();
    let blind: Vec<_> = (0..20).map(|_| pair.client.query("select mood", ())).collect();
    let bound: Vec<_> = (0..20).map(|_| pair.client.query("select $1::mood", ("happy",))).collect();
    let prepared: Vec<_> = (0..3).map(|_| pair.client.prepare("select mood")).collect();
    pair.run();
    for id in blind.into_iter().chain(bound) {
        assert_eq!(pair.client.rows(id), [happy()]);
        assert_eq!(pair.client.types(id), ["mood"]);
    }
    for id in prepared {
        assert!(matches!(pair.client.outcome(id), Some(Ok(Outcome::Prepared(_)))));
    }
    assert_eq!(pair.backend.catalog.introspections, [[MOOD]]);
    assert!(pair.client.connection.is_idle());
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

#[test]
fn a_script_has_its_types_too() {
    let mut pair = Pair::open();
    let id = pair.client.simple("select mood; select 1; select pairs");
    pair.run();
    let Some(Ok(Outcome::Script(results))) = pair.client.outcome(id) else { panic!("no script") };
    let types = results.iter().map(|result| {
        result.columns.as_ref().and_then(|columns| columns.get(0)).map(|column| column.type_.to_string())
    });
    assert_eq!(types.flatten().collect::<Vec<_>>(), ["mood", "int4", "pair[]"]);
}

#[test]
fn a_batch_has_them_too() {
    for mode in [BatchMode::FailFast, BatchMode::ContinueOnError] {
        let mut pair = Pair::open();
        let options = QueryOptions::default();
        let mut batch = pair.client.connection.batch(pair.client.now, mode).unwrap();
        for sql in ["select mood", "select 1", "select pair"] {
            batch.query(sql, &options, &()).unwrap();
        }
        let ids = batch.finish();
        ids.iter().for_each(|id| pair.client.remember(*id, None));
        pair.run();
        let types: Vec<_> = ids.iter().flat_map(|id| pair.client.types(*id)).collect();
        assert_eq!(types, ["mood", "int4", "pair"]);
        assert_eq!(ids.iter().filter(|id| pair.client.tag(**id).rows() == 1).count(), 3);
    }
}

#[test]
fn in_a_block_it_is_asked_behind_a_savepoint() {
    let mut pair = Pair::open();
    pair.client.query("begin", ());
    pair.client.query("insert a", ());
    pair.run();
    pair.sent();
    let id = pair.client.query("select $1::mood", ("happy",));
    let then = pair.client.query("insert b", ());
    pair.run();
    assert_eq!(
        (pair.client.rows(id), &pair.client.types(id)[..]),
        (&[happy()][..], &["mood".to_string()][..])
    );
    let sent = pair.sent();
    assert_eq!(sent[3..5], ["Sync", "Query(savepoint trunkline_types)"]);
    assert_eq!(sent[5..9], INTROSPECTION);
    assert_eq!(sent[9], "Query(rollback to savepoint trunkline_types; release savepoint trunkline_types)");
    pair.client.tag(then);
    let commit = pair.client.query("commit", ());
    pair.run();
    assert_eq!(pair.client.tag(commit).as_str(), "COMMIT");
    assert_eq!(pair.backend.committed, ["a", "b"]);
}

#[test]
fn in_a_block_that_was_only_asked_for_too() {
    let mut pair = Pair::open();
    let before = pair.client.query("select mood", ());
    pair.client.query("begin", ());
    pair.client.query("insert a", ());
    let inside = pair.client.query("select weather", ());
    let commit = pair.client.query("commit", ());
    pair.run();
    assert_eq!(
        (pair.client.types(before), pair.client.types(inside)),
        (vec!["mood".into()], vec!["weather".into()])
    );
    assert_eq!(pair.client.tag(commit).as_str(), "COMMIT");
    assert_eq!(pair.backend.committed, ["a"]);
    assert_eq!(pair.client.connection.transaction_status(), TransactionStatus::Idle);
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
fn a_block_that_fails_meanwhile_costs_the_types_and_nothing_else() {
    let mut pair = Pair::open();
    pair.client.query("begin", ());
    pair.run();
    // Asked for in one breath, so that the introspection comes behind the failure.
    let mood = pair.client.simple("select mood");
    let failed = pair.client.query("do fail", ());
    pair.run();
    assert_eq!(pair.client.code(failed), "22012");
    assert!(matches!(pair.client.outcome(mood), Some(Ok(Outcome::Script(_)))));
    assert_eq!(pair.client.connection.transaction_status(), TransactionStatus::Failed);
    pair.client.query("rollback", ());
    let id = pair.client.query("select mood", ());
    pair.run();
    assert_eq!(pair.client.types(id), ["mood"]);
}

#[test]
fn a_type_without_binary_output_comes_as_text_from_the_first_time() {
    for block in [false, true] {
        let mut pair = Pair::open();
        if block {
            pair.client.query("begin", ());
            pair.run();
        }
        for _ in 0..3 {
            let id = pair.client.query("select blind", ());
            pair.run();
            assert_eq!((pair.client.rows(id), pair.client.types(id)), (&[happy()][..], vec!["blind".into()]));
            let column = pair.client.columns(id).next().unwrap();
            assert_eq!((column.format, column.type_.has_binary_output()), (Format::Text, false));
        }
        assert_eq!(pair.backend.catalog.introspections, [[BLIND]]);
    }
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

#[test]
fn rows_that_wait_are_read_past_the_mark_and_up_to_the_limit() {
    let mut settings = config();
    settings.limits.high_water = 1024;
    let sql = "select mood times 1000";
    let open = |limit| {
        let mut settings = settings.clone();
        settings.limits.learning_limit = limit;
        let mut pair = Pair::open_with(&settings);
        pair.capacity = 256;
        pair
    };
    let mut pair = open(1 << 20);
    let id = pair.client.query(sql, ());
    pair.run();
    assert_eq!((pair.client.rows(id).len(), pair.client.types(id)), (1000, vec!["mood".into()]));
    assert_eq!(pair.client.connection.unread(), 0);

    let mut pair = open(4096);
    let id = pair.client.query(sql, ());
    let whole = QueryOptions { whole: true, ..QueryOptions::default() };
    pair.run();
    let Error::LearningLimit(limit) = pair.client.error(id) else { panic!("{:?}", pair.client.error(id)) };
    assert_eq!(*limit, 4096);
    assert!(pair.client.error(id).to_string().contains("prepare the statement first"));
    assert!(!pair.client.error(id).safe_to_retry() && pair.client.rows(id).is_empty());
    // Known by now, and where the caller takes all anyway.
    let id = pair.client.query(sql, ());
    pair.run();
    assert_eq!(pair.client.rows(id).len(), 1000);
    let mut pair = open(4096);
    let id = pair.client.query_with(sql, &whole, ()).unwrap();
    pair.run();
    assert_eq!((pair.client.rows(id).len(), pair.client.types(id)), (1000, vec!["mood".into()]));
    // Prepared first.
    let mut pair = open(4096);
    pair.client.prepare(sql);
    pair.run();
    let id = pair.client.query(sql, ());
    pair.run();
    assert_eq!(pair.client.rows(id).len(), 1000);
}

#[test]
fn a_consumer_that_stops_reading_stops_the_server_once_types_are_known() {
    let mut settings = config();
    settings.limits.high_water = 1024;
    let mut pair = Pair::open_with(&settings);
    pair.capacity = 256;
    pair.client.takes = false;
    let id = pair.client.query("select mood times 1000", ());
    let next = pair.client.query("select mood times 2000", ());
    pair.run();
    // The first waited and is all here; the second came after, and stands still.
    assert!(!pair.client.connection.wants_read());
    assert!(pair.client.connection.unread() > 1024);
    pair.client.take_rows(id);
    assert_eq!(pair.client.rows(id).len(), 1000);
    loop {
        pair.client.take_rows(next);
        if !pair.step() {
            break;
        }
    }
    assert_eq!(pair.client.rows(next).len(), 2000);
    assert_eq!(pair.client.connection.unread(), 0);
}

#[test]
fn types_that_others_learned_are_not_asked_for() {
    let mut first = Pair::open();
    first.client.query("select pairs", ());
    first.run();
    let mut second = Pair::open();
    second.client.connection.set_registry(first.client.connection.registry().clone());
    let id = second.client.query("select pairs", ());
    second.run();
    assert_eq!(second.client.types(id), ["pair[]"]);
    assert!(second.backend.catalog.introspections.is_empty());
}

#[test]
fn reloaded_they_are_asked_for_again_and_statements_described_again() {
    let mut pair = Pair::open();
    for _ in 0..3 {
        pair.client.query("select $1::mood", ("happy",));
        pair.run();
    }
    pair.client.connection.reload_types();
    assert!(pair.client.connection.registry().types().next().is_none());
    pair.sent();
    let id = pair.client.query("select $1::mood", ("happy",));
    pair.run();
    assert_eq!(pair.client.types(id), ["mood"]);
    assert_eq!(pair.backend.catalog.introspections, [[MOOD], [MOOD]]);
    let sent = pair.sent();
    assert_eq!(sent[..3], ["Close(named)", "Parse(unnamed: select $1::mood [])", "Describe(unnamed)"]);
}

#[test]
fn what_was_asked_before_a_reload_is_not_believed() {
    let mut client = Client::open();
    let id = client.query("select mood", ());
    client.take_sent();
    let described = [m::parsed(), m::bound(), custom(MOOD, Format::Binary)].concat();
    client.feed(&[described, m::complete("SELECT 0"), m::ready()].concat());
    assert_eq!(client.sent(), INTROSPECTION);
    client.connection.reload_types();
    client.feed(&mood());
    assert!(client.outcome(id).is_none() && client.connection.registry().types().next().is_none());
    assert_eq!(client.sent(), INTROSPECTION);
    client.feed(&mood());
    assert_eq!((client.tag(id).rows(), client.types(id)), (0, vec!["mood".into()]));
    assert_eq!(client.learned, 1);
}

#[test]
fn a_composite_with_other_fields_is_learned_again_before_its_first_row_is_shown() {
    for (sql, oid, name) in [("select pair", PAIR, "pair"), ("select pairs", PAIRS, "pair[]")] {
        let mut pair = Pair::open();
        for _ in 0..3 {
            pair.client.query(sql, ());
            pair.run();
        }
        let fields = |pair: &Pair, id| {
            let type_ = pair.client.columns(id).next().unwrap().type_.clone();
            assert_eq!(type_.name(), name);
            let composite = type_.element().unwrap_or(type_);
            let Kind::Composite(fields) = composite.kind() else { panic!("{composite:?}") };
            fields.len()
        };
        pair.client.query("alter type pair", ());
        pair.run();
        for _ in 0..3 {
            let id = pair.client.query(sql, ());
            pair.run();
            assert_eq!(fields(&pair, id), 3);
            assert_eq!(pair.client.tag(id).rows(), 1);
        }
        assert_eq!(pair.backend.catalog.introspections, [[oid], [oid]]);
        // One that knows it from somebody else only looks.
        let mut old = Pair::open();
        for _ in 0..2 {
            old.client.query(sql, ());
            old.run();
        }
        old.backend.catalog.is_altered = true;
        old.client.connection.set_registry(pair.client.connection.registry().clone());
        let id = old.client.query(sql, ());
        old.run();
        assert_eq!(fields(&old, id), 3);
        assert_eq!(old.backend.catalog.introspections, [[oid]]);
    }
}

#[test]
fn a_parameter_that_the_server_has_other_fields_for_is_bound_again() {
    let mut pair = Pair::open();
    for _ in 0..3 {
        let id = pair.client.query("select $1::pair", (Nulls,));
        pair.run();
        assert_eq!(pair.client.tag(id).rows(), 1);
    }
    pair.client.query("alter type pair", ());
    pair.run();
    let id = pair.client.query("select $1::pair", (Nulls,));
    pair.run();
    assert_eq!(pair.client.tag(id).rows(), 1);
    assert_eq!(pair.backend.catalog.introspections, [[PAIR], [PAIR]]);
    // What does not fit is the server's error still.
    let id = pair.client.query("select $1::pair", (Two,));
    pair.run();
    assert_eq!(pair.client.code(id), "42804");
}

#[test]
fn an_array_is_asked_for_by_its_own_oid() {
    let mut pair = Pair::open();
    let id = pair.client.query("select moods", ());
    pair.run();
    assert_eq!(pair.client.types(id), ["mood[]"]);
    assert_eq!(pair.backend.catalog.introspections, [[MOODS]]);
}
