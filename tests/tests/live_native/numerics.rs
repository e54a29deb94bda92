use trunkline::types::{Money, Numeric};
use trunkline_tests::live::{connect, on_every_version};

const NUMERICS: &[&str] = &[
    "0",
    "0.00",
    "1",
    "-1.500",
    "9999",
    "10000",
    "-99990000",
    "0.0001",
    "0.00001",
    "12345678901234567890123456789012345678901234567890.12345678901234567890",
    "1e131071",
    "-1e-16383",
    "1.50e1",
    "NaN",
];

#[test]
fn numerics_are_what_the_server_takes_them_for() {
    on_every_version(async |server| {
        let c = connect(server).await;
        let mut texts = NUMERICS.to_vec();
        if c.server_version().unwrap().major >= 14 {
            texts.extend(["Infinity", "-Infinity"]);
        }
        let numerics: Vec<Numeric> = texts.iter().map(|text| text.parse().unwrap()).collect();
        let shown: Vec<String> = numerics.iter().map(ToString::to_string).collect();

        let sent: Vec<String> =
            c.fetch_val("select $1::numeric[]::text[]", (&numerics,)).await.unwrap().unwrap();
        assert_eq!(sent, shown);
        let read: Vec<Numeric> =
            c.fetch_val("select $1::text[]::numeric[]", (&texts,)).await.unwrap().unwrap();
        assert_eq!(read.iter().map(ToString::to_string).collect::<Vec<_>>(), shown);
        let ordered = "select array_agg(n order by n) from unnest($1::numeric[]) n";
        let ordered: Vec<Numeric> = c.fetch_val(ordered, (&numerics,)).await.unwrap().unwrap();
        assert!(ordered.is_sorted());
    });
}

#[test]
fn promise_13_numbers_of_rust_are_numerics_by_their_shortest_decimal() {
    on_every_version(async |server| {
        let c = connect(server).await;
        let sql = "select array[$1, $2, $3, $4, $5]::numeric[]::text[]";
        let sent = (0.1, 0.1_f32, -1e-7, u64::MAX, i128::MIN);
        let texts: Vec<String> = c.fetch_val(sql, sent).await.unwrap().unwrap();
        let expected =
            ["0.1", "0.1", "-0.0000001", "18446744073709551615", "-170141183460469231731687303715884105728"];
        assert_eq!(texts, expected);
    });
}

#[test]
fn amounts_of_money_are_what_the_server_takes_them_for() {
    on_every_version(async |server| {
        let c = connect(server).await;
        c.execute("set lc_monetary to 'C'", ()).await.unwrap();
        let amounts = [0, 1, -1, 99, -100, 123_456_789, i64::MAX, i64::MIN].map(Money);
        let shown: Vec<String> = amounts.iter().map(ToString::to_string).collect();
        let sent: Vec<String> =
            c.fetch_val("select $1::money[]::text[]", (&amounts,)).await.unwrap().unwrap();
        assert_eq!(sent, shown);
        let read: Vec<Money> = c.fetch_val("select $1::text[]::money[]", (&shown,)).await.unwrap().unwrap();
        assert_eq!(read, amounts);
    });
}
