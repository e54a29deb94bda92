use core::fmt;
use core::str::FromStr;

use bytes::BytesMut;

use super::{Point, binary, text};
use crate::error::BoxError;
use crate::types::codec::{Codec, ParseError, codec};
use crate::types::{Type, oid};

const NOT: ParseError = ParseError::not("a line segment, such as [(1,2),(3,4)]");

/// A lseg: a line from one point to another. See "Line Segments" in ["Geometric Types"].
///
/// ```
/// use trunkline_core::types::geometric::{LineSegment, Point};
///
/// let segment: LineSegment = "(0,0),(3,4)".parse()?;
/// assert_eq!(segment.end, Point { x: 3.0, y: 4.0 });
/// assert_eq!(segment.to_string(), "[(0,0),(3,4)]");
/// # Ok::<(), trunkline_core::types::ParseError>(())
/// ```
///
/// ["Geometric Types"]: https://www.postgresql.org/docs/18/datatype-geometric.html
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct LineSegment {
    /// Where it begins.
    pub start: Point,
    /// Where it ends.
    pub end: Point,
}

impl FromStr for LineSegment {
    type Err = ParseError;

    /// Reads two points, in brackets, in parentheses or in neither.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let points = text::whole(text, |text| text::two_points(text, true));
        points.map(|[start, end]| Self { start, end }).ok_or(NOT)
    }
}

impl fmt::Display for LineSegment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{},{}]", self.start, self.end)
    }
}

impl Codec for LineSegment {
    #[inline]
    fn is(type_: &Type) -> bool {
        type_.oid() == oid::LSEG
    }

    #[inline]
    fn encode(&self, _type: &Type, out: &mut BytesMut) -> Result<(), BoxError> {
        binary::put([self.start.x, self.start.y, self.end.x, self.end.y], out);
        Ok(())
    }

    #[inline]
    fn decode(type_: &Type, raw: &[u8]) -> Result<Self, BoxError> {
        let [a, b, c, d] = binary::take(type_, raw)?;
        Ok(Self { start: Point { x: a, y: b }, end: Point { x: c, y: d } })
    }
}

codec!(LineSegment);

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
        fn segments_arrive_in_both_formats(start in point(), end in point()) {
            arrives(&Type::LSEG, &LineSegment { start, end });
        }

        #[test]
        fn any_bytes_are_survived(raw: Vec<u8>, text: String) {
            survives::<LineSegment>(&Type::LSEG, &raw);
            survives::<LineSegment>(&Type::LSEG, text.as_bytes());
        }
    }

    #[test]
    fn text_is_that_of_the_server() {
        let written = "[(1,2),(3,4)]";
        is_written::<LineSegment>(&[
            ("[(1,2),(3,4)]", written),
            ("((1,2),(3,4))", written),
            ("(1,2),(3,4)", written),
            ("1,2,3,4", written),
            ("[1,2,3,4]", written),
            ("(1,2,3,4)", written),
            (" [ (1,2) , (3,4) ] ", written),
            ("[(1,2),(3,4))", written),
            ("1,2,(3,4)", written),
        ]);
        is_refused::<LineSegment>(&[
            "",
            "[(1,2),(3,4)",
            "(1,2),3,4",
            "[(1,2)]",
            "1,2,3",
            "[(1,2),(3,4),(5,6)]",
            "((1,2),(3,4)]",
        ]);
    }
}
