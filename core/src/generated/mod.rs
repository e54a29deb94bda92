// Generated from PostgreSQL's own tables by `cargo xtask generate`; do not edit.

//! Tables generated from PostgreSQL's own `errcodes.txt` and `pg_type.dat`.

pub mod oid;
mod sqlstate;
mod types;

pub(crate) use types::TYPES;
