//! A whole judgement, and the values and digests in it alone.
//!
//! A chain of three, two lists of 1,000 entries, a CAdES signature with one time stamp. What is given is read
//! before; the signature is read before too.
//!
//! *Invariant:* both sides verify the same values and make the same digests, each as often as a judgement needs it.

#[path = "../../../../../crates/podpis-trust/tests/maker/mod.rs"]
#[allow(
    clippy::unwrap_used,
    reason = "podpis-trust's tests make the same data with it, and what they make is right"
)]
mod maker;

use std::hint::black_box;
use std::time::{Duration, SystemTime};

use podpis_bench::{Error, Figures, Side};
use podpis_cms::tlv::Element;
use podpis_cms::{
    Attached, Certificate, Digests, Document, Expectation, Outcome, Signature, VerifierError,
    verify_value,
};
use podpis_trust::{Given, Moment, RevocationList, judge};

use maker::{Draft, Key, ListDraft, Message, TokenDraft};

/// Judgements in one pass.
const PASS: usize = 16;
const CONTENT: &[u8] = b"content";
const TIME_STAMP_INFO: &str = "1.2.840.113549.1.9.16.1.4";
/// 2024-06-15 00:00:00 UTC
const AT: Duration = Duration::from_secs(1_718_409_600);

/// Measures one side, with P-256 keys or with GOST keys of 256 bits.
pub(crate) fn measure(
    figures: &mut Figures,
    name: &str,
    is_p256: bool,
    side: Side,
) -> Result<(), Error> {
    let world = World::new(if is_p256 { Key::p256 } else { Key::gost })?;
    // Warms up: tables are made once.
    world.judge()?;
    world.values_and_digests()?;
    let once = match side {
        Side::Podpis => World::judge,
        _ => World::values_and_digests,
    };
    figures.case(name, PASS, || (0..PASS).try_for_each(|_| once(&world)))?;
    Ok(())
}

/// Everything that a judgement is made from.
struct World {
    root: Certificate,
    ca: Certificate,
    signer: Certificate,
    stamper: Certificate,
    lists: [RevocationList; 2],
    signature: Signature,
    token: Attached,
    given: Given,
}

impl World {
    fn new(key: fn(u16) -> Key) -> Result<Self, Error> {
        let [root_key, ca_key, person, tsa] = [1, 2, 3, 4].map(key);
        let root = Draft::authority("Root", &root_key, "Root", 1).by(&root_key);
        let ca = Draft::authority("CA", &ca_key, "Root", 2).by(&root_key);
        let signer = Draft::person("Signer", &person, "CA", 0x10).by(&ca_key);
        let stamper = Draft::stamper("TSA", &tsa, "CA", 0x11).by(&ca_key);
        let lists = [
            ListDraft::new("Root").others(1_000).by(&root_key),
            ListDraft::new("CA").others(1_000).by(&ca_key),
        ];
        let message = Message::new(CONTENT, &person, &signer);
        let time = "20240610120030Z";
        let token = TokenDraft::new(&message.value(), &person.digest, time).by(&tsa, &stamper);
        Ok(Self {
            given: Given::new()
                .roots([root.clone()])
                .certificates([ca.clone()])
                .lists(lists.clone()),
            signature: Signature::parse(&message.stamped(&token).der())?,
            token: Attached::parse(&token, TIME_STAMP_INFO)?,
            root,
            ca,
            signer,
            stamper,
            lists,
        })
    }

    fn judge(&self) -> Result<(), Error> {
        let document = Document::content("content", CONTENT);
        let at = Moment::now(SystemTime::UNIX_EPOCH + AT);
        let judgement = judge(&document, black_box(&self.signature), &self.given, at);
        let stamped = judgement
            .signers()
            .first()
            .and_then(|it| it.stamps().first());
        if judgement.trust().is_trusted() && stamped.is_some_and(|it| it.trust().is_trusted()) {
            Ok(())
        } else {
            Err(format!("not trusted: {judgement:?}").into())
        }
    }

    /// The values of two signers, three certificates and two lists; the digests of the content, the stamped value,
    /// what the token says, and the two certificates that are named.
    fn values_and_digests(&self) -> Result<(), Error> {
        let signer = self.signature.signers().first().ok_or("no signer")?;
        let stamper = self.token.signature().signers().first();
        let stamper = stamper.ok_or("no signer of the token")?;
        let expectation = Expectation::new();
        let digest = |bytes| {
            let algorithm = std::slice::from_ref(signer.digest_algorithm());
            Digests::of_with(black_box(bytes), algorithm)
        };
        let content = digest(CONTENT);
        right(&signer.verify(&self.signer, &content, &expectation))?;
        let said = digest(self.token.content());
        right(&stamper.verify(&self.stamper, &said, &expectation))?;
        for bytes in [signer.value(), self.signer.der(), self.stamper.der()] {
            black_box(digest(bytes));
        }
        for (signed, by) in [
            (self.signer.der(), &self.ca),
            (self.stamper.der(), &self.ca),
            (self.ca.der(), &self.root),
            (self.lists[0].der(), &self.root),
            (self.lists[1].der(), &self.ca),
        ] {
            let mut parts = Element::single(signed)?.inside();
            let mut next = || parts.next().ok_or("a part is missing");
            let (message, algorithm, value) = (next()?, next()?, next()?);
            // A BIT STRING: the first byte counts the bits that are left over.
            let value = value.content().get(1..).unwrap_or_default();
            let (key, message) = (by.spki_der(), message.whole());
            let outcome = verify_value(key, algorithm.whole(), message, value, &expectation);
            right(&outcome)?;
        }
        Ok(())
    }
}

fn right(outcome: &Result<Outcome, VerifierError>) -> Result<(), Error> {
    match outcome {
        Ok(Outcome::Valid) => Ok(()),
        other => Err(format!("a value is not right: {other:?}").into()),
    }
}
