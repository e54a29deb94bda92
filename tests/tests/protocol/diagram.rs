//! docs/architecture.md shows the reply grammar as it is.

use std::path::Path;

use trunkline_core::expect;

#[test]
fn the_documentation_shows_the_grammar_as_it_is() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/architecture.md");
    let page = std::fs::read_to_string(&path).expect("docs/architecture.md is there");
    let (_, after) = page.split_once("<!-- expect -->\n").expect("the page has <!-- expect -->");
    let (block, _) = after.split_once("<!-- /expect -->").expect("the page has <!-- /expect -->");
    let mut printed = String::from("```mermaid\n");
    expect::diagram(&mut printed).expect("a String takes all");
    printed.push_str("```\n");
    assert_eq!(block, printed, "put this between the markers of {}:\n{printed}", path.display());
}
