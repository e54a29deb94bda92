use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

use bytes::BytesMut;

use super::{Point, binary, text};
use crate::error::BoxError;
use crate::types::codec::{Codec, ParseError, codec};
use crate::types::{Type, oid};

const NOT: ParseError = ParseError::not("a polygon, such as ((1,2),(3,4),(5,0))");

/// A polygon: the area that lines from each point to the next, and from the last to the first, enclose. See
/// "Polygons" in ["Geometric Types"].
///
/// One without points is refused when it is sent.
///
/// ```
/// use trunkline_core::types::geometric::Polygon;
///
/// let polygon: Polygon = "(0,0),(3,4),(3,0)".parse()?;
/// assert_eq!(polygon.points.len(), 3);
/// assert_eq!(polygon.to_string(), "((0,0),(3,4),(3,0))");
/// # Ok::<(), trunkline_core::types::ParseError>(())
/// ```
///
/// ["Geometric Types"]: https://www.postgresql.org/docs/18/datatype-geometric.html
#[derive(Debug, Clone, PartialEq)]
pub struct Polygon {
    /// Its corners, in their order.
    pub points: Vec<Point>,
}

impl FromStr for Polygon {
    type Err = ParseError;

    /// Reads points, in parentheses or not.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let read = text::whole(text, |text| text::points(text, false));
        read.map(|(points, _)| Self { points }).ok_or(NOT)
    }
}

impl fmt::Display for Polygon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(")?;
        text::write_points(f, &self.points)?;
        f.write_str(")")
    }
}

impl Codec for Polygon {
    #[inline]
    fn is(type_: &Type) -> bool {
        type_.oid() == oid::POLYGON
    }

    fn encode(&self, _type: &Type, out: &mut BytesMut) -> Result<(), BoxError> {
        binary::put_points(self.points.iter().copied(), out)
    }

    fn decode(type_: &Type, raw: &[u8]) -> Result<Self, BoxError> {
        binary::take_points(type_, raw).map(|points| Self { points })
    }
}

codec!(Polygon);

#[cfg(test)]
mod tests {
    use std::string::String;

    use proptest::prelude::*;

    use super::super::testing::{arrives, is_refused, is_written, point};
    use super::*;
    use crate::types::testing::survives;

    proptest! {
        #[test]
        fn polygons_arrive_in_both_formats(points in prop::collection::vec(point(), 1..10)) {
            arrives(&Type::POLYGON, &Polygon { points });
        }

        #[test]
        fn any_bytes_are_survived(raw: Vec<u8>, text: String) {
            survives::<Polygon>(&Type::POLYGON, &raw);
            survives::<Polygon>(&Type::POLYGON, text.as_bytes());
        }
    }

    #[test]
    fn text_is_that_of_the_server() {
        let written = "((1,2),(3,4))";
        is_written::<Polygon>(&[
            ("((1,2),(3,4))", written),
            ("(1,2),(3,4)", written),
            ("1,2,3,4", written),
            ("(1,2,3,4)", written),
            ("(1,2)", "((1,2))"),
        ]);
        is_refused::<Polygon>(&["", "()", "[(1,2),(3,4)]", "[(1,2)]", "((1,2),(3,4)) x"]);
    }
}
