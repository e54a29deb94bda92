//! Rows that wait for their types are read past the high-water mark.

use trunkline_core::{Error, QueryOptions};
use trunkline_tests::client::config;
use trunkline_tests::pair::Pair;

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
