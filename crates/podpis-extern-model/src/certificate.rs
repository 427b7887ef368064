//! Certificates of an account.
//!
//! **Invariant:** what a certificate is good for is not decided here: `is-cloud` and `certificate-type` come and
//! go with the age of the source, and no source says what `is-cloud` is for a certificate in the app.

use serde::Deserialize;

use crate::open_enum::open_enum;
use crate::{Base64, ExternDate, Link, ReadError, ReadProblem, base64_text, lenient};

open_enum! {
    /// Where a certificate's key is.
    ///
    /// Source: `CertificateType` of the official Java SDK; the C# one wrote `dSS`.
    pub enum CertificateType {
        /// With the user, on a token or a disk.
        Iron = "iron",
        /// In the service, confirmed in the myDSS app.
        Dss = "dss",
        /// In the service, confirmed by SMS.
        Cloud = "cloud",
    }
}

/// A page of certificates.
///
/// Source: `CertificateList` of the official SDKs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
#[non_exhaustive]
pub struct CertificateList {
    /// How many certificates stand before this page.
    #[serde(deserialize_with = "lenient::count")]
    pub skip: Option<u64>,
    /// How many certificates a page holds at most.
    #[serde(deserialize_with = "lenient::count")]
    pub take: Option<u64>,
    /// How many certificates there are.
    #[serde(deserialize_with = "lenient::count")]
    pub total_count: Option<u64>,
    /// The certificates of this page.
    #[serde(deserialize_with = "lenient::list")]
    pub certificates: Vec<Certificate>,
    /// Where to go on.
    #[serde(deserialize_with = "lenient::list")]
    pub links: Vec<Link>,
}

/// A certificate.
///
/// Source: `Certificate` of the official SDKs; the Java one has `is-cloud` and `certificate-type`, the C# one
/// `thumbprint` and `serial-number`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
#[non_exhaustive]
pub struct Certificate {
    /// Full name of the person.
    pub fio: Option<String>,
    /// INN of the organization or the person.
    pub inn: Option<String>,
    /// KPP of the organization.
    pub kpp: Option<String>,
    /// Whether the service trusts it now.
    #[serde(deserialize_with = "lenient::flag")]
    pub is_valid: Option<bool>,
    /// Whether its key is in the service. Certain for SMS certificates only.
    #[serde(deserialize_with = "lenient::flag")]
    pub is_cloud: Option<bool>,
    /// Whether it is qualified.
    #[serde(deserialize_with = "lenient::flag")]
    pub is_qualified: Option<bool>,
    /// The certificate itself, DER.
    pub content: Option<Base64>,
    /// When it ends.
    #[serde(deserialize_with = "lenient::date")]
    pub expired_at: Option<ExternDate>,
    /// Where its key is.
    pub certificate_type: Option<CertificateType>,
    /// SHA-1 of the content in hexadecimal digits. Where it is absent, it can be computed.
    #[serde(deserialize_with = "lenient::filled")]
    pub thumbprint: Option<String>,
    /// Serial number in hexadecimal digits.
    #[serde(deserialize_with = "lenient::filled")]
    pub serial_number: Option<String>,
}

impl Certificate {
    /// The certificate in DER.
    ///
    /// # Errors
    /// [`ReadProblem::Missing`] when the service left it out, [`ReadProblem::InvalidValue`] when it is not base64.
    pub fn der(&self) -> Result<Vec<u8>, ReadError> {
        match self.content.as_ref().filter(|text| !text.is_empty()) {
            Some(text) => base64_text::decode(text.as_str(), "content"),
            None => Err(ReadError::new(ReadProblem::Missing, "content")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read;

    #[test]
    fn every_spelling_of_a_type() {
        for word in ["dss", "dSS", "DSS", "Dss"] {
            assert_eq!(CertificateType::from(word), CertificateType::Dss);
        }
        assert_eq!(CertificateType::from("Iron"), CertificateType::Iron);
        assert_eq!(CertificateType::from("cloud"), CertificateType::Cloud);
    }

    #[test]
    fn the_content_is_decoded_when_it_is_asked_for() {
        let certificate = |body: &str| read::<Certificate>(body.as_bytes()).unwrap();
        assert_eq!(
            certificate(r#"{"content":"AQID"}"#).der(),
            Ok(vec![1, 2, 3])
        );
        let absent = certificate(r#"{"content":null}"#).der().unwrap_err();
        assert_eq!(absent.problem(), ReadProblem::Missing);
        let broken = certificate(r#"{"content":"s3cret..."}"#);
        let error = broken.der().unwrap_err();
        assert_eq!(
            error.to_string(),
            "field `content` has a value that cannot be read"
        );
        assert!(!format!("{broken:?}").contains("s3cret"));
    }

    #[test]
    fn a_flag_may_be_quoted() {
        let certificate: Certificate =
            read(br#"{"is-valid":"True","is-cloud":"false","is-qualified":null}"#).unwrap();
        assert_eq!(certificate.is_valid, Some(true));
        assert_eq!(certificate.is_cloud, Some(false));
        assert_eq!(certificate.is_qualified, None);
    }
}
