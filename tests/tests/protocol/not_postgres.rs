use trunkline_tests::chunking;
use trunkline_tests::client::{Client, config};
use trunkline_tests::messages as m;

#[track_caller]
fn error(bytes: &[u8]) -> String {
    chunking::every(|size| {
        let mut client = Client::new(&config());
        client.feed_in(bytes, size);
        client.summary()
    })
    .error
    .expect("it is refused")
}

#[test]
fn what_answers_is_named() {
    for (bytes, word) in [
        (&b"HTTP/1.1 400 Bad Request\r\n\r\n"[..], "HTTP"),
        (b"SSH-2.0-OpenSSH_9.9\r\n", "SSH"),
        (b"\x15\x03\x01\0\x02\x02\x46", "TLS"),
        (b"\x16\x03\x03\0\x7a", "TLS"),
        (b"220 mail.example.com ESMTP\r\n", "mail"),
        (b"-ERR unknown command\r\n", "Redis"),
        (b"\x4a\0\0\0\x0a8.0.36\0", "MySQL"),
        (b"\0\0\0\0\0\0\0", "no PostgreSQL message"),
        (b"hello there", "no PostgreSQL message"),
        (b"\xff\xff\xff\xff\xff", "no PostgreSQL message"),
    ] {
        let error = error(bytes);
        assert!(error.contains(word) && error.contains("not a PostgreSQL server"), "{error}");
    }
}

#[test]
fn what_begins_like_postgresql_and_is_not_is_refused_too() {
    for bytes in [
        &b"RTSP/1.0 400 Bad Request\r\n"[..],
        b"ERROR\r\n\r\n",
        b"NOTICE hello",
        b"R\0\0\0\x08\0\0\0\0R\0\0\0\x08\0\0\0\0",
    ] {
        assert!(error(bytes).contains("broke the protocol"));
    }
}

#[test]
fn what_hangs_up_without_a_word_is_told_so() {
    for bytes in [&b""[..], b"HT", b"R"] {
        let mut client = Client::new(&config());
        client.feed(bytes);
        client.eof();
        let error = client.connection.error().unwrap().to_string();
        assert!(error.contains("without a word"), "{error}");
    }
}

#[test]
fn silence_is_given_up_in_time() {
    let mut client = Client::new(&config());
    let deadline = client.connection.poll_timeout().expect("there is a deadline by default");
    client.pass(deadline - client.now);
    assert!(client.connection.is_closed());
}

#[test]
fn a_parameter_of_ten_bytes_is_no_mysql() {
    let parameter = m::parameter("ab", "cd");
    assert_eq!(parameter[4], 0x0a);
    let mut client = Client::new(&config());
    let welcome = m::welcome();
    let (ok, rest) = welcome.split_at(9);
    client.feed(&[ok, &parameter, rest].concat());
    assert!(client.connection.is_ready(), "{:?}", client.connection.error());
}
