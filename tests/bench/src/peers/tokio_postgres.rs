//! tokio-postgres as its users run it: the statement prepared once, the connection in a task of its own.

use std::rc::Rc;

use anyhow::Result;
use tokio_postgres::{Client as Connection, NoTls, Row, Statement};

use super::{Client, closed_loops};
use crate::{
    meter::Meter,
    workload::{Digest, Discard, PG_TYPE_ARGUMENTS, PgType, Sink, Workload},
};

pub(crate) struct TokioPostgres {
    connection: Connection,
    statement: Statement,
    workload: Workload,
}

impl Client for TokioPostgres {
    async fn connect(url: &str, workload: Workload) -> Result<Self> {
        let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
        tokio::task::spawn_local(connection);
        let statement = client.prepare(workload.sql()).await?;
        Ok(Self { connection: client, statement, workload })
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

impl TokioPostgres {
    async fn query(&self, sink: &mut impl Sink) -> Result<u64> {
        let (typmod, is_defined) = PG_TYPE_ARGUMENTS;
        let rows = match self.workload {
            Workload::PgType => self.connection.query(&self.statement, &[&typmod, &is_defined]).await?,
            _ => self.connection.query(&self.statement, &[]).await?,
        };
        for row in &rows {
            match self.workload {
                Workload::PgType => sink.pg_type(pg_type(row)?),
                _ => sink.int4(row.try_get(0)?),
            }
        }
        Ok(u64::try_from(rows.len())?)
    }
}

fn pg_type(row: &Row) -> Result<PgType<'_>> {
    Ok(PgType {
        name: row.try_get(0)?,
        namespace: row.try_get(1)?,
        owner: row.try_get(2)?,
        len: row.try_get(3)?,
        by_value: row.try_get(4)?,
        category: row.try_get(5)?,
        is_preferred: row.try_get(6)?,
        is_defined: row.try_get(7)?,
        delimiter: row.try_get(8)?,
        relid: row.try_get(9)?,
        elem: row.try_get(10)?,
        array: row.try_get(11)?,
    })
}
