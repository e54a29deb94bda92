mod batch;
mod clock;
mod collect;
mod commands;
mod descriptions;
mod transport;

use bytes::BytesMut;
use trunkline_core::Connection;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::command_names::CommandNames;
use super::events::Events;
use super::header::{Header, flags};
use super::objects::Objects;
use super::operations::Operations;
use super::shared_types::{SharedTypes, Sharing};
use super::statements::Statements;
use crate::config::Configuration;
use crate::error;
use crate::parameters::Scratch;
use crate::rows::{RowOutput, size};
use batch::PendingBatch;

/// One connection, driven by JavaScript.
///
/// A query costs four calls: `exec`, with the parameters written into the scratch area; `outgoing`, whose bytes
/// are sent; `reserve`, whose area the chunk that came is copied into; `recv`, which leaves the events. What the
/// header points to is dead at the next call of `reserve`, the outgoing bytes at the next call of any.
///
/// `now` is in milliseconds since an origin that stays the same.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Engine {
    connection: Connection,
    input: BytesMut,
    pending: usize,
    rows: RowOutput,
    events: Events,
    header: Header,
    scratch: Scratch,
    statements: Statements,
    operations: Operations,
    types: Sharing,
    batch: Option<PendingBatch>,
    commands: CommandNames,
    objects: Objects,
}

#[wasm_bindgen]
impl Engine {
    /// Begins a session with the host of that index: the first message waits to be sent. `nonce` is 24 bytes of
    /// fresh randomness.
    #[wasm_bindgen(constructor)]
    pub fn new(config: &Configuration, host: u32, now: f64, nonce: &[u8]) -> Result<Self, JsValue> {
        let nonce = nonce.try_into().map_err(|_| JsValue::from(error::usage("the nonce has 24 bytes")))?;
        let connection = config
            .begin(size(host), clock::instant(now), nonce)
            .map_err(|error| JsValue::from(error::failure(&error)))?;
        let mut engine = Self {
            connection,
            input: BytesMut::new(),
            pending: 0,
            rows: RowOutput::default(),
            events: Events::default(),
            header: Header::new(),
            scratch: Scratch::default(),
            statements: Statements::new(config.codecs()),
            operations: Operations::default(),
            types: Sharing::default(),
            batch: None,
            commands: CommandNames::default(),
            objects: Objects::default(),
        };
        engine.refresh();
        Ok(engine)
    }

    /// The address of the header.
    pub fn header(&self) -> u32 {
        self.header.address()
    }

    /// Shares what is known of the database's own types with other connections to it.
    #[wasm_bindgen(js_name = shareTypes)]
    pub fn share_types(&mut self, types: &SharedTypes) {
        self.types.share(types, &mut self.connection);
    }

    /// Forgets the types of the database's own, and what is known of statements by them; so do all who share them.
    #[wasm_bindgen(js_name = reloadTypes)]
    pub fn reload_types(&mut self) {
        self.types.forget_all(&mut self.connection);
    }

    /// Says goodbye: the last bytes wait to be sent.
    pub fn terminate(&mut self) {
        self.connection.terminate();
        self.refresh();
    }

    /// A parameter that the server reported, such as `TimeZone`.
    pub fn parameter(&self, name: &str) -> Option<String> {
        self.connection.parameter(name).map(Into::into)
    }

    /// The process id of the server's side.
    #[wasm_bindgen(js_name = processId)]
    pub fn process_id(&self) -> u32 {
        self.connection.process_id()
    }

    /// The last messages both ways, without their contents.
    pub fn trace(&self) -> String {
        self.connection.trace().to_string()
    }
}

impl Engine {
    fn refresh(&mut self) {
        let connection = &self.connection;
        let bit = |is: bool, flag: u32| if is { flag } else { 0 };
        let flags = bit(connection.wants_read(), flags::WANTS_READ)
            | bit(connection.can_accept(), flags::CAN_ACCEPT)
            | bit(connection.is_ready(), flags::READY)
            | bit(connection.is_closed(), flags::CLOSED);
        self.header.state(flags, connection.transaction_status().byte());
        self.header.deadline(connection.poll_timeout().map_or(f64::INFINITY, clock::milliseconds));
    }
}
