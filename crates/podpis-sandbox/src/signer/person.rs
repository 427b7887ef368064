//! Decides how a certificate in a signature is described: to whom it belongs, by its own words.
//!
//! **Invariant:** what cannot be read is left out, because a posted signature may hold any certificate.

use std::time::Duration;

use const_oid::ObjectIdentifier;
use const_oid::db::{rfc4519, rfc5911};
use der::Encode as _;
use der::asn1::{GeneralizedTime, UtcTime};
use x509_cert::Certificate;
use x509_cert::name::Name;

use super::thumbprint;
use super::verify::{attribute, signed_data};
use crate::moment::Moment;

const SNILS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.643.100.3");

/// Who a certificate says it belongs to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Person {
    pub(crate) thumbprint: String,
    pub(crate) serial_number: String,
    pub(crate) issuer: String,
    pub(crate) not_before: String,
    pub(crate) not_after: String,
    pub(crate) organization: Option<String>,
    pub(crate) surname: Option<String>,
    pub(crate) first_name: Option<String>,
    pub(crate) snils: Option<String>,
}

impl Person {
    pub(crate) fn of(certificate: &Certificate) -> Self {
        let body = &certificate.tbs_certificate;
        let part = |oid: ObjectIdentifier| text(&body.subject, oid);
        Self {
            thumbprint: certificate
                .to_der()
                .map(|der| thumbprint(&der))
                .unwrap_or_default(),
            serial_number: base16ct::upper::encode_string(body.serial_number.as_bytes()),
            issuer: text(&body.issuer, rfc4519::CN).unwrap_or_default(),
            not_before: body.validity.not_before.to_date_time().to_string(),
            not_after: body.validity.not_after.to_date_time().to_string(),
            organization: part(rfc4519::O),
            surname: part(rfc4519::SN),
            first_name: part(rfc4519::GIVEN_NAME),
            snils: part(SNILS),
        }
    }
}

fn text(name: &Name, oid: ObjectIdentifier) -> Option<String> {
    name.0
        .iter()
        .flat_map(|part| part.0.iter())
        .find(|part| part.oid == oid)
        .and_then(|part| std::str::from_utf8(part.value.value()).ok())
        .map(str::to_owned)
}

/// The time that the first signer of a signature tells.
pub(crate) fn signing_time_of(signature: &[u8]) -> Option<Moment> {
    let data = signed_data(signature).ok()?;
    let signer = data.signer_infos.0.iter().next()?;
    let value = attribute(signer, rfc5911::ID_SIGNING_TIME)?;
    let since_epoch: Duration = value
        .decode_as::<UtcTime>()
        .map(|time| time.to_unix_duration())
        .or_else(|_| {
            value
                .decode_as::<GeneralizedTime>()
                .map(|time| time.to_unix_duration())
        })
        .ok()?;
    Some(Moment::default().after(since_epoch))
}
