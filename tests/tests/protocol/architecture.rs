//! The arrows between crates, and between the modules of core: who may import whom.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The modules of core by layer: each may import from the layers above its own (those with lower numbers).
const LAYERS: &[&[&str]] = &[
    &["time", "error", "wire"],
    &["message", "types", "config", "sql", "generated"],
    &["auth", "row", "copy", "statement", "trace"],
    &["pipeline", "session", "flow"],
    &["operation"],
    &["connection"],
];

/// Neighbours in a layer that may know each other, and why.
const NEIGHBOURS: &[(&str, &str)] = &[
    // A protocol error holds what the reader found wrong.
    ("error", "wire"),
    // The table of types is made of types, and types are looked up in it.
    ("generated", "types"),
    ("types", "generated"),
    // A statement's description has its result's columns.
    ("statement", "row"),
    // COPY data in binary is made of rows.
    ("copy", "row"),
];

/// `pool` stands beside the layers: it knows a `ConnectionId`, never a `Connection`.
const POOL: &[&str] = &["time", "error", "wire", "config"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn sources(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).unwrap_or_else(|error| panic!("{}: {error}", directory.display())) {
        let path = entry.expect("a directory's entry").path();
        if path.is_dir() {
            if path.file_name().is_none_or(|name| name != "target" && name != "node_modules") {
                found.extend(sources(&path));
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

/// The lines of a file that are code.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// The module of core that a file belongs to.
fn module(path: &Path) -> Option<String> {
    let core = root().join("core/src");
    let first = path.strip_prefix(core).ok()?.components().next()?;
    let name = Path::new(first.as_os_str()).file_stem()?.to_str()?;
    (name != "lib").then(|| name.to_string())
}

/// The macros that core exports.
const MACROS: [&str; 2] = ["impl_parameters", "named"];

/// Every `crate::name` in some code, those in `crate::{a, b::{c}}` included.
fn imports(code: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (at, prefix) in code.match_indices("crate::") {
        let before = code[..at].chars().next_back();
        if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '$') {
            continue;
        }
        let rest = &code[at + prefix.len()..];
        match rest.strip_prefix('{') {
            Some(list) => found.extend(listed(list)),
            None => {
                found.insert(identifier(rest));
            }
        }
    }
    // Types and macros that the crate exports are no modules.
    found.retain(|name| {
        name.starts_with(|c: char| c.is_ascii_lowercase()) && !MACROS.contains(&name.as_str())
    });
    found
}

/// The first identifier of each item of a list in braces.
fn listed(list: &str) -> Vec<String> {
    let (mut depth, mut item, mut items) = (0, String::new(), Vec::new());
    for c in list.chars() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => items.push(std::mem::take(&mut item)),
            c if depth == 0 => item.push(c),
            _ => {}
        }
    }
    items.push(item);
    items.iter().map(|item| identifier(item.trim_start())).collect()
}

fn identifier(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

fn layer(module: &str) -> usize {
    let found = LAYERS.iter().position(|modules| modules.contains(&module));
    found.unwrap_or_else(|| panic!("core's module {module} is in no layer: put it into the table"))
}

fn may_import(module: &str, other: &str) -> bool {
    if module == other {
        return true;
    }
    if module == "pool" {
        return POOL.contains(&other);
    }
    layer(other) < layer(module) || NEIGHBOURS.contains(&(module, other))
}

#[test]
fn a_module_of_core_imports_only_from_the_layers_above_its_own() {
    let files = sources(&root().join("core/src"));
    assert!(files.len() > 50, "core was found");
    let wrong: BTreeSet<String> = files
        .iter()
        .filter_map(|path| Some((module(path)?, path)))
        .flat_map(|(module, path)| {
            let others = imports(&code(path)).into_iter();
            others
                .filter(|other| !may_import(&module, other))
                .map(|other| format!("{module} imports {other} ({})", path.display()))
                .collect::<Vec<_>>()
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_module_that_lib_declares_has_a_layer() {
    let lib = code(&root().join("core/src/lib.rs"));
    let declared = lib.lines().filter_map(|line| {
        let line = line.strip_prefix("pub ").unwrap_or(line);
        line.strip_prefix("mod ")?.strip_suffix(';')
    });
    for module in declared.filter(|module| *module != "pool") {
        layer(module);
    }
}

#[test]
fn core_knows_no_io_no_clock_and_no_chance() {
    let lib = fs::read_to_string(root().join("core/src/lib.rs")).expect("core's lib.rs");
    assert!(lib.contains("#![no_std]") && lib.contains("#![forbid(unsafe_code)]"));
    for path in sources(&root().join("core/src")) {
        let code = code(&path);
        let shipped = code.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
        for word in [
            "std::net",
            "std::io",
            "std::time",
            "tokio",
            "SystemTime",
            "Instant::now",
            "rand::",
            "unsafe {",
            "unsafe fn",
            "unsafe impl",
        ] {
            assert!(!shipped.contains(word), "{} has {word}", path.display());
        }
    }
    let shipped = dependencies("core");
    for name in ["tokio", "rand", "getrandom", "wasm-bindgen", "futures-util", "tracing"] {
        assert!(!shipped.contains(name), "core depends on {name}");
    }
    let manifest = fs::read_to_string(root().join("Cargo.toml")).expect("the workspace's manifest");
    for name in shipped.iter().filter(|name| *name != "uuid") {
        let line = manifest.lines().find(|line| line.starts_with(&format!("{name} = ")));
        let line = line.unwrap_or_else(|| panic!("{name} is a dependency of the workspace"));
        assert!(line.contains("default-features = false"), "{name} may bring std: {line}");
    }
}

#[test]
fn crates_point_only_to_core() {
    assert!(dependencies("core").iter().all(|name| !name.starts_with("trunkline")));
    for (shell, others) in
        [("native", ["trunkline-wasm", "trunkline-tests"]), ("wasm", ["trunkline", "trunkline-tests"])]
    {
        let dependencies = dependencies(shell);
        assert!(others.iter().all(|other| !dependencies.contains(*other)), "{shell}: {dependencies:?}");
    }
    for package in ["core", "native", "wasm"] {
        let manifest = fs::read_to_string(root().join(package).join("Cargo.toml")).expect("a manifest");
        assert!(!manifest.contains("trunkline-tests"), "{package} imports the tests");
    }
}

/// The names in a package's `[dependencies]`.
fn dependencies(package: &str) -> BTreeSet<String> {
    let manifest = fs::read_to_string(root().join(package).join("Cargo.toml")).expect("a manifest");
    let lines = manifest.lines().skip_while(|line| line.trim() != "[dependencies]").skip(1);
    lines
        .take_while(|line| !line.starts_with('['))
        .filter(|line| !line.starts_with('#') && !line.trim().is_empty())
        .map(|line| line.split(['.', ' ', '=']).next().unwrap_or_default().to_string())
        .collect()
}
