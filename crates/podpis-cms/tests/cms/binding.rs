//! Which document a signature is for: put right when permuted, refused when it does not add up.

use podpis_cms::{
    BindError, Certificate, Check, DigestAlgorithm, Digests, Document, Expectation, Mismatch,
    Reason, Signature, Signed, Thumbprint, bind, bind_der, verify_detached, with_files,
};

use crate::fixture;
use crate::forge::{self, Key, content_type, message_digest};

fn known(name: &str, content: &[u8]) -> Document<'static> {
    Document::known(name, Digests::of(content))
}

fn nothing() -> Expectation {
    Expectation::new()
}

fn mismatch(result: Result<Vec<Signed>, BindError>) -> Mismatch {
    match result {
        Err(BindError::Mismatch(mismatch)) => mismatch,
        other => panic!("{other:?}"),
    }
}

fn missing(mismatch: &Mismatch) -> Vec<usize> {
    mismatch
        .missing()
        .iter()
        .map(|place| place.position)
        .collect()
}

const NEEDS_FILE: Check = Check::NotChecked(Reason::NeedsFile);

#[test]
fn two_signatures_in_the_wrong_order_are_put_right() {
    let key = Key::new(1);
    let (a, b) = (key.sign(b"a"), key.sign(b"b"));
    let signed = bind_der(&[known("a", b"a"), known("b", b"b")], &[&b, &a], &nothing()).unwrap();
    assert_eq!(signed[0].der(), a);
    assert_eq!((signed[0].position(), signed[0].name()), (0, "a"));
    assert_eq!(signed[1].der(), b);
    assert_eq!(signed[1].place().to_string(), "\"b\" (file 2)");
    assert!(signed.iter().all(|s| s.checks().digest().is_passed()));
}

#[test]
fn nothing_to_bind_is_nothing() {
    let none: [&[u8]; 0] = [];
    assert_eq!(bind_der(&[], &none, &nothing()).unwrap(), []);
}

#[test]
fn identical_files_get_a_signature_each() {
    let (first, second) = (Key::new(1).sign(b"same"), Key::new(2).sign(b"same"));
    let other = Key::new(1).sign(b"other");
    let documents = [
        known("x", b"same"),
        known("y", b"other"),
        known("z", b"same"),
    ];
    let signed = bind_der(&documents, &[&first, &second, &other], &nothing()).unwrap();
    let found: Vec<&[u8]> = signed.iter().map(Signed::der).collect();
    assert_eq!(found, [first.as_slice(), &other, &second]);
}

#[test]
fn one_signature_twice_does_not_stand_in_for_another_file() {
    let a = Key::new(1).sign(b"a");
    let found = mismatch(bind_der(
        &[known("a", b"a"), known("b", b"b")],
        &[&a, &a],
        &nothing(),
    ));
    assert_eq!(missing(&found), [1]);
    assert_eq!(found.surplus().len(), 1);
    assert_eq!(found.surplus()[0].position, 1);
    assert_eq!(found.surplus()[0].place.as_ref().unwrap().name, "a");
    assert_eq!(found.strangers(), [0_usize; 0]);
    assert_eq!(
        found.to_string(),
        "no signature for \"b\" (file 2); signature 2 of 2 is one more for \"a\" (file 1)"
    );
}

#[test]
fn both_sides_are_reported() {
    let key = Key::new(1);
    let (a, b, foreign) = (key.sign(b"a"), key.sign(b"b"), key.sign(b"foreign"));
    let documents = [known("a", b"a"), known("b", b"b")];

    let short = mismatch(bind_der(&documents, &[&b], &nothing()));
    assert_eq!((missing(&short), short.strangers().len()), (vec![0], 0));

    let surplus = mismatch(bind_der(&documents, &[&a, &b, &b], &nothing()));
    assert_eq!(
        (missing(&surplus).len(), surplus.surplus()[0].position),
        (0, 2)
    );

    let stranger = mismatch(bind_der(&documents, &[&foreign, &a], &nothing()));
    assert_eq!(missing(&stranger), [1]);
    assert_eq!(stranger.strangers(), [0]);
    assert_eq!(
        BindError::Mismatch(stranger).to_string(),
        "the signatures do not match the files: no signature for \"b\" (file 2); \
         signature 1 of 2 is for none of the files"
    );

    let extra = mismatch(bind_der(&documents, &[&a, &b, &foreign], &nothing()));
    assert_eq!(
        (missing(&extra).len(), extra.strangers()),
        (0, [2].as_slice())
    );
}

#[test]
fn an_unreadable_signature_is_named_by_its_place() {
    let a = Key::new(1).sign(b"a");
    let error = bind_der(
        &[known("a", b"a"), known("b", b"b")],
        &[a.as_slice(), b"oops"],
        &nothing(),
    )
    .unwrap_err();
    assert_eq!(error.to_string(), "signature 2 of 2 cannot be read");
    assert!(matches!(
        error,
        BindError::Unreadable {
            position: 1,
            total: 2,
            ..
        }
    ));
}

#[test]
fn tampered_content_is_refused() {
    let der = fixture!("gost/detached256.p7s");
    let right = Document::content("a", fixture!("gost/content.bin"));
    let wrong = Document::content("a", fixture!("gost/content.tampered.bin"));
    assert!(verify_detached(&right, der, &nothing()).is_ok());
    assert!(matches!(
        verify_detached(&wrong, der, &nothing()),
        Err(BindError::Mismatch(_))
    ));
}

#[test]
fn every_gost_fixture_is_bound_by_its_digest() {
    let content = fixture!("gost/content.bin");
    for der in [
        fixture!("gost/detached256.p7s"),
        fixture!("gost/detached256tc26.p7s"),
        fixture!("gost/detached512.p7s"),
        fixture!("gost/detached256.keyid.p7s"),
        fixture!("gost/detached256.nocerts.p7s"),
        fixture!("gost/detached256.withca.p7s"),
        fixture!("gost/detached256.cades.p7s"),
        fixture!("gost/twosigners.p7s"),
    ] {
        for document in [known("a", content), Document::content("a", content)] {
            let signed = verify_detached(&document, der, &nothing()).unwrap();
            assert_eq!(signed.checks().digest(), &Check::Passed);
            // One embeds no certificate, so nothing says whose key made its value.
            let is_proven = !signed.signature().certificates().is_empty();
            assert_eq!(signed.checks().is_proven(), is_proven);
        }
    }
}

#[test]
fn the_signer_asked_for_must_be_the_signer() {
    let content = fixture!("gost/content.bin");
    let document = known("bill", content);
    let user = Certificate::from_der(fixture!("gost/user256.crt.der")).unwrap();
    let other = Certificate::from_der(fixture!("gost/user512.crt.der")).unwrap();
    let asked = |certificate: &Certificate| nothing().certificate(certificate.thumbprint());
    let der = fixture!("gost/detached256.p7s");

    let signed = verify_detached(&document, der, &asked(&user)).unwrap();
    assert_eq!(signed.checks().signer(), &Check::Passed);
    assert_eq!(signed.certificate(), Some(&user));

    let error = verify_detached(&document, der, &asked(&other)).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!(
            "\"bill\" (file 1) is signed with another certificate: {} instead of {}",
            user.thumbprint(),
            other.thumbprint()
        )
    );

    let nocerts = fixture!("gost/detached256.nocerts.p7s");
    let signed = verify_detached(&document, nocerts, &asked(&user)).unwrap();
    assert_eq!(
        signed.checks().signer(),
        &Check::NotChecked(Reason::NoCertificate)
    );
    assert_eq!(signed.certificate(), None);
}

#[test]
fn with_two_signers_either_may_be_the_one_asked_for() {
    let document = known("bill", fixture!("gost/content.bin"));
    let der = fixture!("gost/twosigners.p7s");
    for user in [
        fixture!("gost/user256.crt.der"),
        fixture!("gost/user256tc26.crt.der"),
    ] {
        let asked = nothing().certificate(Thumbprint::of(user));
        let signed = verify_detached(&document, der, &asked).unwrap();
        assert_eq!(signed.checks().signer(), &Check::Passed);
        assert_eq!(signed.certificate().unwrap().der(), user);
    }
    let stranger = Thumbprint::of(fixture!("gost/user512.crt.der"));
    let Err(BindError::OtherSigner { found, wanted, .. }) =
        verify_detached(&document, der, &nothing().certificate(stranger))
    else {
        panic!("bound")
    };
    assert_eq!((found.len(), wanted), (2, stranger));
}

#[test]
fn two_signers_must_agree_on_the_document() {
    let (first, second) = (Key::new(1), Key::new(2));
    let of =
        |key: &Key, content: &[u8]| key.signer_info(&[content_type(), message_digest(content)]);
    let both =
        |infos: &[Vec<u8>]| forge::signature(&[&first.certificate, &second.certificate], infos);
    let agreed = both(&[of(&first, b"a"), of(&second, b"a")]);
    let split = both(&[of(&first, b"a"), of(&second, b"b")]);
    let mixed = both(&[of(&first, b"a"), second.bare_signer_info(b"a")]);
    let mixed_split = both(&[of(&first, b"a"), second.bare_signer_info(b"b")]);

    let a = known("a", b"a");
    for der in [agreed, mixed] {
        let signed = verify_detached(&a, &der, &nothing()).unwrap();
        assert!(signed.checks().digest().is_passed() && signed.checks().value().is_passed());
    }
    for der in [split, mixed_split] {
        for document in [&a, &known("b", b"b")] {
            assert!(matches!(
                verify_detached(document, &der, &nothing()),
                Err(BindError::Mismatch(_))
            ));
        }
    }
}

#[test]
fn without_attributes_the_value_finds_the_document() {
    let key = Key::new(1);
    let (a, b) = (key.sign_bare(b"a"), key.sign_bare(b"b"));
    let documents = [known("a", b"a"), known("b", b"b")];
    let signed = bind_der(&documents, &[&b, &a], &nothing()).unwrap();
    assert_eq!(signed[0].der(), a);
    assert!(signed.iter().all(|s| s.checks().digest().is_passed()));
    assert!(signed.iter().all(|s| s.checks().value().is_passed()));
    let foreign = key.sign_bare(b"foreign");
    let found = mismatch(bind_der(&documents, &[&foreign, &a], &nothing()));
    assert_eq!(
        (missing(&found), found.strangers()),
        (vec![1], [0].as_slice())
    );
}

#[test]
fn signatures_of_unknown_documents_keep_their_order_and_say_so() {
    let key = Key::new(1);
    let (a, b, c) = (key.sign(b"a"), key.sign(b"b"), key.sign(b"c"));
    let documents = [
        Document::unknown("a"),
        known("b", b"b"),
        Document::unknown("c"),
    ];
    let signed = bind_der(&documents, &[&b, &a, &c], &nothing()).unwrap();
    let found: Vec<&[u8]> = signed.iter().map(Signed::der).collect();
    assert_eq!(found, [a.as_slice(), &b, &c]);
    assert_eq!(signed[0].checks().digest(), &NEEDS_FILE);
    assert_eq!(signed[1].checks().digest(), &Check::Passed);
    assert_eq!(signed[2].checks().digest(), &NEEDS_FILE);
    // The value covers the attributes, which are here.
    assert!(signed.iter().all(|s| s.checks().value().is_passed()));
}

#[test]
fn unknown_documents_take_only_what_fits_no_known_one() {
    let key = Key::new(1);
    let (a, b) = (key.sign(b"a"), key.sign(b"b"));
    let documents = [known("a", b"a"), Document::unknown("u")];
    let twice = mismatch(bind_der(&documents, &[&a, &a], &nothing()));
    assert_eq!((missing(&twice), twice.surplus().len()), (vec![1], 1));
    let many = mismatch(bind_der(&documents, &[&a, &b, &b], &nothing()));
    assert_eq!((missing(&many).len(), many.surplus()[0].position), (0, 2));
    assert_eq!(many.surplus()[0].place, None);
    assert_eq!(many.to_string(), "signature 3 of 3 is one too many");
    let few = mismatch(bind_der(&documents, &[&b], &nothing()));
    assert_eq!(missing(&few), [0]);
    let none: [&[u8]; 0] = [];
    assert_eq!(
        missing(&mismatch(bind_der(&documents, &none, &nothing()))),
        [0, 1]
    );
}

#[test]
fn a_bare_value_needs_the_file() {
    let bare = Key::new(1).sign_bare(b"a");
    let signed = verify_detached(&Document::unknown("a"), &bare, &nothing()).unwrap();
    assert_eq!(signed.checks().digest(), &NEEDS_FILE);
    assert_eq!(signed.checks().value(), &NEEDS_FILE);
    let settled = signed.with_file(b"a", &nothing()).unwrap();
    assert!(settled.checks().digest().is_passed() && settled.checks().value().is_passed());
    assert!(matches!(
        signed.with_file(b"b", &nothing()),
        Err(BindError::Mismatch(_))
    ));
}

/// A document known only in another algorithm is no better than an unknown one, and it is said.
#[test]
fn a_digest_in_another_algorithm_is_not_a_match() {
    let signature = Key::new(1).sign(b"a");
    let streebog = Digests::of_with(b"a", &[DigestAlgorithm::Streebog256]);
    let document = Document::known("a", streebog);
    let signed = verify_detached(&document, &signature, &nothing()).unwrap();
    assert_eq!(signed.checks().digest(), &NEEDS_FILE);
    assert!(signed.with_digests(Digests::of(b"a"), &nothing()).is_ok());
    // Next to one that is known in the right algorithm it takes only the rest.
    let documents = [document, known("b", b"b")];
    let (a, b) = (signature, Key::new(1).sign(b"b"));
    let signed = bind_der(&documents, &[&b, &a], &nothing()).unwrap();
    assert_eq!(signed[0].der(), a);
    assert_eq!(signed[0].checks().digest(), &NEEDS_FILE);
    assert_eq!(signed[1].checks().digest(), &Check::Passed);
}

#[test]
fn files_given_later_settle_it() {
    let key = Key::new(1);
    let (a, b) = (key.sign(b"a"), key.sign(b"b"));
    // The service mixed the order up, and nothing could tell.
    let unknown = [Document::unknown("a"), Document::unknown("b")];
    let signed = bind_der(&unknown, &[&b, &a], &nothing()).unwrap();
    assert_eq!(signed[0].der(), b);
    // One by one it is found out …
    let error = signed[1].with_file(b"b", &nothing()).unwrap_err();
    let BindError::Mismatch(found) = error else {
        panic!("{error:?}")
    };
    assert_eq!(
        (missing(&found), found.missing()[0].name.as_str()),
        (vec![1], "b")
    );
    // … and together it is put right.
    let files = [Document::content("a", b"a"), Document::content("b", b"b")];
    let settled = with_files(&signed, &files, &nothing()).unwrap();
    assert_eq!(settled[0].der(), a);
    assert!(settled.iter().all(|s| s.checks().digest().is_passed()));
}

#[test]
fn bind_takes_parsed_signatures_too() {
    let signature = Signature::parse(&Key::new(1).sign(b"a")).unwrap();
    let signed = bind(
        &[known("a", b"a")],
        std::slice::from_ref(&signature),
        &nothing(),
    )
    .unwrap();
    assert_eq!(signed[0].signature(), &signature);
}

#[test]
fn errors_and_debug_carry_no_content() {
    let document = Document::content("a", b"very secret");
    assert_eq!(
        format!("{document:?}"),
        "Document { name: \"a\", is_known: true }"
    );
    let signed = verify_detached(&document, &Key::new(1).sign(b"very secret"), &nothing());
    assert!(!format!("{signed:?}").contains("secret"));
}
