//! SQL as text: its lexical structure, and quoting. Nothing here parses statements.
//!
//! ```
//! use trunkline_core::sql::{quote_identifier, redact, split_script};
//!
//! let index = format!("create index on {} (id)", quote_identifier("Users")?);
//! assert_eq!(index, "create index on \"Users\" (id)");
//! assert_eq!(split_script("create table a (); select ';'").count(), 2);
//! assert_eq!(redact("alter role ada password 'horse'"), "alter role ada password '…'");
//! # Ok::<(), trunkline_core::wire::Unencodable>(())
//! ```
//!
//! See ["Lexical Structure"] in PostgreSQL's "SQL Syntax" chapter.
//!
//! ["Lexical Structure"]: https://www.postgresql.org/docs/18/sql-syntax-lexical.html

mod keyword;
mod lexer;
mod literal;
mod named;
mod quote;
mod redact;
mod split;
mod token;

pub use keyword::first_keyword;
pub use lexer::Lexer;
pub use named::NamedSql;
pub use quote::{quote_identifier, quote_literal};
pub(crate) use redact::holds_password;
pub use redact::redact;
pub use split::split_script;
pub use token::{Token, TokenKind};
