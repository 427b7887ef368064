//! Decides what a revocation list is: version 2, with everything that one authority has revoked.
//!
//! **Invariant:** a list is made when it is asked for, so it has every revocation up to then.

use std::time::Duration;

use der::Encode as _;
use der::asn1::{BitString, Uint};
use x509_cert::Version;
use x509_cert::crl::{CertificateList, RevokedCert, TbsCertList};
use x509_cert::ext::pkix::CrlNumber;
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;

use super::certificate::{extension, issued_by, time};
use super::{Key, Signed};
use crate::moment::Moment;

/// A list says that it is a little older than it is: who began to judge before it was made must not take it for one of the
/// future.
const BACKDATED: Duration = Duration::from_secs(60);

/// The list of an authority, in DER.
pub(super) fn list(
    issuer: &Name,
    key: &Key,
    revoked: &[(SerialNumber, Moment)],
    (now, life): (Moment, Duration),
) -> Signed<Vec<u8>> {
    let entry = |(serial, at): &(SerialNumber, Moment)| {
        Ok(RevokedCert {
            serial_number: serial.clone(),
            revocation_date: time(*at)?,
            crl_entry_extensions: None,
        })
    };
    let entries: der::Result<Vec<RevokedCert>> = revoked.iter().map(entry).collect();
    // Later lists have larger numbers, or the same if they were made in the same second.
    let number = now.since_epoch().as_secs().to_be_bytes();
    let body = TbsCertList {
        version: Version::V2,
        signature: key.signature_algorithm(),
        issuer: issuer.clone(),
        this_update: time(now.before(BACKDATED))?,
        next_update: Some(time(now.after(life))?),
        revoked_certificates: Some(entries?).filter(|entries| !entries.is_empty()),
        crl_extensions: Some(vec![
            issued_by(key)?,
            extension(false, &CrlNumber(Uint::new(&number)?))?,
        ]),
    };
    let list = CertificateList {
        signature: BitString::from_bytes(&key.sign(&body.to_der()?)?)?,
        signature_algorithm: key.signature_algorithm(),
        tbs_cert_list: body,
    };
    Ok(list.to_der()?)
}
