use trunkline::{Connection, Types};
use trunkline_tests::live::{Watch, connect_watched, on_every_version};
use trunkline_tests::server::Server;

async fn two(server: &Server) -> [(Connection, Watch); 2] {
    let types = Types::default();
    let (one, first) = connect_watched(server, "").await;
    let (other, second) = connect_watched(server, "").await;
    [(one.sharing(&types), first), (other.sharing(&types), second)]
}

#[test]
fn what_one_connection_has_described_goes_in_one_flight_on_all() {
    on_every_version(async |server| {
        let [(one, _), (mut other, watch)] = two(server).await;
        let sql = "select $1::int4 + 1";
        assert_eq!(one.fetch_val::<i32, _>(sql, (1,)).await.unwrap(), Some(2));
        watch.take();
        for round in 0..3 {
            assert_eq!(other.fetch_val::<i32, _>(sql, (round,)).await.unwrap(), Some(round + 1));
            let seen = watch.take();
            assert_eq!((seen.writes, seen.reads), (1, 1), "round {round}");
        }
        one.fetch("select $1::text", ("a",)).await.unwrap();
        let transaction = other.begin().await.unwrap();
        transaction.fetch("select $1::text", ("a",)).await.unwrap();
        assert_eq!(watch.take().writes, 1, "BEGIN and the statement");
        transaction.rollback().await.unwrap();
        one.reload_types();
        watch.take();
        other.fetch("select $1::text", ("a",)).await.unwrap();
        assert_eq!(watch.take().writes, 2, "forgotten by all");
    });
}

#[test]
fn a_description_that_is_no_longer_true_misleads_nobody_for_long() {
    on_every_version(async |server| {
        let [(one, _), (other, _)] = two(server).await;
        one.execute_script("drop table if exists described; create table described (a int4)").await.unwrap();
        let sql = "select * from described where a = $1";
        one.fetch(sql, (1,)).await.unwrap();
        one.execute_script("alter table described add column b text default 'new'").await.unwrap();
        one.execute("insert into described values ($1)", (1,)).await.unwrap();
        let rows = other.fetch(sql, (1,)).await.unwrap();
        assert_eq!(rows.iter().next().unwrap().get::<&str>("b").unwrap(), "new");
        one.execute_script("alter table described alter column a type text").await.unwrap();
        let (third, _) = connect_watched(server, "").await;
        let third = third.sharing(other.types());
        // What it was told is not true any more: that is forgotten, and the next one asks.
        let _ = third.fetch(sql, ("1",)).await;
        let (fourth, _) = connect_watched(server, "").await;
        let fourth = fourth.sharing(other.types());
        assert_eq!(fourth.fetch(sql, ("1",)).await.unwrap().len(), 1);
    });
}
