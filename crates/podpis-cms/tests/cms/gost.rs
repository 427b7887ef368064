//! GOST R 34.10 values are verified like all others.

use podpis_cms::{BindError, Certificate, Document, Expectation, bind_der, verify_detached};

use crate::fixture;

#[test]
fn gost_signatures_by_openssl_verify() {
    let content = fixture!("gost/content.bin");
    for der in [
        fixture!("gost/detached256.p7s"),
        fixture!("gost/detached256.keyid.p7s"),
        fixture!("gost/detached256.cades.p7s"),
        fixture!("gost/detached256.withca.p7s"),
        fixture!("gost/detached256.noattr.p7s"),
        fixture!("gost/detached256tc26.p7s"),
        fixture!("gost/detached512.p7s"),
        fixture!("gost/twosigners.p7s"),
    ] {
        let signed =
            verify_detached(&Document::content("a", content), der, &Expectation::new()).unwrap();
        assert!(signed.checks().is_proven());
    }
    let large = Document::content("b", fixture!("gost/content-100k.bin"));
    let signed = verify_detached(
        &large,
        fixture!("gost/detached256.100k.p7s"),
        &Expectation::new(),
    )
    .unwrap();
    assert!(signed.checks().is_proven());
}

#[test]
fn a_flipped_bit_and_tampered_content_do_not() {
    let mut der = fixture!("gost/detached256.p7s").to_vec();
    *der.last_mut().unwrap() ^= 1;
    let document = Document::content("a", fixture!("gost/content.bin"));
    assert!(matches!(
        verify_detached(&document, &der, &Expectation::new()),
        Err(BindError::WrongValue { .. })
    ));
    let tampered = Document::content("a", fixture!("gost/content.tampered.bin"));
    for der in [
        fixture!("gost/detached256.p7s"),
        fixture!("gost/detached256.noattr.p7s"),
    ] {
        assert!(matches!(
            verify_detached(&tampered, der, &Expectation::new()),
            Err(BindError::Mismatch(_))
        ));
    }
}

/// Without signed attributes only the value tells which file it is for, and GOST R 34.10 tells it one
/// file at a time.
#[test]
fn bare_values_in_any_order_find_their_files() {
    let content = fixture!("gost/content.bin");
    let bare = fixture!("gost/detached256.noattr.p7s");
    let certificate = Certificate::from_der(fixture!("gost/user256.crt.der")).unwrap();
    let others: Vec<Vec<u8>> = (0..20).map(|number: u8| vec![number; 9]).collect();
    let mut documents: Vec<Document<'_>> = others
        .iter()
        .map(|other| Document::content("other", other))
        .collect();
    documents.push(Document::content("bill", content));
    let asked = Expectation::new().signer(certificate);
    let error = bind_der(&documents, &[bare], &asked).unwrap_err();
    let BindError::Mismatch(mismatch) = error else {
        panic!("{error}")
    };
    assert_eq!(mismatch.missing().len(), others.len());
    assert!(mismatch.missing().iter().all(|place| place.name == "other"));
    assert!(mismatch.strangers().is_empty() && mismatch.surplus().is_empty());
}
