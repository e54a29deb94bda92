//! Host values that their parameters' types cannot hold: each is an error that names the parameter, the type and the
//! host type, and nothing is sent.

use trunkline_core::QueryOptions;
use trunkline_core::types::geometric;
use trunkline_core::types::{
    Array, Bits, Date, Description, Field, HalfVector, Hstore, Interval, Kind, Money, Numeric, Range, Time,
    ToSql, Type, Value, Vector,
};
use trunkline_tests::client::Client;

fn composite() -> Type {
    let field = |name: &str, type_| Field { name: name.into(), type_ };
    let fields = [field("a", Type::INT2), field("b", Type::TEXT)];
    let (schema, name) = ("public".into(), "pair".into());
    let kind = Kind::Composite(fields.into());
    Type::described(70_000, Description { schema, name, kind, delimiter: b',', binary: true })
}

/// A type, a value that is none of it, what the host type is called, and a part of the reason where there is one.
type Case = (Type, Box<dyn ToSql>, &'static str, &'static str);

fn cases() -> Vec<Case> {
    let long = "x".repeat(3);
    vec![
        // Of another kind.
        (Type::INT4, Box::new("7"), "&str", ""),
        (Type::INT4, Box::new(true), "bool", ""),
        (Type::INT4, Box::new(7.5), "f64", ""),
        (Type::BOOL, Box::new(1), "i32", ""),
        (Type::BOOL, Box::new("t"), "&str", ""),
        (Type::TEXT, Box::new(7), "i32", ""),
        (Type::BYTEA, Box::new("x"), "&str", ""),
        (Type::TEXT, Box::new(vec![1_u8]), "Vec<u8>", ""),
        (Type::DATE, Box::new(Time::MIN), "Time", ""),
        (Type::TIMESTAMP, Box::new(Date::MIN), "Date", ""),
        (Type::INTERVAL, Box::new(5_i64), "i64", ""),
        (Type::UUID, Box::new(5_i64), "i64", ""),
        (Type::JSONB, Box::new(5), "i32", ""),
        (Type::INT4_ARRAY, Box::new(5), "i32", ""),
        (Type::INT4, Box::new(vec![5]), "Vec<i32>", ""),
        (Type::INT4_ARRAY, Box::new(vec!["5"]), "Vec<&str>", ""),
        (Type::INT4RANGE, Box::new(Range::from("a".."b")), "Range<&str>", ""),
        (Type::INT4, Box::new(Range::from(1..2)), "Range<i32>", ""),
        (Type::INT4, Box::new(Value::Text("7".into())), "Value", ""),
        (Type::INT4_ARRAY, Box::new(Value::Int4(7)), "Value", ""),
        (Type::POINT, Box::new(Value::Bool(true)), "Value", ""),
        (Type::INT4, Box::new((1, 2)), "(i32, i32)", ""),
        (Type::INT4, Box::new(Some(Some(true))), "bool", ""),
        // Beyond the type's range.
        (Type::INT2, Box::new(70_000), "i32", "70000 is out of its range, -32768 to 32767"),
        (Type::INT4, Box::new(1_i64 << 40), "i64", "out of its range"),
        (Type::OID, Box::new(-1_i64), "i64", "out of its range"),
        (Type::INT2_ARRAY, Box::new(vec![1, 70_000]), "Vec<i32>", "70000 is out of its range"),
        (Type::INT4RANGE, Box::new(Range::from(0..1_i64 << 40)), "Range<i64>", "out of its range"),
        (Type::FLOAT4, Box::new(1e300), "f64", ""),
        (Type::INT2, Box::new(Value::Int4(70_000)), "Value", "out of its range"),
        (
            composite(),
            Box::new((70_000, "x")),
            "(i32, &str)",
            "field \"a\" (PostgreSQL's int2): 70000 is out of its range",
        ),
        (composite(), Box::new((1, 2)), "(i32, i32)", "field \"b\": i32 cannot be sent as PostgreSQL's text"),
        (composite(), Box::new((1,)), "(i32,)", "has 2 fields, the tuple 1"),
        // What a type has no values for.
        (Type::TEXT, Box::new("a\0b"), "&str", "NUL"),
        (Type::TEXT_ARRAY, Box::new(vec![String::from("a\0")]), "Vec<String>", "NUL"),
        (Type::JSONB, Box::new("{\"a\0\":1}"), "&str", "NUL"),
        (Type::NUMERIC, Box::new("7\0"), "&str", "NUL"),
        (Type::extension("hstore"), Box::new(Hstore(vec![("a\0".into(), None)])), "Hstore", "NUL"),
        (Type::CHAR, Box::new(long), "String", "not a single ASCII character"),
        (Type::UUID, Box::new("x"), "&str", "a UUID"),
        (Type::PATH, Box::new(geometric::Path { points: Vec::new(), closed: true }), "Path", ""),
        (Type::INT4RANGE, Box::new(Range::from(None..Some(1))), "Range<Option<i32>>", "cannot be NULL"),
        (Type::INT4, Box::new(Bits::default()), "Bits", ""),
        (Type::INT4, Box::new(Array::new(vec![1])), "Array<i32>", ""),
        (Type::MONEY, Box::new(Numeric::from(1)), "Numeric", ""),
        (Type::NUMERIC, Box::new(Money::default()), "Money", ""),
        (Type::TIME, Box::new(Interval::default()), "Interval", ""),
        (Type::extension("vector"), Box::new(HalfVector::from_f32(&[1.0])), "HalfVector", ""),
        (Type::extension("halfvec"), Box::new(Vector(vec![1.0])), "Vector", ""),
        (Type::extension("vector"), Box::new(Vector(vec![0.0; 70_000])), "Vector", ""),
    ]
}

#[test]
fn a_value_that_does_not_fit_is_named_and_nothing_is_sent() {
    let wrong: Vec<String> = cases().into_iter().filter_map(|case| check(case).err()).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn check((type_, value, host_type, problem): Case) -> Result<(), String> {
    let mut client = Client::open();
    client.take_sent();
    let options = QueryOptions { types: &[Type::INT4, type_.clone()], ..QueryOptions::default() };
    let parameters: Vec<Box<dyn ToSql>> = vec![Box::new(1), value];
    let told = format!("parameter $2: {host_type} cannot be sent as PostgreSQL's {type_}");
    let Err(error) = client.query_with("select $1, $2", &options, parameters) else {
        return Err(format!("not {told}"));
    };
    let error = error.to_string();
    assert!(client.take_sent().is_empty(), "{told}");
    // The connection goes on.
    client.query("select 1", ());
    assert!(!client.take_sent().is_empty());
    let whole = error.starts_with(&told) && error.contains(problem) && error.ends_with("; nothing was sent");
    if whole { Ok(()) } else { Err(format!("{told}: {problem}\n    {error}")) }
}
