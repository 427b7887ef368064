//! Decides what is known of a certificate: whose it is, when it is valid, which key it has.
//!
//! **Invariant:** a `Certificate` was readable as a whole, and `der` is exactly what was given.
//! Nothing here says that it can be trusted.

use std::fmt;
use std::time::SystemTime;

use der::Decode as _;
use x509_cert::certificate::{CertificateInner, Raw};
use x509_cert::ext::pkix::SubjectKeyIdentifier;

use crate::element::{self, Element};
use crate::name::Name;
use crate::{FormatError, KeyAlgorithm, Thumbprint, oid};

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
pub struct Certificate {
    der: Vec<u8>,
    thumbprint: Thumbprint,
    subject: Name,
    issuer: Name,
    /// The issuer's name as encoded, to find the certificate of a signer by.
    issuer_der: Vec<u8>,
    /// Content of the INTEGER, as encoded.
    serial: Vec<u8>,
    subject_key_id: Option<Vec<u8>>,
    not_before: SystemTime,
    not_after: SystemTime,
    key_algorithm: KeyAlgorithm,
    spki_der: Vec<u8>,
}

impl Certificate {
    /// Reads one certificate in DER.
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
        let whole = element::single(der).map_err(|error| match error {
            FormatError::TrailingBytes { count } => CertificateError::TrailingBytes { count },
            _ => CertificateError::NotDer,
        })?;
        Self::read(&whole).ok_or(CertificateError::Malformed)
    }

    fn read(whole: &Element<'_>) -> Option<Self> {
        let parsed = CertificateInner::<Raw>::from_der(whole.whole)
            .ok()?
            .tbs_certificate;
        // A malformed one only means that no signer can name this certificate by it.
        let subject_key_id = parsed
            .get::<SubjectKeyIdentifier>()
            .ok()
            .flatten()
            .map(|(_, id)| id.0.as_bytes().to_vec());

        let what = "certificate";
        let mut fields = whole
            .inside()
            .expect(element::SEQUENCE, what)
            .ok()?
            .inside();
        fields.optional(element::CONTEXT_0, what).ok()?;
        let serial = fields.expect(element::INTEGER, what).ok()?;
        fields.expect(element::SEQUENCE, what).ok()?;
        let issuer = fields.expect(element::SEQUENCE, what).ok()?;
        fields.expect(element::SEQUENCE, what).ok()?;
        let subject = fields.expect(element::SEQUENCE, what).ok()?;
        let spki = fields.expect(element::SEQUENCE, what).ok()?;
        Some(Self {
            der: whole.whole.to_vec(),
            thumbprint: Thumbprint::of(whole.whole),
            subject: Name::read(&subject).ok()?,
            issuer: Name::read(&issuer).ok()?,
            issuer_der: issuer.whole.to_vec(),
            serial: serial.content.to_vec(),
            subject_key_id,
            not_before: parsed.validity.not_before.to_system_time(),
            not_after: parsed.validity.not_after.to_system_time(),
            key_algorithm: KeyAlgorithm::of_spki(spki.whole)?,
            spki_der: spki.whole.to_vec(),
        })
    }

    /// The certificate's bytes, exactly as given.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// SHA-1 of the bytes: the name by which the services know the certificate.
    #[must_use]
    pub fn thumbprint(&self) -> Thumbprint {
        self.thumbprint
    }

    /// Whose certificate it is: `CN=Иванов Иван Иванович, INN=…`, parts in the certificate's order,
    /// values with commas or quotes in double quotes. For people to read; do not take it apart.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.subject.text
    }

    /// Who issued it, in the form of [`subject`](Self::subject).
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer.text
    }

    /// The subject's common name (CN).
    #[must_use]
    pub fn common_name(&self) -> Option<&str> {
        self.subject.part(oid::COMMON_NAME)
    }

    /// The subject's INN (1.2.643.3.131.1.1), as written there: older certificates of organizations
    /// have 10 digits with two zeros in front.
    #[must_use]
    pub fn inn(&self) -> Option<&str> {
        self.subject.part(oid::INN)
    }

    /// The subject's INN of a legal entity (1.2.643.100.4).
    #[must_use]
    pub fn inn_le(&self) -> Option<&str> {
        self.subject.part(oid::INN_LE)
    }

    /// The subject's SNILS (1.2.643.100.3).
    #[must_use]
    pub fn snils(&self) -> Option<&str> {
        self.subject.part(oid::SNILS)
    }

    /// The serial number in upper-case hex, two digits a byte, without leading zero bytes.
    #[must_use]
    pub fn serial(&self) -> String {
        let significant = match self.serial.as_slice() {
            [0, rest @ ..] if !rest.is_empty() => rest,
            all => all,
        };
        hex::encode_upper(significant)
    }

    /// The first moment of validity.
    #[must_use]
    pub fn not_before(&self) -> SystemTime {
        self.not_before
    }

    /// The last moment of validity.
    #[must_use]
    pub fn not_after(&self) -> SystemTime {
        self.not_after
    }

    /// Is the moment within the validity period, both ends included? Says nothing of revocation.
    #[must_use]
    pub fn valid_at(&self, moment: SystemTime) -> bool {
        (self.not_before..=self.not_after).contains(&moment)
    }

    /// The algorithm of the public key.
    #[must_use]
    pub fn key_algorithm(&self) -> &KeyAlgorithm {
        &self.key_algorithm
    }

    /// The public key: `SubjectPublicKeyInfo` in DER.
    #[must_use]
    pub fn spki_der(&self) -> &[u8] {
        &self.spki_der
    }

    pub(crate) fn is_issued_as(&self, issuer_der: &[u8], serial: &[u8]) -> bool {
        self.issuer_der == issuer_der && self.serial == serial
    }

    pub(crate) fn has_key_id(&self, id: &[u8]) -> bool {
        self.subject_key_id.as_deref() == Some(id)
    }
}

impl PartialEq for Certificate {
    fn eq(&self, other: &Self) -> bool {
        self.der == other.der
    }
}

impl Eq for Certificate {}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificate")
            .field("thumbprint", &self.thumbprint)
            .field("key_algorithm", &self.key_algorithm)
            .finish_non_exhaustive()
    }
}

/// Why the bytes are not a certificate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CertificateError {
    /// No bytes at all.
    #[error("the certificate is empty")]
    Empty,
    /// `-----BEGIN …`: PEM text where DER was needed.
    #[error("the certificate is PEM text, not DER")]
    Pem,
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

    const DER: &[u8] = include_bytes!("../../../tests/fixtures/cms/gost/user256.crt.der");
    const DER_512: &[u8] = include_bytes!("../../../tests/fixtures/cms/gost/user512.crt.der");
    const PEM: &[u8] = include_bytes!("../../../tests/fixtures/cms/keys/p256.crt.pem");

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
        assert_eq!(certificate.not_before(), start);
        assert_eq!(
            certificate.not_after(),
            start + Duration::from_secs(7300 * 86_400)
        );
        let second = Duration::from_secs(1);
        assert!(!certificate.valid_at(start - second));
        assert!(certificate.valid_at(start));
        assert!(certificate.valid_at(certificate.not_after()));
        assert!(!certificate.valid_at(certificate.not_after() + second));
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
            error(include_bytes!("../../../tests/fixtures/cms/p256.p7s")),
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
