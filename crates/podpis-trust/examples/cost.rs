//! What a whole judgement costs beside the values and digests in it.
//!
//! A chain of three, two lists of 1,000 entries, a time stamp. `cargo run --release -p podpis-trust
//! --example cost` prints both times and their ratio, which must stay below 1.2.

#![allow(clippy::unwrap_used, reason = "what is made here is right")]
#![allow(clippy::print_stdout, reason = "the figures are what it is for")]
#![allow(clippy::disallowed_methods, reason = "it measures")]

#[path = "../tests/maker/mod.rs"]
mod maker;

use std::time::{Duration, Instant, SystemTime};

use maker::{Draft, Key, ListDraft, Message, TokenDraft};
use podpis_cms::tlv::Element;
use podpis_cms::{
    Attached, Certificate, Digests, Document, Expectation, Outcome, Signature, verify_value,
};
use podpis_trust::{Given, Moment, RevocationList, judge};

const CONTENT: &[u8] = b"content";
/// 2024-06-15 00:00:00 UTC
const AT: Duration = Duration::from_secs(1_718_409_600);

/// Everything that a judgement is made from.
struct World {
    authorities: [Certificate; 2],
    people: [Certificate; 2],
    lists: [RevocationList; 2],
    signature: Vec<u8>,
    token: Vec<u8>,
}

impl World {
    fn new(key: fn(u16) -> Key) -> Self {
        let [root, ca, person, tsa] = [1, 2, 3, 4].map(key);
        let signer = Draft::person("Signer", &person, "CA", 0x10).by(&ca);
        let stamper = Draft::stamper("TSA", &tsa, "CA", 0x11).by(&ca);
        let message = Message::new(CONTENT, &person, &signer);
        let time = "20240610120030Z";
        let token = TokenDraft::new(&message.value(), &person.digest, time).by(&tsa, &stamper);
        Self {
            authorities: [
                Draft::authority("Root", &root, "Root", 1).by(&root),
                Draft::authority("CA", &ca, "Root", 2).by(&root),
            ],
            lists: [
                ListDraft::new("Root").others(1_000).by(&root),
                ListDraft::new("CA").others(1_000).by(&ca),
            ],
            signature: message.stamped(&token).der(),
            people: [signer, stamper],
            token,
        }
    }

    fn given(&self) -> Given {
        let [root, ca] = self.authorities.clone();
        Given::new()
            .roots([root])
            .certificates([ca])
            .lists(self.lists.clone())
    }

    /// The values and digests of a judgement, each once: two signers, three certificates, two lists;
    /// the content, the imprint, what the token says, and the two certificates that are named.
    fn bare(&self, signature: &Signature, token: &Attached) {
        let expectation = Expectation::new();
        let [root, ca] = &self.authorities;
        let [signer, stamper] = &self.people;
        let digest = |bytes: &[u8], algorithm| Digests::of_with(bytes, &[algorithm]);
        let one = &signature.signers()[0];
        let algorithm = one.digest_algorithm().clone();
        let content = digest(CONTENT, algorithm.clone());
        let right = Outcome::Valid;
        assert_eq!(one.verify(signer, &content, &expectation).unwrap(), right);
        let two = &token.signature().signers()[0];
        let info = digest(token.content(), algorithm.clone());
        assert_eq!(two.verify(stamper, &info, &expectation).unwrap(), right);
        for bytes in [one.value(), signer.der(), stamper.der()] {
            std::hint::black_box(digest(bytes, algorithm.clone()));
        }
        for (signed, by) in [
            (signer.der(), ca),
            (stamper.der(), ca),
            (ca.der(), root),
            (self.lists[0].der(), root),
            (self.lists[1].der(), ca),
        ] {
            let mut parts = Element::single(signed).unwrap().inside();
            let mut next = || parts.next().unwrap();
            let (message, how, value) = (next().whole(), next().whole(), next().content());
            let outcome = verify_value(by.spki_der(), how, message, &value[1..], &expectation);
            assert_eq!(outcome.unwrap(), right);
        }
    }
}

/// The shortest of many runs: what is left when nothing else runs on the machine.
fn shortest(mut run: impl FnMut()) -> Duration {
    let time = |run: &mut dyn FnMut()| {
        let start = Instant::now();
        run();
        start.elapsed()
    };
    (0..500).map(|_| time(&mut run)).min().unwrap_or_default()
}

fn measure(name: &str, key: fn(u16) -> Key) {
    let world = World::new(key);
    let given = world.given();
    let document = Document::content("content", CONTENT);
    let signature = Signature::parse(&world.signature).unwrap();
    let token = Attached::parse(&world.token, "1.2.840.113549.1.9.16.1.4").unwrap();
    let at = Moment::now(SystemTime::UNIX_EPOCH + AT);
    let whole = shortest(|| {
        let judgement = judge(&document, &signature, &given, at);
        assert!(judgement.trust().is_trusted(), "{judgement:#?}");
        assert!(judgement.signers()[0].stamps()[0].trust().is_trusted());
    });
    let bare = shortest(|| world.bare(&signature, &token));
    let ratio = whole.as_secs_f64() / bare.as_secs_f64();
    println!("{name}: judgement {whole:?}, values and digests {bare:?}, ratio {ratio:.3}");
}

fn main() {
    measure("GOST R 34.10-2012, 256 bit", Key::gost);
    measure("P-256", Key::p256);
}
