//! Decides what lies in Diadoc beside the shelf and CloudSign: certificates, DssSign operations, receipts.
//!
//! **Invariant:** what is seeded depends on the day only through the certificates.

use std::collections::BTreeMap;

use podpis_diadoc_proto::certificates::{
    CertificateType as Type, CertificateUsage as Usage, DssCertificateType as Dss,
};

use super::certificates::{self, Certificate};
use super::cloud_operations::CloudSign;
use super::dss_operations::DssSign;
use super::info::DiadocCertificateInfo;
use super::messages::{self, Messages};
use super::options::DiadocOptions;
use super::receipts_store::Receipts;
use super::shelf_store::Shelf;
use crate::identity::User;
use crate::moment::Moment;
use crate::options::WorldOptions;
use crate::phone::{Operations, Second};
use crate::signer::{Authority, Identity, KeyName};

/// The Diadoc half of a world.
#[derive(Clone, Debug)]
pub(crate) struct Diadoc {
    pub(crate) options: DiadocOptions,
    pub(super) certificates: Vec<Certificate>,
    pub(crate) cloud: Operations<CloudSign>,
    pub(crate) dss: Operations<DssSign>,
    /// Accepted starts of DssSign.
    pub(super) dss_starts: u64,
    pub(crate) receipts: Receipts,
    /// The users of a trusted service: by its key and its id of the user.
    pub(super) bindings: BTreeMap<(String, String), usize>,
    pub(super) shelf: Shelf,
    pub(super) messages: Messages,
}

impl Diadoc {
    /// All certificates with their owners.
    pub(crate) fn identities(&self) -> impl Iterator<Item = (usize, &Identity)> {
        self.certificates
            .iter()
            .map(|known| (known.owner, &known.identity))
    }
}

pub(super) type Room<'w> = crate::room::Room<'w, Diadoc>;

/// The seeded state. Certificates of CloudSign are those of the users.
pub(crate) fn seeded(
    authority: &mut Authority,
    users: &[User],
    options: &WorldOptions,
    now: Moment,
) -> Diadoc {
    let mut all: Vec<Certificate> = Vec::new();
    for (owner, user) in users.iter().enumerate() {
        for identity in &user.certificates {
            let name = if identity.is_active(now) {
                "kontur"
            } else {
                "kontur-expired"
            };
            all.push(Certificate {
                usages: &[Usage::KONTUR_CERTIFICATE_USAGE],
                ..plain(
                    name,
                    owner,
                    Type::KONTUR_CERTIFICATE.number(),
                    identity.clone(),
                )
            });
        }
    }
    for row in ROWS {
        if row.kind == UNHEARD && !options.diadoc_options.unknown_certificate_type {
            continue;
        }
        let Some(user) = users.get(row.owner) else {
            continue;
        };
        let identity = authority.issue_for_days(&user.subject, row.key, row.from..row.until);
        let mut known = Certificate {
            usages: row.usages,
            is_default: row.name == "dss",
            ..plain(row.name, row.owner, row.kind, identity)
        };
        if known.usages.contains(&Usage::DSS_USAGE) {
            let kind = if known.is_dss() {
                Dss::MY_DSS
            } else {
                Dss::K_SIGN_RUTOKEN
            };
            known.dss_type = Some(kind.number());
        }
        if row.name == "dss-key-expired" {
            known.key_until = now.midnight().days_later(-10);
        }
        all.push(known);
    }
    let (limits, life) = (&options.limits, options.code_life);
    Diadoc {
        certificates: all,
        cloud: Operations::new(limits.operations, life, Second::Asked),
        dss: Operations::new(limits.operations, life, Second::Fails),
        dss_starts: 0,
        receipts: Receipts::seeded(options.diadoc_options.receipts, limits.operations),
        bindings: BTreeMap::new(),
        shelf: Shelf::new(options.shelf_file_limit, limits.shelf_files),
        messages: messages::seeded(authority, users, options, now),
        options: options.diadoc_options.clone(),
    }
}

fn plain(name: &'static str, owner: usize, kind: i32, identity: Identity) -> Certificate {
    Certificate {
        name,
        owner,
        kind,
        usages: &[],
        dss_type: None,
        key_until: identity.not_after,
        is_default: false,
        identity,
    }
}

/// A certificate of the seed; the days count from today.
struct Row {
    name: &'static str,
    owner: usize,
    kind: i32,
    usages: &'static [Usage],
    key: KeyName,
    from: i64,
    until: i64,
}

const DSS: &[Usage] = &[Usage::DSS_USAGE];
const TOKEN: &[Usage] = &[Usage::TOKEN_USAGE];
const TOKEN_AND_DSS: &[Usage] = &[Usage::TOKEN_USAGE, Usage::DSS_USAGE];
/// A type that nobody has heard of.
const UNHEARD: i32 = 77;

const fn row(
    name: &'static str,
    owner: usize,
    (kind, usages): (i32, &'static [Usage]),
    key: KeyName,
    (from, until): (i64, i64),
) -> Row {
    Row {
        name,
        owner,
        kind,
        usages,
        key,
        from,
        until,
    }
}

// The default is neither the first one nor the one that began last, so that only "valid longest" finds it.
const ROWS: [Row; 11] = [
    row("dss-short", 0, (2, DSS), KeyName::DiadocDssShort, (-10, 60)),
    row("dss", 0, (2, DSS), KeyName::DiadocDss, (-30, 335)),
    row(
        "dss-expired",
        0,
        (2, DSS),
        KeyName::DiadocDssExpired,
        (-395, -30),
    ),
    row(
        "dss-future",
        0,
        (2, DSS),
        KeyName::DiadocDssFuture,
        (30, 395),
    ),
    row(
        "dss-key-expired",
        0,
        (2, DSS),
        KeyName::DiadocDssKeyExpired,
        (-300, 400),
    ),
    row("token", 0, (1, TOKEN), KeyName::DiadocToken, (-30, 335)),
    row(
        "token-dss",
        0,
        (1, TOKEN_AND_DSS),
        KeyName::DiadocTokenDss,
        (-30, 350),
    ),
    row("goskey", 0, (4, &[]), KeyName::DiadocGoskey, (-30, 335)),
    row(
        "unknown-type",
        0,
        (UNHEARD, &[]),
        KeyName::DiadocUnknownType,
        (-30, 335),
    ),
    row("dss", 1, (2, DSS), KeyName::DiadocAccountantDss, (-30, 335)),
    row("dss", 2, (2, DSS), KeyName::DiadocArchivistDss, (-30, 335)),
];

/// The thumbprint of the certificate that a DssSign without one takes.
pub(crate) fn dss_certificate(own: &Diadoc, user: usize, now: Moment) -> Option<String> {
    certificates::default_for_dss(&own.certificates, user, now)
        .and_then(|index| own.certificates.get(index))
        .map(|known| known.identity.thumbprint.clone())
}

/// All certificates, in the order of GetMyCertificates.
pub(crate) fn describe(own: &Diadoc, now: Moment) -> Vec<DiadocCertificateInfo> {
    own.certificates
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
