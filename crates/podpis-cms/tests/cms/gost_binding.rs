//! GOST signatures of many files: each goes to its own file, whatever order they come in and whatever was changed.

use podpis_cms::{BindError, Certificate, Document, Expectation, Mismatch, bind_der};
use podpis_gost::{Algorithm, ParamSet};

use crate::batch::Numbers;
use crate::builder::{SignerParts, algorithm};
use crate::forge::octets;
use crate::gost_key::{GostKey, kinds};

/// Files of a batch.
const COUNT: usize = 50;

/// Files with the keys that sign them, in turn.
struct Batch {
    contents: Vec<Vec<u8>>,
    keys: Vec<GostKey>,
}

impl Batch {
    fn new() -> Self {
        Self::of(COUNT)
    }

    /// One file for each kind of key.
    fn of_each_kind() -> Self {
        Self::of(kinds().count())
    }

    fn of(count: usize) -> Self {
        Self {
            contents: (0..count).map(|n| format!("content {n}").into()).collect(),
            keys: (1..)
                .zip(kinds())
                .map(|(n, kind)| GostKey::new(n, kind))
                .collect(),
        }
    }

    fn key(&self, number: usize) -> &GostKey {
        &self.keys[number % self.keys.len()]
    }

    fn documents(&self) -> Vec<Document<'_>> {
        let named = |(number, content)| Document::content(format!("{number}.txt"), content);
        self.contents
            .iter()
            .map(Vec::as_slice)
            .enumerate()
            .map(named)
            .collect()
    }

    fn sign(&self, number: usize, is_bare: bool) -> Vec<u8> {
        self.key(number).sign(&self.contents[number], is_bare)
    }

    /// The signature of each file, in the files' order.
    fn signatures(&self, is_bare: bool) -> Vec<Vec<u8>> {
        (0..self.contents.len())
            .map(|number| self.sign(number, is_bare))
            .collect()
    }

    /// What the signer of this file says, with a change.
    fn changed(&self, number: usize, is_bare: bool, change: impl Fn(&mut SignerParts)) -> Vec<u8> {
        let key = self.key(number);
        let mut parts = key.parts(&self.contents[number], is_bare);
        change(&mut parts);
        key.message(&parts)
    }

    fn bind(&self, signatures: &[Vec<u8>]) -> Result<(), BindError> {
        let signed = bind_der(&self.documents(), signatures, &Expectation::new())?;
        for (number, one) in signed.iter().enumerate() {
            assert_eq!(one.name(), format!("{number}.txt"));
            assert!(one.checks().is_proven(), "{}", one.checks());
            let bare = !one.signature().signers()[0].has_signed_attributes();
            assert_eq!(one.der(), self.sign(number, bare));
            assert_eq!(
                one.certificate().unwrap().der(),
                self.key(number).certificate
            );
        }
        Ok(())
    }

    fn mismatch(&self, signatures: &[Vec<u8>]) -> Mismatch {
        match self.bind(signatures) {
            Err(BindError::Mismatch(mismatch)) => mismatch,
            other => panic!("{other:?}"),
        }
    }
}

fn missing(mismatch: &Mismatch) -> Vec<&str> {
    let places = mismatch.missing().iter();
    places.map(|place| place.name.as_str()).collect()
}

#[test]
fn fifty_of_every_set_in_any_order_find_their_files() {
    let batch = Batch::new();
    for is_bare in [false, true] {
        let signatures = batch.signatures(is_bare);
        batch.bind(&signatures).unwrap();
        for seed in 1..4 {
            let mut mixed = signatures.clone();
            Numbers::new(seed).shuffle(&mut mixed);
            assert_ne!(mixed, signatures);
            batch.bind(&mixed).unwrap();
        }
    }
}

#[test]
fn some_with_signed_attributes_and_some_without_find_their_files() {
    let batch = Batch::new();
    let mut mixed: Vec<Vec<u8>> = (0..COUNT).map(|n| batch.sign(n, n % 2 == 0)).collect();
    Numbers::new(9).shuffle(&mut mixed);
    batch.bind(&mixed).unwrap();
}

#[test]
fn a_changed_value_is_refused_and_its_file_named() {
    let batch = Batch::of_each_kind();
    for number in 0..batch.contents.len() {
        let mut signatures = batch.signatures(false);
        let value = batch.key(number).value(b"another message");
        signatures[number] = batch.changed(number, false, |it| it.value = octets(&value));
        match batch.bind(&signatures) {
            Err(BindError::WrongValue { place }) => assert_eq!(place.position, number),
            other => panic!("{number}: {other:?}"),
        }
        // Without signed attributes a wrong value is for no file.
        let mut signatures = batch.signatures(true);
        signatures[number] = batch.changed(number, true, |it| it.value = octets(&value));
        let mismatch = batch.mismatch(&signatures);
        assert_eq!(missing(&mismatch), [format!("{number}.txt")]);
        assert_eq!(mismatch.strangers(), [number]);
    }
}

#[test]
fn a_changed_digest_is_refused_and_its_file_named() {
    let batch = Batch::of_each_kind();
    for number in 0..batch.contents.len() {
        let key = batch.key(number);
        // Of no file, with a right value over it.
        let mut signatures = batch.signatures(false);
        signatures[number] = key.message(&key.stating(&key.digest(b"of no file")));
        let mismatch = batch.mismatch(&signatures);
        assert_eq!(missing(&mismatch), [format!("{number}.txt")]);
        assert_eq!(mismatch.strangers(), [number]);
        // Of the file, put under the value of another.
        let value = key.stating(&key.digest(b"of no file")).value;
        signatures[number] = batch.changed(number, false, |it| it.value.clone_from(&value));
        match batch.bind(&signatures) {
            Err(BindError::WrongValue { place }) => assert_eq!(place.position, number),
            other => panic!("{number}: {other:?}"),
        }
    }
}

#[test]
fn a_changed_algorithm_is_refused_and_its_file_named() {
    const OTHERS: [&str; 5] = [
        "1.2.643.2.2.19",
        "1.2.643.7.1.1.1.1",
        "1.2.643.7.1.1.1.2",
        "1.2.840.10045.4.3.2",
        "1.2.840.113549.1.1.11",
    ];
    let batch = Batch::of_each_kind();
    let signatures = [false, true].map(|is_bare| batch.signatures(is_bare));
    for number in 0..batch.contents.len() {
        let own = algorithm(&kinds().nth(number).unwrap().0.oid().to_string(), &[]);
        for other in OTHERS.map(|oid| algorithm(oid, &[])) {
            if other == own {
                continue;
            }
            for (is_bare, signatures) in [false, true].into_iter().zip(&signatures) {
                let mut signatures = signatures.clone();
                signatures[number] = batch.changed(number, is_bare, |it| {
                    it.signature_algorithm.clone_from(&other);
                });
                match batch.bind(&signatures) {
                    Err(BindError::WrongValue { place }) if !is_bare => {
                        assert_eq!(place.position, number);
                    }
                    Err(BindError::Mismatch(mismatch)) if is_bare => {
                        assert_eq!(missing(&mismatch), [format!("{number}.txt")]);
                    }
                    result => panic!("{number} {other:02X?} {is_bare}: {result:?}"),
                }
            }
        }
    }
}

#[test]
fn what_is_missing_surplus_or_of_other_content_is_named() {
    let batch = Batch::new();
    for is_bare in [false, true] {
        let all = batch.signatures(is_bare);
        for number in [0, 17, COUNT - 1] {
            let name = format!("{number}.txt");
            let mut short = all.clone();
            short.remove(number);
            Numbers::new(3).shuffle(&mut short);
            assert_eq!(missing(&batch.mismatch(&short)), [name.as_str()]);

            let mut surplus = all.clone();
            surplus.push(all[number].clone());
            let mismatch = batch.mismatch(&surplus);
            assert_eq!(missing(&mismatch), [""; 0]);
            let [one] = mismatch.surplus() else {
                panic!("{mismatch}")
            };
            assert_eq!(one.place.as_ref().unwrap().name, name);

            // One twice in the place of another.
            let other = (number + 1) % COUNT;
            let mut doubled = all.clone();
            doubled[other] = all[number].clone();
            let mismatch = batch.mismatch(&doubled);
            assert_eq!(missing(&mismatch), [format!("{other}.txt")]);
            assert_eq!(mismatch.surplus().len(), 1);

            let mut foreign = all.clone();
            foreign[number] = batch.key(number).sign(b"of another batch", is_bare);
            let mismatch = batch.mismatch(&foreign);
            assert_eq!(missing(&mismatch), [name]);
            assert_eq!(mismatch.strangers(), [number]);
        }
    }
}

#[test]
fn another_signer_is_refused_also_with_the_certificate_that_was_asked_for() {
    let kind = (Algorithm::Gost2012With256, ParamSet::CryptoProXchA);
    let [asked, other] = [1, 2].map(|number| GostKey::new(number, kind));
    let contents: Vec<Vec<u8>> = (0..COUNT).map(|n| format!("content {n}").into()).collect();
    let documents: Vec<Document<'_>> = contents
        .iter()
        .map(|content| Document::content("act.txt", content))
        .collect();
    let certificate = Certificate::from_der(&asked.certificate).unwrap();
    let expectation = Expectation::new().signer(certificate);
    for is_bare in [false, true] {
        let sign = |key: &GostKey, content: &[u8]| key.sign(content, is_bare);
        let mut signatures: Vec<Vec<u8>> = contents
            .iter()
            .map(|content| sign(&asked, content))
            .collect();
        bind_der(&documents, &signatures, &expectation).unwrap();

        signatures[20] = sign(&other, &contents[20]);
        match bind_der(&documents, &signatures, &expectation) {
            Err(BindError::OtherSigner { place, .. }) => assert_eq!(place.position, 20),
            other => panic!("{is_bare}: {other:?}"),
        }

        // The other's value under the name of the one asked for.
        let mut parts = asked.parts(&contents[20], is_bare);
        parts.value = other.parts(&contents[20], is_bare).value;
        signatures[20] = asked.message(&parts);
        match bind_der(&documents, &signatures, &expectation) {
            Err(BindError::WrongValue { place }) if !is_bare => assert_eq!(place.position, 20),
            Err(BindError::Mismatch(mismatch)) if is_bare => {
                assert_eq!(mismatch.strangers(), [20]);
            }
            other => panic!("{is_bare}: {other:?}"),
        }
    }
}
