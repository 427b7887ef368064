//! Decides which certificates Diadoc knows from the start, and which one is taken when none is named.
//!
//! **Invariant:** what is seeded depends on the day only.

use podpis_diadoc_proto::certificates::{
    CertificateType as Type, CertificateUsage as Usage, DssCertificateType as Dss,
};

use crate::identity::User;
use crate::moment::Moment;
use crate::signer::{Authority, Identity, KeyName};

/// A certificate that Diadoc knows, wherever its key is.
#[derive(Clone, Debug)]
pub(crate) struct Certificate {
    pub(super) name: &'static str,
    pub(super) owner: usize,
    /// A number of `CertificateType`, or one that it does not have.
    pub(super) kind: i32,
    pub(super) usages: &'static [Usage],
    pub(super) dss_type: Option<i32>,
    pub(super) key_until: Moment,
    pub(super) is_default: bool,
    pub(super) identity: Identity,
}

impl Certificate {
    pub(super) fn is_dss(&self) -> bool {
        self.kind == Type::DSS.number()
    }

    /// Whether the cloud has its key: that of a token with DssUsage is asked for on the phone.
    pub(super) fn signs_by_dss(&self) -> bool {
        self.is_dss() || self.usages.contains(&Usage::DSS_USAGE)
    }

    pub(super) fn is_goskey(&self) -> bool {
        self.kind == Type::GOSKEY.number()
    }

    /// Whether both the certificate and its key are valid.
    pub(super) fn is_active(&self, now: Moment) -> bool {
        self.identity.is_active(now) && now <= self.key_until
    }
}

/// The certificate that a DssSign without a thumbprint signs with: of the valid ones the one that is valid longest.
pub(super) fn default_for_dss(known: &[Certificate], user: usize, now: Moment) -> Option<usize> {
    known
        .iter()
        .enumerate()
        .filter(|(_, known)| known.owner == user && known.is_dss() && known.is_active(now))
        .max_by_key(|(index, known)| (known.identity.not_after, std::cmp::Reverse(*index)))
        .map(|(index, _)| index)
}

/// The seeded certificates. Those of CloudSign are those of the users.
pub(super) fn seeded(
    authority: &mut Authority,
    users: &[User],
    with_unheard: bool,
    now: Moment,
) -> Vec<Certificate> {
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
        if row.kind == UNHEARD && !with_unheard {
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
    all
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

use KeyName::{
    DiadocAccountantDss, DiadocArchivistDss, DiadocDss, DiadocDssExpired, DiadocDssFuture,
    DiadocDssKeyExpired, DiadocDssShort, DiadocGoskey, DiadocToken, DiadocTokenDss,
    DiadocUnknownType,
};

// The default is neither the first one nor the one that began last, so that only "valid longest" finds it.
const ROWS: [Row; 11] = [
    row("dss-short", 0, (2, DSS), DiadocDssShort, (-10, 60)),
    row("dss", 0, (2, DSS), DiadocDss, (-30, 335)),
    row("dss-expired", 0, (2, DSS), DiadocDssExpired, (-395, -30)),
    row("dss-future", 0, (2, DSS), DiadocDssFuture, (30, 395)),
    row(
        "dss-key-expired",
        0,
        (2, DSS),
        DiadocDssKeyExpired,
        (-300, 400),
    ),
    row("token", 0, (1, TOKEN), DiadocToken, (-30, 335)),
    row(
        "token-dss",
        0,
        (1, TOKEN_AND_DSS),
        DiadocTokenDss,
        (-30, 350),
    ),
    row("goskey", 0, (4, &[]), DiadocGoskey, (-30, 335)),
    row(
        "unknown-type",
        0,
        (UNHEARD, &[]),
        DiadocUnknownType,
        (-30, 335),
    ),
    row("dss", 1, (2, DSS), DiadocAccountantDss, (-30, 335)),
    row("dss", 2, (2, DSS), DiadocArchivistDss, (-30, 335)),
];
