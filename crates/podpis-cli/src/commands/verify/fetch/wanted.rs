//! Which files would help a judgement, and where they are.
//!
//! **Invariant:** nothing is wanted for a signer whose content or value is wrong: no file would change that. What is wanted
//! for one that was revoked is for its time stamps, which may prove that it signed before.

use podpis::cms::Certificate;
use podpis::trust::{
    Addresses, Answer, Check, Judgement, ListUsed, OcspUsed, Reason, Step, Trust, Why, ocsp_request,
};

use crate::messages::Sought;

/// A file to get, and all the places where it may be, in the order in which they are tried.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    pub(super) places: Vec<Place>,
}

/// One place.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Place {
    pub(super) what: Sought,
    pub(super) address: String,
    /// The question that is asked there.
    pub(super) question: Option<Vec<u8>>,
}

impl Place {
    fn of(what: Sought) -> impl Fn(&String) -> Self {
        move |address| Self {
            what,
            address: address.clone(),
            question: None,
        }
    }
}

/// What would help: of every signer, and of every time stamp.
pub(super) fn wanted(judgement: &Judgement) -> Vec<Wanted> {
    let mut all = Vec::new();
    for signer in judgement.signers() {
        let is_right = |check: &Check| *check.answer() != Answer::NotReached;
        let mut chain = signer.checks().iter();
        if !chain.any(|check| check.step() == Step::Chain && is_right(check)) {
            continue;
        }
        for stamp in signer.stamps() {
            let known = (stamp.lists(), stamp.ocsp());
            all.extend(of(stamp.trust(), stamp.path(), known));
        }
        let known = (signer.lists(), signer.ocsp());
        all.extend(of(signer.trust(), signer.path(), known));
    }
    all
}

fn of(
    trust: &Trust,
    path: &[Certificate],
    (lists, answers): (&[ListUsed], &[OcspUsed]),
) -> Vec<Wanted> {
    match trust.why().map(Why::reason) {
        Some(Reason::NoChain) => path.last().map(issuer).into_iter().collect(),
        Some(
            Reason::NoList
            | Reason::ListStale
            | Reason::ListNotTrusted
            | Reason::ListNotUsable
            | Reason::ListAfterExpiry,
        ) => {
            let is_open = |certificate: &Certificate| {
                !lists.iter().any(|used| used.certificate() == certificate)
                    && !answers.iter().any(|used| used.certificate() == certificate)
            };
            let pairs = path.windows(2).filter_map(|pair| match pair {
                [certificate, issuer] => Some((certificate, issuer)),
                _ => None,
            });
            pairs
                .filter(|(certificate, _)| is_open(certificate))
                .map(|(certificate, issuer)| status(certificate, issuer))
                .collect()
        }
        _ => Vec::new(),
    }
}

/// The certificate of its issuer.
fn issuer(certificate: &Certificate) -> Wanted {
    let addresses = Addresses::of(certificate);
    let places = addresses.issuers().iter().map(Place::of(Sought::Issuer));
    Wanted {
        places: places.collect(),
    }
}

/// Whether it was revoked: an OCSP answer, which is small and new, else a list.
fn status(certificate: &Certificate, issuer: &Certificate) -> Wanted {
    let addresses = Addresses::of(certificate);
    let question = ocsp_request(certificate, issuer);
    let answers = addresses.ocsp().iter().filter_map(|address| {
        Some(Place {
            question: Some(question.clone()?),
            ..Place::of(Sought::Ocsp)(address)
        })
    });
    let lists = addresses.lists().iter().map(Place::of(Sought::List));
    Wanted {
        places: answers.chain(lists).collect(),
    }
}
