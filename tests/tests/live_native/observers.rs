//! What a program is told of its connections.

use std::fmt::Write;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::Subscriber;
use tracing::{Event, Metadata};
use trunkline::{Config, CopyOptions, CopySource, Listener, Pool, QueryAction, QueryStage, Table};
use trunkline_tests::live::{connect, on_every_version, poll_then_drop, sqlstate};

/// Lines that hooks write.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<String>>>);

impl Lines {
    fn push(&self, line: impl Into<String>) {
        self.0.lock().unwrap().push(line.into());
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

fn told(config: Config, lines: &Lines) -> Config {
    let (queries, notices, ends) = (lines.clone(), lines.clone(), lines.clone());
    config
        .on_query(move |query| {
            queries.push(match &query.stage {
                QueryStage::Started if query.action == QueryAction::Prepare => {
                    format!("prepare {}", query.sql)
                }
                QueryStage::Started => format!("start {}", query.sql),
                QueryStage::Ended { tag, .. } => format!("end {tag}"),
                QueryStage::Failed { error, .. } => format!("failed {}", error.sqlstate().unwrap().as_str()),
                QueryStage::Dropped { .. } => "dropped".to_owned(),
                stage => format!("{stage:?}"),
            });
        })
        .on_notice(move |notice| notices.push(format!("notice {}", notice.message)))
        .on_close(move |why| ends.push(format!("closed {why}")))
}

#[test]
fn promise_24_hooks_tell_of_queries_notices_and_the_end() {
    on_every_version(async |server| {
        let lines = Lines::default();
        let c = told(Config::parse(&server.url()).unwrap(), &lines).connect().await.unwrap();
        c.fetch("select $1::int4 /* 'kept' */", (1,)).await.unwrap();
        assert_eq!(lines.take(), ["start select $1::int4 /* 'kept' */", "end SELECT 1"]);
        assert_eq!(sqlstate(c.execute("select 1/0", ()).await), "22012");
        assert_eq!(lines.take(), ["start select 1/0", "failed 22012"]);
        c.execute_script("do $$ begin raise notice 'seen'; end $$").await.unwrap();
        assert_eq!(lines.take(), ["start do '…'", "notice seen", "end DO"]);
        c.execute_many("select $1::int4", [(1,), (2,)]).await.unwrap();
        assert_eq!(lines.take(), ["start select $1::int4", "end SELECT 1"]);
        let mut rows = c.stream("select 1 from generate_series(1, 3)", ()).await.unwrap();
        while rows.next_row().await.unwrap().is_some() {}
        assert_eq!(lines.take(), ["start select 1 from generate_series(1, 3)", "end SELECT 3"]);
        c.batch().query("select 5", ()).query("select 6", ()).run().await.unwrap();
        assert_eq!(lines.take(), ["start select 5", "start select 6", "end SELECT 1", "end SELECT 1"]);
        let copy = c.copy_out(CopySource::query("select 7", ()), CopyOptions::csv()).await.unwrap();
        drop(copy);
        assert_eq!(lines.take().last().map(String::as_str), Some("dropped"));
        let never = c.fetch("select 'secret'", ());
        drop(never);
        assert_eq!(lines.take(), Vec::<String>::new());
        assert!(!poll_then_drop(c.fetch("select pg_sleep(1)", ()), 1).await);
        assert_eq!(lines.take(), ["start select pg_sleep(1)", "dropped"]);

        c.execute("select pg_terminate_backend(pg_backend_pid())", ()).await.unwrap_err();
        let said = lines.take();
        assert!(said.iter().any(|line| line.starts_with("closed ") && line.contains("57P01")), "{said:?}");
    });
}

/// The queries that were told of since the last time, each with how it ended.
fn queries(lines: &Lines) -> Vec<String> {
    let lines = lines.take();
    let (begun, ended): (Vec<_>, Vec<_>) =
        lines.into_iter().partition(|line| line.starts_with("start ") || line.starts_with("prepare "));
    assert_eq!(begun.len(), ended.len(), "{begun:?} {ended:?}");
    begun.into_iter().zip(ended).map(|(begun, ended)| format!("{begun}, {ended}")).collect()
}

#[test]
fn promise_24_whatever_is_run_is_told_of() {
    on_every_version(async |server| {
        let lines = Lines::default();
        let mut c = told(Config::parse(&server.url()).unwrap(), &lines).connect().await.unwrap();
        c.execute_script("create temp table t (i int4)").await.unwrap();
        lines.take();

        let statement = c.prepare("select :name::int4").await.unwrap();
        assert_eq!(queries(&lines), ["prepare select $1::int4, end "]);
        assert_eq!(sqlstate(c.prepare("select no_such_column").await), "42703");
        assert_eq!(queries(&lines), ["prepare select no_such_column, failed 42703"]);
        assert!(!poll_then_drop(c.prepare("select 'new'"), 1).await);
        assert_eq!(queries(&lines), ["prepare select '…', dropped"]);
        c.fetch(&statement, (1,)).await.unwrap();
        assert_eq!(queries(&lines), ["start select $1::int4, end SELECT 1"]);
        c.close_statement(&statement).await.unwrap();
        c.explain("select 1", (), "costs off").await.unwrap();
        assert_eq!(queries(&lines), ["start EXPLAIN (costs off) select 1, end EXPLAIN"]);
        c.fetch_many("select $1::int4", [(1,), (2,)]).await.unwrap();
        assert_eq!(queries(&lines), ["start select $1::int4, end SELECT 1"]);
        let batch = c.batch().query("select $1::int8", (1_i64,)).query("select $1 from no_such_table", (1,));
        assert_eq!(sqlstate(batch.run().await), "42P01");
        let failed =
            ["start select $1::int8, failed 42P01", "start select $1 from no_such_table, failed 42P01"];
        assert_eq!(queries(&lines), failed);
        c.reset().await.unwrap();
        assert_eq!(queries(&lines).len(), 1);
        c.reload_types();
        let token = c.cancel_token();
        token.cancel().await.unwrap();
        assert_eq!(queries(&lines), Vec::<String>::new());

        let mut transaction = c.begin().await.unwrap();
        let savepoint = transaction.begin().await.unwrap();
        assert_eq!(queries(&lines), Vec::<String>::new(), "they leave with the first statement");
        let mut cursor = savepoint.cursor("select generate_series(1, 100)", ()).await.unwrap();
        cursor.fetch(70).await.unwrap();
        cursor.forward(10).await.unwrap();
        assert_eq!(lines.take(), ["start select generate_series(1, 100)"]);
        cursor.close().await.unwrap();
        assert_eq!(lines.take().len(), 1);
        savepoint.commit().await.unwrap();
        transaction.rollback().await.unwrap();
        let ends = ["start RELEASE SAVEPOINT trunkline_1, end RELEASE", "start ROLLBACK, end ROLLBACK"];
        assert_eq!(queries(&lines), ends);
        let dropped = c.begin().await.unwrap();
        dropped.execute("select 1", ()).await.unwrap();
        drop(dropped);
        assert_eq!(queries(&lines), ["start select 1, end SELECT 1"]);
    });
}

#[test]
fn promise_24_whatever_is_copied_and_listened_to_is_told_of() {
    on_every_version(async |server| {
        let lines = Lines::default();
        let config = told(Config::parse(&server.url()).unwrap(), &lines);
        let c = config.connect().await.unwrap();
        c.execute_script("create temp table t (i int4)").await.unwrap();
        lines.take();
        c.copy_in_rows("t", ["i"], [(1,), (2,)]).await.unwrap();
        let asked = "prepare select \"i\" from \"t\", end ";
        assert_eq!(
            queries(&lines),
            [asked, "start COPY \"t\" (\"i\") FROM STDIN WITH (FORMAT binary), end COPY 2"]
        );
        let mut rows = c.copy_out_rows(Table::new("t").columns(["i"])).await.unwrap();
        while rows.try_next().await.unwrap().is_some() {}
        let copy = "start COPY (select \"i\" from \"t\") TO STDOUT WITH (FORMAT binary), end COPY 2";
        assert_eq!(queries(&lines), [asked, copy]);
        let undone = c.copy_in("t", CopyOptions::text()).await.unwrap();
        undone.abort("enough").await.unwrap();
        assert_eq!(queries(&lines), ["start COPY \"t\" FROM STDIN WITH (FORMAT text), failed 57014"]);

        let heard = c.listen("jobs").await.unwrap();
        c.notify("jobs", "one").await.unwrap();
        drop(heard);
        let told = ["start LISTEN \"jobs\", end LISTEN", "start select pg_notify($1, $2), end SELECT 1"];
        assert_eq!(queries(&lines), told);
        let config = config.application_name("heartbeat");
        let listener = Listener::builder(&config).heartbeat(Duration::from_millis(10));
        let listener = listener.connect().await.unwrap();
        let subscription = listener.listen("jobs").await.unwrap();
        assert_eq!(queries(&lines)[..1], ["start LISTEN \"jobs\";, end LISTEN"]);
        let beats =
            "select count(*) from pg_stat_activity where application_name = 'heartbeat' and query = ''";
        let watching = connect(server).await;
        while watching.fetch_val::<i64, _>(beats, ()).await.unwrap() != Some(1) {}
        assert_eq!(queries(&lines), Vec::<String>::new());
        drop(subscription);
    });
}

#[test]
fn what_a_pool_does_by_itself_is_not_told_of() {
    on_every_version(async |server| {
        let lines = Lines::default();
        let config = told(Config::parse(&server.url()).unwrap(), &lines);
        let pool =
            Pool::builder().max_size(1).ping_after(Duration::ZERO).connect_with(&config).await.unwrap();
        let dropped = pool.begin().await.unwrap();
        dropped.execute("select 1", ()).await.unwrap();
        drop(dropped);
        let mut rows = pool.stream("select 2", ()).await.unwrap();
        while rows.next_row().await.unwrap().is_some() {}
        drop(pool.acquire().await.unwrap());
        let told = ["start select 1, end SELECT 1", "start select 2, end SELECT 1"];
        assert_eq!(queries(&lines), told);
    });
}

#[test]
fn promise_16_no_hook_and_no_span_tells_a_secret() {
    on_every_version(async |server| {
        let lines = Lines::default();
        // The spans of the tests that run meanwhile are heard too: they may not tell a secret either.
        let spans = SPANS.get_or_init(|| {
            let spans = Lines::default();
            tracing::subscriber::set_global_default(Spans(spans.clone())).unwrap();
            spans
        });
        let config = Config::parse(&server.url()).unwrap();
        let c = told(config.clone(), &lines).connect().await.unwrap();
        c.execute_script("drop role if exists kept; create role kept password 'hunter2'").await.unwrap();
        c.fetch("select $1::text", ("hunter2",)).await.unwrap();
        c.prepare("select $1::int8").await.unwrap();
        c.execute_script("alter role kept password E'hunter2' bogus").await.unwrap_err();
        c.execute_script("drop role kept").await.unwrap();
        let said = [lines.take(), spans.take()].concat().join("\n");
        assert!(!said.contains("hunter2") && !said.contains("correct-horse"), "{said}");
        assert!(said.contains("db.system.name=\"postgresql\""), "{said}");
        assert!(said.contains("db.operation.name=\"PREPARE\" db.query.text=\"select $1::int8\""), "{said}");
        assert!(said.contains("db.response.status_code=\"42601\""), "{said}");
        let shown = format!("{config:?} {c:?}");
        assert!(!shown.contains("correct-horse"), "{shown}");
    });
}

static SPANS: OnceLock<Lines> = OnceLock::new();

/// A subscriber that writes every field of every span and event into lines.
struct Spans(Lines);

struct Fields<'a>(&'a mut String);

impl Visit for Fields<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        write!(self.0, " {field}={value:?}").unwrap();
    }
}

impl Subscriber for Spans {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("trunkline")
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut line = String::from("span");
        span.record(&mut Fields(&mut line));
        self.0.push(line);
        Id::from_u64(1)
    }

    fn record(&self, _span: &Id, values: &Record<'_>) {
        let mut line = String::from("record");
        values.record(&mut Fields(&mut line));
        self.0.push(line);
    }

    fn record_follows_from(&self, _span: &Id, _follows: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut line = String::from("event");
        event.record(&mut Fields(&mut line));
        self.0.push(line);
    }

    fn enter(&self, _span: &Id) {}

    fn exit(&self, _span: &Id) {}
}
