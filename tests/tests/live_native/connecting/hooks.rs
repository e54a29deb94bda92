use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use tokio::net::TcpStream;
use trunkline::{Config, Error, Phase};
use trunkline_tests::live::{on_every_version, on_version};
use trunkline_tests::server::PASSWORD;

use super::{Nobody, refused, trusted};

#[test]
fn the_password_provider_is_called_for_every_connection() {
    on_every_version(async |server| {
        let asked = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&asked);
        let config = trusted(server).user("scram_user").password("incorrect-donkey").password_provider(
            move |request| {
                seen.lock().unwrap().push(format!("{}@{}", request.user, request.host));
                async { Ok(PASSWORD) }
            },
        );
        for _ in 0..3 {
            config.connect().await.unwrap();
        }
        let expected = format!("scram_user@127.0.0.1:{}", server.port());
        assert_eq!(*asked.lock().unwrap(), [&*expected, &*expected, &*expected]);
    });
}

#[test]
fn what_the_password_provider_says_of_its_failure_is_told() {
    on_version(18, async |server| {
        let config = trusted(server)
            .host_port("127.0.0.1", server.port())
            .password_provider(|_| async { Err::<String, _>("the vault is sealed".into()) });
        let error = refused(&config).await;
        assert_eq!(error.attempts.len(), 1, "{error}");
        assert_eq!(error.attempts[0].phase, Phase::Auth);
        assert!(matches!(error.attempts[0].error, Error::Auth(_)));
        assert!(error.to_string().contains("the vault is sealed"), "{error}");
    });
}

#[test]
fn no_password_is_asked_for_before_the_server_is_reached() {
    on_version(18, async |server| {
        let nobody = Nobody::new();
        let asked = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&asked);
        let config = Config::new()
            .host_port("127.0.0.1", nobody.port)
            .host_port("127.0.0.1", server.port())
            .user("scram_user")
            .dbname("postgres")
            .password_provider(move |_| {
                count.fetch_add(1, Ordering::Relaxed);
                async { Ok(PASSWORD) }
            });
        config.connect().await.unwrap();
        assert_eq!(asked.load(Ordering::Relaxed), 1);
    });
}

#[test]
fn streams_can_be_opened_by_the_program() {
    on_every_version(async |server| {
        let (port, asked) = (server.port(), Arc::new(Mutex::new(Vec::new())));
        let seen = Arc::clone(&asked);
        let config = Config::new()
            .host("down.invalid")
            .host("db.invalid")
            .user("trust_user")
            .dbname("postgres")
            .transport(move |host| {
                seen.lock().unwrap().push(host.to_string());
                async move {
                    if host.to_string().starts_with("down") {
                        return Err(std::io::Error::other("the tunnel is closed"));
                    }
                    TcpStream::connect(("127.0.0.1", port)).await
                }
            });
        let connection = config.connect().await.unwrap();
        assert_eq!(connection.fetch_val::<i32, _>("select $1::int4", (5,)).await.unwrap(), Some(5));
        assert_eq!(*asked.lock().unwrap(), ["down.invalid:5432", "db.invalid:5432"]);

        let error = refused(&config.user("nobody_here")).await;
        let phases: Vec<Phase> = error.attempts.iter().map(|attempt| attempt.phase).collect();
        assert_eq!(phases, [Phase::Tcp, Phase::Auth]);
        assert!(error.to_string().contains("the tunnel is closed"), "{error}");
    });
}
