use trunkline_core::Event;
use trunkline_core::types::Type;
use trunkline_core::wire::Format;
use trunkline_tests::chunking;
use trunkline_tests::client::{Client, config};
use trunkline_tests::faults;
use trunkline_tests::messages as m;
use trunkline_tests::pair::Pair;

fn unasked() -> Vec<u8> {
    [m::notice("look"), m::notification("jobs", "new"), m::parameter("TimeZone", "Asia/Tokyo")].concat()
}

/// `transcript` with what comes at any time before every message and at the end.
fn sprinkled(transcript: &[u8]) -> Vec<u8> {
    let mut starts = faults::messages(transcript);
    starts.push(transcript.len());
    let pieces = starts.windows(2).flat_map(|pair| [unasked(), transcript[pair[0]..pair[1]].to_vec()]);
    pieces.chain([unasked()]).collect::<Vec<_>>().concat()
}

#[test]
fn they_come_in_every_step_and_change_nothing() {
    let columns = |format| m::columns(&[("n", Type::INT4)], format);
    let described = [m::parsed(), m::parameters(&[Type::INT4]), columns(Format::Text), m::ready()].concat();
    let rows = [m::row(&[None]), m::row(&[None]), m::complete("SELECT 2"), m::ready()].concat();
    let answer = [m::parsed(), m::bound(), columns(Format::Binary), rows].concat();
    let script = [columns(Format::Text), m::row(&[None]), m::complete("SELECT 1"), m::empty(), m::ready()];
    let failed = [m::error("22012", "division by zero"), m::ready()].concat();
    let plain = [described, answer, script.concat(), failed.clone(), failed].concat();
    let count = faults::messages(&plain).len() + 1;
    let told = chunking::every(|size| {
        let run = |transcript: &[u8]| {
            let mut client = Client::open();
            client.prepare("select $1::int4");
            client.query("select 1", ());
            client.simple("select 1;");
            client.simple("select 1/0");
            client.simple("select 1/0");
            client.feed_in(transcript, size);
            assert!(client.connection.error().is_none(), "{:?}", client.connection.error());
            client
        };
        let (without, with) = (run(&plain), run(&sprinkled(&plain)));
        assert_eq!(without.summary().operations, with.summary().operations);
        assert_eq!(with.connection.parameter("TimeZone"), Some("Asia/Tokyo"));
        with.summary()
    });
    assert_eq!(told.notices, vec!["look"; count]);
    assert_eq!(told.notifications.len(), count);
    assert_eq!(&*told.notifications[0].channel, "jobs");
    assert_eq!((&*told.notifications[0].payload, told.notifications[0].process_id), ("new", 7));
}

#[test]
fn they_come_while_nothing_is_under_way() {
    let mut client = Client::open();
    client.feed(&unasked());
    assert_eq!(client.events, [Event::Notice, Event::Notification]);
    assert!(client.connection.is_idle());
}

#[test]
fn notices_and_parameters_come_during_the_start_up() {
    let mut client = Client::new(&config());
    client.feed(&sprinkled(&m::welcome()));
    assert!(client.connection.is_ready(), "{:?}", client.connection.error());
}

#[test]
fn what_a_statement_provokes_comes_with_it() {
    let mut pair = Pair::open();
    for sql in ["do raise careful", "notify jobs", "set TimeZone Asia/Tokyo"] {
        pair.client.query(sql, ());
    }
    pair.run();
    assert_eq!(&*pair.client.notices[0].message, "careful");
    assert_eq!(&*pair.client.notifications[0].channel, "jobs");
    assert_eq!(pair.client.connection.parameter("TimeZone"), Some("Asia/Tokyo"));
}

#[test]
fn a_malformed_one_breaks_the_protocol() {
    for tag in *b"NAS" {
        let mut client = Client::open();
        client.feed(&m::raw(tag, b"x"));
        let error = client.connection.error().unwrap().to_string();
        assert!(error.contains(&format!("'{}'", char::from(tag))), "{error}");
    }
}
