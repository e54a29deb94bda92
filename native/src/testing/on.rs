use trunkline_core::error::{BoxError, Severity};
use trunkline_core::types::{Parameters, Type};
use trunkline_core::wire::Format;
use trunkline_core::{ServerError, SqlState};

use super::Backend;
use super::script::{Line, Reply, normal};
use super::values::{self, Cell};

/// A statement that a [`Backend`] is told the answer to: see [`Backend::on`].
///
/// ```
/// use trunkline::testing::{Backend, On};
///
/// let statement: On = Backend::new().on("select now()");
/// let backend: Backend = statement.returns(["now"], [("2026-02-28 12:00:00+00",)]);
/// ```
#[derive(Debug)]
#[must_use = "it has no answer yet: say returns(…), affects(…) or fails(…)"]
pub struct On {
    backend: Backend,
    sql: String,
    types: Option<Vec<Type>>,
    parameters: Option<Vec<Option<String>>>,
    /// What made no sense.
    nonsense: Option<String>,
}

impl On {
    pub(super) fn new(backend: Backend, sql: &str) -> Self {
        Self { backend, sql: normal(sql), types: None, parameters: None, nonsense: None }
    }

    /// The answer is for these parameters alone, and their types are those of the statement's: an `i32` is an int4, a
    /// `&str` a text. Given by name in the SQL, they come in the order in which the names do.
    ///
    /// ```
    /// use trunkline::testing::Backend;
    ///
    /// let backend = Backend::new()
    ///     .on("select name from users where id = $1")
    ///     .with((7,))
    ///     .returns(["name"], [("Ada",)]);
    /// ```
    pub fn with(mut self, parameters: impl Parameters) -> Self {
        match self.compared(&parameters) {
            Ok((types, parameters)) => (self.types, self.parameters) = (Some(types), Some(parameters)),
            Err(error) => self.nonsense = Some(error.to_string()),
        }
        self
    }

    /// The types of the parameters, where there is no [`with`](Self::with), or where its values are not told by their
    /// types in Rust. It stands before `with`.
    ///
    /// ```
    /// use trunkline::testing::Backend;
    /// use trunkline::types::Type;
    ///
    /// let backend = Backend::new().on("delete from users where id = $1").parameters([Type::INT8]).affects(1);
    /// ```
    pub fn parameters(mut self, types: impl Into<Vec<Type>>) -> Self {
        self.types = Some(types.into());
        self
    }

    /// The statement returns these rows, of columns of these names. A column has the type of its first value that is
    /// not NULL (text when there is none), unless it is told, as `("name", Type::TEXT)`. No rows are `[(); 0]`.
    ///
    /// ```
    /// use trunkline::testing::Backend;
    /// use trunkline::types::Type;
    ///
    /// let backend = Backend::new()
    ///     .on("select id, name from users")
    ///     .returns(["id", "name"], [(1, Some("Ada")), (2, None)])
    ///     .on("select born from users")
    ///     .returns([("born", Type::DATE)], [("1815-12-10",)])
    ///     .on("select name from nobody")
    ///     .returns(["name"], [(); 0]);
    /// ```
    pub fn returns<C: Into<ReturnedColumn>, P: Parameters>(
        self,
        columns: impl IntoIterator<Item = C>,
        rows: impl IntoIterator<Item = P>,
    ) -> Backend {
        let columns = columns.into_iter().map(Into::into).collect();
        let rows: Vec<P> = rows.into_iter().collect();
        let reply = table(columns, &rows).unwrap_or_else(|error| Reply::Nonsense(error.to_string()));
        self.answered(reply)
    }

    /// The statement returns no rows, and tells that it did something to so many.
    ///
    /// ```
    /// use trunkline::testing::Backend;
    ///
    /// let backend = Backend::new().on("update users set active = false").affects(3);
    /// ```
    pub fn affects(self, rows: u64) -> Backend {
        self.answered(Reply::Affects(rows))
    }

    /// The statement fails when it runs.
    ///
    /// ```
    /// use trunkline::SqlState;
    /// use trunkline::testing::Backend;
    ///
    /// let backend = Backend::new()
    ///     .on("delete from users")
    ///     .fails(SqlState::FOREIGN_KEY_VIOLATION, "still referenced from table orders");
    /// ```
    pub fn fails(self, code: SqlState, message: &str) -> Backend {
        self.fails_with(ServerError::new(Severity::Error, code, message))
    }

    /// The statement fails when it runs, with all that an error can tell, such as the name of a constraint.
    ///
    /// ```
    /// use trunkline::testing::Backend;
    /// use trunkline::{ServerError, Severity, SqlState};
    ///
    /// let mut error = ServerError::new(Severity::Error, SqlState::UNIQUE_VIOLATION, "there is one already");
    /// error.constraint = Some("users_name_key".into());
    /// let backend = Backend::new().on("insert into users values (1)").fails_with(error);
    /// ```
    pub fn fails_with(self, error: ServerError) -> Backend {
        self.answered(Reply::Fails(Box::new(error)))
    }

    fn answered(self, reply: Reply) -> Backend {
        let reply = self.nonsense.map_or(reply, Reply::Nonsense);
        let Self { backend, sql, types, parameters, .. } = self;
        backend.script().lines.push(Line { sql, types, parameters, reply, uses: 0 });
        backend
    }

    /// These parameters as they are compared, and their types.
    fn compared(&self, parameters: &dyn Parameters) -> Result<(Vec<Type>, Vec<Option<String>>), BoxError> {
        let mut types = self.types.clone().unwrap_or_default();
        let mut texts = Vec::new();
        for index in 0..parameters.count() {
            if index == types.len() {
                types.push(values::type_of(parameters, index)?.unwrap_or(Type::TEXT));
            }
            let Some(type_) = types.get(index) else { break };
            let cell = values::cell(parameters, index, type_)?;
            texts.push(values::text(type_, Format::Binary, cell.as_deref()));
        }
        match types.len() == texts.len() {
            true => Ok((types, texts)),
            false => Err(format!("{} types for {} parameters", types.len(), texts.len()).into()),
        }
    }
}

/// A column of what a statement [returns](On::returns): a name, or a name and a type.
///
/// ```
/// use trunkline::testing::{Backend, ReturnedColumn};
/// use trunkline::types::Type;
///
/// let columns: [ReturnedColumn; 2] = ["id".into(), ("born", Type::DATE).into()];
/// let backend = Backend::new().on("select id, born from users").returns(columns, [(1, None::<&str>)]);
/// ```
#[derive(Debug, Clone)]
pub struct ReturnedColumn {
    name: String,
    type_: Option<Type>,
}

impl From<&str> for ReturnedColumn {
    fn from(name: &str) -> Self {
        Self { name: name.into(), type_: None }
    }
}

impl From<&&str> for ReturnedColumn {
    fn from(name: &&str) -> Self {
        Self::from(*name)
    }
}

impl From<(&str, Type)> for ReturnedColumn {
    fn from((name, type_): (&str, Type)) -> Self {
        Self { name: name.into(), type_: Some(type_) }
    }
}

fn table<P: Parameters>(columns: Vec<ReturnedColumn>, rows: &[P]) -> Result<Reply, BoxError> {
    for row in rows {
        if row.count() != columns.len() {
            return Err(format!("a row of {} values for {} columns", row.count(), columns.len()).into());
        }
    }
    let mut typed = Vec::new();
    for (index, column) in columns.into_iter().enumerate() {
        let mut type_ = column.type_;
        for row in rows {
            if type_.is_none() {
                type_ = values::type_of(row, index).map_err(|error| of_column(&column.name, &error))?;
            }
        }
        typed.push((column.name, type_.unwrap_or(Type::TEXT)));
    }
    let cells = |row: &P| -> Result<Vec<Cell>, BoxError> {
        let cells = typed.iter().enumerate().map(|(index, (name, type_))| {
            values::cell(row, index, type_).map_err(|error| of_column(name, &*error))
        });
        cells.collect()
    };
    let rows = rows.iter().map(cells).collect::<Result<_, BoxError>>()?;
    Ok(Reply::Rows { columns: typed, rows })
}

fn of_column(name: &str, error: &dyn std::error::Error) -> BoxError {
    format!("column {name}: {error}").into()
}
