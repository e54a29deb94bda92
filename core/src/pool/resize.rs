use super::{CloseCause, Pool, PoolConfig};
use crate::error::UsageError;
use crate::time::Instant;

/// Other sizes while it runs.
impl Pool {
    /// Changes how many connections there are to be. What is too much is closed: idle ones at once, and what is given out
    /// or being opened when it comes back. What is missing is opened, for those who wait first.
    ///
    /// `min_idle` stays as it is, and counts as far as there is room for it.
    ///
    /// # Errors
    ///
    /// As [`PoolConfig::validate`]; nothing is changed then.
    pub fn resize(&mut self, min_size: usize, max_size: usize, now: Instant) -> Result<(), UsageError> {
        let min_idle = self.config.min_idle.min(max_size);
        PoolConfig { min_size, max_size, min_idle, ..self.config.clone() }.validate()?;
        (self.config.min_size, self.config.max_size) = (min_size, max_size);
        while self.has_too_many()
            && let Some(connection) = self.idle.pop_front()
        {
            self.close_connection(connection, CloseCause::Surplus);
        }
        self.grow(now);
        // With fewer to be kept, more of them can be idle for too long.
        self.wake_at(self.next_timeout());
        Ok(())
    }

    /// Whether there are more connections than there may be, those that are being closed left aside.
    pub(super) fn has_too_many(&self) -> bool {
        self.slots.tally().staying() > self.config.max_size
    }
}

#[cfg(test)]
mod tests {
    use core::time::Duration;
    use std::string::ToString;

    use crate::pool::tests::{Bench, SECOND};
    use crate::pool::{Action, CloseCause};

    #[test]
    fn made_smaller_it_closes_what_is_idle_and_the_rest_when_it_comes_back() {
        let mut bench = Bench::new(|config| (config.min_size, config.max_size) = (4, 4));
        let opened = bench.open_all();
        let (one, other) = (bench.take().connection, bench.take().connection);
        bench.pool.resize(0, 1, bench.now).unwrap();
        let surplus = |id| Action::Close(id, CloseCause::Surplus);
        assert_eq!(bench.actions()[..], [surplus(opened[0]), surplus(opened[1])]);
        let waiter = bench.acquire();
        bench.release(one, 1);
        assert_eq!(bench.actions()[..], [surplus(one)], "one is still too many with the other there");
        for closed in [opened[0], opened[1], one] {
            bench.pool.closed(closed, bench.now);
        }
        assert_eq!(bench.actions()[..], []);
        bench.release(other, 1);
        let actions = bench.actions();
        assert!(
            matches!(actions[..], [Action::Give(to, grant)] if to == waiter && grant.connection == other)
        );
        assert_eq!((bench.pool.stats().size, bench.pool.stats().closed.because(CloseCause::Surplus)), (1, 3));
    }

    #[test]
    fn made_smaller_it_closes_what_was_being_opened_when_it_is_open() {
        let mut bench = Bench::new(|config| (config.min_size, config.max_size) = (3, 3));
        let actions = bench.actions();
        bench.pool.resize(1, 1, bench.now).unwrap();
        assert_eq!(bench.actions()[..], []);
        for action in actions {
            let Action::Open(id) = action else { panic!("{action:?}") };
            bench.pool.opened(id, bench.now);
        }
        let closed = bench.actions();
        assert!(matches!(
            closed[..],
            [Action::Close(_, CloseCause::Surplus), Action::Close(_, CloseCause::Surplus)]
        ));
        assert_eq!(bench.pool.stats().idle, 1);
    }

    #[test]
    fn made_larger_it_serves_those_who_wait_and_opens_what_it_is_to_keep() {
        let mut bench = Bench::new(|config| (config.min_size, config.max_size) = (1, 1));
        bench.open_all();
        bench.take();
        let (first, second) = (bench.acquire(), bench.acquire());
        assert_eq!(bench.actions()[..], []);
        bench.pool.resize(1, 2, bench.now).unwrap();
        let Action::Open(id) = bench.actions()[0] else { panic!() };
        bench.pool.opened(id, bench.now);
        let actions = bench.actions();
        assert!(matches!(actions[..], [Action::Give(to, _)] if to == first), "{actions:?} {second:?}");
        bench.pool.resize(4, 4, bench.now).unwrap();
        let actions = bench.actions();
        assert!(matches!(actions[..], [Action::Open(_), Action::Open(_)]), "{actions:?}");
    }

    #[test]
    fn kept_no_longer_connections_are_idle_for_too_long() {
        let mut bench = Bench::new(|config| {
            (config.min_size, config.max_inactive_lifetime) = (2, Some(10 * SECOND));
        });
        let opened = bench.open_all();
        assert_eq!(bench.pass(5 * SECOND)[..], []);
        bench.pool.resize(1, 10, bench.now).unwrap();
        assert_eq!(bench.pass(5 * SECOND)[..], [Action::Close(opened[0], CloseCause::Inactive)]);
        bench.pool.resize(0, 10, bench.now).unwrap();
        assert_eq!(bench.pass(Duration::ZERO)[..], [Action::Close(opened[1], CloseCause::Inactive)]);
    }

    #[test]
    fn sizes_that_cannot_be_change_nothing_and_say_what_to_do() {
        let mut bench = Bench::new(|config| (config.min_idle, config.max_size) = (3, 5));
        let wrong =
            |bench: &mut Bench, min, max| bench.pool.resize(min, max, bench.now).unwrap_err().to_string();
        assert_eq!(
            wrong(&mut bench, 3, 2),
            "the pool's min_size (3) is greater than its max_size (2): lower min_size or raise max_size"
        );
        assert!(wrong(&mut bench, 0, 0).contains("set it to 1 or more"));
        assert_eq!((bench.pool.config().min_size, bench.pool.config().max_size), (0, 5));
        // What is to be idle counts as far as there is room.
        bench.open_all();
        bench.pool.resize(0, 2, bench.now).unwrap();
        assert_eq!((bench.actions().len(), bench.pool.stats().idle), (1, 2));
        bench.pool.resize(0, 5, bench.now).unwrap();
        assert_eq!(bench.actions().len(), 1);
    }
}
