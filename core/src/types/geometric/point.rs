use core::fmt;
use core::str::FromStr;

use bytes::BytesMut;

use super::{binary, text};
use crate::error::BoxError;
use crate::types::codec::{Codec, ParseError, codec};
use crate::types::float::text::FloatText;
use crate::types::{Type, oid};

const NOT: ParseError = ParseError::not("a point, such as (1,2.5)");

/// A point in a plane. See "Points" in ["Geometric Types"].
///
/// ```
/// use trunkline_core::types::geometric::Point;
///
/// let point: Point = "1, -2.50".parse()?;
/// assert_eq!(point, Point { x: 1.0, y: -2.5 });
/// assert_eq!(point.to_string(), "(1,-2.5)");
/// # Ok::<(), trunkline_core::types::ParseError>(())
/// ```
///
/// ["Geometric Types"]: https://www.postgresql.org/docs/18/datatype-geometric.html
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Point {
    /// How far it is to the right.
    pub x: f64,
    /// How far it is up.
    pub y: f64,
}

impl FromStr for Point {
    type Err = ParseError;

    /// Reads `(x,y)` and `x,y`.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        text::whole(text, text::point).ok_or(NOT)
    }
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({},{})", FloatText(self.x), FloatText(self.y))
    }
}

impl Codec for Point {
    #[inline]
    fn is(type_: &Type) -> bool {
        type_.oid() == oid::POINT
    }

    #[inline]
    fn encode(&self, _type: &Type, out: &mut BytesMut) -> Result<(), BoxError> {
        binary::put([self.x, self.y], out);
        Ok(())
    }

    #[inline]
    fn decode(type_: &Type, raw: &[u8]) -> Result<Self, BoxError> {
        binary::take(type_, raw).map(|[x, y]| Self { x, y })
    }
}

codec!(Point);

#[cfg(test)]
mod tests {
    use std::string::String;
    use std::vec::Vec;

    use proptest::prelude::*;

    use super::super::testing::{arrives, is_refused, is_written, point};
    use super::*;
    use crate::types::testing::{binary, encode, survives};

    proptest! {
        #[test]
        fn points_arrive_in_both_formats(value in point()) {
            arrives(&Type::POINT, &value);
        }

        #[test]
        fn any_bytes_are_survived(raw: Vec<u8>, text: String) {
            survives::<Point>(&Type::POINT, &raw);
            survives::<Point>(&Type::POINT, text.as_bytes());
        }
    }

    #[test]
    fn text_is_that_of_the_server() {
        is_written::<Point>(&[
            (" ( 1 , 2 ) ", "(1,2)"),
            ("1,2", "(1,2)"),
            ("(+1,.5)", "(1,0.5)"),
            ("(1.,-0)", "(1,-0)"),
            ("(nan,inf)", "(NaN,Infinity)"),
            ("(infinity,-Infinity)", "(Infinity,-Infinity)"),
            ("(1e300,1e-7)", "(1e+300,1e-07)"),
        ]);
        is_refused::<Point>(&[
            "",
            "()",
            "(,1)",
            "(1,2",
            "1,2)",
            "((1,2))",
            "[1,2]",
            "(1,2)x",
            "1 2",
            "(1e400,0)",
        ]);
    }

    #[test]
    fn bytes_are_those_of_the_server() {
        let bytes = encode(&Type::POINT, &Point { x: -0.0, y: 1.5 }).unwrap();
        assert_eq!(&bytes[..], b"\x80\0\0\0\0\0\0\0\x3f\xf8\0\0\0\0\0\0");
        assert!(binary::<Point>(&Type::POINT, &bytes[..15]).is_err());
        assert!(binary::<Point>(&Type::POINT, &[0; 24]).is_err());
    }
}
