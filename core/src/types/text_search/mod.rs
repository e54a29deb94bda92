//! Documents and queries of full text search. See ["Text Search Types"].
//!
//! ["Text Search Types"]: https://www.postgresql.org/docs/18/datatype-textsearch.html

mod query_item;
mod ts_query;
mod ts_query_text;
mod ts_vector;
mod ts_vector_text;
mod weight;
mod word;

pub use query_item::{Operand, QueryItem};
pub use ts_query::TsQuery;
pub use ts_vector::{Lexeme, Position, TsVector};
pub use weight::{Weight, Weights};
