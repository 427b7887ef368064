//! Decides which tokens, codes and device logins are good.
//!
//! **Invariant:** a code and a refresh token work once; everything has an end.

use std::time::Duration;

use crate::kept::Kept;
use crate::moment::Moment;
use crate::options::Limits;
use crate::phone::{Operations, Second, Work};

/// What a token or code is good for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A bearer token of either service.
    Access,
    Refresh,
    /// An authorization code, and where it was sent.
    Code {
        redirect_uri: String,
    },
    /// A session of the portal, by its refresh token.
    Session,
    /// What was encrypted for a certificate with this thumbprint.
    Challenge {
        thumbprint: String,
    },
    /// The id that a person has in a program that the portal trusts.
    ServiceUser,
    /// What such a program got for its signature about the person of this id.
    Trusted {
        id: String,
    },
    /// A token of Diadoc's own.
    Diadoc,
    /// The same as a challenge, for a token of Diadoc's own.
    DiadocChallenge {
        thumbprint: String,
    },
}

/// A token or code, whose it is and how long it is good.
#[derive(Clone, Debug)]
pub(crate) struct Grant {
    pub(crate) token: String,
    pub(crate) kind: Kind,
    pub(crate) user: usize,
    pub(crate) until: Moment,
}

/// A login on another device.
#[derive(Clone, Debug)]
pub(crate) struct Device {
    pub(super) user_code: String,
    pub(super) interval: u64,
    pub(super) last_poll: Option<Moment>,
    pub(super) used: bool,
}

impl Work for Device {
    fn text(&self, _: &str) -> String {
        let code = &self.user_code;
        format!("Вход в программу. Код на её экране: {code}.")
    }
}

/// How long a device code is good, and an authorization code.
pub(super) const CODE_LIFE: Duration = Duration::from_secs(300);

/// All logins.
#[derive(Clone, Debug)]
pub(crate) struct Identities {
    grants: Kept<Grant>,
    /// The person acts on them as on signings; they are in no counter.
    pub(crate) devices: Operations<Device>,
    /// Whether the seeded tokens and sids are good.
    pub(super) seeded_tokens_live: bool,
}

impl Identities {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            grants: Kept::new(limits.tokens),
            devices: Operations::new(limits.operations, CODE_LIFE, Second::Asked).uncounted(),
            seeded_tokens_live: true,
        }
    }

    pub(crate) fn add(&mut self, grant: Grant) {
        let token = grant.token.clone();
        self.grants.add(grant, [&*token]);
    }

    /// The grant of this token, ended or not, when it is of the wanted kind.
    pub(crate) fn get(&self, token: &str, is_it: impl Fn(&Kind) -> bool) -> Option<&Grant> {
        let known = self.grants.named(token)?;
        (known.token == token && is_it(&known.kind)).then_some(known)
    }

    /// The same, for the last time.
    pub(crate) fn take(&mut self, token: &str, is_it: impl Fn(&Kind) -> bool) -> Option<Grant> {
        self.get(token, is_it)?;
        let place = self.grants.find(token)?;
        self.grants.remove(place)
    }

    /// Ends every login, the seeded bearer tokens included; refresh tokens stay good.
    pub(crate) fn revoke(&mut self) {
        self.seeded_tokens_live = false;
        self.grants
            .retain(|known| !matches!(known.kind, Kind::Access | Kind::Diadoc));
    }
}
