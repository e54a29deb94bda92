use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use trunkline::{Config, ConnectError, Connection, Error, Phase, UsageError};
use trunkline_tests::live::{on_every_version, on_version};
use trunkline_tests::server::PASSWORD;

use super::{refused, trusted};

/// A file that is gone with its test.
pub(crate) struct File(PathBuf);

impl File {
    pub(crate) fn new(text: &str, mode: u32) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("trunkline-file-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

pub(crate) fn config_error(error: &ConnectError) -> (Phase, String) {
    let [attempt] = &error.attempts[..] else { panic!("one attempt: {error}") };
    match &attempt.error {
        Error::Usage(problem) => match &**problem {
            UsageError::Config(problem) => (attempt.phase, problem.to_string()),
            other => panic!("{other}"),
        },
        other => panic!("{other}"),
    }
}

#[test]
fn the_password_file_is_looked_into_for_each_host() {
    on_every_version(async |server| {
        let port = server.port();
        let lines = format!("localhost:*:*:*:no\n127.0.0.1:{port}:postgres:scram_user:{PASSWORD}\n");
        let file = File::new(&lines, 0o600);
        let config = trusted(server).user("scram_user").passfile(file.path());
        let user =
            config.connect().await.unwrap().fetch_val::<String, _>("select current_user::text", ()).await;
        assert_eq!(user.unwrap().as_deref(), Some("scram_user"));

        // One that is given goes before it.
        let error = refused(&config.clone().password("incorrect-donkey")).await;
        assert_eq!(error.as_server().unwrap().code.as_str(), "28P01");

        // It is read anew each time.
        std::fs::write(&file.0, "").unwrap();
        let error = refused(&config).await;
        assert!(error.to_string().contains("none was given"), "{error}");
    });
}

#[test]
fn a_password_file_that_others_can_read_is_in_nobodys_way_where_no_password_is_needed() {
    on_every_version(async |server| {
        let file = File::new(&format!("*:*:*:*:{PASSWORD}\n"), 0o644);
        trusted(server).passfile(file.path()).connect().await.unwrap();
    });
}

#[test]
fn a_service_is_looked_up() {
    on_every_version(async |server| {
        let text = format!(
            "[app]\nhost=127.0.0.1\nport={}\nuser=scram_user\ndbname=nowhere\npassword={PASSWORD}\n",
            server.port()
        );
        let file = File::new(&text, 0o644);
        let url = format!("postgres:///postgres?service=app&servicefile={}", file.path());
        let connection = Connection::connect(&url).await.unwrap();
        let user = connection.fetch_val::<String, _>("select current_user::text", ()).await;
        assert_eq!(user.unwrap().as_deref(), Some("scram_user"));
    });
}

#[test]
fn an_unknown_service_is_told_before_anything_is_tried() {
    on_version(18, async |_| {
        let file = File::new("[app]\nhost=127.0.0.1\n", 0o644);
        let text = format!("service=shop servicefile={}", file.path());
        let error = Connection::connect(&text).await.unwrap_err();
        let expected = format!(
            "there is no service \"shop\": looked in {}; add a section [shop] there, or say where it is with \
             PGSERVICEFILE",
            file.path()
        );
        assert_eq!(config_error(&error), (Phase::Config, expected));
        assert!(matches!(Config::parse(&text), Err(Error::Usage(_))));
    });
}
