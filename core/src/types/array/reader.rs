use alloc::borrow::Cow;
use alloc::vec::Vec;

use super::dimension::{Dimension, MOST};
use crate::types::ParseError;
use crate::types::space::{is_space, skip_spaces};

const NOT: ParseError = ParseError::not("an array");

/// Reads an array in text format: `{1,NULL,"a \"b\""}`, `[0:1]={a,b}`, `{{1,2},{3,4}}`.
///
/// An iterator of the elements, the last subscript varying fastest: each as its text, quotes and escapes undone,
/// or NULL; or why the text cannot be read, and nothing after that. When it has ended, it knows the dimensions.
///
/// ```
/// use trunkline_core::types::array::{ArrayText, Dimension};
///
/// let mut array = ArrayText::read(br#"{a,"b \"c\"",NULL}"#, b',');
/// let elements: Vec<_> = array.by_ref().collect::<Result<_, _>>()?;
/// assert_eq!(elements, [Some(b"a"[..].into()), Some(br#"b "c""#[..].into()), None]);
/// assert_eq!(array.dimensions(), [Dimension::new(3)]);
/// # Ok::<(), trunkline_core::types::ParseError>(())
/// ```
///
/// See ["Array Input and Output Syntax"].
///
/// ["Array Input and Output Syntax"]: https://www.postgresql.org/docs/18/arrays.html#ARRAYS-IO
#[derive(Debug, Clone)]
pub struct ArrayText<'a> {
    rest: &'a [u8],
    delimiter: u8,
    state: State,
    /// How many braces are open.
    depth: usize,
    /// How many dimensions there are, at least; exactly, once something tells.
    count: usize,
    settled: bool,
    dimensions: [Dimension; MOST],
    /// How many have been seen in each dimension since its brace was opened.
    seen: [usize; MOST],
    /// Which lengths are known: one inner array is to be like the other.
    known: [bool; MOST],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Start,
    /// An element or a brace comes next.
    Before,
    /// A delimiter or a closing brace comes next.
    After,
    End,
}

/// What the braces are filled with.
enum Token<'a> {
    Open,
    Close,
    Delimiter,
    Null,
    Text(Cow<'a, [u8]>),
}

impl<'a> ArrayText<'a> {
    /// Reads elements that stand between the byte that their type has for it, a comma for all but `box`.
    ///
    /// ```
    /// use trunkline_core::types::array::ArrayText;
    ///
    /// let numbers: Result<Vec<_>, _> = ArrayText::read(b"{1,2}", b',').collect();
    /// assert_eq!(numbers?.len(), 2);
    /// # Ok::<(), trunkline_core::types::ParseError>(())
    /// ```
    pub const fn read(text: &'a [u8], delimiter: u8) -> Self {
        Self {
            rest: text,
            delimiter,
            state: State::Start,
            depth: 0,
            count: 0,
            settled: false,
            dimensions: [Dimension::new(0); MOST],
            seen: [0; MOST],
            known: [false; MOST],
        }
    }

    /// The dimensions as far as they have been read: all of them, once every element has been; none when there
    /// are no elements.
    ///
    /// ```
    /// use trunkline_core::types::array::{ArrayText, Dimension};
    ///
    /// let mut matrix = ArrayText::read(b"{{1,2,3},{4,5,6}}", b',');
    /// assert_eq!(matrix.by_ref().count(), 6);
    /// assert_eq!(matrix.dimensions(), [Dimension::new(2), Dimension::new(3)]);
    /// ```
    pub fn dimensions(&self) -> &[Dimension] {
        let found = self.dimensions.get(..self.count).unwrap_or_default();
        if found.iter().any(|dimension| dimension.length == 0) { &[] } else { found }
    }

    fn step(&mut self) -> Option<Option<Option<Cow<'a, [u8]>>>> {
        if self.state == State::Start {
            self.rest = skip_spaces(self.rest);
            self.bounds()?;
            let Token::Open = self.token()? else { return None };
            self.open()?;
        }
        while self.state != State::End {
            match self.token()? {
                Token::Open => self.open()?,
                Token::Close => self.close()?,
                Token::Delimiter if self.state == State::After => self.state = State::Before,
                Token::Delimiter => return None,
                Token::Null => return self.element().map(|()| Some(None)),
                Token::Text(text) => return self.element().map(|()| Some(Some(text))),
            }
        }
        skip_spaces(self.rest).is_empty().then_some(None)
    }

    /// The bounds that stand before the braces when they are not the usual: `[0:1][2:3]=`.
    fn bounds(&mut self) -> Option<()> {
        while let Some(inner) = self.rest.strip_prefix(b"[") {
            let (bound, after) = integer(inner)?;
            let (lower_bound, last, after) = match after.strip_prefix(b":") {
                Some(after) => integer(after).map(|(last, after)| (bound, last, after))?,
                None => (1, bound, after),
            };
            self.rest = skip_spaces(after.strip_prefix(b"]")?);
            let length = usize::try_from(i64::from(last) - i64::from(lower_bound) + 1).ok()?;
            if length == 0 {
                return None;
            }
            let dimension = Dimension { length, lower_bound };
            dimension.int4s()?;
            *self.dimensions.get_mut(self.count)? = dimension;
            *self.known.get_mut(self.count)? = true;
            self.count += 1;
        }
        if self.count > 0 {
            self.settled = true;
            self.rest = skip_spaces(self.rest.strip_prefix(b"=")?);
        }
        Some(())
    }

    fn open(&mut self) -> Option<()> {
        *self.seen.get_mut(self.depth)? = 0;
        self.depth += 1;
        if self.depth > self.count {
            self.count = self.depth;
            if self.settled {
                return None;
            }
        }
        let allowed = matches!(self.state, State::Start | State::Before);
        self.state = State::Before;
        allowed.then_some(())
    }

    fn close(&mut self) -> Option<()> {
        self.depth = self.depth.checked_sub(1)?;
        let seen = *self.seen.get(self.depth)?;
        if self.state == State::Before && seen > 0 {
            return None;
        }
        let length = &mut self.dimensions.get_mut(self.depth)?.length;
        if !core::mem::replace(self.known.get_mut(self.depth)?, true) {
            *length = seen;
        } else if *length != seen {
            return None;
        }
        self.state = State::After;
        match self.depth.checked_sub(1) {
            Some(outer) => *self.seen.get_mut(outer)? += 1,
            None => self.state = State::End,
        }
        Some(())
    }

    fn element(&mut self) -> Option<()> {
        self.settled = true;
        if self.state != State::Before || self.depth != self.count {
            return None;
        }
        self.state = State::After;
        *self.seen.get_mut(self.depth.checked_sub(1)?)? += 1;
        Some(())
    }

    fn token(&mut self) -> Option<Token<'a>> {
        let rest = skip_spaces(self.rest);
        let (token, after) = match rest {
            [b'{', after @ ..] => (Token::Open, after),
            [b'}', after @ ..] => (Token::Close, after),
            [b'"', after @ ..] => quoted(after)?,
            [byte, after @ ..] if *byte == self.delimiter => (Token::Delimiter, after),
            _ => unquoted(rest, self.delimiter)?,
        };
        self.rest = after;
        Some(token)
    }
}

impl<'a> Iterator for ArrayText<'a> {
    type Item = Result<Option<Cow<'a, [u8]>>, ParseError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.state == State::End {
            return None;
        }
        let step = self.step();
        if step.is_none() {
            self.state = State::End;
        }
        step.map_or(Some(Err(NOT)), |element| element.map(Ok))
    }
}

/// The text up to the closing quote and what follows it.
fn quoted(mut rest: &[u8]) -> Option<(Token<'_>, &[u8])> {
    let mut unescaped = Vec::new();
    let mut escapes = false;
    loop {
        let (text, after) = rest.split_at_checked(memchr::memchr2(b'"', b'\\', rest)?)?;
        match after {
            [b'"', after @ ..] if !escapes => return Some((Token::Text(Cow::Borrowed(text)), after)),
            [b'"', after @ ..] => {
                unescaped.extend_from_slice(text);
                return Some((Token::Text(Cow::Owned(unescaped)), after));
            }
            [_, escaped, after @ ..] => {
                unescaped.extend_from_slice(text);
                unescaped.push(*escaped);
                escapes = true;
                rest = after;
            }
            _ => return None,
        }
    }
}

/// The text up to a delimiter or brace, without the white space at its end, and what follows it.
fn unquoted(rest: &[u8], delimiter: u8) -> Option<(Token<'_>, &[u8])> {
    let end = |byte: &u8| *byte == delimiter || matches!(byte, b'{' | b'}' | b'"' | b'\\');
    let (text, after) = rest.split_at_checked(rest.iter().position(end)?)?;
    if matches!(after, [b'\\', ..]) {
        return escaped(rest, delimiter);
    }
    let kept = text.iter().rposition(|&byte| !is_space(byte)).map_or(0, |last| last + 1);
    let text = text.get(..kept)?;
    if text.is_empty() {
        return None;
    }
    if text.eq_ignore_ascii_case(b"NULL") {
        return Some((Token::Null, after));
    }
    Some((Token::Text(Cow::Borrowed(text)), after))
}

/// The same where a backslash takes the byte after it as it is, so that it is not white space to be cut off.
fn escaped(mut rest: &[u8], delimiter: u8) -> Option<(Token<'_>, &[u8])> {
    let mut unescaped = Vec::new();
    let mut keep = 0;
    loop {
        rest = match rest {
            [b'\\', byte, after @ ..] => {
                unescaped.push(*byte);
                keep = unescaped.len();
                after
            }
            [b'\\' | b'"', ..] | [] => return None,
            [byte, ..] if *byte == delimiter || matches!(byte, b'{' | b'}') => break,
            [byte, after @ ..] => {
                unescaped.push(*byte);
                if !is_space(*byte) {
                    keep = unescaped.len();
                }
                after
            }
        };
    }
    unescaped.truncate(keep);
    Some((Token::Text(Cow::Owned(unescaped)), rest))
}

/// A number with or without a sign, and what follows it.
fn integer(text: &[u8]) -> Option<(i32, &[u8])> {
    let unsigned = text.strip_prefix(b"-").or_else(|| text.strip_prefix(b"+")).unwrap_or(text);
    let digits = unsigned.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (number, after) = text.split_at_checked(text.len() - unsigned.len() + digits)?;
    Some((core::str::from_utf8(number).ok()?.parse().ok()?, after))
}

#[cfg(test)]
mod tests {
    use std::string::String;

    use proptest::prelude::*;

    use super::*;

    type Elements = Vec<Option<String>>;

    fn read(text: &str) -> Result<(Elements, Vec<Dimension>), ParseError> {
        let mut array = ArrayText::read(text.as_bytes(), b',');
        let elements = array.by_ref().map(|element| {
            element.map(|element| element.map(|text| String::from_utf8(text.into_owned()).unwrap()))
        });
        let elements = elements.collect::<Result<_, _>>()?;
        Ok((elements, array.dimensions().to_vec()))
    }

    fn some(texts: &[&str]) -> Elements {
        texts.iter().map(|&text| Some(text.into())).collect()
    }

    #[test]
    fn elements_come_unescaped() {
        let one = |text, elements: &[&str]| {
            assert_eq!(read(text), Ok((some(elements), [Dimension::new(elements.len())].into())), "{text}");
        };
        one(r#"{a,"b,c","","NULL","a\"b\\"}"#, &["a", "b,c", "", "NULL", r#"a"b\"#]);
        one(r#" { a b , "c" } "#, &["a b", "c"]);
        one(r"{1\,2}", &["1,2"]);
        one(r"{a\ ,\n\u\l\l , b\ c  }", &["a ", "null", "b c"]);
        one("{naïve\u{b}}", &["naïve"]);
        let nulls = read("{NULL,null, Null }").unwrap();
        assert_eq!(nulls.0, [None, None, None]);
    }

    #[test]
    fn dimensions_come_from_the_braces_and_bounds() {
        let from = |lower_bound, length| Dimension { length, lower_bound };
        let dimensions = |text| read(text).unwrap().1;
        assert_eq!(dimensions("{{a,b},{c,d},{e,f}}"), [from(1, 3), from(1, 2)]);
        assert_eq!(dimensions("[0:1]={a,b}"), [from(0, 2)]);
        assert_eq!(dimensions(" [2]={a,b}"), [from(1, 2)]);
        assert_eq!(dimensions("[-3:-3] [+5:6] = {{a,b}}"), [from(-3, 1), from(5, 2)]);
        assert_eq!(dimensions("{{{{{{a}}}}}}"), [from(1, 1); 6]);
        for empty in ["{}", " { } ", "{{},{}}", "{{{}}}"] {
            assert_eq!(read(empty), Ok((Vec::new(), Vec::new())), "{empty}");
        }
    }

    #[test]
    fn what_the_server_refuses_is_refused() {
        for broken in [
            "",
            "a",
            "{",
            "{a",
            "{a,",
            "{a,}",
            "{,a}",
            "{a}b",
            "{}}",
            "{{a}",
            r#"{"a"#,
            r#"{"a\"#,
            r#"{"a"b}"#,
            r#"{a"b"}"#,
            r"{a\",
            "{{a},b}",
            "{a,{b}}",
            "{{a,b},{c}}",
            "{{},a}",
            "{{a},{}}",
            "{{},{a}}",
            "{{{}},{}}",
            "{{},{{a}}}",
            "{{{{{{{a}}}}}}}",
            "[0:1]",
            "[0:1]{a,b}",
            "[1:0]={}",
            "[1:2]={a}",
            "[1:1]={}",
            "[1:2]={{a,b}}",
            "[1:1][1:2]={a,b}",
            "[ 1:2]={a,b}",
            "[:2]={a,b}",
            "[1:]={a}",
            "[2147483647]={a}",
            "[2147483647:2147483647]={a}",
            "[99999999999]={a}",
            "[1][1][1][1][1][1][1]={{{{{{{a}}}}}}}",
        ] {
            assert!(read(broken).is_err(), "{broken}");
        }
    }

    #[test]
    fn the_delimiter_is_the_types_own() {
        let boxes: Vec<_> = ArrayText::read(b"{(1,1),(0,0);(2,2),(0,0)}", b';').map(Result::unwrap).collect();
        assert_eq!(boxes, [Some(b"(1,1),(0,0)"[..].into()), Some(b"(2,2),(0,0)"[..].into())]);
    }

    proptest! {
        #[test]
        fn any_text_is_survived(text in r#"[\[\]{}",\\a0-9:= ]*"#) {
            let mut array = ArrayText::read(text.as_bytes(), b',');
            let elements = array.by_ref().filter(Result::is_ok).count();
            prop_assert!(elements <= text.len());
            prop_assert!(array.next().is_none());
        }
    }
}
