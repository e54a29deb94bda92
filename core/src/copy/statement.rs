//! A COPY command as SQL.

use alloc::string::String;

use super::options::{CopyFormat, CopyHeader, CopyOptions, ForceColumns, LogVerbosity, OnError};
use super::table::{Source, Table, push_columns};
use crate::error::{Error, UsageError};
use crate::sql::{Lexer, Token, TokenKind, quote_literal};
use crate::wire::Unencodable;

/// The command for data that comes from here.
///
/// ```
/// use trunkline_core::copy::{CopyOptions, Table, copy_in_sql};
///
/// let target = Table::new("users").columns(["id", "name"]);
/// let sql = copy_in_sql(&target, &CopyOptions::csv().null("-").filter("id > 0"))?;
/// assert_eq!(sql, "COPY \"users\" (\"id\", \"name\") FROM STDIN WITH (FORMAT csv, NULL '-') WHERE id > 0");
/// # Ok::<(), trunkline_core::Error>(())
/// ```
///
/// # Errors
///
/// [`Error::Usage`] for a NUL in any of it.
pub fn copy_in_sql(target: &Table, options: &CopyOptions) -> Result<String, Error> {
    let mut sql = String::from("COPY ");
    push_table(&mut sql, target)?;
    sql.push_str(" FROM STDIN WITH (");
    push_options(&mut sql, options)?;
    sql.push(')');
    if let Some(condition) = &options.condition {
        sql.push_str(" WHERE ");
        sql.push_str(condition);
    }
    Ok(sql)
}

/// The command for data that goes to here.
///
/// ```
/// use trunkline_core::copy::{CopyOptions, Source, copy_out_sql};
///
/// let adults = Source::query("select * from users where age >= 18;");
/// let sql = copy_out_sql(&adults, &CopyOptions::csv())?;
/// assert_eq!(sql, "COPY (select * from users where age >= 18) TO STDOUT WITH (FORMAT csv)");
/// # Ok::<(), trunkline_core::Error>(())
/// ```
///
/// # Errors
///
/// [`Error::Usage`] for a NUL in any of it, and for a query whose parentheses are not in pairs.
pub fn copy_out_sql(source: &Source, options: &CopyOptions) -> Result<String, Error> {
    let mut sql = String::from("COPY ");
    match source {
        Source::Table(table) => push_table(&mut sql, table)?,
        Source::Query(query) => {
            sql.push('(');
            sql.push_str(whole_query(query)?);
            sql.push(')');
        }
    }
    sql.push_str(" TO STDOUT WITH (");
    push_options(&mut sql, options)?;
    sql.push(')');
    if options.condition.is_some() {
        return Err(UsageError::call("COPY … TO takes no WHERE: copy a query out").into());
    }
    Ok(sql)
}

/// The query up to its last token, without a semicolon and what comes behind it, for it to stand in parentheses.
fn whole_query(query: &str) -> Result<&str, UsageError> {
    let ends = |token: &Token<'_>| token.is_blank() || token.kind == TokenKind::Punctuation(';');
    let (mut depth, mut end) = (0_usize, 0);
    for token in Lexer::new(query).filter(|token| !ends(token)) {
        end = token.end();
        depth = match token.kind {
            TokenKind::Punctuation('(') => depth + 1,
            TokenKind::Punctuation(')') => depth.checked_sub(1).ok_or_else(unpaired)?,
            _ => depth,
        };
    }
    if depth > 0 { Err(unpaired()) } else { Ok(query.get(..end).unwrap_or(query)) }
}

fn unpaired() -> UsageError {
    UsageError::call("the parentheses of the query to copy are not in pairs")
}

fn push_table(sql: &mut String, table: &Table) -> Result<(), Unencodable> {
    sql.push_str(&table.quoted()?);
    if !table.columns.is_empty() {
        sql.push_str(" (");
        push_columns(sql, &table.columns)?;
        sql.push(')');
    }
    Ok(())
}

fn push_options(sql: &mut String, options: &CopyOptions) -> Result<(), Unencodable> {
    sql.push_str(match options.format {
        CopyFormat::Text => "FORMAT text",
        CopyFormat::Csv => "FORMAT csv",
        CopyFormat::Binary => "FORMAT binary",
    });
    if let Some(freeze) = options.freeze {
        sql.push_str(if freeze { ", FREEZE true" } else { ", FREEZE false" });
    }
    push_character(sql, ", DELIMITER ", options.delimiter)?;
    push_text(sql, ", NULL ", options.null.as_deref())?;
    push_text(sql, ", DEFAULT ", options.default.as_deref())?;
    if let Some(header) = options.header {
        sql.push_str(match header {
            CopyHeader::Off => ", HEADER false",
            CopyHeader::On => ", HEADER true",
            CopyHeader::Match => ", HEADER match",
        });
    }
    push_character(sql, ", QUOTE ", options.quote)?;
    push_character(sql, ", ESCAPE ", options.escape)?;
    push_force(sql, ", FORCE_QUOTE ", options.force_quote.as_ref())?;
    push_force(sql, ", FORCE_NOT_NULL ", options.force_not_null.as_ref())?;
    push_force(sql, ", FORCE_NULL ", options.force_null.as_ref())?;
    push_text(sql, ", ENCODING ", options.encoding.as_deref())?;
    if let Some(on_error) = options.on_error {
        sql.push_str(match on_error {
            OnError::Stop => ", ON_ERROR stop",
            OnError::Ignore => ", ON_ERROR ignore",
        });
    }
    if let Some(limit) = options.reject_limit {
        push_number(sql, ", REJECT_LIMIT ", limit);
    }
    if let Some(verbosity) = options.log_verbosity {
        sql.push_str(match verbosity {
            LogVerbosity::Silent => ", LOG_VERBOSITY silent",
            LogVerbosity::Default => ", LOG_VERBOSITY default",
            LogVerbosity::Verbose => ", LOG_VERBOSITY verbose",
        });
    }
    Ok(())
}

fn push_text(sql: &mut String, name: &str, text: Option<&str>) -> Result<(), Unencodable> {
    if let Some(text) = text {
        sql.push_str(name);
        sql.push_str(&quote_literal(text)?);
    }
    Ok(())
}

fn push_character(sql: &mut String, name: &str, character: Option<char>) -> Result<(), Unencodable> {
    let mut buffer = [0; 4];
    push_text(sql, name, character.map(|character| &*character.encode_utf8(&mut buffer)))
}

fn push_force(sql: &mut String, name: &str, columns: Option<&ForceColumns>) -> Result<(), Unencodable> {
    match columns {
        None => {}
        Some(ForceColumns::All) => {
            sql.push_str(name);
            sql.push('*');
        }
        Some(ForceColumns::Named(columns)) => {
            sql.push_str(name);
            sql.push('(');
            push_columns(sql, columns)?;
            sql.push(')');
        }
    }
    Ok(())
}

fn push_number(sql: &mut String, name: &str, number: u64) {
    use core::fmt::Write;

    sql.push_str(name);
    // Writing to a String cannot fail.
    let _ = write!(sql, "{number}");
}

#[cfg(test)]
mod tests {
    use std::string::ToString;

    use super::*;

    #[test]
    fn every_option_is_written() {
        let options = CopyOptions::csv()
            .freeze(true)
            .delimiter('\'')
            .null("it's")
            .default_marker("\\D")
            .header(CopyHeader::Match)
            .quote('"')
            .escape('\\')
            .force_quote(ForceColumns::All)
            .force_not_null(["a", "b\"c"])
            .force_null([String::from("d")])
            .encoding("latin1")
            .on_error(OnError::Ignore)
            .reject_limit(3)
            .log_verbosity(LogVerbosity::Silent)
            .filter("a > 1");
        assert_eq!(
            copy_in_sql(&Table::from(("s", "t")), &options).unwrap(),
            "COPY \"s\".\"t\" FROM STDIN WITH (FORMAT csv, FREEZE true, DELIMITER '''', NULL 'it''s', DEFAULT E'\\\\D', \
             HEADER match, QUOTE '\"', ESCAPE E'\\\\', FORCE_QUOTE *, FORCE_NOT_NULL (\"a\", \"b\"\"c\"), \
             FORCE_NULL (\"d\"), ENCODING 'latin1', ON_ERROR ignore, REJECT_LIMIT 3, LOG_VERBOSITY silent) WHERE a > 1"
        );
        let others = CopyOptions::text()
            .freeze(false)
            .header(true)
            .on_error(OnError::Stop)
            .log_verbosity(LogVerbosity::Verbose)
            .timeout(core::time::Duration::from_secs(1));
        assert_eq!(
            copy_out_sql(&Table::new("t").columns(["a"]).into(), &others).unwrap(),
            "COPY \"t\" (\"a\") TO STDOUT WITH (FORMAT text, FREEZE false, HEADER true, ON_ERROR stop, LOG_VERBOSITY verbose)"
        );
    }

    #[test]
    fn a_query_stands_in_parentheses_whatever_it_ends_with() {
        let sql = |query: &str| copy_out_sql(&Source::query(query), &CopyOptions::binary());
        let expected = "COPY (select 1) TO STDOUT WITH (FORMAT binary)";
        for query in ["select 1", "select 1;", "select 1 ; -- done", "select 1 -- done", "select 1 /* ; */ "]
        {
            assert_eq!(sql(query).unwrap(), expected, "{query}");
        }
        assert!(sql("select (')')").is_ok());
        for query in ["select 1) to program 'true' --", "select (1", "select 1)"] {
            assert!(sql(query).unwrap_err().to_string().contains("parentheses"), "{query}");
        }
    }

    #[test]
    fn a_nul_and_a_condition_on_the_way_out_are_refused() {
        assert!(copy_in_sql(&Table::new("a\0b"), &CopyOptions::text()).is_err());
        assert!(copy_in_sql(&Table::new("t"), &CopyOptions::text().null("\0")).is_err());
        assert!(copy_out_sql(&"t".into(), &CopyOptions::text().filter("true")).is_err());
    }

    #[test]
    fn a_table_is_described_by_a_query() {
        assert_eq!(Table::from(("s", "t")).describing_query().unwrap(), "select * from \"s\".\"t\"");
        let two = Table::from("t").columns(["a", "B"]);
        assert_eq!(two.describing_query().unwrap(), "select \"a\", \"B\" from \"t\"");
    }
}
