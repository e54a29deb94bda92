use super::{Lexer, TokenKind};

/// The first keyword of the first statement, past white space, comments, semicolons and parentheses; as it is
/// written. `None` when there is none.
///
/// ```
/// use trunkline_core::sql::first_keyword;
///
/// assert_eq!(first_keyword("/* nightly */ (Select 1)"), Some("Select"));
/// assert_eq!(first_keyword("-- nothing"), None);
/// ```
pub fn first_keyword(sql: &str) -> Option<&str> {
    let first = Lexer::new(sql)
        .find(|token| !token.is_blank() && !matches!(token.kind, TokenKind::Punctuation(';' | '(')))?;
    (first.kind == TokenKind::Word && first.text.is_ascii()).then_some(first.text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_keyword_is_found_behind_anything() {
        for (sql, keyword) in [
            ("select 1", Some("select")),
            ("  \n\tCOPY t from stdin", Some("COPY")),
            ("-- note\nbegin", Some("begin")),
            ("-- note\r\nbegin", Some("begin")),
            ("/* a /* nested */ b */ commit;", Some("commit")),
            (";; end", Some("end")),
            ("(select 1)", Some("select")),
            ("BEGIN;", Some("BEGIN")),
            ("select$1", Some("select$1")),
            ("-- only a comment", None),
            ("/* open", None),
            ("/*", None),
            ("", None),
            ("'text'", None),
            ("\"begin\"", None),
            ("é", None),
        ] {
            assert_eq!(first_keyword(sql), keyword, "{sql:?}");
        }
    }
}
