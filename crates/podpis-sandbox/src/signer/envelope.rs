//! Decides what an encrypted document is: CMS EnvelopedData in DER for one RSA certificate, AES-256-CBC inside.
//!
//! **Invariant:** the content key is a function of the content, so a world stays reproducible; that makes the
//! encryption worthless outside tests, like every key here.

use cms::builder::{
    ContentEncryptionAlgorithm, EnvelopedDataBuilder, KeyEncryptionInfo,
    KeyTransRecipientInfoBuilder,
};
use cms::content_info::ContentInfo;
use cms::enveloped_data::RecipientIdentifier;
use const_oid::db::rfc5911;
use der::asn1::Any;
use der::{Decode as _, Encode as _};
use signature::Keypair as _;

use super::stream::Stream;
use super::{Identity, Key, Signed};

/// Encrypts for the owner of a certificate. None when its key cannot encrypt (it is not RSA).
pub(crate) fn encrypt_for(identity: &Identity, content: &[u8]) -> Signed<Option<Vec<u8>>> {
    let Key::Rsa(key) = &identity.key else {
        return Ok(None);
    };
    let public: rsa::RsaPublicKey = key.verifying_key().into();
    let recipient = RecipientIdentifier::IssuerAndSerialNumber(identity.number());
    let mut for_key = Stream::of(content);
    let mut for_content = Stream::of(content);
    let mut builder =
        EnvelopedDataBuilder::new(None, content, ContentEncryptionAlgorithm::Aes256Cbc, None)?;
    builder.add_recipient_info(KeyTransRecipientInfoBuilder::new(
        recipient,
        KeyEncryptionInfo::Rsa(public),
        &mut for_key,
    )?)?;
    let data = builder.build_with_rng(&mut for_content)?;
    let info = ContentInfo {
        content_type: rfc5911::ID_ENVELOPED_DATA,
        content: Any::from_der(&data.to_der()?)?,
    };
    Ok(Some(info.to_der()?))
}
