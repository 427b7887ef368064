//! Decides who issues certificates: a root alone in worlds of ECDSA, a root and an authority below it in those of GOST.
//!
//! **Invariant:** the last authority of the chain issues to people and to the service of time stamps; each has a list of its
//! own. What is revoked stays revoked until the world is made anew.

use std::time::Duration;

use const_oid::ObjectIdentifier;
use const_oid::db::rfc4519;
use der::pem::LineEnding;
use der::{EncodePem as _, Tag};
use x509_cert::Certificate;
use x509_cert::serial_number::SerialNumber;

use super::certificate::{self, Addresses, By, Said, Use, authority_name, serial, written};
use super::list::list;
use super::{Identity, Key, KeyName, Signed};
use crate::moment::Moment;
use crate::options::{Signatures, WorldOptions};

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

/// One authority of the chain.
#[derive(Clone, Debug)]
struct Issuer {
    /// As its files are called.
    file: &'static str,
    identity: Identity,
    revoked: Vec<(SerialNumber, Moment)>,
}

/// The sandbox's certification authorities.
#[derive(Clone, Debug)]
pub(crate) struct Authority {
    root: Issuer,
    below: Option<Issuer>,
    /// Stamps what others sign.
    stamps: Identity,
    /// Where the sandbox is reached, if that stands in the certificates.
    address: Option<String>,
    signatures: Signatures,
    day: Moment,
    issued: u64,
}

impl Authority {
    /// # Panics
    /// Never: everything is built from constants and a time that is clamped into the range of X.509.
    pub(crate) fn new(options: &WorldOptions, now: Moment) -> Self {
        let address = options.address.as_deref();
        let address = address.map(|address| address.trim_end_matches('/').to_owned());
        Self::named(
            "Тестовый УЦ песочницы podpis (вместо УЦ СКБ Контур)",
            KeyName::Authority,
            (
                options.signatures,
                address.filter(|address| address.is_ascii()),
            ),
            now,
        )
        .expect("constant certificates are valid")
    }

    /// Another authority, whose certificates the services know but cannot sign with.
    ///
    /// # Panics
    /// Never, as [`new`](Self::new).
    pub(crate) fn foreign(signatures: Signatures, now: Moment) -> Self {
        let (name, key) = ("Чужой тестовый УЦ", KeyName::ForeignAuthority);
        Self::named(name, key, (signatures, None), now).expect("constant certificates are valid")
    }

    fn named(
        common_name: &str,
        key: KeyName,
        (signatures, address): (Signatures, Option<String>),
        now: Moment,
    ) -> Signed<Self> {
        let day = now.midnight();
        let of_authority = |common_name: &str, number| {
            Ok::<_, der::Error>(Said {
                subject: authority_name(common_name)?,
                serial: serial(number),
                from: day.before(Duration::from_secs(365 * 24 * 60 * 60)),
                until: day.days_later(3650),
                used_for: Use::Authority,
            })
        };
        let key = Key::named(key, signatures);
        let said = of_authority(common_name, 1)?;
        let name = said.subject.clone();
        let by = By {
            name: &name,
            key: &key.clone(),
            addresses: None,
        };
        let root = Issuer {
            file: "root",
            identity: written(said, key, &by)?,
            revoked: Vec::new(),
        };
        let mut authority = Self {
            stamps: root.identity.clone(),
            root,
            below: None,
            address,
            signatures,
            day,
            issued: 1,
        };
        if signatures == Signatures::Gost {
            let name = format!("{common_name} № 2");
            authority.below = Some(Issuer {
                file: "issuing",
                identity: authority.written(of_authority(&name, 2)?, Key::issuing())?,
                revoked: Vec::new(),
            });
        }
        // The numbers from two on are for people.
        let said = Said {
            used_for: Use::TimeStamps,
            ..of_authority("Служба штампов времени песочницы podpis", u64::MAX)?
        };
        let key = Key::named(KeyName::TimeStamps, signatures);
        authority.stamps = authority.written(said, key)?;
        Ok(authority)
    }

    /// The one that issues to people.
    fn issuing(&self) -> &Issuer {
        self.below.as_ref().unwrap_or(&self.root)
    }

    /// A certificate by the last authority of the chain.
    fn written(&self, said: Said, key: Key) -> Signed<Identity> {
        let issuer = self.issuing();
        let addresses = self.address.as_ref().map(|address| Addresses {
            certificate: format!("{address}/_sandbox/ca/{}.crt", issuer.file),
            list: format!("{address}/_sandbox/ca/{}.crl", issuer.file),
        });
        let by = By {
            name: &issuer.identity.certificate.tbs_certificate.subject,
            key: &issuer.identity.key,
            addresses,
        };
        written(said, key, &by)
    }

    /// The root's certificate.
    ///
    /// # Panics
    /// Never: what was just built encodes.
    pub(crate) fn pem(&self) -> String {
        let pem = self.root.identity.certificate.to_pem(LineEnding::LF);
        pem.expect("a certificate that was built encodes")
    }

    /// The certificate of the one that issues to people.
    pub(crate) fn certificate(&self) -> &Certificate {
        &self.issuing().identity.certificate
    }

    /// Who makes time stamps.
    pub(crate) fn stamps(&self) -> &Identity {
        &self.stamps
    }

    pub(crate) fn signatures(&self) -> Signatures {
        self.signatures
    }

    fn all(&self) -> impl Iterator<Item = &Issuer> {
        [&self.root].into_iter().chain(&self.below)
    }

    /// What a file of the authorities holds, in DER: `root.crt`, `root.crl` and the same of others.
    pub(crate) fn file(&self, name: &str, now: Moment, life: Duration) -> Option<Signed<Vec<u8>>> {
        let (file, end) = name.split_once('.')?;
        let issuer = self.all().find(|issuer| issuer.file == file)?;
        let Identity {
            certificate,
            key,
            der,
            ..
        } = &issuer.identity;
        let subject = &certificate.tbs_certificate.subject;
        match end {
            "crt" => Some(Ok(der.clone())),
            "crl" => Some(list(subject, key, &issuer.revoked, (now, life))),
            _ => None,
        }
    }

    /// Revokes a certificate from now on; one that is revoked stays as it is. False when another authority issued it.
    pub(crate) fn revoke(&mut self, identity: &Identity, now: Moment) -> bool {
        let body = &identity.certificate.tbs_certificate;
        let all = [&mut self.root].into_iter().chain(&mut self.below);
        let mut own =
            all.filter(|issuer| issuer.identity.certificate.tbs_certificate.subject == body.issuer);
        let Some(issuer) = own.next() else {
            return false;
        };
        let number = &body.serial_number;
        if !issuer.revoked.iter().any(|(known, _)| known == number) {
            issuer.revoked.push((number.clone(), now));
        }
        true
    }

    /// A certificate that is valid for a year around today.
    pub(crate) fn issue(&mut self, subject: &Subject, key: KeyName) -> Identity {
        self.issue_for_days(subject, key, -30..335)
    }

    /// A certificate that ended a month ago.
    pub(crate) fn issue_expired(&mut self, subject: &Subject, key: KeyName) -> Identity {
        self.issue_for_days(subject, key, -395..-30)
    }

    /// A certificate that is valid for these days, counted from today; negative ones have passed.
    ///
    /// # Panics
    /// Never, as [`new`](Self::new).
    pub(crate) fn issue_for_days(
        &mut self,
        subject: &Subject,
        key: KeyName,
        days: std::ops::Range<i64>,
    ) -> Identity {
        self.issued += 1;
        let subject = certificate::name(&[
            (rfc4519::C, Tag::PrintableString, "RU"),
            (rfc4519::O, Tag::Utf8String, "ООО «Ромашка»"),
            (rfc4519::SN, Tag::Utf8String, subject.surname),
            (rfc4519::GIVEN_NAME, Tag::Utf8String, subject.given_name),
            (INN, Tag::NumericString, subject.inn),
            (SNILS, Tag::NumericString, subject.snils),
            (rfc4519::CN, Tag::Utf8String, subject.common_name),
        ]);
        let said = Said {
            subject: subject.expect("a constant name is valid"),
            serial: serial(self.issued),
            from: self.day.days_later(days.start),
            until: self.day.days_later(days.end),
            used_for: Use::Person,
        };
        self.written(said, Key::named(key, self.signatures))
            .expect("constant certificates are valid")
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Authority, KeyName};
    use crate::identity::DIRECTOR;
    use crate::moment::Moment;
    use crate::options::{Signatures, WorldOptions};

    #[test]
    fn certificates_and_lists_can_be_made_at_any_time_and_address() {
        for signatures in [Signatures::Ecdsa, Signatures::Gost] {
            for seconds in [0, 1, 1_700_000_000, 2_600_000_000, u64::MAX] {
                for address in ["", "http://127.0.0.1:8787/", "адрес"] {
                    let now = Moment::default().after(Duration::from_secs(seconds));
                    let options = WorldOptions::default().signatures(signatures);
                    let mut authority =
                        Authority::new(&options.address(Some(address.to_owned())), now);
                    let identity = authority.issue(&DIRECTOR, KeyName::Director);
                    assert_eq!(identity.thumbprint.len(), 40, "{seconds}");
                    assert!(authority.revoke(&identity, now));
                    let list = authority.file("root.crl", now, Duration::MAX);
                    assert!(list.unwrap().is_ok(), "{seconds}");
                }
            }
        }
    }
}
