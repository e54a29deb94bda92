//! Statements: their names, descriptions, and the cache of those that are prepared.

mod cache;
mod call;
mod hasher;
mod inline;
mod name;

use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;

pub(crate) use cache::{Cache, Key, Naming};
pub use call::Call;
pub(crate) use inline::inline;
pub(crate) use name::StatementName;

use crate::row::{Column, Columns};
use crate::sql;
use crate::types::{Registry, Type};
use crate::wire::Format;

/// A described statement: its SQL, the types of its parameters, and the columns of its result.
///
/// It belongs to no connection: where it runs and is not prepared yet, it is prepared in the same flight.
#[derive(Debug, Clone)]
pub struct Statement(Arc<Description>);

#[derive(Debug)]
struct Description {
    sql: Box<str>,
    given_types: Box<[Type]>,
    parameters: Box<[Type]>,
    columns: Option<Arc<Columns>>,
    results: Box<[Format]>,
    class: Class,
}

impl Statement {
    /// The statement that a server described so. `given_types` are those that the caller asked for.
    pub(crate) fn new(
        sql: &str,
        given_types: &[Type],
        parameters: Vec<Type>,
        columns: Option<Vec<Column>>,
    ) -> Self {
        let results = result_formats(columns.as_deref());
        let columns = columns.map(|columns| Arc::new(Columns::from(with_formats(columns, &results))));
        Self(Arc::new(Description {
            sql: sql.into(),
            given_types: given_types.into(),
            parameters: parameters.into(),
            columns,
            results,
            class: Class::of(sql),
        }))
    }

    /// Its SQL.
    pub fn sql(&self) -> &str {
        &self.0.sql
    }

    /// The types of its parameters, `$1` first.
    pub fn parameters(&self) -> &[Type] {
        &self.0.parameters
    }

    /// The columns of its result; `None` when it returns no rows at all.
    pub fn columns(&self) -> Option<&Arc<Columns>> {
        self.0.columns.as_ref()
    }

    /// The types the caller gave when it was prepared.
    pub(crate) fn given_types(&self) -> &[Type] {
        &self.0.given_types
    }

    /// The same statement with its types as they are known by now, and the formats that go with them.
    pub(crate) fn with_types(&self, registry: &Registry) -> Self {
        let mut parameters = self.parameters().to_vec();
        parameters.iter_mut().for_each(|type_| *type_ = registry.current(type_));
        let columns = self.columns().map(|columns| columns.with_types(registry).to_vec());
        Self::new(self.sql(), self.given_types(), parameters, columns)
    }

    /// The OIDs of its types of which nothing else is known.
    pub(crate) fn unknown_types(&self) -> Vec<u32> {
        let mut unknown = Vec::new();
        self.parameters().iter().for_each(|type_| push_unknown(&mut unknown, type_));
        if let Some(columns) = self.columns() {
            columns.iter().for_each(|column| push_unknown(&mut unknown, &column.type_));
        }
        unknown
    }

    pub(crate) fn class(&self) -> Class {
        self.0.class
    }

    /// The formats its results are asked for in: one for all, or one each.
    pub(crate) fn results(&self) -> &[Format] {
        &self.0.results
    }
}

/// What the protocol must know of a statement before it is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    /// COPY: the stream may take over the wire.
    Copy,
    /// Begins a transaction block.
    Begin,
    /// Commits one: answered by ROLLBACK when the transaction had failed.
    Commit,
    /// Anything else.
    Other,
}

impl Class {
    pub(crate) fn of(sql: &str) -> Self {
        let Some(keyword) = sql::first_keyword(sql) else { return Self::Other };
        let is = |name: &str| keyword.eq_ignore_ascii_case(name);
        if is("copy") {
            Self::Copy
        } else if is("begin") || is("start") {
            Self::Begin
        } else if is("commit") || is("end") || is("prepare") {
            // PREPARE TRANSACTION ends a failed transaction like COMMIT does; PREPARE alone is never a ROLLBACK.
            Self::Commit
        } else {
            Self::Other
        }
    }

    /// Whether SQL begins with a statement that begins or ends a transaction, or a part of one.
    pub(crate) fn controls_transaction(sql: &str) -> bool {
        const OTHERS: [&str; 4] = ["rollback", "abort", "savepoint", "release"];
        matches!(Self::of(sql), Self::Begin | Self::Commit)
            || sql::first_keyword(sql)
                .is_some_and(|keyword| OTHERS.iter().any(|other| keyword.eq_ignore_ascii_case(other)))
    }

    /// Whether a statement of this class that was answered by `tag` did the opposite of what it was asked to.
    pub(crate) fn was_rolled_back(self, tag: &[u8]) -> bool {
        self == Self::Commit && tag == b"ROLLBACK"
    }
}

/// Adds the OID of a type of which nothing else is known. 0 is no type's.
pub(crate) fn push_unknown(oids: &mut Vec<u32>, type_: &Type) {
    if !type_.is_known() && type_.oid() != 0 {
        oids.push(type_.oid());
    }
}

/// Binary for all, except the columns whose type the server can only write as text.
fn result_formats(columns: Option<&[Column]>) -> Box<[Format]> {
    let columns = columns.unwrap_or_default();
    if columns.iter().all(|column| column.type_.has_binary_output()) {
        return [Format::Binary].into();
    }
    columns
        .iter()
        .map(|column| if column.type_.has_binary_output() { Format::Binary } else { Format::Text })
        .collect()
}

/// The description of a statement knows no formats yet: they are what will be asked for.
fn with_formats(mut columns: Vec<Column>, results: &[Format]) -> Vec<Column> {
    let formats = results.iter().cycle();
    columns.iter_mut().zip(formats).for_each(|(column, format)| column.format = *format);
    columns
}
