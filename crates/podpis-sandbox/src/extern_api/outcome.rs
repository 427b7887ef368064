//! Decides what a confirmed operation brings: signatures under every document, or a readable content.
//!
//! **Invariant:** an outcome is attached once; attaching again changes nothing and gives the same content.

use super::contents_store::Pieces;
use super::state::Room;
use super::things::{Certificate, Compression, Part, Readable, Signature};
use super::work::Work;
use crate::moment::Moment;
use crate::room::Shared;
use crate::signer::{Digests, Identity, SignError, sign_detached};

/// Puts the outcome of a confirmed operation where it belongs, and gives the id of a decrypted content.
pub(super) fn attach(
    room: &mut Room<'_>,
    index: usize,
    at: Moment,
) -> Result<Option<String>, SignError> {
    let Some(operation) = room.own.operations.get(index) else {
        return Ok(None);
    };
    if operation.work.attached {
        return Ok(operation.work.content_id.clone());
    }
    let (work, certificate) = (operation.work.work, operation.work.certificate);
    let content_id = match work {
        Work::Draft { draft } => {
            let own = &mut *room.own;
            let parts = own.drafts.get_mut(draft).map(|known| &mut known.parts);
            let signer = own.certificates.get(certificate);
            sign_parts(room.shared, signer, parts, at)?;
            None
        }
        Work::Reply { reply } => {
            sign_reply(room, reply, certificate, at)?;
            None
        }
        Work::Decryption { document, unzip } => decrypt(room, document, unzip),
    };
    if let Some(known) = room.own.operations.get_mut(index) {
        known.work.attached = true;
        known.work.content_id.clone_from(&content_id);
    }
    Ok(content_id)
}

/// Signs every part of a reply.
pub(super) fn sign_reply(
    room: &mut Room<'_>,
    reply: usize,
    certificate: usize,
    at: Moment,
) -> Result<(), SignError> {
    let own = &mut *room.own;
    let parts = own.replies.get_mut(reply).map(|known| &mut known.parts);
    let signer = own.certificates.get(certificate);
    sign_parts(room.shared, signer, parts, at)
}

fn sign_parts(
    shared: &mut Shared,
    signer: Option<&Certificate>,
    parts: Option<&mut Vec<Part>>,
    at: Moment,
) -> Result<(), SignError> {
    let (Some(signer), Some(parts)) = (signer, parts) else {
        return Ok(());
    };
    let attributes = shared.options.signed_attributes;
    let mut signed = Vec::with_capacity(parts.len());
    for part in &*parts {
        let id = shared.ids.guid();
        signed.push(signature_of(&signer.identity, part, id, at, attributes)?);
    }
    for (part, signature) in parts.iter_mut().zip(signed) {
        part.signature = Some(signature);
        shared.journal.counters.signatures_made += 1;
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
fn decrypt(room: &mut Room<'_>, document: usize, unzip: bool) -> Option<String> {
    let content_id = room.guid();
    let stored = room.own.options.store_decrypted;
    let external = &mut *room.own;
    let known = external.documents.get_mut(document)?;
    let encryption = known.encryption.as_ref()?;
    let account = external.docflows.get(known.docflow)?.account;
    let (body, compression) = if unzip {
        (known.plain.whole(), Compression::None)
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
