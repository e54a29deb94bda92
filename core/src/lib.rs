//! The PostgreSQL protocol as a pure state machine: no IO, no clock, no entropy.
//!
//! A [`Connection`] takes commands and received bytes, and gives bytes to send and events. What moves the bytes is
//! called a shell, and its run loop is the same everywhere: write what the outbox holds, read when the connection
//! wants to, look at the events, and be back in time for the next timeout. Here is one, whole, over anything that
//! reads and writes:
//!
//! ```
//! use std::io::{self, Read, Write};
//! use std::time::Instant as Clock;
//!
//! use bytes::{Buf, BytesMut};
//! use trunkline_core::{Channel, Config, Connection, Event, Instant, QueryOptions, Row};
//!
//! /// One turn of the run loop.
//! fn turn(connection: &mut Connection, stream: &mut (impl Read + Write), input: &mut BytesMut) -> io::Result<()> {
//!     while connection.wants_write() {
//!         let count = stream.write(connection.outbox().chunk())?;
//!         connection.outbox().advance(count);
//!     }
//!     if connection.wants_read() {
//!         // A socket would wait here until connection.poll_timeout(), and no longer.
//!         let mut chunk = [0; 4096];
//!         match stream.read(&mut chunk)? {
//!             0 => connection.handle_eof(),
//!             count => {
//!                 input.extend_from_slice(&chunk[..count]);
//!                 connection.handle_input(input); // leaves the half of a message where it is
//!             }
//!         }
//!     }
//!     if connection.poll_timeout().is_some_and(|deadline| deadline <= now()) {
//!         connection.handle_timeout(now());
//!     }
//!     Ok(())
//! }
//!
//! // The time since whenever; the core never looks at a clock.
//! fn now() -> Instant {
//!     static ORIGIN: std::sync::LazyLock<Clock> = std::sync::LazyLock::new(Clock::now);
//!     Instant(ORIGIN.elapsed().as_nanos().try_into().unwrap_or(u64::MAX))
//! }
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let mut stream = Peer::default(); // a TcpStream, where there is a network
//! let mut input = BytesMut::new();
//! let config = Config::parse("postgres://ada@localhost/app")?;
//! // Fresh randomness, for SCRAM; this peer does not ask for it.
//! let nonce = [7; 24];
//! let mut connection = Connection::new(&config, Channel::default(), now(), nonce)?;
//! while !connection.is_ready() {
//!     if let Some(error) = connection.error() {
//!         return Err(error.into());
//!     }
//!     turn(&mut connection, &mut stream, &mut input)?;
//! }
//!
//! let parameters = (7,);
//! let query = connection.query(now(), "select 6 * $1 as answer", &QueryOptions::default(), &parameters)?;
//! let outcome = loop {
//!     while let Some(event) = connection.poll_event() {
//!         match event {
//!             // The first time that this SQL is run, its parameters' types had to be asked for.
//!             Event::Described(id) if id == query => connection.bind(id, &parameters)?,
//!             Event::Rows(id) if id == query => {
//!                 let columns = connection.columns(id).cloned().unwrap_or_default();
//!                 while let Some(rows) = connection.take_rows(id) {
//!                     for row in (0..rows.len()).filter_map(|at| Row::new(&rows, &columns, at)) {
//!                         assert_eq!(row.get::<i32>("answer")?, 42);
//!                     }
//!                 }
//!             }
//!             _ => {}
//!         }
//!     }
//!     if let Some(outcome) = connection.take_outcome(query) {
//!         break outcome?;
//!     }
//!     turn(&mut connection, &mut stream, &mut input)?;
//! };
//! assert!(matches!(outcome, trunkline_core::Outcome::Executed(tag) if tag.as_str() == "SELECT 1"));
//! assert_eq!(stream.turns, 3); // the start-up, the description, the query
//!
//! connection.terminate();
//! turn(&mut connection, &mut stream, &mut input)?;
//! # Ok(()) }
//! # use trunkline_core::message::backend::{self, FieldDescription};
//! # use trunkline_core::message::frontend;
//! # use trunkline_core::types::oid;
//! # use trunkline_core::wire::{Format, Frame};
//! # /// A server in memory, made of the same messages: it knows one statement.
//! # #[derive(Default)]
//! # struct Peer { heard: BytesMut, says: BytesMut, started: bool, turns: usize }
//! # impl Peer {
//! #     fn answer(&mut self) -> Result<(), Box<dyn std::error::Error>> {
//! #         use backend::*;
//! #         let out = &mut self.says;
//! #         let ready = ReadyForQuery { status: TransactionStatus::Idle };
//! #         if !std::mem::replace(&mut self.started, true) {
//! #             self.heard.clear();
//! #             Authentication::Ok.encode(out)?;
//! #             BackendKeyData { process_id: 1, key: b"keys" }.encode(out)?;
//! #             ready.encode(out)?;
//! #         }
//! #         while let Some(frame) = Frame::read(&self.heard).map_err(|error| format!("{error:?}"))? {
//! #             match frame.tag {
//! #                 frontend::Parse::TAG => ParseComplete.encode(out)?,
//! #                 frontend::Describe::TAG => {
//! #                     ParameterDescription { types: vec![oid::INT4] }.encode(out)?;
//! #                     let answer = FieldDescription {
//! #                         name: "answer", table: 0, attribute: 0, type_oid: oid::INT4, type_size: 4, modifier: -1,
//! #                         format: Format::Text,
//! #                     };
//! #                     RowDescription { fields: vec![answer] }.encode(out)?;
//! #                 }
//! #                 frontend::Bind::TAG => BindComplete.encode(out)?,
//! #                 frontend::Execute::TAG => {
//! #                     DataRow { values: vec![Some(&42_i32.to_be_bytes())] }.encode(out)?;
//! #                     CommandComplete { tag: "SELECT 1" }.encode(out)?;
//! #                 }
//! #                 frontend::Sync::TAG => ready.encode(out)?,
//! #                 _ => {}
//! #             }
//! #             let length = frame.frame_len();
//! #             self.heard.advance(length);
//! #         }
//! #         Ok(())
//! #     }
//! # }
//! # impl Write for Peer {
//! #     fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
//! #         self.heard.extend_from_slice(bytes);
//! #         Ok(bytes.len())
//! #     }
//! #     fn flush(&mut self) -> io::Result<()> { Ok(()) }
//! # }
//! # impl Read for Peer {
//! #     fn read(&mut self, chunk: &mut [u8]) -> io::Result<usize> {
//! #         self.turns += 1;
//! #         self.answer().map_err(|error| io::Error::other(error.to_string()))?;
//! #         let count = self.says.len().min(chunk.len());
//! #         self.says.split_to(count).copy_to_slice(&mut chunk[..count]);
//! #         Ok(count)
//! #     }
//! # }
//! ```

#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;
#[cfg(any(test, feature = "std"))]
extern crate std;

pub mod auth;
pub mod config;
mod connection;
pub mod copy;
pub mod error;
mod flow;
mod generated;
pub mod message;
mod operation;
mod pipeline;
pub mod pool;
mod row;
mod session;
pub mod sql;
mod statement;
mod time;
mod trace;
pub mod types;
pub mod wire;

pub use crate::time::{Instant, backoff};
#[doc(hidden)]
pub use bytes as __bytes;
pub use config::{Config, StatementMode};
pub use connection::{Batch, Channel, Connection, Event, StartupStage};
pub use error::{Error, Result, ServerError, SqlState};
pub use message::backend::TransactionStatus;
pub use operation::{BatchMode, CommandTag, CopyLayout, OperationId, Outcome, QueryOptions, StatementResult};
pub use pipeline::expect;
#[doc(hidden)]
pub use row::NamedColumn;
pub use row::{Column, ColumnIndex, Columns, FromRow, Row, RowBatch};
pub use session::{IsolationLevel, Notification, ServerVersion, TransactionOptions};
pub use statement::{Call, Statement};
pub use trace::Trace;
