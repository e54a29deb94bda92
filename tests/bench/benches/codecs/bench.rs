use std::{fs, hint::black_box, path::PathBuf};

use bytes::BytesMut;
use criterion::{BenchmarkId, Criterion};
use serde::Deserialize;

use crate::{
    clock::ThreadTime,
    side::{Ours, Side, Theirs},
    table::{Direction, Table, Target},
};

const OURS: &str = "trunkline";
const THEIRS: &str = "postgres-types";

/// Criterion, and what it found so far.
pub(crate) struct Bench {
    pub(crate) criterion: Criterion<ThreadTime>,
    /// Where criterion writes to.
    pub(crate) directory: PathBuf,
    pub(crate) round: usize,
    pub(crate) table: Table,
}

impl Bench {
    /// A host type that both sides have, as a built-in type.
    pub(crate) fn both<T>(&mut self, name: &'static str, target: Target, oid: u32, values: &[T])
    where
        T: trunkline::types::ToSql + trunkline::types::FromSql<'static>,
        T: PartialEq + postgres_types::ToSql + postgres_types::FromSql<'static>,
    {
        self.pair(name, target, built_in(oid), values, values);
    }

    /// A host type of ours beside theirs, with the same values.
    pub(crate) fn each<O, T>(
        &mut self,
        name: &'static str,
        target: Target,
        oid: u32,
        ours: &[O],
        theirs: &[T],
    ) where
        O: PartialEq + trunkline::types::ToSql + trunkline::types::FromSql<'static>,
        T: PartialEq + postgres_types::ToSql + postgres_types::FromSql<'static>,
    {
        self.pair(name, target, built_in(oid), ours, theirs);
    }

    /// A host type that only we have.
    pub(crate) fn ours<T>(&mut self, name: &'static str, oid: u32, values: &[T])
    where
        T: trunkline::types::ToSql + trunkline::types::FromSql<'static>,
    {
        let (ours, _) = built_in(oid);
        let raw = encoded(&ours, values);
        self.encode(name, OURS, &ours, values);
        self.decode::<T>(name, OURS, &ours, &raw);
        self.collect(name, Target::None, values.len());
    }

    /// All that there is to measure. Each side must read what the other writes as the same value; what both are measured
    /// with are the bytes that ours writes.
    pub(crate) fn pair<O, T>(
        &mut self,
        name: &'static str,
        target: Target,
        (ours, theirs): (Ours, Theirs),
        values: &[O],
        their_values: &[T],
    ) where
        O: PartialEq,
        T: PartialEq,
        Ours: Side<O>,
        Theirs: Side<T>,
    {
        let raw = encoded(&ours, values);
        let their_raw = encoded(&theirs, their_values);
        let read: Vec<O> = their_raw.iter().map(|raw| ours.decode(raw)).collect();
        assert!(read == values, "{name}: what the other writes is read as something else");
        let read: Vec<T> = raw.iter().map(|raw| theirs.decode(raw)).collect();
        assert!(read == their_values, "{name}: what is written is something else to the other");
        // They take turns, and another one begins each round.
        if self.round.is_multiple_of(2) {
            self.encode(name, OURS, &ours, values);
            self.encode(name, THEIRS, &theirs, their_values);
            self.decode::<O>(name, OURS, &ours, &raw);
            self.decode::<T>(name, THEIRS, &theirs, &raw);
        } else {
            self.encode(name, THEIRS, &theirs, their_values);
            self.encode(name, OURS, &ours, values);
            self.decode::<T>(name, THEIRS, &theirs, &raw);
            self.decode::<O>(name, OURS, &ours, &raw);
        }
        self.collect(name, target, values.len());
    }

    fn encode<T>(&mut self, name: &str, side: &str, codec: &impl Side<T>, values: &[T]) {
        let mut out = BytesMut::new();
        let id = BenchmarkId::new(side, self.round);
        self.criterion.benchmark_group(group(name, Direction::Encode)).bench_function(id, |bencher| {
            bencher.iter(|| {
                out.clear();
                for value in values {
                    codec.encode(value, &mut out);
                }
                black_box(&out);
            });
        });
    }

    fn decode<T>(&mut self, name: &str, side: &str, codec: &impl Side<T>, raw: &[&'static [u8]]) {
        let id = BenchmarkId::new(side, self.round);
        self.criterion.benchmark_group(group(name, Direction::Decode)).bench_function(id, |bencher| {
            bencher.iter(|| {
                for raw in raw {
                    black_box(codec.decode(raw));
                }
            });
        });
    }

    /// Takes criterion's medians of this round, of what its arguments let run, for one value.
    fn collect(&mut self, name: &'static str, target: Target, values: usize) {
        for direction in [Direction::Encode, Direction::Decode] {
            let [ours, theirs] = [OURS, THEIRS].map(|side| self.median(name, side, direction));
            let count = f64::from(u32::try_from(values).unwrap_or(u32::MAX));
            let [ours, theirs] = [ours, theirs].map(|found| found.map(|nanoseconds| nanoseconds / count));
            self.table.add(name, direction, target, ours, theirs);
        }
    }

    fn median(&self, name: &str, side: &str, direction: Direction) -> Option<f64> {
        let round = self.round.to_string();
        let parts = [&group(name, direction), side, &round, "new", "estimates.json"];
        let file = self.directory.join(parts.iter().collect::<PathBuf>());
        let estimates: Estimates = serde_json::from_str(&fs::read_to_string(file).ok()?).ok()?;
        Some(estimates.median.point_estimate)
    }
}

/// What criterion keeps of a run, as far as it is wanted here.
#[derive(Deserialize)]
struct Estimates {
    median: Estimate,
}

#[derive(Deserialize)]
struct Estimate {
    point_estimate: f64,
}

/// Criterion's name of it, and the directory's: without what no directory's name has.
fn group(name: &str, direction: Direction) -> String {
    format!("{name} {}", direction.name()).replace(['<', '>', '"'], "_")
}

fn built_in(oid: u32) -> (Ours, Theirs) {
    let theirs = postgres_types::Type::from_oid(oid).unwrap_or(postgres_types::Type::UNKNOWN);
    (Ours(trunkline::types::Type::from_oid(oid)), Theirs(theirs))
}

/// The bytes of each value, one after the other with their lengths between them, as the rows of a result are.
fn encoded<T>(codec: &impl Side<T>, values: &[T]) -> Vec<&'static [u8]> {
    let mut all = BytesMut::new();
    let mut places = Vec::new();
    for value in values {
        all.extend_from_slice(&[0; 4]);
        let start = all.len();
        codec.encode(value, &mut all);
        places.push(start..all.len());
    }
    let all: &'static [u8] = Vec::leak(all.to_vec());
    places.into_iter().map(|place| all.get(place).unwrap_or_default()).collect()
}
