use alloc::collections::VecDeque;
use alloc::sync::Arc;

use bytes::BytesMut;

use super::expect::Step;
use super::{Expected, OperationId};
use crate::error::Error;
use crate::message::frontend::{self, Target};
use crate::types::{Parameters, Type};
use crate::wire::{Format, Unencodable};

/// Messages of one or more operations being written, and the replies they will get.
///
/// Dropped without [`Flight::commit`] it takes both back, so that an operation is sent whole or not at all.
#[derive(Debug)]
pub(crate) struct Flight<'a> {
    out: &'a mut BytesMut,
    expected: &'a mut VecDeque<Expected>,
    start: (usize, usize),
    /// The portal that is bound and executed, and how many rows are wanted at a time; the unnamed one, and all, if none
    /// is set.
    portal: Option<(Arc<str>, u32)>,
    committed: bool,
}

/// What is bound: the statement, its parameters, and how the results are wanted.
pub(crate) struct Binding<'a> {
    pub(crate) statement: &'a str,
    pub(crate) types: &'a [Type],
    pub(crate) parameters: &'a dyn Parameters,
    pub(crate) results: &'a [Format],
}

/// The unnamed portal's Execute without a row limit, and Sync: the end of nearly every flight.
const EXECUTE: &[u8] = b"E\0\0\0\x09\0\0\0\0\0";
const SYNC: &[u8] = b"S\0\0\0\x04";
const FLUSH: &[u8] = b"H\0\0\0\x04";

impl<'a> Flight<'a> {
    pub(crate) fn new(out: &'a mut BytesMut, expected: &'a mut VecDeque<Expected>) -> Self {
        let start = (out.len(), expected.len());
        Self { out, expected, start, portal: None, committed: false }
    }

    /// From now on the flight is about this portal.
    pub(crate) fn set_portal(&mut self, name: Arc<str>, rows: u32) {
        self.portal = Some((name, rows));
    }

    pub(crate) fn parse(
        &mut self,
        operation: OperationId,
        name: &str,
        sql: &str,
        types: &[u32],
    ) -> Result<(), Unencodable> {
        frontend::Parse { statement: name, sql, types: types.into() }.encode(self.out)?;
        self.expect(operation, Step::Parse);
        Ok(())
    }

    pub(crate) fn describe_statement(
        &mut self,
        operation: OperationId,
        name: &str,
    ) -> Result<(), Unencodable> {
        frontend::Describe { target: Target::Statement(name) }.encode(self.out)?;
        self.expect(operation, Step::DescribeStatement);
        Ok(())
    }

    pub(crate) fn describe_portal(&mut self, operation: OperationId) -> Result<(), Unencodable> {
        let portal = name_of(&self.portal);
        frontend::Describe { target: Target::Portal(portal) }.encode(self.out)?;
        self.expect(operation, Step::DescribePortal);
        Ok(())
    }

    pub(crate) fn bind(&mut self, operation: OperationId, binding: &Binding<'_>) -> Result<(), Error> {
        let Binding { statement, types, parameters, results } = *binding;
        let binary = [Format::Binary];
        let formats: alloc::vec::Vec<Format>;
        let all_binary = types.iter().enumerate().all(|(at, ty)| parameters.format(at, ty) == Format::Binary);
        let formats: &[Format] = if all_binary {
            &binary
        } else {
            formats = types.iter().enumerate().map(|(at, ty)| parameters.format(at, ty)).collect();
            &formats
        };
        frontend::Bind::write::<Error>(
            self.out,
            name_of(&self.portal),
            statement,
            formats,
            types.len(),
            |at, out| match types.get(at) {
                Some(ty) => Ok(parameters.encode(at, ty, out)?),
                None => Ok(crate::wire::IsNull::Yes),
            },
            results,
        )?;
        self.expect(operation, Step::Bind);
        Ok(())
    }

    pub(crate) fn execute(&mut self, operation: OperationId) {
        match &self.portal {
            None => self.out.extend_from_slice(EXECUTE),
            // Cannot fail: the name is ours, and holds no NUL.
            Some((portal, rows)) => drop(execute(portal, *rows).encode(self.out)),
        }
        self.expect(operation, Step::Execute);
    }

    /// Execute of a portal that was bound in another flight, for so many rows; 0 for all.
    pub(crate) fn execute_portal(
        &mut self,
        operation: OperationId,
        portal: &str,
        rows: u32,
    ) -> Result<(), Unencodable> {
        execute(portal, rows).encode(self.out)?;
        self.expect(operation, Step::Execute);
        Ok(())
    }

    pub(crate) fn close_portal(&mut self, operation: OperationId, name: &str) -> Result<(), Unencodable> {
        frontend::Close { target: Target::Portal(name) }.encode(self.out)?;
        self.expect(operation, Step::Close);
        Ok(())
    }

    pub(crate) fn close_statement(&mut self, operation: OperationId, name: &str) -> Result<(), Unencodable> {
        frontend::Close { target: Target::Statement(name) }.encode(self.out)?;
        self.expect(operation, Step::Close);
        Ok(())
    }

    pub(crate) fn query(&mut self, operation: OperationId, sql: &str) -> Result<(), Unencodable> {
        frontend::Query { sql }.encode(self.out)?;
        self.expect(operation, Step::Query);
        Ok(())
    }

    pub(crate) fn sync(&mut self, operation: OperationId) {
        self.out.extend_from_slice(SYNC);
        self.expect(operation, Step::Sync);
    }

    /// Asks the server to send what it has; no reply of its own.
    pub(crate) fn flush(&mut self) {
        self.out.extend_from_slice(FLUSH);
    }

    /// Whether ReadyForQuery is its last reply.
    pub(crate) fn is_synced(&self) -> bool {
        is_synced(self.expected)
    }

    /// Whether a failure of what it is sent with has all of it skipped: not what is behind a Sync, nor a simple Query.
    pub(crate) fn is_skipped_whole(&self) -> bool {
        is_skipped_whole(self.expected.range(self.start.1..))
    }

    pub(crate) fn commit(mut self) {
        self.committed = true;
    }

    fn expect(&mut self, operation: OperationId, step: Step) {
        self.expected.push_back(Expected { operation, step });
    }
}

/// Whether the last of these replies is ReadyForQuery.
pub(crate) fn is_synced(expected: &VecDeque<Expected>) -> bool {
    expected.back().is_some_and(|last| matches!(last.step, Step::Sync | Step::Query))
}

/// Whether these are the replies to what a failure before it has skipped as one.
pub(crate) fn is_skipped_whole<'a>(mut expected: impl Iterator<Item = &'a Expected>) -> bool {
    let at_sync = expected.find(|expected| matches!(expected.step, Step::Sync | Step::Query));
    at_sync.is_none_or(|expected| expected.step == Step::Sync) && expected.next().is_none()
}

fn name_of(portal: &Option<(Arc<str>, u32)>) -> &str {
    portal.as_ref().map_or("", |(name, _)| name)
}

fn execute(portal: &str, rows: u32) -> frontend::Execute<'_> {
    frontend::Execute { portal, max_rows: i32::try_from(rows).unwrap_or(i32::MAX) }
}

impl Drop for Flight<'_> {
    fn drop(&mut self) {
        if !self.committed {
            self.out.truncate(self.start.0);
            self.expected.truncate(self.start.1);
        }
    }
}
