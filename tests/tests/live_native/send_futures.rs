//! Every future can move between threads, as `tokio::spawn` wants it; that this compiles is most of it.

use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::future::join_all;
use futures_util::{TryStreamExt, stream};
use trunkline::{
    Connection, CopyIn, CopyOptions, CopyOut, CopyOutRows, CopySource, Error, Pool, RowStream, RowWriter,
    Table, Transaction, TransactionOptions, named,
};
use trunkline_tests::live::{connect, on_every_version, on_version};

fn check(future: impl Send) {
    drop(future);
}

async fn add(tx: &mut Transaction<'_>, number: i32) -> Result<i32, Error> {
    Ok(tx.fetch_val("select $1::int4 + 1", (number,)).await?.unwrap_or_default())
}

/// Futures that nobody polls, so that nothing is sent.
fn queries(c: &Connection, number: i32, text: &str) {
    let parameters: &[&(dyn trunkline::types::ToSql + Sync)] = &[&number, &text];
    check(Connection::connect(text));
    check(c.execute(text, (&number, text)));
    check(c.execute(text, parameters));
    check(c.execute_script(text));
    check(c.fetch(text, named! { a: number, b: text }));
    check(c.fetch_as::<(i32, String), _>(text, ()));
    check(c.fetch_row(text, ()));
    check(c.fetch_one(text, ()));
    check(c.fetch_val::<String, _>(text, ()));
    check(c.execute_many(text, [(number, text)]));
    check(c.fetch_many(text, vec![(number, text)]));
    check(c.explain(text, (number,), ""));
    check(c.prepare(text));
    check(c.batch().query(text, (number,)).run());
    check(async move { c.cancel_token().cancel().await });
    check(async move { c.stream(text, (number,)).await?.next_row().await });
    check(async move {
        let mut cursor = c.cursor(text, (number,)).await?;
        cursor.forward(1).await?;
        cursor.fetch(1).await?;
        cursor.close().await
    });
}

fn copies(c: &Connection, other: &Connection, text: &str) {
    check(
        async move { c.copy_out(CopySource::query(text, (1,)), CopyOptions::text()).await?.try_next().await },
    );
    check(async move {
        let target = other.copy_in(Table::new(text), CopyOptions::text()).await?;
        c.copy_out(CopySource::query(text, ()), CopyOptions::text()).await?.pipe_to(target).await
    });
    check(c.copy_in_rows(text, ["a"], [(1,), (2,)]));
    check(async move {
        let mut writer = c.copy_in_writer(text, ["a"]).await?;
        writer.write((1, text)).await?;
        writer.finish().await
    });
    check(async move {
        let mut target = c.copy_in(Table::new(text), CopyOptions::text()).await?;
        target.send(text.as_bytes().to_vec()).await?;
        target.abort("enough").await
    });
    check(async move { c.copy_out_rows(CopySource::query(text, ())).await?.try_next().await });
}

fn of_pools(pool: &Pool, number: i32, text: &str) {
    check(pool.acquire());
    check(pool.execute(text, (number, text)));
    check(pool.execute_script(text));
    check(pool.execute_many(text, [(number, text)]));
    check(pool.fetch_many(text, vec![(number, text)]));
    check(pool.fetch(text, (text,)));
    check(pool.explain(text, (number,), ""));
    check(pool.prepare(text));
    check(pool.notify(text, text));
    check(pool.batch().query(text, (1,)).run());
    check(pool.transaction(&TransactionOptions::new(), async |tx| tx.execute(text, (text,)).await));
    check(pool.close());
    check(Pool::connect(text));
    check(async move { pool.acquire().await?.begin().await?.commit().await });
    check(async move {
        let mut transaction = pool.begin().await?;
        transaction.execute(text, (number,)).await?;
        transaction.begin().await?.rollback().await?;
        transaction.commit().await
    });
    check(pool.begin_with(&TransactionOptions::new()));
    check(async move { pool.stream(text, (number,)).await?.next_row().await });
    check(async move { pool.stream_as::<(i32, String), _>(text, ()).await?.try_next().await });
}

fn copies_of_pools(pool: &Pool, text: &str) {
    check(async move {
        let target = pool.copy_in(Table::new(text), CopyOptions::text()).await?;
        pool.copy_out(CopySource::query(text, ()), CopyOptions::text()).await?.pipe_to(target).await
    });
    check(async move { pool.copy_out_rows(CopySource::query(text, (1,))).await?.try_next().await });
    check(async move { pool.copy_in_rows(text, ["a"], [(1, text), (2, text)]).await });
    check(async move {
        let rows = stream::iter([Ok::<_, Error>((1, text))]);
        pool.copy_in_row_stream(text, ["a"], rows).await
    });
    check(async move {
        let mut writer = pool.copy_in_writer(text, ["a"]).await?;
        writer.write((1, text)).await?;
        writer.finish().await
    });
}

/// What is begun on a pool borrows nothing of it.
fn outlive_their_pool() {
    fn check<T: Send + 'static>() {}
    check::<Transaction<'static>>();
    check::<RowStream<'static>>();
    check::<CopyIn<'static>>();
    check::<CopyOut<'static>>();
    check::<CopyOutRows<'static>>();
    check::<RowWriter<'static>>();
}

#[test]
fn promise_21_every_future_can_move_between_threads() {
    on_version(18, async |server| {
        let (c, other) = (connect(server).await, connect(server).await);
        queries(&c, 1, "select 1");
        copies(&c, &other, "t");
        let pool = Pool::builder().connect(&server.url()).await.unwrap();
        of_pools(&pool, 1, "select 1");
        copies_of_pools(&pool, "t");
        outlive_their_pool();
        assert_eq!(c.fetch_val::<i32, _>("select 1", ()).await.unwrap(), Some(1));
        check(c.close());
    });
}

#[test]
fn promise_21_closures_of_transactions_borrow_and_move_between_threads() {
    on_every_version(async |server| {
        let pool = Pool::builder().max_size(2).connect(&server.url()).await.unwrap();
        let tasks = (0..10).map(|number| {
            let pool = pool.clone();
            tokio::spawn(async move {
                let (text, numbers) = (number.to_string(), [number, number + 1]);
                let options = TransactionOptions::new().retries(1);
                let runs = AtomicUsize::new(0);
                let done = pool.transaction(&options, async |tx| {
                    runs.fetch_add(1, Ordering::Relaxed);
                    let mut sum = 0;
                    for number in &numbers {
                        sum += add(tx, *number).await?;
                    }
                    let inner = tx.transaction(async |tx| {
                        tx.fetch_val::<i32, _>("select $1::text::int4", (&text,)).await
                    });
                    Ok::<_, Error>(sum + inner.await?.unwrap_or_default())
                });
                let done = done.await;
                assert_eq!(runs.into_inner(), 1);
                done
            })
        });
        for (number, sum) in (0..).zip(join_all(tasks).await) {
            assert_eq!(sum.unwrap().unwrap(), 3 * number + 3);
        }
    });
}
