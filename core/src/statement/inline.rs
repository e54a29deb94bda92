use alloc::borrow::Cow;
use alloc::string::String;

use bytes::BytesMut;

use crate::error::{Error, UsageError};
use crate::sql::{Lexer, TokenKind, quote_identifier, quote_literal};
use crate::types::{Parameters, Type, render};
use crate::wire::{Format, IsNull};

/// SQL with its parameters written into it as string constants, for the simple protocol, which has none.
///
/// A constant is as untyped as a parameter is, so the server finds its type by the same rules; where the caller
/// gives the type, it is cast to that.
///
/// # Errors
///
/// [`Error::Usage`] for a value that has no text without its type being given, and for another number of parameters
/// than the SQL takes.
pub(crate) fn inline<'a>(
    sql: &'a str,
    types: &[Type],
    parameters: &dyn Parameters,
) -> Result<Cow<'a, str>, Error> {
    let given = parameters.count();
    if given == 0 {
        return Ok(Cow::Borrowed(sql));
    }
    let (mut text, mut expected) = (String::with_capacity(sql.len() + 16 * given), 0);
    for token in Lexer::new(sql) {
        let TokenKind::Parameter(number) = token.kind else {
            text.push_str(token.text);
            continue;
        };
        let number = number.map_or(usize::MAX, usize::from);
        expected = expected.max(number);
        if let Some(index) = number.checked_sub(1).filter(|index| *index < given) {
            // A letter before the constant would make it another kind of constant.
            text.push(' ');
            push_constant(&mut text, index, types.get(index), parameters)?;
        }
    }
    if expected != given {
        return Err(UsageError::ParameterCount { expected, given }.into());
    }
    Ok(Cow::Owned(text))
}

fn push_constant(
    into: &mut String,
    index: usize,
    type_: Option<&Type>,
    parameters: &dyn Parameters,
) -> Result<(), Error> {
    let mut raw = BytesMut::new();
    let (is_null, written_as) = match type_ {
        Some(type_) => (parameters.encode(index, type_, &mut raw)?, type_.clone()),
        None => encode_as_it_comes(index, parameters, &mut raw)?,
    };
    if is_null == IsNull::Yes {
        into.push_str("NULL");
    } else {
        let mut text = String::new();
        let rendered = match parameters.format(index, &written_as) {
            Format::Binary => render(&written_as, &raw, &mut text).is_ok(),
            Format::Text => core::str::from_utf8(&raw).map(|raw| text.push_str(raw)).is_ok(),
        };
        if !rendered {
            return Err(has_no_text(index));
        }
        into.push_str(&quote_literal(&text)?);
    }
    if let Some(type_) = type_ {
        push_cast(into, type_)?;
    }
    Ok(())
}

fn push_cast(into: &mut String, type_: &Type) -> Result<(), Error> {
    let name = type_.name();
    let (element, brackets) = name.strip_suffix("[]").map_or((name, ""), |element| (element, "[]"));
    into.push_str("::");
    into.push_str(&quote_identifier(type_.schema())?);
    into.push('.');
    into.push_str(&quote_identifier(element)?);
    into.push_str(brackets);
    Ok(())
}

/// The types whose text serves for every type that a value of them can be meant for.
const SPEAKING: [Type; 38] = [
    Type::TEXT,
    Type::INT8,
    Type::INT4,
    Type::INT2,
    Type::OID,
    Type::XID8,
    Type::FLOAT8,
    Type::FLOAT4,
    Type::NUMERIC,
    Type::BOOL,
    Type::BYTEA,
    Type::TIMESTAMPTZ,
    Type::TIMESTAMP,
    Type::DATE,
    Type::TIME,
    Type::TIMETZ,
    Type::INTERVAL,
    Type::UUID,
    Type::JSONB,
    Type::JSON,
    Type::INET,
    Type::CIDR,
    Type::MACADDR,
    Type::MACADDR8,
    Type::BIT,
    Type::POINT,
    Type::TEXT_ARRAY,
    Type::INT8_ARRAY,
    Type::INT4_ARRAY,
    Type::INT2_ARRAY,
    Type::FLOAT8_ARRAY,
    Type::FLOAT4_ARRAY,
    Type::NUMERIC_ARRAY,
    Type::BOOL_ARRAY,
    Type::BYTEA_ARRAY,
    Type::UUID_ARRAY,
    Type::TIMESTAMPTZ_ARRAY,
    Type::DATE_ARRAY,
];

fn encode_as_it_comes(
    index: usize,
    parameters: &dyn Parameters,
    raw: &mut BytesMut,
) -> Result<(IsNull, Type), Error> {
    let encoded = SPEAKING.iter().find_map(|type_| {
        let is_null = parameters.encode(index, type_, raw).ok()?;
        Some((is_null, type_.clone()))
    });
    encoded.ok_or_else(|| has_no_text(index))
}

fn has_no_text(index: usize) -> Error {
    UsageError::call(alloc::format!(
        "parameter ${}: the simple protocol takes values as text, and this one's type is not known: give the types of \
         the parameters",
        index + 1
    ))
    .into()
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;
    use alloc::vec::Vec;

    use super::*;

    #[test]
    fn parameters_become_constants() {
        let inlined = |sql, parameters: &dyn Parameters| inline(sql, &[], parameters).unwrap().into_owned();
        assert_eq!(inlined("select $1, '$1', $2", &(5, "it's")), "select  '5', '$1',  'it''s'");
        assert_eq!(inlined("e$1, ($1)", &(-1.5,)), "e$1, ( '-1.5')");
        assert_eq!(inlined("x = $1", &(None::<i32>,)), "x =  NULL");
        assert_eq!(inlined("x = any($1)", &(Vec::from([1, 2]),)), "x = any( '{1,2}')");
        assert_eq!(inlined("$1", &(true,)), " 't'");
        assert_eq!(inlined("$1", &(&b"\\"[..],)), r" E'\\x5c'");
        assert_eq!(inlined("prepare a as select $1", &()), "prepare a as select $1");
    }

    #[test]
    fn a_given_type_is_cast_to() {
        let inlined = inline("select $1", &[Type::INT4_ARRAY], &(Vec::from([1]),)).unwrap();
        assert_eq!(inlined, r#"select  '{1}'::"pg_catalog"."int4"[]"#);
    }

    #[test]
    fn counts_must_agree() {
        for (sql, expected) in [("select 1", 0), ("select $2", 2), ("select $99999", usize::MAX)] {
            let error = inline(sql, &[], &(1,)).unwrap_err();
            assert_eq!(
                error.to_string(),
                Error::from(UsageError::ParameterCount { expected, given: 1 }).to_string()
            );
        }
    }
}
