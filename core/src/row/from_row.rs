use alloc::format;

use super::{ColumnIndex, Columns, Row};
use crate::error::{Error, UsageError};
use crate::types::{FromSql, tuples_up_to_16};

/// What a whole row can be read as.
///
/// Tuples of up to 16 values take the columns in their order, all of them. `trunkline` has a derive macro for
/// structs, whose fields take the columns of their names.
///
/// ```
/// use trunkline_core::{Error, FromRow, Row};
///
/// struct User<'a> {
///     id: i64,
///     name: &'a str,
/// }
///
/// impl<'a> FromRow<'a> for User<'a> {
///     fn from_row(row: Row<'a>) -> Result<Self, Error> {
///         Ok(Self { id: row.get("id")?, name: row.get("name")? })
///     }
/// }
/// ```
pub trait FromRow<'a>: Sized {
    /// Reads a row.
    ///
    /// ```
    /// use trunkline_core::FromRow;
    ///
    /// # use trunkline_core::message::backend::DataRow;
    /// # use trunkline_core::types::{Format, Type};
    /// # let mut bytes = bytes::BytesMut::new();
    /// # DataRow { values: vec![Some(&7_i32.to_be_bytes()), Some(b"Ada"), None] }.encode(&mut bytes)?;
    /// # let batch = trunkline_core::RowBatch::take(&mut bytes, 3)?.unwrap();
    /// # let names = [("id", Type::INT4), ("name", Type::TEXT), ("email", Type::TEXT)];
    /// # let columns = names.map(|(name, type_)| trunkline_core::Column::new(name, type_, Format::Binary));
    /// # let columns = trunkline_core::Columns::from(columns.to_vec());
    /// # let row = trunkline_core::Row::new(&batch, &columns, 0).unwrap();
    /// let user = <(i32, &str, Option<&str>)>::from_row(row)?;
    /// assert_eq!(user, (7, "Ada", None));
    /// # Ok::<(), trunkline_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] when the row has no such columns, [`Error::Conversion`] when one cannot be read.
    fn from_row(row: Row<'a>) -> Result<Self, Error>;
}

impl<'a> FromRow<'a> for Row<'a> {
    fn from_row(row: Self) -> Result<Self, Error> {
        Ok(row)
    }
}

/// A column by its name, looked for first where it is expected.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct NamedColumn {
    pub name: &'static str,
    pub expected: usize,
}

impl core::fmt::Display for NamedColumn {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.name)
    }
}

impl ColumnIndex for NamedColumn {
    #[inline]
    fn position(&self, columns: &Columns) -> Option<usize> {
        let expected = columns.get(self.expected).is_some_and(|column| *column.name == *self.name);
        if expected { Some(self.expected) } else { columns.position(self.name) }
    }
}

macro_rules! tuple {
    ($count:literal $($index:tt $type:ident)*) => {
        impl<'a, $($type: FromSql<'a>),*> FromRow<'a> for ($($type,)*) {
            fn from_row(row: Row<'a>) -> Result<Self, Error> {
                if row.len() != $count {
                    return Err(other_count(row.len(), $count));
                }
                Ok(($(row.get::<$type>($index)?,)*))
            }
        }
    };
}

tuples_up_to_16!(tuple);

#[cold]
fn other_count(columns: usize, values: usize) -> Error {
    let plural = if columns == 1 { "" } else { "s" };
    UsageError::shape(format!(
        "the result has {columns} column{plural} where a tuple of {values} is asked for"
    ))
    .into()
}
