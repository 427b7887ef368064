//! Approval signatures: one test for each rule, named after it.

use std::time::Duration;

use podpis_sandbox::MessageOptions;

use super::support::{approval, desk, given, is_signature, test_signature};
use crate::support::Desk;

#[test]
fn any_number_of_approvals_lies_under_a_document() {
    let mut desk = Desk::new();
    let document = desk.info().unsigned_document;
    let signature = desk.signature_of(&document);
    desk.attach(&document, approval(given(signature.clone())));
    desk.attach(&document, approval(given(signature.clone())));
    desk.attach(&document, given(signature.clone()));
    desk.attach(&document, approval(given(signature)));
    let state = desk.state(&document);
    let signatures = state.signatures.iter();
    let kinds: Vec<bool> = signatures.map(|known| known.approval).collect();
    assert_eq!(kinds, [true, true, false, true]);
    assert!(state.signatures.iter().all(|known| known.verifies));
    let read = desk.read_message(&document.message, "");
    let flags = read.entities.iter().filter(is_signature);
    let flags: Vec<_> = flags.map(|known| known.is_approvement_signature).collect();
    assert_eq!(flags, [Some(true), Some(true), None, Some(true)]);
    let counters = desk.world.counters();
    let seen = (counters.signatures_attached, counters.approvals_attached);
    assert_eq!(seen, (1, 3));
}

#[test]
fn r_apr_1_a_nonformalized_document_is_approved_before_or_after_it_is_sent() {
    let mut desk = Desk::new();
    let document = desk.info().messages.unsent_nonformalized;
    desk.attach(&document, approval(test_signature()));
    let state = desk.state(&document);
    assert!(!state.sent, "an approval sends nothing");
    assert!(
        !state.signatures[0].delivered,
        "it goes to the recipient with the document only"
    );
    desk.attach(&document, test_signature());
    desk.attach(&document, approval(test_signature()));
    let state = desk.state(&document);
    assert!(state.sent && state.signatures.iter().all(|known| known.delivered));
}

#[test]
fn r_apr_2_a_formalized_document_is_approved_after_it_is_sent() {
    let mut desk = Desk::new();
    let known = desk.info().messages;
    let (status, text) = desk.try_attach(&known.unsent, approval(test_signature()));
    assert_eq!(status, 409);
    assert!(text.contains("R-APR-2"), "{text}");
    for sent in [&known.sent, &known.counter_signed] {
        assert_eq!(desk.try_attach(sent, approval(test_signature())).0, 200);
    }
    desk.attach(&known.unsent, test_signature());
    desk.attach(&known.unsent, approval(test_signature()));
}

#[test]
fn r_apr_3_so_many_approvals_a_day() {
    let mut desk = desk(MessageOptions::default().approvals_a_day(2));
    let document = desk.info().unsigned_document;
    for _ in 0..2 {
        desk.attach(&document, approval(test_signature()));
    }
    let (status, text) = desk.try_attach(&document, approval(test_signature()));
    assert_eq!(status, 409);
    assert!(text.contains("R-APR-3"), "{text}");
    desk.attach(&document, test_signature());
    desk.wait(Duration::from_secs(24 * 60 * 60));
    desk.attach(&document, approval(test_signature()));
}

#[test]
fn r_apr_3_five_hundred_by_default() {
    let mut desk = Desk::new();
    let document = desk.info().unsigned_document;
    let signature = desk.signature_of(&document);
    for _ in 0..500 {
        desk.attach(&document, approval(given(signature.clone())));
    }
    let one_more = approval(given(signature));
    assert_eq!(desk.try_attach(&document, one_more).0, 409);
}

#[test]
fn r_apr_4_the_organization_has_to_have_the_feature() {
    let mut desk = desk(MessageOptions::default().approvals(false));
    let document = desk.info().unsigned_document;
    let (status, text) = desk.try_attach(&document, approval(test_signature()));
    assert_eq!(status, 403);
    assert!(text.contains("R-APR-4"), "{text}");
    assert_eq!(desk.try_attach(&document, test_signature()).0, 200);
}
