//! Decides what a world tells about Diadoc's certificates and organization.
//!
//! **Invariant:** the JSON of `/_sandbox/world` is exactly these structures, so its shape changes only here.

use serde::{Deserialize, Serialize};

/// A certificate that GetMyCertificates lists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct DiadocCertificateInfo {
    /// What the sandbox calls it, for example `dss` or `token`; unique per owner.
    pub name: String,
    /// The place of its owner among the users.
    pub owner: usize,
    /// The number of its `CertificateType`.
    #[serde(rename = "type")]
    pub kind: i32,
    /// SHA-1 of the certificate in upper-case hexadecimal.
    pub thumbprint: String,
    /// `ecdsa` (P-256) or `rsa` (2048 bits).
    pub algorithm: String,
    /// Whether the certificate and its key are valid at the world's time.
    pub active: bool,
    /// Start of validity, Unix seconds.
    pub not_before: u64,
    /// End of validity, Unix seconds.
    pub not_after: u64,
}

/// The organization of the box.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct OrganizationInfo {
    /// The id in Diadoc, a GUID.
    pub id: String,
    /// The taxpayer number.
    pub inn: String,
    /// The reason code of its registration.
    pub kpp: String,
    /// The name.
    pub name: String,
}
