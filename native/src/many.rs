use trunkline_core::sql::NamedSql;
use trunkline_core::types::Parameters;
use trunkline_core::{Call, Connection, Error, OperationId, QueryOptions};

use crate::clock;
use crate::driver::{Answer, Driver, Give};
use crate::observe::Observed;
use crate::query::{Query, named};

/// Runs a statement once for each of the parameters, in one flight.
pub(crate) async fn run<Q, P>(
    driver: &Driver,
    query: &Q,
    parameters: impl IntoIterator<Item = P>,
) -> Result<Option<Answer>, Error>
where
    Q: Query + ?Sized,
    P: Parameters,
{
    let mut parameters = parameters.into_iter();
    let Some(first) = parameters.next() else { return Ok(None) };
    let named = named(query, &first)?.map(|named| named.into_owned());
    let (sql, count) = match &named {
        Some(named) => (named.sql(), named.names().len()),
        None => (query.sql(), first.count()),
    };
    let options = QueryOptions { whole: true, ..query.options() };
    let observed = Observed::start(driver, sql);
    let answer = async {
        let started = driver.lock().start(|core| core.many(clock::now(), sql, &options, count))?;
        let runs = Runs { first: Some(first), rest: parameters, named: named.as_ref(), ended: false };
        driver.feed(started, runs).await
    };
    observed.end(answer.await, Answer::tag).map(Some)
}

/// The parameters that have not been given yet.
struct Runs<'a, P, I> {
    first: Option<P>,
    rest: I,
    named: Option<&'a NamedSql>,
    ended: bool,
}

// Nothing of it is ever pinned.
impl<P, I> Unpin for Runs<'_, P, I> {}

impl<P: Parameters, I: Iterator<Item = P>> Give for Runs<'_, P, I> {
    fn described(&mut self, _core: &mut Connection, _id: OperationId) -> Result<(), Error> {
        Ok(())
    }

    fn more(&mut self, core: &mut Connection, id: OperationId) -> bool {
        while !self.ended && core.can_push(id) {
            let pushed = match self.first.take().or_else(|| self.rest.next()) {
                Some(parameters) => self.push(core, id, &parameters),
                None => {
                    core.finish_many(id);
                    self.ended = true;
                    Ok(())
                }
            };
            // It is the outcome as well, once the server has undone the rest.
            self.ended |= pushed.is_err();
        }
        self.ended
    }
}

impl<P: Parameters, I> Runs<'_, P, I> {
    fn push(&self, core: &mut Connection, id: OperationId, parameters: &P) -> Result<(), Error> {
        match self.named {
            Some(named) => match Call::new(named, parameters) {
                Ok(call) => core.push(id, &call),
                Err(error) => {
                    let error = Error::from(error);
                    core.give_up_many(id, error.clone());
                    Err(error)
                }
            },
            None => core.push(id, parameters),
        }
    }
}
