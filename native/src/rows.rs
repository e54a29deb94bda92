use std::sync::Arc;

use trunkline_core::types::FromSql;
use trunkline_core::{ColumnIndex, Columns, CommandTag, Error, FromRow, Row, RowBatch};

/// All rows of a result, still in the bytes in which they came.
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
    pub fn len(&self) -> usize {
        self.batches.iter().map(RowBatch::len).sum()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.batches.iter().all(RowBatch::is_empty)
    }

    /// The columns that each row has; none for a command that returns no rows.
    pub fn columns(&self) -> &Columns {
        &self.columns
    }

    /// What the command did.
    pub fn tag(&self) -> CommandTag {
        self.tag
    }

    /// The row at a position, from 0.
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
    pub fn iter(&self) -> Iter<'_> {
        Iter { rows: self, batch: 0, row: 0 }
    }

    /// All rows as a `T` each, which may borrow from these; see [`FromRow`].
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
    pub fn columns(&self) -> &Columns {
        &self.columns
    }

    /// A field as a `T`, by position or name; see [`Row::get`].
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
