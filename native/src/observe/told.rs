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
    told: Vec<Told>,
}

impl<'a> Guard<'a> {
    pub(crate) fn new(state: MutexGuard<'a, State>, hooks: &'a Hooks) -> Self {
        Self { state, telling: Telling { hooks, told: Vec::new() } }
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
        self.telling.told = std::mem::take(&mut self.state.told);
    }
}

impl Drop for Telling<'_> {
    fn drop(&mut self) {
        for told in self.told.drain(..) {
            match told {
                Told::Notice(notice) => {
                    #[cfg(feature = "tracing")]
                    super::span::notice(&notice);
                    self.hooks.on_notice.iter().for_each(|hook| hook(&notice));
                }
                Told::Closed(error) => {
                    #[cfg(feature = "tracing")]
                    super::span::closed(&error);
                    self.hooks.on_close.iter().for_each(|hook| hook(&error));
                }
            }
        }
    }
}
