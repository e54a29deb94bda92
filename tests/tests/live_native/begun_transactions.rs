//! `begin`, `transaction`, savepoints, and what becomes of those that are given up.

use std::cell::Cell;

use trunkline::{Connection, Error, IsolationLevel, TransactionOptions, TransactionStatus};
use trunkline_tests::live::{connect, connect_watched, on_every_version, sqlstate};

async fn count(connection: &Connection) -> i64 {
    connection.fetch_val("select count(*) from t", ()).await.unwrap().unwrap()
}

#[test]
fn begin_leaves_with_the_first_statement() {
    on_every_version(async |server| {
        let (mut c, watch) = connect_watched(server, "").await;
        c.execute("create temp table t (i int4)", ()).await.unwrap();
        for _ in 0..3 {
            c.fetch("select 1 from t where i = $1", (1,)).await.unwrap();
        }
        watch.take();
        let tx = c.begin().await.unwrap();
        assert_eq!(watch.take().writes, 0);
        tx.fetch("select 1 from t where i = $1", (1,)).await.unwrap();
        assert_eq!(watch.take().writes, 1);
        assert_eq!(tx.transaction_status(), TransactionStatus::InBlock);
        tx.commit().await.unwrap();
        assert_eq!(watch.take().writes, 1);
        assert_eq!(c.transaction_status(), TransactionStatus::Idle);
    });
}

#[test]
fn promise_08_leaving_a_transaction_early_rolls_it_back() {
    on_every_version(async |server| {
        let mut c = connect(server).await;
        c.execute("create temp table t (i int4)", ()).await.unwrap();
        let tx = c.begin().await.unwrap();
        tx.execute("insert into t values ($1)", (1,)).await.unwrap();
        drop(tx);
        assert_eq!(count(&c).await, 0);
        assert_eq!(c.transaction_status(), TransactionStatus::Idle);
        drop(c.begin().await.unwrap());
        assert_eq!(count(&c).await, 0);

        let tx = c.begin().await.unwrap();
        tx.execute("insert into t values (1)", ()).await.unwrap();
        assert_eq!(sqlstate(tx.execute("select 1/0", ()).await), "22012");
        assert!(matches!(tx.commit().await, Err(Error::RolledBack)));
        assert_eq!(count(&c).await, 0);
        let tx = c.begin().await.unwrap();
        tx.execute("insert into t values (1)", ()).await.unwrap();
        tx.rollback().await.unwrap();
        assert_eq!(count(&c).await, 0);
    });
}

#[test]
fn transaction_commits_what_its_closure_succeeds_in_and_no_more() {
    on_every_version(async |server| {
        let mut c = connect(server).await;
        c.execute("create temp table t (i int4)", ()).await.unwrap();
        let options = TransactionOptions::new();
        let kept: Result<u64, Error> = c
            .transaction(&options, async |tx| Ok(tx.execute("insert into t values (1)", ()).await?.rows()))
            .await;
        assert_eq!((kept.unwrap(), count(&c).await), (1, 1));
        let undone: Result<(), Error> = c
            .transaction(&options, async |tx| {
                tx.execute("insert into t values (2)", ()).await?;
                tx.execute("select 1/0", ()).await.map(drop)
            })
            .await;
        assert_eq!((sqlstate(undone), count(&c).await), ("22012".to_owned(), 1));
        // An error that the closure keeps to itself has failed the transaction all the same.
        let silent: Result<(), Error> = c
            .transaction(&options, async |tx| {
                tx.execute("insert into t values (3)", ()).await?;
                let _ = tx.execute("select 1/0", ()).await;
                Ok(())
            })
            .await;
        assert!(matches!(silent, Err(Error::RolledBack)), "{silent:?}");
        assert_eq!((count(&c).await, c.transaction_status()), (1, TransactionStatus::Idle));
    });
}

#[test]
fn begin_is_refused_where_a_transaction_is_open_already() {
    on_every_version(async |server| {
        let mut c = connect(server).await;
        c.execute("create temp table t (i int4)", ()).await.unwrap();
        for fails in [false, true] {
            c.execute("begin", ()).await.unwrap();
            c.execute("insert into t values (1)", ()).await.unwrap();
            if fails {
                c.execute("select 1/0", ()).await.unwrap_err();
            }
            let refused = c.begin().await.map(drop).unwrap_err();
            assert_eq!(
                refused.to_string(),
                "a transaction is open already, begun in SQL or never ended: end it first (COMMIT, ROLLBACK)"
            );
            assert!(matches!(refused, Error::Usage(_)), "{refused:?}");
            // What was begun is as it was.
            c.execute(if fails { "rollback" } else { "commit" }, ()).await.unwrap();
            assert_eq!(count(&c).await, 1);
        }
        // One that was forgotten is open too; one that was dropped is not, though nobody has waited for its end.
        let forgotten = c.begin().await.unwrap();
        forgotten.execute("insert into t values (2)", ()).await.unwrap();
        std::mem::forget(forgotten);
        assert!(matches!(c.begin().await.map(drop), Err(Error::Usage(_))));
        c.execute("rollback", ()).await.unwrap();
        for _ in 0..3 {
            let dropped = c.begin().await.unwrap();
            dropped.execute("insert into t values (3)", ()).await.unwrap();
            drop(dropped);
        }
        c.begin().await.unwrap().commit().await.unwrap();
        assert_eq!(count(&c).await, 1);
    });
}

#[test]
fn drop_rolls_a_transaction_back_on_every_way_out() {
    async fn question_mark(c: &mut Connection) -> Result<(), Error> {
        let tx = c.begin().await?;
        tx.execute("insert into t values (1)", ()).await?;
        tx.execute("select 1/0", ()).await?;
        tx.commit().await
    }
    async fn early_return(c: &mut Connection) -> Result<(), Error> {
        let tx = c.begin().await?;
        tx.execute("insert into t values (1)", ()).await?;
        if tx.fetch_val::<i64, _>("select count(*) from t", ()).await? == Some(1) {
            return Ok(());
        }
        tx.commit().await
    }
    on_every_version(async |server| {
        let (mut c, watch) = connect_watched(server, "").await;
        c.execute("create temp table t (i int4)", ()).await.unwrap();
        assert_eq!(sqlstate(question_mark(&mut c).await), "22012");
        assert_eq!(count(&c).await, 0);
        early_return(&mut c).await.unwrap();
        assert_eq!(count(&c).await, 0);
        let savepoint = async {
            let mut tx = c.begin().await.unwrap();
            tx.execute("insert into t values (1)", ()).await.unwrap();
            drop(tx.begin().await.unwrap());
            let inner = tx.begin().await.unwrap();
            inner.execute("insert into t values (2)", ()).await.unwrap();
            drop(inner);
            tx.commit().await.unwrap();
        };
        savepoint.await;
        assert_eq!(count(&c).await, 1, "of a savepoint, what is in it");
        let mut task_owns = c;
        let task = tokio::spawn(async move {
            let tx = task_owns.begin().await.unwrap();
            tx.execute("insert into t values (3)", ()).await.unwrap();
            watch.take();
            drop(tx);
            // Without anybody who waits for it.
            assert!(watch.take().written.windows(8).any(|bytes| bytes == b"ROLLBACK"));
            task_owns
        });
        let c = task.await.unwrap();
        assert_eq!((count(&c).await, c.transaction_status()), (1, TransactionStatus::Idle));
    });
}

#[test]
fn savepoints_are_kept_and_undone_by_themselves() {
    on_every_version(async |server| {
        let mut c = connect(server).await;
        c.execute("create temp table t (i int4)", ()).await.unwrap();
        let mut tx = c.begin().await.unwrap();
        tx.execute("insert into t values (1)", ()).await.unwrap();
        {
            let mut outer = tx.begin().await.unwrap();
            outer.execute("insert into t values (2)", ()).await.unwrap();
            let inner = outer.begin().await.unwrap();
            inner.execute("insert into t values (3)", ()).await.unwrap();
            assert_eq!(sqlstate(inner.execute("select 1/0", ()).await), "22012");
            inner.rollback().await.unwrap();
            outer.commit().await.unwrap();
        }
        assert_eq!(count(&tx).await, 2);
        // Dropped after a failure, and a failure kept.
        let savepoint = tx.begin().await.unwrap();
        savepoint.execute("select 1/0", ()).await.unwrap_err();
        drop(savepoint);
        assert_eq!(count(&tx).await, 2);
        let savepoint = tx.begin().await.unwrap();
        savepoint.execute("select 1/0", ()).await.unwrap_err();
        assert_eq!(sqlstate(savepoint.commit().await), "25P02");
        assert_eq!(count(&tx).await, 2);
        let undone: Result<(), Error> = tx
            .transaction(async |nested| {
                nested.execute("insert into t values (9)", ()).await?;
                Err(Error::RolledBack)
            })
            .await;
        assert!(matches!(undone, Err(Error::RolledBack)));
        tx.commit().await.unwrap();
        assert_eq!(count(&c).await, 2);
    });
}

#[test]
fn a_transaction_that_cannot_begin_runs_nothing() {
    on_every_version(async |server| {
        let mut c = connect(server).await;
        c.execute("create temp table t (i int4)", ()).await.unwrap();
        for _ in 0..3 {
            c.execute("insert into t values ($1)", (0,)).await.unwrap();
        }
        c.execute("truncate t", ()).await.unwrap();
        // A savepoint is refused where no transaction is: what BEGIN itself can be refused for is hard to come by.
        let refused = async |c: &Connection| {
            c.execute("rollback", ()).await.unwrap();
        };
        let mut tx = c.begin().await.unwrap();
        tx.fetch("select 1", ()).await.unwrap();
        refused(&tx).await;
        let savepoint = tx.begin().await.unwrap();
        // Three at once: the first shares the savepoint's flight, the others wait for it.
        let insert = "insert into t values ($1)";
        let (first, second, script) = futures_util::future::join3(
            savepoint.execute(insert, (1,)),
            savepoint.execute(insert, (2,)),
            savepoint.execute_script("insert into t values (3)"),
        )
        .await;
        assert_eq!([sqlstate(first), sqlstate(second), sqlstate(script)], ["25P01"; 3]);
        drop(savepoint);
        let savepoint = tx.begin().await.unwrap();
        assert_eq!(sqlstate(savepoint.execute_script("insert into t values (4)").await), "25P01");
        drop(savepoint);
        let savepoint = tx.begin().await.unwrap();
        // Not described before, so that the first flight only asks.
        assert_eq!(sqlstate(savepoint.execute("insert into t select $1::int4", (5,)).await), "25P01");
        drop(savepoint);
        drop(tx);
        assert_eq!(count(&c).await, 0);
    });
}

#[test]
fn transaction_takes_many_at_once() {
    on_every_version(async |server| {
        let mut c = connect(server).await;
        c.execute("create temp table t (i int4)", ()).await.unwrap();
        let tx = c.begin().await.unwrap();
        let inserts = (0..20).map(|i| tx.execute("insert into t values ($1)", (i,)));
        for inserted in futures_util::future::join_all(inserts).await {
            inserted.unwrap();
        }
        tx.batch().query("insert into t values (100)", ()).continue_on_error().run().await.unwrap();
        tx.rollback().await.unwrap();
        assert_eq!(count(&c).await, 0);
        let tx = c.begin().await.unwrap();
        let results =
            tx.batch().query("insert into t values (1)", ()).query("select 1", ()).run().await.unwrap();
        assert_eq!(results.len(), 2);
        drop(tx);
        assert_eq!(count(&c).await, 0);
    });
}

#[test]
fn promise_09_a_transaction_is_retried_and_typed() {
    on_every_version(async |server| {
        let (mut c, other) = (connect(server).await, connect(server).await);
        other.execute_script("drop table if exists retried; create table retried (i int4)").await.unwrap();
        other.execute("insert into retried values (0)", ()).await.unwrap();
        let options = TransactionOptions::new().isolation(IsolationLevel::RepeatableRead).retries(3);
        let tries = Cell::new(0);
        let seen: Option<i32> = c
            .transaction(&options, async |tx| {
                tries.set(tries.get() + 1);
                let seen = tx.fetch_val("select i from retried", ()).await?;
                if tries.get() < 3 {
                    // What another commits after our snapshot makes our own update fail with 40001.
                    other.execute("update retried set i = i + 1", ()).await?;
                }
                tx.execute("update retried set i = i + 10", ()).await?;
                Ok::<_, Error>(seen)
            })
            .await
            .unwrap();
        assert_eq!((tries.get(), seen), (3, Some(2)));
        assert_eq!(other.fetch_val::<i32, _>("select i from retried", ()).await.unwrap(), Some(12));

        tries.set(0);
        let failed: Result<(), Error> = c
            .transaction(&TransactionOptions::new().retries(3), async |tx| {
                tries.set(tries.get() + 1);
                tx.execute("select 1/0", ()).await.map(|_| ())
            })
            .await;
        assert_eq!((tries.get(), sqlstate(failed)), (1, "22012".to_owned()));

        let options = TransactionOptions::new()
            .isolation(IsolationLevel::Serializable)
            .read_only(true)
            .deferrable(true);
        let tx = c.begin_with(&options).await.unwrap();
        let shown = "select current_setting('transaction_isolation') || ' ' || \
                     current_setting('transaction_read_only') || ' ' || current_setting('transaction_deferrable')";
        assert_eq!(
            tx.fetch_val::<String, _>(shown, ()).await.unwrap().as_deref(),
            Some("serializable on on")
        );
        assert_eq!(sqlstate(tx.execute("create table never ()", ()).await), "25006");
        drop(tx);
        other.execute("drop table retried", ()).await.unwrap();
    });
}

#[test]
fn promise_09_two_that_deadlock_are_retried_and_both_succeed() {
    on_every_version(async |server| {
        let (mut c, mut other) = (connect(server).await, connect(server).await);
        let table = format!("deadlocked_{}", c.server_pid());
        let script =
            format!("create table {table} (i int4, n int4); insert into {table} values (1, 0), (2, 0)");
        c.execute_script(&script).await.unwrap();
        c.execute("set deadlock_timeout = '20ms'", ()).await.unwrap();
        other.execute("set deadlock_timeout = '20ms'", ()).await.unwrap();
        let add = format!("update {table} set n = n + 1 where i = $1");
        let options = TransactionOptions::new().retries(5);
        let tries = Cell::new(0);
        // Both have their first row before either asks for its second.
        let both = tokio::sync::Barrier::new(2);
        let run = async |c: &mut Connection, first: i32, second: i32| {
            let met = Cell::new(false);
            c.transaction(&options, async |tx| {
                tries.set(tries.get() + 1);
                tx.execute(&add, (first,)).await?;
                if !met.replace(true) {
                    both.wait().await;
                }
                tx.execute(&add, (second,)).await.map(drop)
            })
            .await
        };
        let (one, two) = tokio::join!(run(&mut c, 1, 2), run(&mut other, 2, 1));
        let both: (Result<(), Error>, Result<(), Error>) = (one, two);
        assert!(both.0.is_ok() && both.1.is_ok(), "{both:?}");
        assert_eq!(tries.get(), 3, "one of them was the victim, once");
        let sum = format!("select sum(n) from {table}");
        assert_eq!(c.fetch_val::<i64, _>(&sum, ()).await.unwrap(), Some(4));
        c.execute(&format!("drop table {table}"), ()).await.unwrap();
    });
}

#[test]
fn promise_09_retries_have_jitter_and_an_end() {
    on_every_version(async |server| {
        let c = connect(server).await;
        let raised =
            c.execute_script("do $$ begin raise 'x' using errcode = '40001'; end $$").await.unwrap_err();
        let code = raised.sqlstate().copied();
        let options = TransactionOptions::new().retries(3);
        let pauses: Vec<_> =
            [0, 1 << 30, u32::MAX].map(|seed| options.retry_after(code.as_ref(), 1, seed)).into();
        assert!(
            pauses.iter().all(Option::is_some) && pauses[0] != pauses[1] && pauses[1] != pauses[2],
            "{pauses:?}"
        );
        assert!(options.retry_after(code.as_ref(), 3, 0) > options.retry_after(code.as_ref(), 1, u32::MAX));
        assert_eq!(options.retry_after(code.as_ref(), 4, 0), None);
        let mut c = c;
        let tries = Cell::new(0);
        let failed: Result<(), Error> = c
            .transaction(&options, async |tx| {
                tries.set(tries.get() + 1);
                tx.execute_script("do $$ begin raise 'x' using errcode = '40001'; end $$").await.map(drop)
            })
            .await;
        assert_eq!((sqlstate(failed), tries.get()), ("40001".to_owned(), 4));
    });
}

#[test]
fn promise_21_the_future_of_a_transaction_can_move_between_threads() {
    on_every_version(async |server| {
        let mut c = connect(server).await;
        let one: Option<i32> = tokio::spawn(async move {
            c.transaction(&TransactionOptions::new(), async |tx| tx.fetch_val("select 1", ()).await).await
        })
        .await
        .unwrap()
        .unwrap();
        assert_eq!(one, Some(1));
    });
}
