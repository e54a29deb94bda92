//! Text: `'cat':3,7A 'fat'`.

use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

use super::ts_vector::LAST_POSITION;
use super::{Lexeme, Position, TsVector, Weight, word};
use crate::types::codec::ParseError;
use crate::types::scan::decimal;
use crate::types::space::{is_space, skip_spaces};

const NOT: ParseError =
    ParseError::not("a tsvector: words, each with its positions after a colon or without");

impl FromStr for TsVector {
    type Err = ParseError;

    /// Reads what the server does: words in quotes or without them, in any order and more than once, with
    /// positions or without, `cat:3,7A`; weights in either case. Only ASCII's spaces part words.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let mut lexemes = Vec::new();
        let mut rest = skip_spaces(text.as_bytes());
        while !rest.is_empty() {
            let word = word::take(&mut rest, b"").ok_or(NOT)?;
            let positions = match rest.strip_prefix(b":") {
                Some(after) => {
                    rest = after;
                    positions(&mut rest).ok_or(NOT)?
                }
                None => Vec::new(),
            };
            lexemes.push(Lexeme::unsorted(word, positions));
            rest = skip_spaces(rest);
        }
        Ok(lexemes.into_iter().collect())
    }
}

/// The list that a space or the end ends.
fn positions(rest: &mut &[u8]) -> Option<Vec<Position>> {
    let mut positions = Vec::new();
    loop {
        positions.push(position(rest)?);
        match **rest {
            [b',', ref after @ ..] => *rest = after,
            [byte, ..] if !is_space(byte) => return None,
            _ => return Some(positions),
        }
    }
}

/// A number from 1, which is the last one when it is beyond that, and at most one weight, which digits may follow
/// to no effect.
fn position(rest: &mut &[u8]) -> Option<Position> {
    let at = number(rest)?.min(LAST_POSITION);
    let mut weight = Weight::D;
    loop {
        match **rest {
            [byte, ref after @ ..] if byte.is_ascii_digit() => *rest = after,
            [letter, ref after @ ..] if letter == b'*' || Weight::of_letter(letter).is_some() => {
                if weight != Weight::D {
                    return None;
                }
                weight = Weight::of_letter(letter).unwrap_or(Weight::A);
                *rest = after;
            }
            _ => return Position::new(at, weight),
        }
    }
}

/// The digits at the start of `rest`; what is larger than an Int16 is its largest.
pub(super) fn number(rest: &mut &[u8]) -> Option<u16> {
    decimal(rest).map(|number| u16::try_from(number).unwrap_or(u16::MAX))
}

impl fmt::Display for TsVector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, lexeme) in self.lexemes().iter().enumerate() {
            if at > 0 {
                f.write_str(" ")?;
            }
            word::write(f, lexeme.word())?;
            for (at, position) in lexeme.positions().iter().enumerate() {
                f.write_str(if at == 0 { ":" } else { "," })?;
                write!(f, "{}", position.at())?;
                f.write_str(match position.weight() {
                    Weight::A => "A",
                    Weight::B => "B",
                    Weight::C => "C",
                    Weight::D => "",
                })?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::string::ToString;

    use super::*;

    #[test]
    fn texts_are_read_and_written_as_the_server_does() {
        for (text, expected) in [
            ("", ""),
            (" \t\n\x0b\x0c\r", ""),
            ("fat cat", "'cat' 'fat'"),
            (r#" 'a''b' c\'d 'x\\y' "q" '\'':5"#, r#"'"q"' '''':5 'a''b' 'c''d' 'x\\y'"#),
            ("a:1,3A,2b zz:99999999999 e:1A2 f:3d g:2*", "'a':1,2B,3A 'e':1A 'f':3 'g':2A 'zz':16383"),
            ("'h'i j:16383,20000A k:4D,4c ü", "'h' 'i' 'j':16383A 'k':4C 'ü'"),
            (r"b\:1 a\ b \  'a' :1 :a", r"' ' ':1' ':a' 'a' 'a b' 'b:1'"),
            ("a:1a2,3", "'a':1A,3"),
            ("a:3 b a:1b a", "'a':1B,3 'b'"),
            ("aa a b", "'a' 'aa' 'b'"),
        ] {
            let document = text.parse::<TsVector>();
            assert_eq!(document.map(|document| document.to_string()), Ok(expected.into()), "{text}");
        }
    }

    #[test]
    fn what_the_server_refuses_is_refused() {
        for text in
            ["a ''", "a:0", "a:1,,2", "a:1ab", "'a':1b'", "a:", "b::1", "a:1,2:3", "'a", r"a\", r"'a\", "a\0"]
        {
            assert_eq!(text.parse::<TsVector>(), Err(NOT), "{text}");
        }
    }
}
