use trunkline_core::types::Type;
use trunkline_core::wire::Format;
use trunkline_core::{Error, Event, StatementMode, TransactionStatus};
use trunkline_tests::client::{Client, config};
use trunkline_tests::messages as m;
use trunkline_tests::pair::Pair;
use trunkline_tests::script::Script;

const ASK: [&str; 3] = ["Parse(unnamed: select $1::int4 [])", "Describe(unnamed)", "Flush"];

fn described() -> Vec<u8> {
    let columns = m::columns(&[("echo", Type::INT4)], Format::Text);
    [m::parsed(), m::parameters(&[Type::INT4]), columns].concat()
}

fn answered(n: i32) -> Vec<u8> {
    [m::bound(), m::row(&[Some(&n.to_be_bytes())]), m::complete("SELECT 1"), m::ready()].concat()
}

#[test]
fn its_bytes_can_be_cut_anywhere() {
    let summary = Script::new()
        .expect(&ASK)
        .send(&[described()])
        .expect(&["Bind(unnamed, 1 b→b)", "Execute", "Sync"])
        .send(&[answered(5)])
        .run(|client| {
            client.query("select $1::int4", (5_i32,));
        });
    assert_eq!(summary.operations[0].0, [vec![Some(vec![0, 0, 0, 5])]]);
    assert!(matches!(summary.events[..], [Event::Described(_), Event::Finished(_)]));
}

#[test]
fn commands_meanwhile_wait_and_keep_their_order() {
    let mut client = Client::open();
    client.binds = false;
    let first = client.query("select $1::int4", (1_i32,));
    let second = client.query("select 2", ());
    let third = client.simple("select 3");
    assert_eq!(client.sent(), ASK);
    client.feed(&described());
    assert_eq!(client.sent(), Vec::<String>::new());
    client.bind(first);
    let sent = client.sent();
    // The second was not described either, and was given while it could not be asked blindly.
    let flights = ["Bind(unnamed, 1 b→b)", "Execute", "Sync", "Parse(unnamed: select 2 [])"];
    assert_eq!(sent[..4], flights);
    client.feed(&answered(1));
    client.feed(&[m::parsed(), m::parameters(&[]), m::columns(&[("n", Type::INT4)], Format::Text)].concat());
    assert_eq!(client.sent(), ["Bind(unnamed, 0 b→b)", "Execute", "Sync", "Query(select 3)"]);
    client.feed(&answered(2));
    client.feed(
        &[
            m::columns(&[("n", Type::INT4)], Format::Text),
            m::row(&[Some(b"3")]),
            m::complete("SELECT 1"),
            m::ready(),
        ]
        .concat(),
    );
    let finished = [first, second, third].map(Event::Finished);
    let events: Vec<_> =
        client.events.iter().copied().filter(|event| matches!(event, Event::Finished(_))).collect();
    assert_eq!(events, finished);
}

#[test]
fn the_same_sql_is_described_once_for_all_that_wait() {
    let mut pair = Pair::open();
    let ids: Vec<_> = (0..20).map(|n: i32| (n, pair.client.query("select $1::int4", (n,)))).collect();
    pair.run();
    for (n, id) in ids {
        assert_eq!(pair.client.rows(id), [vec![Some(n.to_be_bytes().to_vec())]]);
    }
    let sent = pair.sent();
    assert_eq!(sent.iter().filter(|message| message.starts_with("Describe(unnamed)")).count(), 1);
    assert_eq!(sent.iter().filter(|message| message.starts_with("Parse(named")).count(), 1);
    let described = pair.client.events.iter().filter(|event| matches!(event, Event::Described(_)));
    assert_eq!(described.count(), 20, "each is told once");
}

#[test]
fn the_same_without_a_cache() {
    let mut pair = Pair::open_with(&config().statement_cache_size(0));
    let ids: Vec<_> = (0..5).map(|n: i32| (n, pair.client.query("select $1::int4", (n,)))).collect();
    pair.run();
    for (n, id) in ids {
        assert_eq!(pair.client.rows(id), [vec![Some(n.to_be_bytes().to_vec())]]);
    }
    assert!(pair.backend.statements().is_empty());
}

#[test]
fn binding_late_and_out_of_order_keeps_the_order_of_the_commands() {
    let mut client = Client::open();
    client.binds = false;
    let ids: Vec<_> = (0..3).map(|n: i32| client.query("select $1::int4", (n,))).collect();
    assert_eq!(client.sent(), ASK);
    client.feed(&described());
    for id in ids.iter().rev() {
        client.bind(*id);
    }
    let sent = client.take_sent();
    let order: Vec<usize> = (0..3_i32)
        .map(|n| {
            let value = [&4_i32.to_be_bytes()[..], &n.to_be_bytes()].concat();
            sent.windows(8).position(|window| window == value).expect("each is sent")
        })
        .collect();
    assert!(order.is_sorted(), "{order:?}");
}

#[test]
fn a_value_that_does_not_fit_ends_the_query_and_nothing_else() {
    let mut pair = Pair::open();
    let wrong = pair.client.query("select $1::int4", ("five",));
    let few = pair.client.query("select $1::text", (1_i32, 2_i32));
    let right = pair.client.query("select $1::int4", (5_i32,));
    pair.run();
    assert!(matches!(pair.client.error(wrong), Error::Usage(_)));
    assert!(pair.client.error(few).to_string().contains("takes 1 parameter, 2 were given"));
    assert!(pair.client.error(wrong).safe_to_retry() && pair.client.error(few).safe_to_retry());
    assert_eq!(pair.client.rows(right).len(), 1);
    assert!(pair.client.connection.is_idle());
}

#[test]
fn a_statement_that_cannot_be_parsed_is_the_servers_error_with_its_text() {
    let mut pair = Pair::open();
    let wrong = pair.client.query("selec $1", (5_i32,));
    let next = pair.client.query("select $1::int4", (5_i32,));
    pair.run();
    assert_eq!(pair.client.code(wrong), "42601");
    let server = pair.client.error(wrong).as_server().unwrap();
    assert_eq!(server.excerpt().as_deref(), Some("selec $1\n^"));
    assert_eq!(pair.client.rows(next).len(), 1);
    assert!(pair.client.connection.is_idle());
}

#[test]
fn bind_answers_the_event_once() {
    let mut client = Client::open();
    client.binds = false;
    let id = client.query("select $1::int4", (5_i32,));
    let early = client.connection.bind(id, &(5_i32,));
    assert!(early.is_err());
}

#[test]
fn in_a_block_even_a_query_without_parameters_is_looked_at_first() {
    let mut pair = Pair::open();
    pair.client.query("begin", ());
    let asked = pair.client.query("select acl", ());
    pair.client.query("commit", ());
    pair.run();
    assert_eq!(pair.client.rows(asked).len(), 1);
    assert!(pair.sent().contains(&"Bind(unnamed, 0 b→t)".to_string()));
}

#[test]
fn for_poolers_it_waits_for_what_was_sent_before_and_keeps_its_place() {
    let mut client = Client::open_with(&config().statement_mode(StatementMode::Unnamed));
    let before = client.query("select 2", ());
    let asked = client.query("select $1::int4", (1_i32,));
    let behind = client.simple("select 3");
    let blind =
        ["Parse(unnamed: select 2 [])", "Bind(unnamed, 0 b→b)", "Describe(portal)", "Execute", "Sync"];
    assert_eq!(client.sent(), blind);
    client.feed(&[m::parsed(), m::bound(), m::columns(&[("n", Type::INT4)], Format::Binary)].concat());
    client.feed(&[m::row(&[Some(&2_i32.to_be_bytes())]), m::complete("SELECT 1")].concat());
    // A pooler of transactions may hand the session on here, and what was sent would be lost.
    assert_eq!(client.sent(), Vec::<String>::new());
    client.feed(&m::ready());
    assert_eq!(client.sent(), ASK);
    client.feed(&described());
    assert_eq!(client.sent(), ["Bind(unnamed, 1 b→b)", "Execute", "Sync", "Query(select 3)"]);
    client.feed(&answered(1));
    client.feed(&[m::complete("SELECT 1"), m::ready()].concat());
    for id in [before, asked, behind] {
        assert!(matches!(client.outcome(id), Some(Ok(_))), "{:?}", client.outcome(id));
    }
    assert!(client.connection.is_idle());
}

#[test]
fn for_poolers_it_still_leaves_with_the_begin_before_it() {
    let mut client = Client::open_with(&config().statement_mode(StatementMode::Unnamed));
    client.connection.begin("BEGIN").unwrap();
    client.query("select $1::int4", (1_i32,));
    let sent = client.sent();
    assert_eq!(sent[0], "Parse(unnamed: BEGIN [])");
    assert_eq!(sent[sent.len() - 3..], ASK);
}

#[test]
fn for_poolers_a_begin_behind_others_has_a_sync_of_its_own() {
    let mut client = Client::open_with(&config().statement_mode(StatementMode::Unnamed));
    client.simple("");
    client.connection.begin("BEGIN").unwrap();
    client.query("select $1::int4", (1_i32,));
    assert_eq!(client.sent(), ["Query()", "Query(BEGIN)"]);
    client.feed(&[m::empty(), m::ready()].concat());
    assert_eq!(client.sent(), Vec::<String>::new());
    client.feed(&[m::complete("BEGIN"), m::ready_in(TransactionStatus::InBlock)].concat());
    assert_eq!(client.sent(), ASK);
}
