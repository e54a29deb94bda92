//! The README's Rust example is the one in native/examples/readme.rs, and does what it says.

use trunkline_tests::live::on_every_version;

#[path = "../../native/examples/readme.rs"]
#[expect(dead_code, reason = "its main is for cargo run --example")]
mod example;

#[test]
fn the_example_of_the_readme_runs() {
    on_every_version(async |server| {
        let lines = example::example(&server.url()).await.unwrap();
        assert_eq!(lines, ["Ada likes maths and engines"]);
    });
}

#[test]
fn the_example_stands_in_the_readme_as_it_is_compiled() {
    let readme = include_str!("../../README.md");
    let source = include_str!("../../native/examples/readme.rs");
    let start = source.find("use trunkline::Connection;").unwrap();
    let end = source.find("\n#[tokio::main").unwrap();
    assert!(readme.contains(&format!("```rust\n{}```", &source[start..end])));
}
