use core::fmt;
use core::str::FromStr;

use bytes::BytesMut;

use super::{Point, binary, text};
use crate::error::BoxError;
use crate::types::codec::{Codec, ParseError, codec};
use crate::types::float::text::FloatText;
use crate::types::{Type, oid};

const NOT: ParseError = ParseError::not("a line, such as {1,-1,0}, of which not both the first two are 0");

/// The server takes coordinates for equal that are as near as this (its `EPSILON`).
const EPSILON: f64 = 1e-6;

/// An infinite line: the points where `a`x + `b`y + `c` = 0. See "Lines" in ["Geometric Types"].
///
/// A line of which both `a` and `b` are 0, or too near to it for the server, is refused when it is sent.
///
/// ```
/// use trunkline_core::types::geometric::{Line, Point};
///
/// let line = Line::through(Point { x: 0.0, y: 1.0 }, Point { x: 2.0, y: 2.0 });
/// assert_eq!(line, Some(Line { a: 0.5, b: -1.0, c: 1.0 }));
/// assert_eq!("(0,1),(2,2)".parse::<Line>()?.to_string(), "{0.5,-1,1}");
/// # Ok::<(), trunkline_core::types::ParseError>(())
/// ```
///
/// ["Geometric Types"]: https://www.postgresql.org/docs/18/datatype-geometric.html
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line {
    /// The factor of x.
    pub a: f64,
    /// The factor of y.
    pub b: f64,
    /// What is added to both.
    pub c: f64,
}

impl Line {
    /// The line through two points, in the form that the server gives it; nothing when they are the same.
    ///
    /// ```
    /// use trunkline_core::types::geometric::{Line, Point};
    ///
    /// let (origin, east) = (Point { x: 0.0, y: 0.0 }, Point { x: 1.0, y: 0.0 });
    /// assert!(Line::through(origin, east).is_some());
    /// assert_eq!(Line::through(origin, origin), None);
    /// ```
    pub fn through(start: Point, end: Point) -> Option<Self> {
        let slope = match (is_same(start.x, end.x), is_same(start.y, end.y)) {
            (true, true) => return None,
            (true, false) => f64::INFINITY,
            (false, true) => 0.0,
            (false, false) => (start.y - end.y) / (start.x - end.x),
        };
        Some(if slope.is_infinite() {
            Self { a: -1.0, b: 0.0, c: start.x }
        } else if slope == 0.0 {
            Self { a: 0.0, b: -1.0, c: start.y }
        } else {
            // What is added makes 0 of -0.
            Self { a: slope, b: -1.0, c: start.y - slope * start.x + 0.0 }
        })
    }

    fn is_valid(self) -> bool {
        !(is_same(self.a, 0.0) && is_same(self.b, 0.0))
    }
}

fn is_same(a: f64, b: f64) -> bool {
    a == b || (a - b).abs() <= EPSILON
}

impl FromStr for Line {
    type Err = ParseError;

    /// Reads `{a,b,c}`, and two points that it goes through, in brackets, in parentheses or in neither.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        text::whole(text, read).ok_or(NOT)
    }
}

fn read(text: &mut &[u8]) -> Option<Line> {
    if text::delimiter(text, b'{').is_none() {
        let [start, end] = text::two_points(text, true)?;
        return Line::through(start, end);
    }
    let a = text::number(text)?;
    text::delimiter(text, b',')?;
    let b = text::number(text)?;
    text::delimiter(text, b',')?;
    let c = text::number(text)?;
    text::delimiter(text, b'}')?;
    Some(Line { a, b, c }).filter(|line| line.is_valid())
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{{{},{},{}}}", FloatText(self.a), FloatText(self.b), FloatText(self.c))
    }
}

impl Codec for Line {
    #[inline]
    fn is(type_: &Type) -> bool {
        type_.oid() == oid::LINE
    }

    #[inline]
    fn encode(&self, _type: &Type, out: &mut BytesMut) -> Result<(), BoxError> {
        if !self.is_valid() {
            return Err("its a and b are both zero, which those of no line are".into());
        }
        binary::put([self.a, self.b, self.c], out);
        Ok(())
    }

    #[inline]
    fn decode(type_: &Type, raw: &[u8]) -> Result<Self, BoxError> {
        binary::take(type_, raw).map(|[a, b, c]| Self { a, b, c })
    }
}

codec!(Line);

#[cfg(test)]
mod tests {
    use std::string::{String, ToString};
    use std::vec::Vec;

    use proptest::prelude::*;

    use super::super::testing::{arrives, float, is_refused, is_written};
    use super::*;
    use crate::types::testing::survives;

    proptest! {
        #[test]
        fn lines_arrive_in_both_formats(a in float(), b in float(), c in float()) {
            let line = Line { a, b, c };
            if line.is_valid() {
                arrives(&Type::LINE, &line);
            }
        }

        #[test]
        fn any_bytes_are_survived(raw: Vec<u8>, text: String) {
            survives::<Line>(&Type::LINE, &raw);
            survives::<Line>(&Type::LINE, text.as_bytes());
        }
    }

    #[test]
    fn text_is_that_of_the_server() {
        is_written::<Line>(&[
            (" { 1 , 2 , 3 } ", "{1,2,3}"),
            ("{NaN,1,2}", "{NaN,1,2}"),
            ("{-0,-1,0}", "{-0,-1,0}"),
            ("{1e-7,1e-5,0}", "{1e-07,1e-05,0}"),
            ("[(1,2),(3,4)]", "{1,-1,1}"),
            ("1,2,3,4", "{1,-1,1}"),
            ("[(1,1),(1,5)]", "{-1,0,1}"),
            ("[(1,1),(1.0000001,5)]", "{-1,0,1}"),
            ("[(1,1),(5,1)]", "{0,-1,1}"),
            ("[(1,0),(5,0)]", "{0,-1,0}"),
            ("((0,0),(2,3))", "{1.5,-1,0}"),
            ("[(0.1,0.2),(0.3,0.7)]", "{2.5,-1,-0.04999999999999999}"),
            ("[(1,1),(5,1e-9)]", "{-0.24999999975,-1,1.24999999975}"),
        ]);
        is_refused::<Line>(&[
            "",
            "{1,2}",
            "1,2,3",
            "{0,0,1}",
            "{1e-7,1e-7,0}",
            "[(1,1),(1,1)]",
            "{1,2,3",
            "{1,2,3}x",
        ]);
    }

    #[test]
    fn no_line_is_refused_before_it_is_sent() {
        let refused = Line { a: 0.0, b: 1e-7, c: 1.0 }.encode(&Type::LINE, &mut BytesMut::new()).unwrap_err();
        assert_eq!(refused.to_string(), "its a and b are both zero, which those of no line are");
    }
}
