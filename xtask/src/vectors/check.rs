use std::{fs, path::PathBuf};

use serde_json::Value;
use trunkline_test_server::{Error, Result, npm};

use super::{
    families,
    source::{self, Source},
};
use crate::run;

/// Compares the files with their sources, as far as that takes no server.
pub(crate) fn check() -> Result<()> {
    let mut stale = Vec::new();
    for family in families()? {
        let source = Source::read(&family.source)?;
        let current = fs::read(&family.file).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let problem = match current {
            Some(file) => difference(&source, &file),
            None => Some("is not there, or no JSON".to_owned()),
        };
        stale.extend(problem.map(|problem| format!("{}.json {problem}", family.name)));
    }
    let known: Vec<PathBuf> = families()?.into_iter().map(|family| family.file).collect();
    let folder = npm::root().join("tests/vectors");
    let present = run::io(folder.display(), fs::read_dir(&folder))?.flatten().map(|entry| entry.path());
    let json = present.filter(|path| path.extension().is_some_and(|extension| extension == "json"));
    let stray = json.filter(|path| !known.contains(path));
    stale.extend(stray.map(|path| format!("{} has no source: remove it", path.display())));
    match stale.is_empty() {
        true => Ok(()),
        false => Err(Error::new(format!("{}\nRun: cargo xtask vectors", stale.join("\n")))),
    }
}

fn difference(source: &Source, file: &Value) -> Option<String> {
    let setup = file["setup"].as_array().into_iter().flatten().filter_map(Value::as_str);
    if !setup.eq(source.setup.iter().map(String::as_str)) {
        return Some("has another setup than its source".to_owned());
    }
    let wanted =
        source.sections.iter().flat_map(|section| section.values.iter().map(move |value| (section, value)));
    let wanted: Vec<_> = wanted.collect();
    let cases = file["cases"].as_array().map(Vec::as_slice).unwrap_or_default();
    if cases.len() != wanted.len() {
        return Some(format!("has {} values, its source has {}", cases.len(), wanted.len()));
    }
    let differs = |((section, value), case): &((&source::Section, &String), &Value)| {
        let input = match section.expressions {
            true => case["expression"] != ***value,
            // What any other expression gives, only a server can tell.
            false => source::constant(value).is_some_and(|literal| case["literal"] != *literal),
        };
        let since = case.get("since").and_then(Value::as_u64) != section.since.map(u64::from);
        let received = case.get("received").is_none() == section.not_received;
        case["type"] != *section.type_ || input || since || received
    };
    let ((section, value), _) = wanted.into_iter().zip(cases).find(differs)?;
    Some(format!("has something else than {} {value}", section.type_))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_committed_vectors_are_those_of_their_sources() {
        check().unwrap();
    }

    #[test]
    fn what_differs_is_told() {
        let section = |since| source::Section {
            type_: "int4".to_owned(),
            since,
            values: vec!["'1'".to_owned(), "repeat('2', 3)".to_owned()],
            ..source::Section::default()
        };
        let source = Source { sections: vec![section(None)], ..Source::default() };
        let file =
            |first: Value| json!({ "setup": [], "cases": [first, { "type": "int4", "literal": "222" }] });
        let told = |first: Value| difference(&source, &file(first));
        assert_eq!(told(json!({ "type": "int4", "literal": "1" })), None);
        let other = Some("has something else than int4 '1'".to_owned());
        assert_eq!(told(json!({ "type": "int4", "literal": "2" })), other);
        assert_eq!(told(json!({ "type": "int8", "literal": "1" })), other);
        assert_eq!(told(json!({ "type": "int4", "literal": "1", "since": 14 })), other);
        let later = Source { sections: vec![section(Some(14))], ..Source::default() };
        assert!(difference(&later, &file(json!({ "type": "int4", "literal": "1" }))).is_some());
        let setup = Source { setup: vec!["x".to_owned()], ..Source::default() };
        assert_eq!(
            difference(&setup, &json!({ "setup": [], "cases": [] })).as_deref(),
            Some("has another setup than its source")
        );
        let fewer = json!({ "setup": [], "cases": [] });
        assert_eq!(difference(&source, &fewer).as_deref(), Some("has 0 values, its source has 2"));
    }
}
