//! How much of files is in memory at the same time, however many threads read them.
//!
//! **Invariant:** never more than the room has, and whoever waits for some holds none.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Room for the text of files.
#[derive(Debug)]
pub(super) struct Room {
    size: u64,
    taken: Mutex<Taken>,
    freed: Condvar,
}

#[derive(Debug, Default)]
struct Taken {
    now: u64,
    /// How many wait for room.
    waiting: usize,
    #[cfg(test)]
    most: u64,
}

/// A part of the room, until it is dropped.
#[derive(Debug)]
pub(super) struct Place<'r> {
    room: &'r Room,
    size: u64,
}

impl Room {
    pub(super) fn of(size: u64) -> Self {
        Self {
            size,
            taken: Mutex::default(),
            freed: Condvar::new(),
        }
    }

    /// Waits until there is room. What is larger than all of it has it alone.
    pub(super) fn take(&self, size: u64) -> Place<'_> {
        let size = size.min(self.size);
        let is_full = |taken: &mut Taken| taken.now + size > self.size;
        let mut taken = self.taken();
        taken.waiting += 1;
        let waiting = self.freed.wait_while(taken, is_full);
        let mut taken = waiting.unwrap_or_else(PoisonError::into_inner);
        taken.waiting -= 1;
        taken.now += size;
        #[cfg(test)]
        {
            taken.most = taken.most.max(taken.now);
        }
        Place { room: self, size }
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        // A number is never left half changed.
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The most that was taken at a time.
    #[cfg(test)]
    pub(super) fn most(&self) -> u64 {
        self.taken().most
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut taken = self.room.taken();
        taken.now -= self.size;
        // To wake nobody is a system call as well.
        if taken.waiting > 0 {
            self.room.freed.notify_all();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;
    use std::thread::{scope, yield_now};

    use super::*;

    #[test]
    fn so_many_read_side_by_side_as_there_is_room_for() {
        let room = Room::of(100);
        let together = Barrier::new(2);
        scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    // Both have their place, or this would never end.
                    let _place = room.take(50);
                    together.wait();
                });
            }
        });
        assert_eq!(room.most(), 100);
        scope(|scope| {
            for size in [70, 60, 31, 500, 1, 99] {
                let room = &room;
                scope.spawn(move || {
                    for _ in 0..50 {
                        let _place = room.take(size);
                        yield_now();
                    }
                });
            }
        });
        assert_eq!((room.most(), room.taken().now), (100, 0));
    }
}
