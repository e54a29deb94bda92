//! COPY as bytes: every format and every option, both ways.

use std::future::poll_fn;
use std::pin::Pin;

use bytes::{Bytes, BytesMut};
use futures_sink::Sink;
use futures_util::TryStreamExt;
use tokio::io::AsyncReadExt;
use trunkline::copy_format::{CopyRow, CsvDecoder, CsvEncoder, TextDecoder, TextEncoder};
use trunkline::{
    Connection, CopyHeader, CopyOptions, CopySource, Error, ForceColumns, LogVerbosity, OnError, Table,
};
use trunkline_tests::live::{connect, message, on_every_version, sqlstate};

/// Texts that formats stumble over.
const NASTY: [Option<&str>; 12] = [
    None,
    Some(""),
    Some("\\N"),
    Some("\\."),
    Some("tab\tnew\nline\rreturn\\backslash"),
    Some("\"quoted\", 'and', comma"),
    Some("\u{8}\u{b}\u{c}\u{1}\u{7f}"),
    Some("žluťoučký 🐘 \u{10ffff}"),
    Some("NULL"),
    Some(" spaces "),
    Some("\r\n"),
    Some("$1 -- ; ''"),
];

/// What is in the table `nasty`, in its order.
async fn stored(c: &Connection) -> Vec<(i32, Option<String>, Vec<u8>)> {
    c.fetch_as("select id, line, bytes from nasty order by id", ()).await.unwrap()
}

async fn create(c: &Connection) {
    c.execute("create temp table nasty (id int4 primary key, line text, bytes bytea)", ()).await.unwrap();
}

/// The table's rows as fields of text.
fn rows() -> Vec<(i32, Option<String>, Vec<u8>)> {
    let bytes: Vec<u8> = (0..=255).collect();
    (0..)
        .zip(NASTY)
        .map(|(id, line)| (id, line.map(str::to_owned), bytes.repeat(line.map_or(0, str::len) % 3)))
        .collect()
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold("\\x".to_owned(), |text, byte| format!("{text}{byte:02x}"))
}

async fn all(c: &Connection, source: impl Into<CopySource<'_>>, options: CopyOptions) -> Bytes {
    let mut copy = c.copy_out(source, options).await.unwrap();
    let mut all = BytesMut::new();
    while let Some(piece) = copy.try_next().await.unwrap() {
        all.extend_from_slice(&piece);
    }
    all.freeze()
}

async fn text(c: &Connection, source: impl Into<CopySource<'_>>, options: CopyOptions) -> String {
    String::from_utf8(all(c, source, options).await.to_vec()).unwrap()
}

async fn put(
    c: &Connection,
    target: impl Into<Table>,
    options: CopyOptions,
    data: &'static str,
) -> Result<u64, Error> {
    let mut copy = c.copy_in(target, options).await?;
    copy.send(data).await?;
    copy.finish().await
}

#[test]
fn promise_10_copied_rows_are_encoded_by_us_whatever_is_in_them() {
    on_every_version(async |server| {
        let c = connect(server).await;
        create(&c).await;
        for options in [
            CopyOptions::text(),
            // The server itself writes a value that reads like this as if it were NULL.
            CopyOptions::text().delimiter('|').null("nil"),
            CopyOptions::csv(),
            CopyOptions::csv().delimiter(';').quote('\'').escape('\\').null("NULL"),
        ] {
            let csv = options.format() == trunkline::CopyFormat::Csv;
            let mut out = BytesMut::new();
            for (id, line, bytes) in rows() {
                let (id, bytes) = (id.to_string(), hexadecimal(&bytes));
                let fields =
                    [Some(id.as_bytes()), line.as_ref().map(String::as_bytes), Some(bytes.as_bytes())];
                match csv {
                    true => CsvEncoder::new(&options).unwrap().row(fields, &mut out),
                    false => TextEncoder::new(&options).unwrap().row(fields, &mut out).unwrap(),
                }
            }
            // Ours, read by the server, in pieces that are cut anywhere.
            let mut copy = c.copy_in("nasty", options.clone()).await.unwrap();
            assert_eq!(copy.columns(), 3);
            for piece in out.chunks(7) {
                copy.send(Bytes::copy_from_slice(piece)).await.unwrap();
            }
            assert_eq!(copy.finish().await.unwrap(), 12);
            assert_eq!(stored(&c).await, rows(), "{options:?}");
            // The server's, read by us.
            let mut data = BytesMut::from(&all(&c, "nasty", options.clone()).await[..]);
            let mut row = CopyRow::default();
            let (mut text, mut csv_decoder) =
                (TextDecoder::new(&options).unwrap(), CsvDecoder::new(&options).unwrap());
            for (id, line, bytes) in rows() {
                let found =
                    if csv { csv_decoder.next(&mut data, &mut row) } else { text.next(&mut data, &mut row) };
                assert!(found);
                assert_eq!(row.get(0), Some(id.to_string().as_bytes()));
                assert_eq!(row.get(1), line.as_ref().map(String::as_bytes));
                assert_eq!(row.get(2), Some(hexadecimal(&bytes).as_bytes()));
            }
            assert!(data.is_empty());
            c.execute("truncate nasty", ()).await.unwrap();
        }
    });
}

#[test]
fn copy_in_takes_what_copy_out_gives_in_every_format() {
    on_every_version(async |server| {
        let c = connect(server).await;
        create(&c).await;
        assert_eq!(c.copy_in_rows("nasty", ["id", "line", "bytes"], rows()).await.unwrap(), 12);
        assert_eq!(stored(&c).await, rows());
        for options in [CopyOptions::text(), CopyOptions::csv().header(true), CopyOptions::binary()] {
            let data = all(&c, "nasty", options.clone()).await;
            c.execute("truncate nasty", ()).await.unwrap();
            let mut copy = c.copy_in("nasty", options.clone()).await.unwrap();
            copy.send(data).await.unwrap();
            assert_eq!(copy.finish().await.unwrap(), 12);
            assert_eq!(stored(&c).await, rows(), "{options:?}");
        }
    });
}

#[test]
fn copy_out_takes_every_option() {
    on_every_version(async |server| {
        let c = connect(server).await;
        c.execute("create temp table \"T 1\" (a int4, \"B\"\"c\" text)", ()).await.unwrap();
        c.execute("insert into \"T 1\" values (1, 'x'), (2, null), (3, 'a,''b')", ()).await.unwrap();
        let table = || Table::new("T 1").schema("pg_temp");
        assert_eq!(text(&c, table(), CopyOptions::text()).await, "1\tx\n2\t\\N\n3\ta,'b\n");
        let one = table().columns(["B\"c"]);
        assert_eq!(text(&c, one, CopyOptions::csv().null("-")).await, "x\n-\n\"a,'b\"\n");
        let options = CopyOptions::csv()
            .header(true)
            .delimiter(';')
            .quote('\'')
            .escape('!')
            .null("nil")
            .force_quote(["B\"c"])
            .encoding("latin1");
        assert_eq!(text(&c, table(), options).await, "a;B\"c\n1;'x'\n2;nil\n3;'a,!'b'\n");
        let quoted = CopyOptions::csv().force_quote(ForceColumns::All);
        assert_eq!(text(&c, table(), quoted).await, "\"1\",\"x\"\n\"2\",\n\"3\",\"a,'b\"\n");
        let latin =
            all(&c, CopySource::query("select 'é'", ()), CopyOptions::text().encoding("latin1")).await;
        assert_eq!(&latin[..], b"\xe9\n");
        assert_eq!(sqlstate(c.copy_out("T 1", CopyOptions::text().delimiter('é')).await), "0A000");
        assert!(message(c.copy_out("T 1", CopyOptions::text().filter("true")).await).contains("WHERE"));
    });
}

#[test]
fn copy_in_takes_every_option() {
    on_every_version(async |server| {
        let c = connect(server).await;
        let version = c.server_version().unwrap().major;
        c.execute("create temp table t (a int4 default 7, b text)", ()).await.unwrap();
        let rows = async || {
            let rows =
                c.fetch_as::<(Option<i32>, Option<String>), _>("delete from t returning a, b", ()).await;
            rows.unwrap().into_iter().map(|(a, b)| format!("{a:?} {b:?}")).collect::<Vec<_>>()
        };
        let csv = CopyOptions::csv;
        assert_eq!(put(&c, "t", csv().header(true).filter("a > 1"), "x,y\n1,a\n2,b\n").await.unwrap(), 1);
        assert_eq!(rows().await, ["Some(2) Some(\"b\")"]);
        put(&c, "t", csv().force_not_null(["b"]).null("-"), "-,-\n").await.unwrap();
        put(&c, "t", csv().force_null(["b"]), "3,\"\"\n").await.unwrap();
        assert_eq!(rows().await, ["None Some(\"-\")", "Some(3) None"]);
        put(&c, Table::new("t").columns(["b"]), CopyOptions::text().encoding("latin1"), "x\n").await.unwrap();
        assert_eq!(rows().await, ["Some(7) Some(\"x\")"]);
        c.execute("begin", ()).await.unwrap();
        c.execute("truncate t", ()).await.unwrap();
        put(&c, "t", csv().freeze(true), "1,a\n").await.unwrap();
        c.execute("commit", ()).await.unwrap();
        assert_eq!(rows().await.len(), 1);

        // What a server does not know, it says.
        let matched = put(&c, "t", csv().header(CopyHeader::Match), "a,b\n1,x\n").await;
        let mismatched = put(&c, "t", csv().header(CopyHeader::Match), "b,a\n1,x\n").await;
        let default = put(&c, "t", csv().default_marker("*"), "*,x\n").await;
        let every = put(&c, "t", csv().force_null(ForceColumns::All), "1,\"\"\n").await;
        let ignored = csv().on_error(OnError::Ignore).log_verbosity(LogVerbosity::Verbose);
        let ignored = put(&c, "t", ignored, "1,x\nbad,y\n").await;
        let quiet = csv().on_error(OnError::Ignore).log_verbosity(LogVerbosity::Silent).reject_limit(1);
        let limited = put(&c, "t", quiet.clone(), "1,x\nbad,y\n").await;
        let over = put(&c, "t", quiet, "1,x\nbad,y\nworse,z\n").await;
        let expected = |since: u32, known: &str, unknown: &str| {
            if version >= since { known.to_owned() } else { unknown.to_owned() }
        };
        assert_eq!(sqlstate(matched), expected(15, "Ok(1)", "42601"));
        assert_eq!(sqlstate(mismatched), expected(15, "22P04", "42601"));
        assert_eq!(sqlstate(default), expected(16, "Ok(1)", "42601"));
        assert_eq!(sqlstate(every), expected(17, "Ok(1)", "22023"));
        assert_eq!(sqlstate(ignored), expected(17, "Ok(1)", "42601"));
        assert_eq!(sqlstate(limited), expected(18, "Ok(1)", "42601"));
        assert_eq!(sqlstate(over), expected(18, "22P02", "42601"));
    });
}

#[test]
fn copy_out_of_a_query_takes_parameters() {
    on_every_version(async |server| {
        let c = connect(server).await;
        let evil = "'); drop table pg_class; -- \\";
        let query = CopySource::query(
            "select $1::text, $2 + 1, $3::int4[], $4::timestamptz is null, '$1' -- $1\n;",
            (evil, 41, vec![Some(1), None], None::<String>),
        );
        let copied = text(&c, query, CopyOptions::csv()).await;
        assert_eq!(copied, "'); drop table pg_class; -- \\,42,\"{1,NULL}\",t,$1\n");
        c.execute("create type pg_temp.mood as enum ('sad', 'so so')", ()).await.unwrap();
        let mood = CopySource::query("select $1::pg_temp.mood, $2::pg_temp.mood[]", ("so so", vec!["sad"]));
        assert_eq!(text(&c, mood, CopyOptions::text()).await, "so so\t{sad}\n");
        let wrong = c.copy_out(CopySource::query("select $1::int4", ("x",)), CopyOptions::text()).await;
        assert!(message(wrong).contains("parameter $1"));
        let escaped =
            c.copy_out(CopySource::query("select 1) to program 'true' --", ()), CopyOptions::text()).await;
        assert!(message(escaped).contains("parentheses"));
        c.execute("create temp table t (a int4)", ()).await.unwrap();
        let returning = CopySource::query("insert into t values (1), (2) returning a", ());
        assert_eq!(text(&c, returning, CopyOptions::text()).await, "1\n2\n");
        assert_eq!(text(&c, CopySource::query("select where false", ()), CopyOptions::text()).await, "");
    });
}

#[test]
fn copy_in_is_a_sink_and_copy_out_a_stream_and_a_reader() {
    on_every_version(async |server| {
        let c = connect(server).await;
        c.execute("create temp table t (a int4)", ()).await.unwrap();
        // A sink: it takes when it is ready, and closing it finishes, once.
        let mut copy = c.copy_in("t", CopyOptions::text()).await.unwrap();
        for n in 0..=1000 {
            poll_fn(|cx| Pin::new(&mut copy).poll_ready(cx)).await.unwrap();
            Pin::new(&mut copy).start_send(Bytes::from(format!("{n}\n"))).unwrap();
        }
        poll_fn(|cx| Pin::new(&mut copy).poll_flush(cx)).await.unwrap();
        for _ in 0..2 {
            poll_fn(|cx| Pin::new(&mut copy).poll_close(cx)).await.unwrap();
        }
        assert!(message(copy.send("1\n").await).contains("is over"));
        drop(copy);
        // A reader, and what it reads.
        let lines = (1001..2000).map(|n| format!("{n}\n")).collect::<String>();
        let copy = c.copy_in("t", CopyOptions::text()).await.unwrap();
        assert_eq!(copy.read_all(lines.as_bytes()).await.unwrap(), 999);
        let expected = (0..2000).map(|n| format!("{n}\n")).collect::<String>();
        let mut copy = c.copy_out("t", CopyOptions::text()).await.unwrap();
        let mut read = String::new();
        copy.read_to_string(&mut read).await.unwrap();
        assert_eq!((read, copy.rows()), (expected.clone(), Some(2000)));
        let copy = c.copy_out("t", CopyOptions::text()).await.unwrap();
        let pieces: Vec<Bytes> = copy.try_collect().await.unwrap();
        assert_eq!(pieces.concat(), expected.as_bytes());
        // The next query goes as ever.
        assert_eq!(c.fetch_val::<i64, _>("select count(*) from t", ()).await.unwrap(), Some(2000));
    });
}

#[test]
fn copy_in_finish_tells_how_many_rows_and_keeps_them_only_then() {
    on_every_version(async |server| {
        let (c, other) = (connect(server).await, connect(server).await);
        let table = format!("copied_{}", c.server_pid());
        c.execute(&format!("create table {table} (a int4)"), ()).await.unwrap();
        let count = format!("select count(*) from {table}");
        let mut copy = c.copy_in(Table::new(&*table), CopyOptions::text()).await.unwrap();
        copy.send("1\n2\n").await.unwrap();
        copy.send("3\n").await.unwrap();
        copy.flush().await.unwrap();
        assert_eq!(other.fetch_val::<i64, _>(&count, ()).await.unwrap(), Some(0));
        assert_eq!(copy.finish().await.unwrap(), 3);
        assert_eq!(other.fetch_val::<i64, _>(&count, ()).await.unwrap(), Some(3));
        let empty = c.copy_in(Table::new(&*table), CopyOptions::text()).await.unwrap();
        assert_eq!(empty.finish().await.unwrap(), 0);
        c.execute(&format!("drop table {table}"), ()).await.unwrap();
    });
}
