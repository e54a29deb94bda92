//! Arrays of a thousand, as a `Vec`; and one that is short, where the header is most of it.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use trunkline::types::{TimestampTz, oid};
use uuid::Uuid;

use crate::{
    bench::Bench,
    random::{Random, values},
    table::Target::{Same, Scalar},
};

pub(crate) fn run(bench: &mut Bench) {
    bench.both("int4[] of 3", Scalar, oid::INT4_ARRAY, &values(100, |random| list(3, random, Random::int4)));
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
    let seconds = |random: &mut Random| i64::from(random.below(u32::MAX));
    let moments: Vec<Vec<DateTime<Utc>>> =
        thousand(|random| DateTime::from_timestamp(seconds(random), 0).unwrap_or_default());
    let own: Vec<Vec<TimestampTz>> = moments
        .iter()
        .map(|moments| moments.iter().filter_map(|&moment| moment.try_into().ok()).collect())
        .collect();
    bench.both("timestamptz[] of 1000 (chrono)", Scalar, oid::TIMESTAMPTZ_ARRAY, &moments);
    bench.each("timestamptz[] of 1000 (own)", Scalar, oid::TIMESTAMPTZ_ARRAY, &own, &moments);
    let decimals = thousand(|random| Decimal::new(random.int8() / 1024, 1 + random.below(6)));
    bench.both("numeric[] of 1000", Same, oid::NUMERIC_ARRAY, &decimals);
    let texts = thousand(|random| random.text(8, 40));
    let short: Vec<Vec<String>> = values(100, |random| list(3, random, |random| random.text(8, 40)));
    bench.both("text[] of 3 (String)", Same, oid::TEXT_ARRAY, &short);
    let bytes: Vec<Vec<Vec<u8>>> =
        texts.iter().map(|texts| texts.iter().cloned().map(String::into_bytes).collect()).collect();
    bench.both("bytea[] of 1000 (Vec<u8>)", Same, oid::BYTEA_ARRAY, &bytes);
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
