use alloc::borrow::Cow;
use alloc::string::String;

use super::{Lexer, Token, TokenKind};

/// The SQL without what its string constants hold, for logs: `ALTER ROLE ada PASSWORD '…'`. Numbers stay.
///
/// ```
/// use trunkline_core::sql::redact;
///
/// assert_eq!(redact("alter role ada password 'secret' valid until $$soon$$"), "alter role ada password '…' valid until '…'");
/// ```
pub fn redact(sql: &str) -> Cow<'_, str> {
    if !sql.bytes().any(|byte| matches!(byte, b'\'' | b'$')) {
        return Cow::Borrowed(sql);
    }
    let mut redacted = String::with_capacity(sql.len());
    for token in Lexer::new(sql) {
        match token.kind {
            TokenKind::String { .. } | TokenKind::DollarString { .. } => redacted.push_str("'…'"),
            _ => redacted.push_str(token.text),
        }
    }
    Cow::Owned(redacted)
}

/// Whether there may be a password among its constants: it speaks of one, and has strings.
pub(crate) fn holds_password(sql: &str) -> bool {
    let is_password =
        |token: &Token<'_>| token.kind == TokenKind::Word && token.text.eq_ignore_ascii_case("password");
    let is_string =
        |token: &Token<'_>| matches!(token.kind, TokenKind::String { .. } | TokenKind::DollarString { .. });
    Lexer::new(sql).any(|token| is_password(&token)) && Lexer::new(sql).any(|token| is_string(&token))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_string_is_shown_however_it_is_written() {
        for sql in
            ["x 'secret'", "x E'\\'secret'", "x $q$secret$q$", "x U&'secret'", "x 'a'\n'secret'", "x 'secret"]
        {
            assert_eq!(redact(sql), "x '…'");
        }
        assert_eq!(redact("select $1, 5 from \"a\""), "select $1, 5 from \"a\"");
        assert!(
            holds_password("alter role a passWORD $$x$$") && !holds_password("select password from users")
        );
        assert!(!holds_password("select 'password'") && !holds_password("select \"password\" || 'x'"));
        // A comment shows nothing that the statement does not.
        assert_eq!(redact("select 1 -- 'x'"), "select 1 -- 'x'");
    }
}
