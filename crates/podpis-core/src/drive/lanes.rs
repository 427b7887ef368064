//! Decides which operation is next: boxes and accounts take turns, and so do hosts.
//!
//! **Invariant:** while several hosts, or several places of a host, have work, none of them takes all that may be in flight:
//! one that does not answer leaves room for the others. What is queued is bounded; what does not fit stays in the journal.

use std::collections::{HashMap, HashSet, VecDeque};

use podpis_operation::{OperationId, Origin, Summary};

use super::clients::Clients;

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

/// A box or account, or what belongs to none.
type Place = Option<String>;

/// The place that an operation in flight takes.
#[derive(Debug)]
pub(super) struct InLane {
    pub(super) id: OperationId,
    pub(super) origin: Origin,
}

/// Whether something was queued.
pub(super) enum Queued {
    Yes,
    /// It stays in the journal until there is room.
    NoRoom,
    /// It is queued or in flight already, or there is no client for it.
    NotOurs,
}

/// What is due, sorted by where it lives.
#[derive(Debug)]
pub(super) struct Lanes {
    slots: usize,
    in_flight: usize,
    queued: usize,
    /// In the order of their turns.
    hosts: VecDeque<Host>,
    /// What is queued or in flight.
    known: HashSet<OperationId>,
    /// Whether all that is due was seen once; there may be other hosts and places before.
    is_sure: bool,
}

#[derive(Debug)]
struct Host {
    /// Without a place.
    origin: Origin,
    in_flight: usize,
    places: HashMap<Place, Lane>,
    /// The places that have something queued, in the order of their turns.
    turns: VecDeque<Place>,
    /// Whether there was ever more than one place.
    has_several: bool,
}

#[derive(Debug, Default)]
struct Lane {
    queue: VecDeque<OperationId>,
    in_flight: usize,
}

impl Lanes {
    pub(super) fn new(slots: usize) -> Self {
        Self {
            slots,
            in_flight: 0,
            queued: 0,
            hosts: VecDeque::new(),
            known: HashSet::new(),
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
    pub(super) fn push_kept(&mut self, id: OperationId, origin: Origin) {
        self.push_if(id, origin, false);
    }

    /// Queues an operation, if there is room for it.
    pub(super) fn push(&mut self, id: OperationId, origin: Origin) -> bool {
        self.push_if(id, origin, true)
    }

    fn push_if(&mut self, id: OperationId, origin: Origin, needs_room: bool) -> bool {
        let (place, origin) = split(origin);
        let is_full = self.queued >= ALL_QUEUED;
        let host = match self.hosts.iter_mut().find(|host| host.origin == origin) {
            Some(host) => host,
            None => {
                self.hosts.push_back(Host {
                    origin,
                    in_flight: 0,
                    places: HashMap::new(),
                    turns: VecDeque::new(),
                    has_several: false,
                });
                let Some(host) = self.hosts.back_mut() else {
                    return false;
                };
                host
            }
        };
        let is_new = !host.places.contains_key(&place);
        if needs_room && is_new && host.places.len() >= PLACES {
            return false;
        }
        let lane = host.places.entry(place.clone()).or_default();
        let queued = lane.queue.len();
        if needs_room && (queued >= QUEUED || (queued > 0 && is_full)) {
            return false;
        }
        if queued == 0 {
            host.turns.push_back(place);
        }
        lane.queue.push_back(id.clone());
        host.has_several |= host.places.len() > 1;
        self.queued += 1;
        self.known.insert(id);
        true
    }

    /// The next operation, which is in flight from now on.
    pub(super) fn next(&mut self) -> Option<InLane> {
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
            if let Some((id, place)) = host.next(room, is_sure) {
                let mut origin = host.origin.clone();
                origin.place = place;
                self.queued -= 1;
                self.in_flight += 1;
                return Some(InLane { id, origin });
            }
        }
        None
    }

    /// An operation is not in flight any more.
    pub(super) fn leave(&mut self, left: InLane) {
        self.known.remove(&left.id);
        self.in_flight = self.in_flight.saturating_sub(1);
        let (place, origin) = split(left.origin);
        let Some(host) = self.hosts.iter_mut().find(|host| host.origin == origin) else {
            return;
        };
        host.in_flight = host.in_flight.saturating_sub(1);
        if let Some(lane) = host.places.get_mut(&place) {
            lane.in_flight = lane.in_flight.saturating_sub(1);
            if lane.in_flight == 0 && lane.queue.is_empty() {
                host.places.remove(&place);
            }
        }
    }

    /// Queues what is due, unless nobody gave a client for it.
    pub(super) fn queue<O: Send + 'static>(
        &mut self,
        due: Summary,
        clients: &Clients<O>,
    ) -> Queued {
        if self.known.contains(&due.id) || clients.of(&due.kind, &due.origin).is_none() {
            return Queued::NotOurs;
        }
        match self.push(due.id, due.origin) {
            true => Queued::Yes,
            false => Queued::NoRoom,
        }
    }
}

impl Host {
    /// The next operation of the place whose turn it is.
    fn next(&mut self, room: usize, is_sure: bool) -> Option<(OperationId, Place)> {
        for _ in 0..self.turns.len() {
            let place = self.turns.pop_front()?;
            let Some(lane) = self.places.get_mut(&place) else {
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
                self.turns.push_back(place.clone());
            }
            if let Some(id) = next {
                return Some((id, place));
            }
        }
        None
    }
}

fn split(mut origin: Origin) -> (Place, Origin) {
    (origin.place.take(), origin)
}
