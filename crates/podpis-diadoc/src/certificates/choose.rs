//! Decides which certificate can sign remotely, and says why another cannot.
//!
//! **Invariant:** every reason that applies is told, not only the first; a field that the service leaves out is no
//! reason.

use std::fmt;
use std::time::SystemTime;

use podpis_core::certificate::{SigningMethod, Unusable};
use podpis_diadoc_proto::certificates::{CertificateType, CertificateUsage};

use super::Certificate;

/// The type, and the use, of the certificates that a method signs with.
fn wanted(method: SigningMethod) -> (CertificateType, CertificateUsage) {
    match method {
        SigningMethod::CloudSign => (
            CertificateType::KONTUR_CERTIFICATE,
            CertificateUsage::KONTUR_CERTIFICATE_USAGE,
        ),
        _ => (CertificateType::DSS, CertificateUsage::DSS_USAGE),
    }
}

impl Certificate {
    /// What speaks against the certificate for a method at a moment; empty for one that can be used.
    ///
    /// DssSign signs with DSS certificates, CloudSign with Kontur.Certificates, and each with one that the service says
    /// is of that use. Whether DssSign takes a carrier that is said to be of its use is not documented; it is not held
    /// against it, and [`choose_certificate`] takes it last.
    #[must_use]
    pub fn unusable_for(&self, method: SigningMethod, now: SystemTime) -> Vec<Unusable> {
        judge(self, method, now)
    }
}

fn judge(certificate: &Certificate, method: SigningMethod, now: SystemTime) -> Vec<Unusable> {
    let mut reasons = Vec::new();
    let (wanted, usage) = wanted(method);
    if certificate.certificate_type != wanted && !certificate.usages.contains(&usage) {
        reasons.push(Unusable::WrongType {
            certificate_type: certificate.type_name(),
            method,
        });
    }
    let own = Unusable::by_validity(certificate.valid_from, certificate.valid_to, now);
    let of_the_key = || {
        let key = (
            certificate.private_key_valid_from,
            certificate.private_key_valid_to,
        );
        Some(match Unusable::by_validity(key.0, key.1, now)? {
            Unusable::NotYetValid { from } => Unusable::KeyNotYetValid { from },
            Unusable::Expired { since } => Unusable::KeyExpired { since },
            other => other,
        })
    };
    reasons.extend(own.or_else(of_the_key));
    if certificate.thumbprint().is_none() {
        reasons.push(Unusable::NoThumbprint);
    }
    reasons
}

/// The certificate to sign with: of those that can be used, one of the method's own type, and the one that is valid
/// longest, as the service itself chooses.
///
/// # Errors
/// When none can be used; the error says of each why.
pub fn choose_certificate(
    certificates: &[Certificate],
    method: SigningMethod,
    now: SystemTime,
) -> Result<&Certificate, NoUsableCertificate> {
    let mut unusable = Vec::new();
    let mut best: Option<&Certificate> = None;
    // A certificate without an end outlives all that have one.
    let rank = |one: &Certificate| {
        let own_type = one.certificate_type == wanted(method).0;
        (own_type, one.valid_to.is_none(), one.valid_to)
    };
    for certificate in certificates {
        let reasons = judge(certificate, method, now);
        if !reasons.is_empty() {
            unusable.push((certificate.clone(), reasons));
        } else if best.is_none_or(|best| rank(certificate) > rank(best)) {
            best = Some(certificate);
        }
    }
    best.ok_or(NoUsableCertificate { method, unusable })
}

/// No certificate can be used.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NoUsableCertificate {
    /// The method that was asked about.
    pub method: SigningMethod,
    /// Every certificate, and what speaks against it.
    pub unusable: Vec<(Certificate, Vec<Unusable>)>,
}

impl fmt::Display for NoUsableCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.unusable.is_empty() {
            return f.write_str("the user has no certificates in this box");
        }
        write!(f, "no certificate can be used by {}: ", self.method)?;
        for (index, (certificate, reasons)) in self.unusable.iter().enumerate() {
            let reasons: Vec<String> = reasons.iter().map(ToString::to_string).collect();
            let semicolon = if index == 0 { "" } else { "; " };
            let thumbprint = certificate.thumbprint().map_or_else(
                || certificate.thumbprint_text.chars().take(80).collect(),
                |thumbprint| thumbprint.to_string(),
            );
            write!(f, "{semicolon}{thumbprint} ({})", reasons.join(", "))?;
        }
        Ok(())
    }
}

impl std::error::Error for NoUsableCertificate {}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use podpis_diadoc_proto::certificates::CertificateInfoV2;

    use super::*;

    const THUMBPRINT: &str = "00 11 22 33 44 55 66 77 88 99 aa bb cc dd ee ff 00 11 22 33";

    fn day(day: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(day * 24 * 60 * 60)
    }

    fn of_type(certificate_type: CertificateType) -> Certificate {
        let mut certificate =
            Certificate::from(CertificateInfoV2::new(THUMBPRINT, certificate_type));
        certificate.valid_from = Some(day(10));
        certificate.valid_to = Some(day(20));
        certificate
    }

    fn reasons(certificate: &Certificate, method: SigningMethod, now: u64) -> String {
        let reasons = judge(certificate, method, day(now));
        let texts: Vec<String> = reasons.iter().map(ToString::to_string).collect();
        texts.join("; ")
    }

    #[test]
    fn every_reason() {
        use SigningMethod::{CloudSign, DssSign};
        let dss = of_type(CertificateType::DSS);
        let kontur = of_type(CertificateType::KONTUR_CERTIFICATE);
        let carrier = of_type(CertificateType::TOKEN);
        let mut near = carrier.clone();
        near.usages = vec![CertificateUsage::TOKEN_USAGE, CertificateUsage::DSS_USAGE];
        let mut young_key = dss.clone();
        young_key.private_key_valid_from = Some(day(15));
        young_key.private_key_valid_to = Some(day(17));
        let mut nameless = dss.clone();
        nameless.thumbprint_text = "none".to_owned();
        let mut bare = dss.clone();
        (bare.valid_from, bare.valid_to) = (None, None);
        let on_carrier = "its key is on a carrier, and DssSign does not sign with those";
        let rows = [
            (&dss, DssSign, 15, ""),
            (&dss, DssSign, 9, "it is not valid yet"),
            (&dss, DssSign, 21, "it is no longer valid"),
            (&bare, DssSign, 21, ""),
            (
                &dss,
                CloudSign,
                21,
                "it is a DSS certificate, and CloudSign does not sign with those; it is no longer valid",
            ),
            (&kontur, CloudSign, 15, ""),
            (
                &kontur,
                DssSign,
                15,
                "it is a Kontur.Certificate, and DssSign does not sign with those",
            ),
            (&carrier, DssSign, 15, on_carrier),
            (&near, DssSign, 15, ""),
            (
                &of_type(CertificateType::GOSKEY),
                DssSign,
                15,
                "it is one of the GosKey app, and DssSign does not sign with those",
            ),
            (
                &of_type(CertificateType(9)),
                DssSign,
                15,
                "its type 9 is not known to this version, and DssSign does not sign with those",
            ),
            (&young_key, DssSign, 12, "its key may not sign yet"),
            (&young_key, DssSign, 16, ""),
            (&young_key, DssSign, 18, "its key may no longer sign"),
            (&young_key, DssSign, 21, "it is no longer valid"),
            (
                &nameless,
                DssSign,
                15,
                "the service gives no thumbprint for it",
            ),
        ];
        for (certificate, method, now, expected) in rows {
            assert_eq!(
                reasons(certificate, method, now),
                expected,
                "{method} {now}"
            );
        }
    }

    #[test]
    fn the_one_that_is_valid_longest_is_chosen_and_a_carrier_last() {
        let until = |last: u64, certificate_type| {
            let mut certificate = of_type(certificate_type);
            certificate.valid_to = Some(day(last));
            certificate
        };
        let mut carrier = until(90, CertificateType::TOKEN);
        carrier.usages = vec![CertificateUsage::DSS_USAGE];
        let all = [
            carrier,
            until(30, CertificateType::DSS),
            until(40, CertificateType::DSS),
            until(50, CertificateType::KONTUR_CERTIFICATE),
            until(12, CertificateType::DSS),
        ];
        let chosen = |all: &[Certificate]| {
            let chosen = choose_certificate(all, SigningMethod::DssSign, day(15));
            chosen.map(|one| one.valid_to).unwrap()
        };
        assert_eq!(chosen(&all), Some(day(40)));
        assert_eq!(chosen(&all[..1]), Some(day(90)));
    }

    #[test]
    fn where_none_can_be_used_each_says_why() {
        let all = [
            of_type(CertificateType::DSS),
            of_type(CertificateType::TOKEN),
        ];
        let error = choose_certificate(&all, SigningMethod::DssSign, day(99)).unwrap_err();
        assert_eq!(
            error.to_string(),
            "no certificate can be used by DssSign: \
             00112233445566778899AABBCCDDEEFF00112233 (it is no longer valid); \
             00112233445566778899AABBCCDDEEFF00112233 (its key is on a carrier, and DssSign does not sign with \
             those, it is no longer valid)"
        );
        let none = choose_certificate(&[], SigningMethod::DssSign, day(15)).unwrap_err();
        assert_eq!(none.to_string(), "the user has no certificates in this box");
    }
}
