//! Decides which document each signature is for, and checks what can be checked.
//!
//! **Invariant:** all or nothing, and a multiset: every document gets exactly one signature and no
//! signature is left over. The order in which signatures came is used only where nothing else can
//! tell, and then the digest is marked not checked.

use std::collections::HashMap;

use crate::check::Check;
use crate::fit::{Candidate, Candidates, Fit, Fitted};
use crate::matching::{Fitting, pair};
use crate::proof::Proof;
use crate::value::{Message, Outcome};
use crate::{
    BindError, Certificate, Checks, Document, Expectation, Mismatch, Place, Reason, Signature,
    Signed, Signer, SignerProof, Surplus,
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
/// The work grows with the number of signatures and documents; it is all computing, so an
/// asynchronous program with many of them does it on a thread of its own.
///
/// # Errors
///
/// [`BindError`] names the file: nothing is bound if a document has no signature, a signature has no
/// document, the signer is another one, a value does not verify, or a digest proves nothing.
pub fn bind(
    documents: &[Document<'_>],
    signatures: &[Signature],
    expectation: &Expectation,
) -> Result<Vec<Signed>, BindError> {
    let candidates = Candidates::new(documents, signatures);
    let fitted = signatures
        .iter()
        .enumerate()
        .map(|(position, signature)| candidates.fit(position, signature, expectation))
        .collect::<Result<Vec<_>, _>>()?;
    let of_document = assign(candidates.all(), &fitted)?;
    candidates
        .all()
        .iter()
        .zip(of_document)
        .map(|(candidate, position)| {
            signed(
                candidate,
                &signatures[position],
                &fitted[position],
                expectation,
            )
        })
        .collect()
}

/// Likewise for signatures as bytes.
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
    let mut bound = bind(&[document], std::slice::from_ref(signature), expectation)
        .map_err(|error| error.at(place))?;
    let mut signed = bound.pop().ok_or_else(|| {
        BindError::Mismatch(Mismatch {
            total: 1,
            missing: vec![place.clone()],
            ..Mismatch::default()
        })
    })?;
    signed.place = place.clone();
    Ok(signed)
}

/// The signature of each document. First all that is proven; then, in order, what cannot be told.
fn assign(documents: &[Candidate<'_>], fitted: &[Fitted]) -> Result<Vec<usize>, BindError> {
    let lists = |of: fn(&Fit) -> Option<&Fitting>| -> Vec<Option<Fitting>> {
        fitted
            .iter()
            .map(|fitted| of(&fitted.fit).cloned())
            .collect()
    };
    let proven = lists(|fit| match fit {
        Fit::For(documents) => Some(documents),
        _ => None,
    });
    let mut of_document = pair(&proven, documents.len(), true);

    // A signature that proves to be for a known document is never one for an unknown document.
    let possible = lists(|fit| match fit {
        Fit::Perhaps(documents, _) => Some(documents),
        _ => None,
    });
    pair_rest(&possible, &mut of_document);

    let mut is_used = vec![false; fitted.len()];
    for position in of_document.iter().flatten() {
        is_used[*position] = true;
    }
    let place = |position: usize| documents[position].place.clone();
    let unpaired: Vec<usize> = (0..documents.len())
        .filter(|document| of_document[*document].is_none())
        .collect();
    // What states a digest that proves nothing would be a signature of what has none.
    for (position, fitted) in fitted.iter().enumerate() {
        if let Fit::Unfounded(algorithm) = &fitted.fit
            && let Some(first) = unpaired.first()
        {
            let straight = unpaired.binary_search(&position).is_ok();
            return Err(BindError::Digest {
                place: place(if straight { position } else { *first }),
                algorithm: algorithm.clone(),
            });
        }
    }
    let mut mismatch = Mismatch {
        total: fitted.len(),
        missing: unpaired.into_iter().map(place).collect(),
        ..Mismatch::default()
    };
    for position in (0..fitted.len()).filter(|position| !is_used[*position]) {
        match &fitted[position].fit {
            Fit::For(documents) => mismatch.surplus.push(Surplus {
                position,
                place: documents.first().copied().map(place),
            }),
            Fit::Perhaps(..) => mismatch.surplus.push(Surplus {
                position,
                place: None,
            }),
            Fit::Nothing | Fit::Unfounded(_) => mismatch.strangers.push(position),
        }
    }
    if mismatch.is_empty() {
        Ok(of_document.into_iter().flatten().collect())
    } else {
        Err(BindError::Mismatch(mismatch))
    }
}

/// Gives documents without a signature one that may be for them, in order.
fn pair_rest(possible: &[Option<Fitting>], of_document: &mut [Option<usize>]) {
    let free: Vec<usize> = (0..of_document.len())
        .filter(|document| of_document[*document].is_none())
        .collect();
    // Signatures that share a list share what is left of it, too.
    let mut left_of: HashMap<*const usize, Fitting> = HashMap::new();
    let lists: Vec<Option<Fitting>> = possible
        .iter()
        .map(|list| {
            let list = list.as_ref()?;
            let left = left_of.entry(list.as_ptr()).or_insert_with(|| {
                (0..free.len())
                    .filter(|place| list.binary_search(&free[*place]).is_ok())
                    .collect()
            });
            Some(left.clone())
        })
        .collect();
    for (place, signature) in pair(&lists, free.len(), false).into_iter().enumerate() {
        of_document[free[place]] = signature;
    }
}

/// Checks signer and value of a signature whose document is found.
fn signed(
    candidate: &Candidate<'_>,
    signature: &Signature,
    fitted: &Fitted,
    expectation: &Expectation,
) -> Result<Signed, BindError> {
    let proofs = signature
        .signers()
        .iter()
        .enumerate()
        .map(|(number, signer)| match fitted.proofs.get(&number) {
            Some(over) => Ok(over.proof.clone()),
            None => prove(signer, candidate, expectation),
        })
        .collect::<Result<Vec<_>, _>>()?;

    let of_signers = proofs
        .iter()
        .map(|proof| {
            let value = match &proof.outcome {
                Outcome::Valid => Check::Passed,
                Outcome::Unknown(reason) => Check::NotChecked(reason.clone()),
                Outcome::Invalid => {
                    return Err(BindError::WrongValue {
                        place: candidate.place.clone(),
                    });
                }
            };
            Ok(SignerProof {
                certificate: proof.certificate.clone(),
                value,
            })
        })
        .collect::<Result<Vec<_>, _>>()?;
    let value = of_signers
        .iter()
        .fold(Check::Passed, |all, one| all.and(one.value.clone()));
    let (signer, certificate) = check_signer(candidate, &proofs, expectation)?;
    let digest = check_digest(candidate, signature, &fitted.fit, &proofs);
    let checks = Checks {
        digest,
        signer,
        value,
    };
    if expectation.requires_proof() && !checks.is_proven() {
        return Err(BindError::NotProven {
            place: candidate.place.clone(),
            checks,
        });
    }
    Ok(Signed {
        place: candidate.place.clone(),
        signature: signature.clone(),
        certificate,
        checks,
        proofs: of_signers,
    })
}

/// Verifies the value, over the attributes or over the document.
fn prove(
    signer: &Signer,
    candidate: &Candidate<'_>,
    expectation: &Expectation,
) -> Result<Proof, BindError> {
    let over_document = Message {
        digest: candidate.digests.get(signer.value_digest()),
        bytes: candidate.bytes,
    };
    Proof::over_attributes(signer, expectation)
        .and_then(|proof| match proof {
            Some(proof) => Ok(proof),
            None => Proof::over(signer, over_document, expectation),
        })
        .map_err(|source| BindError::Verifier {
            place: candidate.place.clone(),
            source,
        })
}

/// Did every signer prove that it is for this document? The fit has found that none denies it.
fn check_digest(
    candidate: &Candidate<'_>,
    signature: &Signature,
    fit: &Fit,
    proofs: &[Proof],
) -> Check {
    if let Fit::Perhaps(_, reason) = fit {
        return Check::NotChecked(reason.clone());
    }
    let mut check = Check::Passed;
    for (signer, proof) in signature.signers().iter().zip(proofs) {
        let one = match (signer.has_signed_attributes(), &proof.outcome) {
            (true, _) if candidate.digests.get(signer.digest_algorithm()).is_some() => {
                Check::Passed
            }
            (true, _) => Check::NotChecked(Reason::NeedsFile),
            (false, Outcome::Unknown(reason)) => Check::NotChecked(reason.clone()),
            (false, _) => Check::Passed,
        };
        check = check.and(one);
    }
    check
}

/// Did the key of the certificate asked for make a value? With it: the certificate to show.
fn check_signer(
    candidate: &Candidate<'_>,
    proofs: &[Proof],
    expectation: &Expectation,
) -> Result<(Check, Option<Certificate>), BindError> {
    let first = || proofs.first().and_then(|proof| proof.certificate.clone());
    let Some(wanted) = expectation.wanted() else {
        return Ok((Check::NotChecked(Reason::NotAsked), first()));
    };
    let is_wanted = |certificate: &&Certificate| certificate.thumbprint() == wanted;
    let certificates = || proofs.iter().filter_map(|proof| proof.certificate.as_ref());
    let proven = proofs
        .iter()
        .filter(|proof| proof.outcome == Outcome::Valid)
        .filter_map(|proof| proof.certificate.as_ref());
    if let Some(certificate) = proven.clone().find(is_wanted) {
        return Ok((Check::Passed, Some(certificate.clone())));
    }
    if let Some(certificate) = certificates().find(is_wanted) {
        let check = Check::NotChecked(Reason::ValueNotChecked);
        return Ok((check, Some(certificate.clone())));
    }
    // Where a signer's certificate is not at hand it may be the one that was asked for.
    let absent = proofs.iter().find_map(|proof| match &proof.outcome {
        Outcome::Unknown(reason) if proof.certificate.is_none() => Some(reason.clone()),
        _ => None,
    });
    if let Some(reason) = absent {
        return Ok((Check::NotChecked(reason), first()));
    }
    Err(BindError::OtherSigner {
        place: candidate.place.clone(),
        wanted,
        found: certificates()
            .map(|certificate| certificate.thumbprint())
            .collect(),
    })
}
