//! Whether a CMS signature can be trusted, judged offline.
//!
//! [`judge`] takes a document, its detached signature, what the caller has ([`Given`]: roots, other
//! certificates, revocation lists, OCSP answers) and a [`Moment`], and gives a [`Judgement`]: trusted, refused, or
//! unproven, with one [`Reason`], whose certificate it is about, and which file would help.
//!
//! It is a pure function: nothing is fetched and no clock is read. Only a root that was given is a
//! root; a self-signed certificate inside the signature is not. "Trusted" is said of a moment, a path
//! and the lists it rests on, and all three are in the judgement.
//!
//! | answer | means |
//! |---|---|
//! | [`Trusted`](Trust::Trusted) | content, value, certificate, path and lists are right |
//! | [`Refused`](Trust::Refused) | something is wrong; no further file would change that |
//! | [`Unproven`](Trust::Unproven) | nothing is wrong, but something is missing |
//!
//! # The moment
//!
//! Certificates are judged at the time of the earliest trusted time stamp on the signature, else at
//! the moment that the caller gives. The time that the signer states is shown and decides nothing.
//!
//! # In the clients
//!
//! [`Given`] is a [`SignerJudge`](podpis_cms::SignerJudge): the clients of podpis take it (`ClientBuilder::trust`) and
//! attach and post nothing that it refuses.
//!
//! # What is missing
//!
//! [`Addresses`] says where a certificate says that its issuer, its revocation lists and its OCSP responder are, and
//! [`ocsp_request`] makes the question for that responder. Going there is up to the caller.
//!
//! # Limits
//!
//! A path has ten certificates at most; in one judgement 200 values are verified at most, of which time
//! stamps take no more than half, and 100 stamps of a signer are read; a list has 64 MiB at most, an OCSP answer 1 MiB, and
//! 512 MiB are digested. Each limit has a reason or an error of its own. Of what stands in a signature
//! 2,000 certificates, those that its signers name first, and 1,000 lists are used. What is given is
//! sorted once, for any number of judgements: a judgement costs little more than the values in it
//! (`examples/cost.rs` measures it).
//!
//! # Example
//!
//! ```
//! use std::time::{Duration, SystemTime};
//!
//! use podpis_cms::{Certificate, Document, Signature};
//! use podpis_trust::{Given, Moment, Reason, RevocationList, Source, judge};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # macro_rules! file {
//! #     ($name:literal) => { include_bytes!(concat!("../tests/fixtures/trust/", $name)).as_slice() };
//! # }
//! # let (content, p7s) = (file!("content.txt"), file!("p256/stamped.p7s"));
//! # let (root, ca) = (file!("p256/root.crt"), file!("p256/ca.crt"));
//! # let (root_list, ca_list) = (file!("p256/root.crl"), file!("p256/ca-revoked.crl"));
//! let document = Document::content("act.xml", content);
//! let signature = Signature::parse(p7s)?;
//! let given = Given::new()
//!     .roots(Certificate::read_all(root)?)
//!     .certificates(Certificate::read_all(ca)?)
//!     .lists(RevocationList::read_all(root_list)?)
//!     .lists(RevocationList::read_all(ca_list)?);
//! // 2024-06-15 00:00:00 UTC
//! let at = Moment::now(SystemTime::UNIX_EPOCH + Duration::from_secs(1_718_409_600));
//!
//! // The signer was revoked on 12 June, but a time stamp proves that it had signed on 10 June.
//! let judgement = judge(&document, &signature, &given, at);
//! assert!(judgement.trust().is_trusted());
//! let signer = &judgement.signers()[0];
//! assert_eq!(signer.moment().source(), Source::Stamp(1));
//! assert_eq!(signer.path().len(), 3);
//!
//! // Without the certificate of the issuer it is not known, and the judgement says what to get.
//! let given = Given::new().roots(Certificate::read_all(root)?);
//! let judgement = judge(&document, &signature, &given, at);
//! let why = judgement.trust().why().ok_or("not trusted")?;
//! assert_eq!(why.reason(), Reason::NoChain);
//! assert!(why.needed().is_some_and(|needed| needed.issuer().contains("CN=Пробный УЦ")));
//! # Ok(())
//! # }
//! ```

mod addresses;
mod attribute;
mod certificates;
mod constraints;
mod entry;
mod evidence;
mod extension;
mod given;
mod judge;
mod judgement;
mod known;
mod list;
mod lists;
mod moment;
mod names;
mod ocsp;
mod ocsp_request;
mod ocsp_status;
mod oid;
mod path;
mod policy;
mod reason;
mod revocation;
mod scope;
mod signed_bytes;
mod signer;
mod signer_judge;
mod signing_certificate;
mod stamp;
mod time_stamp;
mod values;
mod why;

pub use crate::addresses::Addresses;
pub use crate::given::Given;
pub use crate::judge::judge;
pub use crate::judgement::{
    Answer, Check, Judgement, ListUsed, Note, OcspUsed, SignerJudgement, Stamp, Step, Trust,
};
pub use crate::list::{ListError, RevocationList};
pub use crate::moment::{Moment, Source};
pub use crate::ocsp::{OcspError, OcspResponse};
pub use crate::ocsp_request::ocsp_request;
pub use crate::reason::Reason;
pub use crate::why::{File, Needed, Whose, Why};
