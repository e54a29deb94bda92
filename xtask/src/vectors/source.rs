use std::{fs, path::Path};

use trunkline_test_server::{Error, Result};

use crate::run;

/// What people write down of a family of types: `tests/vectors/source/*.txt`. See `tests/vectors/README.md`.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Source {
    /// Whether PGlite gives the answers, and not a server.
    pub(super) pglite: bool,
    /// What makes the types that are not there.
    pub(super) setup: Vec<String>,
    pub(super) sections: Vec<Section>,
}

/// Values of one type.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Section {
    /// As in a cast: `numeric(5,2)`.
    pub(super) type_: String,
    /// The first version that takes them.
    pub(super) since: Option<u16>,
    /// Whether each value is an SQL expression of the type; else it is one of its literal.
    pub(super) expressions: bool,
    /// Whether the server refuses what it sends in binary itself.
    pub(super) not_received: bool,
    pub(super) values: Vec<String>,
}

impl Source {
    pub(super) fn read(path: &Path) -> Result<Self> {
        let text = run::io(path.display(), fs::read_to_string(path))?;
        Self::parse(&text).map_err(|problem| Error::new(format!("{}: {problem}", path.display())))
    }

    fn parse(text: &str) -> Result<Self> {
        let mut source = Self::default();
        for (line, number) in text.lines().zip(1..) {
            source.line(line.trim()).map_err(|problem| Error::new(format!("line {number}: {problem}")))?;
        }
        match source.sections.iter().find(|section| section.values.is_empty()) {
            Some(empty) => Err(Error::new(format!("there is no value of type {}", empty.type_))),
            None => Ok(source),
        }
    }

    fn line(&mut self, line: &str) -> Result<()> {
        if line.is_empty() || line.starts_with("--") {
            return Ok(());
        }
        if line == "server pglite" {
            self.pglite = true;
        } else if let Some(sql) = line.strip_prefix("setup ") {
            self.setup.push(sql.to_owned());
        } else if let Some(heading) = line.strip_prefix("type ") {
            self.sections.push(Section::of(heading)?);
        } else {
            let section = self
                .sections
                .last_mut()
                .ok_or_else(|| Error::new("a value needs a line `type …` above it"))?;
            section.values.push(line.to_owned());
        }
        Ok(())
    }
}

impl Section {
    /// `TYPE [as expressions] [not received] [since VERSION]`
    fn of(heading: &str) -> Result<Self> {
        let mut section = Self::default();
        let mut rest = heading;
        if let Some((before, version)) = rest.rsplit_once(" since ") {
            let version = version.parse().map_err(|_| Error::new(format!("{version} is no version")))?;
            (rest, section.since) = (before, Some(version));
        }
        if let Some(before) = rest.strip_suffix(" not received") {
            (rest, section.not_received) = (before, true);
        }
        if let Some(before) = rest.strip_suffix(" as expressions") {
            (rest, section.expressions) = (before, true);
        }
        section.type_ = rest.to_owned();
        Ok(section)
    }
}

/// What a plain SQL string constant stands for; `None` for any other expression.
pub(super) fn constant(sql: &str) -> Option<String> {
    let inside = sql.strip_prefix('\'')?.strip_suffix('\'')?;
    let text = inside.replace("''", "\0");
    (!text.contains('\'')).then(|| text.replace('\0', "'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_read() {
        let text = "-- Moods.\nsetup create type mood as enum ('sad')\n\ntype mood\n'sad'\ntype record as expressions since 14\nrow(1)\n";
        let source = Source::parse(text).unwrap();
        assert_eq!(source.setup, ["create type mood as enum ('sad')"]);
        assert_eq!((&*source.sections[0].type_, &*source.sections[0].values[0]), ("mood", "'sad'"));
        let record = Section {
            type_: "record".to_owned(),
            since: Some(14),
            expressions: true,
            not_received: false,
            values: vec!["row(1)".to_owned()],
        };
        assert_eq!(source.sections[1], record);
        assert!(Section::of("tsquery not received").unwrap().not_received);
        assert!(!source.pglite && Source::parse("server pglite").unwrap().pglite);
    }

    #[test]
    fn what_makes_no_sense_is_told_with_its_line() {
        let problem = |text| Source::parse(text).unwrap_err().to_string();
        assert_eq!(problem("\n'1'"), "line 2: a value needs a line `type …` above it");
        assert_eq!(problem("type int4 since x"), "line 1: x is no version");
        assert_eq!(problem("type int4"), "there is no value of type int4");
    }

    #[test]
    fn constants_are_told_from_expressions() {
        assert_eq!(constant("'it''s'").as_deref(), Some("it's"));
        assert_eq!(constant("''").as_deref(), Some(""));
        assert_eq!(constant("e'\\n'"), None);
        assert_eq!(constant("'a' || 'b'"), None);
    }
}
