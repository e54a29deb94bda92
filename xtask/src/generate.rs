//! `generate`: writes `core/src/generated/` from PostgreSQL's own lists of error codes and types, and the page
//! of types in `docs/`.
//!
//! Running it twice gives the same bytes; a test below holds the committed files to their sources.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::mappings;

/// Writes the tables below `root`, the repository. With `share`, a PostgreSQL share directory, takes fresh
/// copies of `errcodes.txt` and of the type rows of `postgres.bki` from it into `xtask/data` first.
///
/// Gives the files written. `rustfmt` must be installed.
pub(crate) fn run(root: &Path, share: Option<&Path>) -> io::Result<Vec<PathBuf>> {
    if let Some(share) = share {
        refresh(root, share)?;
    }
    let mut written = Vec::new();
    for (name, text) in render(root)? {
        let path = root.join(name);
        fs::write(&path, text)?;
        written.push(path);
    }
    Ok(written)
}

/// The files that are not what `run` would write.
pub(crate) fn stale(root: &Path) -> io::Result<Vec<&'static str>> {
    let differs =
        |(path, text): &(&str, String)| fs::read_to_string(root.join(path)).ok().as_ref() != Some(text);
    Ok(render(root)?.into_iter().filter(differs).map(|(path, _)| path).collect())
}

/// The generated files' paths below the root, and their formatted contents.
fn render(root: &Path) -> io::Result<Vec<(&'static str, String)>> {
    let errcodes = read(&root.join(ERRCODES))?;
    let bki = read(&root.join(TYPES))?;
    let types = types(&bki)?;
    let files = [
        ("core/src/generated/mod.rs", MODULE.to_owned()),
        ("core/src/generated/sqlstate.rs", sqlstate_file(&errors(&errcodes)?)),
        ("core/src/generated/oid.rs", oid_file(&types)),
        ("core/src/generated/types.rs", types_file(&types)),
    ];
    let mut rendered = Vec::new();
    for (name, text) in files {
        rendered.push((name, rustfmt(root, &format!("{HEADER}{text}"))?));
    }
    let base = types.values().filter(|built_in| built_in.kind == "Base").map(|built_in| &*built_in.name);
    rendered.push(("docs/types.md", mappings::render(root, base)?));
    Ok(rendered)
}

fn refresh(root: &Path, share: &Path) -> io::Result<()> {
    fs::copy(share.join("errcodes.txt"), root.join(ERRCODES))?;
    let bki = read(&share.join("postgres.bki"))?;
    let mut excerpt = String::new();
    let mut copying = false;
    for (at, line) in bki.lines().enumerate() {
        copying |= line.starts_with("create pg_type ") || line.starts_with("create pg_range ");
        if copying || at == 0 {
            excerpt.push_str(line);
            excerpt.push('\n');
        }
        copying &= !line.starts_with("close ");
    }
    fs::write(root.join(TYPES), excerpt)
}

/// One line of errcodes.txt.
struct ErrorCode {
    code: String,
    constant: String,
    /// The condition name; a code's second macro has none.
    name: Option<String>,
    class: String,
}

fn errors(text: &str) -> io::Result<Vec<ErrorCode>> {
    let mut class = "";
    let mut codes: Vec<ErrorCode> = Vec::new();
    for line in text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()) {
        if let Some(section) = line.strip_prefix("Section: ") {
            class = section.trim();
            continue;
        }
        let mut words = line.split_whitespace();
        let (Some(code), Some(_), Some(macro_name)) = (words.next(), words.next(), words.next()) else {
            return Err(bad("errcodes.txt", line));
        };
        let name = words.next().map(str::to_owned);
        let constant =
            macro_name.strip_prefix("ERRCODE_").ok_or_else(|| bad("errcodes.txt", line))?.to_owned();
        codes.push(ErrorCode { code: code.to_owned(), constant, name, class: class.to_owned() });
    }
    name_constants(&mut codes);
    codes.sort_by(|a, b| (&a.code, a.name.is_none()).cmp(&(&b.code, b.name.is_none())));
    Ok(codes)
}

/// A constant is called what the manual and PL/pgSQL call the condition; where several codes share the name,
/// all but the data exceptions of class 22 say where they come from.
fn name_constants(codes: &mut [ErrorCode]) {
    let mut uses = BTreeMap::<String, usize>::new();
    for name in codes.iter().filter_map(|code| code.name.clone()) {
        *uses.entry(name).or_default() += 1;
    }
    for code in codes {
        let Some(name) = &code.name else { continue };
        let prefix = match code.code.get(..2) {
            Some("01") if name != "warning" => "WARNING_",
            _ if uses.get(name) == Some(&1) => "",
            Some("2F") => "SQL_ROUTINE_",
            Some("38") => "EXTERNAL_ROUTINE_",
            Some("39") => "EXTERNAL_ROUTINE_INVOCATION_",
            _ => "",
        };
        code.constant = format!("{prefix}{}", name.to_uppercase());
    }
}

fn sqlstate_file(codes: &[ErrorCode]) -> String {
    let mut out = String::from("use crate::error::SqlState;\n\nimpl SqlState {\n");
    for ErrorCode { code, constant, name, class } in codes {
        let name = name
            .as_ref()
            .map_or_else(|| "another name of the same code".to_owned(), |name| format!("`{name}`"));
        _ = write!(
            out,
            "/// `{code}`: {name}. {class}.\npub const {constant}: Self = Self::known(b\"{code}\");\n"
        );
    }
    out.push_str(CONDITION_NAME);
    let named: Vec<_> = codes.iter().filter_map(|code| Some((&code.code, code.name.as_ref()?))).collect();
    _ = writeln!(out, "static CONDITIONS: [(&str, &str); {}] = [", named.len());
    for (code, name) in named {
        _ = writeln!(out, "({code:?}, {name:?}),");
    }
    out.push_str("];\n");
    out
}

/// One built-in type that is not a composite.
struct BuiltIn {
    oid: u32,
    name: String,
    constant: String,
    kind: String,
    array: Option<String>,
    delimiter: String,
    binary: bool,
}

fn types(bki: &str) -> io::Result<BTreeMap<u32, BuiltIn>> {
    let rows: BTreeMap<u32, Row<'_>> = table(bki, "pg_type")?
        .into_iter()
        .map(|row| Ok((row.oid("oid")?, row)))
        .collect::<io::Result<_>>()?;
    let ranges = table(bki, "pg_range")?;
    let mut types = BTreeMap::new();
    for (&oid, row) in &rows {
        let element = row.element(&rows)?;
        // Rows of the catalogs themselves: composites, which are introspected as any other.
        if row.text("typtype")? == "c" || element.is_some_and(|row| row.is_composite()) {
            continue;
        }
        let other =
            |oid: u32| rows.get(&oid).ok_or_else(|| bad("pg_type", &oid.to_string()))?.constant(&rows);
        let related = |key: &str, want: &str| {
            let range = ranges.iter().find(|range| range.oid(key).is_ok_and(|found| found == oid));
            other(range.ok_or_else(|| bad("pg_range", &oid.to_string()))?.oid(want)?)
        };
        let kind = match row.text("typtype")? {
            "r" => format!("Range(&{})", related("rngtypid", "rngsubtype")?),
            "m" => format!("Multirange(&{})", related("rngmultitypid", "rngtypid")?),
            _ if element.is_some() => format!("Array(&{})", other(row.oid("typelem")?)?),
            "p" => "Pseudo".to_owned(),
            _ => "Base".to_owned(),
        };
        let array = Some(row.oid("typarray")?).filter(|&array| array != 0).map(other).transpose()?;
        // An array's own output function always exists, but fails where the element's does not.
        let binary =
            row.text("typsend")? != "-" && element.map_or(Ok("1"), |row| row.text("typsend"))? != "-";
        let name = row.text("typname")?;
        let built_in = BuiltIn {
            oid,
            name: name.strip_prefix('_').map_or_else(|| name.to_owned(), |element| format!("{element}[]")),
            constant: row.constant(&rows)?,
            kind,
            array,
            delimiter: row.text("typdelim")?.trim_matches('\'').to_owned(),
            binary,
        };
        types.insert(oid, built_in);
    }
    Ok(types)
}

fn oid_file(types: &BTreeMap<u32, BuiltIn>) -> String {
    let mut out = String::from("//! The OIDs of the built-in types, to match on.\n\n");
    for BuiltIn { oid, name, constant, .. } in types.values() {
        _ = write!(out, "/// `{name}`.\npub const {constant}: u32 = {oid};\n");
    }
    out
}

fn types_file(types: &BTreeMap<u32, BuiltIn>) -> String {
    let mut out = String::from(
        "use super::oid;\nuse crate::types::BuiltInKind::{Array, Base, Multirange, Pseudo, Range};\n\
         use crate::types::{BuiltIn, Type};\n\nimpl Type {\n",
    );
    for BuiltIn { name, constant, .. } in types.values() {
        _ = write!(out, "/// `{name}`.\npub const {constant}: Self = Self::built_in(&{constant});\n");
    }
    out.push_str("}\n\n/// All of them, sorted by OID for binary search.\n");
    _ = writeln!(out, "pub(crate) static TYPES: [&BuiltIn; {}] = [", types.len());
    for BuiltIn { constant, .. } in types.values() {
        _ = writeln!(out, "&{constant},");
    }
    out.push_str("];\n\n// OID, name, kind, array, delimiter, binary output.\n");
    for BuiltIn { name, constant, kind, array, delimiter, binary, .. } in types.values() {
        let array = array.as_ref().map_or_else(|| "None".to_owned(), |array| format!("Some(&{array})"));
        _ = writeln!(
            out,
            "static {constant}: BuiltIn = BuiltIn::row(oid::{constant}, {name:?}, {kind}, {array}, b'{delimiter}', {binary});"
        );
    }
    out
}

/// One row of a catalog's initial contents, by column name.
struct Row<'a>(BTreeMap<&'a str, &'a str>);

impl<'a> Row<'a> {
    fn text(&self, column: &str) -> io::Result<&'a str> {
        self.0.get(column).copied().ok_or_else(|| bad("postgres.bki, which lacks a column", column))
    }

    fn oid(&self, column: &str) -> io::Result<u32> {
        let text = self.text(column)?;
        text.parse().map_err(|_| bad("postgres.bki", text))
    }

    /// The row of the element, when this is an array in the sense of subscripts and `array_out`: not a
    /// fixed-length type made of equal parts, such as point.
    fn element<'r>(&self, rows: &'r BTreeMap<u32, Row<'a>>) -> io::Result<Option<&'r Row<'a>>> {
        Ok(if self.text("typcategory")? == "A" || self.text("typsubscript")? == ARRAY_SUBSCRIPT_HANDLER {
            rows.get(&self.oid("typelem")?)
        } else {
            None
        })
    }

    fn is_composite(&self) -> bool {
        self.text("typtype").is_ok_and(|kind| kind == "c")
    }

    fn constant(&self, rows: &BTreeMap<u32, Row<'a>>) -> io::Result<String> {
        let name = self.text("typname")?;
        Ok(match (name.strip_prefix('_'), self.element(rows)?) {
            (Some(element), Some(_)) => format!("{}_ARRAY", element.to_uppercase()),
            _ => name.to_uppercase(),
        })
    }
}

/// The rows that `bki` inserts into a catalog.
fn table<'a>(bki: &'a str, name: &str) -> io::Result<Vec<Row<'a>>> {
    let create = format!("create {name} ");
    let mut lines = bki.lines().skip_while(|line| !line.starts_with(&create)).skip(1);
    let columns: Vec<&str> = lines
        .by_ref()
        .take_while(|line| line.trim() != ")")
        .filter_map(|line| line.split_once('=').map(|(column, _)| column.trim_matches([' ', '(', '\t'])))
        .collect();
    let mut rows = Vec::new();
    for line in lines.take_while(|line| !line.starts_with("close ")) {
        let Some(values) = line.strip_prefix("insert ( ").and_then(|line| line.strip_suffix(" )")) else {
            continue;
        };
        let values: Vec<&str> = values.split_whitespace().collect();
        if values.len() != columns.len() {
            return Err(bad(name, line));
        }
        rows.push(Row(columns.iter().copied().zip(values).collect()));
    }
    if rows.is_empty() { Err(bad("postgres.bki, which lacks", name)) } else { Ok(rows) }
}

fn rustfmt(root: &Path, source: &str) -> io::Result<String> {
    let mut child = Command::new("rustfmt")
        .args(["--edition", "2024", "--emit", "stdout", "--config-path"])
        .arg(root)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| io::Error::new(error.kind(), format!("cannot run rustfmt: {error}")))?;
    // rustfmt parses its whole input before it writes, so that the pipes cannot wait for each other.
    child
        .stdin
        .take()
        .ok_or_else(|| io::Error::other("rustfmt has no stdin"))?
        .write_all(source.as_bytes())?;
    let output = child.wait_with_output()?;
    if !output.status.success() {
        return Err(io::Error::other("rustfmt refused the generated source"));
    }
    String::from_utf8(output.stdout).map_err(io::Error::other)
}

fn read(path: &Path) -> io::Result<String> {
    fs::read_to_string(path)
        .map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", path.display())))
}

fn bad(source: &str, what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("cannot read {source}: {what}"))
}

const ERRCODES: &str = "xtask/data/errcodes.txt";
const TYPES: &str = "xtask/data/pg_type.bki";
const ARRAY_SUBSCRIPT_HANDLER: &str = "6179";

const HEADER: &str = "// Generated from PostgreSQL's own tables by `cargo xtask generate`; do not edit.\n\n";

const MODULE: &str = "//! Tables generated from PostgreSQL's own `errcodes.txt` and `pg_type.dat`.

pub mod oid;
mod sqlstate;
mod types;

pub(crate) use types::TYPES;
";

const CONDITION_NAME: &str = "
    /// The condition's name as the manual and PL/pgSQL have it, such as `unique_violation`; `None` for a code
    /// that PostgreSQL itself does not use.
    ///
    /// ```
    /// use trunkline_core::error::SqlState;
    ///
    /// assert_eq!(SqlState::UNIQUE_VIOLATION.name(), Some(\"unique_violation\"));
    /// assert_eq!(SqlState::from_bytes(*b\"ZZ999\").and_then(|code| code.name()), None);
    /// ```
    pub fn name(&self) -> Option<&'static str> {
        let at = CONDITIONS.binary_search_by(|(code, _)| (*code).cmp(self.as_str())).ok()?;
        CONDITIONS.get(at).map(|&(_, name)| name)
    }
}

/// Condition names by code, sorted for binary search.
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_tables_are_what_their_sources_give() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        assert_eq!(stale(root).unwrap(), [""; 0], "run `cargo xtask generate`");
    }
}
