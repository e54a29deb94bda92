//! What the catalog tells of types: one query for any number of them, with all that they are made of.

use alloc::boxed::Box;
use alloc::collections::VecDeque;
use alloc::string::String;
use alloc::vec::Vec;

use bytes::{BufMut, BytesMut};

use crate::error::UsageError;
use crate::row::RowBatch;
use crate::types::{Description, Field, Kind, Parameters, Type, oid};
use crate::wire::{Format, IsNull};

/// How many columns the answer has.
pub(crate) const WIDTH: usize = 8;

/// The query, for OIDs as an array; see PostgreSQL's "System Catalogs".
///
/// One row for each part of a type (a field, a label, what an array or domain is of), by the types' OIDs and the
/// parts' order; one without a part where there is none. `rngmultitypid` came with PostgreSQL 14.
///
/// Nothing in it is found by the search path, operators included. It goes down level by level, with arrays, since
/// the planner takes a recursive query to grow tenfold with each: row by row its estimate would be high enough for
/// the JIT compiler, which takes a hundred times as long as the query.
pub(crate) fn sql(server_version: Option<&str>) -> String {
    let multirange = if server_version.is_some_and(is_before_14) { "" } else { MULTIRANGE };
    let mut sql = String::with_capacity(2500);
    for piece in [LEVELS, PARTS, multirange, MORE_PARTS, TYPES, PARTS, multirange, MORE_PARTS, ORDER] {
        sql.push_str(piece);
    }
    sql
}

/// By the number that the server's version begins with.
fn is_before_14(version: &str) -> bool {
    let mut major = 0_u32;
    for digit in version.bytes().take_while(u8::is_ascii_digit) {
        major = major.saturating_mul(10).saturating_add(u32::from(digit - b'0'));
    }
    major < 14
}

const LEVELS: &str = "\
with recursive level(oids) as (\
select $1::pg_catalog.oid[] \
union all \
select array(select distinct part.type from pg_catalog.unnest(level.oids) asked(oid) \
join pg_catalog.pg_type t on t.oid operator(pg_catalog.=) asked.oid \
cross join lateral (";

const PARTS: &str = "\
select null::pg_catalog.name, t.typbasetype, 0::pg_catalog.float4 where t.typtype operator(pg_catalog.=) 'd' \
union all select null, t.typelem, 0 where t.typtype operator(pg_catalog.=) 'b' \
and t.typoutput operator(pg_catalog.=) 'pg_catalog.array_out'::pg_catalog.regproc \
union all select null, r.rngsubtype, 0 from pg_catalog.pg_range r where r.rngtypid operator(pg_catalog.=) t.oid ";

const MULTIRANGE: &str = "\
union all select null, r.rngtypid, 0 from pg_catalog.pg_range r where r.rngmultitypid operator(pg_catalog.=) t.oid ";

const MORE_PARTS: &str = "\
union all select a.attname, a.atttypid, a.attnum from pg_catalog.pg_attribute a \
where a.attrelid operator(pg_catalog.=) t.typrelid and a.attnum operator(pg_catalog.>) 0 and not a.attisdropped \
union all select e.enumlabel, 0, e.enumsortorder from pg_catalog.pg_enum e \
where e.enumtypid operator(pg_catalog.=) t.oid";

const TYPES: &str = "\
) part(name, type, position) where part.type operator(pg_catalog.<>) 0) \
from level where pg_catalog.cardinality(level.oids) operator(pg_catalog.>) 0) \
select t.oid, t.typtype, n.nspname, t.typname, t.typdelim, \
t.typsend::pg_catalog.oid operator(pg_catalog.<>) 0, part.name, part.type \
from (select distinct asked.oid from level cross join lateral pg_catalog.unnest(level.oids) asked(oid)) found \
join pg_catalog.pg_type t on t.oid operator(pg_catalog.=) found.oid \
join pg_catalog.pg_namespace n on n.oid operator(pg_catalog.=) t.typnamespace \
left join lateral (";

const ORDER: &str = ") part(name, type, position) on true order by t.oid, part.position";

/// The query's one parameter, an `oid[]`.
pub(crate) struct Oids<'a>(pub(crate) &'a [u32]);

impl Parameters for Oids<'_> {
    fn count(&self) -> usize {
        1
    }

    fn format(&self, _index: usize, _type: &Type) -> Format {
        Format::Binary
    }

    fn encode(&self, _index: usize, _type: &Type, out: &mut BytesMut) -> Result<IsNull, UsageError> {
        // There are never so many that the count would not fit: a row has 1,600 columns.
        for word in [1, 0, oid::OID, u32::try_from(self.0.len()).unwrap_or(0), 1] {
            out.put_u32(word);
        }
        for oid in self.0 {
            out.put_u32(4);
            out.put_u32(*oid);
        }
        Ok(IsNull::No)
    }
}

/// The types that the answer describes. Those that make no sense are left out, and what is made of them.
pub(crate) fn types(rows: &VecDeque<RowBatch>) -> Vec<Type> {
    let mut answer = Answer(found(rows).unwrap_or_default());
    let mut types = Vec::new();
    for at in 0..answer.0.len() {
        if let Some(type_) = answer.make(at, 0) {
            types.push(type_);
        }
    }
    types
}

/// The types that were told of, by OID.
struct Answer<'a>(Vec<Found<'a>>);

/// A type as its rows tell of it.
struct Found<'a> {
    oid: u32,
    typtype: u8,
    schema: &'a str,
    name: &'a str,
    delimiter: u8,
    binary: bool,
    parts: Vec<(&'a str, u32)>,
    made: Made,
}

/// What became of one.
enum Made {
    NotYet,
    /// It is being made: what is made of it in turn cannot be.
    UnderWay,
    Type(Option<Type>),
}

/// How deep types may be nested. Nobody's are; a server that lies could otherwise have our stack.
const DEPTH: usize = 100;

impl Answer<'_> {
    fn make(&mut self, at: usize, depth: usize) -> Option<Type> {
        let found = self.0.get_mut(at)?;
        match &found.made {
            Made::Type(made) => return made.clone(),
            Made::UnderWay => return None,
            Made::NotYet if depth > DEPTH => return None,
            Made::NotYet => found.made = Made::UnderWay,
        }
        let made = self.describe(at, depth);
        if let Some(found) = self.0.get_mut(at) {
            found.made = Made::Type(made.clone());
        }
        made
    }

    fn describe(&mut self, at: usize, depth: usize) -> Option<Type> {
        let found = self.0.get(at)?;
        let (oid, typtype, mut binary) = (found.oid, found.typtype, found.binary);
        let known = Type::from_oid(oid);
        if known.is_known() {
            return Some(known);
        }
        let mut parts = Vec::with_capacity(found.parts.len());
        for part in 0..found.parts.len() {
            let &(name, oid) = self.0.get(at)?.parts.get(part)?;
            let type_ = if typtype == b'e' { Type::from_oid(oid) } else { self.part(oid, depth)? };
            binary &= type_.has_binary_output();
            parts.push(Field { name: name.into(), type_ });
        }
        let found = self.0.get(at)?;
        let mut name = String::from(found.name);
        let first = parts.first().map(|part| part.type_.clone());
        let kind = match (typtype, first) {
            (b'b', Some(element)) => {
                name = String::from(element.name());
                name.push_str("[]");
                Kind::Array(element)
            }
            (b'b', None) => Kind::Base,
            (b'd', Some(base)) => Kind::Domain(base),
            (b'r', Some(bound)) => Kind::Range(bound),
            (b'm', Some(range)) => Kind::Multirange(range),
            (b'e', _) => Kind::Enum(parts.into_iter().map(|part| part.name).collect()),
            (b'c', _) => Kind::Composite(parts.into()),
            (b'p', _) => Kind::Pseudo,
            _ => return None,
        };
        let (schema, delimiter) = (found.schema.into(), found.delimiter);
        Some(Type::described(oid, Description { schema, name: Box::from(name), kind, delimiter, binary }))
    }

    fn part(&mut self, oid: u32, depth: usize) -> Option<Type> {
        let built_in = Type::from_oid(oid);
        if built_in.is_known() {
            return Some(built_in);
        }
        let at = self.0.binary_search_by_key(&oid, |found| found.oid).ok()?;
        self.make(at, depth + 1)
    }
}

/// Reads the rows; `None` when they are not what was asked for.
fn found(rows: &VecDeque<RowBatch>) -> Option<Vec<Found<'_>>> {
    let mut all: Vec<Found<'_>> = Vec::new();
    for batch in rows {
        for row in 0..batch.len() {
            let oid = oid_at(batch, row, 0)?;
            if all.last().is_none_or(|last| last.oid < oid) {
                all.push(Found {
                    oid,
                    typtype: byte_at(batch, row, 1)?,
                    schema: text_at(batch, row, 2)?,
                    name: text_at(batch, row, 3)?,
                    delimiter: byte_at(batch, row, 4)?,
                    binary: byte_at(batch, row, 5)? != 0,
                    parts: Vec::new(),
                    made: Made::NotYet,
                });
            }
            let last = all.last_mut().filter(|last| last.oid == oid)?;
            if let Some(part) = oid_at(batch, row, 7) {
                last.parts.push((text_at(batch, row, 6).unwrap_or_default(), part));
            }
        }
    }
    Some(all)
}

fn oid_at(batch: &RowBatch, row: usize, column: usize) -> Option<u32> {
    batch.field(row, column)?.try_into().ok().map(u32::from_be_bytes)
}

fn byte_at(batch: &RowBatch, row: usize, column: usize) -> Option<u8> {
    batch.field(row, column)?.first().copied()
}

fn text_at(batch: &RowBatch, row: usize, column: usize) -> Option<&str> {
    core::str::from_utf8(batch.field(row, column)?).ok()
}

#[cfg(test)]
mod tests;
