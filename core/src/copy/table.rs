use alloc::string::String;
use alloc::vec::Vec;

use crate::sql::quote_identifier;
use crate::wire::Unencodable;

/// A table, by its name and the columns that are meant.
///
/// Names are taken as they are and quoted: `"Users"` is not `"users"`, and a dot is part of the name. The schema is given
/// by itself, or the table is found by the `search_path`.
///
/// ```
/// use trunkline_core::copy::Table;
///
/// let users = Table::new("users").schema("app").columns(["id", "name"]);
/// assert_eq!(users, Table::from(("app", "users")).columns(["id", "name"]));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Table {
    pub(super) schema: Option<String>,
    pub(super) name: String,
    pub(super) columns: Vec<String>,
}

/// What a COPY … TO STDOUT reads.
///
/// ```
/// use trunkline_core::copy::{Source, Table};
///
/// let table = Source::from("users");
/// assert_eq!(table, Source::Table(Table::new("users")));
/// let query = Source::query("delete from sessions returning *");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Source {
    /// A table.
    Table(Table),
    /// A query, or a data-modifying statement with RETURNING.
    Query(String),
}

impl Table {
    /// A table that the `search_path` finds, with all columns.
    ///
    /// ```
    /// use trunkline_core::copy::Table;
    ///
    /// assert_eq!(Table::new("users").quoted()?, "\"users\"");
    /// # Ok::<(), trunkline_core::wire::Unencodable>(())
    /// ```
    pub fn new(name: impl Into<String>) -> Self {
        Self { schema: None, name: name.into(), columns: Vec::new() }
    }

    /// In this schema.
    ///
    /// ```
    /// use trunkline_core::copy::Table;
    ///
    /// assert_eq!(Table::new("users").schema("app").quoted()?, "\"app\".\"users\"");
    /// # Ok::<(), trunkline_core::wire::Unencodable>(())
    /// ```
    #[must_use]
    pub fn schema(mut self, schema: impl Into<String>) -> Self {
        self.schema = Some(schema.into());
        self
    }

    /// These columns of it, in this order. Without, all in the table's order but those that are generated.
    ///
    /// ```
    /// use trunkline_core::copy::Table;
    ///
    /// let users = Table::new("users").columns(["name", "id"]);
    /// assert_eq!(users.named_columns(), ["name", "id"]);
    /// ```
    #[must_use]
    pub fn columns<S: Into<String>>(mut self, columns: impl IntoIterator<Item = S>) -> Self {
        self.columns = columns.into_iter().map(Into::into).collect();
        self
    }

    /// The columns that were named; none means all.
    ///
    /// ```
    /// use trunkline_core::copy::Table;
    ///
    /// assert!(Table::new("users").named_columns().is_empty());
    /// ```
    pub fn named_columns(&self) -> &[String] {
        &self.columns
    }

    /// The table's name as SQL, with its schema.
    ///
    /// ```
    /// use trunkline_core::copy::Table;
    ///
    /// assert_eq!(Table::from(("app", "Weird \"name\"")).quoted()?, r#""app"."Weird ""name""""#);
    /// # Ok::<(), trunkline_core::wire::Unencodable>(())
    /// ```
    ///
    /// # Errors
    ///
    /// A name contains a NUL.
    pub fn quoted(&self) -> Result<String, Unencodable> {
        let mut sql = String::new();
        if let Some(schema) = &self.schema {
            sql.push_str(&quote_identifier(schema)?);
            sql.push('.');
        }
        sql.push_str(&quote_identifier(&self.name)?);
        Ok(sql)
    }

    /// A query for its columns, which asks no privilege but to see the table's schema as long as it is only described.
    ///
    /// ```
    /// use trunkline_core::copy::Table;
    ///
    /// let users = Table::new("users").columns(["id", "name"]);
    /// assert_eq!(users.describing_query()?, r#"select "id", "name" from "users""#);
    /// # Ok::<(), trunkline_core::wire::Unencodable>(())
    /// ```
    ///
    /// # Errors
    ///
    /// A name contains a NUL.
    pub fn describing_query(&self) -> Result<String, Unencodable> {
        let mut sql = String::from("select ");
        match self.columns.as_slice() {
            [] => sql.push('*'),
            columns => push_columns(&mut sql, columns)?,
        }
        sql.push_str(" from ");
        sql.push_str(&self.quoted()?);
        Ok(sql)
    }
}

impl Source {
    /// A query, as SQL. It cannot have parameters: see [`with_literals`](super::with_literals).
    ///
    /// ```
    /// use trunkline_core::copy::Source;
    ///
    /// assert_eq!(Source::query("select 1"), Source::Query("select 1".into()));
    /// ```
    pub fn query(sql: impl Into<String>) -> Self {
        Self::Query(sql.into())
    }
}

/// Names, quoted, with commas between.
pub(super) fn push_columns(sql: &mut String, columns: &[String]) -> Result<(), Unencodable> {
    for (at, column) in columns.iter().enumerate() {
        if at > 0 {
            sql.push_str(", ");
        }
        sql.push_str(&quote_identifier(column)?);
    }
    Ok(())
}

impl From<&str> for Table {
    fn from(name: &str) -> Self {
        Self::new(name)
    }
}

impl From<String> for Table {
    fn from(name: String) -> Self {
        Self::new(name)
    }
}

/// Schema and name.
impl From<(&str, &str)> for Table {
    fn from((schema, name): (&str, &str)) -> Self {
        Self::new(name).schema(schema)
    }
}

impl From<&Self> for Table {
    fn from(table: &Self) -> Self {
        table.clone()
    }
}

impl<T: Into<Table>> From<T> for Source {
    fn from(table: T) -> Self {
        Self::Table(table.into())
    }
}
