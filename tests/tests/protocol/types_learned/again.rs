//! What changed in the catalog is learned again.

use trunkline_core::types::{BoxError, BytesMut, IsNull, Kind, ToSql, Type, oid};
use trunkline_core::wire::Format;
use trunkline_tests::backend::catalog::{MOOD, PAIR, PAIRS};
use trunkline_tests::client::Client;
use trunkline_tests::messages as m;
use trunkline_tests::pair::Pair;

use super::{INTROSPECTION, custom, mood};

/// A value with as many fields as its type is described with, all NULL.
#[derive(Debug)]
struct Nulls;

impl ToSql for Nulls {
    fn accepts(&self, type_: &Type) -> bool {
        matches!(type_.kind(), Kind::Composite(_))
    }

    fn to_sql(&self, type_: &Type, out: &mut BytesMut) -> Result<IsNull, BoxError> {
        let Kind::Composite(fields) = type_.kind() else { return Err("no composite".into()) };
        out.extend(u32::try_from(fields.len())?.to_be_bytes());
        for field in fields.iter() {
            out.extend(field.type_.oid().to_be_bytes());
            out.extend((-1_i32).to_be_bytes());
        }
        Ok(IsNull::No)
    }
}

/// A value with two fields, whatever its type has.
#[derive(Debug)]
struct Two;

impl ToSql for Two {
    fn accepts(&self, _type: &Type) -> bool {
        true
    }

    fn to_sql(&self, _type: &Type, out: &mut BytesMut) -> Result<IsNull, BoxError> {
        for word in [2, oid::INT4, u32::MAX, MOOD, u32::MAX] {
            out.extend(word.to_be_bytes());
        }
        Ok(IsNull::No)
    }
}

#[test]
fn reloaded_they_are_asked_for_again_and_statements_described_again() {
    let mut pair = Pair::open();
    for _ in 0..3 {
        pair.client.query("select $1::mood", ("happy",));
        pair.run();
    }
    pair.client.connection.reload_types();
    assert!(pair.client.connection.registry().types().next().is_none());
    pair.sent();
    let id = pair.client.query("select $1::mood", ("happy",));
    pair.run();
    assert_eq!(pair.client.types(id), ["mood"]);
    assert_eq!(pair.backend.catalog.introspections, [[MOOD], [MOOD]]);
    let sent = pair.sent();
    assert_eq!(sent[..3], ["Close(named)", "Parse(unnamed: select $1::mood [])", "Describe(unnamed)"]);
}

#[test]
fn what_was_asked_before_a_reload_is_not_believed() {
    let mut client = Client::open();
    let id = client.query("select mood", ());
    client.take_sent();
    let described = [m::parsed(), m::bound(), custom(MOOD, Format::Binary)].concat();
    client.feed(&[described, m::complete("SELECT 0"), m::ready()].concat());
    assert_eq!(client.sent(), INTROSPECTION);
    client.connection.reload_types();
    client.feed(&mood());
    assert!(client.outcome(id).is_none() && client.connection.registry().types().next().is_none());
    assert_eq!(client.sent(), INTROSPECTION);
    client.feed(&mood());
    assert_eq!((client.tag(id).rows(), client.types(id)), (0, vec!["mood".into()]));
    assert_eq!(client.learned, 1);
}

#[test]
fn a_composite_with_other_fields_is_learned_again_before_its_first_row_is_shown() {
    for (sql, oid, name) in [("select pair", PAIR, "pair"), ("select pairs", PAIRS, "pair[]")] {
        let mut pair = Pair::open();
        for _ in 0..3 {
            pair.client.query(sql, ());
            pair.run();
        }
        let fields = |pair: &Pair, id| {
            let type_ = pair.client.columns(id).next().unwrap().type_.clone();
            assert_eq!(type_.name(), name);
            let composite = type_.element().unwrap_or(type_);
            let Kind::Composite(fields) = composite.kind() else { panic!("{composite:?}") };
            fields.len()
        };
        pair.client.query("alter type pair", ());
        pair.run();
        for _ in 0..3 {
            let id = pair.client.query(sql, ());
            pair.run();
            assert_eq!(fields(&pair, id), 3);
            assert_eq!(pair.client.tag(id).rows(), 1);
        }
        assert_eq!(pair.backend.catalog.introspections, [[oid], [oid]]);
        // One that knows it from somebody else only looks.
        let mut old = Pair::open();
        for _ in 0..2 {
            old.client.query(sql, ());
            old.run();
        }
        old.backend.catalog.is_altered = true;
        old.client.connection.set_registry(pair.client.connection.registry().clone());
        let id = old.client.query(sql, ());
        old.run();
        assert_eq!(fields(&old, id), 3);
        assert_eq!(old.backend.catalog.introspections, [[oid]]);
    }
}

#[test]
fn a_parameter_that_the_server_has_other_fields_for_is_bound_again() {
    let mut pair = Pair::open();
    for _ in 0..3 {
        let id = pair.client.query("select $1::pair", (Nulls,));
        pair.run();
        assert_eq!(pair.client.tag(id).rows(), 1);
    }
    pair.client.query("alter type pair", ());
    pair.run();
    let id = pair.client.query("select $1::pair", (Nulls,));
    pair.run();
    assert_eq!(pair.client.tag(id).rows(), 1);
    assert_eq!(pair.backend.catalog.introspections, [[PAIR], [PAIR]]);
    // What does not fit is the server's error still.
    let id = pair.client.query("select $1::pair", (Two,));
    pair.run();
    assert_eq!(pair.client.code(id), "42804");
}
