use std::time::Duration;

use trunkline_tests::live::{VERSIONS, block_on, sqlstate};

use super::{Files, HOST, authority, config, connect, secured};

#[test]
fn a_query_is_cancelled_over_an_encrypted_channel() {
    let files = Files::new();
    let roots = files.write("root.crt", &authority().pem());
    for version in VERSIONS {
        let server = secured(version);
        for options in [
            format!("sslmode=verify-full sslrootcert={roots} max_protocol_version=3.2"),
            // It let us in in clear, and would not encrypted; and the other way round.
            "user=only_in_clear sslmode=prefer".to_owned(),
            "user=only_encrypted sslmode=allow".to_owned(),
        ] {
            block_on(async {
                let connection = connect(HOST, server.port(), &options).await.unwrap();
                let token = connection.cancel_token();
                let sleeping = connection.execute("select pg_sleep(60)", ());
                let cancelling = async {
                    let watcher = connect(HOST, server.port(), "").await.unwrap();
                    let sql = "select exists (select from pg_stat_activity where pid = $1 and state = 'active' and \
                               wait_event = 'PgSleep')";
                    let pid = i32::try_from(connection.server_pid()).unwrap();
                    while watcher.fetch_val::<bool, _>(sql, (pid,)).await.unwrap() != Some(true) {
                        tokio::time::sleep(Duration::from_millis(5)).await;
                    }
                    token.cancel().await.unwrap();
                };
                let (slept, ()) = tokio::join!(sleeping, cancelling);
                assert_eq!(sqlstate(slept), "57014", "{version}, {options}");
                assert_eq!(connection.fetch_val::<i32, _>("select 1", ()).await.unwrap(), Some(1));
            });
        }
    }
}

#[test]
fn connecting_takes_no_longer_than_it_may() {
    block_on(async {
        // It takes the request, and says nothing.
        let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = silent.local_addr().unwrap().port();
        let config = config(HOST, port, "sslmode=require").connect_timeout(Duration::from_millis(50));
        let error = config.connect().await.unwrap_err().to_string();
        assert!(error.contains("(tls)") && error.contains("no answer within 50ms"), "{error}");
    });
}
