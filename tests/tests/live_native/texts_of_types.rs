use std::collections::HashMap;
use std::fmt::{Debug, Display};
use std::str::FromStr;

use trunkline::Connection;
use trunkline::types::geometric::{Box, Circle, Line, LineSegment, Path, Point, Polygon};
use trunkline::types::{
    ArrayElement, Bits, Cidr, FromSql, Hstore, Inet, MacAddr, MacAddr8, ParseError, PgLsn, Snapshot, Tid,
    ToSql, TsQuery, TsVector,
};
use trunkline_tests::live::{connect, connect_with, on_every_version};

/// A text means to us what it means to the server: we write what we read of it as the server's output function
/// does, what the server sends of it is that, and what we send is that again.
async fn agree<T>(c: &Connection, type_: &str, texts: &[&str])
where
    T: ToSql + ArrayElement + Sync + for<'a> FromSql<'a> + FromStr<Err = ParseError> + Display + Debug,
{
    for text in texts {
        let literal = format!("$text${text}$text$::{type_}");
        // A cast to text is not always the output function: inet's has a prefix for hosts too.
        let output = format!("select format('%s', {literal})");
        let written: String = c.fetch_val(&output, ()).await.unwrap().unwrap();
        let parsed: T = text.parse().unwrap_or_else(|error| panic!("{literal}: {error}"));
        assert_eq!(parsed.to_string(), written, "{literal} parsed");
        let sent: T = c.fetch_val(&format!("select {literal}"), ()).await.unwrap().unwrap();
        assert_eq!(sent.to_string(), written, "{literal} read");
        let output = format!("select format('%s', $1::{type_})");
        let shown: String = c.fetch_val(&output, (&parsed,)).await.unwrap().unwrap();
        assert_eq!(shown, written, "{literal} sent");
        let elements: Vec<T> = c.fetch_val(&format!("select array[{literal}]"), ()).await.unwrap().unwrap();
        assert_eq!(elements.len(), 1);
        assert_eq!(elements[0].to_string(), written, "{literal} in an array");
    }
}

#[test]
fn network_addresses() {
    on_every_version(async |server| {
        let c = connect(server).await;
        let hosts =
            ["0.0.0.0", "127.0.0.1", "255.255.255.255", "1.2.3.4/32", "10.0.0.1/8", "10/8", "1.2.3/8", "0/0"];
        agree::<Inet>(&c, "inet", &hosts).await;
        let ipv6 = [
            "::",
            "::1",
            "::/0",
            "1::",
            "::ff",
            "::1:0",
            "::1:2",
            "::1.2.3.4",
            "::ffff:1.2.3.4/96",
            "::ffff:0.0.0.0",
            "::ffff:0:1.2.3.4",
            "::fffe:1.2.3.4",
            "64:ff9b::1.2.3.4",
            "1:0:0:2:0:0:0:3",
            "1:0:0:2:0:0:3:4",
            "0:1:2:3:4:5:6:7",
            "1:2:3:4:5:6:7:0",
            "1:2:3:4:5:6:0:0",
            "1:2:3:0:5:6:7:8",
            "1:0:2:0:3:0:4:0",
            "FE80::AbCd/10",
            "1:2:3:4:5:6:1.2.3.4",
            "1:2:3:4:5:6:7::",
            "::2:3:4:5:6:7:8",
            "0:0:0:0:0:1:2:3",
        ];
        agree::<Inet>(&c, "inet", &ipv6).await;
        let networks = [
            "10",
            "128",
            "192",
            "224",
            "224.0",
            "225",
            "240",
            "192.168",
            "192.168/16",
            "10/8",
            "1/32",
            "1.2.3.4",
            "0/0",
            "::",
            "::/0",
            "::ffff:0:0/96",
            "::1.2.3.0/120",
            "2001:db8::/32",
            "1::/16",
        ];
        agree::<Cidr>(&c, "cidr", &networks).await;
        let addresses =
            ["08:00:2b:01:02:03", "08-00-2B-01-02-03", "08002b:010203", "0800.2b01.0203", "ffffffffffff"];
        agree::<MacAddr>(&c, "macaddr", &addresses).await;
        agree::<MacAddr8>(&c, "macaddr8", &addresses).await;
        agree::<MacAddr8>(&c, "macaddr8", &["08:00:2b:01:02:03:04:05", "0800:2b01:0203:0405"]).await;
    });
}

#[test]
fn bit_strings() {
    on_every_version(async |server| {
        let c = connect(server).await;
        agree::<Bits>(&c, "varbit", &["", "0", "1", "01010101", "010101011", "x1F", "Xabc", "b01"]).await;
        agree::<Bits>(&c, "bit(12)", &["000000000000", "111111111111", "xabc"]).await;
    });
}

#[test]
fn system_types() {
    on_every_version(async |server| {
        let c = connect(server).await;
        agree::<PgLsn>(&c, "pg_lsn", &["0/0", "16/B374D848", "00000001/00000002", "ffffffff/ffffffff"]).await;
        agree::<Tid>(&c, "tid", &["(0,1)", "(4294967295,65535)", "(010,1)"]).await;
        for type_ in ["pg_snapshot", "txid_snapshot"] {
            let last = "9223372036854775807:9223372036854775807:";
            agree::<Snapshot>(&c, type_, &["10:20:10,14,15", "10:20:", "3:3:", "10:20:10,10,11", last]).await;
        }
    });
}

#[test]
fn geometry() {
    on_every_version(async |server| {
        let c = connect(server).await;
        let points = [
            "(1,2)",
            " ( 1 , 2 ) ",
            "1,2",
            "(NaN,Infinity)",
            "(-inf,+inf)",
            "(-0,1.50)",
            "(1e300,1e-7)",
            "(0.1,123456789012345678)",
            "(1e15,1e16)",
            "(0.0001,0.00001)",
            "(5e-324,1.7976931348623157e308)",
        ];
        agree::<Point>(&c, "point", &points).await;
        let pairs = ["((1,2),(3,4))", "(1,2),(3,4)", "1,2,3,4", "(1,2,3,4)", "1,2,(3,4)"];
        agree::<LineSegment>(&c, "lseg", &pairs).await;
        agree::<LineSegment>(&c, "lseg", &["[(1,2),(3,4)]", "[1,2,3,4]", " [ (1,2) , (3,4) ) "]).await;
        agree::<Box>(&c, "box", &pairs).await;
        let corners =
            ["(1,4),(3,2)", "(NaN,1),(2,3)", "(1,1),(NaN,0)", "(Infinity,0),(-Infinity,1)", "(0,-0),(-0,0)"];
        agree::<Box>(&c, "box", &corners).await;
        agree::<Line>(&c, "line", &pairs).await;
        let lines = [
            "{1,2,3}",
            "{NaN,1,2}",
            "{-0,-1,0}",
            "{1e-7,1e-5,0}",
            "[(1,1),(1,5)]",
            "[(1,1),(1.0000001,5)]",
            "[(1,1),(5,1)]",
            "[(1,0),(5,0)]",
            "((0,0),(2,3))",
            "[(0.1,0.2),(0.3,0.7)]",
            "[(1,1),(5,1e-9)]",
            "[(1,-1),(2,-2)]",
        ];
        agree::<Line>(&c, "line", &lines).await;
        agree::<Path>(&c, "path", &pairs).await;
        let paths = [
            "[(1,2),(3,4)]",
            "[1,2,3,4]",
            "((1,2),3,4)",
            "(1,2)",
            "((1,2))",
            "[(1,2)]",
            "1,2",
            "((1,2),(3,4),(5,6))",
        ];
        agree::<Path>(&c, "path", &paths).await;
        agree::<Polygon>(&c, "polygon", &pairs).await;
        agree::<Polygon>(&c, "polygon", &["(1,2)", "((1,2))", "((0,0),(1,1),(0,0))"]).await;
        let circles = [
            "<(1,2),3>",
            "((1,2),3)",
            "(1,2),3",
            "1,2,3",
            "<1,2,3>",
            "<(1,2),NaN>",
            "<(1,2),-0>",
            "<(1,2),inf>",
        ];
        agree::<Circle>(&c, "circle", &circles).await;
    });
}

#[test]
fn text_search() {
    on_every_version(async |server| {
        let c = connect(server).await;
        let documents = [
            "",
            "fat cat cat",
            "a:1A,2b,3c,4D,5 b:99999",
            r#" 'a''b' c\'d 'x\\y' "q" 'h'i :a b\:1 ü"#,
            "a:3,1,2A,2 a:7 a",
            "a:1a2,3*",
        ];
        agree::<TsVector>(&c, "tsvector", &documents).await;
        let queries = [
            "a",
            "a<->b <2> c <0> d",
            "a|b&c<->!d",
            "!(a|b) & !!c",
            "a <-> (b <-> (c & d))",
            "(a <-> b) <-> (c|d) | (e|f) & (g&h)",
            "'a b':*dcba & c:a | 'it''s':*",
            r"a\&b | a\\\'b",
        ];
        agree::<TsQuery>(&c, "tsquery", &queries).await;
    });
}

#[test]
fn hstores() {
    on_every_version(async |server| {
        let admin = connect(server).await;
        let name = format!("trunkline_hstore_{}", std::process::id());
        admin
            .execute(&format!("create database {name} encoding 'UTF8' template template0"), ())
            .await
            .unwrap();
        let c = connect_with(server, &format!("dbname={name}")).await;
        c.execute("create extension hstore", ()).await.unwrap();
        // In the order that the server gives them.
        let pairs = [
            "",
            "a=>1,b=>NULL, cc =>nUlL",
            r#"""=>"", "\"\\"=>"NULL", "ü "=>",=>""#,
            r#"a=>,b=>1 , b\=b=>\"c"#,
        ];
        agree::<Hstore>(&c, "hstore", &pairs).await;
        let map = HashMap::from([("a".to_owned(), Some("1".to_owned())), ("b".to_owned(), None)]);
        let back: HashMap<String, Option<String>> =
            c.fetch_val("select $1::hstore", (&map,)).await.unwrap().unwrap();
        assert_eq!(back, map);
        c.close().await.unwrap();
        admin.execute(&format!("drop database {name} with (force)"), ()).await.unwrap();
    });
}
