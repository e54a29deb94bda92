use bytes::BytesMut;
use trunkline::config::ProtocolVersion;
use trunkline::{Config, Connection};
use trunkline_core::message::backend::{BackendKeyData, NegotiateProtocolVersion};
use trunkline_core::wire::Frame;
use trunkline_tests::live::{VERSIONS, block_on, connect_watched, message, on_every_version};
use trunkline_tests::server::{Auth, PASSWORD, Server};

/// Latin letters with marks (composed, and as letter and mark), other scripts, and what SASLprep changes: a soft
/// hyphen goes, a no-break space becomes a space, a ligature becomes letters.
const PASSWORDS: [&str; 4] =
    ["pässwörd", "pa\u{308}sswo\u{308}rd", "пароль 密码 🔑", "a\u{ad}b\u{a0}c\u{fb01}"];

/// A server with users for every method and password.
fn server(version: u16) -> Server {
    let mut builder = Server::builder(version);
    for (method, auth) in METHODS {
        for (number, password) in (0..).zip(PASSWORDS) {
            builder = builder.user(&format!("{method}_{number}"), auth, password);
        }
    }
    builder.start().unwrap_or_else(|error| panic!("PostgreSQL {version}: {error}"))
}

const METHODS: [(&str, Auth); 3] = [("password", Auth::Password), ("md5", Auth::Md5), ("scram", Auth::Scram)];

async fn connect(server: &Server, user: &str, password: &str) -> Result<String, String> {
    let config =
        Config::new().host_port("127.0.0.1", server.port()).user(user).password(password).dbname("postgres");
    let connection = Connection::connect_with(&config).await.map_err(|error| error.to_string())?;
    let user = connection.fetch_val("select current_user::text", ()).await.map_err(|e| e.to_string())?;
    connection.close().await.unwrap();
    Ok(user.unwrap())
}

#[test]
fn every_method_takes_the_right_password_and_no_other() {
    for version in VERSIONS {
        let server = server(version);
        block_on(async {
            assert_eq!(connect(&server, "trust_user", "anything").await.unwrap(), "trust_user");
            for (method, _) in METHODS {
                let user = format!("{method}_user");
                assert_eq!(connect(&server, &user, PASSWORD).await.unwrap(), user, "{version}");
                let wrong = connect(&server, &user, "incorrect-donkey").await.unwrap_err();
                assert_eq!(
                    wrong,
                    format!(
                        "cannot connect to PostgreSQL: 127.0.0.1:{} (auth): FATAL: password authentication failed \
                         for user \"{user}\" (SQLSTATE 28P01)",
                        server.port()
                    )
                );
                let none = connect(&server, &user, "").await.unwrap_err();
                assert!(!none.contains(PASSWORD) && none.contains("password"), "{none}");
            }
        });
    }
}

#[test]
fn passwords_beyond_ascii_are_taken() {
    for version in VERSIONS {
        let server = server(version);
        block_on(async {
            for (method, _) in METHODS {
                for (number, password) in (0..).zip(PASSWORDS) {
                    let user = format!("{method}_{number}");
                    let got = connect(&server, &user, password).await;
                    assert_eq!(got, Ok(user.clone()), "{version}, {password:?}");
                    let wrong = connect(&server, &user, &format!("{password}é")).await.unwrap_err();
                    assert!(wrong.contains("28P01") && !wrong.contains(password), "{wrong}");
                }
            }
            // SASLprep makes these the same; only SCRAM has it.
            assert!(connect(&server, "scram_3", "ab cfi").await.is_ok());
            assert!(connect(&server, "scram_0", PASSWORDS[1]).await.is_ok());
        });
    }
}

#[test]
fn a_missing_password_is_told_before_the_server_is_asked_again() {
    on_every_version(async |server| {
        let config = Config::new().host_port("127.0.0.1", server.port()).user("postgres").dbname("postgres");
        let none = message(Connection::connect_with(&config).await);
        let expected = format!(
            "cannot connect to PostgreSQL: 127.0.0.1:{} (auth): authentication failed: the server asks for the \
             password of \"postgres\", but none was given: set it in the connection string or in PGPASSWORD",
            server.port()
        );
        assert_eq!(none, expected);
    });
}

#[test]
fn a_method_that_require_auth_forbids_gets_no_password() {
    on_every_version(async |server| {
        let url = server.url_for("password_user").unwrap();
        let refused = message(Connection::connect(&format!("{url}?require_auth=scram-sha-256")).await);
        assert!(refused.contains("require_auth") && !refused.contains(PASSWORD), "{refused}");
        let url = server.url_for("scram_user").unwrap();
        Connection::connect(&format!("{url}?require_auth=scram-sha-256")).await.unwrap();
    });
}

#[test]
fn a_unix_socket_leads_to_the_same_server() {
    on_every_version(async |server| {
        let connection = Connection::connect(&server.socket_url().unwrap()).await.unwrap();
        let address: Option<String> =
            connection.fetch_val("select inet_client_addr()::text", ()).await.unwrap();
        assert_eq!(address, None);
        assert_eq!(connection.fetch_val::<i32, _>("select $1::int4", (5,)).await.unwrap(), Some(5));
    });
}

#[test]
fn protocol_3_2_has_long_keys_and_is_negotiated_down() {
    on_every_version(async |server| {
        for (options, version) in
            [("", ProtocolVersion::V3_0), ("max_protocol_version=3.2", ProtocolVersion::V3_2)]
        {
            let (connection, watch) = connect_watched(server, options).await;
            assert_eq!(connection.fetch_val::<i32, _>("select $1::int4", (5,)).await.unwrap(), Some(5));
            let mut received = BytesMut::from(&watch.take().read[..]);
            let (mut negotiated, mut key) = (None, 0);
            while let Some(frame) = Frame::read(&received).unwrap() {
                match frame.tag {
                    NegotiateProtocolVersion::TAG => {
                        let message = NegotiateProtocolVersion::decode(frame.body).unwrap();
                        negotiated = Some((message.major(), message.minor()));
                    }
                    BackendKeyData::TAG => key = BackendKeyData::decode(frame.body).unwrap().key.len(),
                    _ => {}
                }
                let length = frame.frame_len();
                bytes::Buf::advance(&mut received, length);
            }
            let long = version == ProtocolVersion::V3_2 && server.version() >= 18;
            assert_eq!(key, if long { 32 } else { 4 });
            let down = version == ProtocolVersion::V3_2 && server.version() < 18;
            assert_eq!(negotiated, down.then_some((3, 0)));
        }
        let mut url = server.url();
        url.push_str("?min_protocol_version=3.2&max_protocol_version=3.2");
        let strict = Connection::connect(&url).await;
        if server.version() >= 18 {
            strict.unwrap();
        } else {
            let refused = message(strict);
            assert!(refused.contains("min_protocol_version"), "{refused}");
        }
    });
}
