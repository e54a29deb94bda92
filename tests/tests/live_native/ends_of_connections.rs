use trunkline::{Connection, Error};
use trunkline_tests::live::{connect, on_every_version, sqlstate};

async fn kill(killer: &Connection, pid: u32) {
    let pid = i32::try_from(pid).unwrap();
    let killed = killer.fetch_val::<bool, _>("select pg_terminate_backend($1)", (pid,)).await.unwrap();
    assert_eq!(killed, Some(true));
    const SQL: &str = "select count(*) from pg_stat_activity where pid = $1";
    while killer.fetch_val::<i64, _>(SQL, (pid,)).await.unwrap() != Some(0) {
        tokio::task::yield_now().await;
    }
}

#[test]
fn a_connection_killed_while_idle_says_so_at_the_next_query() {
    on_every_version(async |server| {
        let (c, killer) = (connect(server).await, connect(server).await);
        kill(&killer, c.server_pid()).await;
        let first = c.fetch("select 1", ()).await.unwrap_err();
        assert_eq!(
            first.to_string(),
            "FATAL: terminating connection due to administrator command (SQLSTATE 57P01)"
        );
        assert!(c.is_closed());
        let second = c.fetch("select 1", ()).await.unwrap_err();
        assert_eq!(
            second.to_string(),
            "the connection is closed: the server ended it: FATAL: terminating connection due to administrator \
             command (SQLSTATE 57P01)"
        );
        assert!(second.safe_to_retry());
        c.close().await.unwrap();
    });
}

#[test]
fn a_connection_killed_while_it_runs_ends_everything_under_way() {
    on_every_version(async |server| {
        let (c, killer) = (connect(server).await, connect(server).await);
        let (slow, waiting, described, ()) = tokio::join!(
            c.fetch("select pg_sleep(60)", ()),
            c.fetch("select 2", ()),
            c.fetch("select $1::int4", (1,)),
            async {
                const SQL: &str = "select count(*) from pg_stat_activity where pid = $1 and state = 'active' \
                    and query like '%pg_sleep%'";
                let pid = i32::try_from(c.server_pid()).unwrap();
                while killer.fetch_val::<i64, _>(SQL, (pid,)).await.unwrap() != Some(1) {}
                kill(&killer, c.server_pid()).await;
            }
        );
        assert_eq!(sqlstate(slow), "57P01");
        for result in [waiting, described] {
            let Err(Error::Closed(closed)) = result else { panic!("{result:?}") };
            assert!(closed.to_string().contains("57P01"), "{closed}");
        }
        assert!(c.is_closed());
        assert_eq!(sqlstate(c.execute("select 1", ()).await), "57P01");
    });
}

#[test]
fn promise_11_a_timeout_ends_the_query_for_its_caller() {
    on_every_version(async |server| {
        let c = trunkline_tests::live::connect_with(server, "command_timeout=200ms").await;
        let error = c.fetch("select pg_sleep(1)", ()).await.unwrap_err();
        assert_eq!(error.to_string(), "no answer within 200ms while waiting for the end of a query");
    });
}
