//! By hand: a table of operations, and a queue of the moments at which they are due.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use podpis::core::wait::Time as _;
use podpis_bench::Error;

use crate::clock::Clock;
use crate::counted::Counted;
use crate::one_by_hand::{ByHand as Client, Operation};
use crate::way::Way as _;
use crate::{IN_FLIGHT, Many, STEP};

/// The pauses between polls: from the first, by half more each time, to the longest.
const PAUSES: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(15));

/// By hand.
pub(crate) struct ByHand {
    client: Client,
    clock: Clock,
    open: HashMap<u64, Open>,
    due: BTreeSet<(Duration, u64)>,
}

struct Open {
    operation: Operation,
    pause: Duration,
}

impl Many for ByHand {
    async fn new() -> Result<Self, Error> {
        Ok(Self {
            client: Client::over(Counted::at_work()),
            clock: Clock::default(),
            open: HashMap::new(),
            due: BTreeSet::new(),
        })
    }

    async fn start(&mut self, document: Vec<u8>) -> Result<(), Error> {
        let operation = self.client.start(document).await?;
        let (id, pause) = (operation.id(), PAUSES.0);
        self.open.insert(id, Open { operation, pause });
        self.due.insert((self.clock.elapsed() + pause, id));
        Ok(())
    }

    async fn drive(&mut self) -> Result<(), Error> {
        Ok(())
    }

    async fn pass(&mut self, polls: usize) -> Result<(), Error> {
        let mut made = 0;
        while made < polls {
            let taken = self.due();
            if taken.is_empty() {
                self.clock.advance(STEP);
            }
            made += taken.len();
            for id in taken {
                let Some(open) = self.open.get_mut(&id) else {
                    continue;
                };
                self.client.poll(&mut open.operation).await?;
                open.pause = (open.pause * 3 / 2).min(PAUSES.1);
                let asked = open.operation.pause().unwrap_or_default();
                let next = self.clock.elapsed() + open.pause.max(asked);
                self.due.insert((next, id));
            }
        }
        Ok(())
    }
}

impl ByHand {
    /// Takes those that are due, as many as are in flight at once.
    fn due(&mut self) -> Vec<u64> {
        let now = self.clock.elapsed();
        let mut taken = Vec::with_capacity(IN_FLIGHT);
        while taken.len() < IN_FLIGHT
            && let Some((due, id)) = self.due.pop_first()
        {
            if due > now {
                self.due.insert((due, id));
                break;
            }
            taken.push(id);
        }
        taken
    }
}
