//! COPY on a connection of a pool, which belongs to the copy until its end.

use std::future::Future;
use std::panic::Location;

use trunkline_core::Error;
use trunkline_core::copy::{CopyOptions, Table};

use super::Pool;
use super::queries::on_one;
use crate::copy::{CopyIn, CopyInRows, CopyOut, CopyOutRows, CopySource, FromIter, FromStream, Written};
use crate::held::{Held, Way};

/// COPY, on a connection of the pool that belongs to it until its end, or until it is dropped.
impl Pool {
    /// Copies a table or a query's result out, as a stream of bytes:
    /// [`Connection::copy_out`](crate::Connection::copy_out).
    ///
    /// ```no_run
    /// # async fn run(pool: trunkline::Pool) -> Result<(), Box<dyn std::error::Error>> {
    /// use trunkline::CopyOptions;
    ///
    /// let mut copy = pool.copy_out("users", CopyOptions::csv().header(true)).await?;
    /// let mut file = tokio::fs::File::create("users.csv").await?;
    /// tokio::io::copy(&mut copy, &mut file).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// As there, and [`Error::Pool`] when there is no connection.
    #[track_caller]
    pub fn copy_out<'s>(
        &self,
        source: impl Into<CopySource<'s>>,
        options: CopyOptions,
    ) -> impl Future<Output = Result<CopyOut<'static>, Error>> {
        let (source, place) = (source.into(), Location::caller());
        async move {
            on_one!(self, place, connection => CopyOut::begin(Held::Pooled(connection), &source, &options))
        }
    }

    /// Copies a table or a query's result out as typed rows:
    /// [`Connection::copy_out_rows`](crate::Connection::copy_out_rows).
    ///
    /// ```no_run
    /// # async fn run(pool: trunkline::Pool) -> Result<(), trunkline::Error> {
    /// let mut rows = pool.copy_out_rows("users").await?;
    /// while let Some((id, name)) = rows.try_next_as::<(i64, String)>().await? {
    ///     println!("{id}: {name}");
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Pool::copy_out`].
    #[track_caller]
    pub fn copy_out_rows<'s>(
        &self,
        source: impl Into<CopySource<'s>>,
    ) -> impl Future<Output = Result<CopyOutRows<'static>, Error>> {
        let (source, place) = (source.into(), Location::caller());
        async move { on_one!(self, place, connection => CopyOutRows::begin(Held::Pooled(connection), &source)) }
    }

    /// Copies data into a table, as bytes: [`Connection::copy_in`](crate::Connection::copy_in).
    ///
    /// Dropped before [`CopyIn::finish`] it is undone, before anybody else gets the connection.
    ///
    /// ```no_run
    /// # async fn run(pool: trunkline::Pool) -> Result<(), Box<dyn std::error::Error>> {
    /// let copy = pool.copy_in("users", trunkline::CopyOptions::csv()).await?;
    /// let rows = copy.read_all(tokio::fs::File::open("users.csv").await?).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Pool::copy_out`].
    #[track_caller]
    pub fn copy_in(
        &self,
        target: impl Into<Table>,
        options: CopyOptions,
    ) -> impl Future<Output = Result<CopyIn<'static>, Error>> {
        let (target, place) = (target.into(), Location::caller());
        async move {
            on_one!(self, place, connection => CopyIn::begin(Held::Pooled(connection), &target, &options))
        }
    }

    /// Copies rows of values into columns of a table: [`Connection::copy_in_rows`](crate::Connection::copy_in_rows).
    ///
    /// ```no_run
    /// # async fn run(pool: trunkline::Pool) -> Result<(), trunkline::Error> {
    /// let count = pool.copy_in_rows("users", ["id", "name"], [(1_i64, "Ada"), (2, "Grace")]).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// As there, and [`Error::Pool`] when there is no connection.
    #[track_caller]
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
        CopyInRows::new(self.way(), table.into().columns(columns), FromIter(rows))
    }

    /// The same with rows from a stream, which may fail:
    /// [`Connection::copy_in_row_stream`](crate::Connection::copy_in_row_stream).
    ///
    /// ```no_run
    /// # async fn run(pool: trunkline::Pool) -> Result<(), trunkline::Error> {
    /// let rows = futures_util::stream::iter([Ok((1_i64, "Ada")), Err(std::io::Error::other("unplugged"))]);
    /// assert!(pool.copy_in_row_stream("users", ["id", "name"], rows).await.is_err());
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Pool::copy_in_rows`].
    #[track_caller]
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
        CopyInRows::new(self.way(), table.into().columns(columns), FromStream(rows))
    }

    /// The same with rows that are written one by one:
    /// [`Connection::copy_in_writer`](crate::Connection::copy_in_writer). The writer borrows nothing.
    ///
    /// ```no_run
    /// # async fn run(pool: trunkline::Pool) -> Result<(), trunkline::Error> {
    /// let mut writer = pool.copy_in_writer("users", ["id", "name"]).await?;
    /// writer.write((1_i64, "Ada")).await?;
    /// assert_eq!(writer.finish().await?, 1);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Pool::copy_in_rows`].
    #[track_caller]
    pub fn copy_in_writer<S, C>(&self, table: impl Into<Table>, columns: C) -> CopyInRows<'static, Written>
    where
        S: Into<String>,
        C: IntoIterator<Item = S>,
    {
        CopyInRows::new(self.way(), table.into().columns(columns), Written)
    }

    #[track_caller]
    fn way(&self) -> Way<'static> {
        Way::Through(self.clone(), Location::caller())
    }
}
