use std::task::Waker;

use trunkline_core::OperationId;

/// Whoever waits for something of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Seat {
    /// For the operation at this place.
    Operation(u32),
    /// For notifications, by the number of the subscription.
    Subscription(u32),
    /// For what nobody waits for any more to end on the server.
    Reaper,
}

impl Seat {
    /// Of whoever waits for an operation.
    pub(crate) fn of(id: OperationId) -> Self {
        Self::Operation(id.index())
    }
}

/// Those who sleep until something happens to what they wait for, and which of them drives.
#[derive(Debug, Default)]
pub(crate) struct Seats {
    operations: Vec<Option<Waker>>,
    others: Vec<(Seat, Waker)>,
    /// Who polled the socket last, and so is woken by it; or was told to take over.
    driver: Option<Seat>,
}

impl Seats {
    /// Sleeps there until it is woken.
    pub(crate) fn sleep(&mut self, seat: Seat, waker: Waker) {
        match seat {
            Seat::Operation(place) => {
                let place = place as usize;
                if self.operations.len() <= place {
                    self.operations.resize_with(place + 1, || None);
                }
                if let Some(slot) = self.operations.get_mut(place) {
                    *slot = Some(waker);
                }
            }
            _ => {
                self.take(seat);
                self.others.push((seat, waker));
            }
        }
    }

    /// Who sleeps there does so no longer.
    pub(crate) fn take(&mut self, seat: Seat) -> Option<Waker> {
        match seat {
            Seat::Operation(place) => self.operations.get_mut(place as usize)?.take(),
            _ => {
                let at = self.others.iter().position(|(other, _)| *other == seat)?;
                Some(self.others.swap_remove(at).1)
            }
        }
    }

    /// Wakes who sleeps there; told whether anybody does.
    pub(crate) fn wake(&mut self, seat: Seat) -> bool {
        self.take(seat).map(Waker::wake).is_some()
    }

    /// From now on the socket wakes whoever has this seat.
    pub(crate) fn set_driver(&mut self, seat: Seat) {
        self.driver = Some(seat);
    }

    /// Wakes whoever is woken by the socket otherwise; told whether there is one, who may be awake already.
    pub(crate) fn wake_driver(&mut self) -> bool {
        if let Some(seat) = self.driver {
            self.wake(seat);
        }
        self.driver.is_some()
    }

    /// When the socket would wake whoever leaves, somebody else who sleeps takes over.
    pub(crate) fn leave(&mut self, seat: Seat) {
        self.take(seat);
        if self.driver != Some(seat) {
            return;
        }
        let mut places = (0..).zip(&self.operations);
        let operation = places.find(|(_, waker)| waker.is_some()).map(|(place, _)| Seat::Operation(place));
        // Told, it is the driver: should it be dropped before it can be, it leaves in its turn.
        self.driver = operation.or_else(|| self.others.first().map(|(seat, _)| *seat));
        self.wake_driver();
    }
}
