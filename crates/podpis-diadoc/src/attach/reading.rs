//! When a signature counts as attached: when the message shows it.
//!
//! The service verifies signatures after it took them, so what it says of their validity may come later.
//!
//! **Invariant:** a signature is known by the id that the posting told, else by its bytes; one that the service made
//! itself, by being the newest of ours.

use podpis_core::Error;
use podpis_core::wait::Current;
use podpis_diadoc_proto::events::DocumentSignature;

use super::record::{Record, Seen};
use crate::message::same_id;
use crate::message::{AttachedSignature, Side};
use crate::posting::{self, Posted, is_same};
use crate::{BoxId, Diadoc, EntityId};

/// The signatures, once the message shows all that were posted.
pub(super) async fn read_back(
    client: &Diadoc,
    at: Current<'_, Record>,
    posting: &posting::Record,
    posted: &Posted,
) -> Result<Option<Vec<Seen>>, Error> {
    let record = at.record();
    let sent_as = posting.sends_a_draft().then(|| posted.message.clone());
    let message = sent_as.clone().or_else(|| posting.message());
    let message = message.ok_or_else(|| at.unreadable("it does not say which message"))?;
    let wanted = posting.signatures();
    let wanted = wanted.map_err(|error| at.unreadable(error))?;
    let ids_told = wanted.iter().all(|one| told(posted, one).is_some());
    let in_box: Result<BoxId, _> = record.in_box.parse();
    let in_box = in_box.map_err(|error| at.unreadable(error))?;
    let mut reading = client.in_box(&in_box).message(&message);
    if !ids_told {
        reading = reading.original_signatures().contents();
    }
    let message = reading.read().await?;
    let mut seen = Vec::with_capacity(wanted.len());
    for one in &wanted {
        let parent = EntityId::new(one.parent_entity_id.as_str());
        let found = match told(posted, one) {
            Some(id) => message
                .signatures()
                .into_iter()
                .find(|signature| same_id(signature.id().as_str(), id.as_str())),
            // Whether documents of a draft keep their names in the message is not documented.
            None if sent_as.is_some() => newest(message.signatures(), one, &seen),
            None => newest(message.signatures_of(&parent), one, &seen),
        };
        let Some(found) = found else {
            return Ok(None);
        };
        seen.push(Seen {
            entity: one.parent_entity_id.clone(),
            message: sent_as.as_ref().map(ToString::to_string),
            signature: found.id().to_string(),
            rejected: found.is_rejected(),
        });
    }
    Ok(Some(seen))
}

/// The id that the posting told for this signature.
fn told(posted: &Posted, wanted: &DocumentSignature) -> Option<EntityId> {
    let is_approval = wanted.is_approvement_signature.unwrap_or_default();
    let mut signatures = posted.signatures().filter(|one| {
        let parent = one.parent.as_ref();
        one.is_approval == is_approval
            && parent.is_some_and(|id| same_id(id.as_str(), &wanted.parent_entity_id))
    });
    signatures.next().map(|one| one.id.clone())
}

/// The one that has the bytes, else the newest of ours that was not seen yet.
fn newest<'m>(
    mut candidates: Vec<AttachedSignature<'m>>,
    wanted: &DocumentSignature,
    seen: &[Seen],
) -> Option<AttachedSignature<'m>> {
    let is_approval = wanted.is_approvement_signature.unwrap_or_default();
    candidates.retain(|one| one.is_approval() == is_approval && one.side() != Side::Theirs);
    match &wanted.signature {
        Some(der) => candidates.into_iter().find(|one| {
            one.content()
                .bytes()
                .is_some_and(|there| is_same(there, der))
        }),
        None => candidates
            .into_iter()
            .filter(|one| {
                !seen
                    .iter()
                    .any(|seen| same_id(&seen.signature, one.id().as_str()))
            })
            .max_by_key(AttachedSignature::created),
    }
}
