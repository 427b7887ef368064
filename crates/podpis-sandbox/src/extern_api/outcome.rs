//! Decides what a confirmed operation brings: signatures under every document, or a readable content.
//!
//! **Invariant:** an outcome is attached once; attaching again changes nothing and gives the same content.

use super::contents_store::Pieces;
use super::operations::Work;
use super::state::{Part, Readable, Signature};
use crate::moment::Moment;
use crate::signer::{Digests, Identity, SignError, sign_detached};
use crate::world::World;

/// Puts the outcome of a confirmed operation where it belongs, and gives the id of a decrypted content.
pub(super) fn attach(
    world: &mut World,
    index: usize,
    at: Moment,
) -> Result<Option<String>, SignError> {
    let Some(operation) = world.external.operations.get(index) else {
        return Ok(None);
    };
    if operation.attached {
        return Ok(operation.content_id.clone());
    }
    let (work, certificate) = (operation.work, operation.certificate);
    let content_id = match work {
        Work::Draft { draft } => {
            sign_draft(world, draft, certificate, at)?;
            None
        }
        Work::Reply { reply } => {
            sign_reply(world, reply, certificate, at)?;
            None
        }
        Work::Decryption { document, unzip } => decrypt(world, document, unzip),
    };
    if let Some(known) = world.external.operations.get_mut(index) {
        known.attached = true;
        known.content_id.clone_from(&content_id);
    }
    Ok(content_id)
}

fn sign_draft(
    world: &mut World,
    draft: usize,
    certificate: usize,
    at: Moment,
) -> Result<(), SignError> {
    let Some(mut parts) = world
        .external
        .drafts
        .get(draft)
        .map(|draft| draft.parts.clone())
    else {
        return Ok(());
    };
    sign_parts(world, certificate, &mut parts, at)?;
    if let Some(draft) = world.external.drafts.get_mut(draft) {
        draft.parts = parts;
    }
    Ok(())
}

/// Signs every part of a reply.
pub(super) fn sign_reply(
    world: &mut World,
    reply: usize,
    certificate: usize,
    at: Moment,
) -> Result<(), SignError> {
    let Some(mut parts) = world
        .external
        .replies
        .get(reply)
        .map(|reply| reply.parts.clone())
    else {
        return Ok(());
    };
    sign_parts(world, certificate, &mut parts, at)?;
    if let Some(reply) = world.external.replies.get_mut(reply) {
        reply.parts = parts;
    }
    Ok(())
}

fn sign_parts(
    world: &mut World,
    certificate: usize,
    parts: &mut [Part],
    at: Moment,
) -> Result<(), SignError> {
    let attributes = world.options.signed_attributes;
    let Some(identity) = world
        .external
        .certificates
        .get(certificate)
        .map(|known| known.identity.clone())
    else {
        return Ok(());
    };
    for part in parts {
        let id = world.ids.guid();
        part.signature = Some(signature_of(&identity, part, id, at, attributes)?);
        world.journal.counters.signatures_made += 1;
    }
    Ok(())
}

/// A signature over what is signed of one part.
pub(super) fn signature_of(
    identity: &Identity,
    part: &Part,
    id: String,
    at: Moment,
    attributes: bool,
) -> Result<Signature, SignError> {
    let digest = digests(part.to_sign()).sha256;
    Ok(Signature {
        id,
        bytes: sign_detached(identity, &digest, at, attributes)?,
        thumbprint: Some(identity.thumbprint.clone()),
        third_party: false,
    })
}

pub(super) fn digests(content: Option<&Pieces>) -> Digests {
    Digests::of_pieces(content.into_iter().flat_map(Pieces::iter))
}

/// The bytes that a decryption gives: unpacked when that was asked for.
fn decrypt(world: &mut World, document: usize, unzip: bool) -> Option<String> {
    let content_id = world.ids.guid();
    let stored = world.options.extern_options.store_decrypted;
    let external = &mut world.external;
    let known = external.documents.get_mut(document)?;
    let encryption = known.encryption.as_ref()?;
    let account = external.docflows.get(known.docflow)?.account;
    let (body, compression) = if unzip {
        (known.plain.whole(), super::state::Compression::None)
    } else {
        (encryption.inside.clone(), encryption.compression)
    };
    external
        .contents
        .keep(&content_id, account, "application/octet-stream", body);
    if stored {
        known.readable.push(Readable {
            content_id: content_id.clone(),
            compression,
        });
    }
    Some(content_id)
}
