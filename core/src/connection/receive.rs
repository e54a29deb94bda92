use alloc::sync::Arc;

use bytes::{Buf, BytesMut};

use super::Connection;
use super::commands::drop_rows;
use super::describe::columns;
use super::event::Event;
use crate::error::{CloseReason, Error, PRE_AUTH_LIMIT, ProtocolError, ServerError};
use crate::message::backend::{
    CommandComplete, ErrorResponse, NoticeResponse, NotificationResponse, ParameterStatus, ReadyForQuery,
};
use crate::operation::introspect;
use crate::operation::{CommandTag, Kind, Operation, OperationId, Outcome, Query};
use crate::pipeline::expect::Step;
use crate::row::RowBatch;
use crate::session::Notification;
use crate::wire::{Frame, HEADER, Header, Malformed};

impl Connection {
    /// Takes whole messages from the start of `input` and leaves a partial one there.
    ///
    /// What is wrong with them closes the connection; [`Connection::error`] tells. No message starts a wait of its
    /// own yet, so the time is not looked at.
    pub fn handle_input(&mut self, input: &mut BytesMut) {
        while self.closed.is_none() {
            match self.receive(input) {
                Ok(true) => {}
                Ok(false) => break,
                Err(reason) => self.close_because(reason),
            }
        }
        if self.closed.is_some() {
            return input.clear();
        }
        self.cancels_heard();
        // For all that came at once.
        self.ask_for_types();
    }

    /// Takes one message, or one run of rows; false when none is whole.
    fn receive(&mut self, input: &mut BytesMut) -> Result<bool, CloseReason> {
        if self.startup.as_ref().is_some_and(|startup| !startup.heard)
            && input.len() >= HEADER
            && let Some(error) = ProtocolError::of_first_bytes(input)
        {
            return Err(error.into());
        }
        let header = match Header::read(input) {
            Ok(Some(header)) => header,
            Ok(None) => return Ok(false),
            Err(problem) => {
                let tag = input.first().copied().unwrap_or(0);
                return Err(ProtocolError::malformed(tag, problem).into());
            }
        };
        let limit = if self.startup.is_some() { PRE_AUTH_LIMIT } else { self.max_message_len };
        if header.frame_len > limit {
            return Err(ProtocolError::TooLong { tag: header.tag, length: header.frame_len, limit }.into());
        }
        if input.len() < header.frame_len {
            return Ok(false);
        }
        self.trace.record(header.tag);
        if let Some(startup) = &mut self.startup {
            startup.heard = true;
        }
        if header.tag == b'D' && self.startup.is_none() {
            self.receive_rows(header.frame_len, input)?;
            return Ok(true);
        }
        if header.tag == b'd' && self.startup.is_none() {
            self.receive_copy_data(header.frame_len, input)?;
            return Ok(true);
        }
        let frame = Frame { tag: header.tag, body: input.get(HEADER..header.frame_len).unwrap_or_default() };
        if !self.absorb(frame)? {
            if self.startup.is_some() {
                self.receive_startup(frame)?;
            } else {
                self.receive_reply(frame)?;
            }
        }
        input.advance(header.frame_len);
        Ok(true)
    }

    /// The messages that may come at any time and are nobody's reply.
    fn absorb(&mut self, frame: Frame<'_>) -> Result<bool, CloseReason> {
        let malformed = |problem: Malformed| ProtocolError::malformed(frame.tag, problem);
        match frame.tag {
            NoticeResponse::TAG => {
                self.session.notices.push_back(NoticeResponse::decode(frame.body).map_err(malformed)?.0);
                self.events.push_back(Event::Notice);
            }
            NotificationResponse::TAG => {
                let message = NotificationResponse::decode(frame.body).map_err(malformed)?;
                self.session.notifications.push_back(Notification {
                    process_id: message.process_id,
                    channel: message.channel.into(),
                    payload: message.payload.into(),
                });
                self.events.push_back(Event::Notification);
            }
            ParameterStatus::TAG => {
                let status = ParameterStatus::decode(frame.body).map_err(malformed)?;
                self.session.set_parameter(status.name, status.value);
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// A run of DataRow frames, the first of which is whole.
    fn receive_rows(&mut self, frame_len: usize, input: &mut BytesMut) -> Result<(), CloseReason> {
        let advance = self.wire.pipeline.advance(b'D')?;
        let wanted = |operation: &&mut Operation| !operation.is_unwanted() && operation.refused.is_none();
        let Some(operation) = self.operations.get_mut(advance.operation).filter(wanted) else {
            skip_rows(frame_len, input);
            return Ok(());
        };
        if matches!(operation.kind, Kind::Copy(_)) {
            self.refuse_command(advance.operation);
            skip_rows(frame_len, input);
            return Ok(());
        }
        let columns = match &operation.kind {
            Kind::Simple(results, _) => results.last().and_then(|result| result.columns.as_ref()),
            _ => operation.columns.as_ref(),
        };
        let width = match (&operation.kind, columns) {
            (Kind::Introspect { .. }, _) => introspect::WIDTH,
            (_, Some(columns)) => columns.len(),
            (_, None) => {
                return Err(ProtocolError::violation("a row came for a result that has no columns").into());
            }
        };
        let Some(rows) = RowBatch::take(input, width)? else { return Ok(()) };
        match &mut operation.kind {
            Kind::Simple(results, _) => {
                if let Some(last) = results.last_mut() {
                    last.rows.push(rows);
                }
            }
            Kind::Query(query) => {
                query.retried = true;
                let names_types = operation.columns.as_ref().is_some_and(|columns| columns.name_types());
                if operation.columns.as_ref().is_some_and(|columns| columns.have_fields()) {
                    self.compare_fields(advance.operation, &rows);
                }
                if names_types {
                    self.name_types(advance.operation, &rows);
                }
                self.keep_rows(advance.operation, rows);
            }
            Kind::Introspect { .. } => self.keep_rows(advance.operation, rows),
            Kind::Prepare(_) | Kind::Close | Kind::Copy(_) | Kind::Control { .. } => {}
        }
        Ok(())
    }

    /// Keeps rows until they are taken.
    fn keep_rows(&mut self, id: OperationId, rows: RowBatch) {
        let Some(operation) = self.operations.get_mut(id) else { return };
        let weight = rows.byte_len();
        operation.rows.push_back(rows);
        if operation.is_whole() {
            return;
        }
        if operation.withholds() {
            if !self.flow.withhold(weight) {
                if operation.awaited().is_some_and(|awaited| awaited.is_optional) {
                    // Rather without the types of what is in some records.
                    self.learning.leave(id);
                    self.stop_waiting(id);
                    return;
                }
                operation.refused = Some(Error::LearningLimit(self.flow.learning_limit()));
                drop_rows(&mut self.flow, operation);
            }
            return;
        }
        self.flow.arrived(weight);
        if !core::mem::replace(&mut operation.announced, true) {
            self.events.push_back(Event::Rows(id));
        }
    }

    /// A reply to what is first in the pipeline.
    fn receive_reply(&mut self, frame: Frame<'_>) -> Result<(), CloseReason> {
        if frame.tag == ErrorResponse::TAG {
            return self.receive_error(frame.body);
        }
        let advance = self.wire.pipeline.advance(frame.tag)?;
        let id = advance.operation;
        match (advance.before, frame.tag) {
            (Step::Bind | Step::Close, _) => {}
            (Step::Parse, _) => self.named(id),
            (Step::DescribeStatement, _) => self.receive_parameters(id, frame.body)?,
            (Step::DescribeColumns, b'T') => {
                self.statement_described(id, Some(columns(&self.registry, frame.body)?));
            }
            (Step::DescribeColumns, _) => self.statement_described(id, None),
            (Step::DescribePortal, b'T') => {
                self.portal_described(id, Some(columns(&self.registry, frame.body)?));
            }
            (Step::DescribePortal, _) => self.portal_described(id, None),
            (Step::Sync, _) => {
                self.session.status = ready(frame.body)?;
                self.flight_ended(id);
            }
            (Step::Query | Step::QueryFailed, b'Z') => {
                self.session.status = ready(frame.body)?;
                self.script_ended(id);
                self.flight_ended(id);
            }
            (Step::Query, b'T') => self.script_columns(id, columns(&self.registry, frame.body)?),
            (Step::Query | Step::QueryRows | Step::QueryCopyIn | Step::QueryCopyOut, b'C') => {
                self.script_tag(id, tag(frame.body)?);
            }
            (Step::Query, b'I') => self.script_tag(id, CommandTag::default()),
            (_, b'G') => self.copy_in_begun(advance, frame.body)?,
            (_, b'H') => self.copy_out_begun(advance, frame.body)?,
            (_, b'W') => {
                return Err(ProtocolError::violation("COPY BOTH began outside of replication").into());
            }
            (_, b'C') => {
                self.check_copied(id)?;
                self.completed(id, tag(frame.body)?);
            }
            (_, b'I') => {
                self.check_copied(id)?;
                self.completed(id, CommandTag::default());
            }
            (_, b's') if self.is_portal(id) => self.portion_came(id),
            (_, b's') => {
                return Err(ProtocolError::violation("a portal was suspended that had no row limit").into());
            }
            // The end of COPY data: what became of it comes next.
            _ => {}
        }
        Ok(())
    }

    fn receive_error(&mut self, body: &[u8]) -> Result<(), CloseReason> {
        let ErrorResponse(error) = ErrorResponse::decode(body)
            .map_err(|problem| ProtocolError::malformed(ErrorResponse::TAG, problem))?;
        let fatal = error.is_fatal();
        if self.wire.pipeline.is_empty() {
            // The server's last words: terminated by an administrator, shut down, idle too long.
            return Err(CloseReason::Server(Arc::new(error)));
        }
        let reason = fatal.then(|| CloseReason::Server(Arc::new(error.clone())));
        let advance = match (self.wire.pipeline.advance(ErrorResponse::TAG), reason.clone()) {
            (Ok(advance), _) => advance,
            // The session can end anywhere, even where a second error could not come.
            (Err(_), Some(reason)) => return Err(reason),
            (Err(unexpected), None) => return Err(unexpected.into()),
        };
        self.failed(advance.operation, error);
        if advance.after == Step::Failed {
            self.skip_to_sync(advance.operation);
        }
        reason.map_or(Ok(()), Err)
    }

    fn failed(&mut self, id: OperationId, mut error: ServerError) {
        self.unname(id);
        self.session.failure = Some(error.code);
        let Some(operation) = self.operations.get(id) else { return };
        if let Some(refused) = operation.refused.clone() {
            return self.settle(id, Err(refused));
        }
        if let Kind::Query(Query { many: Some(many), .. }) = &operation.kind {
            error.run = u64::try_from(many.tags.len()).ok();
        }
        if error.position.is_some() {
            error.statement = operation.sql().map(Into::into);
        }
        self.settle(id, Err(error.into()));
    }

    /// After an error the server skips everything up to the next Sync.
    fn skip_to_sync(&mut self, failed: OperationId) {
        while let Some(skipped) = self.wire.pipeline.pop_skipped() {
            let id = skipped.operation;
            let pending = self.operations.get(id).is_some_and(|operation| operation.outcome.is_none());
            if id != failed && pending {
                self.unname(id);
                self.settle(id, Err(self.skipped_because(failed)));
            }
        }
        // Only a statement that was being described has none on its way.
        if self.wire.pipeline.is_empty() {
            self.wire.sync(failed);
        }
    }

    pub(super) fn completed(&mut self, id: OperationId, tag: CommandTag) {
        let Some(operation) = self.operations.get_mut(id) else { return };
        if operation.many().is_some() {
            return self.many_completed(id, tag);
        }
        if operation.portal().is_some() && self.portal_completed(id, tag) {
            return;
        }
        let Some(operation) = self.operations.get_mut(id) else { return };
        if let Some(refused) = operation.refused.take() {
            return self.settle(id, Err(refused));
        }
        let rolled_back = matches!(&operation.kind, Kind::Query(query) if query.sql.class().was_rolled_back(tag.as_bytes()));
        let opens = matches!(operation.kind, Kind::Control { opens: true });
        let outcome = if rolled_back { Err(Error::RolledBack) } else { Ok(Outcome::Executed(tag)) };
        self.settle(id, outcome);
        if opens {
            self.begun(id);
        }
    }

    /// A Parse was answered: the server has the statement.
    fn named(&mut self, id: OperationId) {
        if let Some(query) = self.operations.get_mut(id).and_then(|operation| operation.query()) {
            query.naming = false;
        }
    }

    /// A Parse with a name failed, was skipped or never sent: the server does not have the statement.
    pub(super) fn unname(&mut self, id: OperationId) {
        let Some(query) = self.operations.get_mut(id).and_then(|operation| operation.query()) else { return };
        if core::mem::take(&mut query.naming) {
            self.statements.unassigned(query.sql.key());
        }
    }
}

/// Drops a run of DataRow frames, the first of which is whole: much may be left of what nobody wants.
fn skip_rows(frame_len: usize, input: &mut BytesMut) {
    let mut end = frame_len;
    while let Some(rest) = input.get(end..)
        && let Ok(Some(header)) = Header::read(rest)
        && header.tag == b'D'
        && header.frame_len <= rest.len()
    {
        end += header.frame_len;
    }
    input.advance(end);
}

fn ready(body: &[u8]) -> Result<crate::message::backend::TransactionStatus, ProtocolError> {
    let ready = ReadyForQuery::decode(body)
        .map_err(|problem| ProtocolError::malformed(ReadyForQuery::TAG, problem))?;
    Ok(ready.status)
}

fn tag(body: &[u8]) -> Result<CommandTag, ProtocolError> {
    let complete = CommandComplete::decode(body)
        .map_err(|problem| ProtocolError::malformed(CommandComplete::TAG, problem))?;
    Ok(CommandTag::new(complete.tag))
}

impl From<ProtocolError> for CloseReason {
    #[cold]
    #[inline(never)]
    fn from(error: ProtocolError) -> Self {
        Self::Protocol(Arc::new(error))
    }
}
