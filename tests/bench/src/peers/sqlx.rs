//! sqlx as its users run it: `query().bind()`, prepared by its own statement cache.

use std::rc::Rc;

use anyhow::Result;
use sqlx::{
    Connection, Row,
    postgres::{PgConnection, PgRow, types::Oid},
};

use super::{Client, closed_loop};
use crate::{
    meter::Meter,
    workload::{Digest, Discard, PG_TYPE_ARGUMENTS, PgType, Sink, Workload},
};

pub(crate) struct Sqlx {
    connection: PgConnection,
    workload: Workload,
}

impl Client for Sqlx {
    async fn connect(url: &str, workload: Workload) -> Result<Self> {
        Ok(Self { connection: PgConnection::connect(url).await?, workload })
    }

    async fn digest(&mut self) -> Result<(u64, Option<u32>)> {
        let mut digest = Digest::default();
        let rows = self.query(&mut digest).await?;
        Ok((rows, Some(digest.value())))
    }

    async fn drive(mut self, _in_flight: usize, meter: Rc<Meter>) -> Result<()> {
        closed_loop(&meter, async || self.query(&mut Discard).await).await
    }
}

impl Sqlx {
    async fn query(&mut self, sink: &mut impl Sink) -> Result<u64> {
        let (typmod, is_defined) = PG_TYPE_ARGUMENTS;
        let query = sqlx::query(self.workload.sql());
        let query = match self.workload {
            Workload::PgType => query.bind(typmod).bind(is_defined),
            _ => query,
        };
        let rows = query.fetch_all(&mut self.connection).await?;
        for row in &rows {
            match self.workload {
                Workload::PgType => sink.pg_type(pg_type(row)?),
                _ => sink.int4(row.try_get(0)?),
            }
        }
        Ok(u64::try_from(rows.len())?)
    }
}

fn pg_type(row: &PgRow) -> Result<PgType<'_>> {
    let oid = |index: usize| row.try_get::<Oid, _>(index).map(|oid| oid.0);
    Ok(PgType {
        name: row.try_get(0)?,
        namespace: oid(1)?,
        owner: oid(2)?,
        len: row.try_get(3)?,
        by_value: row.try_get(4)?,
        category: row.try_get(5)?,
        is_preferred: row.try_get(6)?,
        is_defined: row.try_get(7)?,
        delimiter: row.try_get(8)?,
        relid: oid(9)?,
        elem: oid(10)?,
        array: oid(11)?,
    })
}
