//! Decides which object identifiers the crate knows.
//!
//! **Invariant:** an identifier appears here once, and is compared as encoded bytes.

use const_oid::ObjectIdentifier as Oid;

const fn known(dotted: &str) -> Oid {
    Oid::new_unwrap(dotted)
}

/// Attributes of a signer (RFC 5035, RFC 5126, RFC 6211).
pub(crate) const SIGNING_CERTIFICATE: Oid = known("1.2.840.113549.1.9.16.2.12");
pub(crate) const SIGNING_CERTIFICATE_V2: Oid = known("1.2.840.113549.1.9.16.2.47");
pub(crate) const ALGORITHM_PROTECTION: Oid = known("1.2.840.113549.1.9.52");
pub(crate) const SIGNATURE_POLICY: Oid = known("1.2.840.113549.1.9.16.2.15");
pub(crate) const SIGNATURE_TIME_STAMP: Oid = known("1.2.840.113549.1.9.16.2.14");
pub(crate) const CERTIFICATE_VALUES: Oid = known("1.2.840.113549.1.9.16.2.23");
pub(crate) const REVOCATION_VALUES: Oid = known("1.2.840.113549.1.9.16.2.24");

/// Attributes of archive forms (RFC 5126 6.2 to 6.4, ETSI EN 319 122-1): references, further stamps.
const ARCHIVAL: [Oid; 8] = [
    known("1.2.840.113549.1.9.16.2.21"),
    known("1.2.840.113549.1.9.16.2.22"),
    known("1.2.840.113549.1.9.16.2.25"),
    known("1.2.840.113549.1.9.16.2.26"),
    known("1.2.840.113549.1.9.16.2.27"),
    known("1.2.840.113549.1.9.16.2.48"),
    known("0.4.0.1733.2.2"),
    known("0.4.0.1733.2.4"),
];

/// Is it an attribute of an archive form, which is passed over?
pub(crate) fn is_archival(kind: &[u8]) -> bool {
    ARCHIVAL.iter().any(|known| known.as_bytes() == kind)
}

/// The content of a time-stamp token (RFC 3161), dotted as [`podpis_cms::Attached`] takes it.
pub(crate) const TIME_STAMP_INFO: &str = "1.2.840.113549.1.9.16.1.4";
/// The one extended key usage of who makes time stamps.
pub(crate) const TIME_STAMPING: Oid = known("1.3.6.1.5.5.7.3.8");

/// Extensions of certificates (RFC 5280 4.2).
pub(crate) const PRIVATE_KEY_USAGE_PERIOD: Oid = known("2.5.29.16");
pub(crate) const SUBJECT_KEY_ID: Oid = known("2.5.29.14");
pub(crate) const KEY_USAGE: Oid = known("2.5.29.15");
pub(crate) const SUBJECT_ALT_NAME: Oid = known("2.5.29.17");
pub(crate) const BASIC_CONSTRAINTS: Oid = known("2.5.29.19");
pub(crate) const NAME_CONSTRAINTS: Oid = known("2.5.29.30");
pub(crate) const DISTRIBUTION_POINTS: Oid = known("2.5.29.31");
pub(crate) const CERTIFICATE_POLICIES: Oid = known("2.5.29.32");
pub(crate) const POLICY_MAPPINGS: Oid = known("2.5.29.33");
pub(crate) const AUTHORITY_KEY_ID: Oid = known("2.5.29.35");
pub(crate) const POLICY_CONSTRAINTS: Oid = known("2.5.29.36");
pub(crate) const EXTENDED_KEY_USAGE: Oid = known("2.5.29.37");
pub(crate) const INHIBIT_ANY_POLICY: Oid = known("2.5.29.54");
pub(crate) const AUTHORITY_ACCESS: Oid = known("1.3.6.1.5.5.7.1.1");
/// Russian extensions (RFC 9215): by which tool the subject and the issuer sign, and how the subject
/// was identified.
pub(crate) const SUBJECT_SIGN_TOOL: Oid = known("1.2.643.100.111");
pub(crate) const ISSUER_SIGN_TOOL: Oid = known("1.2.643.100.112");
pub(crate) const IDENTIFICATION_KIND: Oid = known("1.2.643.100.114");

/// Of what authority information access may tell: where the issuer's certificate is, and where its OCSP responder.
pub(crate) const CA_ISSUERS: Oid = known("1.3.6.1.5.5.7.48.2");
pub(crate) const OCSP: Oid = known("1.3.6.1.5.5.7.48.1");
pub(crate) const ANY_POLICY: Oid = known("2.5.29.32.0");
/// The e-mail address in a name.
pub(crate) const EMAIL: Oid = known("1.2.840.113549.1.9.1");

/// OCSP (RFC 6960): the basic response, its nonce, who may answer for an issuer, and that nobody need ask about them.
pub(crate) const OCSP_BASIC: Oid = known("1.3.6.1.5.5.7.48.1.1");
pub(crate) const OCSP_NONCE: Oid = known("1.3.6.1.5.5.7.48.1.2");
pub(crate) const OCSP_NO_CHECK: Oid = known("1.3.6.1.5.5.7.48.1.5");
pub(crate) const OCSP_SIGNING: Oid = known("1.3.6.1.5.5.7.3.9");
/// The digest that names issuers in OCSP, dotted as [`podpis_cms::DigestAlgorithm`] takes it.
pub(crate) const SHA_1_DOTTED: &str = "1.3.14.3.2.26";

/// Extensions of revocation lists and their entries (RFC 5280 5.2, 5.3; X.509 9.5).
pub(crate) const ISSUER_ALT_NAME: Oid = known("2.5.29.18");
pub(crate) const LIST_NUMBER: Oid = known("2.5.29.20");
pub(crate) const REASON_CODE: Oid = known("2.5.29.21");
pub(crate) const HOLD_INSTRUCTION: Oid = known("2.5.29.23");
pub(crate) const INVALIDITY_DATE: Oid = known("2.5.29.24");
pub(crate) const DELTA_LIST: Oid = known("2.5.29.27");
pub(crate) const ISSUING_DISTRIBUTION_POINT: Oid = known("2.5.29.28");
pub(crate) const FRESHEST_LIST: Oid = known("2.5.29.46");
pub(crate) const EXPIRED_ON_LIST: Oid = known("2.5.29.60");

/// What a critical extension of a certificate may be. The Russian ones restrict nothing.
const CRITICAL: [Oid; 13] = [
    KEY_USAGE,
    BASIC_CONSTRAINTS,
    CERTIFICATE_POLICIES,
    EXTENDED_KEY_USAGE,
    SUBJECT_ALT_NAME,
    NAME_CONSTRAINTS,
    POLICY_CONSTRAINTS,
    INHIBIT_ANY_POLICY,
    POLICY_MAPPINGS,
    SUBJECT_SIGN_TOOL,
    ISSUER_SIGN_TOOL,
    IDENTIFICATION_KIND,
    PRIVATE_KEY_USAGE_PERIOD,
];

/// Can this extension of a certificate, by the content of its identifier, be critical and the
/// certificate be judged?
pub(crate) fn is_known_if_critical(kind: &[u8]) -> bool {
    CRITICAL.iter().any(|known| known.as_bytes() == kind)
}
