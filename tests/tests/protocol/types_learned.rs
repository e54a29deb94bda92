//! Types that are not built in are learned before anything of them is shown.

mod again;
mod blocks;
mod failures;
mod flights;
mod once;
mod rows;

use trunkline_core::types::Type;
use trunkline_core::wire::Format;
use trunkline_tests::backend::catalog::MOOD;
use trunkline_tests::messages as m;

const INTROSPECTION: [&str; 4] =
    ["Parse(unnamed: introspection [oid[]])", "Bind(unnamed, 1 b→b)", "Execute", "Sync"];

fn happy() -> Vec<Option<Vec<u8>>> {
    vec![Some(b"happy".to_vec())]
}

/// An enum's two rows of the catalog.
fn mood() -> Vec<u8> {
    let label = |label: &str| {
        let oid = MOOD.to_be_bytes();
        let zero = [0; 4];
        let values: [Option<&[u8]>; 8] = [
            Some(&oid),
            Some(b"e"),
            Some(b"public"),
            Some(b"mood"),
            Some(b","),
            Some(&[1]),
            Some(label.as_bytes()),
            Some(&zero),
        ];
        m::row(&values)
    };
    [m::parsed(), m::bound(), label("sad"), label("happy"), m::complete("SELECT 2"), m::ready()].concat()
}

fn custom(oid: u32, format: Format) -> Vec<u8> {
    m::columns(&[("custom", Type::from_oid(oid))], format)
}

fn count(sent: &[String], message: &str) -> usize {
    sent.iter().filter(|sent| sent.starts_with(message)).count()
}
