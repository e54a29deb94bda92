//! What can be known of the server before anything is measured.

use std::fs;

use anyhow::Result;
use serde::Serialize;
use tokio_postgres::NoTls;

use crate::cpu::parent_of;

#[derive(Debug, Serialize)]
pub(crate) struct Server {
    pub(crate) version: String,
    /// The process whose children serve the connections, where it runs on this machine.
    #[serde(skip)]
    pub(crate) postmaster: Option<u32>,
}

impl Server {
    pub(crate) fn ask(url: &str) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
            tokio::spawn(connection);
            let row =
                client.query_one("select current_setting('server_version'), pg_backend_pid()", &[]).await?;
            let backend = u32::try_from(row.try_get::<_, i32>(1)?)?;
            Ok(Self { version: row.try_get(0)?, postmaster: parent_of_postgres(backend) })
        })
    }
}

/// The parent of `backend`, if that is a PostgreSQL process here: on another machine the number means nothing.
fn parent_of_postgres(backend: u32) -> Option<u32> {
    let name = fs::read_to_string(format!("/proc/{backend}/comm")).ok()?;
    if name.starts_with("postgres") { parent_of(backend) } else { None }
}
