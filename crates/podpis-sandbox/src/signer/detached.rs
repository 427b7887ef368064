//! Decides what a service signs with: a detached signature in the manner of its world.
//!
//! **Invariant:** it is over the bytes whose digests are given, which nobody needs to have any more.

use cms::signed_data::EncapsulatedContentInfo;
use const_oid::db::rfc5911;
use x509_cert::attr::Attributes;

use super::built::{signed, signed_attributes, signing_certificate};
use super::{Digests, Identity, Manner, Signed, stamped};
use crate::moment::Moment;

/// Signs bytes of which only the digests are known.
pub(crate) fn sign_detached(
    identity: &Identity,
    content: &Digests,
    at: Moment,
    manner: &Manner,
) -> Signed<Vec<u8>> {
    let detached = EncapsulatedContentInfo {
        econtent_type: rfc5911::ID_DATA,
        econtent: None,
    };
    let digest = content.by(identity.key.hash())?;
    let mut attributes = None;
    if manner.attributes {
        let mut all = signed_attributes(rfc5911::ID_DATA, digest, at)?;
        if manner.names_certificate {
            all.push(signing_certificate(identity)?);
        }
        attributes = Some(Attributes::try_from(all)?);
    }
    let signature = signed(identity, detached, digest, attributes)?;
    if manner.is_stamped {
        return stamped(&signature, &manner.stamps, at);
    }
    Ok(signature)
}
