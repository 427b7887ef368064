//! CMS signatures: read as they come, believed only when proven.
//!
//! A service that signs remotely gives signatures back; this crate says what they are worth.
//! [`bind`] takes the documents that were sent and the signatures that came, and gives a [`Signed`]
//! for each document, in the documents' order, or an error that names the file.
//!
//! # Reading
//!
//! Whatever can be read without ambiguity is read: DER, BER, PEM, Base64 text, zeros or a line end
//! behind, certificates that break the rules of their profile. [`Signature::form`] says how a
//! signature came, [`Signature::to_der`] gives it in DER.
//!
//! # Believing
//!
//! Each [`Signed`] carries its [`Checks`], and each check is passed or says why it was not done:
//!
//! 1. **digest** – `messageDigest` equals the digest of the document (GOST R 34.11-2012, GOST R
//!    34.11-94, SHA-2). Without signed attributes the value itself must prove it. A digest that is
//!    broken or not known binds nothing and is an error.
//! 2. **signer** – the key of the certificate asked for made the value.
//! 3. **value** – verified with the key of the signer's certificate: RSA (PKCS #1 v1.5 and PSS) and
//!    ECDSA (P-256, P-384, P-521) with SHA-2, GOST R 34.10-2001 and -2012 with the digest of the
//!    key (feature `gost`). A value in any other algorithm is [`NotChecked`](Check::NotChecked)
//!    unless a [`Verifier`] is plugged in. The key decides: a signature algorithm that is known for
//!    other keys makes the value wrong.
//!
//! A check that fails is an error, never a value. [`Checks::is_proven`] is the one question to ask.
//!
//! # What is not checked
//!
//! No certificate chain, no trust, no revocation, no validity at the time of signing
//! ([`Certificate::valid_at`] answers that alone), no key usage, no time-stamps and no other
//! attributes, such as `signingCertificate`. Proven means that the key in the certificate signed
//! this document; whose key it is, only a chain to a trusted authority says. The crate `podpis-trust`
//! judges that: chains, revocation lists, time stamps and the certificate that a signature names. Code that asks such a
//! judge without knowing it takes a [`SignerJudge`].
//!
//! # Example
//!
//! ```
//! use podpis_cms::{Check, Document, Expectation, Reason, bind_der};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let act = include_bytes!("../tests/fixtures/content.txt");
//! # let act_p7s = include_bytes!("../tests/fixtures/p256.p7s");
//! # let bill = include_bytes!("../tests/fixtures/gost/content.bin");
//! # let bill_p7s = include_bytes!("../tests/fixtures/gost/detached256.p7s");
//! let documents = [Document::content("act.xml", act), Document::content("bill.xml", bill)];
//! // The service gave the signatures in another order.
//! let signatures = [bill_p7s.as_slice(), act_p7s.as_slice()];
//!
//! let signed = bind_der(&documents, &signatures, &Expectation::new())?;
//!
//! assert_eq!(signed[0].name(), "act.xml");
//! assert_eq!(signed[0].der(), act_p7s);
//! assert!(signed[0].checks().value().is_passed()); // ECDSA
//! assert!(signed[1].checks().digest().is_passed()); // GOST R 34.11-2012
//! # #[cfg(feature = "gost")]
//! assert!(signed[1].checks().is_proven()); // GOST R 34.10-2012
//! assert_eq!(signed[1].checks().signer(), &Check::NotChecked(Reason::NotAsked));
//! # Ok(())
//! # }
//! ```

mod algorithm;
mod attached;
mod bind;
mod bind_error;
mod certificate;
mod check;
mod digest;
mod digests;
mod document;
mod embedded;
mod encoding;
mod expectation;
mod fit;
mod form;
mod format_error;
mod key_usage;
mod limits;
mod matching;
mod moment;
mod name;
mod oid;
mod proof;
mod pss;
mod public_key;
mod scheme;
mod signature;
mod signatures;
mod signed;
mod signed_attributes;
mod signer;
mod signer_judge;
mod signer_value;
mod text;
mod thumbprint;
pub mod tlv;
mod value;
mod verifier;

pub use crate::algorithm::{KeyAlgorithm, SignatureAlgorithm};
pub use crate::attached::Attached;
pub use crate::bind::{bind, bind_der, verify_detached};
pub use crate::bind_error::{BindError, Mismatch, Place, Surplus};
pub use crate::certificate::{Certificate, CertificateError};
pub use crate::check::{Check, Checks, Reason};
pub use crate::digest::DigestAlgorithm;
pub use crate::digests::{DigestBuilder, Digests, DigestsError};
pub use crate::document::Document;
pub use crate::expectation::Expectation;
pub use crate::form::{Departure, Form};
pub use crate::format_error::FormatError;
pub use crate::key_usage::KeyUsage;
pub use crate::limits::Limits;
pub use crate::moment::of as time_of;
pub use crate::name::{canonical_name, name_text};
pub use crate::oid::oid_text;
pub use crate::signature::Signature;
pub use crate::signatures::{FileOutcome, NotAllSigned, Signatures};
pub use crate::signed::{Signed, SignerProof, with_files};
pub use crate::signer::Signer;
pub use crate::signer_judge::{SignerJudge, SignerTrust};
pub use crate::text::decode_text;
pub use crate::thumbprint::{Thumbprint, ThumbprintError};
pub use crate::value::{Outcome, verify_value};
pub use crate::verifier::{Verdict, Verifier, VerifierError, VerifyRequest};
