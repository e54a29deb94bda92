use trunkline_core::Error;
use trunkline_tests::chunking;
use trunkline_tests::pair::Pair;

/// Runs a COPY by the wrong door among others, in pieces of every size.
fn refused(copy: impl Fn(&mut Pair) -> trunkline_core::OperationId, sent: &[&str]) {
    chunking::every(|size| {
        let mut pair = Pair::open();
        pair.chunk = size;
        let before = pair.client.query("insert a", ());
        let copy = copy(&mut pair);
        let after = pair.client.query("insert b", ());
        let described = pair.client.query("select $1::int4", (7_i32,));
        pair.run();
        assert!(matches!(pair.client.error(copy), Error::Usage(_)), "{}", pair.client.error(copy));
        assert!(pair.client.error(copy).to_string().contains("COPY"));
        assert_eq!(pair.client.tag(before).rows(), 1);
        assert_eq!(pair.client.tag(after).rows(), 1);
        assert_eq!(pair.client.rows(described).len(), 1);
        assert_eq!(pair.backend.committed, ["a", "b"]);
        assert!(pair.client.connection.is_idle());
        let all = pair.sent();
        for message in sent {
            assert!(all.iter().any(|other| other == message), "{message} is not in {all:?}");
        }
        pair.client.summary()
    });
}

#[test]
fn copy_from_stdin_as_a_query() {
    refused(|pair| pair.client.query("copy t from stdin", ()), &["CopyFail"]);
}

#[test]
fn copy_from_stdin_as_a_query_seen_before() {
    refused(
        |pair| {
            pair.client.query("copy t from stdin", ());
            pair.run();
            pair.client.query("copy t from stdin", ())
        },
        &["CopyFail"],
    );
}

#[test]
fn copy_from_stdin_behind_a_comment() {
    refused(|pair| pair.client.simple("copy t from stdin"), &["CopyFail"]);
    refused(|pair| pair.client.simple("select 1; copy t from stdin; insert c"), &["CopyFail"]);
}

#[test]
fn copy_to_stdout() {
    refused(|pair| pair.client.query("copy t to stdout", ()), &[]);
    refused(|pair| pair.client.simple("copy t to stdout"), &[]);
    refused(|pair| pair.client.simple("select 1; copy t to stdout; select 2"), &[]);
}

#[test]
fn a_copy_that_fails_by_itself_needs_no_second_sync() {
    let mut pair = Pair::open();
    pair.client.simple("begin; do fail");
    pair.run();
    let copy = pair.client.query("copy t from stdin", ());
    pair.run();
    assert_eq!(pair.client.code(copy), "25P02");
    assert!(!pair.backend.heard.contains(&"CopyFail".to_string()));
    assert!(pair.client.connection.is_idle());
}

#[test]
fn replication_data_outside_of_replication_breaks_the_protocol() {
    let mut client = trunkline_tests::client::Client::open();
    let id = client.query("select 1", ());
    client.take_sent();
    use trunkline_tests::messages as m;
    client.feed(&[m::parsed(), m::bound(), m::no_data(), m::raw(b'W', &[0, 0, 0])].concat());
    assert!(client.error(id).to_string().contains("COPY BOTH"));
}
