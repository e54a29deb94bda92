//! What has happened, as words and objects for JavaScript.

use trunkline_core::{Event, OperationId, Outcome};

use super::Engine;
use crate::engine::operations::Wants;
use crate::engine::script::script;
use crate::{description, error};

impl Engine {
    /// Turns what core tells into words.
    pub(super) fn collect(&mut self) {
        while let Some(event) = self.connection.poll_event() {
            match event {
                Event::Ready => self.events.ready(),
                Event::Described(id) if self.operations.find(id).is_some() => {
                    self.events.described(id.index());
                }
                Event::Rows(id) => self.collect_rows(id),
                Event::TypesLearned => self.types.tell(&self.connection),
                Event::Finished(id) => self.collect_outcome(id),
                Event::Notice => {
                    while let Some(notice) = self.connection.take_notice() {
                        let object = self.objects.keep(error::notice(&notice));
                        self.events.notice(object);
                    }
                }
                Event::Notification => {
                    while let Some(notification) = self.connection.take_notification() {
                        let object = self.objects.keep(description::notification(&notification));
                        self.events.notification(object);
                    }
                }
                Event::Closed => {
                    let error = self.connection.error();
                    let object = error.as_ref().map_or_else(String::new, error::failure);
                    let object = self.objects.keep(object);
                    self.events.closed(object);
                }
                _ => {}
            }
        }
        self.header.events(self.events.address(), self.events.words());
        self.header.rows(self.rows.addresses());
        self.refresh();
    }

    fn collect_rows(&mut self, id: OperationId) {
        while let Some(batch) = self.connection.take_rows(id) {
            let Some(operation) = self.operations.find(id).filter(|operation| !operation.wants.no_rows())
            else {
                continue;
            };
            let Some(shape) =
                operation.shape.or_else(|| self.find_shape(id, operation.statement, operation.wants))
            else {
                continue;
            };
            let Some(plan) = self.statements.plan(shape) else { continue };
            match self.rows.push(batch, &plan) {
                Ok(rows) => self.events.rows(id.index(), shape, rows),
                Err(error) => {
                    let object = self.objects.keep(error::conversion(&error));
                    self.events.failed(id.index(), object);
                    self.end(id.index());
                    self.connection.forget(id);
                    return;
                }
            }
        }
    }

    fn find_shape(&mut self, id: OperationId, statement: Option<u32>, wants: Wants) -> Option<u32> {
        let columns = self.connection.columns(id)?.clone();
        let shape = self.statements.shape(statement?, &columns, wants.choices());
        self.operations.set_shape(id, shape);
        Some(shape)
    }

    fn collect_outcome(&mut self, id: OperationId) {
        self.collect_rows(id);
        let Some(operation) = self.operations.find(id) else { return };
        let Some(outcome) = self.connection.take_outcome(id) else { return };
        self.end(id.index());
        match outcome {
            Ok(Outcome::Executed(tag)) => {
                let command = self.commands.index(tag.command());
                self.events.finished(id.index(), command, tag.rows());
            }
            Ok(Outcome::Script(results)) => {
                let object = self.objects.keep(script(&results));
                self.events.script(id.index(), object);
            }
            Ok(Outcome::Prepared(prepared)) => {
                let object = self.objects.keep(description::prepared_statement(&prepared));
                if let Some(entry) = operation.statement.and_then(|number| self.statements.get_mut(number)) {
                    entry.prepared = Some(prepared);
                }
                self.events.prepared(id.index(), object);
            }
            Ok(_) => {
                let command = self.commands.index("");
                self.events.finished(id.index(), command, 0);
            }
            Err(error) => {
                let object = self.objects.keep(error::failure(&error));
                self.events.failed(id.index(), object);
            }
        }
    }
}
