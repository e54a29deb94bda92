use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

/// The options of a COPY, by PostgreSQL's names. Those that are not set are left to the server.
///
/// Which ones a server knows depends on its version; which ones go together, and in which direction, it says itself.
///
/// ```
/// use trunkline_core::copy::{CopyHeader, CopyOptions, OnError};
///
/// let options = CopyOptions::csv().header(CopyHeader::Match).null("NULL").on_error(OnError::Ignore);
/// assert_ne!(options, CopyOptions::csv());
/// ```
///
/// See ["COPY"] in PostgreSQL's SQL commands.
///
/// ["COPY"]: https://www.postgresql.org/docs/18/sql-copy.html
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CopyOptions {
    pub(super) format: CopyFormat,
    pub(super) freeze: Option<bool>,
    pub(super) delimiter: Option<char>,
    pub(super) null: Option<String>,
    pub(super) default: Option<String>,
    pub(super) header: Option<CopyHeader>,
    pub(super) quote: Option<char>,
    pub(super) escape: Option<char>,
    pub(super) force_quote: Option<ForceColumns>,
    pub(super) force_not_null: Option<ForceColumns>,
    pub(super) force_null: Option<ForceColumns>,
    pub(super) encoding: Option<String>,
    pub(super) on_error: Option<OnError>,
    pub(super) reject_limit: Option<u64>,
    pub(super) log_verbosity: Option<LogVerbosity>,
    pub(super) condition: Option<String>,
    pub(super) timeout: Option<Duration>,
}

/// How the rows are written.
///
/// ```
/// use trunkline_core::copy::{CopyFormat, CopyOptions};
///
/// assert_eq!(CopyOptions::default().format(), CopyFormat::Text);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum CopyFormat {
    /// Fields between tabs, rows on lines, `\N` for NULL.
    #[default]
    Text,
    /// Comma-separated values; an empty field without quotes is NULL.
    Csv,
    /// PostgreSQL's own binary format.
    Binary,
}

/// The line with the columns' names, before the rows.
///
/// ```
/// use trunkline_core::copy::{CopyHeader, CopyOptions};
///
/// let import = CopyOptions::csv().header(CopyHeader::Match);
/// // true and false are On and Off.
/// assert_eq!(CopyOptions::csv().header(true), CopyOptions::csv().header(CopyHeader::On));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CopyHeader {
    /// There is none.
    Off,
    /// It is written, and skipped when read.
    On,
    /// It is read, and must name the columns in their order. PostgreSQL 15.
    Match,
}

/// The columns that a `FORCE_…` option is for.
///
/// ```
/// use trunkline_core::copy::{CopyOptions, ForceColumns};
///
/// let all = CopyOptions::csv().force_quote(ForceColumns::All);
/// let some = CopyOptions::csv().force_quote(["name", "email"]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ForceColumns {
    /// All of them: `*`. For `FORCE_NULL` and `FORCE_NOT_NULL`, PostgreSQL 17.
    All,
    /// These.
    Named(Vec<String>),
}

/// What happens to a row with a value that cannot be read. PostgreSQL 17.
///
/// ```
/// use trunkline_core::copy::{CopyOptions, OnError};
///
/// let import = CopyOptions::csv().on_error(OnError::Ignore).reject_limit(10);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OnError {
    /// The COPY fails.
    Stop,
    /// The row is left out.
    Ignore,
}

/// What the server tells of rows that it leaves out. PostgreSQL 17.
///
/// ```
/// use trunkline_core::copy::{CopyOptions, LogVerbosity, OnError};
///
/// let import = CopyOptions::csv().on_error(OnError::Ignore).log_verbosity(LogVerbosity::Verbose);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LogVerbosity {
    /// Nothing. PostgreSQL 18.
    Silent,
    /// One notice with their number.
    Default,
    /// A notice for each.
    Verbose,
}

impl CopyOptions {
    /// Text format.
    ///
    /// ```
    /// # use trunkline_core::copy::{CopyOptions, copy_in_sql};
    /// let options = CopyOptions::text();
    /// assert!(copy_in_sql(&"users".into(), &options)?.ends_with("(FORMAT text)"));
    /// # Ok::<(), trunkline_core::Error>(())
    /// ```
    pub fn text() -> Self {
        Self::default()
    }

    /// CSV.
    ///
    /// ```
    /// # use trunkline_core::copy::{CopyOptions, copy_in_sql};
    /// let options = CopyOptions::csv();
    /// assert!(copy_in_sql(&"users".into(), &options)?.ends_with("(FORMAT csv)"));
    /// # Ok::<(), trunkline_core::Error>(())
    /// ```
    pub fn csv() -> Self {
        Self { format: CopyFormat::Csv, ..Self::default() }
    }

    /// Binary format.
    ///
    /// ```
    /// # use trunkline_core::copy::{CopyOptions, copy_in_sql};
    /// let options = CopyOptions::binary();
    /// assert!(copy_in_sql(&"users".into(), &options)?.ends_with("(FORMAT binary)"));
    /// # Ok::<(), trunkline_core::Error>(())
    /// ```
    pub fn binary() -> Self {
        Self { format: CopyFormat::Binary, ..Self::default() }
    }

    /// The format.
    ///
    /// ```
    /// use trunkline_core::copy::{CopyFormat, CopyOptions};
    ///
    /// assert_eq!(CopyOptions::csv().format(), CopyFormat::Csv);
    /// ```
    pub fn format(&self) -> CopyFormat {
        self.format
    }

    /// `FREEZE`: rows come frozen, as after VACUUM, into a table that was created or truncated in the same
    /// transaction. Others can see them too early: see the server's documentation.
    ///
    /// ```
    /// # use trunkline_core::copy::{CopyOptions, copy_in_sql};
    /// let options = CopyOptions::text().freeze(true);
    /// assert!(copy_in_sql(&"users".into(), &options)?.ends_with("(FORMAT text, FREEZE true)"));
    /// # Ok::<(), trunkline_core::Error>(())
    /// ```
    #[must_use]
    pub fn freeze(mut self, freeze: bool) -> Self {
        self.freeze = Some(freeze);
        self
    }

    /// `DELIMITER`: what stands between fields, of one byte; a tab in text, a comma in CSV.
    ///
    /// ```
    /// # use trunkline_core::copy::{CopyOptions, copy_in_sql};
    /// let options = CopyOptions::csv().delimiter(';');
    /// assert!(copy_in_sql(&"users".into(), &options)?.ends_with("(FORMAT csv, DELIMITER ';')"));
    /// # Ok::<(), trunkline_core::Error>(())
    /// ```
    #[must_use]
    pub fn delimiter(mut self, delimiter: char) -> Self {
        self.delimiter = Some(delimiter);
        self
    }

    /// `NULL`: what stands for NULL; `\N` in text, nothing in CSV.
    ///
    /// ```
    /// # use trunkline_core::copy::{CopyOptions, copy_in_sql};
    /// let options = CopyOptions::csv().null("NULL");
    /// assert!(copy_in_sql(&"users".into(), &options)?.ends_with("(FORMAT csv, NULL 'NULL')"));
    /// # Ok::<(), trunkline_core::Error>(())
    /// ```
    #[must_use]
    pub fn null(mut self, null: impl Into<String>) -> Self {
        self.null = Some(null.into());
        self
    }

    /// `DEFAULT`: what stands for the column's default in incoming data. PostgreSQL 16.
    ///
    /// ```
    /// # use trunkline_core::copy::{CopyOptions, copy_in_sql};
    /// let options = CopyOptions::csv().default_marker("-");
    /// assert!(copy_in_sql(&"users".into(), &options)?.ends_with("(FORMAT csv, DEFAULT '-')"));
    /// # Ok::<(), trunkline_core::Error>(())
    /// ```
    #[must_use]
    pub fn default_marker(mut self, default: impl Into<String>) -> Self {
        self.default = Some(default.into());
        self
    }

    /// `HEADER`: whether a line with the columns' names comes first; in text format, PostgreSQL 15.
    ///
    /// ```
    /// # use trunkline_core::copy::{CopyOptions, copy_in_sql};
    /// let options = CopyOptions::csv().header(true);
    /// assert!(copy_in_sql(&"users".into(), &options)?.ends_with("(FORMAT csv, HEADER true)"));
    /// # Ok::<(), trunkline_core::Error>(())
    /// ```
    #[must_use]
    pub fn header(mut self, header: impl Into<CopyHeader>) -> Self {
        self.header = Some(header.into());
        self
    }

    /// `QUOTE`: what CSV fields are quoted with, of one byte; `"`.
    ///
    /// ```
    /// # use trunkline_core::copy::{CopyOptions, copy_in_sql};
    /// let options = CopyOptions::csv().quote('|');
    /// assert!(copy_in_sql(&"users".into(), &options)?.ends_with("(FORMAT csv, QUOTE '|')"));
    /// # Ok::<(), trunkline_core::Error>(())
    /// ```
    #[must_use]
    pub fn quote(mut self, quote: char) -> Self {
        self.quote = Some(quote);
        self
    }

    /// `ESCAPE`: what stands before a quote within quotes, of one byte; the quote itself.
    ///
    /// ```
    /// # use trunkline_core::copy::{CopyOptions, copy_in_sql};
    /// let options = CopyOptions::csv().escape('^');
    /// assert!(copy_in_sql(&"users".into(), &options)?.ends_with("(FORMAT csv, ESCAPE '^')"));
    /// # Ok::<(), trunkline_core::Error>(())
    /// ```
    #[must_use]
    pub fn escape(mut self, escape: char) -> Self {
        self.escape = Some(escape);
        self
    }

    /// `FORCE_QUOTE`: outgoing columns that are always quoted, but for NULLs.
    ///
    /// ```
    /// # use trunkline_core::copy::{CopyOptions, copy_in_sql};
    /// let options = CopyOptions::csv().force_quote(["name"]);
    /// assert!(copy_in_sql(&"users".into(), &options)?.ends_with(r#"(FORMAT csv, FORCE_QUOTE ("name"))"#));
    /// # Ok::<(), trunkline_core::Error>(())
    /// ```
    #[must_use]
    pub fn force_quote(mut self, columns: impl Into<ForceColumns>) -> Self {
        self.force_quote = Some(columns.into());
        self
    }

    /// `FORCE_NOT_NULL`: incoming columns in which nothing is NULL.
    ///
    /// ```
    /// # use trunkline_core::copy::{CopyOptions, copy_in_sql};
    /// let options = CopyOptions::csv().force_not_null(["note"]);
    /// assert!(copy_in_sql(&"users".into(), &options)?.ends_with(r#"(FORMAT csv, FORCE_NOT_NULL ("note"))"#));
    /// # Ok::<(), trunkline_core::Error>(())
    /// ```
    #[must_use]
    pub fn force_not_null(mut self, columns: impl Into<ForceColumns>) -> Self {
        self.force_not_null = Some(columns.into());
        self
    }

    /// `FORCE_NULL`: incoming columns in which what stands for NULL does so in quotes too.
    ///
    /// ```
    /// # use trunkline_core::copy::{CopyOptions, copy_in_sql};
    /// let options = CopyOptions::csv().force_null(["email", "phone"]);
    /// assert!(copy_in_sql(&"users".into(), &options)?.ends_with(r#"(FORMAT csv, FORCE_NULL ("email", "phone"))"#));
    /// # Ok::<(), trunkline_core::Error>(())
    /// ```
    #[must_use]
    pub fn force_null(mut self, columns: impl Into<ForceColumns>) -> Self {
        self.force_null = Some(columns.into());
        self
    }

    /// `ENCODING`: that of the data, where it is not the connection's, which is UTF-8.
    ///
    /// ```
    /// # use trunkline_core::copy::{CopyOptions, copy_in_sql};
    /// let options = CopyOptions::csv().encoding("LATIN1");
    /// assert!(copy_in_sql(&"users".into(), &options)?.ends_with("(FORMAT csv, ENCODING 'LATIN1')"));
    /// # Ok::<(), trunkline_core::Error>(())
    /// ```
    #[must_use]
    pub fn encoding(mut self, encoding: impl Into<String>) -> Self {
        self.encoding = Some(encoding.into());
        self
    }

    /// `ON_ERROR`: what happens to a row with a value that cannot be read. PostgreSQL 17.
    ///
    /// ```
    /// # use trunkline_core::copy::{CopyOptions, copy_in_sql};
    /// let options = CopyOptions::csv().on_error(trunkline_core::copy::OnError::Ignore);
    /// assert!(copy_in_sql(&"users".into(), &options)?.ends_with("(FORMAT csv, ON_ERROR ignore)"));
    /// # Ok::<(), trunkline_core::Error>(())
    /// ```
    #[must_use]
    pub fn on_error(mut self, on_error: OnError) -> Self {
        self.on_error = Some(on_error);
        self
    }

    /// `REJECT_LIMIT`: how many rows may be left out. PostgreSQL 18.
    ///
    /// ```
    /// # use trunkline_core::copy::{CopyOptions, copy_in_sql};
    /// let options = CopyOptions::csv().reject_limit(100);
    /// assert!(copy_in_sql(&"users".into(), &options)?.ends_with("(FORMAT csv, REJECT_LIMIT 100)"));
    /// # Ok::<(), trunkline_core::Error>(())
    /// ```
    #[must_use]
    pub fn reject_limit(mut self, rows: u64) -> Self {
        self.reject_limit = Some(rows);
        self
    }

    /// `LOG_VERBOSITY`: what the server tells of rows that it leaves out. PostgreSQL 17.
    ///
    /// ```
    /// # use trunkline_core::copy::{CopyOptions, copy_in_sql};
    /// let options = CopyOptions::csv().log_verbosity(trunkline_core::copy::LogVerbosity::Silent);
    /// assert!(copy_in_sql(&"users".into(), &options)?.ends_with("(FORMAT csv, LOG_VERBOSITY silent)"));
    /// # Ok::<(), trunkline_core::Error>(())
    /// ```
    #[must_use]
    pub fn log_verbosity(mut self, verbosity: LogVerbosity) -> Self {
        self.log_verbosity = Some(verbosity);
        self
    }

    /// `WHERE`: which of the incoming rows are kept. The condition is SQL, and stands in the command as it is: never
    /// make it from text of a stranger.
    ///
    /// ```
    /// use trunkline_core::copy::{CopyOptions, Table, copy_in_sql};
    ///
    /// let paid = CopyOptions::csv().filter("total > 0");
    /// assert!(copy_in_sql(&Table::new("orders"), &paid)?.ends_with(" WHERE total > 0"));
    /// # Ok::<(), trunkline_core::Error>(())
    /// ```
    #[must_use]
    pub fn filter(mut self, condition: impl Into<String>) -> Self {
        self.condition = Some(condition.into());
        self
    }

    /// How long the whole COPY may take, its caller's part included; else it is the connection's `command_timeout`.
    ///
    /// ```
    /// use std::time::Duration;
    /// use trunkline_core::copy::CopyOptions;
    ///
    /// let nightly = CopyOptions::csv().timeout(Duration::from_secs(3600));
    /// assert_eq!(nightly.given_timeout(), Some(Duration::from_secs(3600)));
    /// ```
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// How long the whole COPY may take, where that was said.
    ///
    /// ```
    /// use trunkline_core::copy::CopyOptions;
    ///
    /// assert_eq!(CopyOptions::text().given_timeout(), None);
    /// ```
    pub fn given_timeout(&self) -> Option<Duration> {
        self.timeout
    }

    /// The same options in another format.
    ///
    /// ```
    /// use trunkline_core::copy::{CopyFormat, CopyOptions};
    ///
    /// let options = CopyOptions::default().freeze(true).in_format(CopyFormat::Binary);
    /// assert_eq!(options, CopyOptions::binary().freeze(true));
    /// ```
    #[must_use]
    pub fn in_format(mut self, format: CopyFormat) -> Self {
        self.format = format;
        self
    }
}

impl From<bool> for CopyHeader {
    fn from(header: bool) -> Self {
        if header { Self::On } else { Self::Off }
    }
}

impl<S: Into<String>, const N: usize> From<[S; N]> for ForceColumns {
    fn from(columns: [S; N]) -> Self {
        Self::Named(columns.into_iter().map(Into::into).collect())
    }
}

impl<S: Into<String>> From<Vec<S>> for ForceColumns {
    fn from(columns: Vec<S>) -> Self {
        Self::Named(columns.into_iter().map(Into::into).collect())
    }
}
