//! Decides how it is said in which form a signature came.
//!
//! **Invariant:** a departure is named once, in the order in which they are declared.

use std::fmt;

/// The form in which a signature came: DER, or how it departs from DER.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Form(Vec<Departure>);

impl Form {
    /// Is it DER as it came? What is inside certificates and revocation lists is not judged.
    #[must_use]
    pub fn is_der(&self) -> bool {
        self.0.is_empty()
    }

    /// How it departs from DER, each departure once.
    pub fn departures(&self) -> impl Iterator<Item = Departure> + '_ {
        self.0.iter().copied()
    }

    pub(crate) fn note(&mut self, departure: Departure) {
        if let Err(place) = self.0.binary_search(&departure) {
            self.0.insert(place, departure);
        }
    }
}

impl fmt::Display for Form {
    /// `DER`, or the departures after commas.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_der() {
            return f.write_str("DER");
        }
        for (index, departure) in self.0.iter().enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            write!(f, "{comma}{departure}")?;
        }
        Ok(())
    }
}

/// One way in which a signature is not DER.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Departure {
    /// PEM text: `-----BEGIN …`.
    Pem,
    /// Base64 text.
    Base64,
    /// Zeros follow the end.
    TrailingZeros,
    /// Line ends or spaces follow the end.
    TrailingLineEnd,
    /// An element without a length, closed by end-of-contents octets (BER).
    IndefiniteLength,
    /// A length in more bytes than it needs (BER).
    NonMinimalLength,
    /// A string in pieces (BER).
    ConstructedString,
    /// Signed attributes in another order than DER gives a SET OF.
    UnsortedAttributes,
}

impl Departure {
    /// A word for programs: `pem`, `indefinite-length` and the like.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Pem => "pem",
            Self::Base64 => "base64",
            Self::TrailingZeros => "trailing-zeros",
            Self::TrailingLineEnd => "trailing-line-end",
            Self::IndefiniteLength => "indefinite-length",
            Self::NonMinimalLength => "non-minimal-length",
            Self::ConstructedString => "constructed-string",
            Self::UnsortedAttributes => "unsorted-attributes",
        }
    }
}

impl fmt::Display for Departure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pem => "PEM",
            Self::Base64 => "Base64",
            Self::TrailingZeros => "zeros behind",
            Self::TrailingLineEnd => "line end behind",
            Self::IndefiniteLength => "BER (indefinite length)",
            Self::NonMinimalLength => "BER (length not in its shortest form)",
            Self::ConstructedString => "BER (string in pieces)",
            Self::UnsortedAttributes => "signed attributes not sorted",
        })
    }
}
