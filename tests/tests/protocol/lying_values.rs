//! Values that are not what their type says: each is an error that names the column and the type, and none is taken
//! for something else.

mod bent;
mod lies;

use std::collections::{BTreeMap, HashMap};
use std::fmt::Display;

use bytes::BytesMut;
use trunkline_core::types::{Type, Value};
use trunkline_core::wire::Format;
use trunkline_core::{Column, Columns, Row, RowBatch};

/// How a column is read, and what came of it.
type Reads = fn(Row<'_>) -> Result<(), String>;

fn told<T, E: Display>(read: Result<T, E>) -> Result<(), String> {
    read.map(drop).map_err(|error| error.to_string())
}

/// By those who know no types.
const DYNAMIC: [Reads; 2] = [|row| told(row.get::<Value>("lie")), |row| told(serde_json::to_string(&row))];

/// A row of one column that holds a value.
fn read(type_: &Type, format: Format, raw: &[u8], reads: &Reads) -> Result<(), String> {
    let columns = Columns::from(vec![Column::new("lie", type_.clone(), format)]);
    let length = |length: usize| u32::try_from(length).unwrap().to_be_bytes();
    let frame = [b"D", &length(raw.len() + 10)[..], b"\0\x01", &length(raw.len()), raw].concat();
    let batch = RowBatch::take(&mut BytesMut::from(&frame[..]), 1).unwrap().unwrap();
    reads(Row::new(&batch, &columns, 0).unwrap())
}

/// That a value is refused, by the host types and by those who know no types, in words that say where.
fn check(type_: &Type, format: Format, raw: &[u8], what: &str, hosts: &[Reads]) -> Result<(), String> {
    for reads in DYNAMIC.iter().chain(hosts) {
        match read(type_, format, raw, reads) {
            Ok(()) => return Err(format!("{type_}: {what} was taken for a value")),
            Err(error) if error.contains(&format!("column \"lie\" (PostgreSQL's {type_})")) => {}
            Err(error) => return Err(format!("{type_}: {what} gave: {error}")),
        }
    }
    Ok(())
}

fn all_well(results: impl IntoIterator<Item = Result<(), String>>) {
    let mut count = 0;
    let wrong: Vec<String> = results.into_iter().inspect(|_| count += 1).filter_map(Result::err).collect();
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
}
