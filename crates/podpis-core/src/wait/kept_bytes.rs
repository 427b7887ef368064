//! What a record keeps because the service may give it only once.
//!
//! **Invariant:** the bytes are those that came, whether or not anybody can read them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use podpis_operation::Fingerprint;

/// A signature in a record, or whatever came in the place of one.
///
/// [`OperationKind::output`](super::OperationKind::output) gives the signatures that are for the files and says what is
/// wrong with others. These are all of them, as they are, for a person to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeptBytes {
    /// What was signed there, if the place among the others says so. The service's order is not to be trusted: only a
    /// digest tells which file a signature is for.
    pub file: Option<Fingerprint>,
    /// As they came.
    pub bytes: Vec<u8>,
}

impl KeptBytes {
    /// What stands in a record as Base64. A text that is not Base64 is kept as it stands.
    #[must_use]
    pub fn stored(file: Option<&Fingerprint>, text: &str) -> Self {
        Self::new(
            file,
            STANDARD
                .decode(text)
                .unwrap_or_else(|_| text.as_bytes().to_vec()),
        )
    }

    /// Bytes that are at hand.
    #[must_use]
    pub fn new(file: Option<&Fingerprint>, bytes: Vec<u8>) -> Self {
        Self {
            file: file.cloned(),
            bytes,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_stands_in_a_record_is_lost() {
        let file = Fingerprint::named("act.xml");
        for (text, bytes) in [("MAA=", &b"0\0"[..]), ("<html>", b"<html>"), ("", b"")] {
            let kept = KeptBytes::stored(Some(&file), text);
            assert_eq!(kept.bytes, bytes, "{text}");
            assert_eq!(kept.file.unwrap().name, "act.xml");
        }
        assert_eq!(KeptBytes::stored(None, "MAA=").file, None);
    }
}
