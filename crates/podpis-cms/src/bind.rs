//! Decides which document each signature is for, and checks what can be checked.
//!
//! **Invariant:** all or nothing, and a multiset: every document gets exactly one signature and no
//! signature is left over. The order in which signatures came is used only where nothing else can
//! tell, and then the digest is marked not checked.

use crate::check::Check;
use crate::fit::{self, Candidate, Fit};
use crate::matching::pair;
use crate::value::Outcome;
use crate::{
    BindError, Certificate, Checks, Document, Expectation, Mismatch, Place, Reason, Signature,
    Signed, Surplus,
};

/// Says which signature is for which document, and checks digest, signer and value.
///
/// The result is in the order of the documents, whatever the order of the signatures: permutations
/// are put right. Identical documents are legal and get a signature each. A signature whose document
/// cannot be told goes, in the order they came, to a document that is unknown (or known only in
/// other digest algorithms), and its digest is [`NotChecked`](Check::NotChecked).
///
/// With several signers in one signature all must be for the same document, and the certificate
/// asked for must be among them.
///
/// # Errors
///
/// [`BindError`] names the file: nothing is bound if a document has no signature, a signature has no
/// document, the signer is another one, or a value does not verify.
pub fn bind(
    documents: &[Document<'_>],
    signatures: &[Signature],
    expectation: &Expectation,
) -> Result<Vec<Signed>, BindError> {
    let candidates = candidates(documents, signatures);
    let fits = all_fits(&candidates, signatures, expectation)?;
    let of_document = assign(documents, signatures.len(), &fits)?;
    candidates
        .iter()
        .zip(of_document)
        .map(|(candidate, position)| {
            let digest = match &fits[position][candidate.place.position] {
                Fit::Yes(check) => check.clone(),
                Fit::CannotTell(reason) => Check::NotChecked(reason.clone()),
                Fit::No => return Err(mismatch_of_one(candidate, position, signatures.len())),
            };
            signed(candidate, &signatures[position], digest, expectation)
        })
        .collect()
}

/// The same for signatures as bytes.
///
/// # Errors
///
/// As [`bind`], and [`BindError::Unreadable`].
pub fn bind_der(
    documents: &[Document<'_>],
    signatures: &[impl AsRef<[u8]>],
    expectation: &Expectation,
) -> Result<Vec<Signed>, BindError> {
    let total = signatures.len();
    let parsed = signatures
        .iter()
        .enumerate()
        .map(|(position, der)| {
            Signature::parse(der.as_ref()).map_err(|source| BindError::Unreadable {
                position,
                total,
                source,
            })
        })
        .collect::<Result<Vec<_>, _>>()?;
    bind(documents, &parsed, expectation)
}

/// One document, one signature.
///
/// # Errors
///
/// As [`bind_der`].
pub fn verify_detached(
    document: &Document<'_>,
    signature: &[u8],
    expectation: &Expectation,
) -> Result<Signed, BindError> {
    let signature = Signature::parse(signature).map_err(|source| BindError::Unreadable {
        position: 0,
        total: 1,
        source,
    })?;
    let place = Place {
        position: 0,
        name: document.name().to_owned(),
    };
    bind_as(&place, document.clone(), &signature, expectation)
}

/// Binds one signature to the document that stands at `place`.
pub(crate) fn bind_as(
    place: &Place,
    document: Document<'_>,
    signature: &Signature,
    expectation: &Expectation,
) -> Result<Signed, BindError> {
    let candidate = Candidate {
        place: place.clone(),
        digests: document.digests(&signature.digest_algorithms()),
        bytes: document.bytes(),
    };
    let digest = match fit(&candidate, signature, expectation)? {
        Fit::Yes(check) => check,
        Fit::CannotTell(reason) => Check::NotChecked(reason),
        Fit::No => return Err(mismatch_of_one(&candidate, 0, 1)),
    };
    signed(&candidate, signature, digest, expectation)
}

fn mismatch_of_one(candidate: &Candidate<'_>, position: usize, total: usize) -> BindError {
    BindError::Mismatch(Mismatch {
        total,
        missing: vec![candidate.place.clone()],
        surplus: Vec::new(),
        strangers: vec![position],
    })
}

/// The documents with their digests in every algorithm that a signature uses.
fn candidates<'a>(documents: &[Document<'a>], signatures: &[Signature]) -> Vec<Candidate<'a>> {
    let mut algorithms: Vec<_> = signatures
        .iter()
        .flat_map(Signature::digest_algorithms)
        .collect();
    algorithms.sort_unstable();
    algorithms.dedup();
    documents
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
        .collect()
}

fn fit(
    candidate: &Candidate<'_>,
    signature: &Signature,
    expectation: &Expectation,
) -> Result<Fit, BindError> {
    Fit::of(signature, candidate, expectation).map_err(|source| BindError::Verifier {
        place: candidate.place.clone(),
        source,
    })
}

/// What each signature says of each document: a row for a signature.
fn all_fits(
    candidates: &[Candidate<'_>],
    signatures: &[Signature],
    expectation: &Expectation,
) -> Result<Vec<Vec<Fit>>, BindError> {
    signatures
        .iter()
        .map(|signature| {
            candidates
                .iter()
                .map(|candidate| fit(candidate, signature, expectation))
                .collect()
        })
        .collect()
}

/// The signature of each document. First all that is proven; then, in order, what cannot be told.
fn assign(
    documents: &[Document<'_>],
    signatures: usize,
    fits: &[Vec<Fit>],
) -> Result<Vec<usize>, BindError> {
    let proves = |s: usize, d: usize| matches!(fits[s][d], Fit::Yes(_));
    let mut of_document = pair(signatures, documents.len(), true, proves);

    // A signature that proves to be for a known document is never one for an unknown document.
    let left: Vec<usize> = (0..signatures)
        .filter(|s| fits[*s].iter().all(|fit| !matches!(fit, Fit::Yes(_))))
        .collect();
    let free: Vec<usize> = (0..documents.len())
        .filter(|d| of_document[*d].is_none())
        .collect();
    let may_be = |s: usize, d: usize| matches!(fits[left[s]][free[d]], Fit::CannotTell(_));
    for (d, s) in pair(left.len(), free.len(), false, may_be)
        .into_iter()
        .enumerate()
    {
        of_document[free[d]] = s.map(|s| left[s]);
    }

    let place = |position: usize| Place {
        position,
        name: documents[position].name().to_owned(),
    };
    let mut mismatch = Mismatch {
        total: signatures,
        ..Mismatch::default()
    };
    mismatch.missing = (0..documents.len())
        .filter(|d| of_document[*d].is_none())
        .map(place)
        .collect();
    for position in (0..signatures).filter(|s| !of_document.contains(&Some(*s))) {
        let proven = fits[position]
            .iter()
            .position(|fit| matches!(fit, Fit::Yes(_)));
        let possible = fits[position]
            .iter()
            .any(|fit| matches!(fit, Fit::CannotTell(_)));
        if proven.is_some() || possible {
            mismatch.surplus.push(Surplus {
                position,
                place: proven.map(place),
            });
        } else {
            mismatch.strangers.push(position);
        }
    }
    if mismatch.is_empty() {
        Ok(of_document.into_iter().flatten().collect())
    } else {
        Err(BindError::Mismatch(mismatch))
    }
}

/// Checks signer and value of a signature whose document is found.
fn signed(
    candidate: &Candidate<'_>,
    signature: &Signature,
    digest: Check,
    expectation: &Expectation,
) -> Result<Signed, BindError> {
    let certificates: Vec<Option<&Certificate>> = signature
        .signers()
        .iter()
        .map(|signer| expectation.certificate_of(signer))
        .collect();
    let (signer, certificate) = check_signer(candidate, &certificates, expectation)?;

    let mut value = Check::Passed;
    for signer in signature.signers() {
        let outcome = fit::value_of(signer, candidate, expectation).map_err(|source| {
            BindError::Verifier {
                place: candidate.place.clone(),
                source,
            }
        })?;
        match outcome {
            Outcome::Valid => {}
            Outcome::Unknown(reason) => value = value.and(Check::NotChecked(reason)),
            Outcome::Invalid => {
                return Err(BindError::WrongValue {
                    place: candidate.place.clone(),
                });
            }
        }
    }
    Ok(Signed {
        place: candidate.place.clone(),
        signature: signature.clone(),
        certificate: certificate.cloned(),
        checks: Checks {
            digest,
            signer,
            value,
        },
    })
}

/// Is the certificate asked for among the signers'? With it: the certificate to show.
fn check_signer<'a>(
    candidate: &Candidate<'_>,
    certificates: &[Option<&'a Certificate>],
    expectation: &Expectation,
) -> Result<(Check, Option<&'a Certificate>), BindError> {
    let first = certificates.first().copied().flatten();
    let Some(wanted) = expectation.wanted() else {
        return Ok((Check::NotChecked(Reason::NotAsked), first));
    };
    let mut found = certificates.iter().copied().flatten();
    if let Some(certificate) = found.find(|certificate| certificate.thumbprint() == wanted) {
        return Ok((Check::Passed, Some(certificate)));
    }
    if certificates.iter().any(Option::is_none) {
        return Ok((Check::NotChecked(Reason::NoCertificate), first));
    }
    Err(BindError::OtherSigner {
        place: candidate.place.clone(),
        wanted,
        found: certificates
            .iter()
            .flatten()
            .map(|certificate| certificate.thumbprint())
            .collect(),
    })
}
