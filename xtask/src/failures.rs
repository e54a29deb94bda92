//! What failed in a suite, found in its runner's output, to be said again where a reader of a log looks first.

use std::{collections::VecDeque, fmt};

use crate::run;

/// The failures of one suite, with as many lines of each as tell what it was.
#[derive(Debug, Default)]
pub(crate) struct Failures {
    found: Vec<Failure>,
    place: Place,
    /// The last lines; of Bun's, those since the last test ended.
    recent: VecDeque<String>,
}

#[derive(Debug, PartialEq, Eq)]
struct Failure {
    name: String,
    text: Vec<String>,
}

/// Where in the output a runner is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Place {
    /// Where nothing is told of failures.
    #[default]
    Elsewhere,
    /// Rust's `---- name stdout ----` and what follows, up to `failures:`.
    Rust,
    /// The end of Node's output.
    Node,
    /// Between Deno's headings ERRORS and FAILURES.
    Deno,
    /// Between two rules of Bun's: what no test can be blamed for.
    Bun,
}

impl Failures {
    /// Of a check that is no runner: what it said.
    pub(crate) fn of_check(error: &str) -> Self {
        let mut failures = Self::default();
        error.lines().for_each(|line| failures.remember(line));
        failures
    }

    /// Takes in a line of the output.
    pub(crate) fn read(&mut self, line: &str) {
        let line = run::plain(line);
        let first_of_paragraph = self.recent.back().is_none_or(|line| line.trim().is_empty());
        let line = line.as_str();
        match (self.place, line.trim()) {
            (_, "✖ failing tests:") => self.place = Place::Node,
            (_, "ERRORS") => self.place = Place::Deno,
            // Where the next one is; its name follows.
            (Place::Node, place) if place.starts_with("test at ") => {}
            (Place::Deno, "FAILURES") | (Place::Rust, "failures:") => self.place = Place::Elsewhere,
            (_, "# Unhandled error between tests") => self.begin(Place::Bun, "an error between tests"),
            (Place::Bun, rule) if rule.starts_with("-----") => {
                let ends = self.found.last().is_some_and(|failure| !failure.text.is_empty());
                self.place = if ends { Place::Elsewhere } else { Place::Bun };
            }
            (place, _) => {
                if let Some(name) = begun(place, line, first_of_paragraph) {
                    let place = if place == Place::Elsewhere { Place::Rust } else { place };
                    self.begin(place, name);
                } else if let Some(ended) = ended_by_bun(line) {
                    self.place = Place::Elsewhere;
                    let text: Vec<String> = self.recent.drain(..).collect();
                    // Bun names them all once more at its end.
                    let new = ended.filter(|name| self.found.iter().all(|failure| failure.name != *name));
                    self.found.extend(new.map(|name| Failure { name: name.to_owned(), text }));
                    return;
                } else if let (true, Some(last)) = (place != Place::Elsewhere, self.found.last_mut()) {
                    last.text.push(line.to_owned());
                }
            }
        }
        self.remember(line);
    }

    fn begin(&mut self, place: Place, name: &str) {
        self.place = place;
        self.found.push(Failure { name: name.to_owned(), text: Vec::new() });
    }

    fn remember(&mut self, line: &str) {
        if self.recent.len() == LINES {
            self.recent.pop_front();
        }
        self.recent.push_back(line.to_owned());
    }
}

/// The name of the failed test that this line begins to tell of.
fn begun(place: Place, line: &str, first_of_paragraph: bool) -> Option<&str> {
    match place {
        Place::Elsewhere | Place::Rust => line.strip_prefix("---- ")?.strip_suffix(" stdout ----"),
        Place::Node => line.strip_prefix("✖ "),
        // The name and where it is, or a file that failed outside of its tests.
        Place::Deno if first_of_paragraph => {
            line.rsplit_once(" => ").map(|(name, _)| name).or_else(|| line.strip_suffix(" (uncaught error)"))
        }
        Place::Deno | Place::Bun => None,
    }
}

/// Whether a test of Bun's ended here, and its name when it failed. What was said of it comes before.
fn ended_by_bun(line: &str) -> Option<Option<&str>> {
    if let Some(name) = line.strip_prefix("(fail) ") {
        return Some(Some(name));
    }
    ["(pass) ", "(skip) ", "(todo) "].iter().any(|mark| line.starts_with(mark)).then_some(None)
}

impl fmt::Display for Failures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.found.is_empty() {
            // Not begun, or not ended: a crash, a compiler's error.
            writeln!(f, "  the last that was said:")?;
            return self.recent.iter().try_for_each(|line| writeln!(f, "    {line}"));
        }
        for (index, Failure { name, text }) in self.found.iter().enumerate() {
            writeln!(f, "  ✗ {name}")?;
            if index >= TESTS {
                continue;
            }
            let end = text.iter().rposition(|line| !line.trim().is_empty()).map_or(0, |last| last + 1);
            for line in text.iter().take(end.min(LINES)) {
                writeln!(f, "{}", format!("    {line}").trim_end())?;
            }
            if end > LINES {
                writeln!(f, "    … and {} more lines", end - LINES)?;
            }
        }
        Ok(())
    }
}

/// As many lines of one failure as are shown.
const LINES: usize = 40;
/// As many failures of one suite as are shown with more than their names.
const TESTS: usize = 10;

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(output: &str) -> String {
        let mut failures = Failures::default();
        output.lines().for_each(|line| failures.read(line));
        failures.to_string()
    }

    #[test]
    fn rust_names_them_with_their_output() {
        let output = "running 3 tests\ntest good ... ok\ntest bad ... FAILED\n\nfailures:\n\n---- bad stdout ----\n\
                      thread 'bad' panicked at t.rs:2:39:\nleft: 1\n\n---- t.rs - f (line 1) stdout ----\n\
                      Error: \"words\"\n\n\nfailures:\n    bad\n    worse\n\ntest result: FAILED. 1 passed; 2 failed;";
        let said = "  ✗ bad\n    thread 'bad' panicked at t.rs:2:39:\n    left: 1\n  ✗ t.rs - f (line 1)\n    Error: \"words\"\n";
        assert_eq!(shown(output), said);
    }

    #[test]
    fn node_lists_them_at_its_end() {
        let output = "▶ outer\n  ✖ fails here (0.1ms)\n    Error: not this\n✖ outer (5ms)\nℹ pass 1\nℹ fail 2\n\n\
                      ✖ failing tests:\n\ntest at tests/a.test.js:5:3\n✖ fails here (0.1ms)\n  Error: \n\n    actual: 1\n\n\
                      test at b.test.js:1:1\n✖ b.test.js (33ms)\n  'test failed'\n";
        let said = "  ✗ fails here (0.1ms)\n      Error:\n\n        actual: 1\n  ✗ b.test.js (33ms)\n      'test failed'\n";
        assert_eq!(shown(output), said);
    }

    #[test]
    fn deno_tells_of_them_between_two_headings() {
        let output = "outer ...\n  fails here ... \u{1b}[31mFAILED\u{1b}[0m (8ms)\n\n ERRORS \n\n\
                      outer ... fails here => ext:deno_node/testing.ts:1:2\nerror: Error: \n  actual: 1\nit(() => {});\n\n\
                      ./b.test.js (uncaught error)\nerror: Error: at the top\n\n FAILURES \n\n\
                      outer ... fails here => ext:deno_node/testing.ts:1:2\n\nFAILED | 1 passed | 2 failed (7ms)\n";
        let said = "  ✗ outer ... fails here\n    error: Error:\n      actual: 1\n    it(() => {});\n  ✗ ./b.test.js\n    \
                    error: Error: at the top\n";
        assert_eq!(shown(output), said);
    }

    #[test]
    fn bun_tells_of_them_before_it_names_them() {
        let output = "a.test.js:\n(pass) outer > passes [0.68ms]\n2 | equal(1, 2)\n      ^\nerror: two\n(fail) outer > fails\n\
                      noise\n(pass) other\n\n# Unhandled error between tests\n---------\nerror: hook\n\n  at x\n---------\n\n\
                      (pass) last\n\n1 tests failed:\n(fail) outer > fails\n 3 pass\n 1 fail\n";
        let said = "  ✗ outer > fails\n    2 | equal(1, 2)\n          ^\n    error: two\n  ✗ an error between tests\n    \
                    error: hook\n\n      at x\n";
        assert_eq!(shown(output), said);
    }

    #[test]
    fn a_long_one_is_cut_and_many_are_named() {
        let one = |name: usize| format!("---- t{name} stdout ----\n{}", "line\n".repeat(50));
        let output = shown(&(0..12).map(one).collect::<String>());
        assert_eq!(output.matches("line\n").count(), 10 * LINES);
        assert_eq!(output.matches("… and 10 more lines").count(), 10);
        assert!(output.ends_with("  ✗ t10\n  ✗ t11\n"));
    }

    #[test]
    fn without_names_the_last_lines_are_shown() {
        let output: String = (0..100).map(|line| format!("line {line}\n")).collect();
        let shown = [shown(&output), Failures::of_check(&output).to_string()];
        for shown in shown {
            assert!(
                shown.contains("line 60\n") && shown.ends_with("line 99\n") && !shown.contains("line 59\n")
            );
        }
    }
}
