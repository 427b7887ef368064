//! Decides which object identifiers the crate knows by name.
//!
//! **Invariant:** an identifier appears here once; everything else compares with these.

/// CMS content types and signed attributes (RFC 5652).
pub(crate) const DATA: &str = "1.2.840.113549.1.7.1";
pub(crate) const SIGNED_DATA: &str = "1.2.840.113549.1.7.2";
pub(crate) const CONTENT_TYPE: &str = "1.2.840.113549.1.9.3";
pub(crate) const MESSAGE_DIGEST: &str = "1.2.840.113549.1.9.4";
pub(crate) const SIGNING_TIME: &str = "1.2.840.113549.1.9.5";

/// Digests (RFC 4490, RFC 9215, RFC 5754).
pub(crate) const STREEBOG_256: &str = "1.2.643.7.1.1.2.2";
pub(crate) const STREEBOG_512: &str = "1.2.643.7.1.1.2.3";
pub(crate) const GOST_94: &str = "1.2.643.2.2.9";
pub(crate) const SHA_256: &str = "2.16.840.1.101.3.4.2.1";
pub(crate) const SHA_384: &str = "2.16.840.1.101.3.4.2.2";
pub(crate) const SHA_512: &str = "2.16.840.1.101.3.4.2.3";

/// Keys.
pub(crate) const GOST_2001: &str = "1.2.643.2.2.19";
pub(crate) const GOST_2012_256: &str = "1.2.643.7.1.1.1.1";
pub(crate) const GOST_2012_512: &str = "1.2.643.7.1.1.1.2";
pub(crate) const RSA: &str = "1.2.840.113549.1.1.1";
pub(crate) const RSA_PSS: &str = "1.2.840.113549.1.1.10";
pub(crate) const EC: &str = "1.2.840.10045.2.1";
pub(crate) const CURVE_P256: &str = "1.2.840.10045.3.1.7";
pub(crate) const CURVE_P384: &str = "1.3.132.0.34";

/// Signature algorithms that name their digest.
pub(crate) const GOST_2001_WITH_94: &str = "1.2.643.2.2.3";
pub(crate) const GOST_2012_WITH_256: &str = "1.2.643.7.1.1.3.2";
pub(crate) const GOST_2012_WITH_512: &str = "1.2.643.7.1.1.3.3";
pub(crate) const RSA_WITH_SHA_256: &str = "1.2.840.113549.1.1.11";
pub(crate) const RSA_WITH_SHA_384: &str = "1.2.840.113549.1.1.12";
pub(crate) const RSA_WITH_SHA_512: &str = "1.2.840.113549.1.1.13";
pub(crate) const ECDSA_WITH_SHA_256: &str = "1.2.840.10045.4.3.2";
pub(crate) const ECDSA_WITH_SHA_384: &str = "1.2.840.10045.4.3.3";
pub(crate) const ECDSA_WITH_SHA_512: &str = "1.2.840.10045.4.3.4";
pub(crate) const MGF_1: &str = "1.2.840.113549.1.1.8";

/// Parts of a name (X.520 and the Russian register of OIDs).
pub(crate) const COMMON_NAME: &str = "2.5.4.3";
pub(crate) const INN: &str = "1.2.643.3.131.1.1";
pub(crate) const INN_LE: &str = "1.2.643.100.4";
pub(crate) const OGRN: &str = "1.2.643.100.1";
pub(crate) const OGRNIP: &str = "1.2.643.100.5";
pub(crate) const SNILS: &str = "1.2.643.100.3";

/// Dotted text of an encoded identifier. One that is too long to decode is given in hex after `#`:
/// it is not one we know, and it is no reason to refuse a signature.
pub(crate) fn text(content: &[u8]) -> String {
    const_oid::ObjectIdentifier::from_bytes(content).map_or_else(
        |_| format!("#{}", hex::encode(content)),
        |oid| oid.to_string(),
    )
}
