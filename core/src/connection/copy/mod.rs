//! COPY: the commands of one that streams its data.
//!
//! ```text
//! in:   Parse Bind Execute Flush │ CopyInResponse │ CopyData … CopyDone Sync │ CommandComplete ReadyForQuery
//! out:  Parse Bind Execute Sync  │ CopyOutResponse CopyData … CopyDone CommandComplete ReadyForQuery
//! ```
//!
//! The Sync of a COPY FROM STDIN comes with its end: one that is sent earlier would be swallowed. When the server fails
//! such a COPY it skips up to that Sync, and what of the data was on its way with it.

mod receive;
mod refuse;

use core::time::Duration;

use bytes::{BufMut, Bytes};

use super::Connection;
use super::write::write_command;
use crate::error::{Error, UsageError};
use crate::message::frontend::{CopyData, CopyDone, CopyFail};
use crate::operation::{Copy, CopyLayout, Direction, Kind, OperationId, Stage};
use crate::time::Instant;
use crate::wire::Outbox;

/// Pieces shorter than this are copied into one message with others.
const SPLICED: usize = 16 << 10;

/// The longest message made of short pieces.
const GATHERED: usize = 64 << 10;

/// The longest message at all. The server keeps one in memory as a whole.
const FRAME: usize = 1 << 20;

/// Bytes waiting to be sent at which more data is asked to wait. More would leave no sooner, and be out of the processor's
/// caches by then.
const MARK: usize = 256 << 10;

/// What the server is told, and its log with it, of a COPY that is forgotten or has run out of time.
const GIVEN_UP: &str = "the client has given this COPY up";

impl Connection {
    /// Begins a COPY … FROM STDIN. [`Event::CopyBegun`](super::Event::CopyBegun) tells when the server waits for the
    /// data, which [`Connection::copy_data`] gives and [`Connection::copy_done`] ends. It holds the wire until its
    /// end: commands given meanwhile wait.
    ///
    /// `timeout` is for the whole COPY; `None` for the connection's `command_timeout`.
    ///
    /// # Errors
    ///
    /// As [`Connection::query`].
    pub fn copy_in(
        &mut self,
        now: Instant,
        sql: &str,
        timeout: Option<Duration>,
    ) -> Result<OperationId, Error> {
        self.start_copy(now, sql, Direction::In, timeout)
    }

    /// Begins a COPY … TO STDOUT. [`Event::CopyData`](super::Event::CopyData) tells when there is data to take with
    /// [`Connection::take_copy_data`]. It holds the wire until its end.
    ///
    /// # Errors
    ///
    /// As [`Connection::copy_in`].
    pub fn copy_out(
        &mut self,
        now: Instant,
        sql: &str,
        timeout: Option<Duration>,
    ) -> Result<OperationId, Error> {
        self.start_copy(now, sql, Direction::Out, timeout)
    }

    /// Gives the server more data; a piece may begin and end anywhere. Short pieces are gathered into messages of 64
    /// KiB, long ones travel without a copy. Wait while [`Connection::can_accept_copy_data`] is false.
    ///
    /// Once the COPY has failed, data goes nowhere: the outcome tells why.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] before [`Event::CopyBegun`](super::Event::CopyBegun), after the end, and over `outbox_limit`;
    /// [`Error::Closed`] when the connection is closed.
    pub fn copy_data(&mut self, id: OperationId, mut data: Bytes) -> Result<(), Error> {
        self.check_room()?;
        let Some((copy, outbox)) = self.open_copy(id)? else { return Ok(()) };
        if copy.gathered.len() + data.len() > GATHERED || data.len() >= SPLICED {
            send_gathered(copy, outbox)?;
        }
        if data.len() < SPLICED {
            copy.gathered.extend_from_slice(&data);
            return Ok(());
        }
        while !data.is_empty() {
            let piece = data.split_to(data.len().min(FRAME));
            // A header alone, of a body that is spliced in behind it; FRAME bounds its length.
            let length = u32::try_from(piece.len() + 4).unwrap_or(u32::MAX);
            outbox.tail().put_u8(CopyData::TAG);
            outbox.tail().put_u32(length);
            outbox.splice(piece);
        }
        Ok(())
    }

    /// Sends what [`Connection::copy_data`] has gathered so far.
    ///
    /// # Errors
    ///
    /// As [`Connection::copy_data`].
    pub fn copy_flush(&mut self, id: OperationId) -> Result<(), Error> {
        let Some((copy, outbox)) = self.open_copy(id)? else { return Ok(()) };
        send_gathered(copy, outbox)
    }

    /// The data is complete: the server checks it, and the operation ends with what became of it.
    ///
    /// # Errors
    ///
    /// As [`Connection::copy_data`].
    pub fn copy_done(&mut self, id: OperationId) -> Result<(), Error> {
        let Some((copy, outbox)) = self.open_copy(id)? else { return Ok(()) };
        send_gathered(copy, outbox)?;
        copy.stage = Stage::Ended(outbox.written());
        CopyDone.encode(outbox.tail())?;
        self.wire.sync(id);
        Ok(())
    }

    /// The data will not be completed: the server undoes the COPY, and answers with an error (57014) that holds `why`.
    ///
    /// # Errors
    ///
    /// As [`Connection::copy_data`], and for a NUL in the text.
    pub fn copy_fail(&mut self, id: OperationId, why: &str) -> Result<(), Error> {
        let Some((copy, outbox)) = self.open_copy(id)? else { return Ok(()) };
        let at = outbox.written();
        CopyFail { message: why }.encode(outbox.tail())?;
        copy.gathered.clear();
        copy.stage = Stage::Ended(at);
        self.wire.sync(id);
        Ok(())
    }

    /// Whether more data of a COPY is welcome: it is open, and not too much waits to be sent. Once the COPY has failed it
    /// is not, and the end is what to wait for.
    pub fn can_accept_copy_data(&self, id: OperationId) -> bool {
        let is_open = self.operations.get(id).is_some_and(|operation| {
            let open = matches!(&operation.kind, Kind::Copy(copy) if copy.stage == Stage::Open);
            open && operation.outcome.is_none() && operation.expired.is_none()
        });
        let waits = self.wire.outbox.len();
        // Commands that wait behind the COPY do not count: it would wait for them, and they for it.
        is_open && waits < MARK && self.flow.can_accept(waits, 0)
    }

    /// Whether a COPY that waits for data, all that was given being sent, keeps other commands waiting.
    pub fn is_held_by_copy(&self) -> bool {
        let holder = self.wire.hold.holder().and_then(|id| self.operations.get(id));
        let waits = holder.is_some_and(|operation| {
            let Kind::Copy(copy) = &operation.kind else { return false };
            copy.direction == Direction::In && copy.stage == Stage::Open && operation.outcome.is_none()
        });
        waits && self.wire.outbox.is_empty()
    }

    /// The next piece of a COPY's data, if any waits. Taking it is what reopens reading.
    pub fn take_copy_data(&mut self, id: OperationId) -> Option<Bytes> {
        let operation = self.operations.get_mut(id)?;
        let data = operation.copy()?.received.pop_front();
        match &data {
            Some(data) => self.flow.taken(data.len()),
            None => operation.announced = false,
        }
        data
    }

    /// How a COPY's data is written, once it has begun.
    pub fn copy_layout(&self, id: OperationId) -> Option<CopyLayout> {
        match &self.operations.get(id)?.kind {
            Kind::Copy(copy) => copy.layout,
            _ => None,
        }
    }

    fn start_copy(
        &mut self,
        now: Instant,
        sql: &str,
        direction: Direction,
        timeout: Option<Duration>,
    ) -> Result<OperationId, Error> {
        self.admit(now)?;
        let deadline = self.deadline(now, timeout);
        let id = self.start(Kind::Copy(Copy::new(sql, direction)), deadline);
        self.send(id, true, |flight| {
            write_command(flight, id, sql)?;
            match direction {
                Direction::In => flight.flush(),
                Direction::Out => flight.sync(id),
            }
            Ok::<_, Error>(())
        })
    }

    /// Nobody wants a COPY any more. One that waits for data is told that none comes; what an outgoing one sends is
    /// parsed past.
    pub(super) fn give_up_copy(&mut self, id: OperationId) {
        let Some(copy) = self.operations.get_mut(id).and_then(|operation| operation.copy()) else { return };
        if copy.direction == Direction::In && copy.stage == Stage::Open {
            // Cannot fail: the text is ours.
            let _ = self.copy_fail(id, GIVEN_UP);
        }
    }

    /// A COPY that takes data, and where to; `None` when it has failed already, and nothing more is to be sent.
    fn open_copy(&mut self, id: OperationId) -> Result<Option<(&mut Copy, &mut Outbox)>, Error> {
        self.check_open()?;
        let not_open =
            || UsageError::call("COPY data goes to a COPY FROM STDIN between its begin and its end");
        let operation = self.operations.get_mut(id).ok_or_else(not_open)?;
        let failed = operation.outcome.is_some() || operation.expired.is_some();
        let copy = operation.copy().filter(|copy| copy.direction == Direction::In).ok_or_else(not_open)?;
        match copy.stage {
            _ if failed => Ok(None),
            Stage::Open => Ok(Some((copy, &mut self.wire.outbox))),
            Stage::Starting | Stage::Ended(_) => Err(not_open().into()),
        }
    }
}

/// Sends the short pieces, as one message.
fn send_gathered(copy: &mut Copy, outbox: &mut Outbox) -> Result<(), Error> {
    if !copy.gathered.is_empty() {
        CopyData { data: &copy.gathered }.encode(outbox.tail())?;
        copy.gathered.clear();
    }
    Ok(())
}
