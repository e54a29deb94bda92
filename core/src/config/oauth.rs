use super::Password;

/// What to do when the server asks for an OAuth bearer token: `oauth` in pg_hba.conf, PostgreSQL 18 and later.
///
/// A token is good for whoever has it: `sslmode=verify-full` keeps it from a server that only seems to be the right
/// one.
///
/// ```
/// use trunkline_core::config::{Config, OAuth};
///
/// let config = Config::new().host("db").user("ada").oauth(OAuth::Token("ya29.a0Af".into()));
/// assert!(!format!("{config:?}").contains("ya29"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum OAuth {
    /// Nothing: it is an error.
    #[default]
    None,
    /// Ask by an empty token where tokens come from. The server tells, and ends the session; whoever has got a token
    /// from there then connects again.
    Discover,
    /// Give it this one.
    Token(Password),
}
