//! A shell without tokio: the same connection over a plain [`TcpStream`], for programs that wait for one query at
//! a time, and to show how little a shell is.
//!
//! ```no_run
//! let mut connection = trunkline::blocking::Connection::connect("postgres://ada@localhost/app")?;
//! let answer: Option<i32> = connection.fetch_val("select $1::int4 + 1", (41,))?;
//! assert_eq!(answer, Some(42));
//! connection.close()?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod connect;

use std::fmt;
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use bytes::{Buf, BytesMut};
use trunkline_core::types::{FromSql, Parameters};
use trunkline_core::{CommandTag, Error, Event, OperationId, Outcome, QueryOptions};

use crate::clock;
use crate::driver::Answer;
use crate::queries::rows;
use crate::rows::Rows;

/// One connection, over TCP, that blocks while it waits.
///
/// ```no_run
/// use trunkline::blocking::Connection;
///
/// let mut connection = Connection::connect("postgres://ada@localhost/app")?;
/// for user in &connection.fetch("select name from users", ())? {
///     println!("{}", user.get::<&str>("name")?);
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Connection {
    core: trunkline_core::Connection,
    stream: TcpStream,
    input: BytesMut,
}

impl Connection {
    /// Runs a statement and tells what it did.
    ///
    /// ```no_run
    /// # let mut connection = trunkline::blocking::Connection::connect("")?;
    /// let tag = connection.execute("delete from sessions where user_id = $1", (7,))?;
    /// println!("{} sessions ended", tag.rows());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`crate::Connection::execute`].
    pub fn execute(&mut self, sql: &str, parameters: impl Parameters) -> Result<CommandTag, Error> {
        Ok(self.fetch(sql, parameters)?.tag())
    }

    /// Runs several statements separated by semicolons, and tells what each did.
    ///
    /// ```no_run
    /// # let mut connection = trunkline::blocking::Connection::connect("")?;
    /// connection.execute_script("create table notes (line text); create index on notes (line)")?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`crate::Connection::execute_script`].
    pub fn execute_script(&mut self, sql: &str) -> Result<Vec<CommandTag>, Error> {
        let id = self.core.simple_query(clock::now(), sql)?;
        match self.run(id, &())?.outcome {
            Outcome::Script(results) => Ok(results.iter().map(|result| result.tag).collect()),
            _ => Ok(Vec::new()),
        }
    }

    /// Runs a query and gives all its rows.
    ///
    /// ```no_run
    /// # let mut connection = trunkline::blocking::Connection::connect("")?;
    /// let users = connection.fetch("select id, name from users where id < $1", (10,))?;
    /// let users: Vec<(i32, &str)> = users.read()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`crate::Connection::fetch`].
    pub fn fetch(&mut self, sql: &str, parameters: impl Parameters) -> Result<Rows, Error> {
        let options = QueryOptions { whole: true, ..QueryOptions::default() };
        let id = self.core.query(clock::now(), sql, &options, &parameters)?;
        self.run(id, &parameters).map(rows)
    }

    /// Runs a query and gives the first column of its first row; `None` without a row, and for NULL.
    ///
    /// ```no_run
    /// # let mut connection = trunkline::blocking::Connection::connect("")?;
    /// let count: Option<i64> = connection.fetch_val("select count(*) from users", ())?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`crate::Connection::fetch_val`].
    pub fn fetch_val<T>(&mut self, sql: &str, parameters: impl Parameters) -> Result<Option<T>, Error>
    where
        T: for<'a> FromSql<'a>,
    {
        match self.fetch(sql, parameters)?.into_first() {
            Some(row) => row.get::<Option<T>>(0),
            None => Ok(None),
        }
    }

    /// Forgets the database's own types and the descriptions of statements; see
    /// [`crate::Connection::reload_types`].
    ///
    /// ```no_run
    /// # let mut connection = trunkline::blocking::Connection::connect("")?;
    /// connection.execute("alter type mood add value 'curious'", ())?;
    /// connection.reload_types();
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn reload_types(&mut self) {
        self.core.reload_types();
    }

    /// Says good-bye to the server and closes the stream.
    ///
    /// ```no_run
    /// # let connection = trunkline::blocking::Connection::connect("")?;
    /// connection.close()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// None today; the result is for what a later version may have to tell.
    pub fn close(mut self) -> Result<(), Error> {
        self.core.terminate();
        // The session is over whatever comes of this.
        let _ = self.stream.set_write_timeout(Some(Duration::from_secs(5)));
        let _ = self.write();
        Ok(())
    }

    /// The run loop: step until the operation has ended, and answer what is asked on the way.
    fn run(&mut self, id: OperationId, parameters: &dyn Parameters) -> Result<Answer, Error> {
        let (mut columns, mut batches) = (None, Vec::new());
        loop {
            while let Some(event) = self.core.poll_event() {
                match event {
                    Event::Described(described) if described == id => self.core.bind(id, parameters)?,
                    Event::Notification => drop(self.core.take_notification()),
                    Event::Notice => drop(self.core.take_notice()),
                    _ => {}
                }
            }
            columns = self.core.columns(id).cloned().or(columns);
            while let Some(rows) = self.core.take_rows(id) {
                batches.push(rows);
            }
            if let Some(outcome) = self.core.take_outcome(id) {
                return outcome.map(|outcome| Answer { columns, rows: batches, outcome });
            }
            self.step();
        }
    }

    /// One step of the loop: write what there is, read what comes, or notice that it is too late.
    fn step(&mut self) {
        if let Err(error) = self.write().and_then(|()| self.read()) {
            match error.kind() {
                io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut | io::ErrorKind::Interrupted => {}
                _ => self.core.handle_transport_error(&error.to_string()),
            }
        }
        self.core.handle_timeout(clock::now());
    }

    fn write(&mut self) -> io::Result<()> {
        while self.core.wants_write() {
            self.stream.set_write_timeout(self.patience())?;
            let count = self.stream.write(self.core.outbox().chunk())?;
            self.core.outbox().advance(count);
        }
        Ok(())
    }

    fn read(&mut self) -> io::Result<()> {
        if !self.core.wants_read() {
            return Ok(());
        }
        self.stream.set_read_timeout(self.patience())?;
        let mut chunk = [0; 16 * 1024];
        match self.stream.read(&mut chunk)? {
            0 => self.core.handle_eof(),
            count => {
                self.input.extend_from_slice(chunk.get(..count).unwrap_or_default());
                self.core.handle_input(&mut self.input);
            }
        }
        Ok(())
    }

    /// How long the socket may take before core is to be asked again.
    fn patience(&self) -> Option<Duration> {
        // A timeout of zero would be none at all.
        let left = self.core.poll_timeout()? - clock::now();
        Some(left.max(Duration::from_millis(1)))
    }
}

/// Names the session; holds nothing secret.
impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection")
            .field("server_pid", &self.core.process_id())
            .field("is_closed", &self.core.is_closed())
            .finish_non_exhaustive()
    }
}
