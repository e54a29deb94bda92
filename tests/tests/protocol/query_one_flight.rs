use trunkline_core::QueryOptions;
use trunkline_core::types::Type;
use trunkline_core::wire::Format;
use trunkline_tests::messages as m;
use trunkline_tests::pair::Pair;
use trunkline_tests::script::Script;

fn int4(n: i32) -> Vec<Option<Vec<u8>>> {
    vec![Some(n.to_be_bytes().to_vec())]
}

#[test]
fn without_parameters_everything_goes_at_once() {
    let mut pair = Pair::open();
    let id = pair.client.query("select 7", ());
    pair.run();
    let flight =
        ["Parse(unnamed: select 7 [])", "Bind(unnamed, 0 b→b)", "Describe(portal)", "Execute", "Sync"];
    assert_eq!(pair.sent(), flight);
    assert_eq!(pair.client.rows(id), [int4(7)]);
    assert_eq!(pair.client.tag(id).as_str(), "SELECT 1");
}

#[test]
fn with_types_given_too() {
    let mut pair = Pair::open();
    let options = QueryOptions { types: &[Type::INT4], ..QueryOptions::default() };
    let id = pair.client.query_with("select $1::int4", &options, (5_i32,)).unwrap();
    pair.run();
    let flight = [
        "Parse(unnamed: select $1::int4 [int4])",
        "Bind(unnamed, 1 b→b)",
        "Describe(portal)",
        "Execute",
        "Sync",
    ];
    assert_eq!(pair.sent(), flight);
    assert_eq!(pair.client.rows(id), [int4(5)]);
}

#[test]
fn once_described_it_is_named_and_then_only_bound() {
    let mut pair = Pair::open();
    let mut sent = || {
        let id = pair.client.query("select $1::int4", (5_i32,));
        pair.run();
        assert_eq!(pair.client.rows(id), [int4(5)]);
        pair.sent()
    };
    assert_eq!(
        sent(),
        [
            "Parse(unnamed: select $1::int4 [])",
            "Describe(unnamed)",
            "Flush",
            "Bind(unnamed, 1 b→b)",
            "Execute",
            "Sync"
        ]
    );
    assert_eq!(
        sent(),
        ["Parse(named: select $1::int4 [int4])", "Bind(named, 1 b→b)", "Describe(portal)", "Execute", "Sync"]
    );
    for _ in 0..2 {
        assert_eq!(sent(), ["Bind(named, 1 b→b)", "Execute", "Sync"]);
    }
}

#[test]
fn a_statement_in_hand_needs_no_second_look() {
    let mut pair = Pair::open();
    let prepared = pair.client.prepare("select $1::text");
    pair.run();
    assert_eq!(pair.sent(), ["Parse(unnamed: select $1::text [])", "Describe(unnamed)", "Sync"]);
    let Some(Ok(trunkline_core::Outcome::Prepared(statement))) = pair.client.outcome(prepared) else {
        panic!("not prepared")
    };
    let statement = statement.clone();
    assert_eq!(statement.parameters(), [Type::TEXT]);
    assert_eq!(&*statement.columns().unwrap().get(0).unwrap().name, "echo");
    // On another connection, which has never seen it, it is parsed in the same flight.
    let mut other = Pair::open();
    let options = QueryOptions { statement: Some(&statement), ..QueryOptions::default() };
    let id = other.client.query_with("select $1::text", &options, ("hi",)).unwrap();
    other.run();
    assert_eq!(other.sent().len(), 5);
    assert_eq!(other.client.rows(id), [vec![Some(b"hi".to_vec())]]);
}

#[test]
fn the_empty_query_has_an_empty_tag() {
    let mut pair = Pair::open();
    let id = pair.client.query("", ());
    pair.run();
    assert_eq!(pair.client.tag(id).as_str(), "");
}

#[test]
fn a_number_of_parameters_that_is_known_to_be_wrong_is_not_sent() {
    let mut pair = Pair::open();
    pair.client.query("select $1::int4", (5_i32,));
    pair.run();
    pair.sent();
    let wrong = pair.client.query_with("select $1::int4", &QueryOptions::default(), ()).unwrap_err();
    assert!(wrong.to_string().contains("takes 1 parameter, 0 were given"), "{wrong}");
    assert!(wrong.safe_to_retry());
    let value = pair.client.query_with("select $1::int4", &QueryOptions::default(), (true,)).unwrap_err();
    assert!(value.to_string().contains("parameter $1"), "{value}");
    let nul = pair.client.query_with("select\0", &QueryOptions::default(), ()).unwrap_err();
    assert!(nul.to_string().contains("NUL"), "{nul}");
    let nul = pair.client.query_with("select\0 $1", &QueryOptions::default(), (1,)).unwrap_err();
    assert!(nul.to_string().contains("NUL"), "{nul}");
    pair.run();
    assert_eq!(pair.sent(), Vec::<String>::new());
    let id = pair.client.query("select 1", ());
    pair.run();
    assert_eq!(pair.client.rows(id), [int4(1)]);
}

#[test]
fn its_bytes_can_be_cut_anywhere() {
    let summary = Script::new()
        .expect(&[
            "Parse(unnamed: select 7 [])",
            "Bind(unnamed, 0 b→b)",
            "Describe(portal)",
            "Execute",
            "Sync",
        ])
        .send(&[m::parsed(), m::bound(), m::columns(&[("n", Type::INT4)], Format::Binary)])
        .send(&[m::row(&[Some(&[0, 0, 0, 7])]), m::row(&[None]), m::complete("SELECT 2"), m::ready()])
        .run(|client| {
            client.query("select 7", ());
        });
    assert_eq!(summary.operations[0].0, [int4(7), vec![None]]);
}
