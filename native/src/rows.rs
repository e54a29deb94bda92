use std::sync::Arc;

use trunkline_core::types::FromSql;
use trunkline_core::{ColumnIndex, Columns, CommandTag, Error, FromRow, Row, RowBatch};

/// All rows of a result, still in the bytes in which they came.
///
/// ```
/// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let backend = trunkline::testing::Backend::new()
/// #     .on("select id, name from users")
/// #     .returns(["id", "name"], [(1, "Ada"), (2, "Grace")]);
/// # let connection = backend.connect().await?;
/// let users = connection.fetch("select id, name from users", ()).await?;
/// let names: Result<Vec<&str>, _> = users.iter().map(|user| user.get("name")).collect();
/// assert_eq!(names?, ["Ada", "Grace"]);
/// # Ok(()) }
/// # #[cfg(not(feature = "testing"))] fn main() {}
/// ```
#[derive(Debug, Clone, Default)]
pub struct Rows {
    batches: Vec<RowBatch>,
    columns: Arc<Columns>,
    tag: CommandTag,
}

impl Rows {
    pub(crate) fn new(batches: Vec<RowBatch>, columns: Option<Arc<Columns>>, tag: CommandTag) -> Self {
        Self { batches, columns: columns.unwrap_or_default(), tag }
    }

    /// How many rows there are.
    ///
    /// ```
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new()
    /// #     .on("select id from users")
    /// #     .returns(["id"], [(1,), (2,)]);
    /// # let connection = backend.connect().await?;
    /// assert_eq!(connection.fetch("select id from users", ()).await?.len(), 2);
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
    pub fn len(&self) -> usize {
        self.batches.iter().map(RowBatch::len).sum()
    }

    /// Whether there are none.
    ///
    /// ```
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new()
    /// #     .on("select id from users where banned")
    /// #     .returns(["id"], [(); 0]);
    /// # let connection = backend.connect().await?;
    /// assert!(connection.fetch("select id from users where banned", ()).await?.is_empty());
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
    pub fn is_empty(&self) -> bool {
        self.batches.iter().all(RowBatch::is_empty)
    }

    /// The columns that each row has; none for a command that returns no rows.
    ///
    /// ```
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new()
    /// #     .on("select id, name from users")
    /// #     .returns(["id", "name"], [(1, "Ada")]);
    /// # let connection = backend.connect().await?;
    /// let users = connection.fetch("select id, name from users", ()).await?;
    /// let names: Vec<&str> = users.columns().iter().map(|column| &*column.name).collect();
    /// assert_eq!(names, ["id", "name"]);
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
    pub fn columns(&self) -> &Columns {
        &self.columns
    }

    /// What the command did.
    ///
    /// ```
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new()
    /// #     .on("delete from sessions returning user_id")
    /// #     .returns(["user_id"], [(7,)]);
    /// # let connection = backend.connect().await?;
    /// let gone = connection.fetch("delete from sessions returning user_id", ()).await?;
    /// println!("{}", gone.tag()); // DELETE 1
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
    pub fn tag(&self) -> CommandTag {
        self.tag
    }

    /// The row at a position, from 0.
    ///
    /// ```
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new()
    /// #     .on("select name from users order by id")
    /// #     .returns(["name"], [("Ada",), ("Grace",)]);
    /// # let connection = backend.connect().await?;
    /// let users = connection.fetch("select name from users order by id", ()).await?;
    /// let second = users.get(1).ok_or("there is but one")?;
    /// assert_eq!(second.get::<&str>("name")?, "Grace");
    /// assert!(users.get(2).is_none());
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
    pub fn get(&self, mut index: usize) -> Option<Row<'_>> {
        for batch in &self.batches {
            if index < batch.len() {
                return Row::new(batch, &self.columns, index);
            }
            index -= batch.len();
        }
        None
    }

    /// All rows, in order.
    ///
    /// ```
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new()
    /// #     .on("select total from orders")
    /// #     .returns(["total"], [(250_i64,), (90,)]);
    /// # let connection = backend.connect().await?;
    /// let orders = connection.fetch("select total from orders", ()).await?;
    /// let sum: i64 = orders.iter().map(|order| order.get::<i64>("total")).sum::<Result<_, _>>()?;
    /// assert_eq!(sum, 340);
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
    pub fn iter(&self) -> Iter<'_> {
        Iter { rows: self, batch: 0, row: 0 }
    }

    /// All rows as a `T` each, which may borrow from these; see [`FromRow`].
    ///
    /// ```
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new()
    /// #     .on("select id, name from users")
    /// #     .returns(["id", "name"], [(1, "Ada")]);
    /// # let connection = backend.connect().await?;
    /// let rows = connection.fetch("select id, name from users", ()).await?;
    /// let users: Vec<(i32, &str)> = rows.read()?; // borrows the names
    /// assert_eq!(users, [(1, "Ada")]);
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
    ///
    /// # Errors
    ///
    /// As [`FromRow::from_row`], for the first row that is no `T`.
    pub fn read<'a, T: FromRow<'a>>(&'a self) -> Result<Vec<T>, Error> {
        let mut values = Vec::with_capacity(self.len());
        for row in self {
            values.push(T::from_row(row)?);
        }
        Ok(values)
    }

    /// The first row, as one that stands alone.
    pub(crate) fn into_first(self) -> Option<OwnedRow> {
        let batch = self.batches.into_iter().find(|batch| !batch.is_empty())?;
        Some(OwnedRow { batch: Arc::new(batch), index: 0, columns: self.columns })
    }
}

impl<'a> IntoIterator for &'a Rows {
    type Item = Row<'a>;
    type IntoIter = Iter<'a>;

    fn into_iter(self) -> Iter<'a> {
        self.iter()
    }
}

/// The rows of a [`Rows`], in order.
///
/// ```
/// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let backend = trunkline::testing::Backend::new()
/// #     .on("select id from users")
/// #     .returns(["id"], [(1,), (2,)]);
/// # let connection = backend.connect().await?;
/// let users = connection.fetch("select id from users", ()).await?;
/// assert_eq!(users.iter().skip(1).count(), 1);
/// # Ok(()) }
/// # #[cfg(not(feature = "testing"))] fn main() {}
/// ```
#[derive(Debug, Clone)]
pub struct Iter<'a> {
    rows: &'a Rows,
    batch: usize,
    row: usize,
}

impl<'a> Iterator for Iter<'a> {
    type Item = Row<'a>;

    fn next(&mut self) -> Option<Row<'a>> {
        loop {
            let batch = self.rows.batches.get(self.batch)?;
            if let Some(row) = Row::new(batch, &self.rows.columns, self.row) {
                self.row += 1;
                return Some(row);
            }
            self.batch += 1;
            self.row = 0;
        }
    }
}

/// One row that needs no result to live in. It shares the bytes that it came in with the rows that came with it, which
/// are up to 64 KiB: copy what is to be kept for long.
///
/// ```
/// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let backend = trunkline::testing::Backend::new()
/// #     .on("select id, name from users where id = $1")
/// #     .with((7,))
/// #     .returns(["id", "name"], [(7, "Ada")]);
/// # let connection = backend.connect().await?;
/// let user = connection.fetch_one("select id, name from users where id = $1", (7,)).await?;
/// let name: &str = user.get("name")?;
/// assert_eq!((user.get::<i32>("id")?, name), (7, "Ada"));
/// # Ok(()) }
/// # #[cfg(not(feature = "testing"))] fn main() {}
/// ```
#[derive(Debug, Clone)]
pub struct OwnedRow {
    batch: Arc<RowBatch>,
    index: usize,
    columns: Arc<Columns>,
}

impl OwnedRow {
    /// The row at a position of a batch; `None` past its end.
    pub(crate) fn of(batch: &Arc<RowBatch>, index: usize, columns: &Arc<Columns>) -> Option<Self> {
        (index < batch.len()).then(|| Self { batch: Arc::clone(batch), index, columns: Arc::clone(columns) })
    }

    /// The row's columns.
    ///
    /// ```
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new()
    /// #     .on("select id, name from users limit 1")
    /// #     .returns(["id", "name"], [(7, "Ada")]);
    /// # let connection = backend.connect().await?;
    /// let user = connection.fetch_one("select id, name from users limit 1", ()).await?;
    /// assert_eq!(user.columns().position("name"), Some(1));
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
    pub fn columns(&self) -> &Columns {
        &self.columns
    }

    /// A field as a `T`, by position or name; see [`Row::get`].
    ///
    /// ```
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new()
    /// #     .on("select name, email from users where id = 7")
    /// #     .returns(["name", "email"], [("Ada", None::<&str>)]);
    /// # let connection = backend.connect().await?;
    /// let user = connection.fetch_one("select name, email from users where id = 7", ()).await?;
    /// let name: String = user.get(0)?;
    /// let email: Option<&str> = user.get("email")?;
    /// assert_eq!((name.as_str(), email), ("Ada", None));
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Row::get`].
    pub fn get<'a, T: FromSql<'a>>(&'a self, index: impl ColumnIndex) -> Result<T, Error> {
        match self.as_row() {
            Some(row) => row.get(index),
            None => Err(trunkline_core::error::UsageError::shape("the row is empty").into()),
        }
    }

    /// The same row as a view; there always is one.
    ///
    /// ```
    /// use trunkline::FromRow;
    ///
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new()
    /// #     .on("select id, name from users limit 1")
    /// #     .returns(["id", "name"], [(7, "Ada")]);
    /// # let connection = backend.connect().await?;
    /// let user = connection.fetch_one("select id, name from users limit 1", ()).await?;
    /// if let Some(row) = user.as_row() {
    ///     assert_eq!(<(i32, &str)>::from_row(row)?, (7, "Ada"));
    /// }
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
    pub fn as_row(&self) -> Option<Row<'_>> {
        Row::new(&self.batch, &self.columns, self.index)
    }
}

#[cfg(feature = "serde")]
mod serialize {
    use serde::{Serialize, Serializer};

    use super::{OwnedRow, Rows};

    /// A list of maps, one for each row.
    impl Serialize for Rows {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.collect_seq(self)
        }
    }

    /// A map from the columns' names to their values.
    impl Serialize for OwnedRow {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            self.as_row().serialize(serializer)
        }
    }
}
