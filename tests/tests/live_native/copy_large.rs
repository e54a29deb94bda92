//! COPY from table to table.

use trunkline::{CopyOptions, CopySource, Error};
use trunkline_tests::live::{connect, on_every_version, on_version, sqlstate};

#[test]
fn a_million_rows_are_piped_from_table_to_table() {
    on_version(18, async |server| {
        let (from, to) = (connect(server).await, connect(server).await);
        let create = "create temp table t (id int8, name text)";
        to.execute(create, ()).await.unwrap();
        let query = "select i::int8, 'name ' || i from generate_series(1, 1000000) i";
        for options in [CopyOptions::binary(), CopyOptions::csv()] {
            let source = from.copy_out(CopySource::query(query, ()), options.clone()).await.unwrap();
            let target = to.copy_in("t", options).await.unwrap();
            assert_eq!(source.pipe_to(target).await.unwrap(), 1_000_000);
            let sum =
                to.fetch_val::<i64, _>("select sum(id)::int8 from t where name = 'name ' || id", ()).await;
            assert_eq!(sum.unwrap(), Some(500_000_500_000));
            to.execute("truncate t", ()).await.unwrap();
        }
    });
}

#[test]
fn a_pipe_that_breaks_at_either_end_leaves_both_connections_usable() {
    on_every_version(async |server| {
        let (from, to) = (connect(server).await, connect(server).await);
        to.execute("create temp table t (id int4 primary key)", ()).await.unwrap();
        let broken = async |query: &str| {
            let source = from.copy_out(CopySource::query(query, ()), CopyOptions::text()).await?;
            let target = to.copy_in("t", CopyOptions::text()).await?;
            source.pipe_to(target).await
        };
        let at_the_source = broken("select 1 / (90000 - i) + i from generate_series(1, 100000) i").await;
        assert_eq!(sqlstate(at_the_source), "22012");
        let at_the_target = broken("select i % 90000 from generate_series(1, 1000000) i").await;
        assert_eq!(sqlstate(at_the_target), "23505");
        let count: Result<_, Error> = to.fetch_val::<i64, _>("select count(*) from t", ()).await;
        assert_eq!(count.unwrap(), Some(0));
        assert_eq!(from.fetch_val::<i32, _>("select 1", ()).await.unwrap(), Some(1));
        assert_eq!(broken("select i from generate_series(1, 1000) i").await.unwrap(), 1000);
    });
}
