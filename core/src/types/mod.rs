//! PostgreSQL's types, and the values that travel as them.
//!
//! [`Type`] names a type; [`ToSql`] writes a value as one, [`FromSql`] reads it back; [`Parameters`] is what a
//! statement is run with. One family of types, one file. A value is read from both of the protocol's formats,
//! and written in binary, except that strings stand for types without a host type of their own as text.

mod array;
mod boolean;
mod built_in;
mod bytea;
mod codec;
#[doc(hidden)]
pub mod enumeration;
mod float;
mod from_sql;
mod hstore;
mod hstore_map;
mod int;
mod json;
mod named;
mod parameters;
mod problem;
#[cfg(feature = "serde_json-1")]
mod serde_json_1;
mod space;
#[cfg(test)]
mod testing;
mod text;
pub mod text_search;
mod to_sql;
mod type_;
mod uuid;
#[cfg(feature = "uuid-1")]
mod uuid_1;
mod vector;
mod wrapper;

pub(crate) use built_in::{BuiltIn, BuiltInKind};

pub use crate::error::BoxError;
pub use crate::generated::oid;
pub use crate::wire::{Format, IsNull};
pub use array::ArrayElement;
pub use bytes::BytesMut;
pub use codec::ParseError;
pub use from_sql::FromSql;
pub use hstore::Hstore;
pub use json::RawJson;
pub use parameters::Parameters;
#[cfg(feature = "serde_json-1")]
pub use serde_json_1::Json;
pub use text_search::{TsQuery, TsVector};
pub use to_sql::ToSql;
pub use type_::{Description, Field, Kind, Type};
pub use uuid::Uuid;
pub use vector::{HalfVector, SparseVector, Vector};
