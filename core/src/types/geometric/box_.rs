use core::fmt;
use core::str::FromStr;

use bytes::BytesMut;

use super::{Point, binary, text};
use crate::error::BoxError;
use crate::types::codec::{Codec, ParseError, codec};
use crate::types::{Type, oid};

const NOT: ParseError = ParseError::not("a box, such as (3,4),(1,2)");

/// A rectangle with sides along the axes. See "Boxes" in ["Geometric Types"].
///
/// ```
/// use trunkline_core::types::geometric::{Box, Point};
///
/// let corners = Box::new(Point { x: 0.0, y: 2.0 }, Point { x: 3.0, y: 1.0 });
/// assert_eq!((corners.high(), corners.low()), (Point { x: 3.0, y: 2.0 }, Point { x: 0.0, y: 1.0 }));
/// assert_eq!(corners.to_string(), "(3,2),(0,1)");
/// ```
///
/// ["Geometric Types"]: https://www.postgresql.org/docs/18/datatype-geometric.html
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Box {
    high: Point,
    low: Point,
}

impl Box {
    /// The box with these as opposite corners, whichever two they are.
    ///
    /// ```
    /// use trunkline_core::types::geometric::{Box, Point};
    ///
    /// let (a, b) = (Point { x: 0.0, y: 2.0 }, Point { x: 3.0, y: 1.0 });
    /// assert_eq!(Box::new(a, b), Box::new(b, a));
    /// ```
    #[inline]
    pub fn new(a: Point, b: Point) -> Self {
        let (high_x, low_x) = sorted(a.x, b.x);
        let (high_y, low_y) = sorted(a.y, b.y);
        Self { high: Point { x: high_x, y: high_y }, low: Point { x: low_x, y: low_y } }
    }

    /// The corner at the upper right.
    ///
    /// ```
    /// use trunkline_core::types::geometric::{Box, Point};
    ///
    /// assert_eq!("(0,0),(2,1)".parse::<Box>()?.high(), Point { x: 2.0, y: 1.0 });
    /// # Ok::<(), trunkline_core::types::ParseError>(())
    /// ```
    #[inline]
    pub const fn high(self) -> Point {
        self.high
    }

    /// The corner at the lower left.
    ///
    /// ```
    /// use trunkline_core::types::geometric::{Box, Point};
    ///
    /// assert_eq!("(0,0),(2,1)".parse::<Box>()?.low(), Point { x: 0.0, y: 0.0 });
    /// # Ok::<(), trunkline_core::types::ParseError>(())
    /// ```
    #[inline]
    pub const fn low(self) -> Point {
        self.low
    }
}

/// The higher one first, as the server has it: NaN is above all numbers.
#[inline]
fn sorted(a: f64, b: f64) -> (f64, f64) {
    if a < b || b.is_nan() { (b, a) } else { (a, b) }
}

impl FromStr for Box {
    type Err = ParseError;

    /// Reads two points that are opposite corners, in parentheses or not.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let corners = text::whole(text, |text| text::two_points(text, false));
        corners.map(|[a, b]| Self::new(a, b)).ok_or(NOT)
    }
}

impl fmt::Display for Box {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{},{}", self.high, self.low)
    }
}

impl Codec for Box {
    #[inline]
    fn is(type_: &Type) -> bool {
        type_.oid() == oid::BOX
    }

    #[inline]
    fn encode(&self, _type: &Type, out: &mut BytesMut) -> Result<(), BoxError> {
        binary::put([self.high.x, self.high.y, self.low.x, self.low.y], out);
        Ok(())
    }

    #[inline]
    fn decode(type_: &Type, raw: &[u8]) -> Result<Self, BoxError> {
        let [a, b, c, d] = binary::take(type_, raw)?;
        Ok(Self::new(Point { x: a, y: b }, Point { x: c, y: d }))
    }
}

codec!(Box);

#[cfg(test)]
mod tests {
    use std::string::String;
    use std::vec::Vec;

    use proptest::prelude::*;

    use super::super::testing::{arrives, is_refused, is_written, point};
    use super::*;
    use crate::types::testing::survives;

    proptest! {
        #[test]
        fn boxes_arrive_in_both_formats(a in point(), b in point()) {
            arrives(&Type::BOX, &Box::new(a, b));
        }

        #[test]
        fn any_bytes_are_survived(raw: Vec<u8>, text: String) {
            survives::<Box>(&Type::BOX, &raw);
            survives::<Box>(&Type::BOX, text.as_bytes());
        }
    }

    #[test]
    fn text_is_that_of_the_server() {
        let written = "(3,4),(1,2)";
        is_written::<Box>(&[
            ("(1,2),(3,4)", written),
            ("((1,2),(3,4))", written),
            ("1,2,3,4", written),
            ("(1,2,3,4)", written),
            ("(3,4),(1,2)", written),
            ("(1,4),(3,2)", written),
            ("(NaN,1),(2,3)", "(NaN,3),(2,1)"),
            ("(1,1),(NaN,0)", "(NaN,1),(1,0)"),
            ("(Infinity,0),(-Infinity,1)", "(Infinity,1),(-Infinity,0)"),
            ("(0,-0),(-0,0)", "(0,-0),(-0,0)"),
        ]);
        is_refused::<Box>(&["", "[(1,2),(3,4)]", "(1,2)", "(1,2),(3,4),(5,6)", "(1,2),(3,4)]"]);
    }
}
