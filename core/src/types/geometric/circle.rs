use core::fmt;
use core::str::FromStr;

use bytes::BytesMut;

use super::{Point, binary, text};
use crate::error::BoxError;
use crate::types::codec::{Codec, ParseError, codec};
use crate::types::float::text::FloatText;
use crate::types::{Type, oid};

const NOT: ParseError = ParseError::not("a circle with a radius of 0 or more, such as <(1,2),3>");

/// A circle. See "Circles" in ["Geometric Types"].
///
/// One with a radius below 0 is refused when it is sent.
///
/// ```
/// use trunkline_core::types::geometric::{Circle, Point};
///
/// let circle: Circle = "((1,2),3)".parse()?;
/// assert_eq!(circle, Circle { center: Point { x: 1.0, y: 2.0 }, radius: 3.0 });
/// assert_eq!(circle.to_string(), "<(1,2),3>");
/// # Ok::<(), trunkline_core::types::ParseError>(())
/// ```
///
/// ["Geometric Types"]: https://www.postgresql.org/docs/18/datatype-geometric.html
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Circle {
    /// The point in its middle.
    pub center: Point,
    /// The distance of all its points from that.
    pub radius: f64,
}

impl FromStr for Circle {
    type Err = ParseError;

    /// Reads a center and a radius, in angle brackets, in parentheses or in neither.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        text::whole(text, read).filter(|circle| !circle.is_impossible()).ok_or(NOT)
    }
}

fn read(text: &mut &[u8]) -> Option<Circle> {
    let is_enclosed = text::delimiter(text, b'<').is_some()
        || text::is_doubled(text) && text::delimiter(text, b'(').is_some();
    let center = text::point(text)?;
    text::delimiter(text, b',')?;
    let radius = text::number(text)?;
    // The server takes either at the end of either.
    if is_enclosed && text::delimiter(text, b'>').is_none() {
        text::delimiter(text, b')')?;
    }
    Some(Circle { center, radius })
}

impl Circle {
    /// NaN is possible.
    fn is_impossible(self) -> bool {
        self.radius < 0.0
    }
}

impl fmt::Display for Circle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{},{}>", self.center, FloatText(self.radius))
    }
}

impl Codec for Circle {
    #[inline]
    fn is(type_: &Type) -> bool {
        type_.oid() == oid::CIRCLE
    }

    #[inline]
    fn encode(&self, _type: &Type, out: &mut BytesMut) -> Result<(), BoxError> {
        if self.is_impossible() {
            return Err("its radius is below 0".into());
        }
        binary::put([self.center.x, self.center.y, self.radius], out);
        Ok(())
    }

    #[inline]
    fn decode(type_: &Type, raw: &[u8]) -> Result<Self, BoxError> {
        binary::take(type_, raw).map(|[x, y, radius]| Self { center: Point { x, y }, radius })
    }
}

codec!(Circle);

#[cfg(test)]
mod tests {
    use std::string::{String, ToString};
    use std::vec::Vec;

    use proptest::prelude::*;

    use super::super::testing::{arrives, float, is_refused, is_written, point};
    use super::*;
    use crate::types::testing::survives;

    proptest! {
        #[test]
        fn circles_arrive_in_both_formats(center in point(), radius in float()) {
            let circle = Circle { center, radius };
            if !circle.is_impossible() {
                arrives(&Type::CIRCLE, &circle);
            }
        }

        #[test]
        fn any_bytes_are_survived(raw: Vec<u8>, text: String) {
            survives::<Circle>(&Type::CIRCLE, &raw);
            survives::<Circle>(&Type::CIRCLE, text.as_bytes());
        }
    }

    #[test]
    fn text_is_that_of_the_server() {
        let written = "<(1,2),3>";
        is_written::<Circle>(&[
            ("<(1,2),3>", written),
            (" < ( 1 , 2 ) , 3 > ", written),
            ("((1,2),3)", written),
            ("(1,2),3", written),
            ("1,2,3", written),
            ("<1,2,3>", written),
            ("((1,2),3>", written),
            ("<(1,2),3)", written),
            ("<(1,2),NaN>", "<(1,2),NaN>"),
            ("<(1,2),-0>", "<(1,2),-0>"),
        ]);
        is_refused::<Circle>(&["", "(1,2,3)", "<(1,2),3", "(1,2),3>", "<(1,2),-1>", "<(1,2)>", "<(1,2),3>x"]);
    }

    #[test]
    fn a_radius_below_0_is_refused_before_it_is_sent() {
        let circle = Circle { radius: -1.0, ..Circle::default() };
        let refused = circle.encode(&Type::CIRCLE, &mut BytesMut::new()).unwrap_err();
        assert_eq!(refused.to_string(), "its radius is below 0");
    }
}
