//! Decides which certificate can sign remotely, and says why another cannot.
//!
//! **Invariant:** every reason that applies is told, not only the first; a field that the service leaves out is
//! no reason.

use std::time::SystemTime;

use podpis_cms::Certificate;
use podpis_core::certificate::Unusable;
use podpis_extern_model::{self as model, CertificateType};

/// What speaks against a certificate at a moment; empty for one that can be used. `inn` is whose certificate it should
/// be, where that is known: the INN of the account.
#[must_use]
pub fn unusable(listed: &model::Certificate, now: SystemTime, inn: Option<&str>) -> Vec<Unusable> {
    let mut reasons = Vec::new();
    if listed.certificate_type == Some(CertificateType::Iron) {
        reasons.push(Unusable::NotRemote);
    }
    if listed.is_qualified == Some(false) {
        reasons.push(Unusable::NotQualified);
    }
    if let (Some(wanted), Some(owner)) = (inn, listed.inn.as_deref())
        && wanted != owner
    {
        let name = listed.fio.as_deref().unwrap_or("somebody else");
        reasons.push(Unusable::AnotherOwner {
            owner: format!("{name}, INN {owner}"),
        });
    }
    let der = listed.der().ok();
    let Some(certificate) = der.and_then(|der| Certificate::from_der(&der).ok()) else {
        reasons.push(Unusable::Unreadable);
        reasons.extend((listed.is_valid == Some(false)).then_some(Unusable::NotValid));
        return reasons;
    };
    if !is_konturs(certificate.issuer()) {
        reasons.push(Unusable::IssuedByAnotherCa {
            issuer: certificate.issuer().to_owned(),
        });
    }
    let (from, to) = (certificate.not_before(), certificate.not_after());
    let by_validity = Unusable::by_validity(from, to, now);
    // That it has run out says more than that the service does not take it.
    let by_service = || (listed.is_valid == Some(false)).then_some(Unusable::NotValid);
    reasons.extend(by_validity.or_else(by_service));
    reasons
}

/// The names of Kontur's authorities differ by year and legal form; all have the firm's name in them.
fn is_konturs(issuer: &str) -> bool {
    let issuer = issuer.to_lowercase();
    issuer.contains("контур") || issuer.contains("kontur")
}
