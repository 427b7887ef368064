//! Decides whether the certificates of a path were revoked, as far as the lists and OCSP answers at hand tell
//! (RFC 5280 6.3).
//!
//! **Invariant:** a list speaks only if its value is right under the issuer's key, or under another
//! key of the same name whose path leads to the same root. "Not revoked" is never said without the
//! list it rests on.

use std::time::SystemTime;

use podpis_cms::KeyUsage;

use crate::entry::Revocation;
use crate::judgement::{ListUsed, OcspUsed, Statuses};
use crate::known::Known;
use crate::moment::is_within;
use crate::ocsp_status::Told;
use crate::path::{Purpose, Search};
use crate::values::Checked;
use crate::{Reason, RevocationList, Why, entry};

/// What a list can tell of a certificate at a moment, if its value is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Timeliness {
    /// All.
    Whole,
    /// An entry counts, but no entry means nothing.
    EntriesOnly(Option<Reason>),
    /// Nothing.
    None(Reason),
}

impl Timeliness {
    pub(crate) fn may_tell(self) -> bool {
        !matches!(self, Self::None(_))
    }
}

/// Why no list settles it, and of when the list is.
pub(crate) struct Unsettled {
    pub(crate) reason: Reason,
    /// The list that it is about.
    pub(crate) list: Option<usize>,
    /// Since when, where it is about something else than a list.
    pub(crate) date: Option<SystemTime>,
    pub(crate) detail: Option<String>,
}

impl Unsettled {
    pub(crate) fn new(reason: Reason) -> Self {
        Self {
            reason,
            list: None,
            date: None,
            detail: None,
        }
    }
}

/// What settles it: that a certificate was not revoked.
enum Used {
    List(ListUsed),
    Ocsp(OcspUsed),
}

/// What lists say, with the moment from which the list is.
enum Said {
    NotIn(ListUsed),
    Revoked(Revocation, SystemTime),
}

/// Lists that could tell more are told of first.
pub(crate) fn weight(reason: Reason) -> u8 {
    match reason {
        Reason::NoList => 0,
        Reason::ListNotTrusted => 1,
        Reason::Algorithm => 2,
        Reason::ListNotUsable => 3,
        Reason::ListStale => 4,
        Reason::ListAfterExpiry => 5,
        _ => 6,
    }
}

/// Whose key signed a list.
enum Signer {
    Known(usize),
    Nobody,
    Unknown(String),
    OverLimit,
}

impl Search<'_, '_> {
    /// Looks for every certificate but the root in the lists of its issuer and in OCSP answers: those that say that it
    /// was not revoked, and what was wrong or missing.
    pub(crate) fn revocation(
        &mut self,
        path: &[usize],
        known: &[&Known],
    ) -> (Statuses, Option<Why>) {
        let mut used = Statuses::default();
        let mut unsettled = None;
        for (at, pair) in path.windows(2).enumerate() {
            let (&[certificate, issuer], Some(&root)) = (pair, path.last()) else {
                continue;
            };
            let Some(subject) = known.get(at) else {
                continue;
            };
            let whose = self.whose(at, path.len());
            match self.look_for(certificate, issuer, root) {
                Ok(Ok(Used::List(list))) => used.lists.push(list),
                Ok(Ok(Used::Ocsp(answer))) => used.ocsp.push(answer),
                // Revoked outweighs what is missing for others.
                Ok(Err(revocation)) => {
                    let why = Why::new(Reason::Revoked, whose, Some(&subject.certificate));
                    let why = why.since(Some(revocation.date)).saying(revocation.reason());
                    return (used, Some(why));
                }
                Err(why) if unsettled.is_none() => {
                    let list = why.list.and_then(|list| self.evidence.list(list));
                    let of_list = list.map(|list| match (why.reason, list.next_update()) {
                        (Reason::ListStale, Some(next)) if next < self.moment.latest() => next,
                        _ => list.this_update(),
                    });
                    let mut said = Why::new(why.reason, whose, Some(&subject.certificate))
                        .since(why.date.or(of_list))
                        .needing(subject.needed_list());
                    said.detail = why.detail;
                    unsettled = Some(said);
                }
                Err(_) => {}
            }
        }
        (used, unsettled)
    }

    /// The list that the certificate is not in or the OCSP answer that says that it is good, or how it was revoked. Of
    /// both sorts the newer one settles it, and of the same moment the one that revokes.
    fn look_for(
        &mut self,
        certificate: usize,
        issuer: usize,
        root: usize,
    ) -> Result<Result<Used, Revocation>, Unsettled> {
        let told = self.told_by_ocsp(certificate, issuer, root);
        let said = self.look_in_lists(certificate, issuer, root);
        match (said, told) {
            (Ok(Said::Revoked(_, from)), Ok(Told::Good(good))) if good.this_update > from => {
                Ok(Ok(Used::Ocsp(good)))
            }
            (Ok(Said::NotIn(list)), Ok(Told::Revoked(_, from)))
                if list.list.this_update() > from =>
            {
                Ok(Ok(Used::List(list)))
            }
            (Ok(Said::Revoked(revocation, _)), _) | (_, Ok(Told::Revoked(revocation, _))) => {
                Ok(Err(revocation))
            }
            (Ok(Said::NotIn(list)), Ok(Told::Good(good)))
                if list.list.this_update() < good.this_update =>
            {
                Ok(Ok(Used::Ocsp(good)))
            }
            (Ok(Said::NotIn(list)), _) => Ok(Ok(Used::List(list))),
            (Err(_), Ok(Told::Good(good))) => Ok(Ok(Used::Ocsp(good))),
            (Err(of_lists), Err(of_ocsp)) => {
                // What stands in the way of an answer says more than that there is no list.
                if weight(of_ocsp.reason) > weight(of_lists.reason) {
                    Err(of_ocsp)
                } else {
                    Err(of_lists)
                }
            }
        }
    }

    /// The newest list that the certificate is not in, or how it was revoked.
    fn look_in_lists(
        &mut self,
        certificate: usize,
        issuer: usize,
        root: usize,
    ) -> Result<Said, Unsettled> {
        let mut unsettled = Unsettled::new(Reason::NoList);
        let evidence = self.evidence;
        let (Some(subject), Some(by)) = (
            evidence.certificate(certificate),
            evidence.certificate(issuer),
        ) else {
            return Err(unsettled);
        };
        let mut note = |reason: Reason, list: usize, detail: Option<String>| {
            if weight(reason) > weight(unsettled.reason) {
                unsettled = Unsettled {
                    list: Some(list),
                    detail,
                    ..Unsettled::new(reason)
                };
            }
        };
        let mut settled: Option<ListUsed> = None;
        for number in self.lists_of(subject, by) {
            let Some(list) = evidence.list(number) else {
                continue;
            };
            // The newest settles it. Of several of the same moment one that revokes does, so that their order decides
            // nothing; only those with an entry are worth the check of a value.
            if let Some(newest) = &settled {
                let is_as_new = newest.list.this_update() == list.this_update();
                if !is_as_new || !self.revokes(number, certificate) {
                    continue;
                }
            }
            let signer = match self.signer_of(number, issuer, root) {
                Signer::Known(signer) => signer,
                Signer::Nobody => {
                    note(Reason::ListNotTrusted, number, None);
                    continue;
                }
                Signer::Unknown(name) => {
                    note(Reason::Algorithm, number, Some(name));
                    continue;
                }
                Signer::OverLimit => {
                    note(Reason::TooManyChecks, number, None);
                    break;
                }
            };
            let timeliness = self.timeliness(list, subject);
            if let Timeliness::None(reason) = timeliness {
                note(reason, number, list.obstacle().map(str::to_owned));
                continue;
            }
            let at = self.moment.latest();
            match self.values.entry(evidence, number, certificate, at) {
                Err(entry::Spoilt) => note(Reason::ListNotUsable, number, None),
                Ok(Some(revocation)) => {
                    return Ok(Said::Revoked(revocation, list.this_update()));
                }
                Ok(None) => match timeliness {
                    Timeliness::EntriesOnly(reason) => {
                        note(reason.unwrap_or(Reason::ListNotUsable), number, None);
                    }
                    _ => {
                        let signer = evidence.certificate(signer).unwrap_or(by);
                        settled.get_or_insert_with(|| ListUsed {
                            list: list.clone(),
                            certificate: subject.certificate.clone(),
                            signer: signer.certificate.clone(),
                        });
                    }
                },
            }
        }
        settled.map(Said::NotIn).ok_or(unsettled)
    }

    /// Do the lists at hand say that it was revoked?
    pub(crate) fn is_in_lists(&mut self, certificate: usize, issuer: usize, root: usize) -> bool {
        let said = self.look_in_lists(certificate, issuer, root);
        matches!(said, Ok(Said::Revoked(..)))
    }

    /// Whether the list has an entry that counts, whoever made it.
    fn revokes(&mut self, list: usize, certificate: usize) -> bool {
        let at = self.moment.latest();
        matches!(
            self.values.entry(self.evidence, list, certificate, at),
            Ok(Some(_))
        )
    }

    /// What the list can tell of the certificate, by its scope and its dates.
    pub(crate) fn timeliness(&self, list: &RevocationList, known: &Known) -> Timeliness {
        if list.obstacle().is_some() || !list.scope().holds(known) {
            return Timeliness::None(Reason::ListNotUsable);
        }
        let dates = (list.this_update(), list.next_update());
        match self.covers(dates, known, list.keeps_expired_since()) {
            Timeliness::Whole if list.scope().some_reasons => Timeliness::EntriesOnly(None),
            found => found,
        }
    }

    /// What can be told from a moment, until another one, of the certificate; some tell also of those that have expired
    /// since a moment.
    pub(crate) fn covers(
        &self,
        (this, next): (SystemTime, Option<SystemTime>),
        known: &Known,
        keeps_expired_since: Option<SystemTime>,
    ) -> Timeliness {
        let at = self.moment.latest();
        let is_next_to_come = match next {
            Some(next) => at <= next,
            None => is_within(this, at, self.evidence.given.list_age),
        };
        let covers = this <= at && is_next_to_come;
        // Entries are dated: of a moment in the past a later list tells too.
        let is_later = !self.moment.is_now() && at <= this;
        if !covers && !is_later {
            return Timeliness::None(Reason::ListStale);
        }
        // RFC 5280 3.3: an entry may be dropped once the certificate has expired.
        let end = known.certificate.not_after();
        let has_expired = end.is_none_or(|end| end < this);
        let is_kept = keeps_expired_since.is_some_and(|since| end.is_some_and(|end| since <= end));
        if has_expired && !is_kept {
            return Timeliness::EntriesOnly(Some(Reason::ListAfterExpiry));
        }
        Timeliness::Whole
    }

    /// Whose key signed the list: the issuer's, or another of the same name under the same root.
    fn signer_of(&mut self, list: usize, issuer: usize, root: usize) -> Signer {
        let evidence = self.evidence;
        let Some(by) = evidence.certificate(issuer) else {
            return Signer::Nobody;
        };
        let mut unknown = None;
        if by.allows(KeyUsage::signs_lists) {
            match self.values.list(evidence, list, issuer) {
                Checked::Right => return Signer::Known(issuer),
                Checked::Wrong => {}
                Checked::Unknown(name) => unknown = Some(name),
                Checked::OverLimit => return Signer::OverLimit,
            }
        }
        // The signer of a list for the signer of a list would go on without end.
        if !matches!(self.purpose, Purpose::List { .. }) {
            for other in evidence.of_subject(&by.subject) {
                let Some(known) = evidence.certificate(other) else {
                    continue;
                };
                if known.certificate.spki_der() == by.certificate.spki_der()
                    || !known.allows(KeyUsage::signs_lists)
                {
                    continue;
                }
                match self.values.list(evidence, list, other) {
                    Checked::Right => {
                        let purpose = Purpose::List { root };
                        let search = Search::new(evidence, &mut *self.values, self.moment, purpose);
                        if search.from(other).failed.is_none() {
                            return Signer::Known(other);
                        }
                    }
                    Checked::Wrong | Checked::Unknown(_) => {}
                    Checked::OverLimit => return Signer::OverLimit,
                }
            }
        }
        unknown.map_or(Signer::Nobody, Signer::Unknown)
    }
}
