//! Decides how a file is remembered without its bytes.
//!
//! **Invariant:** digests are named by their algorithm and written as lower-case hexadecimal text; which
//! algorithms there are is for the reader to know.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A file of an operation: enough to recognise its signature, and too little to read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fingerprint {
    /// The name the file is shown under.
    pub name: String,
    /// Size in bytes; absent where the bytes were never here, for example a file already on the server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
    /// Empty where the bytes were never here.
    #[serde(default, skip_serializing_if = "HexDigests::is_empty")]
    pub digests: HexDigests,
    /// The absolute path at which the bytes stay as they are until the operation has ended, where that was promised:
    /// digests that are missing here can be made from them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stays_at: Option<Box<str>>,
}

impl Fingerprint {
    /// A file whose bytes were never here.
    pub fn named(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            size: None,
            digests: HexDigests::default(),
            stays_at: None,
        }
    }
}

/// Digests of one content in lower-case hexadecimal text, in the order of the names of their algorithms. In JSON they are
/// an object.
///
/// ```
/// use podpis_operation::HexDigests;
///
/// let digests: HexDigests = [("sha256", "00ff"), ("md5", "07")].into_iter().collect();
/// assert_eq!(digests.get("sha256"), Some("00ff"));
/// assert_eq!(digests.iter().next(), Some(("md5", "07")));
/// ```
// Thousands of records wait in memory at once, and a map has room for eleven digests.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HexDigests(Box<[(Box<str>, Box<str>)]>);

impl HexDigests {
    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The digest by the algorithm of this name.
    #[must_use]
    pub fn get(&self, algorithm: &str) -> Option<&str> {
        let mut digests = self.iter();
        digests.find_map(|(name, digest)| (name == algorithm).then_some(digest))
    }

    /// The name of each algorithm with the digest.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, digest)| (&**name, &**digest))
    }
}

/// Of two digests by one algorithm the later one.
impl<N: Into<Box<str>>, D: Into<Box<str>>> FromIterator<(N, D)> for HexDigests {
    fn from_iter<I: IntoIterator<Item = (N, D)>>(digests: I) -> Self {
        let digests = digests.into_iter();
        let digests = digests.map(|(name, digest)| (name.into(), digest.into()));
        let mut sorted = BTreeMap::new();
        sorted.extend(digests);
        Self(sorted.into_iter().collect())
    }
}

impl Serialize for HexDigests {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl<'de> Deserialize<'de> for HexDigests {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let digests = BTreeMap::<Box<str>, Box<str>>::deserialize(deserializer)?;
        Ok(digests.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::HexDigests;

    #[test]
    fn digests_are_an_object_in_the_order_of_their_names() {
        let text = r#"{"sha256":"01","streebog256":"02"}"#;
        let read: HexDigests =
            serde_json::from_str(r#"{"streebog256":"02","sha256":"00","sha256":"01"}"#).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), text);
        let made = [("streebog256", "02"), ("sha256", "00"), ("sha256", "01")];
        assert_eq!(made.into_iter().collect::<HexDigests>(), read);
        assert_eq!(read.get("sha256"), Some("01"));
        assert_eq!(read.get("md5"), None);
        assert_eq!(serde_json::to_string(&HexDigests::default()).unwrap(), "{}");
    }
}
