//! Decides what a world is: the whole state of both services, the phone and the clock.
//!
//! **Invariant:** a world does no I/O, reads no clock and throws no dice. The same requests at the same times
//! give the same bytes, and no request makes it panic.

mod exchange;
mod info;
mod operations;
mod seed;
mod shelf;

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use podpis_transport::{HttpRequest, HttpResponse};

pub(crate) use exchange::is_service_path;
pub use exchange::{Exchange, Outcome};
pub use info::{CertificateInfo, DiadocInfo, DocumentInfo, UserInfo, WorldInfo};
pub(crate) use operations::{CloudOperation, CloudOperations, ConfirmTask, Stage, Verdict};
#[cfg(test)]
pub(crate) use seed::SUBJECT_FOR_TESTS;
pub(crate) use seed::{
    API_CLIENT_ID, BOX_ID, HEAD_DEPARTMENT, MESSAGE_ID, ORGANIZATION, OTHER_BOX_ID,
    OTHER_ORGANIZATION, OTHER_TITLE, OrganizationSeed, PATCHED_CONTENT_ID, User,
};
pub(crate) use shelf::{LONGEST_PART_INDEX, Part, Shelf, ShelfError};

use crate::diadoc::{self, Diadoc, DocumentState, Messages, OrganizationInfo, ReceiptInfo};
use crate::extern_api::{self, Extern, ExternInfo, OperationEnd};
use crate::faults::{Fault, FaultId, Faults};
use crate::ids::Ids;
use crate::journal::{Counters, Journal, RequestRecord};
use crate::moment::Moment;
use crate::options::WorldOptions;
use crate::phone::{MessageState, Outbox, PersonError, PhoneInfo, PhoneMessage, PhoneMode, Sent};
use crate::signer::{Authority, Identity};

/// A login token that was given out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Login {
    pub(crate) user: usize,
    pub(crate) until: Moment,
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
    pub(crate) options: WorldOptions,
    pub(crate) ids: Ids,
    traces: Ids,
    /// The trace id of the request that is being handled.
    pub(crate) trace: String,
    authority: Authority,
    pub(crate) users: Vec<User>,
    pub(crate) stranger: Identity,
    pub(crate) messages: Messages,
    pub(crate) logins: BTreeMap<String, Login>,
    pub(crate) bearer_tokens_live: bool,
    pub(crate) shelf: Shelf,
    pub(crate) operations: CloudOperations,
    pub(crate) diadoc: Diadoc,
    pub(crate) external: Extern,
    external_info: ExternInfo,
    pub(crate) outbox: Outbox,
    pub(crate) phone: PhoneInfo,
    pub(crate) faults: Faults,
    pub(crate) journal: Journal,
    pub(crate) clock_offset: Duration,
}

impl World {
    /// A world in its seeded state. Certificates are valid from a month before `now` to eleven months after.
    #[must_use]
    pub fn new(options: WorldOptions, now: SystemTime) -> Self {
        Self::seeded(options, Moment::of(now))
    }

    fn seeded(options: WorldOptions, now: Moment) -> Self {
        let mut authority = Authority::new(now);
        let users = seed::users(&mut authority);
        let stranger = seed::stranger(&mut authority);
        let (external, external_info) =
            extern_api::seeded(&mut authority, &users, options.signed_attributes, now);
        let diadoc = diadoc::seeded(&mut authority, &users, &options.diadoc_options, now);
        let messages = diadoc::seeded_messages(&mut authority, &users, now);
        Self {
            ids: Ids::new(&options.seed),
            traces: Ids::new(&format!("{} traces", options.seed)),
            trace: String::new(),
            authority,
            users,
            stranger,
            messages,
            logins: BTreeMap::new(),
            bearer_tokens_live: true,
            shelf: Shelf::new(options.shelf_file_limit),
            operations: CloudOperations::default(),
            diadoc,
            external,
            external_info,
            outbox: Outbox::default(),
            phone: options.phone_settings,
            faults: Faults::default(),
            journal: Journal::default(),
            clock_offset: Duration::ZERO,
            options,
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

    /// Makes something go wrong.
    pub fn inject(&mut self, fault: Fault) -> FaultId {
        let endpoint = extern_api::journal_name(&fault.endpoint).to_owned();
        self.faults.inject(fault.renamed(endpoint))
    }

    /// Takes a fault back. False when it is not there any more.
    pub fn remove_fault(&mut self, id: &str) -> bool {
        self.faults.remove(id)
    }

    /// Takes every fault back.
    pub fn clear_faults(&mut self) {
        self.faults.clear();
    }

    /// What happened up to `now`, in numbers.
    #[must_use]
    pub fn counters(&mut self, now: SystemTime) -> Counters {
        self.settle(self.moment(now));
        self.journal.counters
    }

    /// The requests to the services so far, newest last.
    #[must_use]
    pub fn requests(&self) -> Vec<RequestRecord> {
        self.journal.requests()
    }

    /// The messages that are on the phone at `now`, newest last.
    #[must_use]
    pub fn messages(&mut self, now: SystemTime) -> Vec<PhoneMessage> {
        let now = self.moment(now);
        self.settle(now);
        self.visible_messages(now)
    }

    /// The code in the newest SMS that is on the phone at `now`.
    #[must_use]
    pub fn last_code(&mut self, now: SystemTime) -> Option<String> {
        let now = self.moment(now);
        self.settle(now);
        let mut newest = self.outbox.visible(now).rev();
        newest.find_map(|sent| sent.code.clone())
    }

    /// Changes how the person behaves from `now` on.
    pub fn set_phone(&mut self, mode: PhoneMode, delay: Duration, now: SystemTime) {
        self.settle(self.moment(now));
        self.phone = PhoneInfo::new(mode, delay);
    }

    /// The person confirms an operation in the app.
    ///
    /// # Errors
    /// When there is no such operation, or it does not wait for this.
    pub fn confirm(&mut self, operation: &str, now: SystemTime) -> Result<(), PersonError> {
        let now = self.moment(now);
        self.settle(now);
        self.confirm_at(operation, now)
    }

    /// The person declines an operation.
    ///
    /// # Errors
    /// When there is no such operation, or it waits for nobody.
    pub fn decline(&mut self, operation: &str, now: SystemTime) -> Result<(), PersonError> {
        let now = self.moment(now);
        self.settle(now);
        self.decline_at(operation, now)
    }

    /// The signing service ends an operation of Extern, or a DssSign, that waits for the person. A DssSign can only
    /// crash: Diadoc has no status for too many attempts, so both ends are its `Crashed`.
    ///
    /// # Errors
    /// When there is no such operation, or it does not wait for the person.
    pub fn end(
        &mut self,
        operation: &str,
        end: OperationEnd,
        now: SystemTime,
    ) -> Result<(), PersonError> {
        let now = self.moment(now);
        self.settle(now);
        self.end_at(operation, end, now)
    }

    pub(crate) fn end_at(
        &mut self,
        operation: &str,
        end: OperationEnd,
        now: Moment,
    ) -> Result<(), PersonError> {
        match diadoc::crash(self, operation, now) {
            Err(PersonError::UnknownOperation) => extern_api::end(self, operation, end, now),
            acted => acted,
        }
    }

    /// The receipts in the box of Diadoc as of `now`, and how often each was signed.
    #[must_use]
    pub fn receipts(&mut self, now: SystemTime) -> Vec<ReceiptInfo> {
        self.settle(self.moment(now));
        self.diadoc.receipts.all().to_vec()
    }

    /// The documents in the box of Diadoc as of `now`, and what is signed.
    #[must_use]
    pub fn documents(&mut self, now: SystemTime) -> Vec<DocumentState> {
        self.settle(self.moment(now));
        diadoc::document_states(self)
    }

    pub(crate) fn confirm_at(&mut self, operation: &str, now: Moment) -> Result<(), PersonError> {
        match self.operations.confirm_on_phone(operation) {
            Err(PersonError::UnknownOperation) => {}
            acted => return acted,
        }
        match diadoc::confirm(self, operation, now) {
            Err(PersonError::UnknownOperation) => extern_api::confirm(self, operation, now),
            acted => acted,
        }
    }

    pub(crate) fn decline_at(&mut self, operation: &str, now: Moment) -> Result<(), PersonError> {
        match self.operations.decline(operation) {
            Err(PersonError::UnknownOperation) => {}
            acted => return acted,
        }
        match diadoc::decline(self, operation, now) {
            Err(PersonError::UnknownOperation) => extern_api::decline(self, operation, now),
            acted => acted,
        }
    }

    /// Ends every login, the seeded bearer tokens included.
    pub fn revoke_tokens(&mut self) {
        self.logins.clear();
        self.external.revoke_tokens();
        self.bearer_tokens_live = false;
    }

    /// Puts the world's clock forward: from now on every time that comes in counts as so much later.
    pub fn advance(&mut self, time: Duration) {
        self.clock_offset = self.clock_offset.saturating_add(time);
    }

    /// Back to the seeded state, as of `now` without the advances.
    pub fn reset(&mut self, now: SystemTime) {
        self.reset_at(Moment::of(now));
    }

    pub(crate) fn reset_at(&mut self, now: Moment) {
        let mut journal = std::mem::take(&mut self.journal);
        journal.reset();
        *self = Self::seeded(self.options.clone(), now);
        self.journal = journal;
    }

    /// The seeded ids, logins and certificates, as of `now`.
    #[must_use]
    pub fn info(&self, now: SystemTime) -> WorldInfo {
        self.describe(self.moment(now))
    }

    pub(crate) fn describe(&self, now: Moment) -> WorldInfo {
        let users: Vec<UserInfo> = (0..)
            .zip(&self.users)
            .map(|(index, user)| UserInfo {
                dss_certificate: diadoc::dss_certificate(self, index, now),
                ..user_info(user, now)
            })
            .collect();
        let first = users.first();
        let text = |pick: fn(&UserInfo) -> &String| first.map(pick).cloned().unwrap_or_default();
        WorldInfo {
            diadoc: DiadocInfo {
                api_client_id: API_CLIENT_ID.to_owned(),
                login: text(|user| &user.login),
                password: text(|user| &user.password),
                sid: text(|user| &user.sid),
                token: text(|user| &user.token),
                box_id: BOX_ID.to_owned(),
                other_box: OTHER_BOX_ID.to_owned(),
                organization: OrganizationInfo {
                    id: ORGANIZATION.id.to_owned(),
                    inn: ORGANIZATION.inn.to_owned(),
                    kpp: ORGANIZATION.kpp.to_owned(),
                    name: ORGANIZATION.name.to_owned(),
                },
                dss_certificate: diadoc::dss_certificate(self, 0, now).unwrap_or_default(),
                certificates: diadoc::describe(self, now),
                certificate: first
                    .and_then(|user| user.certificates.iter().find(|known| known.active))
                    .map(|known| known.thumbprint.clone())
                    .unwrap_or_default(),
                users,
                unsigned_document: DocumentInfo {
                    message: seed::MESSAGE_ID.to_owned(),
                    entity: seed::ENTITY_ID.to_owned(),
                },
                patched_content_id: seed::PATCHED_CONTENT_ID.to_owned(),
                messages: diadoc::describe_messages(),
            },
            extern_: extern_api::describe(&self.external, &self.external_info, &self.users, now),
            phone: self.phone,
        }
    }

    /// The certificate of the CA, as PEM.
    #[must_use]
    pub fn ca_pem(&self) -> &str {
        self.authority.pem()
    }

    /// A seeded certificate as DER, by its thumbprint in any case.
    #[must_use]
    pub fn certificate(&self, thumbprint: &str) -> Option<Vec<u8>> {
        self.users
            .iter()
            .flat_map(|user| &user.certificates)
            .find(|known| known.thumbprint.eq_ignore_ascii_case(thumbprint))
            .map(|known| known.der.clone())
            .or_else(|| self.diadoc.certificate_der(thumbprint))
            .or_else(|| self.external.certificate_der(thumbprint))
    }

    /// The seeded certificate with these bytes, and the user it belongs to.
    pub(crate) fn certificate_of(&self, der: &[u8]) -> Option<(usize, Identity)> {
        self.diadoc
            .certificate_of(der)
            .or_else(|| self.external.certificate_of(der))
            .map(|(owner, identity)| (owner, identity.clone()))
    }

    /// Counts a request to a service as open; the skins call it around their waiting.
    pub fn enter(&mut self) {
        self.journal.enter();
    }

    /// The other end of [`enter`](Self::enter).
    pub fn leave(&mut self) {
        self.journal.leave();
    }

    fn moment(&self, now: SystemTime) -> Moment {
        Moment::of(now).after(self.clock_offset)
    }

    /// Does everything that happens by itself up to `now`: SMS go out, codes grow old, shelf files vanish.
    pub(crate) fn settle(&mut self, now: Moment) {
        self.shelf.forget_expired(now);
        for index in self.operations.due(now) {
            self.send_sms(index, now);
        }
        self.operations.expire(now);
        diadoc::settle(self, now);
        extern_api::settle(self, now);
    }

    fn send_sms(&mut self, index: usize, now: Moment) {
        self.operations.enter(index, Stage::AwaitingCode);
        let Some(operation) = self.operations.get(index) else {
            return;
        };
        self.journal.counters.sms_sent += 1;
        if self.phone.mode == PhoneMode::Silent {
            return;
        }
        let sent_at = operation.ready_at.min(now);
        let phone = self.users.get(operation.user).map(|user| user.phone);
        self.outbox.push(Sent {
            kind: crate::phone::MessageKind::Sms,
            operation: operation.id.clone(),
            to: phone.unwrap_or_default().to_owned(),
            text: format!(
                "Код подтверждения подписи: {}. Файлов: {}.",
                operation.code,
                operation.digests.len()
            ),
            code: Some(operation.code.clone()),
            visible_at: sent_at.after(self.phone.delay()),
        });
    }

    fn known_as(&self, id: &str) -> Vec<String> {
        let mut known = self.operations.known_as(id);
        known.extend(diadoc::known_as(self, id));
        known.extend(extern_api::known_as(self, id));
        known
    }

    pub(crate) fn visible_messages(&self, now: Moment) -> Vec<PhoneMessage> {
        self.outbox
            .visible(now)
            .map(|sent| PhoneMessage {
                kind: sent.kind,
                operation: sent.operation.clone(),
                known_as: self.known_as(&sent.operation),
                to: sent.to.clone(),
                text: sent.text.clone(),
                code: sent.code.clone(),
                state: self
                    .operations
                    .state(&sent.operation)
                    .or_else(|| diadoc::message_state(self, &sent.operation))
                    .or_else(|| extern_api::message_state(self, &sent.operation))
                    .unwrap_or(MessageState::Expired),
            })
            .collect()
    }
}

fn user_info(user: &User, now: Moment) -> UserInfo {
    UserInfo {
        login: user.login.to_owned(),
        password: user.password.to_owned(),
        sid: user.sid.to_owned(),
        token: user.token.to_owned(),
        name: user.name.to_owned(),
        phone: user.phone.to_owned(),
        snils: user.subject.snils.to_owned(),
        dss_certificate: None,
        certificates: user
            .certificates
            .iter()
            .map(|known| CertificateInfo {
                thumbprint: known.thumbprint.clone(),
                algorithm: known.key.algorithm().to_owned(),
                active: known.is_active(now),
                not_before: known.not_before.since_epoch().as_secs(),
                not_after: known.not_after.since_epoch().as_secs(),
            })
            .collect(),
    }
}
