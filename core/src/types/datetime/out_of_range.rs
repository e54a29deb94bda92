use alloc::boxed::Box;
use alloc::string::ToString;
use core::fmt;

/// A date, time or interval is not one of the type that it should become.
///
/// ```
/// use trunkline_core::types::Date;
///
/// let error = Date::from_ymd(2023, 2, 29).unwrap_err();
/// assert_eq!(error.to_string(), "2023-2-29 is not a date between 4714-11-24 BC and 5874897-12-31");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutOfRange {
    value: Box<str>,
    expected: &'static str,
}

impl OutOfRange {
    #[cold]
    pub(super) fn new(value: impl fmt::Display, expected: &'static str) -> Self {
        Self { value: value.to_string().into(), expected }
    }
}

impl fmt::Display for OutOfRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.value)?;
        f.write_str(" is not ")?;
        f.write_str(self.expected)
    }
}

impl core::error::Error for OutOfRange {}
