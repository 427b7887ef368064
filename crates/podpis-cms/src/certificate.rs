//! Decides what is known of a certificate: whose it is, when it is valid, which key it has.
//!
//! Only what is used is read, as tag, length and value; what else stands in a certificate makes it
//! no less readable.
//!
//! **Invariant:** `der` is exactly what was given, and copies of a `Certificate` share it. Nothing
//! here says that it can be trusted.

use std::fmt;
use std::ops::Range;
use std::sync::{Arc, OnceLock};
use std::time::SystemTime;

use bytes::Bytes;
use const_oid::ObjectIdentifier;

use crate::name::{self, Name};
use crate::public_key::PublicKey;
use crate::tlv::{self, Element, Elements};
use crate::{FormatError, KeyAlgorithm, KeyUsage, Thumbprint, moment, oid, text};

/// An X.509 certificate.
///
/// ```
/// # fn example(der: &[u8], now: std::time::SystemTime) -> Result<(), podpis_cms::CertificateError> {
/// use podpis_cms::Certificate;
/// let certificate = Certificate::from_der(der)?;
/// let shown = format!("{} {}", certificate.thumbprint(), certificate.subject());
/// assert!(certificate.valid_at(now), "{shown}");
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Certificate(Arc<Inner>);

struct Inner {
    der: Bytes,
    places: Places,
    key_algorithm: KeyAlgorithm,
    thumbprint: OnceLock<Thumbprint>,
    subject: OnceLock<Name>,
    issuer: OnceLock<Name>,
}

/// Where in the bytes the fields stand.
struct Places {
    serial: Range<u32>,
    issuer: Range<u32>,
    validity: Range<u32>,
    subject: Range<u32>,
    spki: Range<u32>,
    extensions: Option<Range<u32>>,
}

impl Certificate {
    /// Reads one certificate in DER. Other lengths than DER's are read too, and any extension, name,
    /// identifier and date.
    ///
    /// # Errors
    ///
    /// [`CertificateError`]: text instead of DER, bytes after the end, not an X.509 certificate.
    pub fn from_der(der: &[u8]) -> Result<Self, CertificateError> {
        if der.is_empty() {
            return Err(CertificateError::Empty);
        }
        if der.trim_ascii_start().starts_with(b"-----BEGIN") {
            return Err(CertificateError::Pem);
        }
        Element::single(der).map_err(|error| match error {
            FormatError::TrailingBytes { count } => CertificateError::TrailingBytes { count },
            _ => CertificateError::NotDer,
        })?;
        Self::read(Bytes::copy_from_slice(der)).ok_or(CertificateError::Malformed)
    }

    /// Reads every certificate of a file: PEM text with any number of them (other blocks are passed
    /// over), Base64 text of one, or one in DER.
    ///
    /// # Errors
    ///
    /// [`CertificateError`], also when there is none.
    pub fn read_all(bytes: &[u8]) -> Result<Vec<Self>, CertificateError> {
        let mut all = Vec::new();
        let mut is_pem = false;
        for block in text::blocks(bytes) {
            is_pem = true;
            let block = block.map_err(|_| CertificateError::BadText)?;
            if block.is_certificate() {
                let der = block.decode().ok_or(CertificateError::BadText)?;
                all.push(Self::from_der(&der)?);
            }
        }
        match (is_pem, all.is_empty()) {
            (true, true) => Err(CertificateError::Empty),
            (true, false) => Ok(all),
            (false, _) => match text::decode(bytes) {
                Ok(Some((der, _))) => Ok(vec![Self::from_der(&der)?]),
                Ok(None) => Ok(vec![Self::from_der(bytes)?]),
                Err(_) => Err(CertificateError::BadText),
            },
        }
    }

    /// The certificate that is all of these bytes, which it shares.
    pub(crate) fn read(der: Bytes) -> Option<Self> {
        let places = places(&der)?;
        let key_algorithm = KeyAlgorithm::of(&PublicKey::read(slice(&der, &places.spki))?);
        Some(Self(Arc::new(Inner {
            der,
            places,
            key_algorithm,
            thumbprint: OnceLock::new(),
            subject: OnceLock::new(),
            issuer: OnceLock::new(),
        })))
    }

    /// The certificate's bytes, exactly as given.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.0.der
    }

    /// SHA-1 of the bytes: the name by which the services know the certificate.
    #[must_use]
    pub fn thumbprint(&self) -> Thumbprint {
        *self
            .0
            .thumbprint
            .get_or_init(|| Thumbprint::of(&self.0.der))
    }

    /// Whose certificate it is: `CN=Иванов Иван Иванович, INN=…`, parts in the certificate's order,
    /// values with commas or quotes in double quotes. For people to read; do not take it apart.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.subject_name().text
    }

    /// Who issued it, in the form of [`subject`](Self::subject).
    #[must_use]
    pub fn issuer(&self) -> &str {
        let issuer = || name_of(self.issuer_der());
        &self.0.issuer.get_or_init(issuer).text
    }

    /// The subject's common name (CN).
    #[must_use]
    pub fn common_name(&self) -> Option<&str> {
        self.subject_name().part(oid::COMMON_NAME)
    }

    /// The subject's INN (1.2.643.3.131.1.1), as written there: older certificates of organizations
    /// have 10 digits with two zeros in front.
    #[must_use]
    pub fn inn(&self) -> Option<&str> {
        self.subject_name().part(oid::INN)
    }

    /// The subject's INN of a legal entity (1.2.643.100.4).
    #[must_use]
    pub fn inn_le(&self) -> Option<&str> {
        self.subject_name().part(oid::INN_LE)
    }

    /// The subject's SNILS (1.2.643.100.3).
    #[must_use]
    pub fn snils(&self) -> Option<&str> {
        self.subject_name().part(oid::SNILS)
    }

    /// The serial number in upper-case hex, two digits a byte, without leading zero bytes.
    #[must_use]
    pub fn serial(&self) -> String {
        let significant = match self.serial_bytes() {
            [0, rest @ ..] if !rest.is_empty() => rest,
            all => all,
        };
        base16ct::upper::encode_string(significant)
    }

    /// The first moment of validity; `None` if what stands there is no date.
    #[must_use]
    pub fn not_before(&self) -> Option<SystemTime> {
        moment::of(&self.validity().next()?)
    }

    /// The last moment of validity; `None` if what stands there is no date.
    #[must_use]
    pub fn not_after(&self) -> Option<SystemTime> {
        moment::of(&self.validity().nth(1)?)
    }

    /// Is the moment within the validity period, both ends included? Says nothing of revocation.
    #[must_use]
    pub fn valid_at(&self, moment: SystemTime) -> bool {
        self.not_before().is_some_and(|start| start <= moment)
            && self.not_after().is_some_and(|end| moment <= end)
    }

    /// The algorithm of the public key.
    #[must_use]
    pub fn key_algorithm(&self) -> &KeyAlgorithm {
        &self.0.key_algorithm
    }

    /// What the key may be used for; `None` if the certificate does not say.
    #[must_use]
    pub fn key_usage(&self) -> Option<KeyUsage> {
        KeyUsage::read(self.extension(oid::KEY_USAGE)?)
    }

    /// The key identifier of the subject, if the certificate has a readable one.
    #[must_use]
    pub fn subject_key_id(&self) -> Option<&[u8]> {
        let value = Element::single(self.extension(oid::SUBJECT_KEY_ID)?).ok()?;
        (value.tag() == tlv::OCTET_STRING).then(|| value.content())
    }

    /// The public key: `SubjectPublicKeyInfo`, as it stands in the certificate.
    #[must_use]
    pub fn spki_der(&self) -> &[u8] {
        self.bytes(&self.0.places.spki)
    }

    /// The issuer's name, as it stands in the certificate.
    #[must_use]
    pub fn issuer_der(&self) -> &[u8] {
        self.bytes(&self.0.places.issuer)
    }

    /// The subject's name, as it stands in the certificate.
    #[must_use]
    pub fn subject_der(&self) -> &[u8] {
        self.bytes(&self.0.places.subject)
    }

    /// The content of the serial number, as it stands in the certificate: an INTEGER in two's
    /// complement, the highest byte first.
    #[must_use]
    pub fn serial_bytes(&self) -> &[u8] {
        self.bytes(&self.0.places.serial)
    }

    /// What is inside the extension of this type: the content of its OCTET STRING.
    fn extension(&self, wanted: ObjectIdentifier) -> Option<&[u8]> {
        self.extensions()
            .find(|(kind, _)| *kind == wanted.as_bytes())
            .map(|(_, value)| value)
    }

    /// Type and value of each extension that can be read.
    fn extensions(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        let range = self.0.places.extensions.as_ref();
        let list = range.map_or(&[][..], |range| self.bytes(range));
        Elements::of(list)
            .flat_map(|list| list.inside())
            .filter_map(|extension| {
                let mut fields = extension.inside();
                let kind = fields.expect(tlv::OBJECT_IDENTIFIER, "extension").ok()?;
                fields.optional(tlv::BOOLEAN, "extension").ok()?;
                let value = fields.expect(tlv::OCTET_STRING, "extension").ok()?;
                Some((kind.content(), value.content()))
            })
    }

    fn validity(&self) -> Elements<'_> {
        Elements::of(self.bytes(&self.0.places.validity))
    }

    fn subject_name(&self) -> &Name {
        self.0.subject.get_or_init(|| name_of(self.subject_der()))
    }

    fn bytes(&self, range: &Range<u32>) -> &[u8] {
        slice(&self.0.der, range)
    }
}

fn name_of(der: &[u8]) -> Name {
    Elements::of(der)
        .next()
        .map_or_else(Name::default, |name| Name::read(&name))
}

/// The bytes of a range that [`place`] made for them.
pub(crate) fn slice<'a>(bytes: &'a [u8], range: &Range<u32>) -> &'a [u8] {
    let at = |offset: u32| usize::try_from(offset).unwrap_or(usize::MAX);
    bytes
        .get(at(range.start)..at(range.end))
        .unwrap_or_default()
}

/// Where a part stands in the bytes it is a part of; `None` if there are over 4 GB of them.
pub(crate) fn place(bytes: &[u8], part: &[u8]) -> Option<Range<u32>> {
    let start = (part.as_ptr().addr()).checked_sub(bytes.as_ptr().addr())?;
    let end = start.checked_add(part.len())?;
    Some(u32::try_from(start).ok()?..u32::try_from(end).ok()?)
}

fn places(der: &[u8]) -> Option<Places> {
    let what = "certificate";
    let certificate = Element::single(der).ok()?;
    if certificate.tag() != tlv::SEQUENCE {
        return None;
    }
    let mut fields = certificate
        .inside()
        .expect(tlv::SEQUENCE, what)
        .ok()?
        .inside();
    let place = |part: &[u8]| place(der, part);
    fields.optional(tlv::CONTEXT_0, what).ok()?;
    let serial = fields.expect(tlv::INTEGER, what).ok()?;
    fields.expect(tlv::SEQUENCE, what).ok()?;
    let issuer = fields.expect(tlv::SEQUENCE, what).ok()?;
    let validity = fields.expect(tlv::SEQUENCE, what).ok()?;
    let subject = fields.expect(tlv::SEQUENCE, what).ok()?;
    let spki = fields.expect(tlv::SEQUENCE, what).ok()?;
    // Unique identifiers stand before the extensions; what cannot be read ends the search.
    let extensions = fields.find(|field| field.tag() == tlv::CONTEXT_3);
    Some(Places {
        serial: place(serial.content())?,
        issuer: place(issuer.whole())?,
        validity: place(validity.content())?,
        subject: place(subject.whole())?,
        spki: place(spki.whole())?,
        extensions: match extensions {
            Some(extensions) => Some(place(extensions.content())?),
            None => None,
        },
    })
}

/// Appends a form of issuer and serial number that is equal when they name the same certificate.
pub(crate) fn canonical_id(issuer: &[u8], serial: &[u8], out: &mut Vec<u8>) {
    out.extend(tlv::encode(tlv::INTEGER, shortest(serial)));
    if let Some(issuer) = Elements::of(issuer).next() {
        name::canonical(&issuer, out);
    }
}

/// The content of an INTEGER without sign bytes that it does not need: the number is the same.
pub(crate) fn shortest(mut number: &[u8]) -> &[u8] {
    while let [first @ (0 | 0xFF), second, ..] = number
        && (first ^ second) & 0x80 == 0
    {
        number = number.get(1..).unwrap_or_default();
    }
    number
}

impl PartialEq for Certificate {
    fn eq(&self, other: &Self) -> bool {
        self.0.der == other.0.der
    }
}

impl Eq for Certificate {}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificate")
            .field("thumbprint", &self.thumbprint())
            .field("key_algorithm", self.key_algorithm())
            .finish_non_exhaustive()
    }
}

/// Why the bytes are not a certificate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CertificateError {
    /// No bytes at all, or no certificate among the blocks of a text.
    #[error("there is no certificate")]
    Empty,
    /// `-----BEGIN …`: PEM text where DER was needed.
    #[error("the certificate is PEM text, not DER")]
    Pem,
    /// PEM or Base64 text that cannot be decoded.
    #[error("the certificate is text that cannot be decoded")]
    BadText,
    /// Not one whole DER element.
    #[error("the certificate is not DER")]
    NotDer,
    /// Something follows the certificate.
    #[error("{count} bytes follow the end of the certificate")]
    TrailingBytes {
        /// How many.
        count: usize,
    },
    /// DER, but not an X.509 certificate.
    #[error("the bytes are DER but not an X.509 certificate")]
    Malformed,
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::{Certificate, CertificateError};
    use crate::{DigestAlgorithm, KeyAlgorithm};

    const DER: &[u8] = include_bytes!("../tests/fixtures/gost/user256.crt.der");
    const DER_512: &[u8] = include_bytes!("../tests/fixtures/gost/user512.crt.der");
    const PEM: &[u8] = include_bytes!("../tests/fixtures/keys/p256.crt.pem");

    #[test]
    fn a_gost_certificate_is_readable() {
        let certificate = Certificate::from_der(DER).unwrap();
        assert_eq!(certificate.der(), DER);
        assert_eq!(
            certificate.thumbprint().to_string(),
            "F2D787A484759493BDFE1FE447B0BD7423D82956"
        );
        assert_eq!(
            certificate.subject(),
            "C=RU, O=ООО Тест, SN=Иванов, G=Иван Иванович, CN=Иванов Иван Иванович, \
             INN=007707083893, SNILS=11223344595"
        );
        assert_eq!(
            certificate.issuer(),
            "C=RU, O=Test CA, CN=Sandbox Test CA GOST 2012-256"
        );
        assert_eq!(certificate.common_name(), Some("Иванов Иван Иванович"));
        assert_eq!(certificate.inn(), Some("007707083893"));
        assert_eq!(certificate.inn_le(), None);
        assert_eq!(certificate.snils(), Some("11223344595"));
        assert_eq!(certificate.serial(), "0201");
        assert_eq!(certificate.key_algorithm(), &KeyAlgorithm::Gost2012_256);
        assert_eq!(
            certificate.key_algorithm().digest(),
            Some(DigestAlgorithm::Streebog256)
        );
        let wide = Certificate::from_der(DER_512).unwrap();
        assert_eq!(wide.key_algorithm(), &KeyAlgorithm::Gost2012_512);
        assert_eq!(
            wide.key_algorithm().digest(),
            Some(DigestAlgorithm::Streebog512)
        );
        assert!(
            DER.windows(certificate.spki_der().len())
                .any(|w| w == certificate.spki_der())
        );
    }

    /// 2026-11-22 00:31:26 UTC to 2046-11-17 00:31:26 UTC.
    #[test]
    fn validity_includes_both_ends() {
        let certificate = Certificate::from_der(DER).unwrap();
        let start = SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_307_486);
        assert_eq!(certificate.not_before(), Some(start));
        assert_eq!(
            certificate.not_after(),
            Some(start + Duration::from_secs(7300 * 86_400))
        );
        let second = Duration::from_secs(1);
        assert!(!certificate.valid_at(start - second));
        assert!(certificate.valid_at(start));
        assert!(certificate.valid_at(certificate.not_after().unwrap()));
        assert!(!certificate.valid_at(certificate.not_after().unwrap() + second));
    }

    #[test]
    fn what_is_not_a_certificate_is_named() {
        let error = |bytes: &[u8]| Certificate::from_der(bytes).unwrap_err();
        assert_eq!(error(b""), CertificateError::Empty);
        assert_eq!(error(PEM), CertificateError::Pem);
        assert_eq!(error(b"text"), CertificateError::NotDer);
        assert_eq!(
            error(&[DER, b"\n"].concat()),
            CertificateError::TrailingBytes { count: 1 }
        );
        assert_eq!(
            error(include_bytes!("../tests/fixtures/p256.p7s")),
            CertificateError::Malformed
        );
        for end in 0..DER.len() {
            Certificate::from_der(&DER[..end]).unwrap_err();
        }
    }

    #[test]
    fn debug_shows_no_person_and_no_bytes() {
        let debug = format!("{:?}", Certificate::from_der(DER).unwrap());
        assert_eq!(
            debug,
            "Certificate { thumbprint: Thumbprint(F2D787A484759493BDFE1FE447B0BD7423D82956), \
             key_algorithm: Gost2012_256, .. }"
        );
    }
}
