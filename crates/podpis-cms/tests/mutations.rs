//! Whatever is changed in a signature, there is an answer, and nothing new is believed.
//!
//! Bytes are changed, and whole elements are removed, repeated and taken from other signatures, with
//! the lengths around them put right, so that the changes reach what is behind the encoding.
//!
//! **Invariant:** the same rounds in every run. `PODPIS_MUTATIONS` says how many there are.

#![expect(
    clippy::unwrap_used,
    reason = "this is all tests; the lint only spares `#[test]` functions"
)]

use std::path::PathBuf;
use std::{env, fs};

use podpis_cms::tlv::{Element, Elements, encode};
use podpis_cms::{Certificate, Document, Expectation, Signature, Signed, verify_detached};

/// Enough for every kind of change at every depth, in a few seconds.
const ROUNDS: usize = 20_000;

/// Numbers that look random and are the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % bound.max(1) as u64).unwrap()
    }
}

/// Every signature of the fixtures, with what it is over.
fn originals() -> Vec<(Vec<u8>, Vec<u8>)> {
    let fixtures = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let mut all = Vec::new();
    for (folder, content_column) in [("foreign", Some(1)), ("forgeries", None)] {
        let folder = fixtures.join(folder);
        let table = fs::read_to_string(folder.join("table.tsv")).unwrap();
        for line in table.lines().skip(1) {
            let columns: Vec<&str> = line.split('\t').collect();
            let content = content_column.map_or("contract.txt", |column| columns[column]);
            let signature = fs::read(folder.join(columns[0])).unwrap();
            all.push((signature, fs::read(folder.join(content)).unwrap()));
        }
    }
    all
}

/// Does every value stand in one of the originals, and so does the key of a certificate? A change
/// makes neither, so nothing else can be proven.
fn rests_on_originals(signed: &Signed, originals: &[(Vec<u8>, Vec<u8>)]) -> bool {
    let stands = |part: &[u8]| {
        let is_part = |bytes: &[u8]| bytes.windows(part.len()).any(|window| window == part);
        originals.iter().any(|(bytes, _)| {
            is_part(bytes)
                || Signature::parse(bytes).is_ok_and(|original| is_part(original.to_der()))
        })
    };
    // Parameters before an RSA key mean nothing, so the key is known by the bits behind them; and the first byte of a
    // point only says how it is written.
    let key = signed.certificate().and_then(|certificate| {
        let (key, _) = Element::first(certificate.spki_der()).ok()?;
        key.inside().last()?.content().get(2..)
    });
    let mut signers = signed.signature().signers().iter();
    key.is_some_and(stands) && signers.all(|signer| stands(signer.value()))
}

/// How many elements there are, this one included.
fn count(element: &Element<'_>) -> usize {
    let inside = element.is_constructed().then(|| element.inside());
    1 + inside
        .into_iter()
        .flatten()
        .map(|one| count(&one))
        .sum::<usize>()
}

/// The element number `at`, in the order in which they begin.
fn nth<'a>(elements: Elements<'a>, at: &mut usize) -> Option<Element<'a>> {
    for element in elements {
        if *at == 0 {
            return Some(element);
        }
        *at -= 1;
        if element.is_constructed()
            && let Some(found) = nth(element.inside(), at)
        {
            return Some(found);
        }
    }
    None
}

/// The bytes with element number `at` replaced, and the lengths around it put right.
fn replaced(element: &Element<'_>, at: &mut usize, by: &[u8]) -> Vec<u8> {
    if *at == 0 {
        *at = usize::MAX;
        return by.to_vec();
    }
    *at -= 1;
    if !element.is_constructed() || *at > count(element) {
        return element.whole().to_vec();
    }
    let mut children = element.inside();
    let mut content = Vec::new();
    for child in children.by_ref() {
        if *at > usize::MAX / 2 {
            content.extend_from_slice(child.whole());
        } else {
            content.extend(replaced(&child, at, by));
        }
    }
    content.extend_from_slice(children.rest());
    encode(element.tag(), &content)
}

/// One change of elements; `None` where the bytes are no element.
fn graft(bytes: &[u8], other: &[u8], numbers: &mut Numbers) -> Option<Vec<u8>> {
    let (root, _) = Element::first(bytes).ok()?;
    let mut at = numbers.below(count(&root));
    let donor = if numbers.below(2) == 0 { bytes } else { other };
    let (donor, _) = Element::first(donor).ok()?;
    let mut from = numbers.below(count(&donor));
    let piece = nth(Elements::of(donor.whole()), &mut from)?;
    let new = match numbers.below(4) {
        0 => Vec::new(),
        1 => piece.whole().repeat(2),
        _ => piece.whole().to_vec(),
    };
    Some(replaced(&root, &mut at, &new))
}

fn change_bytes(bytes: &mut Vec<u8>, numbers: &mut Numbers) {
    let at = numbers.below(bytes.len());
    match (numbers.below(5), bytes.get_mut(at)) {
        (_, None) => bytes.push(0x30),
        (0, Some(byte)) => *byte ^= 1 << numbers.below(8),
        (1, Some(byte)) => *byte = numbers.below(256).to_le_bytes()[0],
        (2, Some(byte)) => {
            *byte = [0, 1, 0x1F, 0x24, 0x30, 0x80, 0x84, 0xA0, 0xFF][numbers.below(9)]
        }
        (3, _) => drop(bytes.drain(at..(at + numbers.below(9)).min(bytes.len()))),
        _ => {
            let end = (at + numbers.below(40)).min(bytes.len());
            let piece = bytes[at..end].to_vec();
            bytes.splice(at..at, piece);
        }
    }
}

#[test]
fn nothing_new_is_believed_and_nothing_breaks() {
    let rounds = env::var("PODPIS_MUTATIONS").map_or(ROUNDS, |rounds| {
        rounds.parse().expect("PODPIS_MUTATIONS is no number")
    });
    let originals = originals();
    let mut numbers = Numbers(2026);
    let (mut read, mut proven) = (0, 0);
    for round in 0..rounds {
        let (original, content) = &originals[round % originals.len()];
        let other = &originals[numbers.below(originals.len())].0;
        let mut bytes = original.clone();
        for _ in 0..=numbers.below(3) {
            match graft(&bytes, other, &mut numbers) {
                Some(grafted) if numbers.below(2) == 0 => bytes = grafted,
                _ => change_bytes(&mut bytes, &mut numbers),
            }
        }
        let _ = Certificate::read_all(&bytes);
        let Ok(signature) = Signature::parse(&bytes) else {
            continue;
        };
        read += 1;
        let again = Signature::parse(signature.to_der()).unwrap();
        assert_eq!(again.to_der(), signature.to_der(), "round {round}");
        let document = Document::content("a", content);
        let Ok(signed) = verify_detached(&document, &bytes, &Expectation::new()) else {
            continue;
        };
        if signed.checks().is_proven() {
            proven += 1;
            assert!(
                rests_on_originals(&signed, &originals),
                "round {round}: something new is proven"
            );
        }
    }
    assert!(
        read > rounds / 20,
        "the changes do not get past the reading: {read}"
    );
    assert!(proven > 0, "no change was harmless: {read} were read");
}
