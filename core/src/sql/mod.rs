//! SQL as text: its lexical structure, and quoting. Nothing here parses statements.
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
pub use redact::redact;
pub use split::split_script;
pub use token::{Token, TokenKind};
