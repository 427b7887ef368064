//! The rules of signatures and what carries them, each with its id.
//!
//! **Invariant:** a rule is listed here once, with where it is kept; whoever breaks it is told its id.

use std::fmt;

use podpis_core::{Error, ErrorKind};

macro_rules! rules {
    ($($(#[$doc:meta])* $name:ident = $id:literal,)*) => {
        /// A rule of Diadoc's documents about signatures.
        ///
        /// What one value shows is checked when it is built, what needs the message by `check`. What is "kept by
        /// type" cannot be broken by a value of this crate; a message of
        /// [`podpis_diadoc_proto`] that is filled by hand can break it, and is checked when it is turned into one.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Rule {
            $($(#[$doc])* $name,)*
        }

        impl Rule {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The id, for example `R-SIG-1`.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self {
                    $(Self::$name => $id,)*
                }
            }
        }
    };
}

rules! {
    /// A content has exactly one source. Kept by type.
    Src1 = "R-SRC-1",
    /// A request to sign has at least one file. Kept by the start of a signing.
    Src2 = "R-SRC-2",
    /// A file has a name, which is what the signer is shown. Kept by the start of a signing.
    Src3 = "R-SRC-3",
    /// At most one ordinary signature per document and side, and at most one per document in one patch.
    Sig1 = "R-SIG-1",
    /// The parent is an entity of the message or draft that is changed.
    Sig2 = "R-SIG-2",
    /// A DocumentSignature has exactly one of signature, name on the shelf and test flag. Two are kept out by type;
    /// none is a warning, as it "may be absent in some cases".
    Sig3 = "R-SIG-3",
    /// A DocumentSenderSignature has exactly one of signature and test flag. As above.
    Sig4 = "R-SIG-4",
    /// What is sent now has its signature or the test flag; only drafts and what is sent later may be without.
    Sig5 = "R-SIG-5",
    /// A name on the shelf is of the user's own shelf and has no prefix.
    Sig6 = "R-SIG-6",
    /// A prepared content belongs to this very document, and the signature is of the prepared bytes.
    Sig7 = "R-SIG-7",
    /// A document that is sent later has no signature yet.
    Sig8 = "R-SIG-8",
    /// A nonformalized document may be approved before it is sent; the recipient gets the approval only together with
    /// the document and the sender's signature, which is a warning.
    Apr1 = "R-APR-1",
    /// A formalized document may be approved only after it was sent: sending changes its content.
    Apr2 = "R-APR-2",
    /// At most 500 approval signatures per document and day.
    Apr3 = "R-APR-3",
    /// The organization may use approval signatures. The service's matter, so a warning.
    Apr4 = "R-APR-4",
    /// A signature is DER to the last byte.
    Cms1 = "R-CMS-1",
    /// It is CMS SignedData.
    Cms2 = "R-CMS-2",
    /// It is detached.
    Cms3 = "R-CMS-3",
    /// It has a signer, without whom it is no signature, and the signer's certificate, without which it is a warning.
    Cms4 = "R-CMS-4",
    /// Its digest is a GOST one that fits the key. A warning: test signatures are made otherwise.
    Cms5 = "R-CMS-5",
    /// It is of the exact bytes of the document or the prepared content.
    Cms6 = "R-CMS-6",
    /// A power of attorney is named in exactly one way. Two are kept out by type.
    Poa1 = "R-POA-1",
    /// `UseDefault` is on the wire even where it is false. Kept by the encoding.
    Poa2 = "R-POA-2",
    /// Only a power of attorney that is named by its number or by default can be asked to be sent as a file. Kept by
    /// type.
    Poa3 = "R-POA-3",
    /// The signature of a physical person needs a power of attorney. Tolerated so far, so a warning.
    Poa4 = "R-POA-4",
    /// At most 30 labels of at most 20 Latin letters, digits and hyphens, none twice; those that begin with `_` are
    /// the service's own, which is a warning.
    Lbl1 = "R-LBL-1",
    /// A draft is not sent to its own box, and an internal one to none.
    Drf1 = "R-DRF-1",
    /// A document is prepared for one signer, who is named.
    Prp1 = "R-PRP-1",
    /// A post has an operation id, which is used again only with the same body. Kept by the postings.
    Ops1 = "R-OPS-1",
    /// CloudSign gives as many signatures as there are files. Kept by the binding.
    Cld1 = "R-CLD-1",
    /// DssSign takes a certificate or GosKey. Kept by type.
    Dss1 = "R-DSS-1",
    /// Only a completed DssSign gives signatures.
    Dss2 = "R-DSS-2",
    /// A completed DssSign gives a result per file: a signature, or none where it failed.
    Dss3 = "R-DSS-3",
    /// What travels in a request is not too large.
    Lim1 = "R-LIM-1",
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

/// A rule that is broken, and how. As an error it stops what was asked for; as a warning it is only told.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{rule}: {text}")]
pub struct Breach {
    rule: Rule,
    text: String,
}

impl Breach {
    pub(crate) fn new(rule: Rule, text: impl Into<String>) -> Self {
        Self {
            rule,
            text: text.into(),
        }
    }

    /// The rule.
    #[must_use]
    pub fn rule(&self) -> Rule {
        self.rule
    }
}

/// Nothing was sent: the value is wrong by itself.
impl From<Breach> for Error {
    fn from(breach: Breach) -> Self {
        Self::new(ErrorKind::InvalidInput, breach.to_string()).with_source(breach)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_id_is_there_once_and_is_told_first() {
        let mut ids: Vec<&str> = Rule::ALL.iter().map(|rule| rule.id()).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 34);
        let error = Error::from(Breach::new(Rule::Sig1, "there is one"));
        assert_eq!(error.to_string(), "R-SIG-1: there is one");
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
    }
}
