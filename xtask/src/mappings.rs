//! `docs/types.md`: what every type of PostgreSQL becomes in Rust and in JavaScript.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;

/// The page, from `xtask/data/mappings.txt`; `base_types` are the built-in types that it must not leave out.
pub(crate) fn render<'a>(root: &Path, base_types: impl Iterator<Item = &'a str>) -> io::Result<String> {
    let path = root.join(MAPPINGS);
    let source = fs::read_to_string(&path)
        .map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", path.display())))?;
    let mut page = PREFACE.to_owned();
    let mut covered = BTreeSet::new();
    for line in source.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Some(section) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            _ = write!(page, "\n## {section}\n\n{HEAD}");
            continue;
        }
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let &[names, own, features, javascript, note] = cells.as_slice() else {
            return Err(bad(&format!("five cells are expected in: {line}")));
        };
        covered.extend(names.split(' '));
        _ = writeln!(page, "| {names} | {} | {javascript} | {note} |", rust(own, features));
    }
    match base_types.filter(|name| !covered.contains(name)).collect::<Vec<_>>().join(", ") {
        missing if missing.is_empty() => Ok(page),
        missing => Err(bad(&format!("no line tells of {missing}"))),
    }
}

fn rust(own: &str, features: &str) -> String {
    if features.is_empty() { own.to_owned() } else { format!("{own}; {features}") }
}

fn bad(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("{MAPPINGS}: {what}"))
}

const MAPPINGS: &str = "xtask/data/mappings.txt";

const HEAD: &str = "| type | Rust | JavaScript | to know |\n| --- | --- | --- | --- |\n";

const PREFACE: &str = "# Types

Written by `cargo xtask generate` from `xtask/data/mappings.txt`.

Every type of PostgreSQL 13 to 18 travels both ways, and nothing is lost by default but the microseconds of a `Date` of
JavaScript, which cannot hold them. The vectors in `tests/vectors` hold this: each value is decoded and encoded in Rust
and in JavaScript, and by real servers.

**In Rust** the types below are in `trunkline::types`; those of other crates need the feature of that crate
(`chrono-0_4`, `time-0_3`, `jiff-0_2`, `uuid-1`, `rust_decimal-1`, `bigdecimal-0_4`, `serde_json-1`, `geo-types-0_7`,
`ipnet-2`, `bit-vec-0_8`, `pgvector-0_4`). What those cannot hold (infinity, BC, 24:00, more digits) is an error, never
another value. `Value` holds any type at all, and displays it as the server does. NULL is `None` of an `Option`.

**In JavaScript** the options `int8`, `numeric`, `timestamps`, `dates`, `intervals` and `json`, of a connection or of a
single query, choose among the ways that are named below; `types` gives a type a codec of the program's. NULL is `null`.
Strings are accepted for every type, as text that the server reads.

Types that are not built in are learned from the catalogs when they are first met, all at once, in one query; connections
to one database can share what they learned: `connection.sharing(&types)` in Rust, `connect(url, { sharedTypes })` in
JavaScript. `reload_types()` (`reloadTypes()`) forgets them for all that share them, which only an `alter type` makes
necessary.
";
