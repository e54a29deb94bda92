//! Every vector, through `Value` in both formats and both directions.

use bytes::BytesMut;
use trunkline_core::types::{Kind, ToSql, Type, Value};
use trunkline_core::wire::{Format, IsNull};
use trunkline_tests::vectors::{Case, families};

/// Whether the server alone can write its text: objects by their names, statistics for its planner, and what an
/// anonymous record holds of types that are not built in.
fn is_rendered_by_the_server(case: &Case) -> bool {
    let name = case.type_name.trim_end_matches("[]");
    name.starts_with("reg")
        || name == "record" && !case.oids.is_empty()
        || matches!(name, "pg_ndistinct" | "pg_dependencies" | "pg_mcv_list" | "anyarray")
}

/// Whether it is sent in text however it is read: the server refuses its own binary form of these.
fn has_input(case: &Case) -> bool {
    let element = case.type_.base().element();
    let of = element.as_ref().unwrap_or(case.type_.base());
    case.received && !matches!(of.kind(), Kind::Pseudo)
}

fn every_case(mut check: impl FnMut(&Case) -> Result<(), String>) {
    let mut wrong = Vec::new();
    let mut count = 0;
    for family in families() {
        for case in &family.cases {
            count += 1;
            if let Err(problem) = check(case) {
                let text: String = case.text.chars().take(120).collect();
                wrong.push(format!("{} {text}: {problem}", case.type_name));
            }
        }
    }
    assert!(count >= 1000, "{count} vectors");
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
}

fn decoded(case: &Case) -> Result<Option<Value>, String> {
    let Some(raw) = &case.binary else { return Ok(None) };
    Value::decode(&case.type_, Format::Binary, Some(raw)).map(Some).map_err(|problem| problem.to_string())
}

fn encoded(value: &Value, type_: &Type) -> Result<BytesMut, String> {
    let mut out = BytesMut::new();
    let base = type_.base();
    if !value.accepts(base) {
        return Err(format!("{value:?} is not accepted"));
    }
    let is_null = value.to_sql(base, &mut out).map_err(|problem| problem.to_string())?;
    if is_null == IsNull::Yes { Err("NULL".into()) } else { Ok(out) }
}

#[test]
fn the_binary_form_displays_as_the_servers_text() {
    every_case(|case| match decoded(case)? {
        Some(value) if !is_rendered_by_the_server(case) && value.to_string() != case.text => {
            Err(format!("{value}"))
        }
        _ => Ok(()),
    });
}

#[test]
fn the_binary_form_is_encoded_as_it_was() {
    every_case(|case| {
        let Some(value) = decoded(case)?.filter(|_| has_input(case)) else { return Ok(()) };
        let out = encoded(&value, &case.type_)?;
        let format = value.format(case.type_.base());
        if format != Format::Binary {
            return Err(format!("{value:?} is written in text"));
        }
        match case.binary.as_deref() == Some(&out[..]) {
            true => Ok(()),
            false => {
                Err(format!("{out:02x?}\n    is not {:02x?}", case.binary.as_deref().unwrap_or_default()))
            }
        }
    });
}

#[test]
fn the_servers_text_is_parsed_to_what_displays_the_same() {
    every_case(|case| {
        let value = Value::parse(&case.type_, &case.text).map_err(|problem| problem.to_string())?;
        let text = value.to_string();
        if text == case.text { Ok(()) } else { Err(text) }
    });
}

#[test]
fn text_and_binary_are_the_same_value() {
    every_case(|case| {
        let Some(value) = decoded(case)?.filter(|_| !is_rendered_by_the_server(case)) else { return Ok(()) };
        // An anonymous record does not say its types in text, and NaN equals nothing.
        if case.type_name.starts_with("record") || value != value.clone() {
            return Ok(());
        }
        let parsed = Value::parse(&case.type_, &case.text).map_err(|problem| problem.to_string())?;
        if parsed == value { Ok(()) } else { Err(format!("{parsed:?}\n    is not {value:?}")) }
    });
}
