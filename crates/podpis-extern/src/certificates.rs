//! Decides which certificate can sign remotely, and says why another cannot.
//!
//! **Invariant:** every reason that applies is told, not only the first; a field that the service leaves out is
//! no reason.

use std::fmt;
use std::time::SystemTime;

use podpis_cms::Certificate;
use podpis_extern_model::{self as model, CertificateType};

/// What speaks against a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unusable {
    /// The key is on a carrier of the person and not at the service.
    NotRemote,
    /// It is no longer valid, or not yet.
    Expired,
    /// The service says that it is not valid.
    NotValid,
    /// It is not a qualified certificate.
    NotQualified,
    /// It belongs to somebody else.
    AnotherOwner {
        /// The owner's name and INN.
        owner: String,
    },
    /// Only certificates of Kontur's certification authority sign remotely.
    IssuedByAnotherCa {
        /// Who issued it.
        issuer: String,
    },
    /// It cannot be read.
    Unreadable,
}

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotRemote => f.write_str("its key is on a carrier, not at the service"),
            Self::Expired => f.write_str("it is not valid today"),
            Self::NotValid => f.write_str("the service says that it is not valid"),
            Self::NotQualified => f.write_str("it is not qualified"),
            Self::AnotherOwner { owner } => write!(f, "it belongs to {owner}"),
            Self::IssuedByAnotherCa { issuer } => {
                write!(f, "it was not issued by Kontur's CA but by {issuer}")
            }
            Self::Unreadable => f.write_str("it cannot be read"),
        }
    }
}

/// A certificate and what speaks against it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Usability {
    /// The certificate, where it can be read. Its thumbprint is computed from it, not taken from the service.
    pub certificate: Option<Certificate>,
    /// Everything that speaks against it; empty for one that can be used.
    pub reasons: Vec<Unusable>,
}

impl Usability {
    /// Whether nothing speaks against it.
    #[must_use]
    pub fn is_usable(&self) -> bool {
        self.reasons.is_empty()
    }
}

/// Judges a certificate at a moment. `inn` is whose certificate it should be, where that is known: the INN of the
/// account.
#[must_use]
pub fn judge(listed: &model::Certificate, now: SystemTime, inn: Option<&str>) -> Usability {
    let certificate = listed
        .der()
        .ok()
        .and_then(|der| Certificate::from_der(&der).ok());
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
    let expired = match &certificate {
        None => {
            reasons.push(Unusable::Unreadable);
            false
        }
        Some(certificate) => {
            if !is_konturs(certificate.issuer()) {
                reasons.push(Unusable::IssuedByAnotherCa {
                    issuer: certificate.issuer().to_owned(),
                });
            }
            !certificate.valid_at(now)
        }
    };
    if expired {
        reasons.push(Unusable::Expired);
    } else if listed.is_valid == Some(false) {
        reasons.push(Unusable::NotValid);
    }
    Usability {
        certificate,
        reasons,
    }
}

/// The names of Kontur's authorities differ by year and legal form; all have the firm's name in them.
fn is_konturs(issuer: &str) -> bool {
    let issuer = issuer.to_lowercase();
    issuer.contains("контур") || issuer.contains("kontur")
}
