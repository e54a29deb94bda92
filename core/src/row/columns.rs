use alloc::boxed::Box;
use alloc::vec::Vec;

use crate::types::{Registry, Type, has_fields, names_types};
use crate::wire::Format;

/// One column of a result.
///
/// ```
/// use trunkline_core::Column;
/// use trunkline_core::types::{Format, Type};
///
/// let column = Column::new("id", Type::INT8, Format::Binary);
/// println!("{} {}", column.name, column.type_.name()); // id int8
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Column {
    /// The column's name; need not be unique.
    pub name: Box<str>,
    /// Its type.
    pub type_: Type,
    /// How its values are written.
    pub format: Format,
    /// The OID of the table it comes from, or 0.
    pub table: u32,
    /// The number of the attribute in that table, or 0.
    pub attribute: i16,
    /// The type's modifier (`atttypmod`), such as the length of a varchar; -1 when it has none.
    pub modifier: i32,
}

impl Column {
    /// A column that comes from no table.
    ///
    /// ```
    /// use trunkline_core::Column;
    /// use trunkline_core::types::{Format, Type};
    ///
    /// let column = Column::new("total", Type::NUMERIC, Format::Binary);
    /// assert_eq!((column.table, column.modifier), (0, -1));
    /// ```
    pub fn new(name: impl Into<Box<str>>, type_: Type, format: Format) -> Self {
        Self { name: name.into(), type_, format, table: 0, attribute: 0, modifier: -1 }
    }

    /// Whether its values tell of their type's fields.
    pub(crate) fn has_fields(&self) -> bool {
        self.format == Format::Binary && has_fields(&self.type_)
    }

    /// Whether its values name types that nothing else tells of.
    pub(crate) fn names_types(&self) -> bool {
        self.format == Format::Binary && names_types(self.type_.oid())
    }
}

/// The columns of a result, in order.
///
/// ```
/// use trunkline_core::{Column, Columns};
/// use trunkline_core::types::{Format, Type};
///
/// let columns = Columns::from(vec![
///     Column::new("id", Type::INT8, Format::Binary),
///     Column::new("name", Type::TEXT, Format::Binary),
/// ]);
/// assert_eq!(columns.position("name"), Some(1));
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Columns {
    columns: Box<[Column]>,
    /// Whether values of any of them tell of their type's fields.
    have_fields: bool,
    /// Whether values of any of them name types.
    name_types: bool,
}

impl Columns {
    /// How many there are.
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
    /// assert_eq!(columns.len(), 3); // id, name, email
    /// # Ok::<(), trunkline_core::Error>(())
    /// ```
    pub fn len(&self) -> usize {
        self.columns.len()
    }

    /// Whether there are none.
    ///
    /// ```
    /// use trunkline_core::Columns;
    ///
    /// // As those of an UPDATE without RETURNING.
    /// assert!(Columns::default().is_empty());
    /// ```
    pub fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }

    /// The column at a position, from 0.
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
    /// assert_eq!(columns.get(0).map(|column| &*column.name), Some("id"));
    /// assert!(columns.get(3).is_none());
    /// # Ok::<(), trunkline_core::Error>(())
    /// ```
    pub fn get(&self, index: usize) -> Option<&Column> {
        self.columns.get(index)
    }

    /// All of them.
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
    /// let names: Vec<&str> = columns.iter().map(|column| &*column.name).collect();
    /// assert_eq!(names, ["id", "name", "email"]);
    /// # Ok::<(), trunkline_core::Error>(())
    /// ```
    pub fn iter(&self) -> core::slice::Iter<'_, Column> {
        self.columns.iter()
    }

    /// The same columns with their types as they are known by now.
    pub(crate) fn with_types(&self, registry: &Registry) -> Self {
        let mut columns = self.to_vec();
        columns.iter_mut().for_each(|column| column.type_ = registry.current(&column.type_));
        columns.into()
    }

    /// Whether values of any of them tell of their type's fields: see [`agrees`](crate::types::agrees).
    pub(crate) fn have_fields(&self) -> bool {
        self.have_fields
    }

    /// Whether values of any of them name types that nothing else tells of.
    pub(crate) fn name_types(&self) -> bool {
        self.name_types
    }

    /// A copy as a list.
    pub(crate) fn to_vec(&self) -> Vec<Column> {
        self.columns.to_vec()
    }

    /// The position of the first column of that name.
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
    /// assert_eq!(columns.position("email"), Some(2));
    /// assert_eq!(columns.position("phone"), None);
    /// # Ok::<(), trunkline_core::Error>(())
    /// ```
    pub fn position(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| &*column.name == name)
    }
}

impl From<Vec<Column>> for Columns {
    fn from(columns: Vec<Column>) -> Self {
        let have_fields = columns.iter().any(Column::has_fields);
        let name_types = columns.iter().any(Column::names_types);
        Self { columns: columns.into(), have_fields, name_types }
    }
}

impl<'a> IntoIterator for &'a Columns {
    type Item = &'a Column;
    type IntoIter = core::slice::Iter<'a, Column>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
