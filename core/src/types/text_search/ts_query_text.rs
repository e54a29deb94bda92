//! Text: `'fat' & ( 'rat' | !'cat':*AB )`.

use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

use super::ts_query::FARTHEST;
use super::ts_vector_text::number;
use super::{Operand, QueryItem, TsQuery, Weight, Weights, word};
use crate::types::codec::ParseError;
use crate::types::space::skip_spaces;

const NOT: ParseError = ParseError::not("a tsquery: words with the operators ! <-> & | and parentheses");

/// What ends a bare word, besides spaces and a colon.
const DELIMITERS: &[u8] = b"!&|<()";

impl QueryItem {
    /// How tightly it binds its operands.
    const fn priority(&self) -> u8 {
        match self {
            Self::Or => 1,
            Self::And => 2,
            Self::Phrase(_) => 3,
            Self::Not => 4,
            Self::Operand(_) => 5,
        }
    }
}

impl FromStr for TsQuery {
    type Err = ParseError;

    /// Reads what the server does: words in quotes or without them, with a `*` and weights in either case after a
    /// colon; `!` binds tightest, then `<->`, `&`, `|`. Only ASCII's spaces count as such.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let mut rest = skip_spaces(text.as_bytes());
        let mut parser = Parser::default();
        if rest.is_empty() {
            return Ok(Self::default());
        }
        loop {
            parser.operand(&mut rest).ok_or(NOT)?;
            if !parser.operator(&mut rest).ok_or(NOT)? {
                parser.items.reverse();
                return Self::whole(parser.items).ok_or(NOT);
            }
        }
    }
}

/// Sorts operators by their priority, with a stack of its own: however deep a query is nested, no recursion.
#[derive(Default)]
struct Parser {
    /// What is in its place already, in postfix notation: prefix notation from the end.
    items: Vec<QueryItem>,
    /// Operators whose right operand is not whole yet; `None` for an open parenthesis.
    waiting: Vec<Option<QueryItem>>,
}

impl Parser {
    /// Reads up to the end of an operand's word, through what may stand before it.
    fn operand(&mut self, rest: &mut &[u8]) -> Option<()> {
        loop {
            *rest = skip_spaces(rest);
            match **rest {
                [b'!', ref after @ ..] => {
                    self.waiting.push(Some(QueryItem::Not));
                    *rest = after;
                }
                [b'(', ref after @ ..] => {
                    self.waiting.push(None);
                    *rest = after;
                }
                [b':', ..] => return None,
                _ => break,
            }
        }
        let word = word::take(rest, DELIMITERS)?;
        let (prefix, weights) = modifiers(rest);
        self.items.push(QueryItem::Operand(Operand { word, prefix, weights }));
        Some(())
    }

    /// Reads up to the end of the next operator, through the parentheses that are closed before it; `false` when
    /// there is none.
    fn operator(&mut self, rest: &mut &[u8]) -> Option<bool> {
        loop {
            *rest = skip_spaces(rest);
            let (operator, after) = match **rest {
                [] => {
                    self.settle(0);
                    return self.waiting.is_empty().then_some(false);
                }
                [b')', ref after @ ..] => {
                    self.settle(0);
                    // Of what was waiting, only an open parenthesis can be left.
                    self.waiting.pop()?;
                    *rest = after;
                    continue;
                }
                [b'&', ref after @ ..] => (QueryItem::And, after),
                [b'|', ref after @ ..] => (QueryItem::Or, after),
                [b'<', b'-', b'>', ref after @ ..] => (QueryItem::Phrase(1), after),
                [b'<', ref after @ ..] => {
                    let mut after = after;
                    let distance = number(&mut after).filter(|&distance| distance <= FARTHEST)?;
                    (QueryItem::Phrase(distance), after.strip_prefix(b">")?)
                }
                _ => return None,
            };
            *rest = after;
            self.settle(operator.priority());
            self.waiting.push(Some(operator));
            return Some(true);
        }
    }

    /// Puts the operators of this parenthesis that bind as tightly or tighter behind their operands.
    fn settle(&mut self, priority: u8) {
        let binds = |waiting: &mut Option<QueryItem>| {
            waiting.as_ref().is_some_and(|operator| operator.priority() >= priority)
        };
        while let Some(operator) = self.waiting.pop_if(binds) {
            self.items.extend(operator);
        }
    }
}

/// What follows a word's colon, a `*` and weights in any order: whether there is a `*`, and the weights.
fn modifiers(rest: &mut &[u8]) -> (bool, Weights) {
    let (mut prefix, mut weights) = (false, Weights::default());
    if let Some(after) = rest.strip_prefix(b":") {
        *rest = after;
        while let [byte, ref after @ ..] = **rest {
            match Weight::of_letter(byte) {
                Some(weight) => weights.insert(weight),
                None if byte == b'*' => prefix = true,
                None => break,
            }
            *rest = after;
        }
    }
    (prefix, weights)
}

impl fmt::Display for TsQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let items = self.items();
        let ends = ends(items).ok_or(fmt::Error)?;
        let mut next = Vec::new();
        if !items.is_empty() {
            next.push(Piece::Item { at: 0, within: 0, right_of_phrase: false });
        }
        while let Some(piece) = next.pop() {
            let (at, within, right_of_phrase) = match piece {
                Piece::Text(text) => {
                    f.write_str(text)?;
                    continue;
                }
                Piece::Distance(distance) => {
                    write!(f, " <{distance}> ")?;
                    continue;
                }
                Piece::Item { at, within, right_of_phrase } => (at, within, right_of_phrase),
            };
            let item = items.get(at).ok_or(fmt::Error)?;
            let priority = item.priority();
            let (infix, phrase) = match item {
                QueryItem::Operand(operand) => {
                    write_operand(f, operand)?;
                    continue;
                }
                QueryItem::Not => {
                    f.write_str("!")?;
                    next.push(Piece::Item { at: at + 1, within: priority, right_of_phrase: false });
                    continue;
                }
                QueryItem::Or => (Piece::Text(" | "), false),
                QueryItem::And => (Piece::Text(" & "), false),
                QueryItem::Phrase(1) => (Piece::Text(" <-> "), true),
                QueryItem::Phrase(distance) => (Piece::Distance(*distance), true),
            };
            // Only phrases depend on which two are joined first.
            if priority < within || phrase && right_of_phrase {
                f.write_str("( ")?;
                next.push(Piece::Text(" )"));
            }
            let left = *ends.get(at + 1).ok_or(fmt::Error)?;
            next.push(Piece::Item { at: at + 1, within: priority, right_of_phrase: phrase });
            next.push(infix);
            next.push(Piece::Item { at: left, within: priority, right_of_phrase: false });
        }
        Ok(())
    }
}

/// What is left to write, in a stack of its own: however deep a query is nested, no recursion.
enum Piece {
    Text(&'static str),
    Distance(u16),
    /// The expression that begins with the item there, inside an operator of that priority.
    Item {
        at: usize,
        within: u8,
        right_of_phrase: bool,
    },
}

/// Where the expression ends that begins with each item. A left operand begins where the right one ends.
fn ends(items: &[QueryItem]) -> Option<Vec<usize>> {
    let mut ends = alloc::vec![0; items.len()];
    for (at, item) in items.iter().enumerate().rev() {
        let mut end = at + 1;
        for _ in 0..item.operands() {
            end = *ends.get(end)?;
        }
        *ends.get_mut(at)? = end;
    }
    Some(ends)
}

fn write_operand(f: &mut fmt::Formatter<'_>, operand: &Operand) -> fmt::Result {
    word::write(f, operand.word())?;
    if operand.is_prefix() || !operand.allowed_weights().is_empty() {
        f.write_str(if operand.is_prefix() { ":*" } else { ":" })?;
        write!(f, "{}", operand.allowed_weights())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::string::ToString;

    use super::*;

    #[test]
    fn texts_are_read_and_written_as_the_server_does() {
        for (text, expected) in [
            ("", ""),
            (" ", ""),
            ("a<->b", "'a' <-> 'b'"),
            ("a <0> b <16384> c", "'a' <0> 'b' <16384> 'c'"),
            ("a|b&c<->!d", "'a' | 'b' & 'c' <-> !'d'"),
            ("!(a|b)", "!( 'a' | 'b' )"),
            ("a <-> (b <-> c)", "'a' <-> ( 'b' <-> 'c' )"),
            ("(a <-> b) <-> c", "'a' <-> 'b' <-> 'c'"),
            ("a & (b & c)", "'a' & 'b' & 'c'"),
            ("! ! a", "!!'a'"),
            ("a <-> (b & c)", "'a' <-> ( 'b' & 'c' )"),
            ("((!a)) <-> b", "!'a' <-> 'b'"),
            ("'a b':*dcba & 'c':aa", "'a b':*ABCD & 'c':A"),
            ("a: & 'b':*|c", "'a' & 'b':* | 'c'"),
            (r"a\&b | a\\\'b & 'it''s'", r"'a&b' | 'a\\''b' & 'it''s'"),
            (r#"a"b"#, r#"'a"b'"#),
        ] {
            let query = text.parse::<TsQuery>();
            assert_eq!(query.map(|query| query.to_string()), Ok(expected.into()), "{text}");
        }
    }

    #[test]
    fn what_the_server_refuses_is_refused() {
        for text in [
            "a b",
            "a<3",
            "a <16385> b",
            "a <99999999> b",
            "a <-1> b",
            "a < -> b",
            "a <-",
            "a <> b",
            "!",
            "a &",
            "& a",
            "()",
            "(a",
            "a)",
            "''",
            "a :a",
            ":a",
            "a:x",
            "'a'b",
            "'a",
            r"a\",
            "a\0",
        ] {
            assert_eq!(text.parse::<TsQuery>(), Err(NOT), "{text}");
        }
    }

    #[test]
    fn depth_costs_no_stack() {
        let deep = |open: &str, close: &str| [&open.repeat(200_000), "'a'", &close.repeat(200_000)].concat();
        let negated = deep("!", "");
        assert_eq!(negated.parse::<TsQuery>().unwrap().to_string(), negated);
        let phrase = deep("'b' <-> ( ", " <-> 'c' )");
        assert_eq!(phrase.parse::<TsQuery>().unwrap().to_string(), phrase);
        let chain = deep("", " & 'b'");
        assert_eq!(chain.parse::<TsQuery>().unwrap().to_string(), chain);
    }
}
