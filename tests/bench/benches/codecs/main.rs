//! The codecs of every family beside postgres-types', on the same bytes, each through its own traits.
//!
//! `cargo xtask bench codecs`; README.md tells how it is measured. Criterion's arguments are taken too.

mod arrays;
mod bench;
mod clock;
mod composites;
mod custom;
mod dates;
mod documents;
mod networks;
mod random;
mod ranges;
mod scalars;
mod shapes;
mod side;
mod table;

use std::{fs, path::PathBuf, time::Duration};

use criterion::Criterion;

use crate::{bench::Bench, clock::ThreadTime, table::Table};

const ROUNDS: usize = 3;

fn main() {
    let directory = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("codecs");
    // What another run found is not to be taken for this one's; if there was none, there is nothing to remove.
    let _ = fs::remove_dir_all(&directory);
    let criterion = Criterion::default()
        .with_measurement(ThreadTime)
        .output_directory(&directory)
        .without_plots()
        .sample_size(30)
        .nresamples(1000)
        .warm_up_time(Duration::from_millis(100))
        .measurement_time(Duration::from_millis(250))
        .configure_from_args();
    let mut bench = Bench { criterion, directory, round: 0, table: Table::default() };
    for round in 0..ROUNDS {
        bench.round = round;
        scalars::run(&mut bench);
        documents::run(&mut bench);
        dates::run(&mut bench);
        networks::run(&mut bench);
        shapes::run(&mut bench);
        custom::run(&mut bench);
        composites::run(&mut bench);
        ranges::run(&mut bench);
        arrays::run(&mut bench);
    }
    println!("\n{}", bench.table);
}
