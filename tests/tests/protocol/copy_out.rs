use trunkline_core::{Error, Event};
use trunkline_tests::chunking;
use trunkline_tests::client::{Client, config};
use trunkline_tests::messages as m;
use trunkline_tests::pair::Pair;

fn numbers(count: usize) -> Vec<u8> {
    (1..=count).flat_map(|n| format!("{n}\n").into_bytes()).collect()
}

#[test]
fn data_comes_between_neighbours() {
    chunking::every(|size| {
        let mut pair = Pair::open();
        pair.chunk = size;
        let before = pair.client.query("insert a", ());
        let copy = pair.client.copy_out("copy 1000 to stdout");
        let after = pair.client.query("select $1::int4", (7_i32,));
        pair.run();
        assert_eq!(pair.client.copied(copy), numbers(1000));
        assert_eq!(pair.client.tag(copy).rows(), 1000);
        assert_eq!(pair.client.tag(before).rows(), 1);
        assert_eq!(pair.client.rows(after).len(), 1);
        assert_eq!(pair.client.connection.unread(), 0);
        assert!(pair.client.connection.is_idle());
        pair.client.summary()
    });
}

#[test]
fn it_is_one_flight() {
    let mut client = Client::open();
    let id = client.copy_out("copy t to stdout");
    assert_eq!(
        client.sent(),
        ["Parse(unnamed: copy t to stdout [])", "Bind(unnamed, 0 b→)", "Execute", "Sync"]
    );
    client.feed(&[m::parsed(), m::bound(), m::copy_out()].concat());
    assert_eq!(client.events, [Event::CopyBegun(id)]);
    assert_eq!(client.connection.copy_layout(id).unwrap().columns, 1);
    client.feed(&[m::raw(b'd', b""), m::raw(b'c', b""), m::complete("COPY 1"), m::ready()].concat());
    assert_eq!(client.tag(id).rows(), 1);
    assert_eq!(client.copied(id), b"");
}

#[test]
fn a_consumer_that_stops_reading_stops_the_server() {
    let mut settings = config();
    settings.limits.high_water = 4096;
    let mut pair = Pair::open_with(&settings);
    pair.capacity = 1024;
    pair.client.takes = false;
    let id = pair.client.copy_out("copy 100000 to stdout");
    pair.run();
    assert!(!pair.client.connection.wants_read());
    assert!(pair.client.connection.unread() < 4096 + 2 * 1024);
    assert!(pair.in_flight() > 0, "the server has more");
    while pair.client.copied(id).len() < numbers(100_000).len() {
        let taken = pair.client.copied(id).len();
        pair.client.take_rows(id);
        assert!(pair.client.copied(id).len() > taken, "stuck at {taken}");
        assert!(pair.client.connection.wants_read());
        pair.run();
    }
    assert_eq!(pair.client.copied(id), numbers(100_000));
    pair.client.take_outcome(id);
    assert_eq!(pair.client.tag(id).rows(), 100_000);
}

#[test]
fn forgotten_at_any_point_it_is_parsed_past() {
    for steps in 0..20 {
        let mut pair = Pair::open();
        pair.chunk = 30;
        pair.client.takes = steps % 2 == 0;
        let id = pair.client.copy_out("copy 100 to stdout");
        for _ in 0..steps {
            pair.step();
        }
        pair.client.forget(id);
        assert_eq!(pair.client.connection.unread(), 0);
        pair.client.takes = true;
        let next = pair.client.query("select 7", ());
        pair.run();
        assert_eq!(pair.client.rows(next), [vec![Some(vec![0, 0, 0, 7])]], "after {steps} steps");
        assert_eq!(pair.client.connection.unread(), 0);
        assert!(pair.client.connection.is_idle());
    }
}

#[test]
fn out_of_time_its_data_is_dropped() {
    let second = std::time::Duration::from_secs(1);
    let mut pair = Pair::open();
    pair.chunk = 30;
    pair.client.takes = false;
    let id = pair.client.connection.copy_out(pair.client.now, "copy 100 to stdout", Some(second)).unwrap();
    while pair.client.connection.unread() == 0 {
        assert!(pair.step());
    }
    pair.client.takes = true;
    pair.client.pass(second);
    assert!(matches!(pair.client.error(id), Error::Timeout(..)));
    pair.run();
    assert_eq!(pair.client.connection.unread(), 0);
    assert!(pair.client.connection.is_idle());
}

#[test]
fn a_failure_amid_the_data_is_its_error() {
    let mut client = Client::open();
    let id = client.copy_out("copy t to stdout");
    client.feed(&[m::parsed(), m::bound(), m::copy_out(), m::raw(b'd', b"1\n")].concat());
    client.feed(&[m::error("57014", "cancelled"), m::ready()].concat());
    assert_eq!(client.copied(id), b"1\n");
    assert_eq!(client.code(id), "57014");
    assert!(client.connection.is_idle());
}

#[test]
fn a_statement_that_is_no_copy_to_stdout_is_refused() {
    for sql in ["insert a", "select generate_series(1, 20)", "copy t from stdin", ""] {
        chunking::every(|size| {
            let mut pair = Pair::open();
            pair.chunk = size;
            let id = pair.client.copy_out(sql);
            let next = pair.client.query("insert b", ());
            pair.run();
            assert!(matches!(pair.client.error(id), Error::Usage(_)), "{sql}");
            assert_eq!(pair.client.tag(next).rows(), 1);
            assert_eq!(pair.client.copied(id), b"");
            assert!(pair.client.connection.is_idle());
        });
    }
}

#[test]
fn a_server_that_goes_on_after_the_end_lies() {
    for lie in [m::raw(b'd', b"1\n"), m::ready(), m::raw(b'c', b""), m::copy_out(), m::row(&[None])] {
        let mut client = Client::open();
        client.copy_out("copy t to stdout");
        client.feed(&[m::parsed(), m::bound(), m::copy_out(), m::raw(b'c', b""), lie].concat());
        assert!(client.connection.is_closed());
    }
    let mut client = Client::open();
    client.copy_out("copy t to stdout");
    client.feed(&[m::parsed(), m::bound(), m::copy_out(), m::complete("COPY 0")].concat());
    assert!(client.connection.is_closed(), "the data has no end");
}
