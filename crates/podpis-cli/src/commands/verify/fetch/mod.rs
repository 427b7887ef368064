//! Gets what a judgement is missing: certificates of issuers, OCSP answers and revocation lists.
//!
//! | module | decides |
//! |---|---|
//! | `wanted` | which files would help, and where they are |
//! | `address` | which addresses are gone to |
//! | `http` | how one file is got |
//! | `files` | what is in it |
//! | `cache` | what is kept of it |
//!
//! **Invariant:** nothing is fetched unless it was asked for, and every address is gone to once in a run of the program. A
//! file from an address is never a root, and is believed by its value alone: whoever answers can withhold, but not make
//! anything trusted. The work is bounded: [`MOST_PLACES`] places, [`MOST_BYTES`] bytes and a time for all of them.

mod address;
mod cache;
mod files;
mod http;
mod wanted;

use std::collections::HashMap;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use podpis::trust::{Given, Judgement, ListUsed, OcspUsed};

use self::cache::Cache;
use self::files::Found;
use self::http::{Http, Size};
use self::wanted::{Place, wanted};
use super::trust_text::leads_to_root;
use crate::failure::Failure;
use crate::messages::{FromWhere, Sought, Trouble};
use crate::moment;

/// Places that are gone to in one run of the program at most.
const MOST_PLACES: usize = 100;
/// Bytes that are taken in one run of the program at most.
const MOST_BYTES: usize = 512 * 1024 * 1024;
/// How many exchanges of the longest sort all of them may take.
const MOST_TIMES: u32 = 4;

/// Gets files, each once.
#[derive(Debug)]
pub(super) struct Fetcher {
    http: Http,
    cache: Option<Cache>,
    timeout: Duration,
    begun: SystemTime,
    gone_to: HashMap<Place, Result<Got, Trouble>>,
    bytes: usize,
}

/// A file that was got.
#[derive(Debug)]
struct Got {
    found: Found,
    from: FromWhere,
    bytes: Bytes,
    is_kept: bool,
}

/// What became of one place, for people and programs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fetched {
    pub(super) what: Sought,
    pub(super) address: String,
    pub(super) outcome: Result<FromWhere, Trouble>,
}

impl Fetcher {
    /// `timeout` is how long one exchange may take.
    pub(super) fn new(timeout: Duration) -> Result<Self, Failure> {
        Ok(Self {
            http: Http::new(timeout)?,
            cache: Cache::of_user(),
            timeout,
            begun: moment::now(),
            gone_to: HashMap::new(),
            bytes: 0,
        })
    }

    /// Gets what would help this judgement, one file for each certificate that something is missing of; adds what it got,
    /// and what became of every place it went to. `None` where there was nothing new to get.
    pub(super) async fn help(
        &mut self,
        judgement: &Judgement,
        given: &mut Given,
        told: &mut Vec<Fetched>,
    ) -> Option<()> {
        let mut new: Vec<Place> = Vec::new();
        for wanted in wanted(judgement) {
            for place in wanted.places {
                let is_new = !self.gone_to.contains_key(&place);
                if is_new {
                    let got = self.go_to(&place).await;
                    self.gone_to.insert(place.clone(), got);
                }
                let Some(got) = self.gone_to.get(&place) else {
                    continue;
                };
                let fetched = Fetched {
                    what: place.what,
                    address: place.address.clone(),
                    outcome: got.as_ref().map(|got| got.from).map_err(Trouble::clone),
                };
                if !told.contains(&fetched) {
                    told.push(fetched);
                }
                if let (true, Ok(got)) = (is_new, got) {
                    *given = got.found.add_to(std::mem::take(given));
                    new.push(place);
                    break;
                }
                // For another certificate, a moment ago: whether it helps is not known yet.
                if new.contains(&place) {
                    break;
                }
            }
        }
        (!new.is_empty()).then_some(())
    }

    async fn go_to(&mut self, place: &Place) -> Result<Got, Trouble> {
        if let Some(got) = self.kept(place) {
            return Ok(got);
        }
        let spent = moment::now().duration_since(self.begun);
        let is_late = spent.is_ok_and(|spent| spent > self.timeout * MOST_TIMES);
        if is_late || self.gone_to.len() >= MOST_PLACES || self.bytes >= MOST_BYTES {
            return Err(Trouble::Limit);
        }
        let size = match place.what {
            Sought::List => Size::Large,
            Sought::Issuer | Sought::Ocsp => Size::Small,
        };
        let got = self
            .http
            .get(&place.address, place.question.as_deref(), size);
        let bytes = got.await?;
        self.bytes = self.bytes.saturating_add(bytes.len());
        Ok(Got {
            found: Found::read(place.what, &bytes)?,
            from: FromWhere::Network,
            bytes,
            is_kept: false,
        })
    }

    /// What the cache has for a place, if it still counts.
    fn kept(&self, place: &Place) -> Option<Got> {
        let (cache, name) = (self.cache.as_ref()?, cache_name(place));
        let bytes = Bytes::from(cache.get(&name)?);
        let found = Found::read(place.what, &bytes).ok()?;
        let is_fresh = match (&found, found.next_update()) {
            (Found::Issuers(_), _) => cache.is_young(&name, moment::now()),
            (_, next) => next.is_some_and(|next| moment::now() <= next),
        };
        is_fresh.then_some(Got {
            found,
            from: FromWhere::Cache,
            bytes,
            is_kept: true,
        })
    }

    /// Keeps what the judgement rests on. A cache that cannot be written to is none.
    pub(super) fn keep(&mut self, judgement: &Judgement) {
        let Some(cache) = &self.cache else { return };
        for (place, got) in &mut self.gone_to {
            let Ok(got) = got else { continue };
            let lasts = match &got.found {
                Found::Issuers(_) => true,
                found => found.next_update().is_some_and(|next| moment::now() < next),
            };
            if !got.is_kept && lasts && rests_on(judgement, &got.found) {
                if cache.put(&cache_name(place), &got.bytes).is_err() {
                    return;
                }
                got.is_kept = true;
            }
        }
    }
}

fn cache_name(place: &Place) -> String {
    let (kind, end) = match place.what {
        Sought::Issuer => ("issuer", "der"),
        Sought::List => ("list", "crl"),
        Sought::Ocsp => ("ocsp", "der"),
    };
    cache::name(kind, &place.address, place.question.as_deref(), end)
}

/// Is it among what a judgement rests on? A path that leads to no root is nothing to rest on.
fn rests_on(judgement: &Judgement, found: &Found) -> bool {
    judgement.signers().iter().any(|signer| {
        let stamps = signer.stamps().iter();
        let of_stamps = stamps.map(|one| (one.checks(), one.path(), one.lists(), one.ocsp()));
        let own = (
            signer.checks(),
            signer.path(),
            signer.lists(),
            signer.ocsp(),
        );
        let mut all = of_stamps.chain([own]);
        all.any(|(checks, path, lists, ocsp)| match found {
            Found::Issuers(all) => {
                leads_to_root(checks) && all.iter().any(|one| path.contains(one))
            }
            Found::Lists(all) => lists
                .iter()
                .map(ListUsed::list)
                .any(|used| all.contains(used)),
            Found::Answer(answer) => ocsp.iter().map(OcspUsed::answer).any(|used| used == answer),
        })
    })
}
