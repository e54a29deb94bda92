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
mod int;
mod json;
mod money;
mod named;
mod numeric;
mod parameters;
mod problem;
#[cfg(test)]
mod testing;
mod text;
mod to_sql;
mod type_;
mod uuid;
#[cfg(feature = "uuid-1")]
mod uuid_1;
mod wrapper;

pub(crate) use built_in::{BuiltIn, BuiltInKind};

pub use crate::error::BoxError;
pub use crate::generated::oid;
pub use crate::wire::{Format, IsNull};
pub use array::ArrayElement;
pub use bytes::BytesMut;
pub use codec::ParseError;
pub use from_sql::FromSql;
#[cfg(feature = "serde")]
pub use json::Json;
pub use json::RawJson;
pub use money::Money;
pub use numeric::Numeric;
pub use numeric::NumericError;
pub use parameters::Parameters;
pub use to_sql::ToSql;
pub use type_::{Description, Field, Kind, Type};
pub use uuid::Uuid;
