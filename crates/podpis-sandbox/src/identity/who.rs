//! Decides who somebody is: by a password, a sid or a token.
//!
//! **Invariant:** the same credentials mean the same person for both services.

use super::store::Kind;
use crate::moment::Moment;
use crate::room::Shared;

impl Shared {
    pub(crate) fn by_password(&self, login: &str, password: &str) -> Option<usize> {
        self.people
            .iter()
            .position(|user| user.login.eq_ignore_ascii_case(login) && user.password == password)
    }

    /// Whose sid this is, whether or not logins were ended.
    pub(crate) fn by_any_sid(&self, sid: &str) -> Option<usize> {
        self.people.iter().position(|user| user.sid == sid)
    }

    pub(crate) fn by_sid(&self, sid: &str) -> Option<usize> {
        self.by_any_sid(sid)
            .filter(|_| self.identity.seeded_tokens_live)
    }

    /// Whose bearer token this is, seeded or given out.
    pub(crate) fn by_bearer(&self, token: &str, now: Moment) -> Option<usize> {
        let mut people = self.people.iter();
        let seeded = people.position(|user| user.token == token);
        let issued = self.identity.get(token, |kind| *kind == Kind::Access);
        let issued = issued.filter(|grant| now < grant.until);
        seeded
            .filter(|_| self.identity.seeded_tokens_live)
            .or(issued.map(|grant| grant.user))
    }
}
