//! Every public method has an example in its documentation, or says whose example shows it.

use std::fs;
use std::path::{Path, PathBuf};

/// The driver, and the parts of core that it gives on.
const PUBLIC: &[&str] = &[
    "native/src",
    "core/src/config",
    "core/src/copy",
    "core/src/error",
    "core/src/row",
    "core/src/session",
    "core/src/sql",
    "core/src/types",
];

/// Files in which nobody who uses the driver reads, and why.
const EXCUSED: &[&str] = &[
    // Core's settings: the driver's `Config` has methods of the same names, with examples.
    "core/src/config/builder.rs",
    // What shells are made with.
    "core/src/row/batch.rs",
    // What the derive macros write calls of; hidden.
    "core/src/types/composite/encode.rs",
    "core/src/types/composite/fields.rs",
    "core/src/types/composite/in_order.rs",
    "core/src/types/enumeration.rs",
];

#[test]
fn every_public_method_has_an_example() {
    let (mut shown, mut missing) = (0, Vec::new());
    for path in PUBLIC.iter().flat_map(|directory| sources(&root().join(directory))) {
        let text = fs::read_to_string(&path).expect("a source file");
        let file = path.strip_prefix(root()).expect("below the root").display().to_string();
        if EXCUSED.contains(&file.as_str()) {
            continue;
        }
        for (number, item) in items(&text) {
            match item.has_example() {
                true => shown += 1,
                false => missing.push(format!("{file}:{number}: {}", item.head)),
            }
        }
    }
    assert!(missing.is_empty(), "no example, nor `the example of [`…`]`:\n{}", missing.join("\n"));
    assert!(shown > 500, "only {shown} were found: are they still written in the way that is looked for?");
}

/// A method's first line, and what stands above it.
struct Item<'a> {
    head: &'a str,
    above: Vec<&'a str>,
}

impl Item<'_> {
    /// Code that is compiled, or a link to the item that has it.
    fn has_example(&self) -> bool {
        let fences = self.above.iter().filter_map(|line| line.split_once("```"));
        let has_code = fences.step_by(2).any(|(_, language)| language != "text");
        has_code || self.above.iter().any(|line| line.contains("the example of [`"))
    }

    /// A public function, or, in a list that a macro makes methods of, what has documentation.
    fn is_public(&self, in_list: bool) -> bool {
        let is_function = FUNCTIONS.iter().any(|words| self.head.trim_start().starts_with(words));
        let is_listed = in_list && !self.above.is_empty() && self.head.starts_with("    ");
        let is_method = is_listed && self.head.as_bytes().get(4).is_some_and(u8::is_ascii_lowercase);
        // The macro itself gives on what the list says.
        (is_function || is_method) && !self.head.contains('$') && !self.above.contains(&"#[doc(hidden)]")
    }
}

const FUNCTIONS: &[&str] = &["pub fn ", "pub const fn ", "pub async fn "];

/// The public methods of a file, with the numbers of their lines.
fn items(text: &str) -> Vec<(usize, Item<'_>)> {
    let (mut items, mut above, mut in_list) = (Vec::new(), Vec::new(), false);
    for (line, number) in text.lines().zip(1..) {
        if line.starts_with("#[cfg(test)]") {
            break;
        }
        match line.strip_suffix("! {") {
            Some(name) if name.bytes().all(|byte| byte.is_ascii_lowercase()) => in_list = true,
            _ => in_list &= line != "}",
        }
        let code = line.trim_start();
        if code.starts_with("///") || code.starts_with("#[") {
            above.push(code);
        } else {
            let item = Item { head: line, above: std::mem::take(&mut above) };
            if item.is_public(in_list) {
                items.push((number, item));
            }
        }
    }
    items
}

fn sources(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).expect("a directory") {
        let path = entry.expect("an entry of it").path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("tests.rs") {
            found.push(path);
        }
    }
    found
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}
