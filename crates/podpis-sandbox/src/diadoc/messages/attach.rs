//! Decides whether a signature can be put under a document, and what that does.
//!
//! **Invariant:** everything that can be refused is refused in [`check`]; [`apply`] changes the message and never
//! refuses. Whether the value is right is found out later, in [`settle`].

use super::info::Verification;
use super::message::{Demand, Entity, Message, Signature, Undo, What};
use super::rules::{self, Named, Source};
use super::store::{Event, Happened};
use super::{NOT_FOUND, wire};
use crate::answer::{Handled, Refusal, bad_request};
use crate::diadoc::state::Room;
use crate::moment::Moment;
use crate::signer::{self, Digests, Look};
use bytes::Bytes;
use podpis_diadoc_proto::events::PowerOfAttorneyInfo;
use prost::Message as _;
use std::time::Duration;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// After so many invalid signatures of an entity in a day the next one is refused.
const INVALID_A_DAY: usize = 3;

/// A signature that can be put under its document.
#[derive(Clone, Debug)]
pub(super) struct Checked {
    pub(super) document: String,
    source: Source,
    pub(super) approval: bool,
    prepared: Option<Bytes>,
    labels: Vec<String>,
    power: Option<PowerOfAttorneyInfo>,
}

impl Checked {
    /// Whether the document's content becomes a prepared one.
    pub(super) fn replaces_content(&self) -> bool {
        self.prepared.is_some()
    }
}

/// Looks at a signature and at the message it is for.
pub(super) fn check(
    room: &Room,
    user: usize,
    message: &Message,
    named: &Named<'_>,
    now: Moment,
) -> Handled<Checked> {
    if named.parent.is_empty() {
        return bad_request("R-SIG-2: a signature needs its ParentEntityId.");
    }
    let entity = message.entity(named.parent).ok_or_else(|| {
        Refusal::not_found("R-SIG-2: the message has no such document.").coded(NOT_FOUND)
    })?;
    let What::Document(document) = &entity.what else {
        return bad_request("R-SIG-2: only documents are signed.");
    };
    let source = rules::signature(room, user, named)?;
    rules::labels(named.labels)?;
    let power = rules::power(room, user, named)?;
    if named.approval {
        check_approval(room, message, entity, document.is_formalized(), now)?;
    } else if message.is_signed(&entity.id, true) {
        return Err(conflict(
            "R-SIG-1: this side has its ordinary signature under the document already.",
        )
        .coded("DocumentService.InvalidDocumentState"));
    } else {
        check_demand(room, user, document.demand, named)?;
    }
    if invalid_today(message, &entity.id, now) >= INVALID_A_DAY {
        return Err(conflict(
            "More than three invalid signatures of one document in a day.",
        ));
    }
    Ok(Checked {
        document: entity.id.clone(),
        source,
        approval: named.approval,
        prepared: prepared(room, message, entity, named)?,
        labels: named.labels.to_vec(),
        power,
    })
}

/// Whether an ordinary signature has all that its document needs.
fn check_demand(room: &Room, user: usize, demand: Demand, named: &Named<'_>) -> Handled<()> {
    let refused = |text: &str| Err(conflict(text).coded("DocumentService.InvalidDocumentState"));
    let signer = room.shared.people.get(user).map(|user| user.id);
    match demand {
        Demand::Title => Err(coded_conflict("DocumentService.InvalidDocumentType")),
        Demand::PowerOfAttorney if !named.has_power() => {
            refused("The signature of this document needs a power of attorney.")
        }
        Demand::User(asked) if signer != Some(asked) => {
            refused("The document was handed over to a colleague for signing.")
        }
        _ => Ok(()),
    }
}

/// What the posted signature is of, when that is a prepared content (R-SIG-7).
fn prepared(
    room: &Room,
    message: &Message,
    entity: &Entity,
    named: &Named<'_>,
) -> Handled<Option<Bytes>> {
    let Some(id) = named.prepared else {
        return Ok(None);
    };
    let is_for = |(message_id, entity_id): &(String, String)| {
        *message_id == message.id && *entity_id == entity.id
    };
    let can_change = message.outgoing
        && matches!(&entity.what, What::Document(document) if document.sent_at.is_none());
    let known = room.own.messages.prepared(id);
    match known.filter(|known| can_change && known.place.as_ref().is_some_and(is_for)) {
        Some(known) => Ok(Some(known.content.clone())),
        None => Err(conflict(
            "R-SIG-7: no content was prepared for this document under this PatchedContentId.",
        )),
    }
}

/// R-APR-1 to 4.
fn check_approval(
    room: &Room,
    message: &Message,
    entity: &Entity,
    formalized: bool,
    now: Moment,
) -> Handled<()> {
    let options = &room.own.messages.options;
    if !options.approvals {
        return Err(Refusal::forbidden(
            "R-APR-4: approval signatures are not enabled for the organization.",
        ));
    }
    let is_sent = matches!(&entity.what, What::Document(document) if document.sent_at.is_some());
    if formalized && !is_sent {
        return Err(conflict(
            "R-APR-2: a formalized document takes approval signatures only after it was sent.",
        ));
    }
    let today = message
        .signatures(&entity.id)
        .filter(|(signature, known)| known.approval && signature.created.until(now) < DAY)
        .count();
    if today >= options.approvals_a_day {
        return Err(conflict(
            "R-APR-3: the document has as many approval signatures as a day allows.",
        ));
    }
    Ok(())
}

pub(super) fn conflict(text: &str) -> Refusal {
    Refusal::conflict(text)
}

/// A conflict that says its code, and nothing else, in the body too.
pub(super) fn coded_conflict(code: &'static str) -> Refusal {
    conflict(&format!("ErrorCode: {code} (Http.Conflict)")).coded(code)
}

fn invalid_today(message: &Message, document: &str, now: Moment) -> usize {
    message
        .signatures(document)
        .filter(|(_, known)| known.verification == Verification::Invalid)
        .filter(|(_, known)| known.verify_at.until(now) < DAY)
        .count()
}

/// Puts a signature under its document and gives its id. An ordinary one sends a document that was not sent, and with
/// it its locked packet.
pub(super) fn apply(
    room: &mut Room,
    place: usize,
    checked: Checked,
    now: Moment,
) -> Handled<String> {
    let (id, stamped_id) = (room.guid(), room.guid());
    let verify_at = now.after(room.own.messages.options.verification);
    let store = &mut room.own.messages;
    let Some(message) = store.all.get_mut(place) else {
        return Ok(id);
    };
    let sends = !checked.approval && !message.is_draft && message.outgoing;
    let locked = message.is_locked();
    let mut undo = Undo::default();
    let mut content = Bytes::new();
    for entity in &mut message.entities {
        let What::Document(document) = &mut entity.what else {
            continue;
        };
        let is_signed = entity.id == checked.document;
        if let Some(prepared) = checked.prepared.as_ref().filter(|_| is_signed) {
            undo.content = Some(std::mem::replace(&mut entity.content, prepared.clone()));
            document.patched = true;
        }
        if sends && document.sent_at.is_none() && (is_signed || locked) {
            document.sent_at = Some(now);
            undo.sent.push(entity.id.clone());
        }
        if is_signed {
            content = entity.content.clone();
        }
    }
    let signature = match checked.source {
        Source::Given(bytes) => bytes,
        Source::Test => {
            let manner = &room.shared.manner;
            let digests = Digests::of(manner.signatures, &content);
            signer::sign_detached(&store.service, &digests, now, manner)?.into()
        }
    };
    let stamped = signer::stamped(&signature, &room.shared.manner.stamps, now)
        .map_or_else(|_| signature.clone(), Bytes::from);
    store.unverified.insert((verify_at, place, id.clone()));
    message.changed = now;
    message.entities.push(Entity {
        id: id.clone(),
        parent: Some(checked.document),
        created: now,
        content: signature,
        labels: checked.labels,
        what: What::Signature(Box::new(Signature {
            ours: true,
            approval: checked.approval,
            power: checked.power,
            stamped,
            stamped_id,
            verify_at,
            undo: Some(undo),
            ..Signature::default()
        })),
    });
    store.file(place);
    let counters = room.counters();
    if checked.approval {
        counters.approvals_attached += 1;
    } else {
        counters.signatures_attached += 1;
    }
    Ok(id)
}

/// Verifies what is due, oldest first. An invalid signature brings a DeliveryFailureNotification, and what it did
/// beside is taken back.
pub(crate) fn settle(room: &mut Room, now: Moment) {
    let prepared = &mut room.own.messages.prepared;
    prepared.forget_while(|known| known.until <= now);
    let mut due = Vec::new();
    while let Some(first) = room.own.messages.unverified.first()
        && first.0 <= now
    {
        due.extend(room.own.messages.unverified.pop_first());
    }
    for (_, message, signature) in due {
        verify(room, message, &signature);
    }
}

fn verify(room: &mut Room, place: usize, signature: &str) {
    note(room, place, signature);
    room.own.messages.file(place);
}

/// Notes what was found out about a signature.
fn note(room: &mut Room, place: usize, signature: &str) {
    let Some(message) = room.own.messages.all.get(place) else {
        return;
    };
    let Some(verdict) = look(room, message, signature) else {
        return;
    };
    let (failure, report, event) = if verdict.is_valid() {
        (String::new(), String::new(), String::new())
    } else {
        room.counters().signatures_invalid += 1;
        (room.guid(), room.guid(), room.guid())
    };
    let Some(message) = room.own.messages.all.get_mut(place) else {
        return;
    };
    let Some(entity) = message.entity_mut(signature) else {
        return;
    };
    let document = entity.parent.clone();
    let What::Signature(known) = &mut entity.what else {
        return;
    };
    if verdict.is_valid() {
        known.verification = Verification::Valid;
        known.undo = None;
        return;
    }
    known.verification = Verification::Invalid;
    let at = known.verify_at;
    let undo = known.undo.take().unwrap_or_default();
    take_back(message, document.as_deref().unwrap_or_default(), undo);
    message.changed = message.changed.max(at);
    let result = wire::verification(&verdict, at);
    message.entities.push(Entity {
        id: failure.clone(),
        parent: document,
        created: at,
        what: What::DeliveryFailure,
        ..Entity::default()
    });
    let event = Event {
        id: event,
        message: message.id.clone(),
        at,
        what: Happened::Added {
            entities: vec![failure.clone(), report.clone()],
            patched: Vec::new(),
        },
    };
    message.entities.push(Entity {
        id: report,
        parent: Some(failure),
        created: at,
        content: result.encode_to_vec().into(),
        what: What::VerificationReport,
        ..Entity::default()
    });
    room.own.messages.tell(event);
}

fn take_back(message: &mut Message, signed: &str, undo: Undo) {
    for entity in &mut message.entities {
        let What::Document(document) = &mut entity.what else {
            continue;
        };
        if undo.sent.contains(&entity.id) {
            document.sent_at = None;
        }
        if entity.id == signed
            && let Some(content) = &undo.content
        {
            entity.content = content.clone();
            document.patched = false;
        }
    }
}

/// What the service finds out about a signature in this message.
pub(super) fn look(room: &Room, message: &Message, signature: &str) -> Option<Look> {
    let entity = message.entity(signature)?;
    let What::Signature(known) = &entity.what else {
        return None;
    };
    let document = message.entity(entity.parent.as_deref()?)?;
    Some(signer::look(
        &entity.content,
        &document.content,
        &room.shared.authority,
        known.verify_at,
    ))
}
