//! Decides how a file is remembered without its bytes.
//!
//! **Invariant:** digests are named by their algorithm and written as lower-case hexadecimal text; which
//! algorithms there are is for the reader to know.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A file of an operation: enough to recognise its signature, and too little to read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fingerprint {
    /// The name the file is shown under.
    pub name: String,
    /// Size in bytes; absent where the bytes were never here, for example a file already on the server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
    /// Algorithm name to digest in lower-case hexadecimal text; empty where the bytes were never here.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub digests: BTreeMap<String, String>,
}

impl Fingerprint {
    /// A file whose bytes were never here.
    pub fn named(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            size: None,
            digests: BTreeMap::new(),
        }
    }
}
