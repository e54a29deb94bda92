//! Core's connection and the server in memory, joined by bounded pipes under virtual time.
//!
//! ```text
//! Client ── outbox ──▶ [ to_server ] ──▶ Backend
//!        ◀── input ─── [ to_client ] ◀── out
//! ```
//!
//! The server writes before it reads on, as the real one does, so that a client that stops reading while it has
//! something to write is stuck here, and for certain.

use bytes::{Buf, BytesMut};
use trunkline_core::config::Config;

use crate::backend::Backend;
use crate::client::{Client, config};
use crate::{frontend, messages};

/// A client and a server.
#[derive(Debug)]
pub struct Pair {
    /// The client.
    pub client: Client,
    /// The server.
    pub backend: Backend,
    /// How many bytes fit into each pipe.
    pub capacity: usize,
    /// How many bytes are given over at once, at most.
    pub chunk: usize,
    /// Whether there is a pooler between them that hands the session on at a ReadyForQuery outside of a transaction, and
    /// then loses what has no Sync: with that, the test fails.
    pub hands_on: bool,
    to_server: BytesMut,
    to_client: BytesMut,
    /// What the server has read of a message.
    inbox: BytesMut,
    sent: Vec<u8>,
}

impl Default for Pair {
    fn default() -> Self {
        Self::new(&config(), Backend::default())
    }
}

impl Pair {
    /// Two that have not met.
    pub fn new(config: &Config, backend: Backend) -> Self {
        Self::of(Client::new(config), backend)
    }

    /// Any two.
    pub fn of(client: Client, backend: Backend) -> Self {
        Self {
            client,
            backend,
            capacity: 64 * 1024,
            chunk: usize::MAX,
            hands_on: false,
            to_server: BytesMut::new(),
            to_client: BytesMut::new(),
            inbox: BytesMut::new(),
            sent: Vec::new(),
        }
    }

    /// Two with an open session.
    pub fn open() -> Self {
        Self::open_with(&config())
    }

    /// The same with settings.
    pub fn open_with(config: &Config) -> Self {
        let mut pair = Self::new(config, Backend::default());
        pair.run();
        assert!(pair.client.connection.is_ready(), "{:?}", pair.client.connection.error());
        pair.client.events.clear();
        pair.sent.clear();
        pair.backend.heard.clear();
        pair
    }

    /// Lets them talk until neither has anything to say.
    pub fn run(&mut self) {
        while self.step() {}
    }

    /// One round: write, serve, write, read. False when nothing moved.
    pub fn step(&mut self) -> bool {
        let mut moved = self.write();
        while self.backend.out.is_empty() && self.serve() {
            moved = true;
        }
        moved |= transfer(&mut self.backend.out, &mut self.to_client, self.capacity, self.chunk);
        if self.client.connection.wants_read() && !self.to_client.is_empty() {
            let piece = self.to_client.split_to(self.to_client.len().min(self.chunk));
            self.client.feed(&piece);
            moved = true;
        }
        if self.backend.is_over() && self.to_client.is_empty() && self.backend.out.is_empty() {
            // Only the first has any effect.
            self.client.eof();
        }
        moved
    }

    /// The messages sent since this was last asked, in words.
    pub fn sent(&mut self) -> Vec<String> {
        frontend::in_words(&std::mem::take(&mut self.sent))
    }

    /// What has come from the server and was not read.
    pub fn in_flight(&self) -> usize {
        self.to_client.len() + self.backend.out.len()
    }

    /// The server handles a message, or reads more of one.
    fn serve(&mut self) -> bool {
        if self.backend.handle(&mut self.inbox) {
            if self.hands_on && self.backend.out.ends_with(&messages::ready()) {
                self.check_nothing_is_lost();
            }
            return true;
        }
        let more = !self.to_server.is_empty();
        self.inbox.unsplit(self.to_server.split());
        more
    }

    /// What was sent or is about to be has a Sync.
    fn check_nothing_is_lost(&mut self) {
        let outbox: Vec<u8> = self.client.connection.outbox().chunks().flatten().copied().collect();
        let behind = frontend::in_words(&[&self.inbox, &self.to_server, outbox.as_slice()].concat());
        let ends = |words: &String| words == "Sync" || words == "Terminate" || words.starts_with("Query(");
        assert!(behind.is_empty() || behind.iter().any(ends), "lost by a pooler: {behind:?}");
    }

    fn write(&mut self) -> bool {
        let outbox = self.client.connection.outbox();
        let count = outbox.chunk().len().min(self.capacity - self.to_server.len()).min(self.chunk);
        if count == 0 {
            return false;
        }
        self.to_server.extend_from_slice(&outbox.chunk()[..count]);
        self.sent.extend_from_slice(&outbox.chunk()[..count]);
        outbox.advance(count);
        true
    }
}

fn transfer(from: &mut BytesMut, to: &mut BytesMut, capacity: usize, chunk: usize) -> bool {
    let count = from.len().min(capacity.saturating_sub(to.len())).min(chunk);
    to.extend_from_slice(&from[..count]);
    from.advance(count);
    count > 0
}
