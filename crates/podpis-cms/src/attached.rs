//! Decides whether bytes are a CMS signature that carries what it signs, such as a time-stamp token.
//!
//! **Invariant:** content and signed attributes are of the one type that was asked for, and the
//! content is exactly the bytes that the signature is over.

use std::fmt;
use std::ops::Range;

use crate::certificate::slice;
use crate::oid;
use crate::signature::Content;
use crate::{FormatError, Limits, Signature};

/// A CMS signature with its content inside.
#[derive(Clone, PartialEq, Eq)]
pub struct Attached {
    signature: Signature,
    content: Range<u32>,
}

impl Attached {
    /// Reads a signature, in whatever form it came, over content of this type (a dotted OID) that
    /// stands inside it.
    ///
    /// # Errors
    ///
    /// [`FormatError`]; [`OtherContent`](FormatError::OtherContent) for another type, also when the
    /// type asked for is no OID, and [`Detached`](FormatError::Detached) where there is no content.
    pub fn parse(bytes: &[u8], content_type: &str) -> Result<Self, FormatError> {
        let kind = oid::of_text(content_type).ok_or_else(|| FormatError::OtherContent {
            oid: content_type.to_owned(),
        })?;
        let (signature, content) =
            Signature::parse_as(bytes, &Limits::default(), Content::Attached(kind))?;
        Ok(Self { signature, content })
    }

    /// The signature. Its [DER](Signature::to_der) has the content inside; all else is as for a
    /// detached one.
    #[must_use]
    pub fn signature(&self) -> &Signature {
        &self.signature
    }

    /// What is signed.
    #[must_use]
    pub fn content(&self) -> &[u8] {
        slice(self.signature.to_der(), &self.content)
    }
}

impl fmt::Debug for Attached {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attached")
            .field("signature", &self.signature)
            .field("content_length", &self.content().len())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::Attached;
    use crate::{Document, Expectation, FormatError, bind};

    const ATTACHED: &[u8] = include_bytes!("../tests/fixtures/attached.p7s");
    const DETACHED: &[u8] = include_bytes!("../tests/fixtures/p256.p7s");
    const CONTENT: &[u8] = include_bytes!("../tests/fixtures/content.txt");
    const DATA: &str = "1.2.840.113549.1.7.1";
    const TIME_STAMP: &str = "1.2.840.113549.1.9.16.1.4";

    #[test]
    fn the_content_is_what_is_signed() {
        let attached = Attached::parse(ATTACHED, DATA).unwrap();
        assert_eq!(attached.content(), CONTENT);
        let document = Document::content("content", attached.content());
        let signature = attached.signature().clone();
        let signed = bind(&[document], &[signature], &Expectation::new()).unwrap();
        assert!(signed[0].checks().is_proven());
    }

    #[test]
    fn other_content_or_none_is_an_error() {
        assert_eq!(Attached::parse(DETACHED, DATA), Err(FormatError::Detached));
        assert_eq!(
            Attached::parse(ATTACHED, TIME_STAMP),
            Err(FormatError::OtherContent { oid: DATA.into() })
        );
        assert_eq!(
            Attached::parse(ATTACHED, "data"),
            Err(FormatError::OtherContent { oid: "data".into() })
        );
    }
}
