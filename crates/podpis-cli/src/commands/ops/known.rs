//! The services of operations, by their addresses.
//!
//! **Invariant:** however many operations live at an address, it costs one login, and one silence where nobody answers.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::time::Duration;

use podpis::core::wait::{SystemTimer, Time as _};

use crate::address::{Address, Elsewhere};
use crate::connection::{Connection, Service};
use crate::failure::Failure;
use crate::phone_link;
use crate::ready::{Manner, Ready};

/// Who was not reached is left alone for so long: a service that never answers takes seconds each time.
const LEFT_ALONE: Duration = Duration::from_secs(60);

/// The services of one kind.
pub(super) struct Known<'a, S: Service> {
    reached: HashMap<Address, Ready<'a, S>>,
    unreached: HashMap<Address, Unreached>,
}

/// That a service was not reached.
struct Unreached {
    /// When that was found, by the monotonic clock.
    at: Duration,
    why: Result<Elsewhere, Failure>,
}

impl<'a, S: Service> Known<'a, S> {
    /// The service at an address, or why it is not reached.
    pub(super) async fn reach(
        &mut self,
        address: &Address,
        manner: Manner<'a>,
    ) -> Result<Result<&Ready<'a, S>, Elsewhere>, Failure> {
        let time = SystemTimer::new();
        let unreached = self.unreached.get(address);
        if let Some(known) = unreached.filter(|it| time.elapsed() < it.at + LEFT_ALONE) {
            return known.why.clone().map(Err);
        }
        let unknown = match self.reached.entry(address.clone()) {
            Entry::Occupied(known) => return Ok(Ok(known.into_mut())),
            Entry::Vacant(unknown) => unknown,
        };
        let output = manner.output;
        let why = match Connection::to(address, manner.yes, output).await {
            Ok(Ok(connection)) => {
                let ready = unknown.insert(Ready::at(connection, manner));
                if let Some(sandbox) = ready.phone() {
                    phone_link::tell(&sandbox, output);
                }
                return Ok(Ok(ready));
            }
            Ok(Err(elsewhere)) => Ok(elsewhere),
            Err(failure) => Err(failure),
        };
        let found = Unreached {
            at: time.elapsed(),
            why: why.clone(),
        };
        self.unreached.insert(address.clone(), found);
        why.map(Err)
    }

    /// All that were reached.
    pub(super) fn all(&self) -> impl ExactSizeIterator<Item = &Ready<'a, S>> {
        self.reached.values()
    }
}

impl<S: Service> Default for Known<'_, S> {
    fn default() -> Self {
        Self {
            reached: HashMap::new(),
            unreached: HashMap::new(),
        }
    }
}
