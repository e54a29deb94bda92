//! Each test is a process of its own, since what they differ in is the environment.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use trunkline::testing::TempServer;
use trunkline::{SqlState, TransactionStatus};
use trunkline_tests::server::programs;

/// Says to a process that it is to play a part, and which.
const PART: &str = "TRUNKLINE_TEST_PART";

/// Runs that test of this file again, as a process with this environment.
fn again(test: &str, part: &str, environment: &[(&str, &Path)]) -> Output {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", &format!("temp_server::{test}"), "--nocapture"]).env(PART, part);
    command.env_remove("TRUNKLINE_POSTGRES_BIN").envs(environment.iter().copied());
    command.output().unwrap()
}

fn part() -> Option<String> {
    std::env::var(PART).ok()
}

fn bin(version: u16) -> PathBuf {
    programs(version).unwrap()
}

#[test]
fn a_server_is_started_and_gone_when_it_is_dropped() {
    if part().is_none() {
        for version in [13, 18] {
            let bin = bin(version);
            let output = again(
                "a_server_is_started_and_gone_when_it_is_dropped",
                "play",
                &[("TRUNKLINE_POSTGRES_BIN", &bin)],
            );
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
            assert!(text.contains(&format!("server_version={version}")), "{text}");
        }
        return;
    }
    let server = TempServer::builder().setting("max_connections", "7").start().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let connection = server.config().connect().await.unwrap();
        println!("server_version={}", connection.parameter("server_version").unwrap());
        let most: Option<String> = connection.fetch_val("show max_connections", ()).await.unwrap();
        assert_eq!(most.as_deref(), Some("7"));
        assert_eq!(connection.transaction_status(), TransactionStatus::Idle);
        let by_url = trunkline::Connection::connect(&server.url()).await.unwrap();
        let user: Option<String> = by_url.fetch_val("select current_user::text", ()).await.unwrap();
        assert_eq!(user.as_deref(), Some("postgres"));
        let error = by_url.execute("select 1/0", ()).await.unwrap_err();
        assert_eq!(error.sqlstate(), Some(&SqlState::DIVISION_BY_ZERO));
    });
    assert!(server.log().contains("division by zero"));
    let socket = PathBuf::from(server.config().hosts[0].to_string());
    let directory = socket.parent().unwrap().to_owned();
    assert!(directory.is_dir(), "{directory:?}");
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(move || {
        let _server = server;
        panic!("a test fails");
    }));
    assert!(panicked.is_err());
    assert!(!directory.exists());
}

#[test]
fn a_setting_that_is_refused_is_told_with_the_log() {
    if part().is_none() {
        let bin = bin(18);
        let output = again(
            "a_setting_that_is_refused_is_told_with_the_log",
            "play",
            &[("TRUNKLINE_POSTGRES_BIN", &bin)],
        );
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        return;
    }
    let error = TempServer::builder().setting("no_such_setting", "1").start().unwrap_err().to_string();
    assert!(error.contains("did not start") && error.contains("no_such_setting"), "{error}");
}

#[test]
fn without_a_postgresql_it_is_said_what_to_do() {
    match part().as_deref() {
        None => {
            let nowhere = std::env::temp_dir();
            let test = "without_a_postgresql_it_is_said_what_to_do";
            for (part, name) in [("named", "TRUNKLINE_POSTGRES_BIN"), ("looked for", "PATH")] {
                let output = again(test, part, &[(name, &nowhere)]);
                assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            }
        }
        Some("named") => {
            let error = TempServer::start().unwrap_err().to_string();
            assert!(error.contains("TRUNKLINE_POSTGRES_BIN is ") && error.contains("no initdb"), "{error}");
        }
        // On a machine with one in the usual places it is found without PATH.
        Some(_) => match TempServer::start() {
            Ok(server) => assert!(server.log().contains("ready to accept connections")),
            Err(error) => {
                let error = error.to_string();
                assert!(error.contains("none is downloaded: install one"), "{error}");
            }
        },
    }
}
