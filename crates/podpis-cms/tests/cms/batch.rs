//! Many documents at once: whatever the order, each gets its own signature.

use podpis_cms::{Digests, Document, Expectation, Signature, bind};

use crate::forge::Key;

/// Numbers that look random and are the same in every run.
pub(crate) struct Numbers(u64);

impl Numbers {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed | 1)
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound as u64) as usize
    }

    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for index in (1..items.len()).rev() {
            items.swap(index, self.below(index + 1));
        }
    }
}

fn check(contents: &[Vec<u8>], bare: bool, seed: u64) {
    let key = Key::new(1);
    let documents: Vec<Document<'_>> = contents
        .iter()
        .enumerate()
        .map(|(number, content)| Document::known(format!("{number}.xml"), Digests::of(content)))
        .collect();
    let mut signatures: Vec<(usize, Signature)> = contents
        .iter()
        .map(|content| {
            if bare {
                key.sign_bare(content)
            } else {
                key.sign(content)
            }
        })
        .map(|der| Signature::parse(&der).unwrap())
        .enumerate()
        .collect();
    Numbers::new(seed).shuffle(&mut signatures);
    let order: Vec<usize> = signatures.iter().map(|pair| pair.0).collect();
    let mixed: Vec<Signature> = signatures.into_iter().map(|pair| pair.1).collect();
    let signed = bind(&documents, &mixed, &Expectation::new()).unwrap();
    for (position, one) in signed.iter().enumerate() {
        assert_eq!(one.position(), position);
        assert_eq!(one.name(), format!("{position}.xml"));
        assert!(one.checks().digest().is_passed() && one.checks().value().is_passed());
        let came = mixed
            .iter()
            .position(|signature| signature == one.signature())
            .unwrap();
        assert_eq!(contents[order[came]], contents[position]);
    }
    // One too few is always found.
    assert!(bind(&documents, &mixed[1..], &Expectation::new()).is_err());
}

#[test]
fn two_and_fifty_documents_in_any_order() {
    for seed in 1..6 {
        for count in [2, 50] {
            let contents: Vec<Vec<u8>> = (0..count).map(|n| vec![n; 100]).collect();
            check(&contents, false, seed);
        }
    }
}

#[test]
fn fifty_documents_with_identical_ones_among_them() {
    for seed in 1..6 {
        let contents: Vec<Vec<u8>> = (0..50).map(|n| vec![n % 7; 100]).collect();
        check(&contents, false, seed);
    }
}

#[test]
fn twelve_documents_without_signed_attributes() {
    let contents: Vec<Vec<u8>> = (0..12).map(|n| vec![n; 100]).collect();
    check(&contents, true, 7);
}
