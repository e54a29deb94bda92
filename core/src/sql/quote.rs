use alloc::string::String;

use crate::wire::Unencodable;

/// The name as an identifier in double quotes, safe to be put into SQL text.
///
/// A quoted identifier keeps its case: `quote_identifier("Users")` is another table than `users`. PostgreSQL cuts
/// names off after 63 bytes.
///
/// ```
/// # use trunkline_core::sql::quote_identifier;
/// assert_eq!(quote_identifier("weird \"name\"")?, "\"weird \"\"name\"\"\"");
/// # Ok::<(), trunkline_core::wire::Unencodable>(())
/// ```
///
/// # Errors
///
/// The name contains a NUL, which would end the SQL text.
pub fn quote_identifier(name: &str) -> Result<String, Unencodable> {
    let mut quoted = String::with_capacity(name.len() + 2);
    quoted.push('"');
    push_doubled(&mut quoted, name, "an identifier", |character| character == '"')?;
    quoted.push('"');
    Ok(quoted)
}

/// The text as a string constant, safe to be put into SQL text; for places where a parameter cannot stand.
///
/// With a backslash in it the constant is written `E'…'`, so that it means the same whatever
/// `standard_conforming_strings` is. The encoding of the connection must be UTF-8, as this driver's is.
///
/// ```
/// # use trunkline_core::sql::quote_literal;
/// assert_eq!(quote_literal("it's")?, "'it''s'");
/// assert_eq!(quote_literal(r"a\b")?, r"E'a\\b'");
/// # Ok::<(), trunkline_core::wire::Unencodable>(())
/// ```
///
/// # Errors
///
/// The text contains a NUL, which PostgreSQL's text cannot have.
pub fn quote_literal(text: &str) -> Result<String, Unencodable> {
    let mut quoted = String::with_capacity(text.len() + 3);
    if text.as_bytes().contains(&b'\\') {
        quoted.push('E');
    }
    quoted.push('\'');
    push_doubled(&mut quoted, text, "a string constant", |character| matches!(character, '\'' | '\\'))?;
    quoted.push('\'');
    Ok(quoted)
}

fn push_doubled(
    into: &mut String,
    text: &str,
    what: &'static str,
    is_special: fn(char) -> bool,
) -> Result<(), Unencodable> {
    for character in text.chars() {
        if character == '\0' {
            return Err(Unencodable::ContainsNul(what));
        }
        if is_special(character) {
            into.push(character);
        }
        into.push(character);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::sql::{Lexer, TokenKind};

    #[test]
    fn a_nul_is_refused() {
        assert!(quote_identifier("a\0b").is_err());
        assert!(quote_literal("\0").is_err());
    }

    #[test]
    fn quotes_are_doubled() {
        assert_eq!(quote_identifier("a\"b").unwrap(), "\"a\"\"b\"");
        assert_eq!(quote_literal("").unwrap(), "''");
        assert_eq!(quote_literal(r"\'; drop table t; --").unwrap(), r"E'\\''; drop table t; --'");
    }

    proptest! {
        #[test]
        fn whatever_is_quoted_is_one_token(text in "[^\0]*", tail in "[ ,;)]") {
            let literal = alloc::format!("{}{tail}'", quote_literal(&text).unwrap());
            let token = Lexer::new(&literal).next().unwrap();
            prop_assert_eq!(token.kind, TokenKind::String { closed: true });
            prop_assert_eq!(token.end(), literal.len() - 2);

            let identifier = alloc::format!("{}{tail}", quote_identifier(&text).unwrap());
            let token = Lexer::new(&identifier).next().unwrap();
            prop_assert_eq!(token.kind, TokenKind::QuotedIdentifier { closed: true });
            prop_assert_eq!(token.end(), identifier.len() - 1);
        }
    }
}
