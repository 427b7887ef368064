//! Decides what a stamped signature is: the posted one with a time stamp of the service beside its value (CAdES-T).
//!
//! **Invariant:** only unsigned attributes are added, so a stamped signature verifies exactly as the posted one does.
//! The stamp has the form of RFC 3161, and its number follows from what it stamps and when.

use std::time::Duration;

use cms::content_info::ContentInfo;
use cms::signed_data::{SignedData, SignerInfos};
use const_oid::ObjectIdentifier;
use der::asn1::{Any, GeneralizedTime, OctetString, SetOfVec};
use der::{Decode as _, Encode as _, Sequence};
use sha2::{Digest as _, Sha256};
use spki::AlgorithmIdentifierOwned;
use x509_cert::attr::{Attribute, Attributes};

use super::built::sign_attached;
use super::{Identity, Signed};
use crate::moment::Moment;

const TST_INFO: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");
pub(super) const TIME_STAMP_TOKEN: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.14");
/// Any policy, because the sandbox has none.
const POLICY: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.32.0");

#[derive(Sequence)]
struct MessageImprint {
    algorithm: AlgorithmIdentifierOwned,
    digest: OctetString,
}

#[derive(Sequence)]
struct TstInfo {
    version: u8,
    policy: ObjectIdentifier,
    imprint: MessageImprint,
    serial: u64,
    time: GeneralizedTime,
}

/// The signature with a stamp for each of its signers.
pub(crate) fn stamped(signature: &[u8], service: &Identity, at: Moment) -> Signed<Vec<u8>> {
    let outer = ContentInfo::from_der(signature)?;
    let mut data: SignedData = outer.content.decode_as()?;
    let mut signers = Vec::new();
    for signer in data.signer_infos.0.iter() {
        let mut signer = signer.clone();
        let token = token(signer.signature.as_bytes(), service, at)?;
        let stamp = Attribute {
            oid: TIME_STAMP_TOKEN,
            values: SetOfVec::try_from(vec![Any::from_der(&token)?])?,
        };
        let known = signer.unsigned_attrs.iter().flat_map(Attributes::iter);
        let all: Vec<Attribute> = known.cloned().chain([stamp]).collect();
        signer.unsigned_attrs = Some(Attributes::try_from(all)?);
        signers.push(signer);
    }
    data.signer_infos = SignerInfos::try_from(signers)?;
    Ok(ContentInfo {
        content_type: outer.content_type,
        content: Any::from_der(&data.to_der()?)?,
    }
    .to_der()?)
}

fn token(value: &[u8], service: &Identity, at: Moment) -> Signed<Vec<u8>> {
    let hash = service.key.hash();
    let seconds = at.since_epoch().as_secs().min(253_402_300_799);
    let mut serial = [0; 8];
    serial.copy_from_slice(&Sha256::digest([value, &seconds.to_be_bytes()].concat())[..8]);
    let info = TstInfo {
        version: 1,
        policy: POLICY,
        imprint: MessageImprint {
            algorithm: hash.algorithm(),
            digest: OctetString::new(hash.digest(value).as_slice())?,
        },
        serial: u64::from_be_bytes(serial),
        time: GeneralizedTime::from_unix_duration(Duration::from_secs(seconds))?,
    };
    sign_attached(service, TST_INFO, &info.to_der()?, at)
}
