//! Decides what one signer of a signature says: algorithms, digest, time, whose certificate.
//!
//! **Invariant:** signed attributes are kept byte for byte as they came, because the value covers
//! those bytes; when they exist, `messageDigest` and a `contentType` of what is signed exist. A signer
//! shares the bytes of its signature.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;
use std::time::SystemTime;

use bytes::Bytes;
use const_oid::ObjectIdentifier;

use crate::certificate::{canonical_id, place, shortest, slice};
use crate::scheme::Scheme;
use crate::signed_attributes::{self, SignedAttributes};
use crate::tlv::{self, Element, Elements};
use crate::value::Value;
use crate::{Certificate, DigestAlgorithm, FormatError, SignatureAlgorithm, moment};

/// How a signer names its certificate.
#[derive(Clone)]
enum SignerId {
    IssuerAndSerial {
        issuer: Range<u32>,
        serial: Range<u32>,
    },
    KeyId(Range<u32>),
}

/// One signer of a [`Signature`](crate::Signature).
#[derive(Clone)]
pub struct Signer {
    /// The whole signature.
    der: Bytes,
    /// The content of the SignerInfo.
    info: Range<u32>,
    id: SignerId,
    digest_algorithm: DigestAlgorithm,
    scheme: Scheme,
    signature_oid: Range<u32>,
    attributes: Option<SignedAttributes>,
    unsigned_attributes: Option<Range<u32>>,
    value: Range<u32>,
    /// All that the signer may mean, in the order in which they are embedded.
    certificates: Arc<[Certificate]>,
    /// Is there an embedded one that cannot be read, and so might be the signer's?
    has_unreadable: bool,
}

impl Signer {
    /// Reads a `SignerInfo` of this signature. Its certificates are set later.
    pub(crate) fn read(
        der: &Bytes,
        info: &Element<'_>,
        content_type: ObjectIdentifier,
        position: usize,
    ) -> Result<Self, FormatError> {
        Self::of_fields(der, info.inside(), content_type, position)
            .map_err(|error| error.in_signer(position))
    }

    fn of_fields(
        der: &Bytes,
        mut fields: Elements<'_>,
        content_type: ObjectIdentifier,
        position: usize,
    ) -> Result<Self, FormatError> {
        let place = |part: &[u8], what| place(der, part).ok_or(FormatError::Structure { what });
        let info = place(fields.rest(), "SignerInfo")?;
        fields.expect(tlv::INTEGER, "version")?;
        let id = SignerId::read(der, &fields.any("sid")?)?;
        let (digest_oid, _) = algorithm(&mut fields, "digestAlgorithm")?;
        let digest_algorithm = DigestAlgorithm::of(digest_oid);
        let attributes = match fields.optional(tlv::CONTEXT_0, "signedAttrs")? {
            Some(set) => Some(SignedAttributes::read(
                der,
                &set,
                &digest_algorithm,
                content_type,
                position,
            )?),
            None => None,
        };
        let (signature_oid, parameters) = algorithm(&mut fields, "signatureAlgorithm")?;
        let value = fields.expect(tlv::OCTET_STRING, "signature")?;
        let unsigned = fields.optional(tlv::CONTEXT_1, "unsignedAttrs")?;
        fields.end("SignerInfo")?;

        let scheme = Scheme::of(signature_oid, parameters.as_ref(), &digest_algorithm);
        Ok(Self {
            der: der.clone(),
            info,
            id,
            digest_algorithm,
            scheme,
            signature_oid: place(signature_oid, "signatureAlgorithm")?,
            attributes,
            unsigned_attributes: match unsigned {
                Some(unsigned) => Some(place(unsigned.content(), "unsignedAttrs")?),
                None => None,
            },
            value: place(value.content(), "signature")?,
            certificates: Arc::from([]),
            has_unreadable: false,
        })
    }

    /// The algorithm of [`message_digest`](Self::message_digest).
    #[must_use]
    pub fn digest_algorithm(&self) -> &DigestAlgorithm {
        &self.digest_algorithm
    }

    /// The algorithm of the signature value, as the signer says. What the value really is, the key
    /// of the certificate decides.
    #[must_use]
    pub fn signature_algorithm(&self) -> &SignatureAlgorithm {
        &self.scheme.algorithm
    }

    /// The digest of the document that the signer states, when there are signed attributes.
    #[must_use]
    pub fn message_digest(&self) -> Option<&[u8]> {
        let attributes = self.attributes.as_ref()?;
        Some(self.bytes(&attributes.message_digest))
    }

    /// When the signer says it signed. Nobody vouches for it. `None` if absent or not a time.
    #[must_use]
    pub fn signing_time(&self) -> Option<SystemTime> {
        let time = self.attributes.as_ref()?.signing_time.as_ref()?;
        moment::of(&Element::single(self.bytes(time)).ok()?)
    }

    /// Does the signer say when, also where [`signing_time`](Self::signing_time) cannot read it?
    #[must_use]
    pub fn has_signing_time(&self) -> bool {
        self.attributes
            .as_ref()
            .is_some_and(|attributes| attributes.signing_time.is_some())
    }

    /// The embedded certificate that the signer names. Where several fit, whose key made the value
    /// is known only after binding: [`Signed::certificate`](crate::Signed::certificate).
    #[must_use]
    pub fn certificate(&self) -> Option<&Certificate> {
        self.certificates.first()
    }

    /// Every embedded certificate that the signer may mean, in their order.
    #[must_use]
    pub fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }

    /// Does the value cover attributes (which state the document's digest) and not the document
    /// itself?
    #[must_use]
    pub fn has_signed_attributes(&self) -> bool {
        self.attributes.is_some()
    }

    /// The signed attributes: elements that follow one another. Empty if there are none.
    #[must_use]
    pub fn signed_attributes(&self) -> Elements<'_> {
        let whole = self.attributes.as_ref().map(|attributes| &attributes.whole);
        whole
            .and_then(|whole| Element::single(self.bytes(whole)).ok())
            .map_or(Elements::of(&[]), |set| set.inside())
    }

    /// The unsigned attributes: elements that follow one another. Anybody can have put them there.
    #[must_use]
    pub fn unsigned_attributes(&self) -> Elements<'_> {
        let range = self.unsigned_attributes.as_ref();
        Elements::of(range.map_or(&[], |range| self.bytes(range)))
    }

    pub(crate) fn set_certificates(
        &mut self,
        certificates: Arc<[Certificate]>,
        has_unreadable: bool,
    ) {
        self.certificates = certificates;
        self.has_unreadable = has_unreadable;
    }

    pub(crate) fn has_unreadable_certificate(&self) -> bool {
        self.has_unreadable
    }

    /// The fields of the SignerInfo (RFC 5652 5.3), as they stand in the signature's DER.
    #[must_use]
    pub fn info(&self) -> Elements<'_> {
        Elements::of(self.bytes(&self.info))
    }

    /// Does the signer mean this certificate: by issuer and serial number, or by key identifier?
    #[must_use]
    pub fn names(&self, certificate: &Certificate) -> bool {
        self.names_literally(certificate).unwrap_or_else(|| {
            let (mut ours, mut theirs) = (Vec::new(), Vec::new());
            self.canonical_id(&mut ours);
            canonical_id(
                certificate.issuer_der(),
                certificate.serial_bytes(),
                &mut theirs,
            );
            ours == theirs
        })
    }

    /// The same, as far as bytes alone tell: with another serial number it is another certificate, with the same issuer
    /// byte for byte it is this one. `None` where the names have to be compared.
    pub(crate) fn names_literally(&self, certificate: &Certificate) -> Option<bool> {
        match &self.id {
            SignerId::KeyId(id) => Some(certificate.subject_key_id() == Some(self.bytes(id))),
            SignerId::IssuerAndSerial { issuer, serial } => {
                if shortest(self.bytes(serial)) != shortest(certificate.serial_bytes()) {
                    return Some(false);
                }
                (self.bytes(issuer) == certificate.issuer_der()).then_some(true)
            }
        }
    }

    /// Is the certificate named by its key identifier?
    pub(crate) fn names_key(&self) -> bool {
        matches!(self.id, SignerId::KeyId(_))
    }

    /// Appends what the signer names its certificate by, in the form of
    /// [`certificate::canonical_id`](canonical_id); a key identifier as it is.
    pub(crate) fn canonical_id(&self, out: &mut Vec<u8>) {
        match &self.id {
            SignerId::KeyId(id) => out.extend_from_slice(self.bytes(id)),
            SignerId::IssuerAndSerial { issuer, serial } => {
                canonical_id(self.bytes(issuer), self.bytes(serial), out);
            }
        }
    }

    /// The value, with what says how it was made.
    pub(crate) fn scheme_and_value(&self) -> Value<'_> {
        Value {
            scheme: &self.scheme,
            identifier: self.bytes(&self.signature_oid),
            bytes: self.value(),
        }
    }

    /// The digest that the value is made over: of the attributes, or of the document without them.
    pub(crate) fn value_digest(&self) -> &DigestAlgorithm {
        &self.scheme.digest
    }

    /// The signed attributes as the value may cover them.
    pub(crate) fn covered_attributes(&self) -> Option<impl Iterator<Item = Vec<u8>>> {
        let attributes = self.attributes.as_ref()?;
        let whole = self.bytes(&attributes.whole);
        Some(signed_attributes::covered(whole, attributes.is_sorted))
    }

    /// Do the signed attributes stand in DER's order?
    pub(crate) fn is_sorted(&self) -> bool {
        self.attributes
            .as_ref()
            .is_none_or(|attributes| attributes.is_sorted)
    }

    /// The signature value. What is added to a signature later, such as a time stamp, leaves it as it is.
    #[must_use]
    pub fn value(&self) -> &[u8] {
        self.bytes(&self.value)
    }

    fn bytes(&self, range: &Range<u32>) -> &[u8] {
        slice(&self.der, range)
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer")
            .field("digest_algorithm", &self.digest_algorithm)
            .field("signature_algorithm", &self.scheme.algorithm)
            .field("signing_time", &self.signing_time())
            .field("has_signed_attributes", &self.has_signed_attributes())
            .field("certificates", &self.certificates)
            .finish_non_exhaustive()
    }
}

impl SignerId {
    fn read(der: &[u8], id: &Element<'_>) -> Result<Self, FormatError> {
        let place = |part: &[u8]| place(der, part).ok_or(FormatError::Structure { what: "sid" });
        match id.tag() {
            tlv::SEQUENCE => {
                let mut fields = id.inside();
                let issuer = fields.expect(tlv::SEQUENCE, "issuer")?;
                let serial = fields.expect(tlv::INTEGER, "serialNumber")?;
                fields.end("issuerAndSerialNumber")?;
                Ok(Self::IssuerAndSerial {
                    issuer: place(issuer.whole())?,
                    serial: place(serial.content())?,
                })
            }
            tlv::CONTEXT_0_PRIMITIVE => Ok(Self::KeyId(place(id.content())?)),
            _ => Err(FormatError::Structure { what: "sid" }),
        }
    }
}

/// An `AlgorithmIdentifier`: content of the OID, the parameters as they stand.
fn algorithm<'a>(
    fields: &mut Elements<'a>,
    what: &'static str,
) -> Result<(&'a [u8], Option<Element<'a>>), FormatError> {
    let mut inside = fields.expect(tlv::SEQUENCE, what)?.inside();
    let oid = inside.expect(tlv::OBJECT_IDENTIFIER, what)?;
    let parameters = if inside.is_empty() {
        None
    } else {
        Some(inside.any(what)?)
    };
    inside.end(what)?;
    Ok((oid.content(), parameters))
}
