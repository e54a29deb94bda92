//! Text, bytes and JSON.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use trunkline::types::oid;

use crate::{
    bench::Bench,
    random::{Random, values},
    table::Target::Same,
};

pub(crate) fn run(bench: &mut Bench) {
    let texts = values(1000, |random| random.text(8, 40));
    bench.both("text (String)", Same, oid::TEXT, &texts);
    let borrowed: Vec<&'static str> = texts.iter().map(|text| &*text.clone().leak()).collect();
    bench.both("text (&str)", Same, oid::TEXT, &borrowed);
    let long = values(100, |random| random.text(2000, 4000));
    bench.both("text of 3 kB (String)", Same, oid::TEXT, &long);
    bench.both("varchar (String)", Same, oid::VARCHAR, &texts);

    let bytes: Vec<Vec<u8>> = texts.iter().map(|text| text.clone().into_bytes()).collect();
    bench.both("bytea (Vec<u8>)", Same, oid::BYTEA, &bytes);
    let borrowed: Vec<&'static [u8]> = bytes.iter().map(|bytes| &*bytes.clone().leak()).collect();
    bench.both("bytea (&[u8])", Same, oid::BYTEA, &borrowed);

    let orders = values(300, Order::make);
    let documents: Vec<Value> = orders.iter().map(|order| json!(order)).collect();
    bench.both("json (Value)", Same, oid::JSON, &documents);
    bench.both("jsonb (Value)", Same, oid::JSONB, &documents);
    let own: Vec<_> = orders.iter().cloned().map(trunkline::types::Json).collect();
    let theirs: Vec<_> = orders.into_iter().map(postgres_types::Json).collect();
    bench.each("jsonb (Json<T>)", Same, oid::JSONB, &own, &theirs);
}

/// Some 200 bytes of JSON.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Order {
    id: i64,
    customer: String,
    paid: bool,
    total: f64,
    note: Option<String>,
    items: Vec<Item>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Item {
    name: String,
    count: u32,
}

impl Order {
    fn make(random: &mut Random) -> Self {
        Self {
            id: random.int8(),
            customer: random.text(8, 24),
            paid: random.below(2) == 1,
            total: f64::from(random.below(1_000_000)) / 4.0,
            note: (random.below(2) == 1).then(|| random.text(8, 40)),
            items: (0..3).map(|_| Item { name: random.text(4, 16), count: random.below(100) }).collect(),
        }
    }
}
