//! Decides what a certificate's key may be used for.
//!
//! **Invariant:** only what stands in the extension; an absent one restricts nothing, and that is
//! said by there being no `KeyUsage`.

use crate::tlv::{self, Element};

/// The purposes of a key (RFC 5280 4.2.1.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyUsage(u16);

impl KeyUsage {
    const DIGITAL_SIGNATURE: u16 = 1 << 15;
    const NON_REPUDIATION: u16 = 1 << 14;
    const CERTIFICATE_SIGN: u16 = 1 << 10;
    const LIST_SIGN: u16 = 1 << 9;

    /// Reads the BIT STRING inside the extension.
    pub(crate) fn read(value: &[u8]) -> Option<Self> {
        let element = Element::single(value).ok()?;
        let (tlv::BIT_STRING, [_unused, bits @ ..]) = (element.tag(), element.content()) else {
            return None;
        };
        let byte = |at: usize| u16::from(bits.get(at).copied().unwrap_or_default());
        Some(Self(byte(0) << 8 | byte(1)))
    }

    /// May the key sign documents: digitalSignature or nonRepudiation?
    #[must_use]
    pub fn signs_documents(self) -> bool {
        self.0 & (Self::DIGITAL_SIGNATURE | Self::NON_REPUDIATION) != 0
    }

    /// May the key sign certificates: keyCertSign?
    #[must_use]
    pub fn signs_certificates(self) -> bool {
        self.0 & Self::CERTIFICATE_SIGN != 0
    }

    /// May the key sign revocation lists: cRLSign?
    #[must_use]
    pub fn signs_lists(self) -> bool {
        self.0 & Self::LIST_SIGN != 0
    }
}

#[cfg(test)]
mod tests {
    use super::KeyUsage;

    #[test]
    fn bits_are_read_from_the_highest() {
        let read = |bytes: &[u8]| KeyUsage::read(bytes).unwrap();
        let person = read(&[3, 2, 6, 0xC0]);
        assert!(person.signs_documents() && !person.signs_certificates());
        let authority = read(&[3, 2, 1, 0x06]);
        assert!(authority.signs_certificates() && authority.signs_lists());
        assert!(!authority.signs_documents());
        assert!(!read(&[3, 1, 0]).signs_documents());
        assert_eq!(KeyUsage::read(&[3, 0]), None);
        assert_eq!(KeyUsage::read(&[4, 2, 6, 0xC0]), None);
    }
}
