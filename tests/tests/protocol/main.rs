//! The protocol, against a server in memory: one behaviour, one file. One binary, since each costs a link.

mod architecture;
mod async_messages;
mod auth_good_servers;
mod auth_malicious_servers;
mod back_pressure;
mod closing;
mod commit_rolled_back;
mod copy_refused;
mod describe_then_bind;
mod diagram;
mod expect_table;
mod forget;
mod limits;
mod not_postgres;
mod pipelining;
mod properties;
mod query_one_flight;
mod script_results;
mod startup_cancel_keys;
mod startup_message;
mod startup_negotiation;
mod statement_cache;
mod statement_retries;
mod timeouts;
mod types_learned;
mod values;
