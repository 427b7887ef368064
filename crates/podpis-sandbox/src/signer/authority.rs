//! Decides what certificates look like: subjects as Russian authorities write them, validity around the world's
//! start.
//!
//! **Invariant:** certificates of one day are equal byte for byte, so thumbprints survive a restart on that day.

use std::time::Duration;

use const_oid::ObjectIdentifier;
use const_oid::db::rfc4519;
use der::asn1::{Any, GeneralizedTime, SetOfVec};
use der::pem::LineEnding;
use der::{Encode as _, EncodePem as _, Tag};
use p256::ecdsa::DerSignature;
use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::builder::{Builder as _, CertificateBuilder, Profile};
use x509_cert::name::{Name, RdnSequence, RelativeDistinguishedName};
use x509_cert::serial_number::SerialNumber;
use x509_cert::time::{Time, Validity};

use super::{Identity, Key, KeyName, thumbprint};
use crate::moment::Moment;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// The last second that an X.509 time can hold.
const END_OF_TIME: Duration = Duration::from_secs(253_402_300_799);

const INN: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.643.3.131.1.1");
const SNILS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.643.100.3");

/// What is written about a person in a certificate.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Subject {
    pub(crate) common_name: &'static str,
    pub(crate) surname: &'static str,
    pub(crate) given_name: &'static str,
    pub(crate) inn: &'static str,
    pub(crate) snils: &'static str,
}

/// The sandbox's certification authority.
#[derive(Clone, Debug)]
pub(crate) struct Authority {
    name: Name,
    key: p256::ecdsa::SigningKey,
    pem: String,
    day: Moment,
    issued: u64,
}

impl Authority {
    /// # Panics
    /// Never: everything is built from constants and a time that is clamped into the range of X.509.
    pub(crate) fn new(now: Moment) -> Self {
        Self::named(
            "Тестовый УЦ песочницы podpis (вместо УЦ СКБ Контур)",
            KeyName::Authority,
            now,
        )
    }

    /// Another authority, whose certificates the services know but cannot sign with.
    ///
    /// # Panics
    /// Never, as [`new`](Self::new).
    pub(crate) fn foreign(now: Moment) -> Self {
        Self::named("Чужой тестовый УЦ", KeyName::ForeignAuthority, now)
    }

    /// # Panics
    /// Never, as [`new`](Self::new).
    fn named(common_name: &str, key: KeyName, now: Moment) -> Self {
        let Key::Ecdsa(key) = Key::named(key) else {
            unreachable!("an authority's key is a P-256 key")
        };
        let day = now.midnight();
        let name = name(&[
            (rfc4519::C, Tag::PrintableString, "RU"),
            (rfc4519::O, Tag::Utf8String, "podpis"),
            (rfc4519::CN, Tag::Utf8String, common_name),
        ])
        .expect("a constant name is valid");
        let certificate = CertificateBuilder::new(
            Profile::Root,
            serial(1),
            validity(day.before(DAY * 365), day.after(DAY * 3650)).expect("the time is in range"),
            name.clone(),
            Key::Ecdsa(key.clone()).public().expect("a valid key"),
            &key,
        )
        .and_then(|builder| builder.build::<DerSignature>())
        .expect("a constant certificate is valid");
        let pem = certificate.to_pem(LineEnding::LF);
        let pem = pem.expect("a certificate that was just built encodes");
        Self {
            name,
            key,
            pem,
            day,
            issued: 1,
        }
    }

    pub(crate) fn pem(&self) -> &str {
        &self.pem
    }

    /// A certificate that is valid for a year around today.
    pub(crate) fn issue(&mut self, subject: &Subject, key: KeyName) -> Identity {
        self.issue_for(
            subject,
            key,
            self.day.before(DAY * 30),
            self.day.after(DAY * 335),
        )
    }

    /// A certificate that ended a month ago.
    pub(crate) fn issue_expired(&mut self, subject: &Subject, key: KeyName) -> Identity {
        self.issue_for(
            subject,
            key,
            self.day.before(DAY * 395),
            self.day.before(DAY * 30),
        )
    }

    /// A certificate that is valid for these days, counted from today; negative ones have passed.
    pub(crate) fn issue_for_days(
        &mut self,
        subject: &Subject,
        key: KeyName,
        days: std::ops::Range<i64>,
    ) -> Identity {
        let (from, until) = (
            self.day.days_later(days.start),
            self.day.days_later(days.end),
        );
        self.issue_for(subject, key, from, until)
    }

    /// # Panics
    /// Never, as [`new`](Self::new).
    fn issue_for(
        &mut self,
        subject: &Subject,
        key: KeyName,
        not_before: Moment,
        not_after: Moment,
    ) -> Identity {
        self.issued += 1;
        let key = Key::named(key);
        let subject = name(&[
            (rfc4519::C, Tag::PrintableString, "RU"),
            (rfc4519::O, Tag::Utf8String, "ООО «Ромашка»"),
            (rfc4519::SN, Tag::Utf8String, subject.surname),
            (rfc4519::GIVEN_NAME, Tag::Utf8String, subject.given_name),
            (INN, Tag::NumericString, subject.inn),
            (SNILS, Tag::NumericString, subject.snils),
            (rfc4519::CN, Tag::Utf8String, subject.common_name),
        ])
        .expect("a constant name is valid");
        let profile = Profile::Leaf {
            issuer: self.name.clone(),
            enable_key_agreement: false,
            enable_key_encipherment: matches!(key, Key::Rsa(_)),
            include_subject_key_identifier: true,
        };
        let certificate = CertificateBuilder::new(
            profile,
            serial(self.issued),
            validity(not_before, not_after).expect("the time is in range"),
            subject,
            key.public().expect("a valid key"),
            &self.key,
        )
        .and_then(|builder| builder.build::<DerSignature>())
        .expect("a constant certificate is valid");
        let der = certificate.to_der();
        let der = der.expect("a certificate that was just built encodes");
        Identity {
            thumbprint: thumbprint(&der),
            key,
            certificate,
            der,
            not_before,
            not_after,
        }
    }
}

/// Serial numbers with their high half fixed, so that they are long like real ones.
fn serial(number: u64) -> SerialNumber {
    let mut bytes = [0x4b; 16];
    bytes[8..].copy_from_slice(&number.to_be_bytes());
    SerialNumber::new(&bytes).unwrap_or_else(|_| SerialNumber::from(number))
}

fn validity(not_before: Moment, not_after: Moment) -> der::Result<Validity> {
    let time = |moment: Moment| {
        let seconds = moment.since_epoch().min(END_OF_TIME).as_secs();
        GeneralizedTime::from_unix_duration(Duration::from_secs(seconds)).map(Time::GeneralTime)
    };
    Ok(Validity {
        not_before: time(not_before)?,
        not_after: time(not_after)?,
    })
}

fn name(parts: &[(ObjectIdentifier, Tag, &str)]) -> der::Result<Name> {
    let mut sequence = RdnSequence::default();
    for &(oid, tag, text) in parts {
        let part = AttributeTypeAndValue {
            oid,
            value: Any::new(tag, text.as_bytes())?,
        };
        sequence
            .0
            .push(RelativeDistinguishedName(SetOfVec::from_iter([part])?));
    }
    Ok(sequence)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Authority, KeyName};
    use crate::identity::DIRECTOR;
    use crate::moment::Moment;

    #[test]
    fn certificates_can_be_issued_at_any_time() {
        for seconds in [0, 1, 1_700_000_000, 2_600_000_000, u64::MAX] {
            let now = Moment::default().after(Duration::from_secs(seconds));
            let identity = Authority::new(now).issue(&DIRECTOR, KeyName::Director);
            assert_eq!(identity.thumbprint.len(), 40, "{seconds}");
        }
    }
}
