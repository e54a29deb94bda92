//! What a query writes, and what can be told of it before.

use crate::error::{Error, UsageError};
use crate::operation::OperationId;
use crate::pipeline::{Binding, Flight};
use crate::sql::{Lexer, TokenKind, first_keyword};
use crate::statement::{Naming, Statement};
use crate::types::{Parameters, Type};
use crate::wire::Format;

/// Writes a query whose description is known, up to its Execute.
pub(super) fn write_query(
    flight: &mut Flight<'_>,
    id: OperationId,
    statement: &Statement,
    naming: &Naming,
    parameters: &dyn Parameters,
) -> Result<(), Error> {
    let (name, parse) = match naming {
        Naming::Unnamed => ("", true),
        Naming::Assign(name) => (name.as_str(), true),
        Naming::Named(name) => (name.as_str(), false),
    };
    if parse {
        let oids: alloc::vec::Vec<u32> = statement.parameters().iter().map(Type::oid).collect();
        flight.parse(id, name, statement.sql(), &oids)?;
    }
    let binding =
        Binding { statement: name, types: statement.parameters(), parameters, results: statement.results() };
    flight.bind(id, &binding)?;
    if parse {
        // Parsed anew, it may have other columns than it was described with.
        flight.describe_portal(id)?;
    }
    flight.execute(id);
    Ok(())
}

/// Writes a query whose unnamed statement was parsed and described in the flight before.
pub(super) fn write_parsed(
    flight: &mut Flight<'_>,
    id: OperationId,
    statement: &Statement,
    parameters: &dyn Parameters,
) -> Result<(), Error> {
    let binding =
        Binding { statement: "", types: statement.parameters(), parameters, results: statement.results() };
    flight.bind(id, &binding)?;
    flight.execute(id);
    Ok(())
}

/// Writes a query that was never described: the server tells its columns on the way.
pub(super) fn write_blind(
    flight: &mut Flight<'_>,
    id: OperationId,
    sql: &str,
    types: &[Type],
    parameters: &dyn Parameters,
) -> Result<(), Error> {
    let oids: alloc::vec::Vec<u32> = types.iter().map(Type::oid).collect();
    flight.parse(id, "", sql, &oids)?;
    flight.bind(id, &Binding { statement: "", types, parameters, results: &[Format::Binary] })?;
    flight.describe_portal(id)?;
    flight.execute(id);
    Ok(())
}

/// Writes a command that has neither parameters nor rows.
pub(super) fn write_command(flight: &mut Flight<'_>, id: OperationId, sql: &str) -> Result<(), Error> {
    flight.parse(id, "", sql, &[])?;
    flight.bind(id, &Binding { statement: "", types: &[], parameters: &(), results: &[] })?;
    flight.execute(id);
    Ok(())
}

pub(super) fn check_count(expected: usize, parameters: &dyn Parameters) -> Result<(), Error> {
    let given = parameters.count();
    if given == expected { Ok(()) } else { Err(UsageError::ParameterCount { expected, given }.into()) }
}

/// How many parameters a query asks for: the highest `$n` in it that is no part of a string or comment. None where
/// a `$n` may be something else's: PREPARE and CREATE FUNCTION have parameters of their own.
pub(super) fn parameters_in(sql: &str) -> usize {
    const QUERIES: [&str; 7] = ["select", "insert", "update", "delete", "merge", "with", "values"];
    let is_query = |keyword: &str| QUERIES.iter().any(|query| keyword.eq_ignore_ascii_case(query));
    if memchr::memchr(b'$', sql.as_bytes()).is_none() || !first_keyword(sql).is_some_and(is_query) {
        return 0;
    }
    let numbers = Lexer::new(sql).filter_map(|token| match token.kind {
        TokenKind::Parameter(number) => number,
        _ => None,
    });
    numbers.max().map_or(0, usize::from)
}
