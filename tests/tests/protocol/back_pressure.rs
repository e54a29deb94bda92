//! Bounded pipes both ways, and a server that writes before it reads on: a client that stops reading at the wrong
//! moment is stuck here, and for certain.

use trunkline_tests::client::config;
use trunkline_tests::pair::Pair;

const ECHO: usize = 64 * 1024;
const UNREAD: usize = 64 << 20;

#[test]
fn four_hundred_echoes_of_64_kib_end_though_nobody_reads_at_first() {
    let mut pair = Pair::open();
    pair.client.prepare("select $1::bytea");
    pair.run();
    pair.client.takes = false;
    let ids: Vec<_> = (0..400_u32)
        .map(|n| {
            let byte = u8::try_from(n % 251).unwrap();
            (byte, pair.client.query("select $1::bytea", (vec![byte; ECHO],)))
        })
        .collect();
    assert!(!pair.client.connection.can_accept(), "the shell is told to wait before it gives more");
    let mut most = 0;
    while pair.step() {
        most = most.max(pair.client.connection.unread());
    }
    assert!(!pair.client.connection.wants_write(), "all that there is to send was sent");
    assert!(most <= UNREAD, "{most} bytes of rows wait");
    pair.client.takes = true;
    for (byte, id) in ids {
        // A consumer that starts late: it takes what there is, and lets the rest come.
        loop {
            pair.client.take_rows(id);
            if pair.client.connection.columns(id).is_some() && !pair.client.rows(id).is_empty() {
                break;
            }
            assert!(pair.step(), "stuck");
        }
        assert_eq!(pair.client.rows(id), [vec![Some(vec![byte; ECHO])]]);
    }
    pair.run();
    assert_eq!(pair.client.connection.unread(), 0);
    assert!(pair.client.connection.is_idle());
}

#[test]
fn a_consumer_that_stops_reading_stops_the_server() {
    let mut settings = config();
    settings.limits.high_water = 4096;
    let mut pair = Pair::open_with(&settings);
    pair.capacity = 1024;
    pair.client.takes = false;
    let id = pair.client.query("select generate_series(1, 100000)", ());
    pair.run();
    assert!(!pair.client.connection.wants_read());
    assert!(pair.client.connection.unread() < 4096 + 2 * 1024);
    assert!(pair.in_flight() > 0, "the server has more");
    let mut taken = 0;
    loop {
        pair.client.take_rows(id);
        let rows = pair.client.rows(id).len();
        if rows == taken {
            break;
        }
        taken = rows;
        assert!(pair.client.connection.wants_read());
        pair.run();
    }
    assert_eq!(taken, 100_000);
    pair.client.take_outcome(id);
    assert_eq!(pair.client.tag(id).rows(), 100_000);
}

#[test]
fn whole_results_are_not_held_back() {
    let mut settings = config();
    settings.limits.high_water = 4096;
    let mut pair = Pair::open_with(&settings);
    pair.client.takes = false;
    let options = trunkline_core::QueryOptions { whole: true, ..Default::default() };
    let id = pair.client.query_with("select generate_series(1, 10000)", &options, ()).unwrap();
    pair.run();
    assert_eq!(pair.client.connection.unread(), 0);
    pair.client.take_outcome(id);
    assert_eq!(pair.client.rows(id).len(), 10_000);
}

#[test]
fn the_depth_of_the_pipeline_has_a_mark() {
    let mut settings = config();
    settings.limits.pipeline_depth = 10;
    let mut pair = Pair::open_with(&settings);
    assert!(pair.client.connection.can_accept());
    for _ in 0..3 {
        pair.client.query("select 1", ());
    }
    assert!(!pair.client.connection.can_accept());
    pair.run();
    assert!(pair.client.connection.can_accept());
}
