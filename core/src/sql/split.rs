use super::{Lexer, TokenKind};

/// The statements of a script, one after the other, without the semicolons between them.
///
/// A semicolon ends a statement by psql's rule: where it stands in no parentheses, and in no body of a function or
/// procedure that is written `BEGIN ATOMIC … END`. What is empty, or nothing but comments, is no statement. Comments
/// before and within a statement are part of it.
///
/// ```
/// use trunkline_core::sql::split_script;
///
/// let script = "create table t (a text); -- one\n insert into t values ('a;b'); ;";
/// let statements: Vec<&str> = split_script(script).collect();
/// assert_eq!(statements, ["create table t (a text)", "-- one\n insert into t values ('a;b')"]);
/// ```
pub fn split_script(script: &str) -> impl Iterator<Item = &str> {
    Statements { script, lexer: Lexer::new(script), start: 0 }
        .filter(|statement| !is_blank(statement))
        .map(str::trim)
}

struct Statements<'a> {
    script: &'a str,
    lexer: Lexer<'a>,
    start: usize,
}

impl<'a> Iterator for Statements<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        if self.start >= self.script.len() {
            return None;
        }
        let (mut parentheses, mut body) = (0_usize, Body::default());
        for token in self.lexer.by_ref() {
            match token.kind {
                TokenKind::Punctuation('(') => parentheses += 1,
                TokenKind::Punctuation(')') => parentheses = parentheses.saturating_sub(1),
                TokenKind::Punctuation(';') if parentheses == 0 && body.depth == 0 => {
                    let statement = self.script.get(self.start..token.start);
                    self.start = token.end();
                    return statement;
                }
                TokenKind::Word if parentheses == 0 => body.word(token.text),
                _ => {}
            }
        }
        let last = self.script.get(self.start..);
        self.start = self.script.len();
        last
    }
}

/// Whether one is in the body of a function that is written in SQL itself.
#[derive(Default)]
struct Body {
    words: usize,
    is_routine: bool,
    is_over: bool,
    depth: usize,
}

impl Body {
    fn word(&mut self, word: &str) {
        let is = |name: &str| word.eq_ignore_ascii_case(name);
        match self.words {
            0 => self.is_over = !is("create"),
            // CREATE [OR REPLACE] FUNCTION
            _ if self.words < 4 && !self.is_routine && !self.is_over => {
                self.is_routine = is("function") || is("procedure");
                self.is_over = !self.is_routine && !is("or") && !is("replace");
            }
            _ if self.is_routine && is("begin") => self.depth += 1,
            _ if self.is_routine && is("case") && self.depth > 0 => self.depth += 1,
            _ if self.is_routine && is("end") => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        self.words += 1;
    }
}

fn is_blank(statement: &str) -> bool {
    Lexer::new(statement).all(|token| token.is_blank())
}

#[cfg(test)]
mod tests {
    use alloc::string::String;
    use alloc::vec::Vec;

    use proptest::prelude::*;

    use super::*;

    fn split(script: &str) -> Vec<&str> {
        split_script(script).collect()
    }

    #[test]
    fn semicolons_that_end_nothing() {
        for statement in [
            "select ';', \";\", $$;$$, $a$;$a$, E'\\';' /* ; */ -- ;",
            "create rule r as on insert to t do (delete from a; delete from b)",
            "create or replace function f() returns int begin atomic select 1; select case when true then 2 end; end",
            "CREATE PROCEDURE p() BEGIN ATOMIC insert into t values (1); END",
        ] {
            let script = alloc::format!("{statement}\n; select 1");
            assert_eq!(split(&script), [statement, "select 1"]);
        }
    }

    #[test]
    fn semicolons_that_end_something() {
        assert_eq!(split("begin; select 1; end"), ["begin", "select 1", "end"]);
        assert_eq!(
            split("create table begin_ (a int); select 1"),
            ["create table begin_ (a int)", "select 1"]
        );
        assert_eq!(
            split("create function f() returns int language sql as 'select 1;'; select 2").len(),
            2,
            "an old body is a string"
        );
        assert_eq!(split(" ;; -- nothing\n; /* nor here */"), Vec::<&str>::new());
        assert_eq!(split("select )1; select 2"), ["select )1", "select 2"]);
    }

    proptest! {
        #[test]
        fn nothing_is_lost(script in "[a-z'$();/* \n-]*") {
            let kept = |text: &str| text.chars().filter(|c| !c.is_whitespace() && *c != ';').collect::<String>();
            let together: String = Statements { script: &script, lexer: Lexer::new(&script), start: 0 }.collect();
            prop_assert_eq!(kept(&together), kept(&script));
        }
    }
}
