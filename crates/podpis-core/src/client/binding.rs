//! Binds what a service gave to the files of the record.
//!
//! **Invariant:** what cannot be bound, or whose signers are not trusted where that was asked for, is an error; the
//! record keeps what came.

use std::collections::BTreeSet;
use std::path::Path;

use podpis_cms::{
    BindError, DigestAlgorithm, Digests, Document, Expectation, Signatures, bind_der,
};
use podpis_operation::Fingerprint;

use super::TrustCheck;
use super::staying_file::{algorithms_of, digests_of};
use crate::{Error, ErrorKind};

/// Binds what came, an entry for each file: the signature in DER, or why there is none.
///
/// A file without a signature is known by its place only, and no service promises an order. Where the signatures do not fit
/// the files that are left by place, they tell themselves which files they are for, and the others are without.
///
/// With `trust`, the signers of what was bound are judged.
///
/// # Errors
/// Signatures that are not those of the files, or digests in the record that cannot be read;
/// [`NotTrusted`](ErrorKind::NotTrusted) where who signed is not trusted.
pub fn bind(
    files: &[Fingerprint],
    given: Vec<Result<Vec<u8>, String>>,
    expectation: &Expectation,
    trust: Option<&TrustCheck>,
) -> Result<Signatures, Error> {
    let does_one_stay = files.iter().any(|file| file.stays_at.is_some());
    let wanted = algorithms_of(given.iter().flatten().filter(|_| does_one_stay));
    let documents: Vec<_> = files
        .iter()
        .map(|file| document(file, &wanted))
        .collect::<Result<_, Error>>()?;
    let bound = bind_documents(&documents, given, expectation)?;
    if let Some(trust) = trust {
        trust.all(&documents, &bound)?;
    }
    Ok(bound)
}

fn bind_documents(
    documents: &[Document<'_>],
    given: Vec<Result<Vec<u8>, String>>,
    expectation: &Expectation,
) -> Result<Signatures, Error> {
    // Places mean nothing where there are not as many of them as files. Where all are signatures, the binding says more.
    if given.len() != documents.len() && given.iter().any(Result::is_err) {
        let text = format!(
            "the service gave {} results for {} files",
            given.len(),
            documents.len()
        );
        return Err(Error::new(ErrorKind::Signature, text));
    }
    let by_place = Signatures::bind(documents, given.clone(), expectation);
    let bound = match by_place {
        Err(BindError::Mismatch(_)) => match by_digest(documents, given, expectation) {
            Some(reordered) => Signatures::bind(documents, reordered, expectation),
            None => by_place,
        },
        other => other,
    };
    bound.map_err(|error| {
        let text = format!("what came back are not the signatures of the files: {error}");
        Error::new(ErrorKind::Signature, text).with_source(error)
    })
}

/// These entries, with the reasons at the files that no signature is for. None where a signature is for no file or
/// there are not as many files without one as there are reasons.
fn by_digest(
    documents: &[Document<'_>],
    given: Vec<Result<Vec<u8>, String>>,
    expectation: &Expectation,
) -> Option<Vec<Result<Vec<u8>, String>>> {
    let (mut signatures, mut reasons) = (Vec::new(), Vec::new());
    for one in given {
        match one {
            Ok(der) => signatures.push(der),
            Err(reason) => reasons.push(reason),
        }
    }
    let Err(BindError::Mismatch(mismatch)) = bind_der(documents, &signatures, expectation) else {
        return None;
    };
    let missing: Vec<usize> = mismatch
        .missing()
        .iter()
        .map(|place| place.position)
        .collect();
    let only_missing = mismatch.surplus().is_empty() && mismatch.strangers().is_empty();
    if !only_missing || missing.len() != reasons.len() {
        return None;
    }
    let (mut signatures, mut reasons) = (signatures.into_iter(), reasons.into_iter());
    (0..documents.len())
        .map(|position| {
            if missing.contains(&position) {
                reasons.next().map(Err)
            } else {
                signatures.next().map(Ok)
            }
        })
        .collect()
}

fn document(
    file: &Fingerprint,
    wanted: &BTreeSet<DigestAlgorithm>,
) -> Result<Document<'static>, Error> {
    if file.digests.is_empty() {
        return Ok(Document::unknown(file.name.clone()));
    }
    let digests = Digests::from_pairs(file.digests.iter()).map_err(|error| {
        let text = format!(
            "the stored digests of {} cannot be read: {error}",
            file.name
        );
        Error::new(ErrorKind::Journal, text).with_source(error)
    })?;
    let digests = match &file.stays_at {
        Some(path) => digests_of(file, Path::new(&**path), digests, wanted)?,
        None => digests,
    };
    Ok(Document::known(file.name.clone(), digests))
}

#[cfg(test)]
mod tests {
    use podpis_cms::{DigestBuilder, FileOutcome};

    use super::*;

    const ACT: &[u8] = include_bytes!("../../tests/fixtures/content.txt");
    const ACT_P7S: &[u8] = include_bytes!("../../tests/fixtures/p256.p7s");
    const BILL: &[u8] = include_bytes!("../../tests/fixtures/content.bin");
    const BILL_P7S: &[u8] = include_bytes!("../../tests/fixtures/detached256.p7s");

    fn file(name: &str, bytes: &[u8]) -> Fingerprint {
        let mut builder = DigestBuilder::standard();
        builder.update(bytes);
        let mut file = Fingerprint::named(name);
        file.digests = builder.finish().iter().collect();
        file
    }

    fn outcomes(given: Vec<Result<Vec<u8>, String>>) -> Result<Vec<String>, Error> {
        let files = [file("act", ACT), file("bill", BILL), file("note", b"note")];
        let signatures = bind(&files, given, &Expectation::new(), None)?;
        let outcome = |one: &FileOutcome| match one {
            FileOutcome::Signed(signed) => format!("{} signed", signed.name()),
            FileOutcome::Failed { name, reason } => format!("{name} {reason}"),
        };
        Ok(signatures.files().iter().map(outcome).collect())
    }

    #[test]
    fn a_file_that_failed_is_named_whatever_the_order() {
        let (act, bill) = (|| Ok(ACT_P7S.to_vec()), || Ok(BILL_P7S.to_vec()));
        let failed = || Err("failed".to_owned());
        let rows = [
            vec![act(), bill(), failed()],
            vec![failed(), act(), bill()],
            vec![bill(), failed(), act()],
        ];
        for given in rows {
            assert_eq!(
                outcomes(given).unwrap(),
                ["act signed", "bill signed", "note failed"]
            );
        }
        assert_eq!(
            outcomes(vec![failed(), failed(), act()]).unwrap(),
            ["act signed", "bill failed", "note failed"]
        );
    }

    #[test]
    fn what_fits_no_file_is_an_error_even_beside_a_failure() {
        let (act, failed) = (|| Ok(ACT_P7S.to_vec()), || Err("failed".to_owned()));
        for given in [
            vec![act(), act(), failed()],
            vec![act(), failed()],
            vec![act(), failed(), failed(), failed()],
        ] {
            let error = outcomes(given).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Signature);
        }
    }
}
