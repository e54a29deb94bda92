use std::{
    fs,
    path::{Path, PathBuf},
};

use trunkline_test_server::{Error, Result, npm};

use crate::run;

/// core gets its input, its clock and its entropy as arguments. Even in a comment or a test these words would be a
/// sign that it is about to get them by itself.
const FORBIDDEN: [&str; 6] = ["std::net", "tokio", "Instant::now", "SystemTime", "rand", "unsafe"];

/// Fails when a file of core has one of the words.
pub(crate) fn check() -> Result<()> {
    let mut findings = Vec::new();
    for path in files(&npm::root().join("core/src"))? {
        let text = run::io(path.display(), fs::read_to_string(&path))?;
        let shown = path.strip_prefix(npm::root()).unwrap_or(&path).display().to_string();
        for (line, number) in text.lines().zip(1..) {
            let words = FORBIDDEN.iter().filter(|word| contains_word(line, word));
            findings.extend(words.map(|word| format!("{shown}:{number}: {word}: {}", line.trim())));
        }
    }
    if findings.is_empty() {
        return Ok(());
    }
    Err(Error::new(format!("core must not know of these:\n{}", findings.join("\n"))))
}

fn contains_word(line: &str, word: &str) -> bool {
    let joins = |character: Option<char>| character.is_some_and(|c| c.is_alphanumeric() || c == '_');
    line.match_indices(word).any(|(start, _)| {
        let (before, rest) = line.split_at(start);
        !joins(before.chars().next_back()) && !joins(rest.chars().nth(word.len()))
    })
}

fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in run::io(folder.display(), fs::read_dir(folder))?.flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_and_parts_of_words_are_not() {
        assert!(contains_word("let x = rand::random();", "rand"));
        assert!(contains_word("unsafe {", "unsafe"));
        assert!(contains_word("like tokio-postgres", "tokio"));
        assert!(!contains_word("the operand of a random choice", "rand"));
        assert!(!contains_word("#![forbid(unsafe_code)]", "unsafe"));
    }
}
