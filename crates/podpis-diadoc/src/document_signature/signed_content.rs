//! A document and its signature in a new message.
//!
//! **Invariant:** the bytes have one source, by type; what is sent now is signed, and a signature whose bytes are here
//! is of the bytes that go with it.

use std::fmt;

use bytes::Bytes;
use podpis_core::Error;
use podpis_core::client::GivenSignature;
use podpis_diadoc_proto::events;

use super::power_of_attorney::PowerOfAttorney;
use super::rule::{Breach, Rule};
use super::source::{SignatureSource, local_name};
use crate::shelf::INLINE_LIMIT;
use crate::{Diadoc, ShelfName};

/// The bytes of the document.
#[derive(Clone, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "the service knows these places")]
pub enum SignedBytes {
    /// Here. What PrepareDocumentsToSign gave for a content goes this way too.
    Inline(Bytes),
    /// On the user's shelf.
    OnShelf(ShelfName),
}

/// When the document is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "a document is sent now, from a draft, or with a later signature"
)]
pub enum When {
    /// Now.
    Now,
    /// It goes into a draft (`IsDraft`).
    Draft,
    /// It waits in the message for its signature (`DelaySend`).
    Later,
}

/// A document and its signature, for an attachment of a new message.
#[derive(Clone, Debug)]
pub struct SignedContent {
    bytes: SignedBytes,
    when: When,
    source: SignatureSource,
    power_of_attorney: Option<PowerOfAttorney>,
    warnings: Vec<Breach>,
}

/// A [`SignedContent`] that was not checked yet.
#[derive(Clone, Debug)]
#[must_use = "nothing is checked until `build`"]
pub struct SignedContentBuilder {
    bytes: SignedBytes,
    when: When,
    source: SignatureSource,
    power_of_attorney: Option<PowerOfAttorney>,
}

impl SignedContent {
    /// A document, when it is sent, and its signature.
    pub fn builder(
        bytes: impl Into<SignedBytes>,
        when: When,
        source: impl Into<SignatureSource>,
    ) -> SignedContentBuilder {
        SignedContentBuilder {
            bytes: bytes.into(),
            when,
            source: source.into(),
            power_of_attorney: None,
        }
    }

    /// Reads one that was filled by hand, and checks it.
    ///
    /// # Errors
    /// The first hard rule that is broken.
    pub fn from_proto(wire: events::SignedContent, when: When) -> Result<Self, Breach> {
        let on_shelf = wire.name_on_shelf.filter(|name| !name.is_empty());
        let bytes = match (wire.content, on_shelf) {
            (Some(content), None) => SignedBytes::Inline(content),
            (None, Some(name)) => {
                local_name(&name)?;
                SignedBytes::OnShelf(ShelfName::new(name))
            }
            (both, _) => {
                let count = if both.is_some() {
                    "two sources"
                } else {
                    "no source"
                };
                return Err(Breach::new(Rule::Src1, format!("the document has {count}")));
            }
        };
        let source = SignatureSource::of_wire(
            Rule::Sig5,
            wire.signature,
            wire.signature_name_on_shelf,
            wire.sign_with_test_signature,
        )?;
        let power = wire.power_of_attorney.map(PowerOfAttorney::try_from);
        SignedContentBuilder {
            bytes,
            when,
            source,
            power_of_attorney: power.transpose()?,
        }
        .build()
    }

    /// When the document is sent.
    pub(crate) fn when(&self) -> When {
        self.when
    }

    /// Where the signature is.
    #[must_use]
    pub fn source(&self) -> &SignatureSource {
        &self.source
    }

    /// What may be wrong and does not show here.
    #[must_use]
    pub fn warnings(&self) -> &[Breach] {
        &self.warnings
    }

    /// The signature, where its bytes are here, to be judged by whom it is.
    pub(crate) fn to_judge(&self, name: &str) -> Option<GivenSignature> {
        let content = match &self.bytes {
            SignedBytes::Inline(bytes) => Some(bytes),
            SignedBytes::OnShelf(_) => None,
        };
        self.source.to_judge(name, content)
    }

    /// With a power of attorney that is here put on the shelf.
    pub(crate) async fn power_by_shelf(mut self, diadoc: &Diadoc) -> Result<Self, Error> {
        if let Some(power) = self.power_of_attorney.take() {
            self.power_of_attorney = Some(power.by_shelf(diadoc).await?);
        }
        Ok(self)
    }
}

/// As it is posted; a posting puts what is here on the shelf before.
impl From<&SignedContent> for events::SignedContent {
    fn from(own: &SignedContent) -> Self {
        let wire = events::SignedContent::new();
        let wire = match &own.bytes {
            SignedBytes::Inline(bytes) => wire.with_content(bytes.clone()),
            SignedBytes::OnShelf(name) => wire.with_name_on_shelf(name.as_str()),
        };
        let wire = match &own.source {
            SignatureSource::Der(der) => wire.with_signature(der.clone()),
            SignatureSource::OnShelf(name) => wire.with_signature_name_on_shelf(name.as_str()),
            SignatureSource::Test => wire.with_sign_with_test_signature(true),
            SignatureSource::Absent => wire,
        };
        match &own.power_of_attorney {
            Some(power) => wire.with_power_of_attorney(power.into()),
            None => wire,
        }
    }
}

impl SignedContentBuilder {
    /// The power of attorney by which the signer acts.
    pub fn power_of_attorney(mut self, power: PowerOfAttorney) -> Self {
        self.power_of_attorney = Some(power);
        self
    }

    /// Checks it.
    ///
    /// # Errors
    /// The first hard rule that is broken: R-SIG-5, R-SIG-6, R-SIG-8, R-CMS-1 to 4, R-CMS-6, R-POA-1.
    pub fn build(self) -> Result<SignedContent, Breach> {
        let is_signed = self.source != SignatureSource::Absent;
        match self.when {
            When::Now if !is_signed => {
                let text = "what is sent now needs a signature or the test flag";
                return Err(Breach::new(Rule::Sig5, text));
            }
            When::Later if is_signed => {
                let text = "a document that waits for its signature must not have one yet";
                return Err(Breach::new(Rule::Sig8, text));
            }
            _ => {}
        }
        let mut warnings = if is_signed {
            self.source.check(Rule::Sig5)?
        } else {
            Vec::new()
        };
        match &self.bytes {
            SignedBytes::Inline(bytes) => {
                self.source.check_bytes(Rule::Cms6, bytes)?;
                let size = bytes.len() as u64;
                if size > INLINE_LIMIT {
                    let text = format!(
                        "the document has {size} bytes, and above {INLINE_LIMIT} the service advises the shelf"
                    );
                    warnings.push(Breach::new(Rule::Lim1, text));
                }
            }
            SignedBytes::OnShelf(name) => local_name(name.as_str())?,
        }
        match &self.power_of_attorney {
            Some(power) => power.check()?,
            None if self.source.is_by_a_person() == Some(true) => {
                let text =
                    "the certificate is a physical person's, and there is no power of attorney";
                warnings.push(Breach::new(Rule::Poa4, text));
            }
            None => {}
        }
        Ok(SignedContent {
            bytes: self.bytes,
            when: self.when,
            source: self.source,
            power_of_attorney: self.power_of_attorney,
            warnings,
        })
    }
}

impl From<Bytes> for SignedBytes {
    fn from(bytes: Bytes) -> Self {
        Self::Inline(bytes)
    }
}

impl From<Vec<u8>> for SignedBytes {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Inline(bytes.into())
    }
}

impl From<ShelfName> for SignedBytes {
    fn from(name: ShelfName) -> Self {
        Self::OnShelf(name)
    }
}

impl fmt::Debug for SignedBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Inline(bytes) => f.debug_tuple("Inline").field(&bytes.len()).finish(),
            Self::OnShelf(name) => f.debug_tuple("OnShelf").field(name).finish(),
        }
    }
}
