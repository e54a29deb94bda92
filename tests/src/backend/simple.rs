//! The simple query protocol.

use trunkline_core::message::backend::TransactionStatus;
use trunkline_core::wire::Format;

use super::sql::{Command, Failure};
use super::{Backend, Copying};
use crate::messages as m;

impl Backend {
    /// Query: every statement of it, in one implicit transaction.
    pub(super) fn query(&mut self, sql: &str) {
        let statements: Vec<&str> = sql.split(';').filter(|part| !part.trim().is_empty()).collect();
        if statements.is_empty() {
            self.say(&m::empty());
            return self.ready();
        }
        for statement in statements {
            match self.statement(statement) {
                Ok(true) => {}
                Ok(false) => return,
                Err(failure) => {
                    self.fail(&failure);
                    return self.ready();
                }
            }
        }
        if self.status == TransactionStatus::Idle
            && let Err(failure) = self.commit()
        {
            self.fail(&failure);
        }
        self.ready();
    }

    /// One statement; false when it waits for COPY data.
    fn statement(&mut self, sql: &str) -> Result<bool, Failure> {
        let command = Command::parse(sql)?;
        self.check_status(&command)?;
        match &command {
            Command::FailEarly => return Err(Failure::new("22012", "division by zero")),
            Command::Empty => self.say(&m::empty()),
            Command::CopyIn => {
                self.say(&m::copy_in());
                self.copying = Some(Copying::Simple);
                return Ok(false);
            }
            Command::CopyOut(rows) => self.copy_out(*rows),
            command => match command.columns(self.schema) {
                Some(columns) => {
                    self.say(&m::columns(&columns, Format::Text));
                    let rows = self.rows(command, self.schema, None, Format::Text);
                    self.say_rows(&rows);
                }
                None => {
                    let tag = self.run(command)?;
                    self.say(&m::complete(&tag));
                }
            },
        }
        Ok(true)
    }
}
