//! Ranges beside the crate postgres_range, as postgres-types has none; nobody has multiranges for it.

use std::ops::Bound;

use chrono::{DateTime, Utc};
use postgres_range::{BoundSided, BoundType, Normalizable, RangeBound};
use trunkline::types::{Multirange, Range, oid};

use crate::{
    bench::Bench,
    random::{Random, values},
    table::Target::Same,
};

pub(crate) fn run(bench: &mut Bench) {
    let own = values(1000, |random| range(random.int4() / 2, random));
    bench.each("int4range (postgres_range)", Same, oid::INT4RANGE, &own, &theirs(&own));
    let own = values(1000, |random| range(random.int8() / 2, random));
    bench.each("int8range (postgres_range)", Same, oid::INT8RANGE, &own, &theirs(&own));
    let own: Vec<Range<DateTime<Utc>>> = values(1000, |random| {
        let start = i64::from(random.below(u32::MAX));
        let moment = |seconds| DateTime::from_timestamp(seconds, 123_456_000).unwrap_or_default();
        Range::from(moment(start)..moment(start + 3600))
    });
    bench.each("tstzrange (postgres_range)", Same, oid::TSTZRANGE, &own, &theirs(&own));
    let multiranges: Vec<Multirange<i32>> = values(100, |random| {
        let start = random.int4() / 2;
        (0..10).map(|at| Range::from(start + 4 * at..start + 4 * at + 2)).collect()
    });
    bench.ours("int4multirange of 10", oid::INT4MULTIRANGE, &multiranges);
}

/// Every eighth of them without an end.
fn range<T: Copy + From<i8> + std::ops::Add<Output = T>>(start: T, random: &mut Random) -> Range<T> {
    if random.below(8) == 0 { Range::from(start..) } else { Range::from(start..start + T::from(100)) }
}

fn theirs<T: Copy + PartialOrd + Normalizable>(own: &[Range<T>]) -> Vec<postgres_range::Range<T>> {
    own.iter()
        .map(|range| match range {
            Range::Empty => postgres_range::Range::empty(),
            Range::Bounds { lower, upper } => postgres_range::Range::new(bound(lower), bound(upper)),
        })
        .collect()
}

fn bound<S: BoundSided, T: Copy + PartialOrd>(bound: &Bound<T>) -> Option<RangeBound<S, T>> {
    match *bound {
        Bound::Included(value) => Some(RangeBound::new(value, BoundType::Inclusive)),
        Bound::Excluded(value) => Some(RangeBound::new(value, BoundType::Exclusive)),
        Bound::Unbounded => None,
    }
}
