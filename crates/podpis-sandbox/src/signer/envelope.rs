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
use rsa::rand_core::{CryptoRng, Error as RngError, RngCore};
use sha2::{Digest as _, Sha256};
use signature::Keypair as _;

use super::{Identity, Key, Signed};

/// The same stream of bytes for the same seed.
struct Stream {
    seed: [u8; 32],
    made: u64,
    rest: Vec<u8>,
}

impl Stream {
    fn of(content: &[u8]) -> Self {
        Self {
            seed: Sha256::digest(content).into(),
            made: 0,
            rest: Vec::new(),
        }
    }
}

impl RngCore for Stream {
    fn next_u32(&mut self) -> u32 {
        let mut bytes = [0; 4];
        self.fill_bytes(&mut bytes);
        u32::from_le_bytes(bytes)
    }

    fn next_u64(&mut self) -> u64 {
        let mut bytes = [0; 8];
        self.fill_bytes(&mut bytes);
        u64::from_le_bytes(bytes)
    }

    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        for byte in bytes {
            if self.rest.is_empty() {
                self.made += 1;
                self.rest = Sha256::new()
                    .chain_update(self.seed)
                    .chain_update(self.made.to_be_bytes())
                    .finalize()
                    .to_vec();
            }
            *byte = self.rest.pop().unwrap_or_default();
        }
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), RngError> {
        self.fill_bytes(bytes);
        Ok(())
    }
}

impl CryptoRng for Stream {}

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
