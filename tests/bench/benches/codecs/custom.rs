//! Types of a database's own: of extensions, and enums.

use std::collections::HashMap;

use crate::{
    bench::Bench,
    random::{Random, values},
    side::{Ours, Theirs},
    table::Target::Same,
};

#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    trunkline::ToSql,
    trunkline::FromSql,
    postgres_types::ToSql,
    postgres_types::FromSql,
)]
#[trunkline(rename_all = "snake_case")]
#[postgres(name = "mood", rename_all = "snake_case")]
enum Mood {
    Sad,
    Ok,
    Happy,
    VeryHappy,
}

pub(crate) fn run(bench: &mut Bench) {
    let types = described("hstore", trunkline::types::Kind::Base, postgres_types::Kind::Simple);
    let maps = values(100, map);
    bench.pair("hstore of 10 (HashMap)", Same, types, &maps, &maps);

    let labels = ["sad", "ok", "happy", "very_happy"];
    let ours = trunkline::types::Kind::Enum(labels.iter().map(|&label| label.into()).collect());
    let theirs = postgres_types::Kind::Enum(labels.iter().map(|&label| label.into()).collect());
    let types = described("mood", ours, theirs);
    let moods = values(1000, |random| match random.below(4) {
        0 => Mood::Sad,
        1 => Mood::Ok,
        2 => Mood::Happy,
        _ => Mood::VeryHappy,
    });
    bench.pair("enum (derived)", Same, types, &moods, &moods);
}

/// A type that is not built in, for both sides.
pub(crate) fn described(
    name: &str,
    ours: trunkline::types::Kind,
    theirs: postgres_types::Kind,
) -> (Ours, Theirs) {
    let (schema, oid) = ("public", 16_400);
    let description = trunkline::types::Description {
        schema: schema.into(),
        name: name.into(),
        kind: ours,
        delimiter: b',',
        binary: true,
    };
    (
        Ours(trunkline::types::Type::described(oid, description)),
        Theirs(postgres_types::Type::new(name.into(), oid, theirs, schema.into())),
    )
}

fn map(random: &mut Random) -> HashMap<String, Option<String>> {
    let pair = |at| (format!("key {at}"), (at > 0).then(|| random.text(4, 20)));
    (0..10).map(pair).collect()
}
