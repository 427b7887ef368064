//! Decides what a posted signature is worth: its shape at once, its value later.
//!
//! **Invariant:** nothing of the library under test takes part, and a signature of whatever bytes gives an answer,
//! never a panic. P-256 and RSA with SHA-256 and GOST R 34.10-2012 with its own digest are verified; anything else counts as
//! wrong, because no key of the sandbox makes it.

use cms::cert::CertificateChoices;
use cms::content_info::ContentInfo;
use cms::signed_data::{SignedData, SignerIdentifier, SignerInfo};
use const_oid::ObjectIdentifier;
use const_oid::db::rfc5911;
use der::asn1::{Any, OctetString};
use der::{Decode as _, Encode as _};
use rsa::pkcs1v15;
use sha2::Sha256;
use signature::hazmat::PrehashVerifier;
use spki::{DecodePublicKey as _, SubjectPublicKeyInfoOwned};
use x509_cert::Certificate;

use super::{Authority, Hash, gost_key};
use crate::moment::Moment;

/// Why bytes are no signature that can be posted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ShapeError {
    /// R-CMS-1.
    #[error("The signature is not DER.")]
    NoDer,
    /// R-CMS-2.
    #[error("The signature is not a CMS SignedData.")]
    OtherContent,
    /// R-CMS-3.
    #[error("The signature is not detached: it holds the content.")]
    WithContent,
}

/// What became of the look at a signature's value.
#[derive(Clone, Debug, Default)]
pub(crate) struct Look {
    /// The signature is over these very bytes, by the key of the certificate in it.
    pub(crate) value_is_right: bool,
    /// The certificate is from this authority and valid at that time.
    pub(crate) certificate_is_right: bool,
    /// The certificate of the first signer.
    pub(crate) certificate: Option<Certificate>,
}

impl Look {
    pub(crate) fn is_valid(&self) -> bool {
        self.value_is_right && self.certificate_is_right
    }
}

/// Reads a signature as strictly as DER is, and one that holds no content.
pub(crate) fn shape(signature: &[u8]) -> Result<SignedData, ShapeError> {
    let data = signed_data(signature)?;
    if data.encap_content_info.econtent.is_some() {
        return Err(ShapeError::WithContent);
    }
    Ok(data)
}

/// Reads a signature, whether or not it holds its content.
pub(crate) fn signed_data(signature: &[u8]) -> Result<SignedData, ShapeError> {
    let outer = ContentInfo::from_der(signature).map_err(|_| ShapeError::NoDer)?;
    if outer.content_type != rfc5911::ID_SIGNED_DATA {
        return Err(ShapeError::OtherContent);
    }
    let data = outer.content.decode_as();
    data.map_err(|_| ShapeError::OtherContent)
}

/// Compares a signature with the bytes it should be over. Of several signers every one has to be right.
pub(crate) fn look(signature: &[u8], content: &[u8], authority: &Authority, now: Moment) -> Look {
    let Ok(data) = shape(signature) else {
        return Look::default();
    };
    let mut signers = data.signer_infos.0.iter().peekable();
    let mut look = Look {
        value_is_right: signers.peek().is_some(),
        certificate_is_right: signers.peek().is_some(),
        certificate: None,
    };
    for signer in signers {
        let certificate = certificate_of(&data, signer);
        let (value, trust) = certificate.map_or((false, false), |known| {
            let key = &known.tbs_certificate.subject_public_key_info;
            let is_issued = is_issued_by(known, authority.certificate(), now);
            (is_right(signer, key, content), is_issued)
        });
        look.value_is_right &= value;
        look.certificate_is_right &= trust;
        look.certificate = look.certificate.or_else(|| certificate.cloned());
    }
    look
}

/// What the signer says of the content.
pub(crate) fn message_digest(signer: &SignerInfo) -> Option<Vec<u8>> {
    let digest = attribute(signer, rfc5911::ID_MESSAGE_DIGEST)?.decode_as();
    let digest: OctetString = digest.ok()?;
    Some(digest.as_bytes().to_vec())
}

/// The value of a signed attribute.
pub(super) fn attribute(signer: &SignerInfo, name: ObjectIdentifier) -> Option<&Any> {
    let mut attributes = signer.signed_attrs.as_ref()?.iter();
    let known = attributes.find(|known| known.oid == name)?;
    known.values.iter().next()
}

fn certificate_of<'a>(data: &'a SignedData, signer: &SignerInfo) -> Option<&'a Certificate> {
    let is_meant = |known: &&Certificate| match &signer.sid {
        SignerIdentifier::IssuerAndSerialNumber(id) => {
            id.issuer == known.tbs_certificate.issuer
                && id.serial_number == known.tbs_certificate.serial_number
        }
        // The sandbox names its signers by issuer and number; of another form there can be one certificate only.
        SignerIdentifier::SubjectKeyIdentifier(_) => true,
    };
    data.certificates
        .as_ref()?
        .0
        .iter()
        .filter_map(|choice| match choice {
            CertificateChoices::Certificate(known) => Some(known),
            CertificateChoices::Other(_) => None,
        })
        .find(is_meant)
}

fn is_right(signer: &SignerInfo, key: &SubjectPublicKeyInfoOwned, content: &[u8]) -> bool {
    let Some(hash) = Hash::named(signer.digest_alg.oid).filter(|hash| *hash == hash_of(key)) else {
        return false;
    };
    let (digest, value) = (hash.digest(content), signer.signature.as_bytes());
    let Some(attributes) = &signer.signed_attrs else {
        return verifies(key, &digest, value);
    };
    let Ok(signed) = attributes.to_der() else {
        return false;
    };
    message_digest(signer).is_some_and(|told| told == digest)
        && verifies(key, &hash.digest(signed), value)
}

/// The digest that goes with a key.
fn hash_of(key: &SubjectPublicKeyInfoOwned) -> Hash {
    match key.algorithm.oid {
        gost_key::ALGORITHM => Hash::Streebog256,
        _ => Hash::Sha256,
    }
}

fn verifies(key: &SubjectPublicKeyInfoOwned, digest: &[u8], value: &[u8]) -> bool {
    let Ok(der) = key.to_der() else { return false };
    if let Ok(key) = podpis_gost::VerifyingKey::from_spki_der(&der) {
        return key.verify(digest, value);
    }
    if let Ok(key) = p256::ecdsa::VerifyingKey::from_public_key_der(&der) {
        return p256::ecdsa::DerSignature::try_from(value)
            .is_ok_and(|value| key.verify_prehash(digest, &value).is_ok());
    }
    rsa::RsaPublicKey::from_public_key_der(&der).is_ok_and(|key| {
        let key = pkcs1v15::VerifyingKey::<Sha256>::new(key);
        pkcs1v15::Signature::try_from(value)
            .is_ok_and(|value| key.verify_prehash(digest, &value).is_ok())
    })
}

fn is_issued_by(known: &Certificate, authority: &Certificate, now: Moment) -> bool {
    let body = &known.tbs_certificate;
    let key = &authority.tbs_certificate.subject_public_key_info;
    let Ok(signed) = body.to_der() else {
        return false;
    };
    let (from, until) = (&body.validity.not_before, &body.validity.not_after);
    let now = now.since_epoch();
    body.issuer == authority.tbs_certificate.subject
        && from.to_unix_duration() <= now
        && now <= until.to_unix_duration()
        && verifies(
            key,
            &hash_of(key).digest(signed),
            known.signature.raw_bytes(),
        )
}

#[cfg(test)]
mod tests {
    use super::{ShapeError, look, shape};
    use crate::identity::DIRECTOR;
    use crate::moment::Moment;
    use crate::options::{Signatures, WorldOptions};
    use crate::signer::{Authority, Digests, KeyName, Manner, sign_detached, with_broken_value};

    #[test]
    fn a_signature_is_right_for_its_bytes_only() {
        let now = Moment::default().after(std::time::Duration::from_secs(1_700_000_000));
        for signatures in [Signatures::Ecdsa, Signatures::Gost] {
            let options = WorldOptions::default().signatures(signatures);
            let mut authority = Authority::new(&options, now);
            let foreign = Authority::foreign(signatures, now);
            let content = Digests::of(signatures, "content");
            for key in [KeyName::Director, KeyName::Archivist] {
                let identity = authority.issue(&DIRECTOR, key);
                for attributes in [true, false] {
                    let options = options.clone().signed_attributes(attributes);
                    let manner = Manner::of(&options, &authority);
                    let signature = sign_detached(&identity, &content, now, &manner).unwrap();
                    let broken = with_broken_value(&signature).unwrap();
                    assert!(look(&signature, b"content", &authority, now).is_valid());
                    assert!(!look(&signature, b"another", &authority, now).value_is_right);
                    assert!(!look(&broken, b"content", &authority, now).value_is_right);
                    let strange = look(&signature, b"content", &foreign, now);
                    assert!(strange.value_is_right && !strange.certificate_is_right);
                    let late = look(&signature, b"content", &authority, now.days_later(400));
                    assert!(!late.certificate_is_right);
                }
            }
        }
    }

    #[test]
    fn only_detached_signed_data_in_der_has_the_shape() {
        let now = Moment::default().after(std::time::Duration::from_secs(1_700_000_000));
        let options = WorldOptions::default();
        let mut authority = Authority::new(&options, now);
        let identity = authority.issue(&DIRECTOR, KeyName::Director);
        let manner = Manner::of(&options, &authority);
        let content = Digests::of(options.signatures, "content");
        let signature = sign_detached(&identity, &content, now, &manner).unwrap();
        assert!(shape(&signature).is_ok());
        let longer = [signature.as_slice(), b"\0"].concat();
        assert_eq!(shape(&longer).err(), Some(ShapeError::NoDer));
        let seen = shape(&signature[..signature.len() - 1]).err();
        assert_eq!(seen, Some(ShapeError::NoDer));
        assert_eq!(shape(b"").err(), Some(ShapeError::NoDer));
        // ContentInfo of id-data.
        let data = b"\x30\x0f\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01\xa0\x02\x04\x00";
        assert_eq!(shape(data).err(), Some(ShapeError::OtherContent));
    }
}
