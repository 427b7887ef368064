//! Where the signature is that is attached, and what its bytes show by themselves.
//!
//! **Invariant:** one source per signature, by type; bytes that are not a detached CMS signature in strict DER do not
//! leave the program: three invalid signatures block an entity for a day.

use std::fmt;

use bytes::Bytes;
use podpis_cms::{
    BindError, Certificate, Departure, DigestAlgorithm, Document, Expectation, FormatError,
    Signature, Signed, Signer, verify_detached,
};
use podpis_core::client::GivenSignature;

use super::rule::{Breach, Rule};
use crate::ShelfName;
use crate::shelf::INLINE_LIMIT;

/// The signature that is attached.
#[derive(Clone, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "the service knows these, and each is handled differently"
)]
pub enum SignatureSource {
    /// Its bytes: detached CMS SignedData in DER. [`From`] bytes in any other form that can be read (BER, PEM,
    /// Base64) makes their DER.
    Der(Bytes),
    /// A file on the user's shelf.
    OnShelf(ShelfName),
    /// The service makes a test signature itself. For test organizations: without legal force.
    Test,
    /// None, which the service allows "in some cases" that its documents do not name.
    Absent,
}

/// A signature in whatever form it came; what is posted is its DER. What cannot be read stays as it is, and the check
/// says what is wrong with it.
impl From<Bytes> for SignatureSource {
    fn from(bytes: Bytes) -> Self {
        let der = match Signature::parse(&bytes) {
            Ok(signature) if signature.to_der() != bytes => {
                Bytes::copy_from_slice(signature.to_der())
            }
            _ => bytes,
        };
        Self::Der(der)
    }
}

/// As from [`Bytes`].
impl From<Vec<u8>> for SignatureSource {
    fn from(bytes: Vec<u8>) -> Self {
        Bytes::from(bytes).into()
    }
}

impl From<&Signed> for SignatureSource {
    fn from(signed: &Signed) -> Self {
        Self::Der(Bytes::copy_from_slice(signed.der()))
    }
}

impl From<ShelfName> for SignatureSource {
    fn from(name: ShelfName) -> Self {
        Self::OnShelf(name)
    }
}

impl fmt::Debug for SignatureSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Der(bytes) => f.debug_tuple("Der").field(&bytes.len()).finish(),
            Self::OnShelf(name) => f.debug_tuple("OnShelf").field(name).finish(),
            Self::Test => f.write_str("Test"),
            Self::Absent => f.write_str("Absent"),
        }
    }
}

impl SignatureSource {
    /// As a message has it. `both` is the rule that is broken by more than one.
    pub(super) fn of_wire(
        both: Rule,
        der: Option<Bytes>,
        on_shelf: Option<String>,
        test: Option<bool>,
    ) -> Result<Self, Breach> {
        // An empty name on the shelf is none: the SDKs write it.
        let on_shelf = on_shelf.filter(|name| !name.is_empty());
        match (der, on_shelf, test.unwrap_or_default()) {
            (Some(der), None, false) => Ok(Self::Der(der)),
            (None, Some(name), false) => {
                local_name(&name)?;
                Ok(Self::OnShelf(ShelfName::new(name)))
            }
            (None, None, true) => Ok(Self::Test),
            (None, None, false) => Ok(Self::Absent),
            _ => Err(Breach::new(
                both,
                "more than one of signature, name on the shelf and test flag is set",
            )),
        }
    }

    /// The signature as a client's judge of signers is asked of it, where its bytes are here.
    pub(crate) fn to_judge(&self, name: &str, content: Option<&Bytes>) -> Option<GivenSignature> {
        match self {
            Self::Der(der) => {
                Some(GivenSignature::new(name, der.clone()).of_content(content.cloned()))
            }
            Self::OnShelf(_) | Self::Test | Self::Absent => None,
        }
    }

    /// Checks what the source shows by itself; gives warnings.
    pub(super) fn check(&self, absent: Rule) -> Result<Vec<Breach>, Breach> {
        match self {
            Self::Der(der) => check_der(der),
            Self::OnShelf(name) => local_name(name.as_str()).map(|()| Vec::new()),
            Self::Test => Ok(Vec::new()),
            Self::Absent => Ok(vec![Breach::new(
                absent,
                "there is no signature, no name on the shelf and no test flag",
            )]),
        }
    }

    /// Whether the signature is of these bytes; passes where the signature itself is not here.
    pub(super) fn check_bytes(&self, rule: Rule, content: &[u8]) -> Result<(), Breach> {
        let Self::Der(der) = self else {
            return Ok(());
        };
        let document = Document::content("the document", content);
        verify_detached(&document, der, &Expectation::new())
            .map(drop)
            .map_err(|error| Breach::new(rule, not_of_the_bytes(&error)))
    }

    /// Whether a physical person signed, who acts for nobody by the certificate alone. None where the certificate
    /// does not tell: it is not here, or is not of the kind in which that shows.
    pub(super) fn is_by_a_person(&self) -> Option<bool> {
        let Self::Der(der) = self else {
            return None;
        };
        let signature = Signature::parse(der).ok()?;
        let certificate = signature.signers().first()?.certificate()?;
        // Certificates of persons, entrepreneurs and employees have the person's insurance number in common.
        certificate.snils()?;
        Some(!names_an_organization(certificate))
    }

    /// How many bytes it puts into a request.
    pub(super) fn size(&self) -> u64 {
        match self {
            Self::Der(der) => der.len() as u64,
            _ => 0,
        }
    }
}

fn not_of_the_bytes(error: &BindError) -> String {
    match error {
        BindError::Mismatch(_) => "the signature is not of the bytes that are signed".to_owned(),
        BindError::WrongValue { .. } => {
            "the value of the signature does not verify with the key of its certificate".to_owned()
        }
        BindError::Digest { algorithm, .. } => format!(
            "the signature is made with the digest algorithm {}, which proves nothing",
            algorithm.title()
        ),
        BindError::Unreadable { source, .. } => format!("the signature cannot be read: {source}"),
        other => other.to_string(),
    }
}

fn names_an_organization(certificate: &Certificate) -> bool {
    let subject = certificate.subject();
    certificate.inn_le().is_some()
        || ["OGRN=", "OGRNIP="]
            .iter()
            .any(|label| subject.split(", ").any(|part| part.starts_with(label)))
}

/// A name of the user's own shelf, without what the old shelf calls put before it: the user's id in words or as it is,
/// or the name of another part of the shelf.
pub(super) fn local_name(name: &str) -> Result<(), Breach> {
    const PREFIXES: [&str; 4] = ["__userid__", "_userid_", "user_private_files", "public"];
    let prefix = name.split_once('/').map(|(prefix, _)| prefix.trim());
    let is_prefixed = prefix.is_some_and(|prefix| {
        let digits = prefix.bytes().filter(u8::is_ascii_hexdigit).count();
        let others = prefix.bytes().any(|b| !b.is_ascii_hexdigit() && b != b'-');
        PREFIXES.contains(&prefix.to_ascii_lowercase().as_str())
            || prefix.is_empty()
            || (digits == 32 && !others)
    });
    if name.trim().is_empty() {
        Err(Breach::new(Rule::Sig6, "the name on the shelf is empty"))
    } else if is_prefixed {
        let text =
            "the name on the shelf has a prefix; the bare name on the user's own shelf is wanted";
        Err(Breach::new(Rule::Sig6, text))
    } else {
        Ok(())
    }
}

fn check_der(der: &[u8]) -> Result<Vec<Breach>, Breach> {
    let signature = Signature::parse(der).map_err(|error| {
        let rule = match &error {
            FormatError::NotCms | FormatError::NotSignedData { .. } => Rule::Cms2,
            FormatError::Attached | FormatError::NotData { .. } => Rule::Cms3,
            FormatError::NoSigners => Rule::Cms4,
            _ => Rule::Cms1,
        };
        Breach::new(rule, error.to_string())
    })?;
    // Attributes that are not sorted are signed as they stand, so nobody can put them in order.
    let is_strange = |departure: Departure| departure != Departure::UnsortedAttributes;
    if signature.form().departures().any(is_strange) {
        let text = format!("the signature is not DER: {}", signature.form());
        return Err(Breach::new(Rule::Cms1, text));
    }
    let mut warnings = Vec::new();
    for signer in signature.signers() {
        warnings.extend(check_signer(signer));
    }
    if der.len() as u64 > INLINE_LIMIT {
        let text = format!(
            "the signature has {} bytes, and above {INLINE_LIMIT} the service advises the shelf",
            der.len()
        );
        warnings.push(Breach::new(Rule::Lim1, text));
    }
    Ok(warnings)
}

fn check_signer(signer: &Signer) -> Option<Breach> {
    let Some(certificate) = signer.certificate() else {
        let text = "the signer's certificate is not in the signature";
        return Some(Breach::new(Rule::Cms4, text));
    };
    let digest = signer.digest_algorithm();
    let is_gost = matches!(
        digest,
        DigestAlgorithm::Gost94 | DigestAlgorithm::Streebog256 | DigestAlgorithm::Streebog512
    );
    let key = certificate.key_algorithm();
    let text = if !is_gost {
        format!("the digest is {}, not a GOST one", digest.name())
    } else if key.digest().as_ref() != Some(digest) {
        format!(
            "the digest {} does not go with a key of {key}",
            digest.name()
        )
    } else {
        return None;
    };
    Some(Breach::new(Rule::Cms5, text))
}
