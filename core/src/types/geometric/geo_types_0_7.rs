//! The shapes of the crate geo-types: a `Coord` and a `Point` are a point, a `Line` is a lseg, a `Rect` is a box, a
//! `LineString` is a path, and a `Polygon` without holes is a polygon.

use alloc::vec::Vec;

use bytes::{BufMut, BytesMut};
use geo_types::{Coord, Line, LineString, Point, Polygon, Rect};

use super::{Box, LineSegment, Path, binary};
use crate::error::BoxError;
use crate::types::codec::Codec;
use crate::types::{ArrayElement, FromSql, ToSql, Type, problem};
use crate::wire::{Format, IsNull};

macro_rules! shapes {
    ($($type:ty, $own:ty, $encode:expr, $decode:expr;)*) => {$(
        impl ToSql for $type {
            #[inline]
            fn accepts(&self, type_: &Type) -> bool {
                <$own as Codec>::is(type_)
            }

            #[inline]
            fn to_sql(&self, type_: &Type, out: &mut BytesMut) -> Result<IsNull, BoxError> {
                $encode(self, type_, out)?;
                Ok(IsNull::No)
            }
        }

        impl<'a> FromSql<'a> for $type {
            #[inline]
            fn accepts(type_: &Type) -> bool {
                <$own as Codec>::is(type_)
            }

            #[inline]
            fn from_sql(type_: &Type, format: Format, raw: &'a [u8]) -> Result<Self, BoxError> {
                Self::from_sql_owned(type_, format, raw)
            }

            #[inline]
            fn from_sql_owned(type_: &Type, format: Format, raw: &[u8]) -> Result<Self, BoxError> {
                match format {
                    Format::Binary => $decode(type_, raw),
                    Format::Text => problem::parse::<$own>(type_, raw).map(Self::from),
                }
            }
        }

        impl ArrayElement for $type {}
    )*};
}

shapes! {
    Coord, super::Point, |&coord, type_, out| super::Point::from(coord).encode(type_, out), own::<super::Point, _>;
    Point, super::Point, |point: &Point, type_, out| super::Point::from(point.0).encode(type_, out), own::<super::Point, _>;
    Line, LineSegment, |&line, type_, out| LineSegment::from(line).encode(type_, out), own::<LineSegment, _>;
    Rect, Box, |&rect, type_, out| Box::from(rect).encode(type_, out), rect;
    LineString, Path, |line, _, out| path(line, out), own::<Path, _>;
    Polygon, super::Polygon, |shape, _, out| polygon(shape, out), own::<super::Polygon, _>;
}

/// What is read as one of ours first.
#[inline]
fn own<O: Codec, T: From<O>>(type_: &Type, raw: &[u8]) -> Result<T, BoxError> {
    O::decode(type_, raw).map(T::from)
}

/// A `Rect` sorts its corners itself.
#[inline]
fn rect(type_: &Type, raw: &[u8]) -> Result<Rect, BoxError> {
    let [a, b, c, d] = binary::take(type_, raw)?;
    Ok(Rect::new(Coord { x: a, y: b }, Coord { x: c, y: d }))
}

/// An open path: a line that ends where it begins has that point twice.
fn path(line: &LineString, out: &mut BytesMut) -> Result<(), BoxError> {
    out.put_u8(0);
    binary::put_points(line.0.iter().map(|&coord| coord.into()), out)
}

/// The last point of a `Polygon` is its first again, which PostgreSQL's has only once.
fn polygon(polygon: &Polygon, out: &mut BytesMut) -> Result<(), BoxError> {
    if !polygon.interiors().is_empty() {
        return Err("it has holes, which a polygon of PostgreSQL cannot have".into());
    }
    let points = match polygon.exterior().0.as_slice() {
        [points @ .., _] if !points.is_empty() => points,
        points => points,
    };
    binary::put_points(points.iter().map(|&coord| coord.into()), out)
}

impl From<Coord> for super::Point {
    #[inline]
    fn from(Coord { x, y }: Coord) -> Self {
        Self { x, y }
    }
}

impl From<super::Point> for Coord {
    #[inline]
    fn from(super::Point { x, y }: super::Point) -> Self {
        Self { x, y }
    }
}

impl From<Point> for super::Point {
    #[inline]
    fn from(point: Point) -> Self {
        point.0.into()
    }
}

impl From<super::Point> for Point {
    #[inline]
    fn from(point: super::Point) -> Self {
        Self(point.into())
    }
}

impl From<Line> for LineSegment {
    #[inline]
    fn from(line: Line) -> Self {
        Self { start: line.start.into(), end: line.end.into() }
    }
}

impl From<LineSegment> for Line {
    #[inline]
    fn from(segment: LineSegment) -> Self {
        Self { start: segment.start.into(), end: segment.end.into() }
    }
}

impl From<Rect> for Box {
    #[inline]
    fn from(rect: Rect) -> Self {
        Self::new(rect.max().into(), rect.min().into())
    }
}

impl From<Box> for Rect {
    #[inline]
    fn from(corners: Box) -> Self {
        Self::new(Coord::from(corners.low()), Coord::from(corners.high()))
    }
}

impl From<Path> for LineString {
    /// A closed path goes back to its first point.
    #[inline]
    fn from(path: Path) -> Self {
        let mut coords: Vec<Coord> = path.points.into_iter().map(Coord::from).collect();
        coords.extend(coords.first().copied().filter(|_| path.closed));
        Self(coords)
    }
}

impl From<super::Polygon> for Polygon {
    #[inline]
    fn from(polygon: super::Polygon) -> Self {
        Self::new(polygon.points.into_iter().map(Coord::from).collect(), [].into())
    }
}

#[cfg(test)]
mod tests {
    use std::string::ToString;
    use std::vec;

    use proptest::prelude::*;

    use super::*;
    use crate::types::testing::{binary, encode, round_trip, survives, text};

    fn coord() -> impl Strategy<Value = Coord> {
        (-1e9..1e9_f64, -1e9..1e9_f64).prop_map(|(x, y)| Coord { x, y })
    }

    proptest! {
        #[test]
        fn shapes_arrive(coords in prop::collection::vec(coord(), 2..10)) {
            let (start, end) = (coords[0], coords[1]);
            prop_assert_eq!(round_trip(&Type::POINT, &start), start);
            prop_assert_eq!(round_trip(&Type::POINT, &Point(start)), Point(start));
            prop_assert_eq!(round_trip(&Type::LSEG, &Line { start, end }), Line { start, end });
            prop_assert_eq!(round_trip(&Type::BOX, &Rect::new(start, end)), Rect::new(start, end));
            let line = LineString(coords);
            prop_assert_eq!(&round_trip(&Type::PATH, &line), &line);
            let polygon = Polygon::new(line, vec![]);
            prop_assert_eq!(&round_trip(&Type::POLYGON, &polygon), &polygon);
        }

        #[test]
        fn any_bytes_are_survived(raw: Vec<u8>) {
            survives::<Point>(&Type::POINT, &raw);
            survives::<Rect>(&Type::BOX, &raw);
            survives::<LineString>(&Type::PATH, &raw);
            survives::<Polygon>(&Type::POLYGON, &raw);
        }
    }

    #[test]
    fn a_polygon_has_its_first_point_once() {
        let polygon = text::<Polygon>(&Type::POLYGON, b"((0,0),(3,4),(3,0))").unwrap();
        assert_eq!(polygon.exterior().0.len(), 4);
        let bytes = encode(&Type::POLYGON, &polygon).unwrap();
        let sent = binary::<super::super::Polygon>(&Type::POLYGON, &bytes).unwrap();
        assert_eq!(sent.to_string(), "((0,0),(3,4),(3,0))");
        let single = text::<Polygon>(&Type::POLYGON, b"((1,2))").unwrap();
        assert_eq!(round_trip(&Type::POLYGON, &single), single);
    }

    #[test]
    fn a_closed_path_goes_back_to_its_first_point() {
        let closed = text::<LineString>(&Type::PATH, b"((0,0),(3,4))").unwrap();
        assert_eq!(closed, LineString::from(vec![(0.0, 0.0), (3.0, 4.0), (0.0, 0.0)]));
    }

    #[test]
    fn what_postgresql_cannot_hold_is_refused() {
        let refused =
            |value: &dyn ToSql, type_| value.to_sql(&type_, &mut BytesMut::new()).unwrap_err().to_string();
        let hole = LineString::from(vec![(1.0, 1.0), (1.0, 2.0), (2.0, 2.0)]);
        let polygon = Polygon::new(hole.clone(), vec![hole]);
        assert_eq!(
            refused(&polygon, Type::POLYGON),
            "it has holes, which a polygon of PostgreSQL cannot have"
        );
        let empty = "it has no points, and the server takes none without";
        assert_eq!(refused(&LineString(vec![]), Type::PATH), empty);
        assert_eq!(refused(&Polygon::new(LineString(vec![]), vec![]), Type::POLYGON), empty);
    }
}
