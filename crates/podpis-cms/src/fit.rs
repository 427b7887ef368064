//! Decides which documents each signature is for, before it is decided which one it gets.
//!
//! **Invariant:** all signers must agree on the document. Documents are found by their digests, so
//! the work grows with the signatures and documents, not with their pairs; the one exception, values
//! without signed attributes in algorithms that do not tell their digest, is bounded.

use std::cell::{Cell, OnceCell};
use std::collections::{BTreeMap, HashMap, HashSet};

use crate::matching::Fitting;
use crate::proof::Proof;
use crate::value::find::{DigestsToFind, Found};
use crate::value::{Message, Outcome};
use crate::{
    BindError, DigestAlgorithm, Digests, Document, Expectation, Place, Reason, Signature, Signer,
};

/// How many values are verified at most to find out which file they are for, beyond one for each
/// signature.
const MAX_CHECKS: usize = 20_000;

/// A document with what is needed to compare it with signatures.
pub(crate) struct Candidate<'a> {
    pub(crate) place: Place,
    pub(crate) digests: Digests,
    pub(crate) bytes: Option<&'a [u8]>,
}

/// What the signers of one signature say of the documents.
pub(crate) enum Fit {
    /// It is for these, which have one content.
    For(Fitting),
    /// It is for none that is known, and may be for one of these.
    Perhaps(Fitting, Reason),
    /// It is for none of them.
    Nothing,
    /// It states a digest that proves nothing.
    Unfounded(DigestAlgorithm),
}

/// The documents of one binding, found by their digests.
pub(crate) struct Candidates<'a> {
    all: Vec<Candidate<'a>>,
    by_algorithm: HashMap<DigestAlgorithm, ByDigest>,
    everyone: Fitting,
    nobody: Fitting,
    /// Values verified to find out which document they are for.
    checks: Cell<usize>,
}

/// The documents in one digest algorithm.
struct ByDigest {
    documents: HashMap<Vec<u8>, Fitting>,
    /// Those whose digest is not known.
    lacking: Fitting,
    to_find: OnceCell<DigestsToFind>,
}

/// What is known of one signature after all its documents were compared.
pub(crate) struct Fitted {
    pub(crate) fit: Fit,
    /// What was proven on the way, by the signers' numbers: values that cover the document itself.
    pub(crate) proofs: HashMap<usize, ProofOver>,
}

/// A value that was verified over a document's digest.
pub(crate) struct ProofOver {
    digest: Vec<u8>,
    pub(crate) proof: Proof,
}

impl<'a> Candidates<'a> {
    pub(crate) fn new(documents: &[Document<'a>], signatures: &[Signature]) -> Self {
        let mut algorithms: Vec<_> = signatures
            .iter()
            .flat_map(Signature::digest_algorithms)
            .collect();
        // A signature with a digest that is not computed is for no document, and may name a thousand.
        algorithms.retain(DigestAlgorithm::is_supported);
        algorithms.sort_unstable();
        algorithms.dedup();
        let all: Vec<_> = documents
            .iter()
            .enumerate()
            .map(|(position, document)| Candidate {
                place: Place {
                    position,
                    name: document.name().to_owned(),
                },
                digests: document.digests(&algorithms),
                bytes: document.bytes(),
            })
            .collect();
        let by_algorithm = algorithms
            .into_iter()
            .map(|algorithm| {
                let index = ByDigest::new(&all, &algorithm);
                (algorithm, index)
            })
            .collect();
        Self {
            everyone: (0..all.len()).collect(),
            nobody: Fitting::from([]),
            all,
            by_algorithm,
            checks: Cell::new(0),
        }
    }

    pub(crate) fn all(&self) -> &[Candidate<'a>] {
        &self.all
    }

    /// What the signature that came at this position says of the documents.
    pub(crate) fn fit(
        &self,
        position: usize,
        signature: &Signature,
        expectation: &Expectation,
    ) -> Result<Fitted, BindError> {
        let mut fitted = Fitted {
            fit: Fit::Nothing,
            proofs: HashMap::new(),
        };
        let signers = signature.signers();
        if let Some(unfounded) = signers
            .iter()
            .map(Signer::document_digest)
            .find(|algorithm| !algorithm.is_supported())
        {
            fitted.fit = Fit::Unfounded(unfounded.clone());
            return Ok(fitted);
        }
        let Some(stated) = stated_by(signers) else {
            // Two signers state different digests of one document.
            return Ok(fitted);
        };
        fitted.fit = self.by_stated(&stated);
        for (number, signer) in signers.iter().enumerate() {
            if !signer.has_signed_attributes() {
                let bare = Bare {
                    position,
                    number,
                    signer,
                    expectation,
                };
                fitted.fit = self.by_value(&bare, fitted.fit, &mut fitted.proofs)?;
            }
        }
        Ok(fitted)
    }

    fn with_digest(&self, algorithm: &DigestAlgorithm, digest: &[u8]) -> Fitting {
        self.by_algorithm
            .get(algorithm)
            .and_then(|index| index.documents.get(digest))
            .unwrap_or(&self.nobody)
            .clone()
    }

    fn lacking(&self, algorithm: &DigestAlgorithm) -> Fitting {
        self.by_algorithm
            .get(algorithm)
            .map_or(&self.everyone, |index| &index.lacking)
            .clone()
    }

    /// By what the signed attributes state: a digest in each of a few algorithms.
    fn by_stated(&self, stated: &BTreeMap<&DigestAlgorithm, &[u8]>) -> Fit {
        let fitting = match stated.len() {
            0 => return Fit::Perhaps(self.everyone.clone(), Reason::NeedsFile),
            1 => {
                let mut one = stated.iter();
                one.next().map(|(algorithm, digest)| {
                    (self.with_digest(algorithm, digest), self.lacking(algorithm))
                })
            }
            _ => None,
        };
        let (proven, possible) = fitting.unwrap_or_else(|| {
            // Proven is what one states and no other denies; possible, what none can tell of.
            let allowed = |document: usize| {
                stated.iter().all(|(algorithm, digest)| {
                    self.all[document]
                        .digests
                        .get(algorithm)
                        .is_none_or(|known| known == *digest)
                })
            };
            let mut proven: Vec<usize> = stated
                .iter()
                .flat_map(|(algorithm, digest)| self.with_digest(algorithm, digest).to_vec())
                .filter(|document| allowed(*document))
                .collect();
            proven.sort_unstable();
            proven.dedup();
            let possible: Vec<usize> = stated
                .keys()
                .next()
                .map_or(Vec::new(), |first| self.lacking(first).to_vec());
            let possible = possible.into_iter().filter(|document| allowed(*document));
            (proven.into(), possible.collect())
        });
        if !proven.is_empty() {
            Fit::For(proven)
        } else if !possible.is_empty() {
            Fit::Perhaps(possible, Reason::NeedsFile)
        } else {
            Fit::Nothing
        }
    }

    /// Narrows what is known by a value that covers the document itself.
    fn by_value(
        &self,
        bare: &Bare<'_>,
        fit: Fit,
        proofs: &mut HashMap<usize, ProofOver>,
    ) -> Result<Fit, BindError> {
        let (among, is_stated, before) = match fit {
            Fit::For(among) => (among, true, Reason::NeedsFile),
            Fit::Perhaps(among, reason) => (among, false, reason),
            nothing => return Ok(nothing),
        };
        let algorithm = bare.signer.value_digest();
        let (among, is_stated, reason) = match self.made_over(bare, &among)? {
            MadeOver::Digest(over) => {
                let documents = both(&among, &self.with_digest(algorithm, &over.digest));
                proofs.insert(bare.number, over);
                (documents, true, before)
            }
            // It denies nothing and proves nothing.
            MadeOver::CannotTell(reason) => (among, is_stated, reason),
            MadeOver::NoneKnown => (both(&among, &self.lacking(algorithm)), is_stated, before),
        };
        Ok(match (among.is_empty(), is_stated) {
            (true, _) => Fit::Nothing,
            (false, true) => Fit::For(among),
            (false, false) => Fit::Perhaps(among, reason),
        })
    }

    /// Which digest the value was made over. The document at the signature's own place is tried
    /// first; the others only if that is not it.
    fn made_over(&self, bare: &Bare<'_>, among: &Fitting) -> Result<MadeOver, BindError> {
        if let Outcome::Unknown(reason) = self.check(bare, None)?.outcome
            && reason != Reason::NeedsFile
        {
            return Ok(MadeOver::CannotTell(reason));
        }
        let algorithm = bare.signer.value_digest();
        let digest_of = |document: usize| self.all.get(document)?.digests.get(algorithm);
        let straight = among
            .binary_search(&bare.position)
            .ok()
            .and_then(|_| digest_of(bare.position));
        // A digest is tried with all certificates at once, and those may all tell of the same one.
        let mut tried: Vec<&[u8]> = Vec::new();
        if let Some(digest) = straight {
            if let Some(answer) = self.answer(bare, digest)? {
                return Ok(answer);
            }
            tried.push(digest);
        }
        let Some(index) = self.by_algorithm.get(algorithm) else {
            return Ok(MadeOver::NoneKnown);
        };
        for certificate in bare.expectation.certificates_of(bare.signer) {
            match index
                .to_find()
                .find(&bare.signer.scheme_and_value(), certificate)
            {
                Found::Only(digest) if !tried.contains(&digest) => {
                    if let Some(answer) = self.answer(bare, digest)? {
                        return Ok(answer);
                    }
                    tried.push(digest);
                }
                Found::Only(_) | Found::Nothing => {}
                Found::NotTold => return self.try_each(bare, among),
            }
        }
        Ok(MadeOver::NoneKnown)
    }

    /// Verifies the value over one document after another.
    fn try_each(&self, bare: &Bare<'_>, among: &Fitting) -> Result<MadeOver, BindError> {
        let algorithm = bare.signer.value_digest();
        let mut tried: HashSet<&[u8]> = HashSet::new();
        let values = bare.expectation.certificates_of(bare.signer).len();
        for candidate in among.iter().filter_map(|document| self.all.get(*document)) {
            let Some(digest) = candidate.digests.get(algorithm) else {
                continue;
            };
            if !tried.insert(digest) {
                continue;
            }
            self.checks.set(self.checks.get() + values);
            if self.checks.get() > MAX_CHECKS {
                return Err(BindError::TooManyChecks {
                    position: bare.position,
                    files: self.all.len(),
                    checks: MAX_CHECKS,
                });
            }
            if let Some(answer) = self.answer(bare, digest)? {
                return Ok(answer);
            }
        }
        Ok(MadeOver::NoneKnown)
    }

    /// `None` if the value was not made over this digest.
    fn answer(&self, bare: &Bare<'_>, digest: &[u8]) -> Result<Option<MadeOver>, BindError> {
        let proof = self.check(bare, Some(digest))?;
        Ok(match &proof.outcome {
            Outcome::Invalid => None,
            Outcome::Unknown(reason) => Some(MadeOver::CannotTell(reason.clone())),
            Outcome::Valid => Some(MadeOver::Digest(ProofOver {
                digest: digest.to_vec(),
                proof,
            })),
        })
    }

    fn check(&self, bare: &Bare<'_>, digest: Option<&[u8]>) -> Result<Proof, BindError> {
        let message = Message {
            digest,
            bytes: None,
        };
        Proof::over(bare.signer, message, bare.expectation).map_err(|source| {
            // Tried for many; the one at its own place is as good a name as any.
            let place = self.all.get(bare.position).or(self.all.first());
            BindError::Verifier {
                place: place.map_or_else(Place::default, |candidate| candidate.place.clone()),
                source,
            }
        })
    }
}

/// A signer whose value covers the document itself.
struct Bare<'s> {
    /// Of the signature, among those that came.
    position: usize,
    /// Of the signer in it.
    number: usize,
    signer: &'s Signer,
    expectation: &'s Expectation,
}

enum MadeOver {
    Digest(ProofOver),
    CannotTell(Reason),
    /// None of the documents whose digest is known.
    NoneKnown,
}

impl ByDigest {
    fn new(all: &[Candidate<'_>], algorithm: &DigestAlgorithm) -> Self {
        let mut documents: HashMap<Vec<u8>, Vec<usize>> = HashMap::new();
        let mut lacking = Vec::new();
        for (position, candidate) in all.iter().enumerate() {
            match candidate.digests.get(algorithm) {
                Some(digest) => documents.entry(digest.to_vec()).or_default().push(position),
                None => lacking.push(position),
            }
        }
        Self {
            documents: documents
                .into_iter()
                .map(|(digest, positions)| (digest, positions.into()))
                .collect(),
            lacking: lacking.into(),
            to_find: OnceCell::new(),
        }
    }

    fn to_find(&self) -> &DigestsToFind {
        self.to_find
            .get_or_init(|| DigestsToFind::new(self.documents.keys().cloned()))
    }
}

/// The digests that signed attributes state; `None` if two of one algorithm differ.
fn stated_by(signers: &[Signer]) -> Option<BTreeMap<&DigestAlgorithm, &[u8]>> {
    let mut stated = BTreeMap::new();
    for signer in signers {
        if let Some(digest) = signer.message_digest() {
            let before = stated.insert(signer.digest_algorithm(), digest);
            if before.is_some_and(|before| before != digest) {
                return None;
            }
        }
    }
    Some(stated)
}

/// What stands in both lists.
fn both(one: &Fitting, other: &Fitting) -> Fitting {
    if one == other || one.len() > other.len() && covers(one, other) {
        return other.clone();
    }
    one.iter()
        .copied()
        .filter(|document| other.binary_search(document).is_ok())
        .collect()
}

/// Does the longer of two ascending lists hold all of the shorter?
fn covers(longer: &Fitting, shorter: &Fitting) -> bool {
    shorter
        .iter()
        .all(|document| longer.binary_search(document).is_ok())
}
