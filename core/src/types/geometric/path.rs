use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

use bytes::{BufMut, BytesMut};

use super::{Point, binary, text};
use crate::error::BoxError;
use crate::types::codec::{Codec, ParseError, codec};
use crate::types::{Type, oid, problem};
use crate::wire::Malformed;

const NOT: ParseError = ParseError::not("a path, such as [(1,2),(3,4)] or ((1,2),(3,4))");

/// A path: lines from each point to the next, and, when it is closed, from the last to the first. See "Paths" in
/// ["Geometric Types"].
///
/// One without points is refused when it is sent.
///
/// ```
/// use trunkline_core::types::geometric::Path;
///
/// let path: Path = "[(0,0),(3,4),(3,0)]".parse()?;
/// assert_eq!((path.points.len(), path.closed), (3, false));
/// assert_eq!(Path { closed: true, ..path }.to_string(), "((0,0),(3,4),(3,0))");
/// # Ok::<(), trunkline_core::types::ParseError>(())
/// ```
///
/// ["Geometric Types"]: https://www.postgresql.org/docs/18/datatype-geometric.html
#[derive(Debug, Clone, PartialEq)]
pub struct Path {
    /// Its points, in their order.
    pub points: Vec<Point>,
    /// Whether the last point is connected to the first.
    pub closed: bool,
}

impl FromStr for Path {
    type Err = ParseError;

    /// Reads points in brackets, which is an open path, or in parentheses or neither, which is a closed one.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let read = text::whole(text, |text| text::points(text, true));
        read.map(|(points, is_open)| Self { points, closed: !is_open }).ok_or(NOT)
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.closed { "(" } else { "[" })?;
        text::write_points(f, &self.points)?;
        f.write_str(if self.closed { ")" } else { "]" })
    }
}

impl Codec for Path {
    #[inline]
    fn is(type_: &Type) -> bool {
        type_.oid() == oid::PATH
    }

    fn encode(&self, _type: &Type, out: &mut BytesMut) -> Result<(), BoxError> {
        out.put_u8(u8::from(self.closed));
        binary::put_points(self.points.iter().copied(), out)
    }

    fn decode(type_: &Type, raw: &[u8]) -> Result<Self, BoxError> {
        let (&closed, points) = raw.split_first().ok_or_else(|| problem::length(type_, raw.len()))?;
        let closed = match closed {
            0 => false,
            1 => true,
            _ => return Err(Malformed::Unknown("whether a path is closed").into()),
        };
        Ok(Self { points: binary::take_points(type_, points)?, closed })
    }
}

codec!(Path);

#[cfg(test)]
mod tests {
    use std::string::{String, ToString};

    use proptest::prelude::*;

    use super::super::testing::{arrives, is_refused, is_written, point};
    use super::*;
    use crate::types::testing::{binary, encode, survives};

    proptest! {
        #[test]
        fn paths_arrive_in_both_formats(points in prop::collection::vec(point(), 1..10), closed: bool) {
            arrives(&Type::PATH, &Path { points, closed });
        }

        #[test]
        fn any_bytes_are_survived(raw: Vec<u8>, text: String) {
            survives::<Path>(&Type::PATH, &raw);
            survives::<Path>(&Type::PATH, text.as_bytes());
        }
    }

    #[test]
    fn text_is_that_of_the_server() {
        let (open, closed) = ("[(1,2),(3,4)]", "((1,2),(3,4))");
        is_written::<Path>(&[
            ("[(1,2),(3,4)]", open),
            ("[1,2,3,4]", open),
            ("[(1,2),(3,4)) ", open),
            ("((1,2),(3,4))", closed),
            ("(1,2),(3,4)", closed),
            ("1,2,3,4", closed),
            ("(1,2,3,4)", closed),
            ("( (1,2) , (3,4) )", closed),
            ("((1,2),3,4)", closed),
            ("[1,2]", "[(1,2)]"),
            ("(1,2)", "((1,2))"),
            ("1,2", "((1,2))"),
        ]);
        is_refused::<Path>(&[
            "",
            "()",
            "[]",
            "(1,2),(3,4",
            "((1,2),(3,4)",
            "(((1,2),(3,4)))",
            "[((1,2),(3,4))]",
            "([(1,2),(3,4)])",
            "1,2,3",
            "(1,2)(3,4)",
            "((1,2),(3,4)]",
            "(1,2),",
        ]);
    }

    #[test]
    fn bytes_are_those_of_the_server() {
        let bytes = encode(&Type::PATH, &"[(1,2)]".parse::<Path>().unwrap()).unwrap();
        assert_eq!(&bytes[..], b"\0\0\0\0\x01\x3f\xf0\0\0\0\0\0\0\x40\0\0\0\0\0\0\0");
        for wrong in [&bytes[..20], &bytes[..4], b"\0\xff\xff\xff\xff", b"\0\x7f\xff\xff\xff"] {
            assert!(binary::<Path>(&Type::PATH, wrong).is_err());
        }
    }

    #[test]
    fn a_path_without_points_is_refused_before_it_is_sent() {
        let path = Path { points: Vec::new(), closed: true };
        let refused = path.encode(&Type::PATH, &mut BytesMut::new()).unwrap_err();
        assert_eq!(refused.to_string(), "it has no points, and the server takes none without");
    }
}
