//! The drivers that are measured, and what each must be able to do.

mod node;
mod null;
mod sqlx;
mod tokio_postgres;
mod trunkline;

pub(crate) use node::Node;
pub(crate) use null::Null;
pub(crate) use sqlx::Sqlx;
pub(crate) use tokio_postgres::TokioPostgres;
pub(crate) use trunkline::Trunkline;

use std::{rc::Rc, time::Instant};

use anyhow::Result;
use clap::ValueEnum;
use futures_util::future::try_join_all;
use serde::{Serialize, Serializer};

use crate::{meter::Meter, workload::Workload};

/// A driver by the name that the tables show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Peer {
    Trunkline,
    TokioPostgres,
    Sqlx,
    /// Encoded bytes out, message headers scanned, nothing decoded: what no client can go below.
    Null,
    #[value(name = "node/trunkline")]
    NodeTrunkline,
    #[value(name = "node/pg")]
    NodePg,
    #[value(name = "node/postgres.js")]
    NodePostgresJs,
}

impl Peer {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Trunkline => "trunkline",
            Self::TokioPostgres => "tokio-postgres",
            Self::Sqlx => "sqlx",
            Self::Null => "null",
            Self::NodeTrunkline => "node/trunkline",
            Self::NodePg => "node/pg",
            Self::NodePostgresJs => "node/postgres.js",
        }
    }

    pub(crate) const fn is_node(self) -> bool {
        matches!(self, Self::NodeTrunkline | Self::NodePg | Self::NodePostgresJs)
    }

    /// Whether it is somebody else's driver, with which trunkline's cost is compared.
    pub(crate) const fn is_rival(self) -> bool {
        !matches!(self, Self::Trunkline | Self::NodeTrunkline | Self::Null)
    }

    /// Seconds before the window: for caches, statements and branch predictors, and on Node for V8's compilers, which
    /// are not done with the drivers before that.
    pub(crate) const fn warm_up(self) -> f64 {
        if self.is_node() { 2.0 } else { 0.5 }
    }

    /// sqlx's connection is borrowed by its query: it cannot have two in flight.
    pub(crate) fn supports(self, workload: Workload) -> bool {
        !(self == Self::Sqlx && workload == Workload::Pipeline)
    }
}

impl Serialize for Peer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// One connection of a native peer, with the workload's statement prepared where the driver's users would.
pub(crate) trait Client: Sized + 'static {
    async fn connect(url: &str, workload: Workload) -> Result<Self>;

    /// Runs the query once: the number of its rows, and the digest of all their fields.
    async fn digest(&mut self) -> Result<(u64, Option<u32>)>;

    /// Runs the query with `in_flight` at a time until the meter stops, every field decoded.
    async fn drive(self, in_flight: usize, meter: Rc<Meter>) -> Result<()>;
}

/// `in_flight` closed loops side by side on a connection that can be shared.
async fn closed_loops(in_flight: usize, meter: &Meter, query: impl AsyncFn() -> Result<u64>) -> Result<()> {
    if in_flight == 1 {
        return closed_loop(meter, query).await;
    }
    try_join_all((0..in_flight).map(|_| closed_loop(meter, &query))).await?;
    Ok(())
}

/// The next query leaves when the last one's rows are decoded. `query` gives the number of rows.
async fn closed_loop(meter: &Meter, mut query: impl AsyncFnMut() -> Result<u64>) -> Result<()> {
    while !meter.is_stopped() {
        let sent = Instant::now();
        let rows = query().await?;
        meter.record(sent, rows)?;
    }
    Ok(())
}
