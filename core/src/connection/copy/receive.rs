use bytes::{Buf, Bytes, BytesMut};

use crate::connection::{Connection, Event};
use crate::error::{CloseReason, ProtocolError};
use crate::message::backend::{CopyData, CopyInResponse, CopyOutResponse};
use crate::operation::{CopyLayout, Direction, OperationId, Stage};
use crate::pipeline::Advance;
use crate::pipeline::expect::Step;
use crate::wire::{Format, HEADER, Header};

/// The longest run that is copied rather than shared: a short one must not keep a whole read buffer alive.
const COPIED: usize = 2048;

impl Connection {
    /// CopyInResponse: the server waits for data.
    pub(in crate::connection) fn copy_in_begun(
        &mut self,
        advance: Advance,
        body: &[u8],
    ) -> Result<(), ProtocolError> {
        let id = advance.operation;
        let response = CopyInResponse::decode(body)
            .map_err(|problem| ProtocolError::malformed(CopyInResponse::TAG, problem))?;
        if !self.copy_begun(id, Direction::In, response.format, response.columns.len()) {
            self.refuse_copy_in(id, advance.before == Step::Execute && !self.holds_wire(id));
        } else if self.operations.get(id).is_some_and(|operation| operation.is_unwanted()) {
            self.give_up_copy(id);
        }
        Ok(())
    }

    /// CopyOutResponse: data follows.
    pub(in crate::connection) fn copy_out_begun(
        &mut self,
        advance: Advance,
        body: &[u8],
    ) -> Result<(), ProtocolError> {
        let response = CopyOutResponse::decode(body)
            .map_err(|problem| ProtocolError::malformed(CopyOutResponse::TAG, problem))?;
        if !self.copy_begun(advance.operation, Direction::Out, response.format, response.columns.len()) {
            self.refuse_copy(advance.operation);
        }
        Ok(())
    }

    /// Opens a COPY, if one of that direction was asked for.
    fn copy_begun(&mut self, id: OperationId, direction: Direction, format: Format, columns: usize) -> bool {
        let Some(operation) = self.operations.get_mut(id) else { return false };
        let unwanted = operation.is_unwanted();
        let Some(copy) = operation.copy().filter(|copy| copy.direction == direction) else { return false };
        copy.layout = Some(CopyLayout { format, columns });
        copy.stage = Stage::Open;
        if !unwanted {
            self.events.push_back(Event::CopyBegun(id));
        }
        true
    }

    /// A command completed: if it was asked for as a COPY, it must have been one, and the end of its data known.
    pub(in crate::connection) fn check_copied(&mut self, id: OperationId) -> Result<(), ProtocolError> {
        let Some(copy) = self.operations.get_mut(id).and_then(|operation| operation.copy()) else {
            return Ok(());
        };
        match (copy.direction, copy.stage) {
            (_, Stage::Starting) => self.refuse_command(id),
            (Direction::In, Stage::Open) => {
                return Err(ProtocolError::violation("COPY FROM STDIN ended before its data did"));
            }
            _ => {}
        }
        Ok(())
    }

    /// A run of CopyData frames, the first of which is whole.
    pub(in crate::connection) fn receive_copy_data(
        &mut self,
        frame_len: usize,
        input: &mut BytesMut,
    ) -> Result<(), CloseReason> {
        let id = self.wire.pipeline.advance(CopyData::TAG)?.operation;
        let operation = self
            .operations
            .get_mut(id)
            .filter(|operation| !operation.is_unwanted() && operation.refused.is_none());
        let Some(copy) = operation.and_then(|operation| operation.copy()) else {
            input.advance(frame_len);
            return Ok(());
        };
        let data = take_run(input);
        if data.is_empty() {
            return Ok(());
        }
        self.flow.arrived(data.len());
        copy.received.push_back(data);
        if let Some(operation) = self.operations.get_mut(id)
            && !core::mem::replace(&mut operation.announced, true)
        {
            self.events.push_back(Event::CopyData(id));
        }
        Ok(())
    }
}

/// Takes the run of whole CopyData frames that `input` begins with, as what is in them: the bodies are moved together
/// over the headers between them.
///
/// ```text
/// d len body │ d len body │ d len body   →   body body body
/// ```
fn take_run(input: &mut BytesMut) -> Bytes {
    let (mut end, mut frames) = (0, 0_usize);
    while let Some(frame_len) = whole_frame(input.get(end..).unwrap_or_default()) {
        end += frame_len;
        frames += 1;
    }
    let mut run = if end <= COPIED {
        let copy = BytesMut::from(input.get(..end).unwrap_or_default());
        input.advance(end);
        copy
    } else {
        input.split_to(end)
    };
    if frames == 1 {
        run.advance(HEADER);
        return run.freeze();
    }
    let (mut from, mut to) = (0, 0);
    while let Some(frame_len) = whole_frame(run.get(from..).unwrap_or_default()) {
        run.copy_within(from + HEADER..from + frame_len, to);
        from += frame_len;
        to += frame_len - HEADER;
    }
    run.truncate(to);
    run.freeze()
}

/// The length of the CopyData frame at the start of `bytes`, when it is one and whole. What is wrong with one shows
/// when it is the first.
fn whole_frame(bytes: &[u8]) -> Option<usize> {
    match Header::read(bytes) {
        Ok(Some(Header { tag: CopyData::TAG, frame_len })) if frame_len <= bytes.len() => Some(frame_len),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::vec::Vec;

    use super::*;

    #[test]
    fn bodies_are_brought_together_whatever_follows() {
        for count in [1, 2, 3, 500] {
            for tail in [&b"c\0\0\0\x04"[..], b"d\0\0\0\x09ab", b"d\0", b"", b"d\0\0\0\0"] {
                let mut bytes = BytesMut::new();
                let mut bodies = Vec::new();
                for n in 0..count {
                    let body: Vec<u8> = (0..n % 17).map(|at| u8::try_from(at).unwrap()).collect();
                    CopyData { data: &body }.encode(&mut bytes).unwrap();
                    bodies.extend(body);
                }
                bytes.extend_from_slice(tail);
                assert_eq!(take_run(&mut bytes), bodies);
                assert_eq!(bytes, tail);
            }
        }
    }
}
