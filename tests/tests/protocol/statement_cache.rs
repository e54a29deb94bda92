use trunkline_core::config::StatementMode;
use trunkline_core::{BatchMode, Connection, Error, Instant, Outcome, QueryOptions};
use trunkline_tests::client::config;
use trunkline_tests::pair::Pair;

fn run(pair: &mut Pair, sql: &str) -> Vec<String> {
    let id = pair.client.query(sql, ());
    pair.run();
    pair.client.tag(id);
    pair.sent()
}

#[test]
fn sql_used_once_gets_no_name() {
    let mut pair = Pair::open();
    for n in 0..300 {
        run(&mut pair, &format!("select {n}"));
    }
    assert!(pair.backend.statements().is_empty());
}

#[test]
fn the_second_use_names_it_for_all_that_follow() {
    let mut pair = Pair::open();
    let lengths: Vec<usize> = (0..4).map(|_| run(&mut pair, "select 1").len()).collect();
    assert_eq!(lengths, [5, 5, 3, 3]);
    assert_eq!(pair.backend.statements().len(), 1);
}

#[test]
fn what_is_pushed_out_is_closed_with_the_next_flight() {
    let mut pair = Pair::open_with(&config().statement_cache_size(1));
    run(&mut pair, "select 1");
    run(&mut pair, "select 1");
    assert!(run(&mut pair, "select 2").iter().all(|message| !message.starts_with("Close")));
    let next = run(&mut pair, "select 3");
    assert_eq!(next[..2], ["Close(named)", "Parse(unnamed: select 3 [])"]);
    assert_eq!(next.iter().filter(|message| *message == "Sync").count(), 1);
    assert!(pair.backend.statements().is_empty());
    assert!(pair.client.connection.is_idle());
}

#[test]
fn a_statement_pushed_out_comes_back() {
    let mut pair = Pair::open_with(&config().statement_cache_size(1));
    for _ in 0..3 {
        for sql in ["select 1", "select 1", "select 2", "select 2"] {
            run(&mut pair, sql);
        }
    }
    assert!(pair.backend.statements().len() <= 2);
}

#[test]
fn no_cache_and_no_names_are_both_to_be_had() {
    for config in [config().statement_cache_size(0), config().statement_mode(StatementMode::Unnamed)] {
        let mut pair = Pair::open_with(&config);
        (0..3).for_each(|_| drop(run(&mut pair, "select 1")));
        assert!(pair.backend.statements().is_empty());
    }
    let mut pair = Pair::open();
    let options = QueryOptions { mode: Some(StatementMode::Unnamed), ..QueryOptions::default() };
    for _ in 0..3 {
        pair.client.query_with("select 1", &options, ()).unwrap();
        pair.run();
    }
    assert!(pair.backend.statements().is_empty());
}

#[test]
fn closing_a_statement_frees_it_and_says_so() {
    let mut pair = Pair::open();
    let prepared = pair.client.prepare("select 1");
    pair.run();
    let Some(Ok(Outcome::Prepared(statement))) = pair.client.outcome(prepared) else {
        panic!("not prepared")
    };
    let statement = statement.clone();
    run(&mut pair, "select 1");
    assert_eq!(pair.backend.statements().len(), 1);
    let id = pair.client.connection.close_statement(pair.client.now, &statement).unwrap();
    pair.client.remember(id, None);
    pair.run();
    assert_eq!(pair.sent(), ["Close(named)", "Sync"]);
    assert!(matches!(pair.client.outcome(id), Some(Ok(Outcome::Closed))), "{:?}", pair.client.outcome(id));
    assert!(pair.backend.statements().is_empty());
}

#[test]
fn a_parse_that_fails_leaves_no_name() {
    let mut pair = Pair::open();
    run(&mut pair, "insert a");
    // The second use names it, but inside a failed block the server takes no Parse.
    let begin = pair.client.query("begin", ());
    let fail = pair.client.query("do fail", ());
    let refused = pair.client.query("insert a", ());
    let rollback = pair.client.query("rollback", ());
    pair.run();
    pair.client.tag(begin);
    assert_eq!(pair.client.code(fail), "22012");
    assert_eq!(pair.client.code(refused), "25P02");
    pair.client.tag(rollback);
    pair.sent();
    let again = run(&mut pair, "insert a");
    assert_eq!(again[0], "Parse(named: insert a [])");
}

#[test]
fn what_goes_ahead_of_something_that_is_not_sent_goes_with_what_is() {
    fn options() -> QueryOptions<'static> {
        QueryOptions::default()
    }

    type Refused = fn(&mut Connection, Instant) -> Result<(), Error>;
    let refused: [Refused; 7] = [
        |core, now| core.query(now, "select $1::int4", &options(), &()).map(drop),
        |core, now| core.query(now, "select 2", &options(), &(1,)).map(drop),
        |core, now| core.query(now, "select 3 \0", &options(), &()).map(drop),
        |core, now| core.prepare(now, "select 3 \0", &[]).map(drop),
        |core, now| core.copy_in(now, "copy t from stdin \0", None).map(drop),
        |core, now| {
            let id = core.portal(now, "select 3 \0", &options(), 0, 1)?;
            while core.poll_event().is_some() {}
            core.take_outcome(id).expect("it has ended").map(drop)
        },
        |core, now| {
            let mut batch = core.batch(now, BatchMode::FailFast)?;
            batch.query("select $1", &options(), &(1,)).map(drop)
        },
    ];
    for (at, refused) in refused.into_iter().enumerate() {
        let mut pair = Pair::open_with(&config().statement_cache_size(1));
        for sql in ["select 1", "select 1", "select 2"] {
            run(&mut pair, sql);
        }
        let now = pair.client.now;
        assert!(refused(&mut pair.client.connection, now).is_err());
        pair.run();
        assert_eq!(pair.sent(), Vec::<String>::new(), "{at}");
        assert!(pair.client.connection.is_idle());
        assert_eq!(run(&mut pair, "select 4")[0], "Close(named)");
    }
}
