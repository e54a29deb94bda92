use alloc::boxed::Box;
use alloc::string::String;
use alloc::sync::Arc;
use core::fmt;

use super::BoxError;
use crate::wire::Unencodable;

/// What the caller asked for that cannot be. Nothing of it was sent, or it was undone; but for
/// [`Shape`](UsageError::Shape), which is about the result of a statement that has run.
///
/// ```
/// use trunkline_core::error::UsageError;
///
/// let error = UsageError::ParameterCount { expected: 2, given: 1 };
/// assert_eq!(error.to_string(), "the statement takes 2 parameters, 1 was given");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum UsageError {
    /// A string or count that the protocol cannot carry.
    Unencodable(Unencodable),
    /// A statement takes another number of parameters than were given.
    ParameterCount {
        /// How many the statement takes.
        expected: usize,
        /// How many were given.
        given: usize,
    },
    /// A parameter does not fit its PostgreSQL type.
    Parameter {
        /// Its number, from 1, as in `$1`.
        number: usize,
        /// Its name, where parameters are given by name.
        name: Option<Box<str>>,
        /// The PostgreSQL type that the statement wants.
        postgres_type: Box<str>,
        /// The type of the value that was given.
        host_type: Box<str>,
        /// What does not fit; empty when the types alone say it.
        problem: Box<str>,
    },
    /// A row to be copied has another number of values than there are columns.
    RowLength {
        /// The row's number, from 1.
        row: u64,
        /// How many columns there are.
        expected: usize,
        /// How many values were given.
        given: usize,
    },
    /// A value of a row to be copied does not fit its column.
    RowValue {
        /// The row's number, from 1.
        row: u64,
        /// The column's name.
        column: Box<str>,
        /// The column's PostgreSQL type.
        postgres_type: Box<str>,
        /// The type of the value that was given.
        host_type: Box<str>,
        /// What does not fit; empty when the types alone say it.
        problem: Box<str>,
    },
    /// What is wrong with the parameters of one run of a statement that is run many times.
    Run {
        /// Which run, from 0.
        run: usize,
        /// What is wrong.
        error: Arc<UsageError>,
    },
    /// Parameters given by name that are not those of the SQL, in words.
    Named(Box<str>),
    /// A call that the state of the connection does not allow, in words.
    Call(Box<str>),
    /// A result has not the shape that was asked for, such as one row where there are none. The statement has run.
    Shape(Box<str>),
    /// A configuration that cannot be, in words.
    Config(Box<str>),
}

impl UsageError {
    /// Parameters given by name that are not those of the SQL.
    ///
    /// ```
    /// use trunkline_core::error::UsageError;
    ///
    /// let error = UsageError::named("there is no parameter :nmae");
    /// assert_eq!(error.to_string(), "there is no parameter :nmae; nothing was sent");
    /// ```
    #[cold]
    #[inline(never)]
    pub fn named(why: impl Into<Box<str>>) -> Self {
        Self::Named(why.into())
    }

    /// A call that cannot be made now.
    ///
    /// ```
    /// use trunkline_core::error::UsageError;
    ///
    /// let error = UsageError::call("a transport can be used once");
    /// assert_eq!(error.to_string(), "a transport can be used once");
    /// ```
    #[cold]
    #[inline(never)]
    pub fn call(why: impl Into<Box<str>>) -> Self {
        Self::Call(why.into())
    }

    /// A result that is not of the shape asked for.
    ///
    /// ```
    /// use trunkline_core::error::UsageError;
    ///
    /// let error = UsageError::shape("an order has at least one line");
    /// assert_eq!(error, UsageError::Shape("an order has at least one line".into()));
    /// ```
    #[cold]
    #[inline(never)]
    pub fn shape(why: impl Into<Box<str>>) -> Self {
        Self::Shape(why.into())
    }
}

impl fmt::Display for UsageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.describe(f)?;
        match self {
            Self::Parameter { .. } | Self::Named(_) => f.write_str("; nothing was sent"),
            Self::Run { .. } => f.write_str("; all were undone"),
            _ => Ok(()),
        }
    }
}

impl UsageError {
    /// What is wrong, and nothing of what became of it.
    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unencodable(error) => fmt::Display::fmt(error, f),
            Self::ParameterCount { expected, given } => {
                let plural = if *expected == 1 { "" } else { "s" };
                let were = if *given == 1 { "was" } else { "were" };
                write!(f, "the statement takes {expected} parameter{plural}, {given} {were} given")
            }
            Self::Parameter { number, name, postgres_type, host_type, problem } => {
                let host_type = Bare(host_type);
                match name {
                    Some(name) => write!(f, "parameter :{name}")?,
                    None => write!(f, "parameter ${number}")?,
                }
                write!(f, ": {host_type} cannot be sent as PostgreSQL's {postgres_type}")?;
                if !problem.is_empty() {
                    write!(f, ": {problem}")?;
                }
                Ok(())
            }
            Self::RowLength { row, expected, given } => {
                let plural = if *given == 1 { "" } else { "s" };
                let columns = if *expected == 1 { "column is" } else { "columns are" };
                write!(
                    f,
                    "row {row} has {given} value{plural} where {expected} {columns} copied: give one for each, or name \
                     the columns that there are values for"
                )
            }
            Self::RowValue { row, column, postgres_type, host_type, problem } => {
                let host_type = Bare(host_type);
                write!(
                    f,
                    "row {row}, column \"{column}\": {host_type} cannot be sent as PostgreSQL's {postgres_type}"
                )?;
                if !problem.is_empty() {
                    write!(f, ": {problem}")?;
                }
                Ok(())
            }
            Self::Run { run, error } => {
                write!(f, "run {} of many: ", run.saturating_add(1))?;
                error.describe(f)
            }
            Self::Named(why) | Self::Call(why) | Self::Shape(why) | Self::Config(why) => f.write_str(why),
        }
    }
}

impl core::error::Error for UsageError {}

impl From<Unencodable> for UsageError {
    fn from(error: Unencodable) -> Self {
        Self::Unencodable(error)
    }
}

/// A value of a result that cannot be given as what it was asked for.
///
/// ```
/// use trunkline_core::Error;
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
/// match row.get::<bool>("name") {
///     Err(Error::Conversion(error)) => assert_eq!(&*error.postgres_type, "text"),
///     other => panic!("{other:?}"),
/// }
/// # Ok::<(), trunkline_core::Error>(())
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct ConversionError {
    /// The column's name, or its position from 0 when it was asked for by position.
    pub column: String,
    /// The column's PostgreSQL type.
    pub postgres_type: Box<str>,
    /// The type it was asked for as.
    pub host_type: &'static str,
    /// What does not fit.
    pub problem: BoxError,
}

impl fmt::Display for ConversionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { column, postgres_type, problem, .. } = self;
        let host_type = Bare(self.host_type);
        write!(f, "column {column} (PostgreSQL's {postgres_type}) cannot be read as {host_type}: {problem}")
    }
}

impl core::error::Error for ConversionError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        Some(&*self.problem)
    }
}

/// A Rust type's name as it is written in code: `Option<String>`, without the paths.
struct Bare<'a>(&'a str);

impl fmt::Display for Bare<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut start = 0;
        for (at, byte) in self.0.bytes().enumerate() {
            let ends_word = byte.is_ascii() && !byte.is_ascii_alphanumeric() && byte != b'_';
            if ends_word {
                if byte != b':' {
                    f.write_str(self.0.get(start..=at).unwrap_or_default())?;
                }
                start = at + 1;
            }
        }
        f.write_str(self.0.get(start..).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use std::string::ToString;

    use super::*;

    #[test]
    fn types_are_named_as_they_are_written() {
        for (full, bare) in [
            ("i32", "i32"),
            ("&str", "&str"),
            ("core::option::Option<alloc::vec::Vec<&[u8]>>", "Option<Vec<&[u8]>>"),
            ("(alloc::string::String, app::Id)", "(String, Id)"),
            ("", ""),
        ] {
            assert_eq!(Bare(full).to_string(), bare);
        }
    }
}
