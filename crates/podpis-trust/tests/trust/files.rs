//! The fixtures, and whether GOST R 34.10 values are verified in this build.

use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use podpis_cms::{Certificate, Document, Signature};
use podpis_trust::{Given, Judgement, Moment, RevocationList, judge};

pub(crate) fn file(name: &str) -> Vec<u8> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/trust");
    std::fs::read(path.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

pub(crate) fn time(text: &str) -> SystemTime {
    let time: jiff::Timestamp = text.parse().unwrap();
    let seconds = u64::try_from(time.as_second()).unwrap();
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

pub(crate) fn certificates(names: &[impl AsRef<str>]) -> Vec<Certificate> {
    let files = names.iter().map(|name| file(name.as_ref()));
    files
        .flat_map(|file| Certificate::read_all(&file).unwrap())
        .collect()
}

pub(crate) fn lists(names: &[impl AsRef<str>]) -> Vec<RevocationList> {
    let files = names.iter().map(|name| file(name.as_ref()));
    files
        .flat_map(|file| RevocationList::read_all(file).unwrap())
        .collect()
}

pub(crate) fn judged(content: &[u8], signature: &[u8], given: &Given, at: Moment) -> Judgement {
    let signature = Signature::parse(signature).unwrap();
    judge(
        &Document::content("content", content),
        &signature,
        given,
        at,
    )
}

/// The verdict in the words of the table: `trusted; stamp trusted`.
pub(crate) fn words(judgement: &Judgement) -> String {
    let signer = judgement.weakest();
    let mut words = judgement.trust().to_string();
    for stamp in signer.stamps() {
        words.push_str(&format!("; stamp {}", stamp.trust()));
    }
    if signer
        .notes()
        .contains(&podpis_trust::Note::SigningCertificateNotNamed)
    {
        words.push_str("; signing certificate not named");
    }
    words
}
