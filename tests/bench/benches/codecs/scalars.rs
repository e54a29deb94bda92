//! Values of a fixed length that are a number, or as good as one.

use rust_decimal::Decimal;
use trunkline::types::{Numeric, PgLsn, oid};
use uuid::Uuid;

use crate::{
    bench::Bench,
    random::values,
    table::Target::{Same, Scalar},
};

pub(crate) fn run(bench: &mut Bench) {
    bench.both("bool", Scalar, oid::BOOL, &values(1000, |random| random.below(2) == 1));
    bench.both("int2", Scalar, oid::INT2, &values(1000, |random| i16::from_le_bytes(random.bytes())));
    bench.both("int4", Scalar, oid::INT4, &values(1000, |random| random.int4()));
    bench.both("int8", Scalar, oid::INT8, &values(1000, |random| random.int8()));
    bench.both("oid", Scalar, oid::OID, &values(1000, |random| random.below(u32::MAX)));
    bench.both("float4", Scalar, oid::FLOAT4, &values(1000, |random| f32::from(random.bytes::<1>()[0])));
    bench.both("float8", Scalar, oid::FLOAT8, &values(1000, |random| random.float8()));
    bench.both("int4 or NULL, as Option", Scalar, oid::INT4, &values(1000, |random| Some(random.int4())));

    let decimals = values(1000, |random| Decimal::new(random.int8() / 1024, 1 + random.below(6)));
    bench.both("numeric (rust_decimal)", Same, oid::NUMERIC, &decimals);
    let own: Vec<Numeric> = decimals.iter().filter_map(|decimal| decimal.to_string().parse().ok()).collect();
    bench.each("numeric (own, rust_decimal)", Same, oid::NUMERIC, &own, &decimals);

    let bytes = values(1000, |random| random.bytes::<16>());
    let uuids: Vec<Uuid> = bytes.iter().copied().map(Uuid::from_bytes).collect();
    let own: Vec<_> = bytes.iter().copied().map(trunkline::types::Uuid).collect();
    bench.both("uuid (uuid)", Scalar, oid::UUID, &uuids);
    bench.each("uuid (own, uuid)", Scalar, oid::UUID, &own, &uuids);

    let positions = values(1000, |random| random.next());
    let own: Vec<_> = positions.iter().copied().map(PgLsn).collect();
    let theirs: Vec<_> = positions.iter().copied().map(postgres_types::PgLsn::from).collect();
    bench.each("pg_lsn (own)", Scalar, oid::PG_LSN, &own, &theirs);
    bench.both("\"char\"", Same, oid::CHAR, &values(1000, |random| i8::from_le_bytes(random.bytes())));
}
