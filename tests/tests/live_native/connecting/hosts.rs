use std::collections::BTreeSet;

use trunkline::config::LoadBalanceHosts;
use trunkline::{Config, Phase};
use trunkline_tests::live::{on_every_version, on_version, shared};

use super::{Nobody, at, port_of, refused};

#[test]
fn hosts_that_are_down_are_passed_over() {
    on_every_version(async |server| {
        let (first, second) = (Nobody::new(), Nobody::new());
        let connection = at(&[first.port, second.port, server.port()]).connect().await.unwrap();
        assert_eq!(port_of(&connection).await, server.port());
    });
}

#[test]
fn when_all_are_down_every_attempt_is_told() {
    on_version(18, async |_| {
        let (first, second) = (Nobody::new(), Nobody::new());
        let error = refused(&at(&[first.port, second.port])).await;
        let expected = format!(
            "cannot connect to PostgreSQL\n  \
             127.0.0.1:{} (tcp): Connection refused (os error 111); does a server run there, and listen on this \
             address and port?\n  \
             127.0.0.1:{} (tcp): Connection refused (os error 111); does a server run there, and listen on this \
             address and port?",
            first.port, second.port
        );
        // The number is the operating system's own.
        let portable = |text: &str| text.replace("os error 61", "os error 111");
        assert_eq!(portable(&error.to_string()), expected);
        assert!(error.attempts.iter().all(|attempt| attempt.phase == Phase::Tcp));
    });
}

#[test]
fn a_wrong_password_is_not_tried_at_the_next_host() {
    on_version(18, async |server| {
        let config = at(&[server.port(), shared(13).port()]).password("incorrect-donkey");
        let error = refused(&config).await;
        assert_eq!(error.attempts.len(), 1);
        assert_eq!(error.attempts[0].phase, Phase::Auth);
        assert_eq!(error.as_server().unwrap().code.as_str(), "28P01");
    });
}

#[test]
fn a_database_that_one_host_lacks_is_looked_for_at_the_next() {
    on_version(18, async |server| {
        let admin = at(&[server.port()]).connect().await.unwrap();
        admin.execute_script("drop database if exists only_here").await.unwrap();
        admin.execute_script("create database only_here").await.unwrap();
        let config = at(&[shared(13).port(), server.port()]).dbname("only_here");
        let connection = config.connect().await.unwrap();
        assert_eq!(port_of(&connection).await, server.port());
        let error = refused(&at(&[shared(13).port()]).dbname("only_here")).await;
        assert_eq!(error.attempts[0].phase, Phase::Startup);
        connection.close().await.unwrap();
        admin.execute_script("drop database only_here with (force)").await.unwrap();
    });
}

#[test]
fn random_order_spreads_over_the_hosts() {
    on_version(18, async |server| {
        let nobody = Nobody::new();
        let config =
            at(&[server.port(), nobody.port, shared(13).port()]).load_balance_hosts(LoadBalanceHosts::Random);
        let mut reached = BTreeSet::new();
        // That one of two comes up first a hundred times in a row is not going to happen.
        for _ in 0..100 {
            reached.insert(port_of(&config.connect().await.unwrap()).await);
            if reached.len() == 2 {
                return;
            }
        }
        panic!("only {reached:?} was reached");
    });
}

#[test]
fn a_name_that_does_not_exist_fails_in_its_own_phase() {
    on_version(18, async |server| {
        let config = Config::new().host("no-such-host.invalid").host_port("127.0.0.1", server.port());
        let error = refused(&config.user("nobody_here")).await;
        let phases: Vec<Phase> = error.attempts.iter().map(|attempt| attempt.phase).collect();
        assert_eq!(phases, [Phase::Dns, Phase::Auth]);
        assert_eq!(error.attempts[0].host, "no-such-host.invalid:5432");
    });
}
