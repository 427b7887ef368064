//! A list of a million entries is read where it stands.

#![allow(missing_docs, reason = "tests have names that say what they show")]
#![allow(clippy::unwrap_used, reason = "failing loudly is what tests are for")]

mod maker;

use std::sync::Mutex;
use std::time::{Duration, SystemTime};

use maker::{Draft, Key, ListDraft, Message};
use peak_alloc::PeakAlloc;
use podpis_cms::tlv::encode;
use podpis_cms::{Certificate, Document, Signature};
use podpis_trust::{Given, Moment, RevocationList, judge};

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

/// One test at a time: the allocator counts for all threads.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

const ENTRIES: u64 = 1_000_000;
/// 2024-06-15 00:00:00 UTC
const AT: Duration = Duration::from_secs(1_718_409_600);

#[test]
fn a_list_of_a_million_entries_is_neither_copied_nor_collected() {
    let _alone = ONE_AT_A_TIME.lock().unwrap();
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

/// All that is known of a certificate is ten times as large as the smallest.
#[test]
fn of_the_certificates_in_a_signature_few_are_kept() {
    let _alone = ONE_AT_A_TIME.lock().unwrap();
    let [root, person] = [1, 2].map(Key::p256);
    let root_certificate = Draft::authority("Root", &root, "Root", 1).by(&root);
    let signer = Draft::person("Signer", &person, "Root", 0x10).by(&root);
    let mut message = Message::new(b"content", &person, &signer);
    let key = encode(0x30, &[0x30, 2, 6, 0, 3, 1, 0]);
    message.embedded.extend((0..50_000_u32).map(|number| {
        let serial = encode(0x02, &number.to_be_bytes());
        let fields = [&serial[..], &[0x30, 0].repeat(4), &key].concat();
        Certificate::from_der(&encode(0x30, &encode(0x30, &fields))).unwrap()
    }));
    let der = message.der();
    let signature = Signature::parse(&der).unwrap();
    drop(message);
    let given = Given::new()
        .roots([root_certificate])
        .lists([ListDraft::new("Root").by(&root)]);
    let at = Moment::now(SystemTime::UNIX_EPOCH + AT);

    let before = ALLOCATOR.current_usage();
    ALLOCATOR.reset_peak_usage();
    let document = Document::content("content", b"content");
    let judgement = judge(&document, &signature, &given, at);
    let used = ALLOCATOR.peak_usage() - before;

    assert!(judgement.trust().is_trusted(), "{}", judgement.trust());
    assert!(used < 16 * der.len(), "{used} bytes of {}", der.len());
}
