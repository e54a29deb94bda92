use trunkline_core::config::{Config, ProtocolVersion};
use trunkline_core::{Channel, Connection, Event, Instant, TransactionStatus};
use trunkline_tests::backend::{Backend, Opening};
use trunkline_tests::chunking;
use trunkline_tests::client::{Client, config};
use trunkline_tests::messages as m;
use trunkline_tests::pair::Pair;

#[test]
fn the_first_message_says_who_and_where_and_nothing_more() {
    let mut pair = Pair::default();
    pair.run();
    let startup = r#"Startup(0x30000 [("user", "ada"), ("database", "shop"), ("client_encoding", "UTF8")])"#;
    assert_eq!(pair.backend.heard, [startup]);
    assert_eq!(pair.client.events, [Event::Ready]);
    assert!(pair.client.connection.is_ready() && pair.client.connection.is_idle());
    assert_eq!(pair.client.connection.transaction_status(), TransactionStatus::Idle);
    assert_eq!(pair.client.connection.server_version().unwrap().to_string(), "18.4");
    assert_eq!(pair.client.connection.parameter("SERVER_VERSION"), Some("18.4"));
}

#[test]
fn every_setting_is_in_it() {
    let config = config()
        .application_name("till")
        .options("-cgeqo=off")
        .parameter("search_path", "app")
        .protocol_versions(ProtocolVersion::V3_0, ProtocolVersion::V3_2);
    let mut pair = Pair::new(&config, Backend::new(Opening::default()));
    pair.run();
    let heard = &pair.backend.heard[0];
    for part in ["0x30002", r#"("application_name", "till")"#, "-cgeqo=off", r#"("search_path", "app")"#] {
        assert!(heard.contains(part), "{part} is not in {heard}");
    }
}

#[test]
fn the_session_opens_however_its_bytes_are_cut() {
    let summary = chunking::every(|size| {
        let mut client = Client::new(&config());
        client.feed_in(&m::welcome(), size);
        assert_eq!(client.connection.process_id(), 42);
        assert_eq!(client.connection.parameter("timezone"), Some("UTC"));
        client.summary()
    });
    assert_eq!(summary.events, [Event::Ready]);
}

#[test]
fn no_user_and_a_nul_are_errors_before_anything_is_sent() {
    for config in [Config::new(), Config::new().user(""), config().application_name("a\0b")] {
        let refused = Connection::new(&config, Channel::default(), Instant::default(), [0; 24]);
        assert!(refused.is_err());
    }
}

#[test]
fn commands_before_the_session_is_open_are_refused_and_do_no_harm() {
    let mut client = Client::new(&config());
    let early = client.connection.simple_query(Instant::default(), "select 1").unwrap_err();
    assert!(early.to_string().contains("not open yet"), "{early}");
    client.feed(&m::welcome());
    assert!(client.connection.is_ready());
}

#[test]
fn an_error_at_the_door_closes_the_connection_and_is_the_servers() {
    let summary = chunking::every(|size| {
        let mut client = Client::new(&config());
        client.feed_in(&m::fatal("3D000", "database \"shop\" does not exist"), size);
        client.eof();
        let error = client.connection.error().unwrap();
        assert_eq!(error.sqlstate().unwrap().as_str(), "3D000");
        client.summary()
    });
    assert_eq!(summary.events, [Event::Closed]);
}
