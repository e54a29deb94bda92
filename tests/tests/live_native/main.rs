//! The native driver against real servers of PostgreSQL 13, 15 and 18.
//!
//! One binary, so that each server starts once.

mod authentication;
mod bad_input;
mod batches;
mod begun_transactions;
mod cancels;
mod codecs;
mod connecting;
mod containers;
mod copy_failures;
mod copy_formats;
mod copy_large;
mod copy_rows;
mod cursors;
mod custom_types;
mod cut_connections;
mod derives;
mod dropped_futures;
mod ends_of_connections;
mod examples;
mod flights;
mod listening;
mod many_runs;
mod methods;
mod named_parameters;
mod named_structs;
mod numerics;
mod observers;
mod pipelines;
mod pool_stress;
mod pools;
mod pools_recover;
mod records;
mod send_futures;
mod shared_descriptions;
mod shell_without_tokio;
mod statements;
mod streams;
mod texts_of_types;
mod tls;
mod transactions;
mod types;
mod values;
mod vectors;
