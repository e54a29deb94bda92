use futures_util::future::join_all;
use trunkline_tests::live::{VERSIONS, block_on};

use super::{HOST, connect, secured};

#[test]
fn much_goes_through_both_ways() {
    for version in VERSIONS {
        block_on(async {
            let connection = connect(HOST, secured(version).port(), "sslmode=require").await.unwrap();
            let text = "0123456789".repeat(1_000_000);
            let sql = "select $1::text || 'x'";
            let back: String = connection.fetch_val(sql, (&text,)).await.unwrap().unwrap();
            assert!(back.len() == text.len() + 1 && back.starts_with(&text));
            let rows =
                connection.fetch("select n, n::text from generate_series(1, 100000) n", ()).await.unwrap();
            let rows: Vec<(i32, String)> = rows.read().unwrap();
            assert!(rows.iter().zip(1..).all(|((number, text), n)| *number == n && *text == n.to_string()));
            assert_eq!(rows.len(), 100_000);
        });
    }
}

#[test]
fn many_queries_at_once_are_a_pipeline_in_tls_too() {
    block_on(async {
        let connection = connect(HOST, secured(18).port(), "sslmode=require").await.unwrap();
        // Large ones among them, so that what is written does not all fit at once.
        let queries = (0..200).map(|n: i32| {
            let (connection, text) = (&connection, "x".repeat(usize::try_from(n).unwrap() * 997));
            async move {
                let sql = "select $1::int4, length($2::text)";
                connection.fetch_as::<(i32, i32), _>(sql, (n, &text)).await.unwrap()
            }
        });
        for (n, rows) in (0..).zip(join_all(queries).await) {
            assert_eq!(rows, [(n, n * 997)]);
        }
        connection.close().await.unwrap();
    });
}
