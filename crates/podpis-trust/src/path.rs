//! Decides which path from a certificate to a root is the best, and what is wrong with it.
//!
//! Issuers are found by name, tried in the order of what speaks for them (key identifiers first), and
//! believed by value. The first path without a fault ends the search; otherwise the one that gets
//! furthest is told of.
//!
//! **Invariant:** a path ends at a root that was given, has at most ten certificates, and no key
//! twice. The work is bounded, and what it stopped at is said.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::rc::Rc;

use podpis_cms::{Certificate, KeyUsage};

use crate::evidence::Evidence;
use crate::judgement::{Statuses, Step};
use crate::known::Known;
use crate::values::{Checked, Values};
use crate::{Moment, Reason, Whose, Why, constraints, stamp};

/// Certificates of a path at most.
const MAX_PATH: usize = 10;
/// Issuers that are tried for one certificate at most: more values are not verified anyway.
const MAX_CANDIDATES: usize = 250;
/// Issuers of one name that are put in order at the cost of one step.
const SORTED_IN_A_STEP: usize = 100;
/// Certificates that are stepped on in one search at most.
const MAX_STEPS: usize = 1_000;

/// What the first certificate of a path is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// It signed the document.
    Sign,
    /// It signed the time stamp of this number.
    Stamp(usize),
    /// It signed a revocation list for a certificate under this root.
    List { root: usize },
}

/// A path and what came of it.
pub(crate) struct Found {
    /// The numbers of its certificates.
    pub(crate) path: Vec<usize>,
    pub(crate) failed: Option<(Step, Why)>,
    pub(crate) statuses: Statuses,
}

impl Found {
    pub(crate) fn certificates(&self, evidence: &Evidence<'_>) -> Vec<Certificate> {
        let known = self.path.iter().filter_map(|at| evidence.certificate(*at));
        known.map(|known| known.certificate.clone()).collect()
    }

    /// How far it gets, and, among those that lead to no root, how much there is to say.
    fn reach(&self) -> (Option<Step>, u8, usize) {
        let Some((step, why)) = &self.failed else {
            return (None, 0, 0);
        };
        let weight = match why.reason() {
            Reason::NoChain => 0,
            Reason::ChainTooLong => 1,
            Reason::Algorithm => 2,
            Reason::TooManyPaths => 3,
            _ => 4,
        };
        match step {
            Step::Chain => (Some(*step), weight, self.path.len()),
            _ => (Some(*step), 0, 0),
        }
    }
}

/// One search.
pub(crate) struct Search<'s, 'a> {
    pub(crate) evidence: &'s Evidence<'s>,
    pub(crate) values: &'s mut Values<'a>,
    pub(crate) moment: Moment,
    pub(crate) purpose: Purpose,
    steps: usize,
    issuers: HashMap<usize, Rc<[usize]>>,
    best: Option<Found>,
}

impl<'s, 'a> Search<'s, 'a> {
    pub(crate) fn new(
        evidence: &'s Evidence<'s>,
        values: &'s mut Values<'a>,
        moment: Moment,
        purpose: Purpose,
    ) -> Self {
        Self {
            evidence,
            values,
            moment,
            purpose,
            steps: 0,
            issuers: HashMap::new(),
            best: None,
        }
    }

    /// The best path from this certificate.
    pub(crate) fn from(mut self, certificate: usize) -> Found {
        let mut path = vec![certificate];
        self.extend(&mut path);
        let whose = self.whose(0, 2);
        self.best.unwrap_or_else(|| Found {
            path,
            failed: Some((Step::Chain, Why::new(Reason::NoChain, whose, None))),
            statuses: Statuses::default(),
        })
    }

    /// Tries all that may follow; says whether a path without a fault was found.
    fn extend(&mut self, path: &mut Vec<usize>) -> bool {
        let evidence = self.evidence;
        let Some(&last) = path.last() else {
            return false;
        };
        let Some(known) = evidence.certificate(last) else {
            return false;
        };
        if self.is_end(last) {
            // Judging a path is more work than a step.
            self.steps += MAX_PATH;
            let found = self.judge(path);
            let is_good = found.failed.is_none();
            self.keep(found);
            return is_good;
        }
        self.steps += 1;
        if self.steps > MAX_STEPS {
            self.dead_end(path, known, Reason::TooManyPaths, None);
            return true;
        }
        if path.len() == MAX_PATH {
            self.dead_end(path, known, Reason::ChainTooLong, None);
            return false;
        }
        self.dead_end(path, known, Reason::NoChain, None);
        let candidates = match self.issuers.get(&last) {
            Some(found) => Rc::clone(found),
            None => {
                let found: Rc<[usize]> = self.issuers(known).into();
                self.issuers.insert(last, Rc::clone(&found));
                found
            }
        };
        for candidate in candidates.iter().copied() {
            if self.has_key_of(path, candidate) {
                continue;
            }
            match self.values.certificate(evidence, last, candidate) {
                Checked::Right => {
                    path.push(candidate);
                    let is_over = self.extend(path);
                    path.pop();
                    if is_over {
                        return true;
                    }
                }
                Checked::Wrong => {}
                Checked::Unknown(name) => {
                    self.dead_end(path, known, Reason::Algorithm, Some(name));
                }
                Checked::OverLimit => {
                    self.dead_end(path, known, Reason::TooManyChecks, None);
                    return true;
                }
            }
        }
        false
    }

    fn is_end(&self, number: usize) -> bool {
        match self.purpose {
            Purpose::List { root } => number == root,
            Purpose::Sign | Purpose::Stamp(_) => self.evidence.is_root(number),
        }
    }

    /// Those with the issuer's name, the likeliest first.
    fn issuers(&mut self, known: &Known) -> Vec<usize> {
        let authority = known.authority_key_id();
        let mut found = self.evidence.of_subject(&known.issuer);
        if found.len() < 2 {
            return found;
        }
        found.sort_by_cached_key(|number| {
            let Some(issuer) = self.evidence.certificate(*number) else {
                return (3, false, false, false);
            };
            let by_key = match (authority.key_id, issuer.subject_key_id()) {
                (Some(wanted), Some(theirs)) if wanted == theirs => 0,
                (Some(_), Some(_)) => 2,
                _ => 1,
            };
            let is_named = authority.serial == Some(issuer.certificate.serial_bytes());
            let is_valid = issuer.certificate.valid_at(self.moment.time());
            (
                by_key,
                !self.evidence.is_root(*number),
                !is_valid,
                !is_named,
            )
        });
        self.steps += found.len() / SORTED_IN_A_STEP;
        found.truncate(MAX_CANDIDATES);
        found
    }

    fn has_key_of(&self, path: &[usize], candidate: usize) -> bool {
        let key = |number: usize| {
            let known = self.evidence.certificate(number);
            known.map(|known| known.certificate.spki_der())
        };
        let wanted = key(candidate);
        path.iter().any(|number| key(*number) == wanted)
    }

    /// Notes that a path leads no further.
    fn dead_end(&mut self, path: &[usize], known: &Known, reason: Reason, detail: Option<String>) {
        let whose = self.whose(path.len() - 1, path.len() + 1);
        let mut why = Why::new(reason, whose, Some(&known.certificate));
        why.detail = detail;
        if reason == Reason::NoChain {
            why = why.needing(known.needed_issuer());
        }
        self.keep(Found {
            path: path.to_vec(),
            failed: Some((Step::Chain, why)),
            statuses: Statuses::default(),
        });
    }

    /// Keeps the better one, of equals the first.
    fn keep(&mut self, found: Found) {
        let is_better = match &self.best {
            None => true,
            Some(best) => match (best.reach(), found.reach()) {
                ((None, ..), _) => false,
                (_, (None, ..)) => true,
                (old, new) => new > old,
            },
        };
        if is_better {
            self.best = Some(found);
        }
    }

    /// Whose certificate stands at this place of a path of this length.
    pub(crate) fn whose(&self, at: usize, length: usize) -> Whose {
        match self.purpose {
            Purpose::Stamp(number) => Whose::Stamp(number),
            Purpose::Sign | Purpose::List { .. } if at == 0 => Whose::Signer,
            Purpose::Sign | Purpose::List { .. } if at + 1 == length => Whose::Root,
            Purpose::Sign | Purpose::List { .. } => Whose::Issuer(at),
        }
    }

    /// Judges a path that leads to a root.
    fn judge(&mut self, path: &[usize]) -> Found {
        let known: Vec<&Known> = path
            .iter()
            .filter_map(|number| self.evidence.certificate(*number))
            .collect();
        let mut statuses = Statuses::default();
        let failed = self
            .validity(&known)
            .or_else(|| self.constraints(&known))
            .or_else(|| self.usage(&known))
            .or_else(|| {
                let (used, why) = self.revocation(path, &known);
                statuses = used;
                why.map(|why| (Step::Revocation, why))
            });
        Found {
            path: path.to_vec(),
            failed,
            statuses,
        }
    }

    /// Every certificate at the moment (the shell model); of the root its end alone.
    fn validity(&self, path: &[&Known]) -> Option<(Step, Why)> {
        path.iter().enumerate().find_map(|(at, known)| {
            let certificate = &known.certificate;
            let is_root = at + 1 == path.len();
            let (start, end) = (certificate.not_before(), certificate.not_after());
            let has_begun = is_root || start.is_some_and(|start| start <= self.moment.time());
            let (reason, date) = if !has_begun {
                (Reason::NotYetValid, start)
            } else if end.is_none_or(|end| end < self.moment.latest()) {
                (Reason::Expired, end)
            } else {
                return None;
            };
            let why = Why::new(reason, self.whose(at, path.len()), Some(certificate));
            Some((Step::Validity, why.since(date)))
        })
    }

    fn constraints(&self, path: &[&Known]) -> Option<(Step, Why)> {
        let broken = constraints::check(path).err()?;
        let certificate = path.get(broken.at).map(|known| &known.certificate);
        let whose = self.whose(broken.at, path.len());
        let mut why = Why::new(broken.reason, whose, certificate);
        why.detail = broken.detail;
        Some((Step::Constraints, why))
    }

    fn usage(&self, path: &[&Known]) -> Option<(Step, Why)> {
        let first = *path.first()?;
        let is_right = match self.purpose {
            Purpose::Sign => first.allows(KeyUsage::signs_documents),
            Purpose::Stamp(_) => {
                first.allows(KeyUsage::signs_documents) && stamp::is_for_stamps(first)
            }
            // Asked before the path was looked for.
            Purpose::List { .. } => true,
        };
        let whose = self.whose(0, path.len());
        let why = || Why::new(Reason::KeyUsage, whose, Some(&first.certificate));
        (!is_right).then(|| (Step::Usage, why()))
    }

    /// Lists that may speak of this certificate, the likeliest first.
    pub(crate) fn lists_of(&self, known: &Known, issuer: &Known) -> Vec<usize> {
        let mut found = self.evidence.lists_of(&known.issuer);
        if found.len() < 2 {
            return found;
        }
        let key_id = issuer.subject_key_id();
        found.sort_by_cached_key(|number| {
            let Some(list) = self.evidence.list(*number) else {
                return (true, 2, None);
            };
            let by_key = match (list.key_id(), key_id) {
                (Some(stated), Some(wanted)) if stated == wanted => 0,
                (Some(_), Some(_)) => 2,
                _ => 1,
            };
            let may_tell = self.timeliness(list, known).may_tell();
            (!may_tell, by_key, Some(Reverse(list.this_update())))
        });
        found
    }
}
