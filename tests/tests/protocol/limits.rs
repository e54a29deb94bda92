use trunkline_core::types::Type;
use trunkline_core::wire::Format;
use trunkline_tests::chunking;
use trunkline_tests::client::{Client, config};
use trunkline_tests::messages as m;

#[test]
fn a_message_too_long_is_refused_by_its_header() {
    let settings = config().max_message_len(1000);
    let summary = chunking::every(|size| {
        let mut client = Client::open_with(&settings);
        client.query("select 1", ());
        client.take_sent();
        let columns = m::columns(&[("n", Type::TEXT)], Format::Binary);
        client.feed_in(&[m::parsed(), m::bound(), columns].concat(), size);
        assert!(!client.connection.is_closed());
        client.feed_in(b"D\0\0\x03\xe8", size);
        client.summary()
    });
    let error = summary.error.unwrap();
    assert!(error.contains("1001 bytes is longer than the limit of 1000 (max_message_len)"), "{error}");
}

#[test]
fn one_of_exactly_the_limit_is_taken() {
    let mut client = Client::open_with(&config().max_message_len(1000));
    let id = client.query("select 1", ());
    client.take_sent();
    client.feed(&[m::parsed(), m::bound(), m::columns(&[("n", Type::TEXT)], Format::Binary)].concat());
    let row = m::row(&[Some(&[b'x'; 1000 - 5 - 2 - 4])]);
    assert_eq!(row.len(), 1000);
    client.feed(&[row, m::complete("SELECT 1"), m::ready()].concat());
    assert_eq!(client.rows(id).len(), 1);
}

#[test]
fn before_the_session_is_open_64_kib_are_enough() {
    for (length, refused) in [(0x0001_0000_u32, true), (0x0000_ffff, false), (0x7fff_ffff, true)] {
        let mut client = Client::new(&config());
        client.feed(&[&b"E"[..], &length.to_be_bytes(), b"SERROR\0"].concat());
        assert_eq!(client.connection.is_closed(), refused, "{length:#x}");
    }
}

#[test]
fn what_waits_to_be_sent_has_a_cap() {
    let mut settings = config();
    settings.limits.outbox_limit = 1000;
    let mut client = Client::open_with(&settings);
    let mut taken = 0;
    let refused = loop {
        match client.query_with("select 1", &Default::default(), ()) {
            Ok(_) => taken += 1,
            Err(error) => break error,
        }
        assert!(taken < 100);
    };
    assert!(refused.to_string().contains("outbox_limit") && refused.safe_to_retry(), "{refused}");
    assert!(client.connection.simple_query(client.now, "select 1").is_err());
    assert!(client.connection.prepare(client.now, "select 1", &[]).is_err());
    assert!(client.connection.batch(client.now, Default::default()).is_err());
    client.take_sent();
    client.query("select 1", ());
    // What waits for the wire counts too.
    let mut held = Client::open_with(&settings);
    held.query("select $1", (1_i32,));
    held.take_sent();
    let long = "x".repeat(1000);
    held.simple(&long);
    assert!(held.connection.simple_query(held.now, "select 1").is_err());
}

#[test]
fn lengths_that_cannot_be_are_refused() {
    for length in [0_u32, 3, 0x8000_0000, u32::MAX] {
        for open in [false, true] {
            let mut client = if open { Client::open() } else { Client::new(&config()) };
            client.feed(&[&b"N"[..], &length.to_be_bytes()].concat());
            let error = client.connection.error().unwrap().to_string();
            assert!(error.contains("'N'"), "{error}");
        }
    }
}

#[test]
fn counts_that_lie_are_refused_before_anything_is_allocated_for_them() {
    let lies: [(u8, &[u8]); 5] = [
        (b't', b"\xff\xff"),
        (b't', b"\0\x02\0\0\0\x17"),
        (b'T', b"\xff\xff"),
        (b'T', b"\0\x01n\0"),
        (b'T', b"\0\0x"),
    ];
    for (tag, body) in lies {
        let mut client = Client::open();
        let id = client.query("select $1::int4", (1_i32,));
        client.feed(&m::parsed());
        if tag == b'T' {
            client.feed(&m::parameters(&[]));
        }
        client.feed(&m::raw(tag, body));
        assert!(client.error(id).to_string().contains(&format!("'{}'", char::from(tag))));
    }
}

#[test]
fn rows_that_do_not_fit_their_description_are_refused() {
    for (body, word) in [
        (&b"\0\x02\0\0\0\x01x\0\0\0\x01x"[..], "2 fields where 1"),
        (b"\0\0", "0 fields where 1"),
        (b"\0\x01\xff\xff\xff\xfe", "'D'"),
        (b"\0\x01\0\0\0\x02x", "'D'"),
        (b"\0\x01\0\0\0\x01xy", "'D'"),
        (b"\0\x01\x7f\xff\xff\xff", "'D'"),
        (b"", "'D'"),
    ] {
        let mut client = Client::open();
        let id = client.query("select 1", ());
        client.take_sent();
        client.feed(&[m::parsed(), m::bound(), m::columns(&[("n", Type::TEXT)], Format::Binary)].concat());
        client.feed(&m::raw(b'D', body));
        let error = client.error(id).to_string();
        assert!(error.contains(word), "{error}");
    }
}
