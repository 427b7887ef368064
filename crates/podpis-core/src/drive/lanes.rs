//! Decides which operation is next: boxes and accounts take turns, and so do hosts.
//!
//! **Invariant:** while several hosts, or several places of a host, have work, none of them takes all that may be in flight:
//! one that does not answer leaves room for the others. What is queued is bounded; what does not fit stays in the journal.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use podpis_operation::{Origin, Summary};

use super::places::Place;
use super::shared::Shared;

/// A host may have this many times what is free in flight, and no more.
const HOST_SHARE: usize = 3;

/// A place may have this many times what is left to its host, and no more.
const PLACE_SHARE: usize = 2;

/// The most that is queued of one place.
const QUEUED: usize = 256;

/// The most that is queued at all, beside one operation for each place.
const ALL_QUEUED: usize = 4_096;

/// The most places that are queued for.
const PLACES: usize = 4_096;

/// Whether something was queued.
pub(super) enum Queued {
    Yes,
    /// It stays in the journal until there is room.
    NoRoom,
    /// It has a place already, or there is no client for it.
    NotOurs,
}

/// What is due, sorted by where it lives.
pub(super) struct Lanes<O> {
    slots: usize,
    in_flight: usize,
    queued: usize,
    /// In the order of their turns.
    hosts: VecDeque<Host<O>>,
    /// Whether all that is due was seen once; there may be other hosts and places before.
    is_sure: bool,
}

struct Host<O> {
    /// Any of its places.
    origin: Arc<Origin>,
    in_flight: usize,
    /// By box or account.
    places: BTreeMap<Option<String>, Lane<O>>,
    /// The places that have something queued, in the order of their turns.
    turns: VecDeque<Arc<Origin>>,
    /// Whether there was ever more than one place.
    has_several: bool,
}

struct Lane<O> {
    origin: Arc<Origin>,
    queue: VecDeque<Arc<Place<O>>>,
    in_flight: usize,
}

impl<O> Lanes<O> {
    pub(super) fn new(slots: usize) -> Self {
        Self {
            slots,
            in_flight: 0,
            queued: 0,
            hosts: VecDeque::new(),
            is_sure: false,
        }
    }

    pub(super) fn in_flight(&self) -> usize {
        self.in_flight
    }

    pub(super) fn has_free(&self) -> bool {
        self.in_flight < self.slots
    }

    /// All that was due was seen.
    pub(super) fn be_sure(&mut self) {
        self.is_sure = true;
    }

    /// Queues an operation that is in memory already, so that nothing is saved by leaving it out.
    pub(super) fn push_kept(&mut self, place: Arc<Place<O>>) {
        self.push_if(place, false);
    }

    fn push_if(&mut self, queued: Arc<Place<O>>, needs_room: bool) -> bool {
        let is_full = self.queued >= ALL_QUEUED;
        let origin = &queued.origin;
        let at = self.hosts.iter().position(|host| host.has(origin));
        let at = at.unwrap_or_else(|| {
            self.hosts.push_back(Host::of(Arc::clone(origin)));
            self.hosts.len() - 1
        });
        let Some(host) = self.hosts.get_mut(at) else {
            return false;
        };
        let has_room = host.places.len() < PLACES || !needs_room;
        if !host.places.contains_key(&origin.place) {
            if !has_room {
                return false;
            }
            let lane = Lane::of(Arc::clone(origin));
            host.places.insert(origin.place.clone(), lane);
        }
        let Some(lane) = host.places.get_mut(&origin.place) else {
            return false;
        };
        let length = lane.queue.len();
        if needs_room && (length >= QUEUED || (length > 0 && is_full)) {
            return false;
        }
        if length == 0 {
            host.turns.push_back(Arc::clone(&lane.origin));
        }
        lane.queue.push_back(queued);
        host.has_several |= host.places.len() > 1;
        self.queued += 1;
        true
    }

    /// The next operation, which is in flight from now on.
    pub(super) fn next(&mut self) -> Option<Arc<Place<O>>> {
        let free = self
            .slots
            .checked_sub(self.in_flight)
            .filter(|free| *free > 0)?;
        let is_sure = self.is_sure;
        let several = !is_sure || self.hosts.len() > 1;
        for _ in 0..self.hosts.len() {
            self.hosts.rotate_left(1);
            let Some(host) = self.hosts.back_mut() else {
                break;
            };
            let room = match several {
                true => (HOST_SHARE * free).checked_sub(host.in_flight),
                false => Some(free),
            };
            let Some(room) = room else { continue };
            if let Some(next) = host.next(room, is_sure) {
                self.queued -= 1;
                self.in_flight += 1;
                return Some(next);
            }
        }
        None
    }

    /// An operation is not in flight any more.
    pub(super) fn leave(&mut self, left: &Place<O>) {
        self.in_flight = self.in_flight.saturating_sub(1);
        let mut hosts = self.hosts.iter_mut();
        let Some(host) = hosts.find(|host| host.has(&left.origin)) else {
            return;
        };
        host.in_flight = host.in_flight.saturating_sub(1);
        if let Some(lane) = host.places.get_mut(&left.origin.place) {
            lane.in_flight = lane.in_flight.saturating_sub(1);
            if lane.in_flight == 0 && lane.queue.is_empty() {
                host.places.remove(&left.origin.place);
            }
        }
    }

    /// The same, as others from there have it.
    fn shared(&self, origin: Origin) -> Arc<Origin> {
        let host = self.hosts.iter().find(|host| host.has(&origin));
        let lane = host.and_then(|host| host.places.get(&origin.place));
        lane.map_or_else(|| Arc::new(origin), |lane| Arc::clone(&lane.origin))
    }

    /// Queues what is due, unless nobody gave a client for it.
    pub(super) fn queue(&mut self, due: Summary, shared: &Shared<O>) -> Queued
    where
        O: Send + 'static,
    {
        let Shared {
            places, clients, ..
        } = shared;
        if places.has(&due.id) || clients.of(&due.kind, &due.origin).is_none() {
            return Queued::NotOurs;
        }
        let place = Arc::new(Place::new(due.id, self.shared(due.origin)));
        if !self.push_if(Arc::clone(&place), true) {
            return Queued::NoRoom;
        }
        places.add(place);
        Queued::Yes
    }
}

impl<O> Lane<O> {
    fn of(origin: Arc<Origin>) -> Self {
        Self {
            origin,
            queue: VecDeque::new(),
            in_flight: 0,
        }
    }
}

impl<O> Host<O> {
    fn of(origin: Arc<Origin>) -> Self {
        Self {
            origin,
            in_flight: 0,
            places: BTreeMap::new(),
            turns: VecDeque::new(),
            has_several: false,
        }
    }

    fn has(&self, origin: &Origin) -> bool {
        self.origin.service == origin.service && self.origin.host == origin.host
    }

    /// The next operation of the place whose turn it is.
    fn next(&mut self, room: usize, is_sure: bool) -> Option<Arc<Place<O>>> {
        for _ in 0..self.turns.len() {
            let origin = self.turns.pop_front()?;
            let Some(lane) = self.places.get_mut(&origin.place) else {
                continue;
            };
            let is_alone = is_sure && !self.has_several;
            let has_share = is_alone || lane.in_flight <= PLACE_SHARE * room;
            let next = if has_share {
                lane.queue.pop_front()
            } else {
                None
            };
            if next.is_some() {
                lane.in_flight += 1;
                self.in_flight += 1;
            }
            if !lane.queue.is_empty() {
                self.turns.push_back(origin);
            }
            if next.is_some() {
                return next;
            }
        }
        None
    }
}
