//! PostgreSQL's types, and the values that travel as them.
//!
//! [`Type`] names a type; [`ToSql`] writes a value as one, [`FromSql`] reads it back; [`Parameters`] is what a
//! statement is run with. One family of types, one file. A value is read from both of the protocol's formats,
//! and written in binary, except that strings stand for types without a host type of their own as text.
//!
//! ```
//! use trunkline_core::types::{BytesMut, Format, FromSql, ToSql, Type};
//!
//! let mut sent = BytesMut::new();
//! [1, 2, 3].to_sql(&Type::INT4_ARRAY, &mut sent)?;
//! assert_eq!(Vec::<i32>::from_sql(&Type::INT4_ARRAY, Format::Binary, &sent)?, [1, 2, 3]);
//! # Ok::<(), trunkline_core::error::BoxError>(())
//! ```

mod adapted;
pub mod array;
mod as_text;
mod bit;
#[cfg(feature = "bit-vec-0_8")]
mod bit_vec_0_8;
mod boolean;
mod built_in;
mod bytea;
mod codec;
mod codecs;
mod coded;
pub mod composite;
mod counted;
mod custom;
mod datetime;
mod description;
mod drift;
#[doc(hidden)]
pub mod enumeration;
mod float;
mod from_sql;
pub mod geometric;
mod hstore;
mod hstore_map;
mod int;
mod json;
mod money;
mod named_types;
mod net;
mod numeric;
mod parameters;
mod parts;
mod pg_lsn;
mod problem;
mod quoting;
pub mod range;
mod registry;
mod scan;
#[cfg(feature = "serde_json-1")]
mod serde_json_1;
mod snapshot;
mod space;
#[cfg(test)]
mod testing;
mod text;
pub mod text_search;
mod tid;
mod to_sql;
mod tuples;
mod type_;
mod uuid;
#[cfg(feature = "uuid-1")]
mod uuid_1;
mod value;
mod vector;
mod wrapper;

pub(crate) use built_in::{BuiltIn, BuiltInKind};
pub(crate) use drift::{agrees, has_fields};
pub(crate) use named_types::{NamedTypes, names_types};
pub(crate) use tuples::{tuples_up_to_8, tuples_up_to_16};

pub use crate::error::BoxError;
pub use crate::generated::oid;
pub use crate::wire::{Format, IsNull};
pub use array::{Array, ArrayElement};
pub use bit::Bits;
pub use bytes::BytesMut;
pub use codec::ParseError;
pub use custom::{TypeCodec, TypeName, ValueCodec};
pub use datetime::Date;
pub use datetime::Interval;
pub use datetime::OutOfRange;
pub use datetime::Time;
pub use datetime::TimeTz;
pub use datetime::Timestamp;
pub use datetime::TimestampTz;
pub use description::{Description, Field, Kind};
pub use from_sql::FromSql;
pub use hstore::Hstore;
pub use json::RawJson;
pub use money::Money;
pub use net::Cidr;
pub use net::Inet;
pub use net::MacAddr;
pub use net::MacAddr8;
pub use numeric::Numeric;
pub use numeric::NumericError;
pub use parameters::{Named, Parameters};
pub use pg_lsn::PgLsn;
pub use range::{Bound, Multirange, Range};
pub use registry::Registry;
#[cfg(feature = "serde_json-1")]
pub use serde_json_1::Json;
pub use snapshot::Snapshot;
pub use text_search::{TsQuery, TsVector};
pub use tid::Tid;
pub use to_sql::ToSql;
pub use type_::Type;
pub use uuid::Uuid;
pub use value::{Record, Value, render};
pub use vector::{HalfVector, SparseVector, Vector};
