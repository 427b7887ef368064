//! Decides what a card on the phone shows beside the text: who asks whom for what, about which files.
//!
//! **Invariant:** it is data, so that a page says it in its reader's language; the text stays as the service wrote it.

use serde::{Deserialize, Serialize};

/// How much of a file's name is kept, in characters.
const NAME: usize = 255;

/// What the person is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Asked {
    /// Who asks.
    pub service: Service,
    /// What for.
    pub purpose: Purpose,
    /// The name of the person whose certificate or login it is.
    pub person: String,
    /// The files, in the order of the request; none for a login.
    pub files: Vec<AskedFile>,
    /// For a login: the code on the program's screen, which the person compares.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub screen_code: Option<String>,
}

/// A service that asks people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Service {
    /// Diadoc.
    #[default]
    Diadoc,
    /// Kontur.Extern.
    Extern,
    /// The identity service.
    Identity,
}

/// What a person is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Purpose {
    /// To sign documents.
    #[default]
    Sign,
    /// To sign a reply to a document.
    Reply,
    /// To decrypt a document.
    Decrypt,
    /// To let a program in.
    Login,
}

/// A file that the person is asked about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AskedFile {
    /// Its name; empty where the request had none.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
}

impl AskedFile {
    pub(crate) fn new(name: &str, size: u64) -> Self {
        let name = name.chars().take(NAME).collect();
        Self { name, size }
    }
}
