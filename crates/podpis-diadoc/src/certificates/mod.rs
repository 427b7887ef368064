//! The user's certificates, which of them can sign remotely, and why another cannot.
//!
//! **Invariant:** what the service leaves out is absent, never guessed; numbers that this version does not know are
//! kept.

mod choose;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use podpis_cms::Thumbprint;
use podpis_core::Error;
use podpis_core::call::Call;
use podpis_diadoc_proto::certificates::{CertificateInfoV2, CertificateList};

pub use podpis_diadoc_proto::certificates::{
    CertificateSubjectType, CertificateType, CertificateUsage, DssCertificateType,
};

pub use choose::{NoUsableCertificate, choose_certificate};
pub use podpis_core::certificate::{SigningMethod, Unusable};

use crate::endpoints::GET_MY_CERTIFICATES;
use crate::{InBox, protobuf};

/// A certificate of the user, as Diadoc lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Certificate {
    /// The thumbprint as the service gives it.
    pub thumbprint_text: String,
    /// Where the key is; an open set.
    pub certificate_type: CertificateType,
    /// From when it is valid.
    pub valid_from: Option<SystemTime>,
    /// Until when it is valid.
    pub valid_to: Option<SystemTime>,
    /// From when its key may sign.
    pub private_key_valid_from: Option<SystemTime>,
    /// Until when its key may sign.
    pub private_key_valid_to: Option<SystemTime>,
    /// The organization in it.
    pub organization_name: Option<String>,
    /// The INN in it.
    pub inn: Option<String>,
    /// The owner's first name.
    pub first_name: Option<String>,
    /// The owner's middle name.
    pub middle_name: Option<String>,
    /// The owner's last name.
    pub last_name: Option<String>,
    /// The owner's name in short.
    pub short_name: Option<String>,
    /// Whether it is the user's default.
    pub is_default: bool,
    /// Whose it is: an organization's, an entrepreneur's or a person's; an open set.
    pub subject_type: Option<CertificateSubjectType>,
    /// What it can be used for, where the service tells; an open set.
    pub usages: Vec<CertificateUsage>,
    /// How its owner confirms, for a DSS certificate; an open set.
    pub dss_type: Option<DssCertificateType>,
}

impl Certificate {
    /// The thumbprint in the form that the signing calls take; none where the service's text is not one.
    #[must_use]
    pub fn thumbprint(&self) -> Option<Thumbprint> {
        self.thumbprint_text.parse().ok()
    }

    /// The type in a word that stays; a number where this version has no word.
    #[must_use]
    pub fn type_name(&self) -> String {
        match self.certificate_type {
            CertificateType::TOKEN => "token".to_owned(),
            CertificateType::DSS => "dss".to_owned(),
            CertificateType::KONTUR_CERTIFICATE => "kontur_certificate".to_owned(),
            CertificateType::GOSKEY => "goskey".to_owned(),
            other => other.number().to_string(),
        }
    }

    /// The owner, as well as it is known: the full name, else the short one, else the organization.
    #[must_use]
    pub fn owner(&self) -> Option<String> {
        let parts = [&self.last_name, &self.first_name, &self.middle_name];
        let parts: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
        if parts.is_empty() {
            self.short_name
                .clone()
                .or_else(|| self.organization_name.clone())
        } else {
            Some(parts.join(" "))
        }
    }
}

impl From<CertificateInfoV2> for Certificate {
    fn from(info: CertificateInfoV2) -> Self {
        let text = |value: Option<String>| value.filter(|text| !text.trim().is_empty());
        Self {
            certificate_type: CertificateType(info.r#type),
            valid_from: info.valid_from.and_then(moment),
            valid_to: info.valid_to.and_then(moment),
            private_key_valid_from: info.private_key_valid_from.and_then(moment),
            private_key_valid_to: info.private_key_valid_to.and_then(moment),
            is_default: info.is_default.unwrap_or_default(),
            subject_type: info.subject_type.map(CertificateSubjectType),
            usages: info.usages.into_iter().map(CertificateUsage).collect(),
            dss_type: info.dss_type.map(DssCertificateType),
            thumbprint_text: info.thumbprint,
            organization_name: text(info.organization_name),
            inn: text(info.inn),
            first_name: text(info.user_first_name),
            middle_name: text(info.user_middle_name),
            last_name: text(info.user_last_name),
            short_name: text(info.user_short_name),
        }
    }
}

/// How many .NET ticks lie before 1970.
const TICKS_BEFORE_1970: i64 = 621_355_968_000_000_000;

/// The .NET ticks of a moment: 100 ns each since the year 1. What lies outside of what .NET knows is its first or last
/// moment.
pub(crate) fn ticks(moment: SystemTime) -> i64 {
    const LAST: i64 = 3_155_378_975_999_999_999;
    let of = |length: Duration| i64::try_from(length.as_nanos() / 100).unwrap_or(i64::MAX);
    let since = match moment.duration_since(UNIX_EPOCH) {
        Ok(after) => of(after),
        Err(before) => -of(before.duration()),
    };
    since.saturating_add(TICKS_BEFORE_1970).clamp(0, LAST)
}

/// A moment from .NET ticks: 100 ns each since the year 1. None for the year 1 itself, which is how "not set" looks,
/// and for what is before it.
pub(crate) fn moment(ticks: i64) -> Option<SystemTime> {
    const PER_SECOND: u64 = 10_000_000;
    if ticks <= 0 {
        return None;
    }
    let of = |ticks: u64| {
        // Below 100 ns times ten million: it fits.
        let rest = u32::try_from(ticks % PER_SECOND * 100).unwrap_or_default();
        Duration::new(ticks / PER_SECOND, rest)
    };
    let since = ticks.saturating_sub(TICKS_BEFORE_1970);
    if since >= 0 {
        UNIX_EPOCH.checked_add(of(since.unsigned_abs()))
    } else {
        UNIX_EPOCH.checked_sub(of(since.unsigned_abs()))
    }
}

impl InBox {
    /// The user's certificates in a box, those of the GosKey app left out; [`Certificate::unusable_for`] says which
    /// cannot sign, and [`choose_certificate`] chooses one.
    ///
    /// # Errors
    /// When the service does not answer or refuses.
    pub async fn certificates(&self) -> Result<Vec<Certificate>, Error> {
        self.list_certificates(false).await
    }

    /// With those of the GosKey app, which the service lists for users who may use it.
    ///
    /// # Errors
    /// When the service does not answer or refuses.
    pub async fn certificates_with_gos_key(&self) -> Result<Vec<Certificate>, Error> {
        self.list_certificates(true).await
    }

    async fn list_certificates(&self, gos_key: bool) -> Result<Vec<Certificate>, Error> {
        let call = Call::new(&GET_MY_CERTIFICATES)
            .query("boxId", self.id.as_str())
            .query_if("includeGoskeyCertificates", gos_key.then_some("true"));
        let answer = self.caller().call(call).await?;
        let list: CertificateList = protobuf::read(&answer)?;
        Ok(list
            .certificates
            .into_iter()
            .map(Certificate::from)
            .collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_moments() {
        let seconds = |seconds, nanos| Some(UNIX_EPOCH + Duration::new(seconds, nanos));
        let rows = [
            (621_355_968_000_000_000, seconds(0, 0)),
            (621_355_968_000_000_001, seconds(0, 100)),
            (639_305_568_000_000_000, seconds(1_794_960_000, 0)),
            (
                621_355_967_990_000_000,
                UNIX_EPOCH.checked_sub(Duration::from_secs(1)),
            ),
            // The last moment that .NET knows.
            (
                3_155_378_975_999_999_999,
                seconds(253_402_300_799, 999_999_900),
            ),
            (0, None),
            (-1, None),
            (i64::MIN, None),
        ];
        for (ticks, expected) in rows {
            assert_eq!(moment(ticks), expected, "{ticks}");
            if let Some(moment) = expected {
                assert_eq!(super::ticks(moment), ticks);
            }
        }
        // Later than any certificate, and no panic.
        assert!(moment(i64::MAX).is_some());
    }

    #[test]
    fn what_is_left_out_or_empty_is_absent() {
        let info = CertificateInfoV2::new("x", CertificateType(9));
        let certificate = Certificate::from(info.clone());
        assert_eq!(certificate.certificate_type.number(), 9);
        assert_eq!(certificate.owner(), None);
        assert_eq!(certificate.valid_to, None);
        assert_eq!(certificate.thumbprint(), None);
        let certificate = Certificate::from(
            info.with_user_last_name("Ivanova")
                .with_user_first_name(" ")
                .with_user_middle_name("Petrovna"),
        );
        assert_eq!(certificate.owner().as_deref(), Some("Ivanova Petrovna"));
    }
}
