//! Decides whether what came down is what was expected.
//!
//! **Invariant:** a digest that was expected and cannot be made is an error, not a check that was left out.

use podpis_cms::{DigestAlgorithm, DigestBuilder, Digests};
use podpis_core::{Error, ErrorKind};
use podpis_extern_model::ContentId;

/// A content that was read to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Downloaded {
    /// How many bytes there are.
    pub size: u64,
    /// Their digests: those that were expected, and those that were asked for.
    pub digests: Digests,
}

/// What is expected of a content.
#[derive(Clone, Debug, Default)]
pub(super) struct Expected {
    pub(super) size: Option<u64>,
    pub(super) digests: Digests,
    /// Digests to make without anything to compare them with.
    pub(super) also: Vec<DigestAlgorithm>,
}

impl Expected {
    pub(super) fn builder(&self) -> Result<DigestBuilder, Error> {
        if let Some(unknown) = self
            .digests
            .algorithms()
            .find(|algorithm| !algorithm.is_supported())
        {
            let text = format!("digests in {unknown} cannot be made, so they cannot be compared");
            return Err(Error::new(ErrorKind::InvalidInput, text));
        }
        let mut algorithms: Vec<DigestAlgorithm> = self.digests.algorithms().cloned().collect();
        algorithms.extend_from_slice(&self.also);
        Ok(DigestBuilder::new(&algorithms))
    }

    /// As soon as the size is told, before anything is kept.
    pub(super) fn check_size(&self, content: &ContentId, size: u64) -> Result<(), Error> {
        match self.size {
            Some(expected) if expected != size => Err(unexpected(format!(
                "content {content} has {size} bytes, and {expected} were expected"
            ))),
            _ => Ok(()),
        }
    }

    pub(super) fn check(
        &self,
        content: &ContentId,
        size: u64,
        digests: DigestBuilder,
    ) -> Result<Downloaded, Error> {
        self.check_size(content, size)?;
        let digests = digests.finish();
        for algorithm in self.digests.algorithms() {
            if digests.get(algorithm) != self.digests.get(algorithm) {
                return Err(unexpected(format!(
                    "content {content} is not what was expected: it has another {algorithm} digest"
                )));
            }
        }
        Ok(Downloaded { size, digests })
    }
}

fn unexpected(text: String) -> Error {
    Error::new(ErrorKind::UnreadableAnswer, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(expected: &Expected) -> Result<Downloaded, String> {
        let mut digests = expected.builder().map_err(|error| error.to_string())?;
        digests.update(b"text");
        let checked = expected.check(&"c".into(), 4, digests);
        checked.map_err(|error| error.to_string())
    }

    #[test]
    fn size_and_digests_are_compared() {
        let right = Digests::of(b"text");
        let wrong = Digests::of_with(b"test", &[DigestAlgorithm::Sha256]);
        let unknown = Digests::from_pairs([("1.3.14.3.2.26", "00")]).unwrap();
        let expected = |size, digests: &Digests| Expected {
            size,
            digests: digests.clone(),
            also: Vec::new(),
        };
        assert_eq!(checked(&expected(Some(4), &right)).unwrap().digests, right);
        for (size, digests, problem) in [
            (
                Some(5),
                &right,
                "content c has 4 bytes, and 5 were expected",
            ),
            (
                None,
                &wrong,
                "content c is not what was expected: it has another sha256 digest",
            ),
            (
                None,
                &unknown,
                "digests in 1.3.14.3.2.26 cannot be made, so they cannot be compared",
            ),
        ] {
            assert_eq!(checked(&expected(size, digests)).unwrap_err(), problem);
        }
    }

    #[test]
    fn digests_can_be_asked_for_without_a_comparison() {
        let expected = Expected {
            also: vec![DigestAlgorithm::Sha256],
            ..Expected::default()
        };
        let digests = Digests::of_with(b"text", &[DigestAlgorithm::Sha256]);
        assert_eq!(checked(&expected).unwrap().digests, digests);
    }
}
