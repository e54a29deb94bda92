//! Geometric types, and vectors.

use geo_types::{Coord, LineString, Point, Rect};
use pgvector::Vector;
use trunkline::types::{geometric, oid};

use crate::{
    bench::Bench,
    custom,
    random::{Random, values},
    table::Target::Same,
};

pub(crate) fn run(bench: &mut Bench) {
    let points = values(1000, |random| Point(coord(random)));
    bench.both("point (geo-types)", Same, oid::POINT, &points);
    let own: Vec<geometric::Point> = points.iter().map(|&point| point.into()).collect();
    bench.each("point (own, geo-types)", Same, oid::POINT, &own, &points);

    let boxes = values(1000, |random| Rect::new(coord(random), coord(random)));
    bench.both("box (geo-types)", Same, oid::BOX, &boxes);
    let paths = values(100, |random| LineString((0..20).map(|_| coord(random)).collect()));
    bench.both("path of 20 (geo-types)", Same, oid::PATH, &paths);

    let types = custom::described("vector", trunkline::types::Kind::Base, postgres_types::Kind::Simple);
    let vectors = values(20, |random| Vector::from((0..768).map(|_| small(random)).collect::<Vec<_>>()));
    bench.pair("vector of 768 (pgvector)", Same, types.clone(), &vectors, &vectors);
    let vectors = values(1000, |random| Vector::from((0..3).map(|_| small(random)).collect::<Vec<_>>()));
    bench.pair("vector of 3 (pgvector)", Same, types, &vectors, &vectors);
}

fn coord(random: &mut Random) -> Coord {
    Coord { x: random.float8(), y: random.float8() }
}

fn small(random: &mut Random) -> f32 {
    f32::from(random.bytes::<1>()[0]) / 256.0
}
