//! An HTTP service over a pool: accounts, transfers between them, and what becomes of errors.
//!
//! `cargo run -p trunkline-examples --bin axum-service -- postgres://ada@localhost/app 127.0.0.1:8080`, and then
//!
//! ```sh
//! curl -d '{"owner": "Ada", "balance": 100}' -H 'content-type: application/json' localhost:8080/accounts
//! curl -d '{"from": 1, "to": 2, "amount": 30}' -H 'content-type: application/json' localhost:8080/transfers
//! curl localhost:8080/accounts/1
//! ```
#![expect(clippy::print_stdout, reason = "it tells where it listens")]

use std::time::Duration;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use trunkline::{Error, OwnedRow, Pool, Rows, SqlState, TransactionOptions, impl_parameters};

const SCHEMA: &str = "create table if not exists accounts (
    id int8 generated always as identity primary key,
    owner text not null unique,
    balance int8 not null check (balance >= 0)
)";

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let url = arguments.next().ok_or("usage: axum-service postgres://… [address:port]")?;
    let address = arguments.next().unwrap_or_else(|| "127.0.0.1:8080".to_owned());

    let pool = Pool::builder().max_size(10).acquire_timeout(Duration::from_secs(5)).connect(&url).await?;
    pool.execute(SCHEMA, ()).await?;
    let listener = TcpListener::bind(address).await?;
    println!("listening on http://{}", listener.local_addr()?);
    let stop = async { drop(tokio::signal::ctrl_c().await) };
    axum::serve(listener, service(pool.clone())).with_graceful_shutdown(stop).await?;
    pool.close().await;
    Ok(())
}

fn service(pool: Pool) -> Router {
    Router::new()
        .route("/accounts", get(list).post(open))
        .route("/accounts/{id}", get(show))
        .route("/transfers", post(transfer))
        .with_state(pool)
}

/// Rows are JSON as they are.
async fn list(State(pool): State<Pool>) -> Result<Json<Rows>, Failure> {
    Ok(Json(pool.fetch("select id, owner, balance from accounts order by id", ()).await?))
}

async fn show(State(pool): State<Pool>, Path(id): Path<i64>) -> Result<Json<OwnedRow>, Failure> {
    let account = pool.fetch_row("select id, owner, balance from accounts where id = $1", (id,)).await?;
    account.map(Json).ok_or(Failure::NoSuchAccount)
}

#[derive(Deserialize)]
struct NewAccount {
    owner: String,
    balance: i64,
}

impl_parameters!(NewAccount { owner, balance });

async fn open(
    State(pool): State<Pool>,
    Json(account): Json<NewAccount>,
) -> Result<(StatusCode, Json<OwnedRow>), Failure> {
    let insert =
        "insert into accounts (owner, balance) values (:owner, :balance) returning id, owner, balance";
    Ok((StatusCode::CREATED, Json(pool.fetch_one(insert, &account).await?)))
}

#[derive(Deserialize)]
struct Transfer {
    from: i64,
    to: i64,
    amount: u32,
}

async fn transfer(
    State(pool): State<Pool>,
    Json(Transfer { from, to, amount }): Json<Transfer>,
) -> Result<Json<Value>, Failure> {
    // What conflicts with something else is run again.
    let options = TransactionOptions::new().retries(5);
    let left = pool
        .transaction(&options, async |tx| {
            // Always in the same order, so that transfers to and fro do not each hold what the other waits for.
            let lock = "select id from accounts where id = any($1) order by id for update";
            if tx.fetch(lock, ([from, to],)).await?.len() != 2 {
                return Err(Failure::NoSuchAccount);
            }
            let add = "update accounts set balance = balance + $2 where id = $1 returning balance";
            let left: Option<i64> = tx.fetch_val(add, (from, -i64::from(amount))).await?;
            // What fails here undoes what was taken.
            tx.execute(add, (to, amount)).await?;
            Ok(left)
        })
        .await?;
    Ok(Json(json!({ "left": left })))
}

/// Why a request is not answered as it hoped to be.
enum Failure {
    NoSuchAccount,
    Database(Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Database(error)
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let (status, told) = match &self {
            Self::NoSuchAccount => (StatusCode::NOT_FOUND, "there is no such account"),
            Self::Database(error) => of_the_database(error),
        };
        (status, Json(json!({ "error": told }))).into_response()
    }
}

/// What the caller may know of a failure. The rest, which may hold what is none of their business, goes to the log.
fn of_the_database(error: &Error) -> (StatusCode, &'static str) {
    match (error.sqlstate(), error) {
        (Some(&SqlState::UNIQUE_VIOLATION), _) => (StatusCode::CONFLICT, "this owner has an account already"),
        (Some(&SqlState::CHECK_VIOLATION), _) => {
            (StatusCode::CONFLICT, "there is not so much in the account")
        }
        (_, Error::Pool(_) | Error::Closed(_) | Error::Timeout(..)) => {
            eprintln!("the database is out of reach: {error}");
            (StatusCode::SERVICE_UNAVAILABLE, "try again later")
        }
        _ if error.is_retryable() => (StatusCode::SERVICE_UNAVAILABLE, "try again later"),
        _ => {
            eprintln!("{error}");
            (StatusCode::INTERNAL_SERVER_ERROR, "something is wrong here")
        }
    }
}
