//! Decides how an injected fault spoils signatures, whichever service gives them.
//!
//! **Invariant:** nothing of the library under test takes part. What a fault needs and nobody knows any more (the
//! signer, the content) leaves the signature as it is.

use super::built::change_data;
use super::stamp::TIME_STAMP_TOKEN;
use super::{Digests, Identity, Key, Manner, Signed, sign_detached, stamped, with_broken_value};
use crate::faults::{DigestName, SignatureFault};
use crate::moment::Moment;
use const_oid::ObjectIdentifier;
use const_oid::db::{rfc5911, rfc5912};
use der::Encode as _;
use der::asn1::{Any, OctetString, SetOfVec};
use der::asn1::{AnyRef, OctetStringRef};
use der::{Decode as _, Header, Reader as _, SliceReader, Tag, Tagged as _};
use rsa::pkcs1v15;
use sha1::{Digest as _, Sha1};
use signature::SignatureEncoding as _;
use signature::hazmat::PrehashSigner as _;
use spki::AlgorithmIdentifierOwned;

/// How a signature was made, as far as it is known.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Making<'a> {
    pub(crate) signer: Option<&'a Identity>,
    pub(crate) content: Option<&'a Digests>,
    pub(crate) at: Moment,
}

/// Spoils the order and the number of signatures.
pub(crate) fn rearrange<T: Clone>(fault: SignatureFault, signatures: &mut Vec<T>) {
    match fault {
        SignatureFault::Permute if !signatures.is_empty() => signatures.rotate_left(1),
        SignatureFault::Double => {
            if let Some(first) = signatures.first().cloned() {
                signatures.insert(0, first);
            }
        }
        SignatureFault::Missing => {
            signatures.pop();
        }
        _ => {}
    }
}

/// Spoils one signature by what concerns one; a stranger signs what the signer should not.
pub(crate) fn spoil(
    fault: SignatureFault,
    signature: &[u8],
    making: &Making<'_>,
    stranger: &Identity,
    manner: &Manner,
) -> Signed<Vec<u8>> {
    let sign = |identity: &Identity, content: &Digests| {
        sign_detached(identity, content, making.at, manner)
    };
    let other = Digests::of(manner.signatures, "bytes that nobody asked to sign");
    match (fault, making.signer, making.content) {
        (SignatureFault::Corrupt, ..) => with_broken_value(signature),
        (SignatureFault::Forge, Some(signer), _) => sign(signer, &other),
        (SignatureFault::OtherSigner, _, Some(content)) => sign(stranger, content),
        (SignatureFault::Ber, ..) => in_ber(signature),
        (SignatureFault::BerToken, ..) => {
            with_tokens_in_ber(&stamped(signature, stranger, making.at)?)
        }
        (SignatureFault::Unreadable, ..) => Ok(signature[..signature.len() / 2].to_vec()),
        (SignatureFault::ForeignDigest(name), ..) => {
            let digest = other.by(stranger.key.hash())?;
            with_digest(&sign(stranger, &other)?, stranger, name.oid(), digest)
        }
        (SignatureFault::Sha1, Some(signer), Some(content)) => {
            let signature = sign(signer, content)?;
            with_digest(&signature, signer, DigestName::SHA_1.oid(), &content.sha1)
        }
        _ => Ok(signature.to_vec()),
    }
}

const ECDSA_WITH_SHA_1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.1");

/// A signature of this identity, made anew as one with another digest algorithm.
pub(crate) fn with_digest(
    signature: &[u8],
    identity: &Identity,
    name: ObjectIdentifier,
    message_digest: &[u8],
) -> Signed<Vec<u8>> {
    let algorithm = AlgorithmIdentifierOwned {
        oid: name,
        parameters: None,
    };
    let is_sha1 = name == rfc5912::ID_SHA_1;
    change_data(signature, |data, info| {
        data.digest_algorithms = SetOfVec::try_from(vec![algorithm.clone()])?;
        info.digest_alg = algorithm;
        let to_sign = match info.signed_attrs.take() {
            None => message_digest.to_vec(),
            Some(attributes) => {
                let mut attributes = attributes.into_vec();
                for attribute in &mut attributes {
                    if attribute.oid == rfc5911::ID_MESSAGE_DIGEST {
                        let value = Any::encode_from(&OctetString::new(message_digest)?)?;
                        attribute.values = SetOfVec::try_from(vec![value])?;
                    }
                }
                let attributes = SetOfVec::try_from(attributes)?;
                let signed = attributes.to_der()?;
                info.signed_attrs = Some(attributes);
                if is_sha1 {
                    Sha1::digest(signed).to_vec()
                } else {
                    identity.key.hash().digest(signed).to_vec()
                }
            }
        };
        let value = match &identity.key {
            Key::Rsa(key) if is_sha1 => {
                info.signature_algorithm.oid = rfc5912::SHA_1_WITH_RSA_ENCRYPTION;
                let private: &rsa::RsaPrivateKey = key.as_ref().as_ref();
                let key = pkcs1v15::SigningKey::<Sha1>::new(private.clone());
                key.sign_prehash(&to_sign)?.to_vec()
            }
            key => {
                if is_sha1 && matches!(key, Key::Ecdsa(_)) {
                    info.signature_algorithm.oid = ECDSA_WITH_SHA_1;
                }
                key.value(&to_sign)?
            }
        };
        info.signature = OctetString::new(value)?;
        Ok(())
    })
}

/// What is nested deeper is copied as it is: a signature that was posted may hold anything.
const DEEPEST: usize = 32;

const END_OF_CONTENTS: [u8; 2] = [0, 0];
const INDEFINITE: u8 = 0x80;
const CONSTRUCTED: u8 = 0x20;

/// The same signature in BER.
pub(crate) fn in_ber(signature: &[u8]) -> Signed<Vec<u8>> {
    let mut out = Vec::new();
    write(&mut out, AnyRef::from_der(signature)?, 0)?;
    Ok(out)
}

/// The same signature in DER, but for the time stamps in it, which are in BER.
pub(crate) fn with_tokens_in_ber(signature: &[u8]) -> Signed<Vec<u8>> {
    copied(AnyRef::from_der(signature)?, 0)
}

fn write(out: &mut Vec<u8>, element: AnyRef<'_>, depth: usize) -> Signed<()> {
    let tag = element.tag();
    if tag == Tag::OctetString && !element.value().is_empty() {
        out.extend([tag.octet() | CONSTRUCTED, INDEFINITE]);
        for piece in element.value().chunks(element.value().len() / 2 + 1) {
            out.extend(OctetStringRef::new(piece)?.to_der()?);
        }
        out.extend(END_OF_CONTENTS);
    } else if !tag.is_constructed() || depth > DEEPEST {
        out.extend(element.to_der()?);
    } else {
        out.extend([tag.octet(), INDEFINITE]);
        // Below ContentInfo these are certificates, revocation lists, attributes and the content.
        if depth > 1 && matches!(tag, Tag::ContextSpecific { .. }) {
            out.extend(element.value());
        } else {
            for child in children(element)? {
                write(out, child, depth + 1)?;
            }
        }
        out.extend(END_OF_CONTENTS);
    }
    Ok(())
}

fn copied(element: AnyRef<'_>, depth: usize) -> Signed<Vec<u8>> {
    let tag = element.tag();
    if !tag.is_constructed() || depth > DEEPEST {
        return Ok(element.to_der()?);
    }
    let mut content = Vec::new();
    let children = children(element)?;
    if let [name, values] = children.as_slice()
        && name.decode_as::<ObjectIdentifier>() == Ok(TIME_STAMP_TOKEN)
    {
        content.extend(name.to_der()?);
        let mut tokens = Vec::new();
        for token in self::children(*values)? {
            write(&mut tokens, token, 0)?;
        }
        content.extend(enclosed(values.tag(), &tokens)?);
    } else {
        for child in children {
            content.extend(copied(child, depth + 1)?);
        }
    }
    enclosed(tag, &content)
}

fn enclosed(tag: Tag, content: &[u8]) -> Signed<Vec<u8>> {
    let mut out = Header::new(tag, content.len())?.to_der()?;
    out.extend(content);
    Ok(out)
}

fn children(element: AnyRef<'_>) -> Signed<Vec<AnyRef<'_>>> {
    let mut reader = SliceReader::new(element.value())?;
    let mut all = Vec::new();
    while !reader.is_finished() {
        all.push(AnyRef::decode(&mut reader)?);
    }
    Ok(all)
}
