//! Decides what a posted signature may look like: what its value alone shows.
//!
//! **Invariant:** a broken rule is refused before anything is changed, and its name from the wire description is in
//! the refusal, so that a person finds it.

use bytes::Bytes;
use podpis_diadoc_proto::ContentV3;
use podpis_diadoc_proto::events::{
    DocumentSenderSignature, DocumentSignature, PowerOfAttorneyInfo, PowerOfAttorneyToPost,
    SignedContent, UnsignedContent,
};
use podpis_diadoc_proto::powers_of_attorney::{
    PowerOfAttorneyFullId, PowerOfAttorneySendingType as SendingType,
    PowerOfAttorneyValidationStatus, PowerOfAttorneyValidationStatusNamedId as Status,
};

use super::super::{shelf, source};
use crate::answer::{Handled, Refusal, bad_request};
use crate::diadoc::places::ORGANIZATION;
use crate::diadoc::state::Room;
use crate::signer;

/// The power of attorney that every employee has by default.
const DEFAULT_POWER: &str = "d0b3a6c2-6666-4c5e-9a57-0d1ad0c00001";
const MOST_LABELS: usize = 30;
const LONGEST_LABEL: usize = 20;

/// A signature as a body names it, whichever message carried it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Named<'a> {
    pub(super) parent: &'a str,
    bytes: Option<&'a Bytes>,
    on_shelf: Option<&'a str>,
    test: bool,
    pub(super) approval: bool,
    pub(super) prepared: Option<&'a str>,
    pub(super) labels: &'a [String],
    power: Option<&'a PowerOfAttorneyToPost>,
}

impl<'a> From<&'a DocumentSignature> for Named<'a> {
    fn from(posted: &'a DocumentSignature) -> Self {
        Self {
            parent: &posted.parent_entity_id,
            bytes: posted.signature.as_ref(),
            on_shelf: said(posted.signature_name_on_shelf.as_deref()),
            test: posted.sign_with_test_signature.unwrap_or_default(),
            approval: posted.is_approvement_signature.unwrap_or_default(),
            prepared: said(posted.patched_content_id.as_deref()),
            labels: &posted.labels,
            power: posted.power_of_attorney.as_ref(),
        }
    }
}

impl<'a> From<&'a DocumentSenderSignature> for Named<'a> {
    fn from(posted: &'a DocumentSenderSignature) -> Self {
        Self {
            parent: &posted.parent_entity_id,
            bytes: posted.signature.as_ref(),
            test: posted.sign_with_test_signature.unwrap_or_default(),
            prepared: said(posted.patched_content_id.as_deref()),
            power: posted.power_of_attorney.as_ref(),
            ..Self::default()
        }
    }
}

impl<'a> From<&'a SignedContent> for Named<'a> {
    fn from(posted: &'a SignedContent) -> Self {
        Self {
            bytes: posted.signature.as_ref(),
            on_shelf: said(posted.signature_name_on_shelf.as_deref()),
            test: posted.sign_with_test_signature.unwrap_or_default(),
            power: posted.power_of_attorney.as_ref(),
            ..Self::default()
        }
    }
}

impl<'a> Named<'a> {
    /// The same, of this document.
    pub(super) fn of(self, document: &'a str) -> Self {
        Self {
            parent: document,
            ..self
        }
    }

    /// Whether a power of attorney comes with it.
    pub(super) fn has_power(&self) -> bool {
        self.power.is_some()
    }

    /// Whether it names a signature at all.
    pub(super) fn is_there(&self) -> bool {
        self.bytes.is_some() || self.on_shelf.is_some() || self.test
    }
}

/// An empty string says nothing, because some senders write empty fields.
fn said(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.is_empty())
}

/// Where the bytes of a signature come from.
#[derive(Clone, Debug)]
pub(super) enum Source {
    Given(Bytes),
    /// The server makes it.
    Test,
}

/// Exactly one source, and what it gives has the shape of a signature (R-SIG-3, R-SIG-4, R-SIG-6, R-CMS-1 to 3).
pub(super) fn signature(room: &Room, user: usize, named: &Named<'_>) -> Handled<Source> {
    let bytes = match (named.bytes, named.on_shelf, named.test) {
        (Some(bytes), None, false) => bytes.clone(),
        (None, Some(name), false) => on_shelf(room, user, name)?,
        (None, None, true) if room.own.messages.options.test_signatures => {
            return Ok(Source::Test);
        }
        (None, None, true) => {
            return Err(Refusal::forbidden("This box takes no test signatures."));
        }
        _ => {
            return bad_request(
                "R-SIG-3: a signature is given in exactly one way: its bytes, a name on the shelf, or the request for a test signature.",
            );
        }
    };
    signer::shape(&bytes).map_err(|error| Refusal::bad_request(error.to_string()))?;
    Ok(Source::Given(bytes))
}

/// What a local name on the shelf stands for.
fn on_shelf(room: &Room, user: usize, name: &str) -> Handled<Bytes> {
    if name.contains('/') {
        return bad_request(
            "R-SIG-6: names on the shelf are local here, without __userId__/ or a user's id.",
        );
    }
    shelf::named(room, user, name)
}

/// The bytes of a document that is posted with a signature (R-SRC-1).
pub(super) fn signed_content(room: &Room, user: usize, posted: &SignedContent) -> Handled<Bytes> {
    content(room, user, &posted.content, &posted.name_on_shelf)
}

/// The same, of a content without a signature.
pub(super) fn unsigned_content(
    room: &Room,
    user: usize,
    posted: &UnsignedContent,
) -> Handled<Bytes> {
    content(room, user, &posted.content, &posted.name_on_shelf)
}

fn content(
    room: &Room,
    user: usize,
    bytes: &Option<Bytes>,
    name: &Option<String>,
) -> Handled<Bytes> {
    match (bytes, said(name.as_deref())) {
        (Some(bytes), None) if !bytes.is_empty() => Ok(bytes.clone()),
        (None, Some(name)) => on_shelf(room, user, name),
        (Some(_), None) => bad_request("The content of a document is empty."),
        _ => bad_request(
            "R-SRC-1: a document names exactly one of its content and a name on the shelf.",
        ),
    }
}

/// R-LBL-1.
pub(super) fn labels(labels: &[String]) -> Handled<()> {
    let is_fine = |label: &String| {
        !label.is_empty()
            && label.len() <= LONGEST_LABEL
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let is_repeated = |(place, label): (usize, &String)| {
        labels
            .iter()
            .take(place)
            .any(|other| other.eq_ignore_ascii_case(label))
    };
    if labels.len() <= MOST_LABELS
        && labels.iter().all(is_fine)
        && !labels.iter().enumerate().any(is_repeated)
    {
        Ok(())
    } else {
        bad_request(
            "R-LBL-1: at most 30 different labels, each of at most 20 Latin letters, digits and hyphens.",
        )
    }
}

/// R-POA-1 to 3. The sandbox does not read powers of attorney: of one that comes as a file it only knows that it came.
pub(super) fn power(
    room: &Room,
    user: usize,
    named: &Named<'_>,
) -> Handled<Option<PowerOfAttorneyInfo>> {
    let Some(power) = named.power else {
        return Ok(None);
    };
    let from_document = power.use_document_content.unwrap_or_default();
    let ways = [
        power.full_id.is_some(),
        power.use_default,
        power.content.is_some(),
        !power.contents.is_empty(),
        from_document,
    ];
    if ways.into_iter().filter(|way| *way).count() != 1 {
        return bad_request("R-POA-1: a power of attorney is named in exactly one way.");
    }
    let names_representative = |id: &PowerOfAttorneyFullId| {
        let inn = id.representative_inn.as_deref();
        inn.is_some_and(|inn| !inn.is_empty())
    };
    // Since 2025-10-28, although the schema has the field optional.
    if !power.full_id.iter().all(names_representative) {
        return bad_request(
            "PowerOfAttorney.FullId.RepresentativeInn: RepresentativeInn is not provided",
        );
    }
    for file in power.content.iter().chain(&power.contents) {
        let read = |content: &ContentV3| source::resolve_v3(room, user, content);
        read(&file.content)?;
        read(&file.signature)?;
    }
    let is_file = power.content.is_some() || !power.contents.is_empty();
    // SendAsFile counts only with FullId or UseDefault (R-POA-3); for the other ways it says nothing.
    let sent_as_file =
        (power.full_id.is_some() || power.use_default) && power.send_as_file.unwrap_or_default();
    let sending = if is_file || sent_as_file {
        SendingType::FILE
    } else if from_document {
        SendingType::DOCUMENT_CONTENT
    } else {
        SendingType::METADATA
    };
    let full_id = power
        .full_id
        .clone()
        .unwrap_or_else(|| PowerOfAttorneyFullId {
            registration_number: DEFAULT_POWER.to_owned(),
            issuer_inn: ORGANIZATION.inn.to_owned(),
            representative_inn: None,
        });
    Ok(Some(PowerOfAttorneyInfo {
        full_id,
        status: Some(PowerOfAttorneyValidationStatus {
            status_named_id: Some(Status::IS_VALID.number()),
            ..PowerOfAttorneyValidationStatus::default()
        }),
        sending_type: Some(sending.number()),
    }))
}
