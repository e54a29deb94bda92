use trunkline::{Error, TransactionStatus};
use trunkline_tests::live::{connect, on_every_version, sqlstate};

#[test]
fn promise_08_commit_of_a_failed_transaction_is_an_error() {
    on_every_version(async |server| {
        let c = connect(server).await;
        c.execute("create temp table t (i int4)", ()).await.unwrap();
        // The same the second and third time, when COMMIT is a prepared statement.
        for commit in ["commit", "COMMIT", "end", "/* so */ commit work", "commit", "commit"] {
            c.execute("begin", ()).await.unwrap();
            c.execute("insert into t values (1)", ()).await.unwrap();
            assert_eq!(sqlstate(c.execute("select 1/0", ()).await), "22012");
            assert_eq!(sqlstate(c.execute("select 1", ()).await), "25P02");
            let committed = c.execute(commit, ()).await;
            assert!(matches!(committed, Err(Error::RolledBack)), "{commit}: {committed:?}");
            assert_eq!(c.transaction_status(), TransactionStatus::Idle);
        }
        assert_eq!(c.fetch_val::<i64, _>("select count(*) from t", ()).await.unwrap(), Some(0));
        // To roll back is no error when it was asked for.
        c.execute("begin", ()).await.unwrap();
        c.execute("select 1/0", ()).await.unwrap_err();
        assert_eq!(c.execute("rollback", ()).await.unwrap().as_str(), "ROLLBACK");
    });
}

#[test]
fn a_parametrised_query_that_is_new_runs_within_a_transaction() {
    on_every_version(async |server| {
        let c = connect(server).await;
        c.execute("begin", ()).await.unwrap();
        c.execute("create temp table t (i int4, name text) on commit drop", ()).await.unwrap();
        c.execute("insert into t values ($1, $2)", (1, "one")).await.unwrap();
        let name: Option<String> = c.fetch_val("select name from t where i = $1", (1,)).await.unwrap();
        assert_eq!(name.as_deref(), Some("one"));
        assert_eq!(c.execute("commit", ()).await.unwrap().as_str(), "COMMIT");
    });
}

#[test]
fn a_statement_that_cannot_be_described_fails_the_transaction_and_no_more() {
    on_every_version(async |server| {
        let c = connect(server).await;
        c.execute("begin", ()).await.unwrap();
        assert_eq!(sqlstate(c.fetch("select $1 from no_such_table", (1,)).await), "42P01");
        assert_eq!(c.transaction_status(), TransactionStatus::Failed);
        c.execute("rollback", ()).await.unwrap();
        assert_eq!(c.fetch_val::<i32, _>("select 1", ()).await.unwrap(), Some(1));
    });
}

#[test]
fn a_parameter_that_cannot_be_encoded_leaves_the_transaction_as_it_was() {
    on_every_version(async |server| {
        let c = connect(server).await;
        c.execute("begin", ()).await.unwrap();
        for _ in 0..3 {
            let wrong = c.fetch("select $1::int4", ("no number",)).await;
            assert!(matches!(wrong, Err(Error::Usage(_))), "{wrong:?}");
            assert_eq!(c.transaction_status(), TransactionStatus::InBlock);
        }
        assert_eq!(c.execute("commit", ()).await.unwrap().as_str(), "COMMIT");
    });
}

#[test]
fn a_constraint_deferred_to_the_commit_fails_it() {
    on_every_version(async |server| {
        let c = connect(server).await;
        c.execute("create temp table d (i int4 unique deferrable initially deferred)", ()).await.unwrap();
        for _ in 0..3 {
            // Without a block the commit is the Sync, whose error is the statement's.
            let implicit = c.execute("insert into d values ($1), ($1)", (1,)).await;
            assert_eq!(sqlstate(implicit), "23505");
            c.execute("begin", ()).await.unwrap();
            c.execute("insert into d values (1), (1)", ()).await.unwrap();
            assert_eq!(sqlstate(c.execute("commit", ()).await), "23505");
            assert_eq!(c.transaction_status(), TransactionStatus::Idle);
        }
        assert_eq!(c.fetch_val::<i64, _>("select count(*) from d", ()).await.unwrap(), Some(0));
    });
}
