//! Decides what one signer of a signature says: algorithms, digest, time, whose certificate.
//!
//! **Invariant:** signed attributes are kept byte for byte as they came, because the value covers
//! those bytes; when they exist, `messageDigest` and a `contentType` of plain data exist.

use std::fmt;
use std::time::SystemTime;

use der::Decode as _;
use x509_cert::time::Time;

use crate::element::{self, Element, Elements};
use crate::{Certificate, DigestAlgorithm, FormatError, SignatureAlgorithm, oid, pss};

/// How a signer names its certificate.
#[derive(Clone)]
enum SignerId {
    IssuerAndSerial {
        issuer_der: Vec<u8>,
        serial: Vec<u8>,
    },
    KeyId(Vec<u8>),
}

/// One signer of a [`Signature`](crate::Signature).
#[derive(Clone)]
pub struct Signer {
    id: SignerId,
    digest_algorithm: DigestAlgorithm,
    signature_algorithm: SignatureAlgorithm,
    signature_oid: String,
    value_digest: DigestAlgorithm,
    pss_salt: Option<usize>,
    message_digest: Option<Vec<u8>>,
    signed_attributes: Option<Vec<u8>>,
    signing_time: Option<SystemTime>,
    value: Vec<u8>,
    certificate: Option<Certificate>,
}

impl Signer {
    /// Reads a `SignerInfo`. Its certificate is set later.
    pub(crate) fn read(info: &Element<'_>, position: usize) -> Result<Self, FormatError> {
        Self::fields(info.inside(), position).map_err(|error| error.in_signer(position))
    }

    fn fields(mut fields: Elements<'_>, position: usize) -> Result<Self, FormatError> {
        fields.expect(element::INTEGER, "version")?;
        let id = SignerId::read(&fields.any("sid")?)?;
        let (digest_oid, _) = algorithm(&mut fields, "digestAlgorithm")?;
        let digest_algorithm = DigestAlgorithm::from_oid(&digest_oid);
        let attributes = match fields.optional(element::CONTEXT_0, "signedAttrs")? {
            Some(attributes) => Some(Attributes::read(&attributes, &digest_algorithm, position)?),
            None => None,
        };
        let (signature_oid, parameters) = algorithm(&mut fields, "signatureAlgorithm")?;
        let value = fields
            .expect(element::OCTET_STRING, "signature")?
            .content
            .to_vec();
        fields.optional(element::CONTEXT_1, "unsignedAttrs")?;
        fields.end("signer")?;

        let (signature_algorithm, named_digest) = SignatureAlgorithm::of_oid(&signature_oid);
        let pss = match signature_algorithm {
            SignatureAlgorithm::RsaPss => pss::parameters(parameters.map(|p| p.whole)),
            _ => None,
        };
        let value_digest = named_digest
            .or_else(|| pss.as_ref().map(|pss| pss.digest.clone()))
            .unwrap_or_else(|| digest_algorithm.clone());
        let (signed_attributes, message_digest, signing_time) = match attributes {
            Some(a) => (Some(a.signed), Some(a.message_digest), a.signing_time),
            None => (None, None, None),
        };
        Ok(Self {
            id,
            digest_algorithm,
            signature_algorithm,
            signature_oid,
            value_digest,
            pss_salt: pss.map(|pss| pss.salt_length),
            message_digest,
            signed_attributes,
            signing_time,
            value,
            certificate: None,
        })
    }

    /// The algorithm of [`message_digest`](Self::message_digest).
    #[must_use]
    pub fn digest_algorithm(&self) -> &DigestAlgorithm {
        &self.digest_algorithm
    }

    /// The algorithm of the signature value.
    #[must_use]
    pub fn signature_algorithm(&self) -> &SignatureAlgorithm {
        &self.signature_algorithm
    }

    /// The digest of the document that the signer states, when there are signed attributes.
    #[must_use]
    pub fn message_digest(&self) -> Option<&[u8]> {
        self.message_digest.as_deref()
    }

    /// When the signer says it signed. Nobody vouches for it. `None` if absent or not a DER time.
    #[must_use]
    pub fn signing_time(&self) -> Option<SystemTime> {
        self.signing_time
    }

    /// The signer's certificate, if it is embedded.
    #[must_use]
    pub fn certificate(&self) -> Option<&Certificate> {
        self.certificate.as_ref()
    }

    /// Does the value cover attributes (which state the document's digest) and not the document
    /// itself?
    #[must_use]
    pub fn has_signed_attributes(&self) -> bool {
        self.signed_attributes.is_some()
    }

    pub(crate) fn set_certificate(&mut self, certificate: Certificate) {
        self.certificate = Some(certificate);
    }

    /// Does the signer mean this certificate?
    pub(crate) fn names(&self, certificate: &Certificate) -> bool {
        match &self.id {
            SignerId::IssuerAndSerial { issuer_der, serial } => {
                certificate.is_issued_as(issuer_der, serial)
            }
            SignerId::KeyId(id) => certificate.has_key_id(id),
        }
    }

    /// The OID of the signature algorithm as it stands in the signature, dotted.
    pub(crate) fn signature_oid(&self) -> &str {
        &self.signature_oid
    }

    /// The digest that the value is made over: of the attributes, or of the document without them.
    pub(crate) fn value_digest(&self) -> &DigestAlgorithm {
        &self.value_digest
    }

    /// The digest to know the document by.
    pub(crate) fn document_digest(&self) -> &DigestAlgorithm {
        if self.has_signed_attributes() {
            &self.digest_algorithm
        } else {
            &self.value_digest
        }
    }

    /// Salt length of RSASSA-PSS in bytes; `None` if the parameters are not ones we verify.
    pub(crate) fn pss_salt(&self) -> Option<usize> {
        self.pss_salt
    }

    /// The signed attributes as the value covers them: the original bytes with the tag of SET OF.
    pub(crate) fn signed_attributes(&self) -> Option<&[u8]> {
        self.signed_attributes.as_deref()
    }

    /// The signature value. What is added to a signature later, such as a time stamp, leaves it as it is.
    #[must_use]
    pub fn value(&self) -> &[u8] {
        &self.value
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer")
            .field("digest_algorithm", &self.digest_algorithm)
            .field("signature_algorithm", &self.signature_algorithm)
            .field("signing_time", &self.signing_time)
            .field("has_signed_attributes", &self.has_signed_attributes())
            .field("certificate", &self.certificate)
            .finish_non_exhaustive()
    }
}

impl SignerId {
    fn read(id: &Element<'_>) -> Result<Self, FormatError> {
        match id.tag {
            element::SEQUENCE => {
                let mut fields = id.inside();
                let issuer = fields.expect(element::SEQUENCE, "issuer")?;
                let serial = fields.expect(element::INTEGER, "serialNumber")?;
                fields.end("issuerAndSerialNumber")?;
                Ok(Self::IssuerAndSerial {
                    issuer_der: issuer.whole.to_vec(),
                    serial: serial.content.to_vec(),
                })
            }
            element::CONTEXT_0_PRIMITIVE => Ok(Self::KeyId(id.content.to_vec())),
            _ => Err(FormatError::Structure { what: "sid" }),
        }
    }
}

/// An `AlgorithmIdentifier`: the OID as text, the parameters as they stand.
fn algorithm<'a>(
    fields: &mut Elements<'a>,
    what: &'static str,
) -> Result<(String, Option<Element<'a>>), FormatError> {
    let mut inside = fields.expect(element::SEQUENCE, what)?.inside();
    let oid = oid::text(inside.expect(element::OBJECT_IDENTIFIER, what)?.content);
    let parameters = if inside.is_empty() {
        None
    } else {
        Some(inside.any(what)?)
    };
    inside.end(what)?;
    Ok((oid, parameters))
}

/// What the signed attributes say.
struct Attributes {
    signed: Vec<u8>,
    message_digest: Vec<u8>,
    signing_time: Option<SystemTime>,
}

impl Attributes {
    fn read(
        set: &Element<'_>,
        digest_algorithm: &DigestAlgorithm,
        signer: usize,
    ) -> Result<Self, FormatError> {
        let content_type = single_value(set, oid::CONTENT_TYPE, signer)?
            .ok_or(FormatError::NoContentType { signer })?;
        if content_type.tag != element::OBJECT_IDENTIFIER {
            return Err(FormatError::Structure {
                what: "contentType",
            });
        }
        let content_type = oid::text(content_type.content);
        if content_type != oid::DATA {
            return Err(FormatError::OtherContentType {
                signer,
                oid: content_type,
            });
        }

        let digest = single_value(set, oid::MESSAGE_DIGEST, signer)?
            .ok_or(FormatError::NoMessageDigest { signer })?;
        if digest.tag != element::OCTET_STRING {
            return Err(FormatError::Structure {
                what: "messageDigest",
            });
        }
        if digest_algorithm
            .length()
            .is_some_and(|length| length != digest.content.len())
        {
            return Err(FormatError::MessageDigestLength {
                signer,
                algorithm: digest_algorithm.name().to_owned(),
                found: digest.content.len(),
            });
        }

        let signing_time = single_value(set, oid::SIGNING_TIME, signer)?
            .and_then(|time| Time::from_der(time.whole).ok())
            .map(|time| time.to_system_time());

        // RFC 5652, 5.4: the value covers the attributes with the tag of SET OF, not `[0]`. Only
        // the first byte differs, so the signer's own order stays.
        let mut signed = set.whole.to_vec();
        if let Some(tag) = signed.first_mut() {
            *tag = element::SET;
        }
        Ok(Self {
            signed,
            message_digest: digest.content.to_vec(),
            signing_time,
        })
    }
}

/// The one value of the attribute of this type, which may stand in the set once.
fn single_value<'a>(
    set: &Element<'a>,
    oid: &'static str,
    signer: usize,
) -> Result<Option<Element<'a>>, FormatError> {
    let what = "signedAttrs";
    let mut found = None;
    let mut attributes = set.inside();
    while !attributes.is_empty() {
        let mut attribute = attributes.expect(element::SEQUENCE, what)?.inside();
        let kind = attribute.expect(element::OBJECT_IDENTIFIER, what)?;
        let mut values = attribute.expect(element::SET, what)?.inside();
        attribute.end(what)?;
        if oid::text(kind.content) != oid {
            continue;
        }
        let value = values.any(what)?;
        if found.is_some() || !values.is_empty() {
            return Err(FormatError::RepeatedAttribute {
                signer,
                oid: oid.to_owned(),
            });
        }
        found = Some(value);
    }
    Ok(found)
}
