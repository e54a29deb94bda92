use alloc::string::String;
use core::fmt;

use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

/// A secret: never shown by `Debug`, wiped from memory when it is dropped.
///
/// ```
/// use trunkline_core::config::Password;
///
/// let password = Password::from("correct horse");
/// assert_eq!(format!("{password:?}"), "Password(…)");
/// ```
#[derive(Clone)]
pub struct Password(Zeroizing<String>);

impl Password {
    /// The secret in `text`, which is moved and not copied.
    ///
    /// ```
    /// use trunkline_core::config::Password;
    ///
    /// let typed = String::from("correct horse");
    /// let password = Password::new(typed);
    /// ```
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The secret itself. What is done with it is the caller's care from here on.
    ///
    /// ```
    /// let password = trunkline_core::config::Password::new("correct horse");
    /// assert_eq!(password.as_str(), "correct horse");
    /// ```
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The secret's bytes, in UTF-8.
    ///
    /// ```
    /// let password = trunkline_core::config::Password::new("ärger");
    /// assert_eq!(password.as_bytes().len(), 6);
    /// ```
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// Whether there is nothing in it. libpq takes an empty password as none at all, and so do we.
    ///
    /// ```
    /// assert!(trunkline_core::config::Password::new("").is_empty());
    /// ```
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<String> for Password {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl From<&str> for Password {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl PartialEq for Password {
    /// Takes as long for equal secrets as for different ones of the same length.
    fn eq(&self, other: &Self) -> bool {
        self.as_bytes().ct_eq(other.as_bytes()).into()
    }
}

impl Eq for Password {}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

#[cfg(test)]
mod tests {
    use alloc::format;

    use super::*;

    #[test]
    fn debug_does_not_show_it() {
        assert_eq!(format!("{:?}", Password::new("s3cret")), "Password(…)");
    }

    #[test]
    fn equal_is_equal() {
        assert_eq!(Password::new("a"), Password::from("a"));
        assert_ne!(Password::new("a"), Password::new("b"));
        assert_ne!(Password::new("a"), Password::new("ab"));
    }
}
