use alloc::string::String;
use alloc::vec::Vec;

use bytes::BytesMut;

use crate::error::{Error, UsageError};
use crate::sql::{Lexer, TokenKind, quote_identifier, quote_literal};
use crate::types::{Parameters, Type, render};
use crate::wire::{Format, IsNull};

/// The SQL with its parameters written into it as literals, each cast to its type: for a COPY of a query, which cannot
/// have parameters.
///
/// `types` are those of the parameters as the server describes them. The literals are quoted so that they are literals
/// whatever is in them.
///
/// ```
/// use trunkline_core::copy::with_literals;
/// use trunkline_core::types::Type;
///
/// let sql = with_literals("select * from t where name = $1", &[Type::TEXT], &("O'Hara",))?;
/// assert_eq!(sql, "select * from t where name = CAST('O''Hara' AS \"pg_catalog\".\"text\")");
/// # Ok::<(), trunkline_core::Error>(())
/// ```
///
/// # Errors
///
/// [`Error::Usage`] when a parameter does not fit its type, is missing or too many, and for a type of which nothing is
/// known.
pub fn with_literals(sql: &str, types: &[Type], parameters: &dyn Parameters) -> Result<String, Error> {
    if parameters.count() != types.len() {
        let (expected, given) = (types.len(), parameters.count());
        return Err(UsageError::ParameterCount { expected, given }.into());
    }
    let mut literals = Vec::with_capacity(types.len());
    for (at, type_) in types.iter().enumerate() {
        literals.push(literal(at, type_, parameters)?);
    }
    let mut out = String::with_capacity(sql.len());
    for token in Lexer::new(sql) {
        let TokenKind::Parameter(number) = token.kind else {
            out.push_str(token.text);
            continue;
        };
        let at = number.and_then(|number| usize::from(number).checked_sub(1));
        let literal = at.and_then(|at| literals.get(at)).ok_or_else(|| {
            UsageError::call(
                "the query has a parameter that the server did not describe: their numbers begin with $1",
            )
        })?;
        out.push_str(literal);
    }
    Ok(out)
}

fn literal(at: usize, type_: &Type, parameters: &dyn Parameters) -> Result<String, Error> {
    let mut raw = BytesMut::new();
    let mut sql = String::from("CAST(");
    match (parameters.encode(at, type_, &mut raw)?, parameters.format(at, type_)) {
        (IsNull::Yes, _) => sql.push_str("NULL"),
        (IsNull::No, Format::Text) => {
            let text = core::str::from_utf8(&raw).map_err(|_| no_text(type_))?;
            sql.push_str(&quote_literal(text)?);
        }
        (IsNull::No, Format::Binary) => {
            let mut text = String::new();
            render(type_, &raw, &mut text).map_err(|_| no_text(type_))?;
            sql.push_str(&quote_literal(&text)?);
        }
    }
    sql.push_str(" AS ");
    push_type(&mut sql, type_)?;
    sql.push(')');
    Ok(sql)
}

/// The type as SQL, with its schema.
fn push_type(sql: &mut String, type_: &Type) -> Result<(), Error> {
    if !type_.is_known() {
        return Err(no_text(type_).into());
    }
    // An array's name is its element's with brackets, but for those of the catalog that have names of their own.
    let element = type_.element().filter(|_| type_.name().as_bytes().ends_with(b"[]"));
    let named = element.as_ref().unwrap_or(type_);
    sql.push_str(&quote_identifier(named.schema())?);
    sql.push('.');
    sql.push_str(&quote_identifier(named.name())?);
    if element.is_some() {
        sql.push_str("[]");
    }
    Ok(())
}

#[cold]
fn no_text(type_: &Type) -> UsageError {
    let mut why = String::from("a parameter of PostgreSQL's ");
    why.push_str(type_.name());
    why.push_str(" has no text that is known here: write it into the query");
    UsageError::call(why)
}

#[cfg(test)]
mod tests {
    use std::string::ToString;
    use std::vec;

    use super::*;

    #[test]
    fn parameters_become_literals_where_they_stand() {
        let types = [Type::INT4, Type::TEXT, Type::INT4_ARRAY, Type::TIMESTAMPTZ];
        let sql = with_literals(
            "select $1 + $1, '$2', \"$2\", $2, $$ $2 $$ -- $9\n, $3, $4",
            &types,
            &(7, "a\\'b", vec![Some(1), None], None::<&str>),
        );
        assert_eq!(
            sql.unwrap(),
            "select CAST('7' AS \"pg_catalog\".\"int4\") + CAST('7' AS \"pg_catalog\".\"int4\"), '$2', \"$2\", \
             CAST(E'a\\\\''b' AS \"pg_catalog\".\"text\"), $$ $2 $$ -- $9\n, \
             CAST('{1,NULL}' AS \"pg_catalog\".\"int4\"[]), CAST(NULL AS \"pg_catalog\".\"timestamptz\")"
        );
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let error = |sql, types: &[Type], parameters: &dyn Parameters| {
            with_literals(sql, types, parameters).unwrap_err().to_string()
        };
        assert!(error("select $1", &[Type::INT4], &("x",)).contains("$1"));
        assert!(error("select $1", &[Type::INT4], &()).contains("takes 1 parameter"));
        assert!(error("select $2", &[Type::INT4], &(1,)).contains("begin with $1"));
        assert!(error("select $1", &[Type::TEXT], &("\0",)).contains("NUL"));
        assert!(error("select $1", &[Type::from_oid(99_999)], &("x",)).contains("???"));
    }
}
