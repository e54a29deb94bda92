//! The floor: Bind, Execute and Sync encoded once and sent as they are, replies walked header by header.

mod login;
mod scanner;

use std::{collections::VecDeque, rc::Rc, time::Instant};

use anyhow::{Context, Result, anyhow, bail};
use bytes::BytesMut;
use postgres_protocol::{IsNull, message::frontend, types};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use self::scanner::Scanner;
use super::Client;
use crate::{
    meter::Meter,
    workload::{PG_TYPE_ARGUMENTS, Workload},
};

const STATEMENT: &str = "s";
const BINARY: i16 = 1;

pub(crate) struct Null {
    stream: TcpStream,
    /// One query.
    request: BytesMut,
    scanner: Scanner,
    buffer: Vec<u8>,
}

impl Client for Null {
    async fn connect(url: &str, workload: Workload) -> Result<Self> {
        let mut stream = login::connect(url).await?;
        let mut prepare = BytesMut::new();
        frontend::parse(STATEMENT, workload.sql(), [], &mut prepare)?;
        frontend::sync(&mut prepare);
        stream.write_all(&prepare).await?;

        let request = request(workload)?;
        let mut null = Self { stream, request, scanner: Scanner::default(), buffer: vec![0; 1 << 16] };
        null.receive(|_| Ok(())).await?;
        Ok(null)
    }

    async fn digest(&mut self) -> Result<(u64, Option<u32>)> {
        self.stream.write_all(&self.request).await?;
        let mut rows = 0;
        let count = |counted| {
            rows = counted;
            Ok(())
        };
        self.receive(count).await?;
        Ok((rows, None))
    }

    async fn drive(mut self, in_flight: usize, meter: Rc<Meter>) -> Result<()> {
        let mut sent = VecDeque::with_capacity(in_flight);
        let mut requests = BytesMut::with_capacity(self.request.len() * in_flight);
        let mut free = in_flight;
        while !meter.is_stopped() {
            requests.clear();
            for _ in 0..free {
                requests.extend_from_slice(&self.request);
                sent.push_back(Instant::now());
            }
            self.stream.write_all(&requests).await?;
            let record = |rows| meter.record(sent.pop_front().context("an answer to nothing")?, rows);
            free = self.receive(record).await?;
        }
        Ok(())
    }
}

impl Null {
    /// Reads until at least one query is done and returns how many are; `on_ready` is given each one's rows.
    async fn receive(&mut self, mut on_ready: impl FnMut(u64) -> Result<()>) -> Result<usize> {
        loop {
            let read = self.stream.read(&mut self.buffer).await?;
            let input = self.buffer.get(..read).unwrap_or_default();
            if input.is_empty() {
                bail!("the server closed the connection");
            }
            let ready = self.scanner.feed(input, &mut on_ready)?;
            if ready > 0 {
                return Ok(ready);
            }
        }
    }
}

/// Bind, Execute and Sync of the prepared statement, results in binary.
fn request(workload: Workload) -> Result<BytesMut> {
    let (typmod, is_defined) = PG_TYPE_ARGUMENTS;
    let mut arguments = [BytesMut::new(), BytesMut::new()];
    let [first, second] = &mut arguments;
    types::int4_to_sql(typmod, first);
    types::bool_to_sql(is_defined, second);
    let arguments = if workload == Workload::PgType { arguments.as_slice() } else { &[] };

    let mut request = BytesMut::new();
    let append = |argument: &BytesMut, out: &mut BytesMut| {
        out.extend_from_slice(argument);
        Ok(IsNull::No)
    };
    frontend::bind("", STATEMENT, [BINARY], arguments, append, [BINARY], &mut request)
        .map_err(|_| anyhow!("Bind cannot be encoded"))?;
    frontend::execute("", 0, &mut request)?;
    frontend::sync(&mut request);
    Ok(request)
}
