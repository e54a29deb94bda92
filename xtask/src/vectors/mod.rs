//! `vectors`: asks a real server how it writes each value of `tests/vectors/source`, in text and in binary, and writes
//! that into `tests/vectors/*.json`. See `tests/vectors/README.md`.

mod catalog;
mod check;
mod engine;
mod file;
mod oids;
mod source;

use std::{collections::BTreeMap, fs, path::PathBuf};

use trunkline_test_server::{Error, Result, npm};

use crate::{run, table};
use catalog::Catalog;
use engine::{Engine, Rows};
use file::{Case, File};
use oids::Place;
use source::{Section, Source};

pub(crate) use check::check;

/// Makes all files anew.
pub(crate) fn run() -> Result<()> {
    let (mut server, mut pglite) = (None, None);
    let mut counts = BTreeMap::new();
    for family in families()? {
        let source = Source::read(&family.source)?;
        let engine = match source.pglite {
            true => running(&mut pglite, Engine::pglite)?,
            false => running(&mut server, Engine::server)?,
        };
        let file = family.answers(&source, engine)?;
        for case in &file.cases {
            *counts.entry(case.type_.clone()).or_insert(0) += 1;
        }
        run::io(family.file.display(), fs::write(&family.file, file.render()))?;
        println!("✓ {}: {} values", family.name, file.cases.len());
    }
    let rows: Vec<_> = counts.iter().map(|(type_, count)| vec![type_.clone(), count.to_string()]).collect();
    println!();
    table::print(&["type", "values"], &rows);
    println!("\nvectors: {} values of {} types", counts.values().sum::<usize>(), counts.len());
    Ok(())
}

/// Values of types that belong together.
struct Family {
    name: String,
    source: PathBuf,
    file: PathBuf,
}

/// All of them, by name.
fn families() -> Result<Vec<Family>> {
    let folder = npm::root().join("tests/vectors");
    let sources = folder.join("source");
    let mut families = Vec::new();
    for entry in run::io(sources.display(), fs::read_dir(&sources))?.flatten() {
        let source = entry.path();
        if let (Some(name), Some("txt")) = (stem(&source), source.extension().and_then(|ext| ext.to_str())) {
            families.push(Family { file: folder.join(format!("{name}.json")), name, source });
        }
    }
    families.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(families)
}

fn stem(path: &std::path::Path) -> Option<String> {
    Some(path.file_stem()?.to_str()?.to_owned())
}

fn running(engine: &mut Option<Engine>, start: impl FnOnce() -> Result<Engine>) -> Result<&mut Engine> {
    Ok(match engine {
        Some(engine) => engine,
        None => engine.insert(start()?),
    })
}

impl Family {
    /// Everything that the file holds. Each family has a schema of its own.
    fn answers(&self, source: &Source, engine: &mut Engine) -> Result<File> {
        engine.rows(&format!("create schema \"{}\"", self.name))?;
        engine.rows(&format!("set search_path = \"{}\"", self.name))?;
        for sql in &source.setup {
            engine.rows(sql)?;
        }
        let catalog = Catalog::read(engine)?;
        let (mut types, mut cases) = (Vec::new(), Vec::new());
        for section in &source.sections {
            let oid = oid(engine, &section.type_)?;
            types.push((section.type_.clone(), oid));
            for value in &section.values {
                cases.push((oid, case(engine, section, value)?));
            }
        }
        let places = cases.iter().map(|(oid, case)| oids::find(&catalog, *oid, case.binary.as_deref()));
        let places: Vec<Vec<Place>> = places.collect::<Result<_>>()?;
        // A record has types that no heading names.
        let inside = places.iter().flatten().map(|place| place.oid);
        let stable = catalog.stable(types.iter().map(|(_, oid)| *oid).chain(inside))?;
        for (_, oid) in &mut types {
            *oid = *stable.get(oid).unwrap_or(oid);
        }
        for ((_, case), places) in cases.iter_mut().zip(&places) {
            case.make_stable(places, &stable);
        }
        let custom = stable.keys().map(|oid| catalog.describe(*oid, &stable)).collect::<Result<_>>()?;
        let cases = cases.into_iter().map(|(_, case)| case).collect();
        Ok(File { pglite: source.pglite, setup: source.setup.clone(), types, custom, cases })
    }
}

fn oid(engine: &mut Engine, type_: &str) -> Result<u32> {
    let oid = one(engine.rows(&format!("select {}::regtype::oid::text", quoted(type_)))?);
    oid.and_then(|oid| oid.parse().ok()).ok_or_else(|| Error::new(format!("there is no type {type_}")))
}

/// What the server makes of one value.
fn case(engine: &mut Engine, section: &Section, value: &str) -> Result<Case> {
    let input = match section.expressions {
        true => value.to_owned(),
        false => one(engine.rows(&format!("select ({value})::text"))?)
            .ok_or_else(|| Error::new(format!("{value} gives no literal")))?,
    };
    let sql = match section.expressions {
        true => value.to_owned(),
        false => format!("{}::{}", quoted(&input), section.type_),
    };
    // Not a cast to text, which is not the output function for bool, bpchar, inet and more.
    let text = one(engine.rows(&format!("select format('%s', {sql})"))?);
    let text = text.ok_or_else(|| Error::new(format!("{sql} gives no text")))?;
    let binary = binary(engine, &sql)?;
    Ok(Case {
        type_: section.type_.clone(),
        expression: section.expressions,
        input,
        text,
        binary,
        oids: Vec::new(),
        not_received: section.not_received,
        since: section.since,
    })
}

/// Its binary form; `None` when there is none.
fn binary(engine: &mut Engine, sql: &str) -> Result<Option<Vec<u8>>> {
    // As the only field of a record, which takes any type: after the count, the field's type and its length.
    match engine.try_rows(&format!("select encode(substr(record_send(row({sql})), 13), 'hex')"))? {
        Ok(rows) => {
            let bytes = one(rows).and_then(|hex| file::bytes(&hex));
            bytes.map(Some).ok_or_else(|| Error::new(format!("{sql} gives no bytes")))
        }
        Err(failure)
            if failure.sqlstate == UNDEFINED_FUNCTION && failure.message.contains("no binary output") =>
        {
            Ok(None)
        }
        Err(failure) => Err(Error::new(format!("{}\nin the binary form of {sql}", failure.message))),
    }
}

impl Case {
    /// OIDs of types that are not built in differ from database to database, and are replaced.
    fn make_stable(&mut self, places: &[Place], stable: &BTreeMap<u32, u32>) {
        for place in places {
            let bytes = self.binary.as_mut().and_then(|binary| binary.get_mut(place.at..place.at + 4));
            if let (Some(number), Some(bytes)) = (stable.get(&place.oid), bytes) {
                bytes.copy_from_slice(&number.to_be_bytes());
                self.oids.push(place.at);
            }
        }
    }
}

fn one(rows: Rows) -> Option<String> {
    rows.into_iter().next()?.into_iter().next()?
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

const UNDEFINED_FUNCTION: &str = "42883";
