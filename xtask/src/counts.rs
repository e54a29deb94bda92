use crate::run;

/// Tests counted from a runner's own closing lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) skipped: u64,
}

impl Counts {
    /// Takes in a line, when it is one that the runner of Rust, Node, Deno or Bun closes with.
    pub(crate) fn read(&mut self, line: &str) {
        let line = run::plain(line);
        let words: Vec<&str> = line.trim().split([' ', ';', '|']).filter(|word| !word.is_empty()).collect();
        match words.as_slice() {
            // test result: ok. 7 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s
            ["test", "result:", _, passed, "passed", failed, "failed", ignored, "ignored", ..] => {
                self.add(passed, failed, ignored);
            }
            // ℹ pass 12 (also: # pass 12)
            ["ℹ" | "#", "pass", passed] => self.add(passed, "", ""),
            ["ℹ" | "#", "fail" | "cancelled", failed] => self.add("", failed, ""),
            ["ℹ" | "#", "skipped" | "todo", skipped] => self.add("", "", skipped),
            // ok | 1 passed (12 steps) | 0 failed | 1 ignored (2s); a suite is one test, and its tests are steps
            ["ok" | "FAILED", rest @ ..] => {
                let number = |name| {
                    let at = rest.iter().position(|word| *word == name)?;
                    match rest.get(at + 1..at + 3) {
                        Some([steps, "steps)" | "step)"]) => Some(steps.trim_start_matches('(')),
                        _ => rest.get(at.checked_sub(1)?).copied(),
                    }
                };
                let count = |name| number(name).unwrap_or_default();
                self.add(count("passed"), count("failed"), count("ignored"));
            }
            // 12 pass, each on a line of its own
            [passed, "pass"] => self.add(passed, "", ""),
            [failed, "fail"] => self.add("", failed, ""),
            [skipped, "skip" | "todo"] => self.add("", "", skipped),
            _ => {}
        }
    }

    fn add(&mut self, passed: &str, failed: &str, skipped: &str) {
        let number = |text: &str| text.parse::<u64>().unwrap_or(0);
        self.passed += number(passed);
        self.failed += number(failed);
        self.skipped += number(skipped);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(lines: &str) -> (u64, u64, u64) {
        let mut counts = Counts::default();
        lines.lines().for_each(|line| counts.read(line));
        (counts.passed, counts.failed, counts.skipped)
    }

    #[test]
    fn every_runner_s_closing_lines_are_understood() {
        let rust = "test a ... ok\ntest result: ok. 7 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0s\n\
                    test result: \u{1b}[31mFAILED\u{1b}[0m. 2 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out";
        assert_eq!(counts(rust), (9, 3, 1));
        let node = "ℹ tests 5\nℹ suites 0\nℹ pass 3\nℹ fail 1\nℹ cancelled 0\nℹ skipped 1\nℹ todo 0\nℹ duration_ms 51";
        assert_eq!(counts(node), (3, 1, 1));
        assert_eq!(counts(&node.replace('ℹ', "#")), (3, 1, 1));
        assert_eq!(counts("ok | 1 passed (20 steps) | 0 failed (1s)"), (20, 0, 0));
        assert_eq!(counts("FAILED | 0 passed (34 steps) | 1 failed (4 steps) (32s)"), (34, 4, 0));
        assert_eq!(counts("FAILED | 1 passed | 2 failed | 3 ignored (1s)"), (1, 2, 3));
        assert_eq!(
            counts(" 12 pass\n 1 skip\n 0 fail\n 40 expect() calls\nRan 12 tests across 2 files. [1.00s]"),
            (12, 0, 1)
        );
    }
}
