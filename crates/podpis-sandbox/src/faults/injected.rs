//! Decides which calls the injected faults hit.
//!
//! **Invariant:** calls are counted for each fault from the moment it is injected; nothing goes wrong that was not
//! asked for.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Fault;
use super::load::Window;
use crate::moment::Moment;

/// Names an injected fault.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FaultId(String);

impl FaultId {
    /// The id as text, as in `DELETE /_sandbox/faults/{id}`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for FaultId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[derive(Clone, Debug)]
struct Injected {
    id: FaultId,
    fault: Fault,
    seen: u64,
    /// When the first call came that it could hit.
    first: Option<Moment>,
    /// What a rate let through.
    window: Window,
}

/// The faults of a world.
#[derive(Clone, Debug, Default)]
pub(crate) struct Faults {
    injected: Vec<Injected>,
    made: u64,
}

impl Faults {
    pub(crate) fn inject(&mut self, fault: Fault) -> FaultId {
        self.made += 1;
        let id = FaultId(format!("fault-{}", self.made));
        self.injected.push(Injected {
            id: id.clone(),
            fault,
            seen: 0,
            first: None,
            window: Window::default(),
        });
        id
    }

    pub(crate) fn remove(&mut self, id: &str) -> bool {
        let before = self.injected.len();
        self.injected.retain(|known| known.id.0 != id);
        self.injected.len() != before
    }

    pub(crate) fn clear(&mut self) {
        self.injected.clear();
    }

    pub(crate) fn ids(&self) -> Vec<FaultId> {
        self.injected.iter().map(|known| known.id.clone()).collect()
    }

    /// Counts a call of `endpoint` for every fault that waits for one, and gives those that it hits.
    pub(crate) fn hit(&mut self, endpoint: &str, now: Moment) -> Vec<Fault> {
        let mut hits = Vec::new();
        for known in &mut self.injected {
            let fault = &known.fault;
            if fault.endpoint != "*" && !fault.endpoint.eq_ignore_ascii_case(endpoint) {
                continue;
            }
            known.seen += 1;
            let first = *known.first.get_or_insert(now);
            let is_over = |for_ms| first.until(now) >= Duration::from_millis(for_ms);
            let is_meant = (fault.call.is_none() && fault.calls.is_empty())
                || fault.call == Some(known.seen)
                || fault.calls.contains(&known.seen);
            let passes = |rate| known.window.admits(rate, now);
            if is_meant
                && !fault.for_ms.is_some_and(is_over)
                && fault.share.is_none_or(|share| share.hits(known.seen))
                && !fault.rate.is_some_and(passes)
            {
                hits.push(fault.clone());
            }
        }
        hits
    }
}
