//! Decides what a room of the world is: the state of one service, and what all rooms share.
//!
//! **Invariant:** a service changes its own state and what is shared, and never sees another service.

use std::collections::BTreeMap;

use crate::answer::{Handled, Needed as _};
use crate::faults::SignatureFault;
use crate::identity::{Identities, User};
use crate::ids::Ids;
use crate::journal::{Counters, Journal};
use crate::options::WorldOptions;
use crate::phone::{Line, Outbox, Person, Phone};
use crate::signer::{self, Authority, Identity, Making, Manner};

/// A service's own state beside what it shares with the others.
#[derive(Debug)]
pub(crate) struct Room<'w, State> {
    pub(crate) own: &'w mut State,
    pub(crate) shared: &'w mut Shared,
}

impl<State> Room<'_, State> {
    pub(crate) fn guid(&mut self) -> String {
        self.shared.ids.guid()
    }

    pub(crate) fn counters(&mut self) -> &mut Counters {
        &mut self.shared.journal.counters
    }
}

/// What every service needs.
#[derive(Clone, Debug)]
pub(crate) struct Shared {
    pub(crate) options: WorldOptions,
    pub(crate) manner: Manner,
    pub(crate) ids: Ids,
    /// The trace id of the request that is being handled.
    pub(crate) trace: String,
    pub(crate) authority: Authority,
    /// Signs what should not be its own.
    pub(crate) stranger: Identity,
    pub(crate) people: Vec<User>,
    pub(crate) identity: Identities,
    pub(crate) phone: Phone,
    pub(crate) journal: Journal,
    /// The certificates of people, with their owners, by thumbprint.
    certificates: BTreeMap<String, (usize, Identity)>,
}

impl Shared {
    pub(crate) fn new(
        options: WorldOptions,
        manner: Manner,
        authority: Authority,
        people: Vec<User>,
        stranger: Identity,
    ) -> Self {
        Self {
            ids: Ids::new(&options.seed),
            trace: String::new(),
            manner,
            authority,
            stranger,
            identity: Identities::new(&options.limits),
            phone: Phone {
                person: Person::default(),
                info: options.phone_settings,
                numbers: people.iter().map(|user| user.phone).collect(),
                outbox: Outbox::new(options.limits.phone_messages),
            },
            journal: Journal::new(options.limits.requests),
            certificates: BTreeMap::new(),
            people,
            options,
        }
    }

    pub(crate) fn register(&mut self, owner: usize, identity: &Identity) {
        let key = identity.thumbprint.clone();
        self.certificates.insert(key, (owner, identity.clone()));
    }

    /// The seeded certificate with this thumbprint in any case, and the user it belongs to.
    pub(crate) fn certificate(&self, thumbprint: &str) -> Option<&(usize, Identity)> {
        self.certificates.get(&thumbprint.to_ascii_uppercase())
    }

    /// The seeded certificate with these bytes.
    pub(crate) fn certificate_of(&self, der: &[u8]) -> Option<&(usize, Identity)> {
        self.certificate(&signer::thumbprint(der))
    }

    pub(crate) fn person(&self, user: usize) -> Handled<&User> {
        self.people.get(user).or_not_found("There is no such user.")
    }

    /// The name of a person.
    pub(crate) fn name(&self, user: usize) -> String {
        let name = self.people.get(user).map(|user| user.subject.common_name);
        name.unwrap_or_default().to_owned()
    }

    /// What operations ask with.
    pub(crate) fn line(&mut self) -> Line<'_> {
        Line {
            phone: &mut self.phone,
            counters: &mut self.journal.counters,
        }
    }

    /// Spoils one signature by what concerns one.
    pub(crate) fn spoil(
        &self,
        fault: SignatureFault,
        signature: &[u8],
        making: &Making<'_>,
    ) -> Handled<Vec<u8>> {
        let spoiled = signer::spoil(fault, signature, making, &self.stranger, &self.manner);
        Ok(spoiled?)
    }
}
