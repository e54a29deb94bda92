use trunkline::TlsErrorKind;
use trunkline_tests::certificates::Wanted;
use trunkline_tests::live::{block_on, connect_watched};
use trunkline_tests::server::Server;
use trunkline_tests::tls::TlsServer;

use super::{Files, HOST, authority, builder, connect, is_encrypted, refusal, secured};

#[test]
fn tls_begins_at_once_with_servers_that_can() {
    let files = Files::new();
    let roots = files.write("root.crt", &authority().pem());
    let options = format!("sslmode=verify-full sslrootcert={roots} sslnegotiation=direct");
    block_on(async {
        let connection = connect(HOST, secured(18).port(), &options).await.unwrap();
        assert!(is_encrypted(&connection).await);
        for version in [13, 15] {
            let (kind, error) = refusal(connect(HOST, secured(version).port(), &options).await);
            assert_eq!(kind, TlsErrorKind::Handshake, "{error}");
            assert!(error.contains("sslnegotiation=direct needs PostgreSQL 17 or later"), "{error}");
        }
    });
}

#[test]
fn a_server_that_does_not_speak_of_postgresql_gets_no_password() {
    block_on(async {
        let certificate = authority().sign(&Wanted { hosts: &[HOST], ..Wanted::default() });
        let direct = "sslmode=require sslnegotiation=direct";
        let web = TlsServer { direct: true, alpn: false, ..TlsServer::new(&certificate) }.listen().await;
        let (kind, error) = refusal(connect(HOST, web, direct).await);
        assert_eq!(kind, TlsErrorKind::Alpn, "{error}");
        let right = TlsServer { direct: true, ..TlsServer::new(&certificate) }.listen().await;
        connect(HOST, right, direct).await.unwrap();
        // Servers before 17 know nothing of it, and were asked for TLS by PostgreSQL's own request.
        let old = TlsServer { alpn: false, ..TlsServer::new(&certificate) }.listen().await;
        connect(HOST, old, "sslmode=require").await.unwrap();
    });
}

#[test]
fn the_version_of_tls_is_as_asked_for() {
    async fn version(server: &Server, options: &str) -> String {
        let connection = connect(HOST, server.port(), &format!("sslmode=require {options}")).await.unwrap();
        let sql = "select version from pg_stat_ssl where pid = pg_backend_pid()";
        connection.fetch_val(sql, ()).await.unwrap().unwrap()
    }
    block_on(async {
        assert_eq!(version(secured(18), "").await, "TLSv1.3");
        assert_eq!(version(secured(18), "ssl_max_protocol_version=TLSv1.2").await, "TLSv1.2");
        assert_eq!(version(secured(18), "ssl_min_protocol_version=TLSv1.3").await, "TLSv1.3");
        let certificate = authority().sign(&Wanted { hosts: &[HOST], ..Wanted::default() });
        let old = builder(18, &certificate).setting("ssl_max_protocol_version", "TLSv1.2").start().unwrap();
        assert_eq!(version(&old, "").await, "TLSv1.2");
        let (kind, error) =
            refusal(connect(HOST, old.port(), "sslmode=require ssl_min_protocol_version=TLSv1.3").await);
        assert_eq!(kind, TlsErrorKind::Handshake, "{error}");
    });
}

#[test]
fn keys_are_logged_when_asked_for() {
    let files = Files::new();
    let path = files.write("keys", "");
    block_on(connect(HOST, secured(18).port(), &format!("sslkeylogfile={path}"))).unwrap();
    let log = std::fs::read_to_string(path).unwrap();
    let first: Vec<&str> = log.lines().next().unwrap().split(' ').collect();
    assert!(first.len() == 3 && first[1].len() == 64, "{log}");
    assert!(log.contains("CLIENT_TRAFFIC_SECRET_0 "), "{log}");
}

#[test]
fn a_given_stream_is_encrypted_only_where_it_has_to_be() {
    block_on(async {
        let (connection, watch) = connect_watched(secured(18), "").await;
        assert!(!is_encrypted(&connection).await);
        assert!(watch.take().written.windows(9).any(|bytes| bytes == b"pg_stat_s"));
        let (connection, watch) = connect_watched(secured(18), "sslmode=require").await;
        assert!(is_encrypted(&connection).await);
        let seen = watch.take();
        assert_eq!(&seen.written[..8], [0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);
        assert!(!seen.written.windows(9).any(|bytes| bytes == b"pg_stat_s"));
    });
}
