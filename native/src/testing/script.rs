use std::fmt;

use trunkline_core::ServerError;
use trunkline_core::sql::{Lexer, NamedSql, TokenKind};
use trunkline_core::types::Type;

use super::values::Cell;

/// The names and types of what a statement returns.
pub(super) type Columns = Vec<(String, Type)>;

/// What a backend answers, and what it was asked.
#[derive(Debug, Default)]
pub(super) struct Script {
    pub(super) lines: Vec<Line>,
    pub(super) log: Vec<Logged>,
}

/// One statement, and its answer.
#[derive(Debug)]
pub(super) struct Line {
    /// As it is compared: see [`normal`].
    pub(super) sql: String,
    /// The types of its parameters, where they were told.
    pub(super) types: Option<Vec<Type>>,
    /// The parameters that it is for, as text; none is any.
    pub(super) parameters: Option<Vec<Option<String>>>,
    pub(super) reply: Reply,
    /// How often it was asked for.
    pub(super) uses: usize,
}

/// What a statement is answered with.
#[derive(Debug, Clone)]
pub(super) enum Reply {
    Rows {
        columns: Vec<(String, Type)>,
        rows: Vec<Vec<Cell>>,
    },
    Affects(u64),
    Fails(Box<ServerError>),
    /// What COMMIT does to a transaction that has failed.
    RolledBack,
    /// What the test told makes no sense.
    Nonsense(String),
}

/// A statement that a [`Backend`](super::Backend) was asked to run, with its parameters as text.
///
/// ```
/// use trunkline::testing::Backend;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let backend = Backend::new().on("delete from users where id = $1").with((7,)).affects(1);
/// backend.connect().await?.execute("delete from users where id = :id", trunkline::named! { id: 7 }).await?;
///
/// let log = backend.log();
/// let logged = &log[0];
/// assert_eq!(logged.sql, "delete from users where id = $1");
/// assert_eq!(logged.parameters, [Some("7".to_owned())]);
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Logged {
    /// Its SQL, as it was sent: names of parameters are numbers by then.
    pub sql: String,
    /// Its parameters as PostgreSQL writes them; `None` is NULL.
    pub parameters: Vec<Option<String>>,
}

/// As `select $1 [7]`.
impl fmt::Display for Logged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sql)?;
        if !self.parameters.is_empty() {
            write!(f, " {}", list(&self.parameters))?;
        }
        Ok(())
    }
}

impl Script {
    /// The lines for that SQL.
    pub(super) fn of(&self, sql: &str) -> impl Iterator<Item = &Line> {
        let sql = normal(sql);
        self.lines.iter().filter(move |line| line.sql == sql)
    }

    /// What that SQL returns; none when it returns no rows.
    pub(super) fn columns(&self, sql: &str) -> Option<Columns> {
        self.of(sql).find_map(|line| match &line.reply {
            Reply::Rows { columns, .. } => Some(columns.clone()),
            _ => None,
        })
    }

    /// The answer to a statement that runs: of lines that fit, each has its turn, and the last stays. Those that are
    /// for these parameters go before those that are for any.
    pub(super) fn answer(&mut self, sql: &str, parameters: &[Option<String>]) -> Option<&Reply> {
        let sql = normal(sql);
        let fits = |line: &Line, given: bool| {
            line.sql == sql && line.parameters.as_deref() == given.then_some(parameters)
        };
        let position = [true, false].into_iter().find_map(|given| {
            let unused = self.lines.iter().position(|line| fits(line, given) && line.uses == 0);
            unused.or_else(|| self.lines.iter().rposition(|line| fits(line, given)))
        })?;
        let line = self.lines.get_mut(position)?;
        line.uses += 1;
        Some(&line.reply)
    }

    /// Everything that is known, for whoever asks for something else.
    pub(super) fn contents(&self) -> String {
        if self.lines.is_empty() {
            return "nothing".into();
        }
        let lines: Vec<String> = self.lines.iter().map(|line| format!("`{line}`")).collect();
        lines.join(", ")
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sql)?;
        match &self.parameters {
            Some(parameters) => write!(f, " {}", list(parameters)),
            None => Ok(()),
        }
    }
}

/// Parameters in words.
pub(super) fn list(parameters: &[Option<String>]) -> String {
    let words: Vec<&str> = parameters.iter().map(|value| value.as_deref().unwrap_or("NULL")).collect();
    format!("[{}]", words.join(", "))
}

/// SQL as it is compared: with numbers for the names of parameters, and without comments, a semicolon at the end, and
/// differences of white space or case.
pub(super) fn normal(sql: &str) -> String {
    let sql = NamedSql::parse(sql).map_or_else(|_| sql.to_owned(), NamedSql::into_sql);
    let mut normal = String::with_capacity(sql.len());
    let mut blank = false;
    for token in Lexer::new(&sql) {
        if token.is_blank() {
            blank = !normal.is_empty();
            continue;
        }
        if std::mem::take(&mut blank) {
            normal.push(' ');
        }
        match token.kind {
            // Unless it is quoted, its case means nothing.
            TokenKind::Word => normal.push_str(&token.text.to_ascii_lowercase()),
            _ => normal.push_str(token.text),
        }
    }
    normal.truncate(normal.trim_end_matches([';', ' ']).len());
    normal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_comments_case_and_names_make_no_difference() {
        for sql in ["select $1,\n\t'A  b', \"C\"", " SELECT :id, /* it */ 'A  b', \"C\" ; -- end"] {
            assert_eq!(normal(sql), "select $1, 'A  b', \"C\"");
        }
        assert_eq!(normal(" ;"), "");
    }

    #[test]
    fn lines_have_their_turns_and_parameters_go_first() {
        let line = |parameter: Option<&str>, rows| Line {
            sql: "a".into(),
            types: None,
            parameters: parameter.map(|value| vec![Some(value.into())]),
            reply: Reply::Affects(rows),
            uses: 0,
        };
        let lines = vec![line(None, 1), line(Some("7"), 2), line(Some("7"), 3)];
        let mut script = Script { lines, log: Vec::new() };
        let mut ask = |value: &str| match script.answer("a", &[Some(value.into())]) {
            Some(Reply::Affects(rows)) => *rows,
            other => panic!("{other:?}"),
        };
        assert_eq!([ask("7"), ask("7"), ask("7"), ask("8"), ask("8")], [2, 3, 3, 1, 1]);
        assert!(script.answer("b", &[]).is_none());
    }
}
