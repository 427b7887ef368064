//! The sender's signature of a document in a draft.
//!
//! **Invariant:** it has no name on the shelf, no approval flag and no labels: the bytes are inline, or the service
//! makes a test signature.

use bytes::Bytes;
use podpis_core::Error;
use podpis_core::client::GivenSignature;
use podpis_diadoc_proto::certificates::CertificateSubjectType;
use podpis_diadoc_proto::events;

use super::parts::{Parts, Patched};
use super::power_of_attorney::PowerOfAttorney;
use super::rule::{Breach, Rule};
use super::source::SignatureSource;
use crate::Diadoc;
use crate::prepare::{PatchedContent, PostedBy, PreparedDocument};
use crate::{EntityId, PatchedContentId};

/// The sender's signature of a document in a draft, sent with it.
#[derive(Clone, Debug)]
pub struct DocumentSenderSignature {
    pub(super) parts: Parts,
    warnings: Vec<Breach>,
}

/// A [`DocumentSenderSignature`] that was not checked yet.
#[derive(Clone, Debug)]
#[must_use = "nothing is checked until `build`"]
pub struct DocumentSenderSignatureBuilder {
    parts: Parts,
}

impl DocumentSenderSignature {
    /// A signature of the document `parent` of a draft.
    pub fn builder(
        parent: &EntityId,
        source: impl Into<SignatureSource>,
    ) -> DocumentSenderSignatureBuilder {
        DocumentSenderSignatureBuilder {
            parts: Parts::new(parent, source.into()),
        }
    }

    /// A signature of a document of a draft as it was prepared: the document and the prepared content are named, and
    /// where the prepared bytes are here, the signature has to be of them.
    pub fn of_prepared(
        prepared: &PreparedDocument,
        source: impl Into<SignatureSource>,
    ) -> DocumentSenderSignatureBuilder {
        DocumentSenderSignatureBuilder {
            parts: Parts::of_prepared(prepared, source.into()),
        }
    }

    /// What is signed: `ParentEntityId`.
    #[must_use]
    pub fn parent(&self) -> &EntityId {
        &self.parts.parent
    }

    /// Where the signature is.
    #[must_use]
    pub fn source(&self) -> &SignatureSource {
        &self.parts.source
    }

    /// The prepared content that is signed instead of what is stored.
    #[must_use]
    pub fn patched_content_id(&self) -> Option<&PatchedContentId> {
        self.parts.patched.as_ref().map(Patched::id)
    }

    /// The power of attorney by which the signer acts.
    #[must_use]
    pub fn power_of_attorney(&self) -> Option<&PowerOfAttorney> {
        self.parts.power_of_attorney.as_ref()
    }

    /// What may be wrong and does not show here.
    #[must_use]
    pub fn warnings(&self) -> &[Breach] {
        &self.warnings
    }

    /// The signature, where its bytes are here, to be judged by whom it is.
    pub(crate) fn to_judge(&self) -> Option<GivenSignature> {
        self.parts.to_judge()
    }

    /// With a power of attorney that is here put on the shelf.
    pub(crate) async fn by_shelf(self, diadoc: &Diadoc) -> Result<Self, Error> {
        Ok(Self {
            parts: self.parts.by_shelf(diadoc).await?,
            ..self
        })
    }
}

/// As it is posted; a posting puts a power of attorney that is here on the shelf before.
impl From<&DocumentSenderSignature> for events::DocumentSenderSignature {
    fn from(own: &DocumentSenderSignature) -> Self {
        let wire = events::DocumentSenderSignature::new(own.parts.parent.as_str());
        let wire = match &own.parts.source {
            SignatureSource::Der(der) => wire.with_signature(der.clone()),
            SignatureSource::Test => wire.with_sign_with_test_signature(true),
            // The builder lets no name on the shelf through.
            SignatureSource::OnShelf(_) | SignatureSource::Absent => wire,
        };
        let wire = match &own.parts.patched {
            Some(patched) => wire.with_patched_content_id(patched.id().as_str()),
            None => wire,
        };
        match &own.parts.power_of_attorney {
            Some(power) => wire.with_power_of_attorney(power.into()),
            None => wire,
        }
    }
}

/// Reads one that was filled by hand, and checks it. What a prepared content was prepared for does not show in it, which
/// is a warning.
impl TryFrom<events::DocumentSenderSignature> for DocumentSenderSignature {
    type Error = Breach;

    fn try_from(wire: events::DocumentSenderSignature) -> Result<Self, Breach> {
        let source = SignatureSource::of_wire(
            Rule::Sig4,
            wire.signature,
            None,
            wire.sign_with_test_signature,
        )?;
        let mut parts = Parts::new(&EntityId::new(wire.parent_entity_id), source);
        let patched = wire.patched_content_id.filter(|id| !id.is_empty());
        parts.patched = patched.map(|id| Patched::Named(PatchedContentId::new(id)));
        let power = wire.power_of_attorney.map(PowerOfAttorney::try_from);
        parts.power_of_attorney = power.transpose()?;
        DocumentSenderSignatureBuilder { parts }.build()
    }
}

impl DocumentSenderSignatureBuilder {
    /// Signs a prepared content instead of what is stored. [`DocumentSenderSignature::of_prepared`] does the same in
    /// one step and checks more.
    pub fn patched_content(mut self, content: &PatchedContent) -> Self {
        self.parts.patched = Some(Patched::For(content.clone()));
        self
    }

    /// The bytes that are signed. They are not sent: the signature is checked to be of them.
    pub fn content(mut self, bytes: impl Into<Bytes>) -> Self {
        self.parts.content = Some(bytes.into());
        self
    }

    /// The power of attorney by which the signer acts.
    pub fn power_of_attorney(mut self, power: PowerOfAttorney) -> Self {
        self.parts.power_of_attorney = Some(power);
        self
    }

    /// Whose the certificate is, as the service tells it in the list of certificates. It is not sent: a physical
    /// person's needs a power of attorney.
    pub fn subject_type(mut self, subject_type: CertificateSubjectType) -> Self {
        self.parts.subject_type = Some(subject_type);
        self
    }

    /// Checks it.
    ///
    /// # Errors
    /// The first hard rule that is broken: R-SIG-2, R-SIG-4, R-SIG-7, R-CMS-1 to 4, R-CMS-6, R-POA-1.
    pub fn build(mut self) -> Result<DocumentSenderSignature, Breach> {
        if let SignatureSource::OnShelf(_) = &self.parts.source {
            let text = "the sender's signature in a draft cannot be on the shelf: it goes inline";
            return Err(Breach::new(Rule::Sig4, text));
        }
        let warnings = self.parts.check(Rule::Sig4, PostedBy::SendDraft)?;
        self.parts.content = None;
        Ok(DocumentSenderSignature {
            parts: self.parts,
            warnings,
        })
    }
}
