//! Arrays of a thousand, as a `Vec`; and one that is short, where the header is most of it.

use trunkline::types::oid;
use uuid::Uuid;

use crate::{
    bench::Bench,
    random::{Random, values},
    table::Target::{Same, Scalar},
};

pub(crate) fn run(bench: &mut Bench) {
    bench.both(
        "int4[] of 10",
        Scalar,
        oid::INT4_ARRAY,
        &values(100, |random| list(10, random, Random::int4)),
    );
    bench.both("int4[] of 1000", Scalar, oid::INT4_ARRAY, &thousand(Random::int4));
    bench.both("int8[] of 1000", Scalar, oid::INT8_ARRAY, &thousand(Random::int8));
    bench.both("float8[] of 1000", Scalar, oid::FLOAT8_ARRAY, &thousand(Random::float8));
    bench.both("bool[] of 1000", Scalar, oid::BOOL_ARRAY, &thousand(|random| random.below(2) == 1));
    bench.both(
        "uuid[] of 1000",
        Scalar,
        oid::UUID_ARRAY,
        &thousand(|random| Uuid::from_bytes(random.bytes())),
    );
    let sparse = thousand(|random| (random.below(4) > 0).then(|| random.int4()));
    bench.both("int4[] of 1000, with NULLs", Scalar, oid::INT4_ARRAY, &sparse);
    let texts = thousand(|random| random.text(8, 40));
    bench.both("text[] of 1000 (String)", Same, oid::TEXT_ARRAY, &texts);
    let borrowed: Vec<Vec<&'static str>> =
        texts.into_iter().map(|texts| texts.into_iter().map(|text| &*text.leak()).collect()).collect();
    bench.both("text[] of 1000 (&str)", Same, oid::TEXT_ARRAY, &borrowed);
}

fn thousand<T>(make: impl FnMut(&mut Random) -> T + Copy) -> Vec<Vec<T>> {
    values(4, |random| list(1000, random, make))
}

fn list<T>(count: usize, random: &mut Random, mut make: impl FnMut(&mut Random) -> T) -> Vec<T> {
    (0..count).map(|_| make(random)).collect()
}
