//! The example programs, started as their users start them, against real servers of PostgreSQL 13, 15 and 18.
#![allow(clippy::expect_used, clippy::panic, reason = "a panic is how a test fails")]

mod program;

use program::{Program, Request, Schema};
use trunkline_tests::live::on_every_version;

const SERVICE: &str = env!("CARGO_BIN_EXE_axum-service");
const LOADER: &str = env!("CARGO_BIN_EXE_copy-loader");
const WORKER: &str = env!("CARGO_BIN_EXE_listen-worker");

#[test]
fn the_axum_service_moves_money_and_tells_what_is_wrong() {
    on_every_version(async |server| {
        let schema = Schema::new(server, "example_service").await;
        let mut service = Program::start(SERVICE, &[schema.url(), "127.0.0.1:0"]);
        let line = service.line().await;
        let address = line.strip_prefix("listening on http://").expect(&line).to_owned();
        let ask = async |request: Request<'_>| request.send(&address).await;
        let post = |path, body| Request { method: "POST", path, body };
        let show = |path| Request { method: "GET", path, body: "" };

        assert_eq!(
            ask(post("/accounts", r#"{"owner": "Ada", "balance": 100}"#)).await,
            (201, r#"{"id":1,"owner":"Ada","balance":100}"#.to_owned())
        );
        assert_eq!(ask(post("/accounts", r#"{"owner": "Grace", "balance": 0}"#)).await.0, 201);
        assert_eq!(
            ask(post("/accounts", r#"{"owner": "Ada", "balance": 1}"#)).await,
            (409, r#"{"error":"this owner has an account already"}"#.to_owned())
        );

        let transfer = r#"{"from": 1, "to": 2, "amount": 30}"#;
        assert_eq!(ask(post("/transfers", transfer)).await, (200, r#"{"left":70}"#.to_owned()));
        let too_much = r#"{"from": 1, "to": 2, "amount": 71}"#;
        assert_eq!(
            ask(post("/transfers", too_much)).await,
            (409, r#"{"error":"there is not so much in the account"}"#.to_owned())
        );
        let to_nobody = r#"{"from": 1, "to": 404, "amount": 1}"#;
        assert_eq!(ask(post("/transfers", to_nobody)).await.0, 404);
        assert_eq!(ask(show("/accounts/404")).await.0, 404);
        assert_eq!(
            ask(show("/accounts/1")).await,
            (200, r#"{"id":1,"owner":"Ada","balance":70}"#.to_owned()),
            "what failed was undone"
        );

        // To and fro at once, more than there are connections.
        let back = r#"{"from": 2, "to": 1, "amount": 1}"#;
        let forth = r#"{"from": 1, "to": 2, "amount": 1}"#;
        let (to, fro) = tokio::join!(
            Request::send_often(&address, "/transfers", forth, 20),
            Request::send_often(&address, "/transfers", back, 20)
        );
        assert_eq!([to, fro], [20, 20]);
        let accounts = r#"[{"id":1,"owner":"Ada","balance":70},{"id":2,"owner":"Grace","balance":30}]"#;
        assert_eq!(ask(show("/accounts")).await, (200, accounts.to_owned()));
        service.stop().await;
        schema.drop().await;
    });
}

#[test]
fn the_loader_keeps_a_whole_file_or_nothing() {
    on_every_version(async |server| {
        let schema = Schema::new(server, "example_loader").await;
        schema.run("create table books (id int4 primary key, title text, price numeric)").await;
        let mut csv = String::from("title,id\n");
        for id in 0..20_000 {
            csv.push_str(&format!("\"Volume {id}, \"\"bound\"\"\",{id}\n"));
        }
        let file = schema.file("books.csv", &csv);
        let loaded = Program::start(LOADER, &[schema.url(), "books", &file]).end().await;
        assert_eq!(loaded, Ok(format!("20000 rows of {file} are in books now\n")));
        let count = "select count(*) from books where title = format('Volume %s, \"bound\"', id)";
        assert_eq!(schema.count(count).await, 20_000);

        let broken = schema.file("broken.csv", "id,title\n20001,good\nbad,bad\n");
        let failed = Program::start(LOADER, &[schema.url(), "books", &broken]).end().await.unwrap_err();
        assert!(failed.contains("22P02"), "{failed}");
        assert_eq!(schema.count("select count(*) from books").await, 20_000);
        schema.drop().await;
    });
}

#[test]
fn the_worker_does_jobs_when_told_and_after_it_may_have_missed_some() {
    on_every_version(async |server| {
        let schema = Schema::new(server, "example_worker").await;
        let url = format!("{}&application_name=example_worker", schema.url());
        let mut worker = Program::start(WORKER, &[&url]);
        assert_eq!(worker.line().await, "waiting for jobs");
        schema.run("insert into jobs (task) values ('one'), ('two'); notify jobs").await;
        assert_eq!(worker.line().await, "job 1 is done: one");
        assert_eq!(worker.line().await, "job 2 is done: two");
        assert_eq!(worker.line().await, "waiting for jobs");

        // Nobody tells of this one: it is found because the connection was lost.
        schema.run("insert into jobs (task) values ('three')").await;
        let lost = "select count(pg_terminate_backend(pid)) from pg_stat_activity \
                    where application_name = 'example_worker' and query ilike 'listen%'";
        assert_eq!(schema.count(lost).await, 1);
        assert_eq!(worker.line().await, "something may have been missed");
        assert_eq!(worker.line().await, "job 3 is done: three");
        worker.stop().await;
        schema.drop().await;
    });
}
