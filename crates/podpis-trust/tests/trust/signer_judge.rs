//! What was given, asked as a judge of signers.

use podpis_cms::{Digests, Document, Expectation, SignerJudge as _, SignerTrust, verify_detached};

use crate::maker::ListDraft;
use crate::world::{CONTENT, World, now};

#[test]
fn whoever_signed_is_judged_also_where_the_document_is_not_at_hand() {
    let world = World::new();
    let der = world.message().der();
    let other = [podpis_cms::DigestAlgorithm::Sha512];
    let revoking = ListDraft::new("CA").revoke(0x10, "20240612000000Z", 1);
    let revoking = world.given_but_list().lists([revoking.by(&world.ca)]);
    for document in [
        Document::content("act", CONTENT),
        Document::unknown("act"),
        // Known, and not in the digest of the signer.
        Document::known("act", Digests::of_with(CONTENT, &other)),
    ] {
        let signed = verify_detached(&document, &der, &Expectation::new()).unwrap();
        let judged = |given: &podpis_trust::Given| given.judge(&document, &signed, now().time());
        assert_eq!(judged(&world.given()), SignerTrust::Trusted);
        let SignerTrust::Refused(why) = judged(&revoking) else {
            panic!("{document:?}");
        };
        assert!(why.starts_with("revoked (signer, keyCompromise)"), "{why}");
        let signer = world.signer();
        assert!(why.contains(&signer.thumbprint().to_string()), "{why}");
        let SignerTrust::Unproven(why) = judged(&world.given_but_list()) else {
            panic!("{document:?}");
        };
        assert!(why.starts_with("no-list (signer)"), "{why}");
    }
}
