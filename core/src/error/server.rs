use alloc::boxed::Box;
use alloc::string::String;
use core::fmt;

use super::SqlState;

/// An error (or notice) as the server sent it, every field of it.
///
/// See PostgreSQL's ["Error and Notice Message Fields"] (protocol chapter).
///
/// ```
/// use trunkline_core::{ServerError, SqlState};
///
/// fn advice(error: &ServerError) -> String {
///     match (&error.code, &error.hint) {
///         (&SqlState::UNIQUE_VIOLATION, _) => "choose another name".into(),
///         (_, Some(hint)) => hint.to_string(),
///         _ => error.message.to_string(),
///     }
/// }
/// ```
///
/// ["Error and Notice Message Fields"]: https://www.postgresql.org/docs/18/protocol-error-fields.html
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServerError {
    /// How severe it is.
    pub severity: Severity,
    /// The five-character code.
    pub code: SqlState,
    /// The primary message, usually one line.
    pub message: Box<str>,
    /// More about the problem.
    pub detail: Option<Box<str>>,
    /// What might be done about it; added by the connection when a name of its own is what is wrong, or several
    /// statements were given where one is taken.
    pub hint: Option<Box<str>>,
    /// Where in the statement's text, in characters from 1.
    pub position: Option<u32>,
    /// Where in `internal_query`, in characters from 1.
    pub internal_position: Option<u32>,
    /// The text of a command the server itself made, such as a function's SQL.
    pub internal_query: Option<Box<str>>,
    /// The context: a call stack of functions and internal queries, most recent first.
    pub context: Option<Box<str>>,
    /// The schema that it is about.
    pub schema: Option<Box<str>>,
    /// The table that it is about.
    pub table: Option<Box<str>>,
    /// The column that it is about.
    pub column: Option<Box<str>>,
    /// The data type that it is about.
    pub data_type: Option<Box<str>>,
    /// The constraint that it is about.
    pub constraint: Option<Box<str>>,
    /// The server's source file.
    pub file: Option<Box<str>>,
    /// The line in that file.
    pub line: Option<u32>,
    /// The server's routine.
    pub routine: Option<Box<str>>,
    /// Which run it was of a statement that is run many times, from 0; added by the connection.
    pub run: Option<u64>,
    /// The text of the statement, added by the connection for errors that have a position; not where it may hold a
    /// password.
    pub statement: Option<Box<str>>,
}

/// How severe an error or notice is.
///
/// ```
/// use trunkline_core::error::Severity;
///
/// assert_eq!(Severity::from_name("FATAL"), Some(Severity::Fatal));
/// assert_eq!(Severity::Fatal.to_string(), "FATAL");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[expect(missing_docs, reason = "PostgreSQL's own severities")]
pub enum Severity {
    Error,
    Fatal,
    Panic,
    Warning,
    Notice,
    Debug,
    Info,
    Log,
}

impl ServerError {
    /// An error with its three fields that always come.
    ///
    /// ```
    /// use trunkline_core::error::{ServerError, Severity, SqlState};
    ///
    /// let mut error = ServerError::new(Severity::Error, SqlState::NOT_NULL_VIOLATION, "a user has a name");
    /// error.column = Some("name".into());
    /// ```
    pub fn new(severity: Severity, code: SqlState, message: impl Into<Box<str>>) -> Self {
        Self {
            severity,
            code,
            message: message.into(),
            detail: None,
            hint: None,
            position: None,
            internal_position: None,
            internal_query: None,
            context: None,
            schema: None,
            table: None,
            column: None,
            data_type: None,
            constraint: None,
            file: None,
            line: None,
            routine: None,
            run: None,
            statement: None,
        }
    }

    /// The five-character code.
    ///
    /// ```
    /// use trunkline_core::error::{ServerError, Severity, SqlState};
    ///
    /// let error = ServerError::new(Severity::Error, SqlState::SYNTAX_ERROR, "syntax error at or near \"form\"");
    /// assert_eq!(error.sqlstate().class(), "42");
    /// ```
    pub const fn sqlstate(&self) -> &SqlState {
        &self.code
    }

    /// Whether the session ends with it.
    ///
    /// ```
    /// use trunkline_core::error::{ServerError, Severity, SqlState};
    ///
    /// let error = ServerError::new(Severity::Fatal, SqlState::ADMIN_SHUTDOWN, "terminating connection");
    /// assert!(error.is_fatal());
    /// ```
    pub const fn is_fatal(&self) -> bool {
        matches!(self.severity, Severity::Fatal | Severity::Panic)
    }

    /// The line of the statement that the error points at, with a caret under the place; `None` without a
    /// position or statement.
    ///
    /// ```text
    /// select * form users
    ///          ^
    /// ```
    ///
    /// ```
    /// use trunkline_core::error::{ServerError, Severity, SqlState};
    ///
    /// let mut error = ServerError::new(Severity::Error, SqlState::SYNTAX_ERROR, "syntax error");
    /// (error.statement, error.position) = (Some("select * form users".into()), Some(10));
    /// assert_eq!(error.excerpt().unwrap(), "select * form users\n         ^");
    /// ```
    pub fn excerpt(&self) -> Option<String> {
        let statement = self.statement.as_deref()?;
        let offset = usize::try_from(self.position?).ok()?.checked_sub(1)?;
        let before: String = statement.chars().take(offset).collect();
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let line = statement.get(line_start..)?.lines().next()?;
        let column = before.get(line_start..)?.chars().count();
        let mut excerpt = String::from(line);
        excerpt.push('\n');
        excerpt.extend(core::iter::repeat_n(' ', column));
        excerpt.push('^');
        Some(excerpt)
    }
}

impl fmt::Display for ServerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} (SQLSTATE {})", self.severity, self.message, self.code)?;
        if let Some(run) = self.run {
            write!(f, "\n  run {} of many; all were undone", run.saturating_add(1))?;
        }
        if let Some(detail) = &self.detail {
            write!(f, "\n  detail: {detail}")?;
        }
        if let Some(hint) = &self.hint {
            write!(f, "\n  hint: {hint}")?;
        }
        // Which line of the data it was, in the words of a COPY's context.
        if let Some(line) = self.context.as_deref().filter(|context| context.starts_with("COPY ")) {
            write!(f, "\n  context: {}", line.lines().next().unwrap_or_default())?;
        }
        if let Some(excerpt) = self.excerpt() {
            for line in excerpt.lines() {
                write!(f, "\n  | {line}")?;
            }
        }
        Ok(())
    }
}

impl core::error::Error for ServerError {}

impl Severity {
    /// The severity named so in the protocol's untranslated field (`V`).
    ///
    /// ```
    /// use trunkline_core::error::Severity;
    ///
    /// assert_eq!(Severity::from_name("NOTICE"), Some(Severity::Notice));
    /// assert_eq!(Severity::from_name("FEHLER"), None);
    /// ```
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "ERROR" => Self::Error,
            "FATAL" => Self::Fatal,
            "PANIC" => Self::Panic,
            "WARNING" => Self::Warning,
            "NOTICE" => Self::Notice,
            "DEBUG" => Self::Debug,
            "INFO" => Self::Info,
            "LOG" => Self::Log,
            _ => return None,
        })
    }

    /// The name in the protocol.
    ///
    /// ```
    /// assert_eq!(trunkline_core::error::Severity::Warning.as_str(), "WARNING");
    /// ```
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "ERROR",
            Self::Fatal => "FATAL",
            Self::Panic => "PANIC",
            Self::Warning => "WARNING",
            Self::Notice => "NOTICE",
            Self::Debug => "DEBUG",
            Self::Info => "INFO",
            Self::Log => "LOG",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    fn syntax_error(statement: &str, position: u32) -> ServerError {
        let code = SqlState::from_bytes(*b"42601").unwrap();
        let mut error = ServerError::new(Severity::Error, code, "syntax error");
        error.statement = Some(statement.into());
        error.position = Some(position);
        error
    }

    #[test]
    fn the_caret_stands_under_the_place() {
        assert_eq!(
            syntax_error("select * form t", 10).excerpt().as_deref(),
            Some("select * form t\n         ^")
        );
        assert_eq!(syntax_error("select 'é',\n  1 form", 17).excerpt().as_deref(), Some("  1 form\n    ^"));
    }

    #[test]
    fn a_position_past_the_end_is_harmless() {
        assert!(syntax_error("select", 1_000_000).excerpt().is_some());
        assert!(syntax_error("select", 0).excerpt().is_none());
    }

    #[test]
    fn it_reads_well() {
        assert_eq!(
            syntax_error("selec 1", 1).to_string(),
            "ERROR: syntax error (SQLSTATE 42601)\n  | selec 1\n  | ^"
        );
    }
}
