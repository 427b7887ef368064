//! Decides what a world tells about what is seeded in Diadoc: people, certificates, ids.
//!
//! **Invariant:** the JSON under `diadoc` of `/_sandbox/world` is exactly these structures, so its shape changes only
//! here.

use serde::{Deserialize, Serialize};

use super::certificates_store::{Certificate, default_for_dss};
use super::messages::{self, DocumentInfo, MessagesInfo};
use super::places::{
    BOX_ID, ENTITY_ID, MESSAGE_ID, ORGANIZATION, OTHER_BOX_ID, PATCHED_CONTENT_ID,
};
use super::state::Diadoc;
use crate::identity::{API_CLIENT_ID, User};
use crate::moment::Moment;
use crate::signer::Identity;

/// What is seeded in Diadoc. The fields at the top belong to the first user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct DiadocInfo {
    /// The only client id (developer key) that is known.
    pub api_client_id: String,
    /// The login of the first user.
    pub login: String,
    /// The password of the first user.
    pub password: String,
    /// The auth.sid of the first user.
    pub sid: String,
    /// An OpenID Connect access token of the first user, for `Authorization: Bearer`.
    pub token: String,
    /// The box of the organization all users belong to.
    #[serde(rename = "box")]
    pub box_id: String,
    /// A box that exists and belongs to somebody else: 403.
    pub other_box: String,
    /// The organization of the box.
    pub organization: OrganizationInfo,
    /// The thumbprint of the certificate the first user signs with by CloudSign when none is named.
    pub certificate: String,
    /// The same for DssSign.
    pub dss_certificate: String,
    /// All certificates that GetMyCertificates knows, of all users.
    pub certificates: Vec<DiadocCertificateInfo>,
    /// All users, the first one included.
    pub users: Vec<UserInfo>,
    /// A document in Diadoc that nobody has signed yet.
    pub unsigned_document: DocumentInfo,
    /// A prepared content in Diadoc's temporary storage.
    pub patched_content_id: String,
    /// The other messages in the box.
    pub messages: MessagesInfo,
}

/// One seeded user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct UserInfo {
    /// The login.
    pub login: String,
    /// The password.
    pub password: String,
    /// The auth.sid.
    pub sid: String,
    /// The OpenID Connect access token.
    pub token: String,
    /// The person's name.
    pub name: String,
    /// The number of the virtual phone.
    pub phone: String,
    /// The person's SNILS, digits only; what a signature by Goskey has to name.
    pub snils: String,
    /// The thumbprint of the certificate the person signs with by DssSign when none is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dss_certificate: Option<String>,
    /// The person's certificates for CloudSign; the first active one is used when none is named.
    pub certificates: Vec<CertificateInfo>,
}

/// One seeded certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CertificateInfo {
    /// SHA-1 of the certificate in upper-case hexadecimal.
    pub thumbprint: String,
    /// `ecdsa` (P-256) or `rsa` (2048 bits).
    pub algorithm: String,
    /// Whether the certificate is valid at the world's time.
    pub active: bool,
    /// Start of validity, Unix seconds.
    pub not_before: u64,
    /// End of validity, Unix seconds.
    pub not_after: u64,
}

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

/// Everything that is seeded in Diadoc.
pub(crate) fn describe(own: &Diadoc, people: &[User], now: Moment) -> DiadocInfo {
    let users: Vec<UserInfo> = (0..)
        .zip(people)
        .map(|(index, user)| UserInfo {
            login: user.login.to_owned(),
            password: user.password.to_owned(),
            sid: user.sid.to_owned(),
            token: user.token.to_owned(),
            name: user.name.to_owned(),
            phone: user.phone.to_owned(),
            snils: user.subject.snils.to_owned(),
            dss_certificate: dss_certificate(&own.certificates, index, now),
            certificates: user
                .certificates
                .iter()
                .map(|known| certificate(known, now))
                .collect(),
        })
        .collect();
    let first = users.first();
    let text = |pick: fn(&UserInfo) -> &String| first.map(pick).cloned().unwrap_or_default();
    DiadocInfo {
        api_client_id: API_CLIENT_ID.to_owned(),
        login: text(|user| &user.login),
        password: text(|user| &user.password),
        sid: text(|user| &user.sid),
        token: text(|user| &user.token),
        box_id: BOX_ID.to_owned(),
        other_box: OTHER_BOX_ID.to_owned(),
        organization: OrganizationInfo {
            id: ORGANIZATION.id.to_owned(),
            inn: ORGANIZATION.inn.to_owned(),
            kpp: ORGANIZATION.kpp.to_owned(),
            name: ORGANIZATION.name.to_owned(),
        },
        dss_certificate: dss_certificate(&own.certificates, 0, now).unwrap_or_default(),
        certificates: certificates(&own.certificates, now),
        certificate: first
            .and_then(|user| user.certificates.iter().find(|known| known.active))
            .map(|known| known.thumbprint.clone())
            .unwrap_or_default(),
        users,
        unsigned_document: DocumentInfo {
            message: MESSAGE_ID.to_owned(),
            entity: ENTITY_ID.to_owned(),
        },
        patched_content_id: PATCHED_CONTENT_ID.to_owned(),
        messages: messages::describe(),
    }
}

fn certificate(known: &Identity, now: Moment) -> CertificateInfo {
    CertificateInfo {
        thumbprint: known.thumbprint.clone(),
        algorithm: known.key.algorithm().to_owned(),
        active: known.is_active(now),
        not_before: known.not_before.since_epoch().as_secs(),
        not_after: known.not_after.since_epoch().as_secs(),
    }
}

/// The thumbprint of the certificate that a DssSign without one takes.
fn dss_certificate(known: &[Certificate], user: usize, now: Moment) -> Option<String> {
    default_for_dss(known, user, now)
        .and_then(|index| known.get(index))
        .map(|known| known.identity.thumbprint.clone())
}

/// All certificates, in the order of GetMyCertificates.
fn certificates(known: &[Certificate], now: Moment) -> Vec<DiadocCertificateInfo> {
    known
        .iter()
        .map(|known| DiadocCertificateInfo {
            name: known.name.to_owned(),
            owner: known.owner,
            kind: known.kind,
            thumbprint: known.identity.thumbprint.clone(),
            algorithm: known.identity.key.algorithm().to_owned(),
            active: known.is_active(now),
            not_before: known.identity.not_before.since_epoch().as_secs(),
            not_after: known.identity.not_after.since_epoch().as_secs(),
        })
        .collect()
}
