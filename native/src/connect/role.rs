use trunkline_core::config::{HostPlan, RoleQuestion, ServerRole, StatementMode, Verdict};
use trunkline_core::error::UsageError;
use trunkline_core::{Error, QueryOptions};

use crate::clock;
use crate::driver::Driver;
use crate::queries::rows;

/// Whether the server that was reached is one of those that were asked for.
pub(super) async fn judge(driver: &Driver, plan: &mut HostPlan) -> Result<(), Error> {
    let mut role = {
        let state = driver.lock();
        ServerRole::reported(|name| state.core.parameter(name))
    };
    loop {
        match plan.judge(&role) {
            Verdict::Refuse(found) => return Err(plan.refusal(found)),
            Verdict::Ask(question) => role.answered(question, ask(driver, question).await?),
            _ => return Ok(()),
        }
    }
}

async fn ask(driver: &Driver, question: RoleQuestion) -> Result<bool, Error> {
    // Nothing is left behind at a server that may be a pooler's.
    let options = QueryOptions { whole: true, mode: Some(StatementMode::Unnamed), ..QueryOptions::default() };
    let started = driver.lock().start(|core| core.query(clock::now(), question.sql(), &options, &()))?;
    let rows = rows(driver.wait(started, &()).await?);
    match rows.into_first() {
        Some(row) => row.get::<bool>(0),
        None => Err(UsageError::shape("the server did not tell its role").into()),
    }
}
