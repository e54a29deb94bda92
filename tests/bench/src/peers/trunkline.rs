//! trunkline as its users run it: `fetch`, prepared by its own statement cache.

use std::rc::Rc;

use anyhow::Result;
use trunkline::{Connection, Row, Rows};

use super::{Client, closed_loops};
use crate::{
    meter::Meter,
    workload::{Digest, Discard, PG_TYPE_ARGUMENTS, PgType, Sink, Workload},
};

pub(crate) struct Trunkline {
    connection: Connection,
    workload: Workload,
}

impl Client for Trunkline {
    async fn connect(url: &str, workload: Workload) -> Result<Self> {
        Ok(Self { connection: Connection::connect(url).await?, workload })
    }

    async fn digest(&mut self) -> Result<(u64, Option<u32>)> {
        let mut digest = Digest::default();
        let rows = self.query(&mut digest).await?;
        Ok((rows, Some(digest.value())))
    }

    async fn drive(self, in_flight: usize, meter: Rc<Meter>) -> Result<()> {
        closed_loops(in_flight, &meter, async || self.query(&mut Discard).await).await
    }
}

impl Trunkline {
    async fn query(&self, sink: &mut impl Sink) -> Result<u64> {
        let sql = self.workload.sql();
        let rows: Rows = match self.workload {
            Workload::PgType => self.connection.fetch(sql, PG_TYPE_ARGUMENTS).await?,
            _ => self.connection.fetch(sql, ()).await?,
        };
        for row in rows.iter() {
            match self.workload {
                Workload::PgType => sink.pg_type(pg_type(row)?),
                _ => sink.int4(row.get(0)?),
            }
        }
        Ok(u64::try_from(rows.len())?)
    }
}

fn pg_type(row: Row<'_>) -> Result<PgType<'_>> {
    Ok(PgType {
        name: row.get(0)?,
        namespace: row.get(1)?,
        owner: row.get(2)?,
        len: row.get(3)?,
        by_value: row.get(4)?,
        category: row.get(5)?,
        is_preferred: row.get(6)?,
        is_defined: row.get(7)?,
        delimiter: row.get(8)?,
        relid: row.get(9)?,
        elem: row.get(10)?,
        array: row.get(11)?,
    })
}
