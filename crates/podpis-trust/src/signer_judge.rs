//! Decides how what was given answers whoever asks for a judge of signers.
//!
//! **Invariant:** the answer is that of [`judge`] at the present. Where the document is not at hand, what its signers state
//! of it takes its place: who signed is judged then, and what was signed is not.

use std::time::SystemTime;

use podpis_cms::{Certificate, Document, Signed, SignerJudge, SignerTrust};

use crate::{Given, Moment, Trust, Why, judge};

/// Judges by chains, revocation lists and time stamps, as they were given. Nothing is fetched: a program that runs for long
/// gives its clients a judge of its own, which asks a newer `Given` when the lists have been renewed.
impl SignerJudge for Given {
    fn judge(&self, document: &Document<'_>, signed: &Signed, at: SystemTime) -> SignerTrust {
        let signature = signed.signature();
        let needed = signature.digest_algorithms();
        let known = document.digests(&needed);
        let is_known = needed.iter().all(|one| known.get(one).is_some());
        let stated;
        let document = if is_known {
            document
        } else {
            stated = Document::known(document.name(), signature.stated_digests());
            &stated
        };
        match judge(document, signature, self, Moment::now(at)).trust() {
            Trust::Trusted => SignerTrust::Trusted,
            Trust::Refused(why) => SignerTrust::Refused(in_words(why)),
            Trust::Unproven(why) => SignerTrust::Unproven(in_words(why)),
        }
    }
}

/// The reason, the certificate that it is about, and where the file is that would help.
fn in_words(why: &Why) -> String {
    let mut words = why.to_string();
    if let Some(certificate) = why.certificate() {
        words.push_str(&named(certificate));
    }
    let addresses = why.needed().map_or(&[][..], crate::Needed::addresses);
    if !addresses.is_empty() {
        words.push_str("; to be got from ");
        words.push_str(&addresses.join(", "));
    }
    words
}

fn named(certificate: &Certificate) -> String {
    format!(
        ": the certificate of {}, issued by {}, thumbprint {}",
        certificate.subject(),
        certificate.issuer(),
        certificate.thumbprint()
    )
}
