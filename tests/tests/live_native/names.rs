//! Every method has a test that begins with its name, and every promise one with its number, on every version.

use std::fs;
use std::path::Path;

use trunkline_tests::live::VERSIONS;

/// What users find in the documentation, by the names that it has there.
const METHODS: &[&str] = &[
    "connect",
    "execute",
    "execute_script",
    "fetch",
    "fetch_row",
    "fetch_one",
    "fetch_val",
    "fetch_as",
    "execute_many",
    "fetch_many",
    "stream",
    "prepare",
    "explain",
    "cursor_fetch",
    "cursor_forward",
    "cursor_prefetch",
    "begin",
    "transaction",
    "savepoints",
    "drop",
    "batch_fails_fast",
    "batch_with_continue_on_error",
    "named_parameters",
    "copy_out",
    "copy_out_rows",
    "copy_in",
    "copy_in_finish",
    "copy_in_abort",
    "copy_in_rows",
    "copy_in_rows_coerce",
    "listen",
    "listener",
    "notify",
    "set_codec",
    "reload_types",
    "on_notice",
    "on_query",
    "on_close",
    "cancel_token",
    "timeout",
    "close",
    "terminate",
    "is_closed",
    "reset",
    "server_pid",
    "server_version",
    "parameter",
    "pool_connect",
    "pool_connector",
    "pool_min_size",
    "pool_max_size",
    "pool_min_idle",
    "pool_acquire_timeout",
    "pool_max_lifetime",
    "pool_max_inactive_lifetime",
    "pool_max_queries",
    "pool_ping_after",
    "pool_ping_timeout",
    "pool_idle_order",
    "pool_settle_timeout",
    "pool_open_timeout",
    "pool_leak_after",
    "pool_reset",
    "pool_init",
    "pool_close",
    "pool_detach",
    "pool_resize",
    "pool_reload_types",
    "stats",
];

/// The promise about other runtimes is JavaScript's alone.
const PROMISES: [u8; 23] =
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 23, 24];

/// Poolers are tested before the newest version alone.
const OF_POOLERS: u8 = 18;

#[test]
fn every_method_and_every_promise_has_a_test_of_its_name() {
    let mut source = String::new();
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/live_native"), &mut source);
    let tests: Vec<(&str, bool)> = source
        .split("#[test]\nfn ")
        .skip(1)
        .filter_map(|test| {
            let body = test.split("\n}\n").next()?;
            let everywhere = body.contains("on_every_version(") || body.contains("in VERSIONS");
            Some((test.split('(').next()?, everywhere))
        })
        .collect();
    assert!(VERSIONS.len() == 3 && tests.len() > 300, "{} tests", tests.len());
    let has = |begin: &str, everywhere: bool| {
        tests.iter().any(|(name, is)| name.starts_with(begin) && (*is || !everywhere))
    };
    let missing: Vec<String> = METHODS
        .iter()
        .map(|method| (format!("{method}_"), true))
        .chain(PROMISES.iter().map(|number| (format!("promise_{number:02}_"), *number != OF_POOLERS)))
        .filter(|(begin, everywhere)| !has(begin, *everywhere))
        .map(|(begin, _)| begin)
        .collect();
    assert!(missing.is_empty(), "no test on every version begins with {missing:?}");
}

fn read(folder: &Path, source: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read(&path, source);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            source.push_str(&fs::read_to_string(path).unwrap());
        }
    }
}
