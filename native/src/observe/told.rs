use std::ops::{Deref, DerefMut};
use std::sync::MutexGuard;

use trunkline_core::{Error, ServerError};

use super::Hooks;
use crate::driver::State;

/// Something that happened to a connection and that nobody waits for.
#[derive(Debug)]
pub(crate) enum Told {
    Notice(Box<ServerError>),
    Closed(Error),
}

/// A connection's state, locked. What happened meanwhile is told when it is unlocked, so that a hook may use the
/// connection.
pub(crate) struct Guard<'a> {
    // Before the telling: fields are dropped in their order.
    state: MutexGuard<'a, State>,
    telling: Telling<'a>,
}

struct Telling<'a> {
    hooks: &'a Hooks,
    told: Option<Vec<Told>>,
}

impl<'a> Guard<'a> {
    pub(crate) fn new(state: MutexGuard<'a, State>, hooks: &'a Hooks) -> Self {
        Self { state, telling: Telling { hooks, told: None } }
    }
}

impl Deref for Guard<'_> {
    type Target = State;

    fn deref(&self) -> &State {
        &self.state
    }
}

impl DerefMut for Guard<'_> {
    fn deref_mut(&mut self) -> &mut State {
        &mut self.state
    }
}

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        if !self.state.told.is_empty() {
            self.telling.told = Some(std::mem::take(&mut self.state.told));
        }
    }
}

impl Drop for Telling<'_> {
    fn drop(&mut self) {
        if let Some(told) = self.told.take() {
            tell(self.hooks, &told);
        }
    }
}

#[cold]
fn tell(hooks: &Hooks, told: &[Told]) {
    for told in told {
        match told {
            Told::Notice(notice) => {
                #[cfg(feature = "tracing")]
                super::span::notice(notice);
                hooks.on_notice.iter().for_each(|hook| hook(notice));
            }
            Told::Closed(error) => {
                #[cfg(feature = "tracing")]
                super::span::closed(error);
                hooks.on_close.iter().for_each(|hook| hook(error));
            }
        }
    }
}
