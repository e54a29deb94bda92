use core::iter::FusedIterator;

use super::literal;
use super::token::{Token, TokenKind};

/// Takes SQL text apart into [`Token`]s, by the rules of PostgreSQL's own scanner.
///
/// It never fails: what is not SQL comes as punctuation, and what does not end ends with the text. Backslashes are
/// ordinary in strings without `E`, as `standard_conforming_strings` has it since PostgreSQL 9.1 (and for good
/// since 19).
///
/// ```
/// use trunkline_core::sql::{Lexer, TokenKind};
///
/// let parameters = Lexer::new("select $1, '$2', $$ $3 $$ -- $4")
///     .filter(|token| matches!(token.kind, TokenKind::Parameter(_)))
///     .count();
/// assert_eq!(parameters, 1);
/// ```
#[derive(Debug, Clone)]
pub struct Lexer<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Lexer<'a> {
    /// From the beginning of the text.
    ///
    /// ```
    /// use trunkline_core::sql::Lexer;
    ///
    /// let words: Vec<&str> =
    ///     Lexer::new("delete from users").filter(|token| !token.is_blank()).map(|token| token.text).collect();
    /// assert_eq!(words, ["delete", "from", "users"]);
    /// ```
    pub const fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }
}

impl<'a> Iterator for Lexer<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        let rest = self.text.get(self.at..)?;
        let (kind, length) = scan(rest)?;
        let text = rest.get(..length).unwrap_or(rest);
        let token = Token { kind, text, start: self.at };
        self.at = token.end();
        Some(token)
    }
}

impl FusedIterator for Lexer<'_> {}

/// The first token's kind, and its length, which is never 0. `None` at the end of the text.
fn scan(rest: &str) -> Option<(TokenKind, usize)> {
    let bytes = rest.as_bytes();
    let scanned = match bytes {
        [] => return None,
        [byte, ..] if is_space(*byte) => (TokenKind::Whitespace, run(bytes, is_space)),
        [b'-', b'-', ..] => (TokenKind::LineComment, literal::line_comment(bytes)),
        [b'/', b'*', ..] => {
            let (closed, length) = literal::block_comment(bytes);
            (TokenKind::BlockComment { closed }, length)
        }
        [b'\'', ..] => string(bytes, 0, false),
        [b'e' | b'E', b'\'', ..] => string(bytes, 1, true),
        [b'b' | b'B' | b'x' | b'X' | b'n' | b'N', b'\'', ..] => string(bytes, 1, false),
        [b'u' | b'U', b'&', b'\'', ..] => string(bytes, 2, false),
        [b'"', ..] => quoted_identifier(bytes, 0),
        [b'u' | b'U', b'&', b'"', ..] => quoted_identifier(bytes, 2),
        [b'$', b'0'..=b'9', ..] => {
            let length = 1 + run(bytes.get(1..)?, |byte| byte.is_ascii_digit());
            let number = rest.get(1..length).and_then(|digits| digits.parse().ok());
            (TokenKind::Parameter(number), length)
        }
        [b'$', ..] => match literal::dollar_string(bytes) {
            Some((closed, length)) => (TokenKind::DollarString { closed }, length),
            None => (TokenKind::Punctuation('$'), 1),
        },
        [b'0'..=b'9', ..] | [b'.', b'0'..=b'9', ..] => (TokenKind::Number, literal::number(bytes)),
        [b':', b':' | b'=', ..] | [b'=', b'>', ..] => (TokenKind::Operator, operator(bytes).max(2)),
        [b'.', b'.', ..] => (TokenKind::Operator, 2),
        [byte, ..] if is_word_start(*byte) => (TokenKind::Word, run(bytes, is_word)),
        [byte, ..] if is_operator(*byte) => (TokenKind::Operator, operator(bytes)),
        _ => {
            let character = rest.chars().next()?;
            (TokenKind::Punctuation(character), character.len_utf8())
        }
    };
    Some(scanned)
}

fn string(bytes: &[u8], prefix: usize, escapes: bool) -> (TokenKind, usize) {
    let (closed, length) = literal::string(bytes, prefix, escapes);
    (TokenKind::String { closed }, length)
}

fn quoted_identifier(bytes: &[u8], prefix: usize) -> (TokenKind, usize) {
    let (closed, length) = literal::quoted(bytes, prefix, b'"', false);
    (TokenKind::QuotedIdentifier { closed }, length)
}

/// The longest operator that begins here: it ends before a comment, and `+` or `-` ends no operator that SQL's own
/// could be mistaken for.
fn operator(bytes: &[u8]) -> usize {
    let longest = run(bytes, is_operator);
    let comment = bytes
        .windows(2)
        .take(longest)
        .position(|pair| matches!(pair, b"--" | b"/*"))
        .unwrap_or(longest)
        .max(1);
    let text = bytes.get(..comment).unwrap_or(bytes);
    if text.iter().any(|byte| b"~!@#%^&|`?".contains(byte)) {
        return comment;
    }
    let trailing = text.iter().rev().take_while(|byte| matches!(byte, b'+' | b'-')).count();
    (comment - trailing).max(1)
}

/// How many bytes from the beginning are such.
pub(super) fn run(bytes: &[u8], such: impl Fn(u8) -> bool) -> usize {
    bytes.iter().position(|&byte| !such(byte)).unwrap_or(bytes.len())
}

pub(super) const fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c)
}

/// Every byte of a character beyond ASCII counts as a letter, as in PostgreSQL's scanner.
pub(super) const fn is_word_start(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80
}

pub(super) const fn is_word(byte: u8) -> bool {
    is_word_start(byte) || byte.is_ascii_digit() || byte == b'$'
}

fn is_operator(byte: u8) -> bool {
    b"+-*/<>=~!@#%^&|`?".contains(&byte)
}

#[cfg(test)]
mod tests;
