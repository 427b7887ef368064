//! Decides what `POST /PrepareDocumentsToSign` makes: contents with a signer in them, in a temporary storage.
//!
//! **Invariant:** the documents themselves stay as they are. Only those that can be prepared come back, last first,
//! because a client has to find them by their ids.

use bytes::Bytes;
use podpis_diadoc_proto::DocumentId;
use podpis_diadoc_proto::events::{
    DocumentPatchedContent, PrepareDocumentsToSignRequest, PrepareDocumentsToSignResponse,
};
use podpis_diadoc_proto::invoicing::Signer;
use podpis_diadoc_proto::invoicing::signers::ExtendedSigner;

use super::super::boxes;
use super::store::Prepared;
use super::types::is_formalized;
use super::{body, rules};
use crate::answer::{Handled, Needed as _, Reply, bad_request};
use crate::call::Call;
use crate::diadoc::state::Room;

/// Who is put into a content.
struct Signing<'a> {
    signer: Option<&'a Signer>,
    extended: &'a [ExtendedSigner],
    /// The block itself, for universal signers.
    block: Option<&'a Bytes>,
}

/// A content on its way into the temporary storage.
struct Made {
    place: Option<(String, String)>,
    content: Bytes,
}

/// The three lists of a request say it in the same words.
macro_rules! signing {
    ($one:ident) => {
        Signing {
            signer: $one.signer.as_ref(),
            extended: &$one.extended_signer,
            block: $one.signer_content.as_ref(),
        }
    };
}

/// `POST /PrepareDocumentsToSign`.
pub(crate) fn documents(room: &mut Room, user: usize, call: &Call) -> Handled {
    let request: PrepareDocumentsToSignRequest = body(call)?;
    boxes::check_field(&request.box_id)?;
    let without_content = call.query.switch("excludeContent")?;
    let mut made = Vec::new();
    for one in &request.draft_documents {
        made.extend(in_box(room, user, &one.document_id, true, &signing!(one))?);
    }
    for one in &request.documents {
        made.extend(in_box(room, user, &one.document_id, false, &signing!(one))?);
    }
    for one in &request.contents {
        let signing = signing!(one);
        check(&signing, &one.type_named_id)?;
        let content = rules::unsigned_content(room, user, &one.content)?;
        let content = with_signer(&content, &signer_text(room, user, &signing));
        let content = content.filter(|_| is_formalized(&one.type_named_id));
        let place = None;
        made.extend(content.map(|content| Made { place, content }));
    }
    let until = call.now.after(room.own.messages.options.prepared_life);
    let mut answer = Vec::with_capacity(made.len());
    for Made { place, content } in made.into_iter().rev() {
        let id = room.guid();
        // No source says what DocumentId is for a content that is not in Diadoc; it is required, so it is empty.
        let (message_id, entity_id) = place.clone().unwrap_or_default();
        answer.push(DocumentPatchedContent {
            document_id: DocumentId {
                message_id,
                entity_id,
            },
            patched_content_id: id.clone(),
            content: (!without_content).then(|| content.clone()),
        });
        let prepared = Prepared {
            place,
            content,
            until,
        };
        room.own.messages.prepared.add(prepared, [&*id]);
    }
    Ok(Reply::message(&PrepareDocumentsToSignResponse {
        document_patched_contents: answer,
    }))
}

/// A document in the box: of a draft, or of a message that was not sent.
fn in_box(
    room: &Room,
    user: usize,
    id: &DocumentId,
    of_draft: bool,
    signing: &Signing<'_>,
) -> Handled<Option<Made>> {
    let message = room
        .own
        .messages
        .get(&id.message_id)
        .filter(|known| known.is_draft == of_draft && !known.recycled)
        .or_not_found("The box has no such message or draft.")?;
    let (entity, document) = message
        .documents()
        .find(|(known, _)| known.id.eq_ignore_ascii_case(&id.entity_id))
        .or_not_found("The message has no such document.")?;
    check(signing, &document.type_named_id)?;
    // Only the first title can be prepared, and only while nothing of it is sent or signed.
    let is_open = message.outgoing
        && document.can_be_prepared
        && document.sent_at.is_none()
        && !message.is_signed(&entity.id, true);
    if !is_open {
        return Ok(None);
    }
    let text = signer_text(room, user, signing);
    Ok(with_signer(&entity.content, &text).map(|content| Made {
        place: Some((message.id.clone(), entity.id.clone())),
        content,
    }))
}

/// R-PRP-1.
fn check(signing: &Signing<'_>, type_named_id: &str) -> Handled<()> {
    if signing.extended.len() > 1 {
        return bad_request("R-PRP-1: more than one ExtendedSigner for a document.");
    }
    let Some(signer) = signing.signer else {
        return Ok(());
    };
    if type_named_id
        .to_ascii_lowercase()
        .starts_with("universaltransferdocument")
    {
        return bad_request(
            "R-PRP-1: a universal transfer document takes an ExtendedSigner, not a Signer.",
        );
    }
    let is_empty = signer.signer_certificate.is_none()
        && signer.signer_details.is_none()
        && (signer.signer_certificate_thumbprint.as_ref()).is_none_or(String::is_empty);
    if is_empty {
        return bad_request("R-PRP-1: a Signer names a certificate, its thumbprint or the person.");
    }
    Ok(())
}

/// The block that names the signer: the one that was given, or the person's name as far as it is known.
fn signer_text(room: &Room, user: usize, signing: &Signing<'_>) -> Bytes {
    if let Some(block) = signing.block {
        return block.clone();
    }
    let plain = signing.signer.and_then(|one| one.signer_details.as_ref());
    let plain = plain.map(|known| (&known.surname, &known.first_name));
    let extended = signing.extended.first();
    let extended = extended.and_then(|one| one.signer_details.as_ref());
    let extended = extended.map(|known| (&known.surname, &known.first_name));
    let name = match (plain.or(extended), room.shared.people.get(user)) {
        (Some((surname, name)), _) => format!("{surname} {name}"),
        (None, user) => user.map(|user| user.name.to_owned()).unwrap_or_default(),
    };
    let name = name.chars().filter(|sign| !matches!(sign, '<' | '>' | '&'));
    let name: String = name.collect();
    format!("<Подписант>{name}</Подписант>").into()
}

/// The content with the block before the end of its root element; none when it is not XML.
fn with_signer(content: &Bytes, block: &Bytes) -> Option<Bytes> {
    let end = content.windows(2).rposition(|two| two == b"</")?;
    let (before, after) = content.split_at_checked(end)?;
    Some([before, block.as_ref(), after].concat().into())
}
