//! Each type is asked for once, with all that it is made of, whoever meets it.

use trunkline_core::types::{Kind, Type};
use trunkline_core::wire::Format;
use trunkline_core::{BatchMode, Outcome, QueryOptions};
use trunkline_tests::backend::catalog::{BLIND, MOOD, MOODS, PAIRS};
use trunkline_tests::pair::Pair;

use super::{count, happy};

#[test]
fn what_is_known_is_not_asked_again() {
    let mut pair = Pair::open();
    for _ in 0..4 {
        let id = pair.client.query("select mood", ());
        pair.run();
        assert_eq!(
            (pair.client.rows(id), &pair.client.types(id)[..]),
            (&[happy()][..], &["mood".to_string()][..])
        );
        let id = pair.client.query("select $1::mood", ("happy",));
        pair.run();
        assert_eq!(
            (pair.client.rows(id), &pair.client.types(id)[..]),
            (&[happy()][..], &["mood".to_string()][..])
        );
    }
    assert_eq!(pair.backend.catalog.introspections, [[MOOD]]);
    assert_eq!(pair.client.learned, 1);
    let mood = pair.client.connection.registry().find(Some("public"), "mood").unwrap();
    assert_eq!(mood.kind(), Kind::Enum(["sad".into(), "happy".into()].into()));
}

#[test]
fn a_type_that_is_given_by_its_oid_alone_is_learned_before_it_is_sent() {
    let mut pair = Pair::open();
    let given = [Type::from_oid(MOOD)];
    let options = QueryOptions { types: &given, ..QueryOptions::default() };
    for round in 0..3 {
        let id = pair.client.query_with("select $1::mood", &options, ("happy",)).unwrap();
        pair.run();
        assert_eq!((pair.client.rows(id), pair.client.types(id)), (&[happy()][..], vec!["mood".into()]));
        // As it is sent when it is known.
        assert_eq!(count(&pair.sent(), "Bind(unnamed, 1 b→b)"), if round == 0 { 2 } else { 0 });
    }
    assert_eq!(pair.backend.catalog.introspections, [[MOOD]]);
}

#[test]
fn everything_that_a_type_is_made_of_comes_with_it() {
    let mut pair = Pair::open();
    let id = pair.client.query("select pairs", ());
    pair.run();
    assert_eq!(pair.client.types(id), ["pair[]"]);
    let pairs = pair.client.columns(id).next().unwrap().type_.clone();
    let Kind::Array(element) = pairs.kind() else { panic!("{pairs:?}") };
    let Kind::Composite(fields) = element.kind() else { panic!("{element:?}") };
    assert_eq!(fields.iter().map(|field| field.type_.name()).collect::<Vec<_>>(), ["int4", "mood"]);
    for sql in ["select pair", "select mood", "select pairs"] {
        pair.client.query(sql, ());
        pair.run();
    }
    assert_eq!(pair.backend.catalog.introspections, [[PAIRS]]);
}

#[test]
fn an_array_is_asked_for_by_its_own_oid() {
    let mut pair = Pair::open();
    let id = pair.client.query("select moods", ());
    pair.run();
    assert_eq!(pair.client.types(id), ["mood[]"]);
    assert_eq!(pair.backend.catalog.introspections, [[MOODS]]);
}

#[test]
fn many_that_meet_the_same_types_ask_once() {
    let mut pair = Pair::open();
    let blind: Vec<_> = (0..20).map(|_| pair.client.query("select mood", ())).collect();
    let bound: Vec<_> = (0..20).map(|_| pair.client.query("select $1::mood", ("happy",))).collect();
    let prepared: Vec<_> = (0..3).map(|_| pair.client.prepare("select mood")).collect();
    pair.run();
    for id in blind.into_iter().chain(bound) {
        assert_eq!(pair.client.rows(id), [happy()]);
        assert_eq!(pair.client.types(id), ["mood"]);
    }
    for id in prepared {
        assert!(matches!(pair.client.outcome(id), Some(Ok(Outcome::Prepared(_)))));
    }
    assert_eq!(pair.backend.catalog.introspections, [[MOOD]]);
    assert!(pair.client.connection.is_idle());
}

#[test]
fn types_that_others_learned_are_not_asked_for() {
    let mut first = Pair::open();
    first.client.query("select pairs", ());
    first.run();
    let mut second = Pair::open();
    second.client.connection.set_registry(first.client.connection.registry().clone());
    let id = second.client.query("select pairs", ());
    second.run();
    assert_eq!(second.client.types(id), ["pair[]"]);
    assert!(second.backend.catalog.introspections.is_empty());
}

#[test]
fn a_script_has_its_types_too() {
    let mut pair = Pair::open();
    let id = pair.client.simple("select mood; select 1; select pairs");
    pair.run();
    let Some(Ok(Outcome::Script(results))) = pair.client.outcome(id) else { panic!("no script") };
    let types = results.iter().map(|result| {
        result.columns.as_ref().and_then(|columns| columns.get(0)).map(|column| column.type_.to_string())
    });
    assert_eq!(types.flatten().collect::<Vec<_>>(), ["mood", "int4", "pair[]"]);
}

#[test]
fn a_batch_has_them_too() {
    for mode in [BatchMode::FailFast, BatchMode::ContinueOnError] {
        let mut pair = Pair::open();
        let options = QueryOptions::default();
        let mut batch = pair.client.connection.batch(pair.client.now, mode).unwrap();
        for sql in ["select mood", "select 1", "select pair"] {
            batch.query(sql, &options, &()).unwrap();
        }
        let ids = batch.finish();
        ids.iter().for_each(|id| pair.client.remember(*id, None));
        pair.run();
        let types: Vec<_> = ids.iter().flat_map(|id| pair.client.types(*id)).collect();
        assert_eq!(types, ["mood", "int4", "pair"]);
        assert_eq!(ids.iter().filter(|id| pair.client.tag(**id).rows() == 1).count(), 3);
    }
}

#[test]
fn a_type_without_binary_output_comes_as_text_from_the_first_time() {
    for block in [false, true] {
        let mut pair = Pair::open();
        if block {
            pair.client.query("begin", ());
            pair.run();
        }
        for _ in 0..3 {
            let id = pair.client.query("select blind", ());
            pair.run();
            assert_eq!((pair.client.rows(id), pair.client.types(id)), (&[happy()][..], vec!["blind".into()]));
            let column = pair.client.columns(id).next().unwrap();
            assert_eq!((column.format, column.type_.has_binary_output()), (Format::Text, false));
        }
        assert_eq!(pair.backend.catalog.introspections, [[BLIND]]);
    }
}
