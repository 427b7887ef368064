//! Decides what one signer's own word is worth: content, value, and the certificate it names.
//!
//! It is the same for the signer of a document and for that of a time stamp.
//!
//! **Invariant:** a certificate comes out as the signer's only if its key made the value.

use podpis_cms::tlv;
use podpis_cms::{Digests, Signer, canonical_name, name_text};

use crate::evidence::Evidence;
use crate::extension::number;
use crate::judgement::Step;
use crate::known::{Known, certificate_id};
use crate::signing_certificate::{self, Named};
use crate::values::{Checked, Values};
use crate::why::{File, Needed};
use crate::{Reason, Whose, Why};

/// What was found of a signer before any path was looked for.
pub(crate) struct Word {
    /// The number of its certificate; where it has none that made the value, of the first that it
    /// may mean.
    pub(crate) certificate: Option<usize>,
    /// Is the certificate named by a signed attribute?
    pub(crate) is_named: bool,
    pub(crate) failed: Option<(Step, Why)>,
}

pub(crate) fn check(
    signer: &Signer,
    content: &Digests,
    evidence: &Evidence<'_>,
    values: &mut Values<'_>,
    whose: Whose,
) -> Word {
    let candidates = certificates_of(signer, evidence);
    let first = candidates.first().copied();
    let known = |number: Option<usize>| evidence.certificate(number?);
    let mut word = Word {
        certificate: first,
        is_named: true,
        failed: None,
    };
    let why = |reason, number| {
        let known = known(number);
        Why::new(reason, whose, known.map(|known| &known.certificate))
    };
    if let Some(reason) = content_differs(signer, content) {
        let name = signer.document_digest().title().to_owned();
        let mut why = why(reason, first);
        if reason != Reason::ContentDiffers {
            why = why.saying(name);
        }
        word.failed = Some((Step::Content, why));
        return word;
    }
    if first.is_none() {
        word.failed = Some((
            Step::Value,
            why(Reason::NoSignerCertificate, None).needing(needed(signer)),
        ));
        return word;
    }
    if !signing_certificate::are_algorithms_protected(signer) {
        word.failed = Some((Step::Value, why(Reason::ValueWrong, first)));
        return word;
    }
    let mut unknown = None;
    // Certificates of one key may go by one name, and the attribute says which of them is meant.
    let mut other = None;
    for number in candidates {
        let Some(known) = evidence.certificate(number) else {
            continue;
        };
        match values.signer(signer, known, content) {
            Checked::Right => match signing_certificate::check(signer, known) {
                Named::This => {
                    word.certificate = Some(number);
                    return word;
                }
                Named::Nobody => {
                    word.certificate = Some(number);
                    word.is_named = false;
                    return word;
                }
                named => {
                    other.get_or_insert((number, named));
                }
            },
            Checked::Wrong => {}
            Checked::Unknown(name) => {
                unknown.get_or_insert((number, name));
            }
            Checked::OverLimit => {
                let why = why(Reason::TooManyChecks, Some(number));
                word.failed = Some((Step::Value, why));
                return word;
            }
        }
    }
    word.failed = Some(match (other, unknown) {
        (Some((number, named)), _) => {
            word.certificate = Some(number);
            let why = match named {
                Named::Unknown(name) => why(Reason::Algorithm, Some(number)).saying(name),
                _ => why(Reason::SigningCertificateDiffers, Some(number)),
            };
            (Step::SigningCertificate, why)
        }
        (None, Some((number, name))) => {
            word.certificate = Some(number);
            let why = why(Reason::Algorithm, Some(number)).saying(name);
            (Step::Value, why)
        }
        (None, None) => (Step::Value, why(Reason::ValueWrong, first)),
    });
    word
}

/// Is the content another one, or not at hand? Without signed attributes the value itself tells.
fn content_differs(signer: &Signer, content: &Digests) -> Option<Reason> {
    let algorithm = signer.document_digest();
    let Some(digest) = content.get(algorithm) else {
        return Some(if algorithm.is_supported() {
            Reason::NeedsFile
        } else {
            Reason::Algorithm
        });
    };
    let differs = signer
        .message_digest()
        .is_some_and(|stated| stated != digest);
    differs.then_some(Reason::ContentDiffers)
}

/// The signer's certificate, as a file to get.
fn needed(signer: &Signer) -> Needed {
    let mut needed = Needed {
        what: File::SignerCertificate,
        issuer: String::new(),
        serial: None,
        key_id: None,
        addresses: Vec::new(),
    };
    if let Some(id) = signer.info().nth(1) {
        if id.tag() == tlv::SEQUENCE {
            let mut fields = id.inside();
            needed.issuer = fields
                .next()
                .map_or_else(String::new, |name| name_text(name.whole()));
            needed.serial = fields
                .next()
                .map(|serial| number(serial.content()).to_vec());
        } else {
            needed.key_id = Some(id.content().to_vec());
        }
    }
    needed
}

/// Every certificate that the signer may mean.
fn certificates_of(signer: &Signer, evidence: &Evidence<'_>) -> Vec<usize> {
    let Some(id) = signer.info().nth(1) else {
        return Vec::new();
    };
    if id.tag() != tlv::SEQUENCE {
        return evidence.of_key_id(id.content());
    }
    let mut fields = id.inside();
    let (Some(issuer), Some(serial)) = (fields.next(), fields.next()) else {
        return Vec::new();
    };
    let id = certificate_id(&canonical_name(issuer.whole()), serial.content());
    evidence.of_id(&id)
}

/// The certificate as it is shown.
pub(crate) fn shown<'e>(number: Option<usize>, evidence: &'e Evidence<'_>) -> Option<&'e Known> {
    evidence.certificate(number?)
}
