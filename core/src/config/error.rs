use alloc::boxed::Box;
use alloc::format;
use core::fmt;

use crate::error::{Error, UsageError};

/// What is wrong with a configuration, where, and what to do about it.
///
/// It never holds a password, nor the connection string: only names of options, positions, and values of
/// options that have a few known words.
///
/// ```
/// use trunkline_core::config::Config;
///
/// let error = Config::parse("host=db sslmode=paranoid").unwrap_err();
/// assert_eq!(error.option_name(), Some("sslmode"));
/// println!("{error}"); // connection option sslmode: …
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    place: Place,
    problem: Box<str>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Place {
    Whole,
    Option(Box<str>),
    Position(usize),
    Line(usize),
}

impl ConfigError {
    /// Something about the settings as a whole.
    #[cold]
    #[inline(never)]
    pub(super) fn whole(problem: impl Into<Box<str>>) -> Self {
        Self { place: Place::Whole, problem: problem.into() }
    }

    /// Something about one option.
    ///
    /// ```
    /// use trunkline_core::config::ConfigError;
    ///
    /// let error = ConfigError::option("user", "robots have no access");
    /// assert_eq!(error.to_string(), "connection option user: robots have no access");
    /// ```
    #[cold]
    #[inline(never)]
    pub fn option(name: &str, problem: impl Into<Box<str>>) -> Self {
        Self { place: Place::Option(name.into()), problem: problem.into() }
    }

    /// Something at a byte offset of the connection string.
    #[cold]
    #[inline(never)]
    pub(super) fn at(text: &str, offset: usize, problem: impl Into<Box<str>>) -> Self {
        let before = text.char_indices().take_while(|&(at, _)| at < offset).count();
        Self { place: Place::Position(before + 1), problem: problem.into() }
    }

    /// Something on a line (from 1) of a service file.
    #[cold]
    #[inline(never)]
    pub(super) fn line(line: usize, problem: impl Into<Box<str>>) -> Self {
        Self { place: Place::Line(line), problem: problem.into() }
    }

    /// The option that it is about.
    ///
    /// ```
    /// use trunkline_core::config::Config;
    ///
    /// let error = Config::parse("host=db port=70000").unwrap_err();
    /// assert_eq!(error.option_name(), Some("port"));
    /// ```
    pub fn option_name(&self) -> Option<&str> {
        match &self.place {
            Place::Option(name) => Some(name),
            _ => None,
        }
    }

    /// Where in the connection string it is, in characters from 1.
    ///
    /// ```
    /// use trunkline_core::config::Config;
    ///
    /// // A percent sign stands for itself as %25.
    /// let error = Config::parse("postgres://ada:100%@db").unwrap_err();
    /// assert!(error.position().is_some());
    /// ```
    pub fn position(&self) -> Option<usize> {
        match self.place {
            Place::Position(position) => Some(position),
            _ => None,
        }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let problem = &self.problem;
        match &self.place {
            Place::Whole => f.write_str(problem),
            Place::Option(name) => write!(f, "connection option {name}: {problem}"),
            Place::Position(position) => write!(f, "connection string, at character {position}: {problem}"),
            Place::Line(line) => write!(f, "service file, line {line}: {problem}"),
        }
    }
}

impl core::error::Error for ConfigError {}

impl From<ConfigError> for Error {
    fn from(error: ConfigError) -> Self {
        Self::usage(UsageError::Config(format!("{error}").into()))
    }
}
