//! What a DocumentSignature and a DocumentSenderSignature have in common.
//!
//! **Invariant:** a prepared content goes only with the signature of the very document it was prepared for, and only
//! into the post that it was prepared for.

use bytes::Bytes;
use podpis_core::Error;
use podpis_core::client::GivenSignature;
use podpis_diadoc_proto::certificates::CertificateSubjectType;

use super::power_of_attorney::PowerOfAttorney;
use super::rule::{Breach, Rule};
use super::source::SignatureSource;
use crate::message::{Message, same_id};
use crate::prepare::{PatchedContent, PostedBy, PreparedDocument};
use crate::{Diadoc, EntityId, PatchedContentId};

#[derive(Clone, Debug)]
pub(super) struct Parts {
    pub(super) parent: EntityId,
    pub(super) source: SignatureSource,
    pub(super) patched: Option<Patched>,
    pub(super) power_of_attorney: Option<PowerOfAttorney>,
    pub(super) subject_type: Option<CertificateSubjectType>,
    /// The bytes that are signed, where they are known.
    pub(super) content: Option<Bytes>,
}

/// A prepared content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Patched {
    For(PatchedContent),
    /// From a message that was filled by hand: what it is for is not told.
    Named(PatchedContentId),
}

impl Patched {
    pub(super) fn id(&self) -> &PatchedContentId {
        match self {
            Self::For(content) => &content.id,
            Self::Named(id) => id,
        }
    }
}

impl Parts {
    pub(super) fn new(parent: &EntityId, source: SignatureSource) -> Self {
        Self {
            parent: parent.clone(),
            source,
            patched: None,
            power_of_attorney: None,
            subject_type: None,
            content: None,
        }
    }

    pub(super) fn of_prepared(prepared: &PreparedDocument, source: SignatureSource) -> Self {
        let patched = prepared.patched.clone();
        let parts = Self::new(&patched.document.entity, source);
        Self {
            patched: Some(Patched::For(patched)),
            content: prepared.content.clone(),
            ..parts
        }
    }

    /// The signature, where its bytes are here, to be judged by whom it is.
    pub(super) fn to_judge(&self) -> Option<GivenSignature> {
        let name = format!("the document {}", self.parent);
        self.source.to_judge(&name, self.content.as_ref())
    }

    /// With a power of attorney that is here put on the shelf.
    pub(super) async fn by_shelf(mut self, diadoc: &Diadoc) -> Result<Self, Error> {
        if let Some(power) = self.power_of_attorney.take() {
            self.power_of_attorney = Some(power.by_shelf(diadoc).await?);
        }
        Ok(self)
    }

    /// Checks what shows without the message; gives warnings.
    pub(super) fn check(
        &self,
        one_source: Rule,
        posted_by: PostedBy,
    ) -> Result<Vec<Breach>, Breach> {
        if self.parent.as_str().trim().is_empty() {
            return Err(Breach::new(Rule::Sig2, "no entity is named as the parent"));
        }
        let mut warnings = self.source.check(one_source)?;
        warnings.extend(self.check_patched(posted_by)?);
        if let Some(content) = &self.content {
            let rule = if self.patched.is_some() {
                Rule::Sig7
            } else {
                Rule::Cms6
            };
            self.source.check_bytes(rule, content)?;
        }
        match &self.power_of_attorney {
            Some(power) => power.check()?,
            None if self.is_by_a_person() => {
                let text =
                    "the certificate is a physical person's, and there is no power of attorney";
                warnings.push(Breach::new(Rule::Poa4, text));
            }
            None => {}
        }
        Ok(warnings)
    }

    fn check_patched(&self, posted_by: PostedBy) -> Result<Option<Breach>, Breach> {
        let breach = |text: String| Breach::new(Rule::Sig7, text);
        match &self.patched {
            None => Ok(None),
            Some(patched) if patched.id().as_str().trim().is_empty() => {
                Err(breach("the prepared content has no name".to_owned()))
            }
            Some(Patched::For(content)) => {
                let entity = &content.document.entity;
                if !same_id(entity.as_str(), self.parent.as_str()) {
                    let text = format!(
                        "the content was prepared for {entity}, and the signature is for {}",
                        self.parent
                    );
                    Err(breach(text))
                } else if content.posted_by != posted_by {
                    let text = format!(
                        "the content was prepared for {:?}, not for {posted_by:?}",
                        content.posted_by
                    );
                    Err(breach(text))
                } else {
                    Ok(None)
                }
            }
            Some(Patched::Named(_)) => {
                let text = "it does not show for which document the content was prepared";
                Ok(Some(breach(text.to_owned())))
            }
        }
    }

    fn is_by_a_person(&self) -> bool {
        match self.subject_type {
            Some(CertificateSubjectType::UNKNOWN_CERTIFICATE_SUBJECT_TYPE) | None => {
                self.source.is_by_a_person() == Some(true)
            }
            Some(told) => told == CertificateSubjectType::PHYSICAL_PERSON,
        }
    }

    /// R-SIG-2 and R-SIG-7, as far as the message shows them.
    pub(super) fn check_in(&self, message: &Message) -> Result<(), Breach> {
        if !message.has(&self.parent) {
            let text = format!("there is no entity {} in {}", self.parent, message.id());
            return Err(Breach::new(Rule::Sig2, text));
        }
        if let Some(Patched::For(content)) = &self.patched
            && !same_id(content.document.message.as_str(), message.id().as_str())
        {
            let text = format!(
                "the content was prepared in {}, and the signature is for {}",
                content.document.message,
                message.id()
            );
            return Err(Breach::new(Rule::Sig7, text));
        }
        Ok(())
    }
}
