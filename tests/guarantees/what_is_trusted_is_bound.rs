//! On content and value the judgement and the binding of podpis-cms say the same, for the signatures of
//! all kinds of tools and for forged ones.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use podpis::cms::{Document, Expectation, Signature, verify_detached};
use podpis::trust::{Given, Moment, Reason, Why, judge};

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push(path);
        }
    }
}

#[test]
fn what_is_not_bound_is_not_trusted_and_what_is_bound_is_not_refused_for_its_value() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/podpis-cms/tests/fixtures");
    let mut all = Vec::new();
    files(&folder, &mut all);
    let is_text = |path: &&PathBuf| {
        path.extension()
            .is_some_and(|kind| kind == "txt" || kind == "bin")
    };
    let contents: Vec<Vec<u8>> = all
        .iter()
        .filter(is_text)
        .map(|path| std::fs::read(path).unwrap())
        .collect();
    let at = Moment::asked(SystemTime::UNIX_EPOCH + Duration::from_secs(1_793_491_200)); // 2026-11-01
    let (mut proven, mut unproven) = (0, 0);
    for path in &all {
        let bytes = std::fs::read(path).unwrap();
        let Ok(signature) = Signature::parse(&bytes) else {
            continue;
        };
        // Whoever signed is trusted, so that nothing but the signature itself is in question.
        let given = Given::new().roots(signature.certificates());
        for content in &contents {
            let document = Document::content("content", content);
            let bound = verify_detached(&document, &bytes, &Expectation::new());
            let is_proven = bound.is_ok_and(|signed| signed.checks().is_proven());
            let judgement = judge(&document, &signature, &given, at);
            let reason = judgement.trust().why().map(Why::reason);
            let is_believed = !matches!(
                reason,
                Some(
                    Reason::ContentDiffers
                        | Reason::ValueWrong
                        | Reason::Algorithm
                        | Reason::NoSignerCertificate
                        | Reason::NeedsFile
                )
            );
            assert!(
                is_believed == is_proven,
                "{path:?}: {reason:?}, bound: {is_proven}"
            );
            if is_proven {
                proven += 1;
            } else {
                unproven += 1;
            }
        }
    }
    assert!(proven > 50 && unproven > 50, "{proven}, {unproven}");
}
