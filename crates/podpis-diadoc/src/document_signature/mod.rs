//! A signature as it is attached: checked before it is posted.
//!
//! The service checks a signature late, and a few invalid ones a day block the document. So what can be known here is
//! checked here: what the value alone shows when it is built, the rest with the message by `check`. A rule that is
//! broken is an error that names it ([`Rule`]); what only may be wrong is a warning.
//!
//! | module | decides |
//! |---|---|
//! | `rule` | the rules and their ids |
//! | `source` | where the signature is, and what its bytes show |
//! | `power_of_attorney`, `labels` | what goes with it |
//! | `parts` | what signatures of drafts and of messages have in common |
//! | `sender` | the sender's signature of a document in a draft |
//! | `signed_content` | a document and its signature in a new message |
//! | `check` | what needs the message |
//!
//! **Invariant:** a [`DocumentSignature`] that exists breaks no hard rule that shows without the message.

mod check;
mod labels;
mod parts;
mod power_of_attorney;
mod rule;
mod sender;
mod signed_content;
mod source;

use std::fmt;

use bytes::Bytes;
use podpis_core::Error;
use podpis_core::client::GivenSignature;
use podpis_diadoc_proto::certificates::CertificateSubjectType;
use podpis_diadoc_proto::events;

pub(crate) use check::{check_draft, check_patch};
pub use power_of_attorney::{ContentSource, PowerOfAttorney, PowerOfAttorneyFile};
pub use rule::{Breach, Rule};
pub use sender::{DocumentSenderSignature, DocumentSenderSignatureBuilder};
pub use signed_content::{SignedBytes, SignedContent, SignedContentBuilder, When};
pub use source::SignatureSource;

use crate::prepare::{PatchedContent, PostedBy, PreparedDocument};
use crate::{Diadoc, EntityId, PatchedContentId};
use parts::{Parts, Patched};

/// A signature to be attached to a document of a message.
///
/// ```
/// use podpis_diadoc::document_signature::{DocumentSignature, PowerOfAttorney, SignatureSource};
/// use podpis_diadoc::EntityId;
///
/// let document = EntityId::new("30e1e5a4-3f2b-4d5a-8f0e-8a2b8c9d0e1f");
/// let signature = DocumentSignature::builder(&document, SignatureSource::Test)
///     .approval()
///     .power_of_attorney(PowerOfAttorney::by_default())
///     .build()?;
/// assert!(signature.is_approval());
/// # Ok::<(), podpis_diadoc::document_signature::Breach>(())
/// ```
#[derive(Clone, Debug)]
pub struct DocumentSignature {
    parts: Parts,
    is_approval: bool,
    labels: Vec<String>,
    warnings: Vec<Breach>,
}

/// A [`DocumentSignature`] that was not checked yet.
#[derive(Clone, Debug)]
#[must_use = "nothing is checked until `build`"]
pub struct DocumentSignatureBuilder {
    parts: Parts,
    is_approval: bool,
    labels: Vec<String>,
}

impl DocumentSignature {
    /// A signature of the document `parent` of a message.
    pub fn builder(
        parent: &EntityId,
        source: impl Into<SignatureSource>,
    ) -> DocumentSignatureBuilder {
        DocumentSignatureBuilder::new(Parts::new(parent, source.into()))
    }

    /// A signature of a document as it was prepared: the document and the prepared content are named, and where the
    /// prepared bytes are here, the signature has to be of them.
    pub fn of_prepared(
        prepared: &PreparedDocument,
        source: impl Into<SignatureSource>,
    ) -> DocumentSignatureBuilder {
        DocumentSignatureBuilder::new(Parts::of_prepared(prepared, source.into()))
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

    /// Whether it is an approval signature.
    #[must_use]
    pub fn is_approval(&self) -> bool {
        self.is_approval
    }

    /// The prepared content that is signed instead of what is stored.
    #[must_use]
    pub fn patched_content_id(&self) -> Option<&PatchedContentId> {
        self.parts.patched.as_ref().map(Patched::id)
    }

    /// Its labels.
    #[must_use]
    pub fn labels(&self) -> &[String] {
        &self.labels
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

    /// Checks that the signature is of these bytes: those of the entity, or the prepared ones. Passes where the
    /// signature itself is not here.
    ///
    /// # Errors
    /// R-CMS-6, or R-SIG-7 for a prepared content.
    pub fn check_bytes(&self, content: &[u8]) -> Result<(), Breach> {
        let patched = self.parts.patched.is_some();
        let rule = if patched { Rule::Sig7 } else { Rule::Cms6 };
        self.parts.source.check_bytes(rule, content)
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
impl From<&DocumentSignature> for events::DocumentSignature {
    fn from(own: &DocumentSignature) -> Self {
        let wire = events::DocumentSignature::new(own.parts.parent.as_str())
            .with_is_approvement_signature(own.is_approval)
            .with_labels(own.labels.iter().map(String::as_str));
        let wire = match &own.parts.source {
            SignatureSource::Der(der) => wire.with_signature(der.clone()),
            SignatureSource::OnShelf(name) => wire.with_signature_name_on_shelf(name.as_str()),
            SignatureSource::Test => wire.with_sign_with_test_signature(true),
            SignatureSource::Absent => wire,
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

/// Reads one that was filled by hand, and checks it. What a prepared content was prepared for does not show in it,
/// which is a warning.
impl TryFrom<events::DocumentSignature> for DocumentSignature {
    type Error = Breach;

    fn try_from(wire: events::DocumentSignature) -> Result<Self, Breach> {
        let source = SignatureSource::of_wire(
            Rule::Sig3,
            wire.signature,
            wire.signature_name_on_shelf,
            wire.sign_with_test_signature,
        )?;
        let mut parts = Parts::new(&EntityId::new(wire.parent_entity_id), source);
        let patched = wire.patched_content_id.filter(|id| !id.is_empty());
        parts.patched = patched.map(|id| Patched::Named(PatchedContentId::new(id)));
        let power = wire.power_of_attorney.map(PowerOfAttorney::try_from);
        parts.power_of_attorney = power.transpose()?;
        DocumentSignatureBuilder {
            parts,
            is_approval: wire.is_approvement_signature.unwrap_or_default(),
            labels: wire.labels,
        }
        .build()
    }
}

impl DocumentSignatureBuilder {
    fn new(parts: Parts) -> Self {
        Self {
            parts,
            is_approval: false,
            labels: Vec::new(),
        }
    }

    /// Makes it an approval signature: any number may be under a document. Otherwise it is the ordinary one of our
    /// side, and may send the document.
    pub fn approval(mut self) -> Self {
        self.is_approval = true;
        self
    }

    /// Signs a prepared content instead of what is stored. [`DocumentSignature::of_prepared`] does the same in one
    /// step and checks more.
    pub fn patched_content(mut self, content: &PatchedContent) -> Self {
        self.parts.patched = Some(Patched::For(content.clone()));
        self
    }

    /// The bytes that are signed. They are not sent: the signature is checked to be of them.
    pub fn content(mut self, bytes: impl Into<Bytes>) -> Self {
        self.parts.content = Some(bytes.into());
        self
    }

    /// Adds a label: at most 20 Latin letters, digits and hyphens.
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.labels.push(label.into());
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
    /// The first hard rule that is broken: R-SIG-2, R-SIG-6, R-SIG-7, R-CMS-1 to 4, R-CMS-6, R-POA-1, R-LBL-1.
    pub fn build(mut self) -> Result<DocumentSignature, Breach> {
        let mut warnings = self.parts.check(Rule::Sig3, PostedBy::PostMessagePatch)?;
        warnings.extend(labels::check(&self.labels)?);
        if self.is_approval {
            let text = "whether the organization may use approval signatures does not show here";
            warnings.push(Breach::new(Rule::Apr4, text));
        }
        // It was compared; a value that is kept or stored need not hold the document.
        self.parts.content = None;
        Ok(DocumentSignature {
            parts: self.parts,
            is_approval: self.is_approval,
            labels: self.labels,
            warnings,
        })
    }
}

impl fmt::Display for DocumentSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = if self.is_approval {
            "approval"
        } else {
            "ordinary"
        };
        write!(f, "{kind} signature of {}", self.parts.parent)
    }
}
