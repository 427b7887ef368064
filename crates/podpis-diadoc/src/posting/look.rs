//! Looks whether what was posted is there.
//!
//! **Invariant:** only a signature whose bytes are in the body is recognised: one that is on the shelf, or that the
//! service makes, could as well be somebody else's.

use podpis_cms::Signature;
use podpis_core::Error;
use podpis_core::wait::Current;
use podpis_diadoc_proto::events::{DraftToSend, MessagePatchToPostV2};
use podpis_diadoc_proto::prost::Message as _;

use super::posted::Posted;
use super::record::{Post, Record};
use crate::message::same_id;
use crate::message::{AttachedSignature, Message};
use crate::{BoxId, Diadoc, MessageId};

/// A signature that was posted.
struct Ours {
    parent: String,
    is_approval: bool,
    der: Vec<u8>,
}

/// What was posted, if it is there; none also where that cannot be told.
pub(super) async fn look(
    client: &Diadoc,
    at: Current<'_, Record>,
) -> Result<Option<Posted>, Error> {
    let record = at.record();
    let Some(message) = record.message.as_deref().map(MessageId::new) else {
        return Ok(None);
    };
    let in_box: BoxId = record
        .in_box
        .parse()
        .map_err(|error| at.unreadable(error))?;
    let body = record.bytes().map_err(|error| at.unreadable(error))?;
    match record.post {
        Post::Message => Ok(None),
        Post::Patch => {
            let body = MessagePatchToPostV2::decode(body.as_slice())
                .map_err(|error| at.unreadable(error))?;
            let ours = body.signatures.into_iter().map(|one| Ours {
                parent: one.parent_entity_id,
                is_approval: one.is_approvement_signature.unwrap_or_default(),
                der: one.signature.unwrap_or_default().to_vec(),
            });
            in_message(client, &in_box, &message, ours.collect(), true).await
        }
        Post::Draft => {
            let body =
                DraftToSend::decode(body.as_slice()).map_err(|error| at.unreadable(error))?;
            let draft = client.in_box(&in_box).message(&message).read().await?;
            let sent_as = &draft.as_proto().draft_is_transformed_to_message_id_list;
            let Some(sent_as) = sent_as.first().map(MessageId::new) else {
                return Ok(None);
            };
            let ours = body.document_signatures.into_iter().map(|one| Ours {
                parent: one.parent_entity_id,
                is_approval: false,
                der: one.signature.unwrap_or_default().to_vec(),
            });
            // Whether the entities of a draft keep their ids in the message is not documented.
            in_message(client, &in_box, &sent_as, ours.collect(), false).await
        }
    }
}

async fn in_message(
    client: &Diadoc,
    in_box: &BoxId,
    message: &MessageId,
    ours: Vec<Ours>,
    by_parent: bool,
) -> Result<Option<Posted>, Error> {
    if ours.iter().any(|one| one.der.is_empty()) {
        return Ok(None);
    }
    let reading = client.in_box(in_box).message(message);
    let message = reading.original_signatures().contents().read().await?;
    let mut there = Vec::new();
    for one in &ours {
        let mut found = None;
        for signature in message.signatures() {
            let here = !by_parent || same_id(signature.signed_entity().as_str(), &one.parent);
            let kind = signature.is_approval() == one.is_approval;
            if here && kind && is_it(client, &message, &signature, &one.der).await? {
                found = Some(signature);
                break;
            }
        }
        match found {
            Some(signature) => there.push(signature.as_proto()),
            None => return Ok(None),
        }
    }
    Ok(Some(Posted::found(message.id(), there)))
}

async fn is_it(
    client: &Diadoc,
    message: &Message,
    signature: &AttachedSignature<'_>,
    der: &[u8],
) -> Result<bool, Error> {
    let content = signature.content();
    let fetched;
    let bytes = match content.bytes() {
        Some(bytes) => bytes,
        None => {
            fetched = client
                .in_box(message.in_box())
                .entity_content(message.id(), &signature.id())
                .await?;
            &fetched
        }
    };
    Ok(is_same(bytes, der))
}

/// Whether two signatures are one: the same bytes, or the same values, for what was added later, such as a time stamp,
/// leaves those as they are.
pub(crate) fn is_same(one: &[u8], other: &[u8]) -> bool {
    if one == other {
        return true;
    }
    let (Ok(one), Ok(other)) = (Signature::parse(one), Signature::parse(other)) else {
        return false;
    };
    let values = |of: &Signature| -> Vec<Vec<u8>> {
        let signers = of.signers().iter();
        signers.map(|signer| signer.value().to_vec()).collect()
    };
    values(&one) == values(&other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_bytes_are_the_same_signature_and_others_are_not() {
        let act = include_bytes!("../../tests/fixtures/p256.p7s");
        let stamped = include_bytes!("../../tests/fixtures/p256.cades.p7s");
        let other = include_bytes!("../../tests/fixtures/rsa.sha256.p7s");
        assert!(is_same(act, act));
        assert!(is_same(stamped, stamped));
        assert!(!is_same(act, other));
        assert!(!is_same(act, b"not a signature"));
        // The same person, the same bytes and the same second, and yet another signature: its value is the last of it.
        let mut another = act.to_vec();
        *another.last_mut().unwrap() ^= 1;
        assert!(!is_same(act, &another));
    }
}
