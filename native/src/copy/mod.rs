//! COPY: data in and out, as bytes and as rows.

mod copy_in;
mod copy_out;
mod error;
mod rows_in;
mod rows_out;
mod source;
mod writer;

use trunkline_core::copy::{CopyOptions, Table};
use trunkline_core::types::Format;
use trunkline_core::{Columns, Error};

pub use copy_in::CopyIn;
pub use copy_out::CopyOut;
pub use error::CopyError;
pub use rows_in::{CopyInRows, FromIter, FromStream, Written};
pub use rows_out::CopyOutRows;
pub use source::CopySource;
pub use writer::RowWriter;

use crate::clock;
use crate::connection::Connection;
use crate::held::{Held, Way};
use crate::statement::Statement;

impl Connection {
    /// Copies a table or a query's result out, as a stream of bytes in the format that the options say.
    ///
    /// The connection is the copy's until its end: other queries wait. A copy that is dropped before is parsed past.
    ///
    /// See ["COPY"] in PostgreSQL's SQL commands.
    ///
    /// ```no_run
    /// # async fn run(connection: trunkline::Connection) -> Result<(), Box<dyn std::error::Error>> {
    /// use trunkline::{CopyOptions, CopySource};
    ///
    /// let adults = CopySource::query("select * from users where age >= $1", (18,));
    /// let mut copy = connection.copy_out(adults, CopyOptions::csv().header(true)).await?;
    /// let mut file = tokio::fs::File::create("adults.csv").await?;
    /// tokio::io::copy(&mut copy, &mut file).await?;
    /// println!("{} rows", copy.rows().unwrap_or_default());
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Server`] when the server refuses; [`Error::Usage`] for a parameter that does not fit;
    /// [`Error::Closed`] when the connection is or gets closed.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future, or the copy, leaves the connection usable.
    ///
    /// ["COPY"]: https://www.postgresql.org/docs/18/sql-copy.html
    pub async fn copy_out(
        &self,
        source: impl Into<CopySource<'_>>,
        options: CopyOptions,
    ) -> Result<CopyOut<'_>, Error> {
        CopyOut::begin(Held::Borrowed(self), &source.into(), &options).await
    }

    /// Copies a table or a query's result out as typed rows: in binary, each read as those of a query are.
    ///
    /// A table is read by a query for its columns, so that views, partitioned tables and generated columns come too.
    /// Types that have no binary form (such as `aclitem`) cannot be copied so: cast them to text in a query.
    ///
    /// ```no_run
    /// # async fn run(connection: trunkline::Connection) -> Result<(), trunkline::Error> {
    /// use trunkline::Table;
    ///
    /// let mut rows = connection.copy_out_rows(Table::new("users").columns(["id", "name"])).await?;
    /// while let Some((id, name)) = rows.try_next_as::<(i64, String)>().await? {
    ///     println!("{id}: {name}");
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Connection::copy_out`].
    ///
    /// # Cancel safety
    ///
    /// As [`Connection::copy_out`].
    pub async fn copy_out_rows(&self, source: impl Into<CopySource<'_>>) -> Result<CopyOutRows<'_>, Error> {
        CopyOutRows::begin(Held::Borrowed(self), &source.into()).await
    }

    /// Copies data into a table, as bytes in the format that the options say. Nothing is kept before
    /// [`CopyIn::finish`].
    ///
    /// The connection is the copy's until its end: other queries wait. It takes no privilege but INSERT.
    ///
    /// ```no_run
    /// # async fn run(connection: trunkline::Connection) -> Result<(), Box<dyn std::error::Error>> {
    /// use trunkline::{CopyOptions, Table};
    ///
    /// let users = Table::new("users").columns(["id", "name"]);
    /// let mut copy = connection.copy_in(users, CopyOptions::csv()).await?;
    /// copy.send("1,Ada\n").await?;
    /// copy.send("2,\"Grace, the admiral\"\n").await?;
    /// assert_eq!(copy.finish().await?, 2);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Connection::copy_out`].
    ///
    /// # Cancel safety
    ///
    /// Dropping the future, or the copy, undoes it and leaves the connection usable.
    pub async fn copy_in(&self, target: impl Into<Table>, options: CopyOptions) -> Result<CopyIn<'_>, Error> {
        CopyIn::begin(Held::Borrowed(self), &target.into(), &options).await
    }

    /// Copies rows of values into columns of a table, in binary: tuples, slices, or whatever else a query's parameters
    /// can be. Without columns, all of the table but those that are generated.
    ///
    /// It takes no privilege but INSERT: the columns' types are those of a query for them that is described and never
    /// run, for which the server asks no privilege. All rows are kept, or none.
    ///
    /// ```no_run
    /// # async fn run(connection: trunkline::Connection) -> Result<(), trunkline::Error> {
    /// let rows = [(1_i64, "Ada"), (2, "Grace")];
    /// let count = connection.copy_in_rows("users", ["id", "name"], rows).await?;
    /// assert_eq!(count, 2);
    ///
    /// // Texts, for the server to read.
    /// let lines = ["3,Edsger", "4,Barbara"];
    /// let rows = lines.map(|line| line.split(',').collect::<Vec<_>>());
    /// connection.copy_in_rows(("app", "users"), ["id", "name"], rows).coerce().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Connection::copy_out`], and [`UsageError::RowValue`](crate::UsageError::RowValue) or
    /// [`UsageError::RowLength`](crate::UsageError::RowLength) for a row that does not fit; nothing is kept then.
    ///
    /// # Cancel safety
    ///
    /// As [`Connection::copy_in`].
    pub fn copy_in_rows<S, C, I>(
        &self,
        table: impl Into<Table>,
        columns: C,
        rows: I,
    ) -> CopyInRows<'_, FromIter<I>>
    where
        S: Into<String>,
        C: IntoIterator<Item = S>,
        I: IntoIterator,
    {
        CopyInRows::new(Way::On(self), table.into().columns(columns), FromIter(rows))
    }

    /// The same with rows from a stream, which may fail: nothing is kept then, and the connection goes on.
    ///
    /// ```no_run
    /// # async fn run(connection: trunkline::Connection) -> Result<(), Box<dyn std::error::Error>> {
    /// use futures_util::stream;
    ///
    /// let rows = stream::iter([Ok((1_i64, "Ada")), Err(std::io::Error::other("the disk is gone"))]);
    /// let failed = connection.copy_in_row_stream("users", ["id", "name"], rows).await;
    /// assert_eq!(failed.unwrap_err().to_string(), "the source of the COPY failed: the disk is gone");
    /// # Ok(()) }
    /// ```
    pub fn copy_in_row_stream<S, C, T>(
        &self,
        table: impl Into<Table>,
        columns: C,
        rows: T,
    ) -> CopyInRows<'_, FromStream<T>>
    where
        S: Into<String>,
        C: IntoIterator<Item = S>,
    {
        CopyInRows::new(Way::On(self), table.into().columns(columns), FromStream(rows))
    }

    /// The same with rows that are written one by one.
    ///
    /// ```no_run
    /// # async fn run(connection: trunkline::Connection) -> Result<(), trunkline::Error> {
    /// let mut writer = connection.copy_in_writer("users", ["id", "name"]).await?;
    /// for id in 0..1000_i64 {
    ///     writer.write((id, format!("user {id}"))).await?;
    /// }
    /// assert_eq!(writer.finish().await?, 1000);
    /// # Ok(()) }
    /// ```
    pub fn copy_in_writer<S, C>(&self, table: impl Into<Table>, columns: C) -> CopyInRows<'_, Written>
    where
        S: Into<String>,
        C: IntoIterator<Item = S>,
    {
        CopyInRows::new(Way::On(self), table.into().columns(columns), Written)
    }

    /// The columns that a COPY of a table is of, all named.
    async fn copied_columns(&self, mut table: Table) -> Result<(Table, Columns), Error> {
        const INSERTABLE: &str = "select attname::text from pg_catalog.pg_attribute \
             where attrelid = ($1::text)::pg_catalog.regclass and attnum > 0 and not attisdropped and attgenerated = '' \
             order by attnum";
        if table.named_columns().is_empty() {
            let name = table.quoted()?;
            let names: Vec<(String,)> = self.fetch_as(INSERTABLE, (name,)).await?;
            table = table.columns(names.into_iter().map(|(name,)| name));
        }
        let statement = self.prepare(&table.describing_query()?).await?;
        Ok((table, in_binary(&statement)))
    }
}

/// A statement's columns, as they are in binary.
fn in_binary(statement: &Statement) -> Columns {
    let columns = statement.columns().into_iter().flatten().cloned();
    let columns = columns.map(|mut column| {
        column.format = Format::Binary;
        column
    });
    Columns::from(columns.collect::<Vec<_>>())
}

/// Now, for core.
fn now() -> trunkline_core::Instant {
    clock::now()
}
