//! What a SignAndAttach keeps in its record.
//!
//! **Invariant:** names, digests (in the record's files), handles and signatures; never a byte of a document. The
//! record of the step that is at work is whole inside this one.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use podpis_diadoc_proto::events::PowerOfAttorneyToPost;
use podpis_diadoc_proto::prost::Message as _;
use serde::{Deserialize, Serialize};

use crate::document_signature::{
    Breach, DocumentSignature, PowerOfAttorney, Rule, SignatureSource,
};
use crate::prepare::{DocumentRef, PatchedContent, PostedBy};
use crate::{EntityId, MessageId, PatchedContentId, cloud_sign, dss_sign, posting};

/// The client's part of the record.
#[derive(Clone, Serialize, Deserialize)]
#[expect(missing_debug_implementations, reason = "it is for the journal alone")]
pub struct Record {
    #[serde(rename = "box")]
    pub(super) in_box: String,
    pub(super) message: String,
    /// In the order of the record's files.
    pub(super) documents: Vec<Signee>,
    #[serde(default)]
    pub(super) approval: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) labels: Vec<String>,
    /// The power of attorney as it is posted, in Base64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) power_of_attorney: Option<String>,
    #[serde(flatten)]
    pub(super) signing: Signing,
    pub(super) step: Step,
    /// The record of the posting, once there is something to post.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) posting: Option<posting::Record>,
    /// What the message showed in the end.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) seen: Vec<Seen>,
    /// Why who signed was not trusted when the signatures came: they are unfit, and nothing else is wrong with them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) untrusted: Option<String>,
}

/// A document that is signed.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Signee {
    pub(super) entity: String,
    /// The name of the prepared content that is signed instead of what is stored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) patched: Option<String>,
}

/// Which of the other operations signs, with its record.
#[derive(Clone, Serialize, Deserialize)]
#[serde(tag = "by", content = "signing", rename_all = "snake_case")]
pub(super) enum Signing {
    Dss(dss_sign::Record),
    Sms(cloud_sign::Record),
    /// None: the service makes a test signature.
    Test,
}

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Step {
    /// The person confirms, or the service signs.
    Signing,
    /// The signatures are posted.
    Posting,
    /// They were posted, and the message does not show them yet.
    Reading,
    /// They are in the message.
    Attached,
    /// What came back are not signatures that may be attached.
    Unfit,
}

/// A signature in the message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Seen {
    /// The document.
    pub(super) entity: String,
    pub(super) signature: String,
    /// Whether the service said by then that it is not valid.
    #[serde(default)]
    pub(super) rejected: bool,
}

impl Record {
    /// This record at another step.
    pub(super) fn at(&self, step: Step) -> Self {
        Self {
            step,
            ..self.clone()
        }
    }

    /// This record, about to post these signatures.
    pub(super) fn about_to_post(&self, signatures: &[DocumentSignature]) -> Self {
        let signatures = signatures.iter().map(Into::into);
        let posting = posting::Record::patch(&self.in_box, &self.message, signatures);
        Self {
            step: Step::Posting,
            posting: Some(posting),
            ..self.clone()
        }
    }

    pub(super) fn message(&self) -> MessageId {
        MessageId::new(self.message.as_str())
    }

    /// The signature of a document as it is posted.
    pub(super) fn signature(
        &self,
        signee: &Signee,
        source: SignatureSource,
    ) -> Result<DocumentSignature, Breach> {
        let entity = EntityId::new(signee.entity.as_str());
        let mut builder = DocumentSignature::builder(&entity, source);
        if let Some(patched) = &signee.patched {
            let document = DocumentRef::new(&self.message(), &entity);
            let id = PatchedContentId::new(patched.as_str());
            builder = builder.patched_content(&PatchedContent::new(
                document,
                PostedBy::PostMessagePatch,
                id,
            ));
        }
        if self.approval {
            builder = builder.approval();
        }
        for label in &self.labels {
            builder = builder.label(label.as_str());
        }
        if let Some(power) = self.power_of_attorney()? {
            builder = builder.power_of_attorney(power);
        }
        builder.build()
    }

    fn power_of_attorney(&self) -> Result<Option<PowerOfAttorney>, Breach> {
        let Some(text) = &self.power_of_attorney else {
            return Ok(None);
        };
        let bytes = STANDARD.decode(text).ok();
        let wire = bytes.and_then(|bytes| PowerOfAttorneyToPost::decode(bytes.as_slice()).ok());
        let wire = wire.ok_or_else(|| {
            Breach::new(Rule::Poa1, "the stored power of attorney cannot be read")
        })?;
        PowerOfAttorney::try_from(wire).map(Some)
    }
}

/// A power of attorney as it is kept.
pub(super) fn keep(power: &PowerOfAttorney) -> String {
    STANDARD.encode(PowerOfAttorneyToPost::from(power).encode_to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_power_of_attorney_that_cannot_be_read_is_never_left_out() {
        let mut record = Record {
            in_box: "box".to_owned(),
            message: "m".to_owned(),
            documents: Vec::new(),
            approval: false,
            labels: Vec::new(),
            power_of_attorney: Some(keep(&PowerOfAttorney::by_default())),
            signing: Signing::Test,
            step: Step::Signing,
            posting: None,
            seen: Vec::new(),
            untrusted: None,
        };
        let signee = Signee {
            entity: "e".to_owned(),
            patched: None,
        };
        let signature = |record: &Record| record.signature(&signee, SignatureSource::Test);
        let power = PowerOfAttorney::by_default();
        let made = signature(&record).unwrap();
        assert_eq!(made.power_of_attorney(), Some(&power));
        for unreadable in ["?", "CAE="] {
            record.power_of_attorney = Some(unreadable.to_owned());
            assert!(signature(&record).is_err(), "{unreadable}");
        }
    }
}
