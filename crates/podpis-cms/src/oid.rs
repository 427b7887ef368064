//! Decides which object identifiers the crate knows by name, and how one reads as text.
//!
//! **Invariant:** an identifier appears here once. Identifiers are compared as encoded bytes; two
//! different encodings never read as the same text.

use const_oid::ObjectIdentifier as Oid;

const fn known(dotted: &str) -> Oid {
    Oid::new_unwrap(dotted)
}

/// CMS content types and attributes (RFC 5652, RFC 6211).
pub(crate) const DATA: Oid = known("1.2.840.113549.1.7.1");
pub(crate) const SIGNED_DATA: Oid = known("1.2.840.113549.1.7.2");
pub(crate) const CONTENT_TYPE: Oid = known("1.2.840.113549.1.9.3");
pub(crate) const MESSAGE_DIGEST: Oid = known("1.2.840.113549.1.9.4");
pub(crate) const SIGNING_TIME: Oid = known("1.2.840.113549.1.9.5");

/// Certificate extensions.
pub(crate) const SUBJECT_KEY_ID: Oid = known("2.5.29.14");
pub(crate) const KEY_USAGE: Oid = known("2.5.29.15");

/// Digests (RFC 4490, RFC 9215, RFC 5754).
pub(crate) const STREEBOG_256: Oid = known("1.2.643.7.1.1.2.2");
pub(crate) const STREEBOG_512: Oid = known("1.2.643.7.1.1.2.3");
pub(crate) const GOST_94: Oid = known("1.2.643.2.2.9");
pub(crate) const SHA_256: Oid = known("2.16.840.1.101.3.4.2.1");
pub(crate) const SHA_384: Oid = known("2.16.840.1.101.3.4.2.2");
pub(crate) const SHA_512: Oid = known("2.16.840.1.101.3.4.2.3");
/// Digests that are recognised and never computed.
pub(crate) const MD_5: Oid = known("1.2.840.113549.2.5");
pub(crate) const SHA_1: Oid = known("1.3.14.3.2.26");
pub(crate) const SHA_224: Oid = known("2.16.840.1.101.3.4.2.4");
pub(crate) const SHA3_224: Oid = known("2.16.840.1.101.3.4.2.7");
pub(crate) const SHA3_256: Oid = known("2.16.840.1.101.3.4.2.8");
pub(crate) const SHA3_384: Oid = known("2.16.840.1.101.3.4.2.9");
pub(crate) const SHA3_512: Oid = known("2.16.840.1.101.3.4.2.10");

/// Keys.
pub(crate) const GOST_94_KEY: Oid = known("1.2.643.2.2.20");
pub(crate) const GOST_2001: Oid = known("1.2.643.2.2.19");
pub(crate) const GOST_2012_256: Oid = known("1.2.643.7.1.1.1.1");
pub(crate) const GOST_2012_512: Oid = known("1.2.643.7.1.1.1.2");
pub(crate) const RSA: Oid = known("1.2.840.113549.1.1.1");
pub(crate) const RSA_PSS: Oid = known("1.2.840.113549.1.1.10");
pub(crate) const EC: Oid = known("1.2.840.10045.2.1");
pub(crate) const DSA_KEY: Oid = known("1.2.840.10040.4.1");
pub(crate) const ED_25519: Oid = known("1.3.101.112");
pub(crate) const ED_448: Oid = known("1.3.101.113");
pub(crate) const CURVE_P256: Oid = known("1.2.840.10045.3.1.7");
pub(crate) const CURVE_P384: Oid = known("1.3.132.0.34");
pub(crate) const CURVE_P521: Oid = known("1.3.132.0.35");

/// Signature algorithms that name their digest.
pub(crate) const GOST_94_WITH_94: Oid = known("1.2.643.2.2.4");
pub(crate) const GOST_2001_WITH_94: Oid = known("1.2.643.2.2.3");
pub(crate) const GOST_2012_WITH_256: Oid = known("1.2.643.7.1.1.3.2");
pub(crate) const GOST_2012_WITH_512: Oid = known("1.2.643.7.1.1.3.3");
pub(crate) const RSA_WITH_MD_5: Oid = known("1.2.840.113549.1.1.4");
pub(crate) const RSA_WITH_SHA_1: Oid = known("1.2.840.113549.1.1.5");
pub(crate) const RSA_WITH_SHA_224: Oid = known("1.2.840.113549.1.1.14");
pub(crate) const RSA_WITH_SHA_256: Oid = known("1.2.840.113549.1.1.11");
pub(crate) const RSA_WITH_SHA_384: Oid = known("1.2.840.113549.1.1.12");
pub(crate) const RSA_WITH_SHA_512: Oid = known("1.2.840.113549.1.1.13");
pub(crate) const RSA_WITH_SHA3_224: Oid = known("2.16.840.1.101.3.4.3.13");
pub(crate) const RSA_WITH_SHA3_256: Oid = known("2.16.840.1.101.3.4.3.14");
pub(crate) const RSA_WITH_SHA3_384: Oid = known("2.16.840.1.101.3.4.3.15");
pub(crate) const RSA_WITH_SHA3_512: Oid = known("2.16.840.1.101.3.4.3.16");
pub(crate) const ECDSA_WITH_SHA_1: Oid = known("1.2.840.10045.4.1");
pub(crate) const ECDSA_WITH_SHA_224: Oid = known("1.2.840.10045.4.3.1");
pub(crate) const ECDSA_WITH_SHA_256: Oid = known("1.2.840.10045.4.3.2");
pub(crate) const ECDSA_WITH_SHA_384: Oid = known("1.2.840.10045.4.3.3");
pub(crate) const ECDSA_WITH_SHA_512: Oid = known("1.2.840.10045.4.3.4");
pub(crate) const ECDSA_WITH_SHA3_224: Oid = known("2.16.840.1.101.3.4.3.9");
pub(crate) const ECDSA_WITH_SHA3_256: Oid = known("2.16.840.1.101.3.4.3.10");
pub(crate) const ECDSA_WITH_SHA3_384: Oid = known("2.16.840.1.101.3.4.3.11");
pub(crate) const ECDSA_WITH_SHA3_512: Oid = known("2.16.840.1.101.3.4.3.12");
pub(crate) const DSA_WITH_SHA_1: Oid = known("1.2.840.10040.4.3");
pub(crate) const DSA_WITH_SHA_224: Oid = known("2.16.840.1.101.3.4.3.1");
pub(crate) const DSA_WITH_SHA_256: Oid = known("2.16.840.1.101.3.4.3.2");
pub(crate) const MGF_1: Oid = known("1.2.840.113549.1.1.8");

/// Parts of a name (X.520 and the Russian register of OIDs).
pub(crate) const COMMON_NAME: Oid = known("2.5.4.3");
pub(crate) const SURNAME: Oid = known("2.5.4.4");
pub(crate) const SERIAL_NUMBER: Oid = known("2.5.4.5");
pub(crate) const COUNTRY: Oid = known("2.5.4.6");
pub(crate) const LOCALITY: Oid = known("2.5.4.7");
pub(crate) const STATE: Oid = known("2.5.4.8");
pub(crate) const STREET: Oid = known("2.5.4.9");
pub(crate) const ORGANIZATION: Oid = known("2.5.4.10");
pub(crate) const ORGANIZATIONAL_UNIT: Oid = known("2.5.4.11");
pub(crate) const TITLE: Oid = known("2.5.4.12");
pub(crate) const GIVEN_NAME: Oid = known("2.5.4.42");
pub(crate) const EMAIL: Oid = known("1.2.840.113549.1.9.1");
pub(crate) const INN: Oid = known("1.2.643.3.131.1.1");
pub(crate) const INN_LE: Oid = known("1.2.643.100.4");
pub(crate) const OGRN: Oid = known("1.2.643.100.1");
pub(crate) const OGRNIP: Oid = known("1.2.643.100.5");
pub(crate) const SNILS: Oid = known("1.2.643.100.3");

/// Longer than any identifier in use; turning arcs into decimal digits takes time by the square.
const LONGEST: usize = 128;

/// The most bits of an arc that the crate which encodes it and writes it again does both with.
const ARC_BITS: u32 = 28;

/// Of dotted text; none where it is no identifier, or an arc of it is larger than that.
pub(crate) fn of_text(text: &str) -> Option<Oid> {
    let fits = text
        .split('.')
        .all(|arc| arc.parse::<u32>().is_ok_and(|arc| arc >> ARC_BITS == 0));
    fits.then(|| Oid::new(text).ok()).flatten()
}

/// Dotted text of an encoded identifier, with arcs of any size. What is no identifier in its
/// shortest encoding, or longer than 128 bytes, is given in hex after `#`.
///
/// ```
/// # use podpis_cms::oid_text;
/// assert_eq!(oid_text(&[0x55, 0x04, 0x03]), "2.5.4.3");
/// assert_eq!(oid_text(&[0x55, 0x80, 0x03]), "#558003");
/// ```
#[must_use]
pub fn oid_text(content: &[u8]) -> String {
    if content.len() <= LONGEST
        && let Some(text) = dotted(content)
    {
        return text;
    }
    format!("#{}", base16ct::lower::encode_string(content))
}

fn dotted(content: &[u8]) -> Option<String> {
    if content.last()? & 0x80 != 0 {
        return None;
    }
    let mut arcs = content.split_inclusive(|byte| byte & 0x80 == 0);
    let first = arcs.next()?;
    let mut text = match first {
        [byte @ 0..=0x27] => format!("0.{byte}"),
        [byte @ 0x28..=0x4F] => format!("1.{}", byte - 0x28),
        longer => format!("2.{}", decimal(longer, 80)?),
    };
    for arc in arcs {
        text.push('.');
        text.push_str(&decimal(arc, 0)?);
    }
    Some(text)
}

/// An arc of base-128 digits, less `minus`, in decimal; `None` if it begins with a zero digit.
fn decimal(arc: &[u8], minus: u64) -> Option<String> {
    if arc.first() == Some(&0x80) {
        return None;
    }
    // Billions, the least significant first.
    let mut groups: Vec<u64> = vec![0];
    for byte in arc {
        let mut carry = u64::from(byte & 0x7F);
        for group in &mut groups {
            carry += *group * 128;
            *group = carry % 1_000_000_000;
            carry /= 1_000_000_000;
        }
        if carry > 0 {
            groups.push(carry);
        }
    }
    let mut borrow = minus;
    for group in &mut groups {
        let less = borrow;
        borrow = u64::from(*group < less);
        *group = *group + borrow * 1_000_000_000 - less;
    }
    while groups.len() > 1 && groups.last() == Some(&0) {
        groups.pop();
    }
    let mut groups = groups.iter().rev();
    let mut text = groups.next()?.to_string();
    for group in groups {
        text.push_str(&format!("{group:09}"));
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::{of_text, oid_text};

    #[test]
    fn text_leads_to_the_identifier() {
        for text in ["1.2.643.7.1.1.2.2", "1.2.268435455", "2.5.4.3"] {
            let read = of_text(text).map(|oid| oid.to_string());
            assert_eq!(read.as_deref(), Some(text));
        }
        for none in [
            "", "1", "1.", "1.2.x", "1.2.+3", "1.2.-3", "1..2", "7.1", "sha256",
        ] {
            assert_eq!(of_text(none), None, "{none}");
        }
    }

    #[test]
    fn arcs_of_any_size_read_true() {
        for (content, text) in [
            (&[0x2A, 0x86, 0x48][..], "1.2.840"),
            (&[0x88, 0x37, 0x03], "2.999.3"),
            (&[0x50], "2.0"),
            (&[0x78], "2.40"),
            (&[0x00], "0.0"),
            // 2^32 beside 0: a text of 32 bits would not tell them apart.
            (&[0x2A, 0x90, 0x80, 0x80, 0x80, 0x00], "1.2.4294967296"),
            // 2^31
            (&[0x2A, 0x88, 0x80, 0x80, 0x80, 0x00], "1.2.2147483648"),
        ] {
            assert_eq!(oid_text(content), text);
        }
        // 2.25 and the greatest UUID: 2^128 - 1.
        let mut uuid = vec![0x69, 0x83];
        uuid.extend([0xFF; 17]);
        uuid.push(0x7F);
        assert_eq!(
            oid_text(&uuid),
            "2.25.340282366920938463463374607431768211455"
        );
    }

    #[test]
    fn what_is_no_identifier_keeps_its_bytes() {
        assert_eq!(oid_text(&[]), "#");
        assert_eq!(oid_text(&[0x2A, 0x80]), "#2a80");
        assert_eq!(oid_text(&[0x2A, 0x80, 0x01]), "#2a8001");
        assert_eq!(oid_text(&[0x2A; 200]), format!("#{}", "2a".repeat(200)));
    }
}
