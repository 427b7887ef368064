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
    Breach, DocumentSenderSignature, DocumentSignature, PowerOfAttorney, Rule, SignatureSource,
};
use crate::message::same_id;
use crate::posting::Posted;
use crate::prepare::{DocumentRef, PatchedContent, PostedBy};
use crate::{EntityId, MessageId, PatchedContentId, cloud_sign, dss_sign, posting};

/// The client's part of the record.
#[derive(Clone, Serialize, Deserialize)]
#[expect(missing_debug_implementations, reason = "it is for the journal alone")]
pub struct Record {
    #[serde(rename = "box")]
    pub(super) in_box: String,
    /// That of all documents that do not name another one.
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
    /// The record of the posting, once there is something to post: of that for the present message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) posting: Option<posting::Record>,
    /// Those for the messages that come after it, each with its own operationId.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) later: Vec<posting::Record>,
    /// What came of those before it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) ended: Vec<Ended>,
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
    /// The message it is in, where that is not the one of the record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) message: Option<String>,
    pub(super) entity: String,
    /// Whether that message is a draft, which is sent with the signatures of all its documents.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) in_draft: bool,
    /// The name of the prepared content that is signed instead of what is stored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) patched: Option<String>,
}

/// A signature as it is posted.
#[derive(Clone, Debug)]
pub(super) enum ToPost {
    /// To a message, by a patch.
    Message(DocumentSignature),
    /// With a draft that is sent.
    Draft(DocumentSenderSignature),
}

/// What came of the posting for a message before the present one.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Ended {
    /// It is in the message.
    Posted(Posted),
    /// The service did not take it; the signatures stay in the posting.
    Refused {
        posting: Box<posting::Record>,
        reason: String,
    },
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
    /// The document, as it was named.
    pub(super) entity: String,
    /// The message that its draft became.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) message: Option<String>,
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

    /// This record, about to post these signatures: a patch for each message, and each draft sent, in the order in which
    /// they were named. All bodies and their operationIds are in it before the first of them is sent.
    pub(super) fn about_to_post(&self, signatures: &[(&Signee, ToPost)]) -> Self {
        let mut messages: Vec<&str> = Vec::new();
        for (signee, _) in signatures {
            let message = self.message_of(signee);
            if !messages.iter().any(|known| same_id(known, message)) {
                messages.push(message);
            }
        }
        let mut postings = messages.into_iter().map(|message| {
            let of_it = signatures
                .iter()
                .filter(|(signee, _)| same_id(self.message_of(signee), message));
            let (mut patch, mut sent) = (Vec::new(), Vec::new());
            for (_, signature) in of_it {
                match signature {
                    ToPost::Message(signature) => patch.push(signature.into()),
                    ToPost::Draft(signature) => sent.push(signature.into()),
                }
            }
            match sent.is_empty() {
                true => posting::Record::patch(&self.in_box, message, patch),
                false => posting::Record::draft(&self.in_box, message, sent),
            }
        });
        Self {
            step: Step::Posting,
            posting: postings.next(),
            later: postings.collect(),
            ..self.clone()
        }
    }

    /// This record, now that the message shows these too.
    pub(super) fn seeing(&self, seen: Vec<Seen>) -> Self {
        let mut here = self.clone();
        here.seen.extend(seen);
        here
    }

    /// This record, about to post to the next message, now that this became of the present posting; none where there is
    /// no further one.
    pub(super) fn after(&self, ended: Ended) -> Option<Self> {
        let mut later = self.later.iter().cloned();
        let next = later.next()?;
        let mut all = self.ended.clone();
        all.push(ended);
        Some(Self {
            step: Step::Posting,
            posting: Some(next),
            later: later.collect(),
            ended: all,
            ..self.clone()
        })
    }

    /// The message that a document is in.
    pub(super) fn message_of<'r>(&'r self, signee: &'r Signee) -> &'r str {
        signee.message.as_deref().unwrap_or(&self.message)
    }

    /// What was posted, in the order of the messages.
    pub(super) fn posted(&self) -> Vec<Posted> {
        let earlier = self.ended.iter().filter_map(|ended| match ended {
            Ended::Posted(posted) => Some(posted),
            Ended::Refused { .. } => None,
        });
        let last = self.posting.as_ref().and_then(posting::Record::posted);
        earlier.chain(last).cloned().collect()
    }

    /// Why the service did not take the signatures of a message.
    pub(super) fn refusal_of(&self, message: &str) -> Option<&str> {
        self.ended.iter().find_map(|ended| match ended {
            Ended::Refused { posting, reason } => {
                let patched = posting.message()?;
                same_id(patched.as_str(), message).then_some(reason.as_str())
            }
            Ended::Posted(_) => None,
        })
    }

    /// The signature of a document as it is posted.
    pub(super) fn signature(
        &self,
        signee: &Signee,
        source: SignatureSource,
    ) -> Result<ToPost, Breach> {
        let entity = EntityId::new(signee.entity.as_str());
        let patched = signee.patched.as_ref().map(|patched| {
            let message = MessageId::new(self.message_of(signee));
            let posted_by = match signee.in_draft {
                true => PostedBy::SendDraft,
                false => PostedBy::PostMessagePatch,
            };
            let id = PatchedContentId::new(patched.as_str());
            PatchedContent::new(DocumentRef::new(&message, &entity), posted_by, id)
        });
        if signee.in_draft {
            let mut builder = DocumentSenderSignature::builder(&entity, source);
            if let Some(patched) = &patched {
                builder = builder.patched_content(patched);
            }
            if let Some(power) = self.power_of_attorney()? {
                builder = builder.power_of_attorney(power);
            }
            return builder.build().map(ToPost::Draft);
        }
        let mut builder = DocumentSignature::builder(&entity, source);
        if let Some(patched) = &patched {
            builder = builder.patched_content(patched);
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
        builder.build().map(ToPost::Message)
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
        let record = Record {
            in_box: "box".to_owned(),
            message: "m".to_owned(),
            documents: Vec::new(),
            approval: false,
            labels: Vec::new(),
            power_of_attorney: Some(keep(&PowerOfAttorney::by_default())),
            signing: Signing::Test,
            step: Step::Signing,
            posting: None,
            later: Vec::new(),
            ended: Vec::new(),
            seen: Vec::new(),
            untrusted: None,
        };
        let signee = Signee {
            message: None,
            entity: "e".to_owned(),
            in_draft: false,
            patched: None,
        };
        let power = PowerOfAttorney::by_default();
        for in_draft in [false, true] {
            let signee = Signee {
                in_draft,
                ..signee.clone()
            };
            let signature = |record: &Record| record.signature(&signee, SignatureSource::Test);
            let made = signature(&record).unwrap();
            let posted = match &made {
                ToPost::Message(made) => made.power_of_attorney(),
                ToPost::Draft(made) => made.power_of_attorney(),
            };
            assert_eq!(posted, Some(&power));
            let mut record = record.clone();
            for unreadable in ["?", "CAE="] {
                record.power_of_attorney = Some(unreadable.to_owned());
                assert!(signature(&record).is_err(), "{unreadable}");
            }
        }
    }
}
