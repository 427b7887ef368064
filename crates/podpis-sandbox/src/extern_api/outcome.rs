//! Decides what a confirmed operation brings: signatures under every document, or a readable content.
//!
//! **Invariant:** an outcome is attached once; attaching again changes nothing and gives the same content.

use super::call::Call;
use super::contents_store::Pieces;
use super::state::Room;
use super::things::{Certificate, Compression, Part, Readable, Signature};
use super::work::Work;
use crate::answer::Handled;
use crate::moment::Moment;
use crate::options::Signatures;
use crate::room::Shared;
use crate::signer::{Digests, Identity, Making, Manner, rearrange, sign_detached};

/// Puts the outcome of a confirmed operation where it belongs, and gives the id of a decrypted content.
pub(super) fn attach(room: &mut Room, index: usize, at: Moment) -> Handled<Option<String>> {
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
            sign_parts(room.shared, own.certificates.get(certificate), parts, at)?;
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
    room: &mut Room,
    reply: usize,
    certificate: usize,
    at: Moment,
) -> Handled<()> {
    let own = &mut *room.own;
    let parts = own.replies.get_mut(reply).map(|known| &mut known.parts);
    sign_parts(room.shared, own.certificates.get(certificate), parts, at)
}

fn sign_parts(
    shared: &mut Shared,
    signer: Option<&Certificate>,
    parts: Option<&mut Vec<Part>>,
    at: Moment,
) -> Handled<()> {
    let (Some(signer), Some(parts)) = (signer, parts) else {
        return Ok(());
    };
    let mut signed = Vec::with_capacity(parts.len());
    for part in &*parts {
        let id = shared.ids.guid();
        signed.push(signature_of(
            &signer.identity,
            part,
            id,
            at,
            &shared.manner,
        )?);
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
    manner: &Manner,
) -> Handled<Signature> {
    let content = digests(manner.signatures, part.to_sign());
    Ok(Signature {
        id,
        bytes: sign_detached(identity, &content, at, manner)?,
        thumbprint: Some(identity.thumbprint.clone()),
        third_party: false,
    })
}

pub(super) fn digests(signatures: Signatures, content: Option<&Pieces>) -> Digests {
    Digests::of_pieces(signatures, content.into_iter().flat_map(Pieces::iter))
}

/// The bytes that a decryption gives: unpacked when that was asked for.
fn decrypt(room: &mut Room, document: usize, unzip: bool) -> Option<String> {
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

/// The signature of the part at `at`, as this answer gives it. Permuted, doubled and missing signatures are those
/// of the whole list, of which one is fetched; the other faults spoil the one that is fetched.
pub(super) fn spoiled(
    room: &Room,
    call: &Call,
    certificate: Option<usize>,
    parts: &[Part],
    at: usize,
) -> Handled<Option<Vec<u8>>> {
    let mut all: Vec<Option<Vec<u8>>> = parts
        .iter()
        .map(|part| part.signature.as_ref().map(|known| known.bytes.clone()))
        .collect();
    let Some(fault) = call.signature_fault else {
        return Ok(all.into_iter().nth(at).flatten());
    };
    rearrange(fault, &mut all);
    let Some(bytes) = all.into_iter().nth(at).flatten() else {
        return Ok(None);
    };
    let content = digests(
        room.shared.manner.signatures,
        parts.get(at).and_then(Part::to_sign),
    );
    let signer = certificate.and_then(|known| room.own.certificate(known));
    let making = Making {
        signer: signer.map(|known| &known.identity),
        content: Some(&content),
        at: call.now,
    };
    room.shared.spoil(fault, &bytes, &making).map(Some)
}
