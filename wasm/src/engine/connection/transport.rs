//! Bytes and time: what JavaScript's transport and timer tell, and what they are to do.

use bytes::Buf;
use wasm_bindgen::prelude::wasm_bindgen;

use super::{Engine, clock};
use crate::rows::{address, length, size};

#[wasm_bindgen]
impl Engine {
    /// Puts what waits to be sent in the header, the first run of it, and tells its length.
    pub fn outgoing(&mut self) -> u32 {
        let outbox = self.connection.outbox();
        let chunk = outbox.chunk();
        let (start, bytes) = (address(chunk.as_ptr()), length(chunk.len()));
        self.header.outgoing(start, bytes);
        bytes
    }

    /// So many bytes were taken.
    pub fn sent(&mut self, bytes: u32) {
        self.connection.outbox().advance(size(bytes));
        self.refresh();
    }

    /// Makes room for a chunk that came and gives the address to copy it to.
    pub fn reserve(&mut self, bytes: u32) -> u32 {
        self.clear();
        self.pending = self.input.len();
        self.input.resize(self.pending + size(bytes), 0);
        self.input.get(self.pending..).map_or(0, |area| address(area.as_ptr()))
    }

    /// A chunk of so many bytes came; afterwards the header points to what happened.
    pub fn recv(&mut self, bytes: u32) {
        self.input.truncate(self.pending + size(bytes));
        self.types.follow(&mut self.connection);
        self.connection.handle_input(&mut self.input);
        self.collect();
    }

    /// Collects what commands made happen; true when there are events to read.
    pub fn poll(&mut self) -> bool {
        self.happened();
        self.events.words() > 0
    }

    /// The peer closed the stream.
    pub fn eof(&mut self) {
        self.connection.handle_eof();
        self.happened();
    }

    /// The transport failed, and said this.
    #[wasm_bindgen(js_name = transportError)]
    pub fn transport_error(&mut self, message: &str) {
        self.connection.handle_transport_error(message);
        self.happened();
    }

    /// The deadline in the header may have passed.
    pub fn timeout(&mut self, now: f64) {
        self.connection.handle_timeout(clock::instant(now));
        self.happened();
    }
}

impl Engine {
    /// Something else than a chunk made things happen.
    fn happened(&mut self) {
        self.clear();
        self.collect();
    }

    /// What was told before is over.
    fn clear(&mut self) {
        self.events.clear();
        self.objects.clear();
        self.rows.clear();
    }
}
