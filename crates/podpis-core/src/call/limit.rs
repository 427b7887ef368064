//! Decides how many requests are on their way at once, and which of those that wait is next.
//!
//! **Invariant:** a permit is held for one exchange only: never while a token is fetched, a pause lasts or a
//! person is asked. Requests of one class never keep those of another waiting: while there are enough permits one is
//! kept for starts and one for polls, and where all are in use a code may be one more. Where half of the answers are "too
//! many requests" there are half as many, and they come back one by one.
//!
//! Why half, and not a single one: a service that counts requests refuses whatever is too much, so that most of what is
//! sent too fast comes back; one that refuses now and then, however little it is asked, is asked no better by fewer
//! requests at once, which then only take longer. When the service names a moment, nothing of the class is sent until then
//! all the same.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::oneshot;

use super::bounds::PermitClass;

/// With fewer permits than this none is kept for a class.
const ENOUGH: usize = 3;

/// How many answers are judged together: half of them refused halve the permits, fewer bring one back.
const JUDGED: u32 = 10;

const CLASSES: usize = PermitClass::ALL.len();

/// At most so many requests in flight. Clones share them.
#[derive(Clone, Debug)]
pub struct Limit(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    ceiling: usize,
    current: usize,
    /// Answers since the last judgement, and how many of them were "too many requests".
    answers: u32,
    refused: u32,
    in_use: [usize; CLASSES],
    waiting: [VecDeque<oneshot::Sender<Permit>>; CLASSES],
    /// Which class is looked at first when a permit is free.
    turn: usize,
    /// Until when on the monotonic clock the service wants no requests of the class.
    held_until: [Duration; CLASSES],
}

/// The right to one exchange; dropping it gives it back.
#[derive(Debug)]
pub(super) struct Permit {
    limit: Option<Limit>,
    class: PermitClass,
}

impl Limit {
    /// At most `in_flight` requests at once; at least one.
    #[must_use]
    pub fn new(in_flight: usize) -> Self {
        let ceiling = in_flight.max(1);
        Self(Arc::new(Mutex::new(State {
            ceiling,
            current: ceiling,
            answers: 0,
            refused: 0,
            in_use: [0; CLASSES],
            waiting: Default::default(),
            turn: 0,
            held_until: [Duration::ZERO; CLASSES],
        })))
    }

    /// How many requests may be in flight now.
    #[must_use]
    pub fn current(&self) -> usize {
        self.state().current
    }

    /// A permit of this class, when it is its turn.
    pub(super) async fn permit(&self, class: PermitClass) -> Permit {
        let receiver = {
            let mut state = self.state();
            if state.waiting[class.index()].is_empty() && state.may_enter(class) {
                state.in_use[class.index()] += 1;
                return self.of(class);
            }
            let (sender, receiver) = oneshot::channel();
            state.waiting[class.index()].push_back(sender);
            receiver
        };
        // The sender is dropped only with the limit, which this call holds.
        receiver.await.unwrap_or(Permit { limit: None, class })
    }

    /// A permit of this class, if one is free.
    pub(super) fn try_permit(&self, class: PermitClass) -> Option<Permit> {
        let mut state = self.state();
        let is_free = state.waiting[class.index()].is_empty() && state.may_enter(class);
        is_free.then(|| {
            state.in_use[class.index()] += 1;
            self.of(class)
        })
    }

    /// How long the service wants no requests of this class.
    pub(super) fn held_for(&self, class: PermitClass, now: Duration) -> Duration {
        self.state().held_until[class.index()].saturating_sub(now)
    }

    /// The service asks for fewer requests, and for none of this class until then, if it says when.
    pub(super) fn slow_down(&self, class: PermitClass, until: Option<Duration>) {
        let mut state = self.state();
        state.answers += 1;
        state.refused += 1;
        if state.refused * 2 >= JUDGED {
            state.current = (state.current / 2).max(1);
            (state.answers, state.refused) = (0, 0);
        }
        if let Some(until) = until {
            let held = &mut state.held_until[class.index()];
            *held = (*held).max(until);
        }
    }

    /// An answer came, and it was not "too many requests".
    pub(super) fn calm(&self) {
        let permits = {
            let mut state = self.state();
            state.answers += 1;
            if state.answers < JUDGED {
                return;
            }
            (state.answers, state.refused) = (0, 0);
            if state.current >= state.ceiling {
                return;
            }
            state.current += 1;
            state.admit(self)
        };
        send(permits);
    }

    fn of(&self, class: PermitClass) -> Permit {
        Permit {
            limit: Some(self.clone()),
            class,
        }
    }

    fn give_back(&self, class: PermitClass) {
        let permits = {
            let mut state = self.state();
            state.in_use[class.index()] = state.in_use[class.index()].saturating_sub(1);
            state.admit(self)
        };
        send(permits);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Outside of the lock: a permit that nobody waits for any more comes back at once.
fn send(permits: Vec<(oneshot::Sender<Permit>, Permit)>) {
    for (waiter, permit) in permits {
        // Dropped with the answer when the waiter is gone, which gives it back.
        drop(waiter.send(permit));
    }
}

impl State {
    /// Is a permit free for this class, beyond those that are kept for others?
    fn may_enter(&self, class: PermitClass) -> bool {
        let free = self
            .current
            .saturating_sub(self.in_use.iter().sum::<usize>());
        let in_use = |class: PermitClass| self.in_use[class.index()];
        // A person waits, and a code is soon over: one goes even where every permit is in use.
        if class == PermitClass::Code && in_use(class) == 0 {
            return true;
        }
        let keeps = |other: &&PermitClass| **other != class && in_use(**other) == 0;
        let kept = match self.current {
            0..ENOUGH => 0,
            _ => [PermitClass::Start, PermitClass::Poll]
                .iter()
                .filter(keeps)
                .count(),
        };
        free > kept
    }

    /// Permits for those whose turn it is, class by class.
    fn admit(&mut self, limit: &Limit) -> Vec<(oneshot::Sender<Permit>, Permit)> {
        let mut admitted = Vec::new();
        let mut passed = 0;
        while passed < CLASSES {
            let class = PermitClass::ALL[self.turn % CLASSES];
            self.turn = (self.turn + 1) % CLASSES;
            let waiting = &mut self.waiting[class.index()];
            while waiting.front().is_some_and(oneshot::Sender::is_closed) {
                waiting.pop_front();
            }
            if waiting.is_empty() || !self.may_enter(class) {
                passed += 1;
                continue;
            }
            if let Some(waiter) = self.waiting[class.index()].pop_front() {
                self.in_use[class.index()] += 1;
                admitted.push((waiter, limit.of(class)));
            }
            passed = 0;
        }
        admitted
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        if let Some(limit) = self.limit.take() {
            limit.give_back(self.class);
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    fn take(limit: &Limit, class: PermitClass, count: usize) -> Vec<Permit> {
        (0..count).map_while(|_| limit.try_permit(class)).collect()
    }

    /// What the permits are after each ten answers, of which so many were refused.
    fn after_answers(limit: &Limit, refused: u32) -> usize {
        for answer in 0..JUDGED {
            if answer < refused {
                limit.slow_down(PermitClass::Poll, None);
            } else {
                limit.calm();
            }
        }
        limit.current()
    }

    #[test]
    fn being_refused_halves_and_calm_brings_back_one_by_one() {
        let limit = Limit::new(10);
        let permits = [5, 5, 5, 5, 0, 0, 4, 3].map(|refused| after_answers(&limit, refused));
        assert_eq!(permits, [5, 2, 1, 1, 2, 3, 4, 5]);
        // All refused: twice in ten answers.
        assert_eq!(after_answers(&limit, 10), 1);
    }

    #[test]
    fn a_service_that_refuses_now_and_then_keeps_its_permits() {
        let limit = Limit::new(10);
        for _ in 0..100 {
            assert_eq!(after_answers(&limit, 3), 10);
        }
    }

    #[test]
    fn hanging_polls_keep_neither_starts_nor_codes_waiting() {
        let limit = Limit::new(10);
        let polls = take(&limit, PermitClass::Poll, 20);
        assert_eq!(polls.len(), 9);
        let starts = take(&limit, PermitClass::Start, 20);
        let codes = take(&limit, PermitClass::Code, 20);
        assert_eq!((starts.len(), codes.len()), (1, 1));
        drop((polls, starts, codes));
        // What belongs to no operation leaves one for each of them.
        assert_eq!(take(&limit, PermitClass::Other, 20).len(), 8);
    }

    #[test]
    fn few_permits_are_shared_by_all() {
        let limit = Limit::new(2);
        let polls = take(&limit, PermitClass::Poll, 3);
        assert_eq!(polls.len(), 2);
        assert!(limit.try_permit(PermitClass::Start).is_none());
    }

    #[tokio::test]
    async fn who_waits_gets_what_is_given_back_and_who_left_gets_nothing() {
        let limit = Limit::new(1);
        let held = limit.permit(PermitClass::Poll).await;
        let left = limit.permit(PermitClass::Poll);
        let waits = limit.permit(PermitClass::Start);
        let mut left = Box::pin(left);
        let mut waits = Box::pin(waits);
        assert!(left.as_mut().now_or_never().is_none());
        assert!(waits.as_mut().now_or_never().is_none());
        drop(left);
        drop(held);
        let permit = waits.await;
        assert!(limit.try_permit(PermitClass::Poll).is_none());
        drop(permit);
        assert!(limit.try_permit(PermitClass::Poll).is_some());
    }

    #[test]
    fn a_class_is_held_until_the_moment_that_the_service_names() {
        let limit = Limit::new(10);
        let second = Duration::from_secs(1);
        limit.slow_down(PermitClass::Start, Some(9 * second));
        limit.slow_down(PermitClass::Start, Some(3 * second));
        assert_eq!(limit.held_for(PermitClass::Start, 2 * second), 7 * second);
        assert_eq!(
            limit.held_for(PermitClass::Code, 2 * second),
            Duration::ZERO
        );
    }
}
