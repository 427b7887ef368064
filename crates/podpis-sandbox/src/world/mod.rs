//! Decides what a world is: the whole state of both services, the phone and the clock.
//!
//! **Invariant:** a world does no I/O, reads no clock and throws no dice. The same requests at the same times
//! give the same bytes, and no request makes it panic.

mod exchange;

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use podpis_transport::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};

pub(crate) use exchange::is_service_path;
pub use exchange::{Exchange, Outcome};

use crate::diadoc::{self, Diadoc, DiadocInfo};
use crate::extern_api::{self, Extern, ExternInfo, OperationEnd};
use crate::faults::{Fault, FaultId, Faults};
use crate::identity;
use crate::ids::Ids;
use crate::journal::Journal;
use crate::milliseconds;
use crate::moment::Moment;
use crate::options::WorldOptions;
use crate::phone::{
    Act, End, Known, Line, MessageState, PersonError, PhoneInfo, PhoneMessage, PhoneMode, Told,
    Waiting,
};
use crate::room::{Room, Shared};
use crate::scenario::Scenario;
use crate::signer::{Authority, Manner};

/// Everything a client needs to use a world: the JSON of `/_sandbox/world`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct WorldInfo {
    /// The Diadoc half.
    pub diadoc: DiadocInfo,
    /// The Extern half.
    #[serde(rename = "extern")]
    pub extern_: ExternInfo,
    /// The virtual phone.
    pub phone: PhoneInfo,
}

/// Both services as one pure state machine: a request and a time go in, an answer comes out.
///
/// [`Sandbox`](crate::Sandbox) wraps it with a lock and a clock; use a world directly when a test wants to
/// decide the time of every single request.
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use podpis_sandbox::{World, WorldOptions};
/// # fn main() -> Result<(), http::Error> {
/// let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
/// let mut world = World::new(WorldOptions::default(), now);
/// let request = http::Request::get("/_sandbox/health").body(bytes::Bytes::new())?;
/// assert_eq!(world.handle(&request, now).status(), 200);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct World {
    pub(crate) shared: Shared,
    pub(crate) diadoc: Diadoc,
    external: Extern,
    external_info: ExternInfo,
    pub(crate) faults: Faults,
    pub(crate) scenario: Scenario,
    traces: Ids,
    pub(crate) clock_offset: Duration,
}

impl World {
    /// A world in its seeded state. Certificates are valid from a month before `now` to eleven months after.
    #[must_use]
    pub fn new(options: WorldOptions, now: SystemTime) -> Self {
        Self::seeded(options, Moment::of(now))
    }

    fn seeded(options: WorldOptions, now: Moment) -> Self {
        let mut authority = Authority::new(&options, now);
        let users = identity::users(&mut authority);
        let stranger = identity::stranger(&mut authority);
        let manner = Manner::of(&options, &authority);
        let (external, external_info) =
            extern_api::seeded(&mut authority, &users, (&options, &manner), now);
        let diadoc = diadoc::seeded(&mut authority, &users, (&options, &manner), now);
        let traces = Ids::new(&format!("{} traces", options.seed));
        let mut shared = Shared::new(options, manner, authority, users, stranger);
        let certificates = external.identities().chain(diadoc.identities());
        for (owner, identity) in certificates {
            shared.register(owner, identity);
        }
        Self {
            shared,
            diadoc,
            external,
            external_info,
            faults: Faults::default(),
            scenario: Scenario::default(),
            traces,
            clock_offset: Duration::ZERO,
        }
    }

    pub(crate) fn diadoc(&mut self) -> Room<'_, Diadoc> {
        Room {
            own: &mut self.diadoc,
            shared: &mut self.shared,
        }
    }

    fn external(&mut self) -> Room<'_, Extern> {
        Room {
            own: &mut self.external,
            shared: &mut self.shared,
        }
    }

    /// Handles one request and gives the answer.
    ///
    /// A fault that leaves the client without a complete answer cannot be shown here; it is answered with 502
    /// and a text that says so. Skins call [`exchange`](Self::exchange), which tells the difference.
    #[must_use]
    pub fn handle(&mut self, request: &HttpRequest, now: SystemTime) -> HttpResponse {
        match self.exchange(request, now).outcome {
            Outcome::Answer(response) => response,
            Outcome::Trickling { response, .. } => response,
            Outcome::Truncated { .. }
            | Outcome::Dropped { .. }
            | Outcome::Hanging { .. }
            | Outcome::Refused => {
                let mut response =
                    HttpResponse::new(Bytes::from_static(b"A fault broke this exchange."));
                *response.status_mut() = http::StatusCode::BAD_GATEWAY;
                response
            }
        }
    }

    pub(crate) fn inject(&mut self, fault: Fault) -> FaultId {
        let endpoint = extern_api::journal_name(&fault.endpoint).to_owned();
        self.faults.inject(fault.renamed(endpoint))
    }

    pub(crate) fn play(&mut self, scenario: Scenario) {
        self.scenario = scenario;
        let (phone, usual) = (&mut self.shared.phone, self.shared.options.phone_settings);
        phone.info = scenario.phone(usual);
        phone.person = scenario.person();
        self.faults.clear();
        if let Some(fault) = scenario.fault() {
            self.faults.inject(fault);
        }
    }

    pub(crate) fn end_at(
        &mut self,
        operation: &str,
        end: OperationEnd,
        now: Moment,
    ) -> Result<(), PersonError> {
        let end = match end {
            OperationEnd::Crashed => End::Crashed,
            OperationEnd::TooManyAttempts => End::TooManyAttempts,
        };
        self.act(operation, Act::End(end), now)
    }

    /// A service ends its own operations only where it says how far they are: not a CloudSign, and not a login.
    fn act(&mut self, operation: &str, act: Act, now: Moment) -> Result<(), PersonError> {
        let ends = matches!(act, Act::End(end) if end != End::Declined);
        let shared = &mut self.shared;
        let (identity, phone) = (&mut shared.identity, &mut shared.phone);
        let all: [(&mut dyn Waiting, bool); 4] = [
            (&mut self.diadoc.cloud, false),
            (&mut self.diadoc.dss, true),
            (&mut self.external.operations, true),
            (&mut identity.devices, false),
        ];
        for (service, can_end) in all {
            let line = Line {
                phone: &mut *phone,
                counters: &mut shared.journal.counters,
            };
            if ends && !can_end {
                continue;
            }
            match service.act(operation, act, now, line) {
                Err(PersonError::UnknownOperation) => {}
                acted => return acted,
            }
        }
        Err(PersonError::UnknownOperation)
    }

    /// Sets the phone, and has what waits already follow it: pushes are answered, and what a silent phone has kept back
    /// arrives, when it still waits.
    pub(crate) fn set_phone(&mut self, phone: PhoneInfo, now: Moment) {
        self.shared.phone.info = phone;
        let all: [&mut dyn Waiting; 4] = [
            &mut self.diadoc.cloud,
            &mut self.diadoc.dss,
            &mut self.external.operations,
            &mut self.shared.identity.devices,
        ];
        for service in all {
            service.obey(phone, now);
        }
        if phone.mode != PhoneMode::Silent {
            let held_back = self.shared.phone.outbox.held_back();
            let waits = |id: &&str| {
                let known = self.known(id);
                known.is_some_and(|known| known.state == MessageState::Waiting)
            };
            let waiting: Vec<String> = held_back.filter(waits).map(str::to_owned).collect();
            let outbox = &mut self.shared.phone.outbox;
            outbox.deliver(&waiting, phone.arrival(now));
        }
        self.settle(now);
    }

    /// What is known of an operation of whatever service.
    fn known(&self, operation: &str) -> Option<Known> {
        let all: [&dyn Waiting; 4] = [
            &self.diadoc.cloud,
            &self.diadoc.dss,
            &self.external.operations,
            &self.shared.identity.devices,
        ];
        all.iter().find_map(|service| service.known(operation))
    }

    pub(crate) fn confirm_at(&mut self, operation: &str, now: Moment) -> Result<(), PersonError> {
        self.act(operation, Act::Confirm, now)
    }

    pub(crate) fn decline_at(&mut self, operation: &str, now: Moment) -> Result<(), PersonError> {
        self.act(operation, Act::End(End::Declined), now)
    }

    pub(crate) fn revoke_tokens(&mut self) {
        self.shared.identity.revoke();
    }

    /// Has the authority that issued a certificate of a person put it into its list.
    pub(crate) fn revoke(&mut self, thumbprint: &str, now: Moment) -> bool {
        let known = self.shared.certificate(thumbprint).cloned();
        known.is_some_and(|(_, identity)| self.shared.authority.revoke(&identity, now))
    }

    /// Puts the clock forward: from now on every time that comes in counts as so much later.
    pub(crate) fn advance(&mut self, time: Duration) {
        self.clock_offset = self.clock_offset.saturating_add(time);
    }

    /// Back to the seeded state, as of this moment without the advances.
    pub(crate) fn reset_at(&mut self, now: Moment) {
        let limit = self.shared.options.limits.requests;
        let mut journal = std::mem::replace(&mut self.shared.journal, Journal::new(limit));
        journal.reset();
        *self = Self::seeded(self.shared.options.clone(), now);
        self.shared.journal = journal;
    }

    pub(crate) fn describe(&self, now: Moment) -> WorldInfo {
        let shared = &self.shared;
        WorldInfo {
            diadoc: diadoc::describe(&self.diadoc, &shared.people, now),
            extern_: extern_api::describe(&self.external, &self.external_info, &shared.people, now),
            phone: shared.phone.info,
        }
    }

    pub(crate) fn moment(&self, now: SystemTime) -> Moment {
        Moment::of(now).after(self.clock_offset)
    }

    /// Does everything that happens by itself up to `now`: SMS go out, codes grow old, shelf files vanish.
    pub(crate) fn settle(&mut self, now: Moment) {
        diadoc::settle(&mut self.diadoc(), now);
        let shared = &mut self.shared;
        let line = Line {
            phone: &mut shared.phone,
            counters: &mut shared.journal.counters,
        };
        shared.identity.devices.settle(now, line);
        extern_api::settle(&mut self.external(), now);
    }

    pub(crate) fn visible_messages(&self, now: Moment) -> Vec<PhoneMessage> {
        let milliseconds = |moment: Moment| milliseconds::of(moment.since_epoch());
        let sent = self.shared.phone.outbox.visible(now);
        sent.map(|(came, sent)| {
            // One that is forgotten was over before.
            let known = self.known(&sent.operation).unwrap_or(Known {
                state: MessageState::Expired,
                known_as: Vec::new(),
                until: None,
            });
            PhoneMessage {
                kind: sent.kind,
                operation: sent.operation.clone(),
                known_as: known.known_as,
                to: sent.to.to_owned(),
                text: sent.text.clone(),
                code: sent.code.clone(),
                state: known.state,
                came_ms: milliseconds(came),
                until_ms: known.until.map(milliseconds),
                asked: sent.asked.clone(),
            }
        })
        .collect()
    }

    /// The next event for a page that was told so much.
    pub(crate) fn news(&self, told: &mut Told, now: Moment) -> Option<String> {
        let messages = self.visible_messages(now);
        let now_ms = milliseconds::of(now.since_epoch());
        told.news(self.shared.phone.info, &messages, now_ms)
    }
}
