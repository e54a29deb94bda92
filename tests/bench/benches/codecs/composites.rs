//! Composite values, as a struct that both sides derive; and as a tuple, which only we have, beside such a struct.

use trunkline::types::Type;

use crate::{
    bench::Bench,
    custom,
    random::{Random, values},
    side::{Ours, Theirs},
    table::Target::Same,
};

#[derive(
    Debug,
    Clone,
    PartialEq,
    trunkline::ToSql,
    trunkline::FromSql,
    postgres_types::ToSql,
    postgres_types::FromSql,
)]
#[postgres(name = "part")]
struct Part {
    name: String,
    number: i32,
    price: Option<f64>,
}

#[derive(
    Debug,
    Clone,
    PartialEq,
    trunkline::ToSql,
    trunkline::FromSql,
    postgres_types::ToSql,
    postgres_types::FromSql,
)]
#[postgres(name = "line")]
struct Line {
    id: i64,
    order_id: i64,
    position: i32,
    part: Part,
    quantity: i32,
    discount: Option<f64>,
    paid: bool,
    note: Option<String>,
}

pub(crate) fn run(bench: &mut Bench) {
    let parts = values(1000, part);
    bench.pair("composite of 3 (derived)", Same, part_type(), &parts, &parts);
    let tuples: Vec<_> = parts.iter().map(|part| (part.name.clone(), part.number, part.price)).collect();
    bench.pair("composite of 3 (tuple, derived)", Same, part_type(), &tuples, &parts);
    let lines = values(1000, line);
    bench.pair("composite of 8, one in it", Same, line_type(), &lines, &lines);
    let lists: Vec<Vec<Part>> = parts.chunks(100).map(<[Part]>::to_vec).collect();
    bench.pair("composite[] of 100 (derived)", Same, part_array(), &lists, &lists);
}

fn part(random: &mut Random) -> Part {
    Part { name: random.text(8, 24), number: random.int4(), price: Some(random.float8()) }
}

fn line(random: &mut Random) -> Line {
    Line {
        id: random.int8(),
        order_id: random.int8(),
        position: random.int4(),
        part: part(random),
        quantity: random.int4(),
        discount: (random.below(2) == 1).then(|| random.float8()),
        paid: random.below(2) == 1,
        note: (random.below(2) == 1).then(|| random.text(8, 40)),
    }
}

fn part_type() -> (Ours, Theirs) {
    let fields = [("name", Type::TEXT), ("number", Type::INT4), ("price", Type::FLOAT8)];
    let fields = fields.map(|(name, type_)| (name, built_in(type_)));
    composite("part", &fields)
}

fn line_type() -> (Ours, Theirs) {
    let fields = [
        ("id", built_in(Type::INT8)),
        ("order_id", built_in(Type::INT8)),
        ("position", built_in(Type::INT4)),
        ("part", part_type()),
        ("quantity", built_in(Type::INT4)),
        ("discount", built_in(Type::FLOAT8)),
        ("paid", built_in(Type::BOOL)),
        ("note", built_in(Type::TEXT)),
    ];
    composite("line", &fields)
}

fn part_array() -> (Ours, Theirs) {
    let (Ours(ours), Theirs(theirs)) = part_type();
    custom::described("_part", trunkline::types::Kind::Array(ours), postgres_types::Kind::Array(theirs))
}

fn built_in(type_: Type) -> (Ours, Theirs) {
    let theirs = postgres_types::Type::from_oid(type_.oid()).unwrap_or(postgres_types::Type::UNKNOWN);
    (Ours(type_), Theirs(theirs))
}

/// A composite type, as either describes it.
fn composite(name: &str, fields: &[(&str, (Ours, Theirs))]) -> (Ours, Theirs) {
    let ours = fields.iter().map(|(name, (Ours(type_), _))| trunkline::types::Field {
        name: (*name).into(),
        type_: type_.clone(),
    });
    let theirs = fields
        .iter()
        .map(|(name, (_, Theirs(type_)))| postgres_types::Field::new((*name).into(), type_.clone()));
    let ours = trunkline::types::Kind::Composite(ours.collect());
    custom::described(name, ours, postgres_types::Kind::Composite(theirs.collect()))
}
