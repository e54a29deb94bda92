use alloc::format;
use alloc::string::ToString;

use super::batch::Fields;
use super::{Columns, RowBatch};
use crate::error::{BoxError, ConversionError, Error, UsageError};
use crate::types::FromSql;

/// A view of one row of a batch.
///
/// ```
/// # use trunkline_core::message::backend::DataRow;
/// # use trunkline_core::types::{Format, Type};
/// # let mut bytes = bytes::BytesMut::new();
/// # DataRow { values: vec![Some(&7_i32.to_be_bytes()), Some(b"Ada"), None] }.encode(&mut bytes)?;
/// # let batch = trunkline_core::RowBatch::take(&mut bytes, 3)?.unwrap();
/// # let names = [("id", Type::INT4), ("name", Type::TEXT), ("email", Type::TEXT)];
/// # let columns = names.map(|(name, type_)| trunkline_core::Column::new(name, type_, Format::Binary));
/// # let columns = trunkline_core::Columns::from(columns.to_vec());
/// # let row = trunkline_core::Row::new(&batch, &columns, 0).unwrap();
/// let id: i32 = row.get("id")?;
/// let name: &str = row.get(1)?;
/// assert_eq!((id, name), (7, "Ada"));
/// # Ok::<(), trunkline_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    fields: Fields<'a>,
    columns: &'a Columns,
}

/// What a column can be asked for by: its position from 0, or its name.
///
/// ```
/// # use trunkline_core::message::backend::DataRow;
/// # use trunkline_core::types::{Format, Type};
/// # let mut bytes = bytes::BytesMut::new();
/// # DataRow { values: vec![Some(&7_i32.to_be_bytes()), Some(b"Ada"), None] }.encode(&mut bytes)?;
/// # let batch = trunkline_core::RowBatch::take(&mut bytes, 3)?.unwrap();
/// # let names = [("id", Type::INT4), ("name", Type::TEXT), ("email", Type::TEXT)];
/// # let columns = names.map(|(name, type_)| trunkline_core::Column::new(name, type_, Format::Binary));
/// # let columns = trunkline_core::Columns::from(columns.to_vec());
/// # let row = trunkline_core::Row::new(&batch, &columns, 0).unwrap();
/// // By position, from 0, or by name.
/// assert_eq!(row.get::<&str>(1)?, row.get::<&str>("name")?);
/// # Ok::<(), trunkline_core::Error>(())
/// ```
pub trait ColumnIndex: core::fmt::Display {
    /// The position among `columns`.
    ///
    /// ```
    /// use trunkline_core::ColumnIndex;
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
    /// assert_eq!("email".position(&columns), Some(2));
    /// assert_eq!(7.position(&columns), None);
    /// # Ok::<(), trunkline_core::Error>(())
    /// ```
    fn position(&self, columns: &Columns) -> Option<usize>;
}

impl<'a> Row<'a> {
    /// The row at `index` of `batch`; `None` past its end.
    ///
    /// ```
    /// use trunkline_core::Row;
    ///
    /// # use trunkline_core::message::backend::DataRow;
    /// # use trunkline_core::types::{Format, Type};
    /// # let mut bytes = bytes::BytesMut::new();
    /// # DataRow { values: vec![Some(&7_i32.to_be_bytes()), Some(b"Ada"), None] }.encode(&mut bytes)?;
    /// # let batch = trunkline_core::RowBatch::take(&mut bytes, 3)?.unwrap();
    /// # let names = [("id", Type::INT4), ("name", Type::TEXT), ("email", Type::TEXT)];
    /// # let columns = names.map(|(name, type_)| trunkline_core::Column::new(name, type_, Format::Binary));
    /// # let columns = trunkline_core::Columns::from(columns.to_vec());
    /// assert!(Row::new(&batch, &columns, 0).is_some());
    /// assert!(Row::new(&batch, &columns, 1).is_none(), "there is but one");
    /// # Ok::<(), trunkline_core::Error>(())
    /// ```
    pub fn new(batch: &'a RowBatch, columns: &'a Columns, index: usize) -> Option<Self> {
        Some(Self { fields: batch.row(index)?, columns })
    }

    /// The row's columns.
    ///
    /// ```
    /// # use trunkline_core::message::backend::DataRow;
    /// # use trunkline_core::types::{Format, Type};
    /// # let mut bytes = bytes::BytesMut::new();
    /// # DataRow { values: vec![Some(&7_i32.to_be_bytes()), Some(b"Ada"), None] }.encode(&mut bytes)?;
    /// # let batch = trunkline_core::RowBatch::take(&mut bytes, 3)?.unwrap();
    /// # let names = [("id", Type::INT4), ("name", Type::TEXT), ("email", Type::TEXT)];
    /// # let columns = names.map(|(name, type_)| trunkline_core::Column::new(name, type_, Format::Binary));
    /// # let columns = trunkline_core::Columns::from(columns.to_vec());
    /// # let row = trunkline_core::Row::new(&batch, &columns, 0).unwrap();
    /// assert_eq!(&*row.columns().get(0).unwrap().name, "id");
    /// # Ok::<(), trunkline_core::Error>(())
    /// ```
    pub const fn columns(&self) -> &'a Columns {
        self.columns
    }

    /// How many fields it has.
    ///
    /// ```
    /// # use trunkline_core::message::backend::DataRow;
    /// # use trunkline_core::types::{Format, Type};
    /// # let mut bytes = bytes::BytesMut::new();
    /// # DataRow { values: vec![Some(&7_i32.to_be_bytes()), Some(b"Ada"), None] }.encode(&mut bytes)?;
    /// # let batch = trunkline_core::RowBatch::take(&mut bytes, 3)?.unwrap();
    /// # let names = [("id", Type::INT4), ("name", Type::TEXT), ("email", Type::TEXT)];
    /// # let columns = names.map(|(name, type_)| trunkline_core::Column::new(name, type_, Format::Binary));
    /// # let columns = trunkline_core::Columns::from(columns.to_vec());
    /// # let row = trunkline_core::Row::new(&batch, &columns, 0).unwrap();
    /// assert_eq!(row.len(), row.columns().len());
    /// # Ok::<(), trunkline_core::Error>(())
    /// ```
    pub const fn len(&self) -> usize {
        self.fields.len()
    }

    /// Whether it has no fields at all.
    ///
    /// ```
    /// # use trunkline_core::message::backend::DataRow;
    /// # use trunkline_core::types::{Format, Type};
    /// # let mut bytes = bytes::BytesMut::new();
    /// # DataRow { values: vec![Some(&7_i32.to_be_bytes()), Some(b"Ada"), None] }.encode(&mut bytes)?;
    /// # let batch = trunkline_core::RowBatch::take(&mut bytes, 3)?.unwrap();
    /// # let names = [("id", Type::INT4), ("name", Type::TEXT), ("email", Type::TEXT)];
    /// # let columns = names.map(|(name, type_)| trunkline_core::Column::new(name, type_, Format::Binary));
    /// # let columns = trunkline_core::Columns::from(columns.to_vec());
    /// # let row = trunkline_core::Row::new(&batch, &columns, 0).unwrap();
    /// assert!(!row.is_empty());
    /// # Ok::<(), trunkline_core::Error>(())
    /// ```
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A field's bytes as they came; `None` for NULL and for a position past the end.
    ///
    /// ```
    /// # use trunkline_core::message::backend::DataRow;
    /// # use trunkline_core::types::{Format, Type};
    /// # let mut bytes = bytes::BytesMut::new();
    /// # DataRow { values: vec![Some(&7_i32.to_be_bytes()), Some(b"Ada"), None] }.encode(&mut bytes)?;
    /// # let batch = trunkline_core::RowBatch::take(&mut bytes, 3)?.unwrap();
    /// # let names = [("id", Type::INT4), ("name", Type::TEXT), ("email", Type::TEXT)];
    /// # let columns = names.map(|(name, type_)| trunkline_core::Column::new(name, type_, Format::Binary));
    /// # let columns = trunkline_core::Columns::from(columns.to_vec());
    /// # let row = trunkline_core::Row::new(&batch, &columns, 0).unwrap();
    /// assert_eq!(row.raw(0), Some(&7_i32.to_be_bytes()[..]));
    /// assert_eq!(row.raw(2), None);
    /// # Ok::<(), trunkline_core::Error>(())
    /// ```
    pub fn raw(&self, position: usize) -> Option<&'a [u8]> {
        self.fields.field(position)
    }

    /// A field as a `T`, by position or name.
    ///
    /// ```
    /// # use trunkline_core::message::backend::DataRow;
    /// # use trunkline_core::types::{Format, Type};
    /// # let mut bytes = bytes::BytesMut::new();
    /// # DataRow { values: vec![Some(&7_i32.to_be_bytes()), Some(b"Ada"), None] }.encode(&mut bytes)?;
    /// # let batch = trunkline_core::RowBatch::take(&mut bytes, 3)?.unwrap();
    /// # let names = [("id", Type::INT4), ("name", Type::TEXT), ("email", Type::TEXT)];
    /// # let columns = names.map(|(name, type_)| trunkline_core::Column::new(name, type_, Format::Binary));
    /// # let columns = trunkline_core::Columns::from(columns.to_vec());
    /// # let row = trunkline_core::Row::new(&batch, &columns, 0).unwrap();
    /// assert_eq!(row.get::<i64>("id")?, 7);
    /// assert_eq!(row.get::<Option<&str>>("email")?, None);
    /// assert!(row.get::<&str>("email").is_err(), "it is NULL");
    /// assert!(row.get::<&str>("phone").is_err(), "there is no such column");
    /// # Ok::<(), trunkline_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] when there is no such column, [`Error::Conversion`] when `T` cannot hold the column's
    /// type or this value; a NULL needs `Option<T>`.
    pub fn get<T: FromSql<'a>>(&self, index: impl ColumnIndex) -> Result<T, Error> {
        let position = index.position(self.columns).ok_or_else(|| no_column(&index, self.columns))?;
        self.get_at(position)
    }

    /// A field as a `T`; `T`'s default when there is no such column or it is NULL.
    ///
    /// ```
    /// # use trunkline_core::message::backend::DataRow;
    /// # use trunkline_core::types::{Format, Type};
    /// # let mut bytes = bytes::BytesMut::new();
    /// # DataRow { values: vec![Some(&7_i32.to_be_bytes()), Some(b"Ada"), None] }.encode(&mut bytes)?;
    /// # let batch = trunkline_core::RowBatch::take(&mut bytes, 3)?.unwrap();
    /// # let names = [("id", Type::INT4), ("name", Type::TEXT), ("email", Type::TEXT)];
    /// # let columns = names.map(|(name, type_)| trunkline_core::Column::new(name, type_, Format::Binary));
    /// # let columns = trunkline_core::Columns::from(columns.to_vec());
    /// # let row = trunkline_core::Row::new(&batch, &columns, 0).unwrap();
    /// assert_eq!(row.get_or_default::<String>("email")?, "");
    /// assert_eq!(row.get_or_default::<i32>("age")?, 0);
    /// # Ok::<(), trunkline_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Conversion`] when `T` cannot hold the column's type or this value.
    pub fn get_or_default<T: FromSql<'a> + Default>(&self, index: impl ColumnIndex) -> Result<T, Error> {
        let found =
            index.position(self.columns).map(|position| self.get_at::<Option<T>>(position)).transpose()?;
        Ok(found.flatten().unwrap_or_default())
    }

    /// What a field that was read as a `T` is converted to.
    #[doc(hidden)]
    pub fn convert<T, U>(&self, index: impl ColumnIndex, value: T) -> Result<U, Error>
    where
        U: TryFrom<T, Error: Into<BoxError>>,
    {
        let position = index.position(self.columns).unwrap_or_default();
        U::try_from(value).map_err(|problem| self.conversion::<U>(position, problem.into()))
    }

    fn get_at<T: FromSql<'a>>(&self, position: usize) -> Result<T, Error> {
        let Some(column) = self.columns.get(position) else {
            return Err(no_column(&position, self.columns));
        };
        let type_ = column.type_.base();
        if !T::accepts(type_) {
            return Err(self.conversion::<T>(position, "the types do not match".into()));
        }
        match self.raw(position) {
            Some(raw) => T::from_sql(type_, column.format, raw),
            None => T::from_null(),
        }
        .map_err(|problem| self.conversion::<T>(position, problem))
    }

    #[cold]
    fn conversion<T>(&self, position: usize, problem: BoxError) -> Error {
        let column = self.columns.get(position);
        ConversionError {
            column: column.map_or_else(|| position.to_string(), |c| format!("\"{}\"", c.name)),
            postgres_type: column.map_or_else(Default::default, |c| c.type_.name().into()),
            host_type: core::any::type_name::<T>(),
            problem,
        }
        .into()
    }
}

#[cold]
fn no_column(index: &dyn core::fmt::Display, columns: &Columns) -> Error {
    let names: alloc::vec::Vec<&str> = columns.iter().map(|column| &*column.name).collect();
    UsageError::shape(format!("there is no column {index}; the result has: {}", names.join(", "))).into()
}

impl ColumnIndex for usize {
    fn position(&self, columns: &Columns) -> Option<usize> {
        (*self < columns.len()).then_some(*self)
    }
}

impl ColumnIndex for &str {
    fn position(&self, columns: &Columns) -> Option<usize> {
        columns.position(self)
    }
}
