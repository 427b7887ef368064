//! A list of a million entries is read where it stands.

#![allow(missing_docs, reason = "tests have names that say what they show")]
#![allow(clippy::unwrap_used, reason = "failing loudly is what tests are for")]

mod maker;

use std::time::{Duration, SystemTime};

use maker::{Draft, Key, ListDraft, Message};
use peak_alloc::PeakAlloc;
use podpis_cms::{Document, Signature};
use podpis_trust::{Given, Moment, RevocationList, judge};

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

const ENTRIES: u64 = 1_000_000;
/// 2024-06-15 00:00:00 UTC
const AT: Duration = Duration::from_secs(1_718_409_600);

#[test]
fn a_list_of_a_million_entries_is_neither_copied_nor_collected() {
    let [root, person] = [1, 2].map(Key::p256);
    let root_certificate = Draft::authority("Root", &root, "Root", 1).by(&root);
    let signer = Draft::person("Signer", &person, "Root", 0x10).by(&root);
    let message = Message::new(b"content", &person, &signer).der();
    let draft = ListDraft::new("Root").others(ENTRIES);
    // The entry that is looked for stands last.
    let draft = draft.revoke(0x10, "20240612000000Z", 5);
    let der = draft.der_by(&root);
    assert!(der.len() > 35_000_000);
    let signature = Signature::parse(&message).unwrap();

    let before = ALLOCATOR.current_usage();
    ALLOCATOR.reset_peak_usage();
    let lists = RevocationList::read_all(der).unwrap();
    let given = Given::new().roots([root_certificate]).lists(lists);
    let at = Moment::now(SystemTime::UNIX_EPOCH + AT);
    let judgement = judge(
        &Document::content("content", b"content"),
        &signature,
        &given,
        at,
    );
    let used = ALLOCATOR.peak_usage() - before;

    assert_eq!(judgement.trust().to_string(), "refused: revoked");
    assert!(used < 100_000, "{used} bytes");
}
