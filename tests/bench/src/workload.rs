//! What is asked of the server, and what comes back.

use std::hint::black_box;

use clap::ValueEnum;
use serde::Serialize;

/// The SQL of the first three is that of MagicStack's pgbench, so that its published figures can be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "snake_case")]
#[value(rename_all = "snake_case")]
pub(crate) enum Workload {
    /// About 620 rows of 12 mixed columns: names, numbers, flags.
    PgType,
    /// 1,000 rows of one int4.
    GenerateSeries,
    /// One row of one int4, one query at a time: the cost of a round trip.
    #[value(name = "oneplusone")]
    #[serde(rename = "oneplusone")]
    OnePlusOne,
    /// The same with 100 in flight on each connection.
    Pipeline,
}

impl Workload {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::PgType => "pg_type",
            Self::GenerateSeries => "generate_series",
            Self::OnePlusOne => "oneplusone",
            Self::Pipeline => "pipeline",
        }
    }

    pub(crate) const fn sql(self) -> &'static str {
        match self {
            Self::PgType => {
                "select typname, typnamespace, typowner, typlen, typbyval, typcategory, typispreferred, \
                 typisdefined, typdelim, typrelid, typelem, typarray \
                 from pg_type where typtypmod = $1 and typisdefined = $2"
            }
            Self::GenerateSeries => "select i from generate_series(1, 1000) as i",
            Self::OnePlusOne | Self::Pipeline => "select 1+1",
        }
    }

    /// How many queries each connection keeps in flight.
    pub(crate) const fn in_flight(self) -> usize {
        match self {
            Self::Pipeline => 100,
            Self::PgType | Self::GenerateSeries | Self::OnePlusOne => 1,
        }
    }
}

/// The two arguments of `pg_type`, for `typtypmod` and `typisdefined`; the other workloads have none.
pub(crate) const PG_TYPE_ARGUMENTS: (i32, bool) = (-1, true);

/// One row of `pg_type`, every column in the type that a Rust program would take it as.
#[derive(Debug)]
pub(crate) struct PgType<'a> {
    pub(crate) name: &'a str,
    pub(crate) namespace: u32,
    pub(crate) owner: u32,
    pub(crate) len: i16,
    pub(crate) by_value: bool,
    pub(crate) category: i8,
    pub(crate) is_preferred: bool,
    pub(crate) is_defined: bool,
    pub(crate) delimiter: i8,
    pub(crate) relid: u32,
    pub(crate) elem: u32,
    pub(crate) array: u32,
}

/// Where a peer's decoded rows go.
pub(crate) trait Sink {
    fn pg_type(&mut self, row: PgType<'_>);
    fn int4(&mut self, value: i32);
}

/// The sink while the clock runs: every value is made, none is looked at.
pub(crate) struct Discard;

impl Sink for Discard {
    fn pg_type(&mut self, row: PgType<'_>) {
        black_box(row);
    }

    fn int4(&mut self, value: i32) {
        black_box(value);
    }
}

/// A checksum over every field of a result, the same in `js/digest.mjs`, so that no peer gains by decoding wrongly.
#[derive(Debug, Default)]
pub(crate) struct Digest(u32);

impl Digest {
    pub(crate) const fn value(&self) -> u32 {
        self.0
    }

    fn number(&mut self, value: i64) {
        let low = u32::try_from(value & 0xffff_ffff).unwrap_or_default();
        self.0 = self.0.wrapping_mul(31).wrapping_add(low);
    }

    fn text(&mut self, value: &str) {
        for byte in value.bytes() {
            self.number(byte.into());
        }
    }
}

impl Sink for Digest {
    fn pg_type(&mut self, row: PgType<'_>) {
        self.text(row.name);
        self.number(row.namespace.into());
        self.number(row.owner.into());
        self.number(row.len.into());
        self.number(row.by_value.into());
        self.number(row.category.into());
        self.number(row.is_preferred.into());
        self.number(row.is_defined.into());
        self.number(row.delimiter.into());
        self.number(row.relid.into());
        self.number(row.elem.into());
        self.number(row.array.into());
    }

    fn int4(&mut self, value: i32) {
        self.number(value.into());
    }
}
