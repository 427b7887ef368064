//! Decides what the things are that a record keeps, and how they become files: as they came, by the name of the document
//! that they are for, or by a number.
//!
//! **Invariant:** a name says no more than a digest does: what is not known to be for a document is not called after
//! it where the record says otherwise. Nothing that is there is replaced.

use podpis::KeptBytes;
use podpis::cms::{BindError, Digests, Document, Expectation, Signature, verify_detached};
use podpis::operation::{Fingerprint, Operation};
use serde_json::{Value, json};

use crate::failure::Failure;
use crate::messages::Message;
use crate::out_folder::OutFolder;
use crate::output::Output;

/// What is known of one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    /// A signature of this document.
    Of(String),
    /// One whose content is that of this document, and whose value could not be checked.
    StatesContent(String),
    /// One whose content is that of this document, and whose value was not made by the key of its certificate.
    WrongValue(String),
    /// A signature over other content than that of any document.
    OtherContent,
    /// A signature of which cannot be told here what it is over.
    NotChecked,
    /// Something that cannot be read as a signature.
    Unreadable,
}

/// What came where it is not what was asked for. Of several things the later in this list is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Came {
    /// Nothing.
    Nothing,
    /// Signatures of the documents; something else is wrong.
    Signatures,
    /// Signatures of the documents by somebody who was not trusted. What is kept does not show it.
    Untrusted,
    /// A signature that was not checked.
    NotChecked,
    /// A signature whose value is wrong.
    WrongValue,
    /// A signature over other content.
    OtherContent,
    /// A signature that cannot be read.
    Unreadable,
}

/// All that a record keeps.
#[derive(Debug)]
pub(crate) struct Kept(Vec<(KeptBytes, Reading)>);

/// A file that was written.
#[derive(Debug)]
pub(crate) struct Saved {
    pub(crate) reading: Reading,
    pub(crate) place: String,
    size: usize,
}

impl Kept {
    /// Of this record; none when its kind is unknown here.
    pub(crate) fn of(operation: &Operation) -> Option<Self> {
        let kept = podpis::kept(operation)?;
        let listed = kept.iter().filter_map(|one| one.file.as_ref());
        let files: Vec<Fingerprint> = listed.chain(operation.files()).cloned().collect();
        let read = |one: KeptBytes| {
            let reading = read(&one, &files);
            (one, reading)
        };
        Some(Self(kept.into_iter().map(read).collect()))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The worst that is known of them.
    pub(crate) fn came(&self) -> Came {
        let came = |(_, reading): &(KeptBytes, Reading)| match reading {
            Reading::Of(_) | Reading::StatesContent(_) => Came::Signatures,
            Reading::NotChecked => Came::NotChecked,
            Reading::WrongValue(_) => Came::WrongValue,
            Reading::OtherContent => Came::OtherContent,
            Reading::Unreadable => Came::Unreadable,
        };
        self.0.iter().map(came).max().unwrap_or(Came::Nothing)
    }

    /// Whether one of them is, or may be, a signature of a document: then nobody has to be asked again before it was
    /// looked at.
    pub(crate) fn may_be_of_use(&self) -> bool {
        self.0
            .iter()
            .any(|(_, reading)| !matches!(reading, Reading::OtherContent | Reading::WrongValue(_)))
    }

    /// Writes each into a file of its own.
    pub(crate) fn save(&self, folder: &OutFolder) -> Vec<Result<Saved, Failure>> {
        let one = |(at, (kept, reading)): (usize, &(KeptBytes, Reading))| {
            let suffix = suffix(&kept.bytes, reading);
            let name = name(kept, reading).unwrap_or_else(|| {
                let what = if suffix == ".p7s" {
                    "signature"
                } else {
                    "content"
                };
                format!("{what}-{}", at + 1)
            });
            let written = folder.write(&name, &[(suffix, &kept.bytes)])?;
            Ok(Saved {
                reading: reading.clone(),
                place: written.into_iter().next().unwrap_or_default(),
                size: kept.bytes.len(),
            })
        };
        self.0.iter().enumerate().map(one).collect()
    }
}

impl Saved {
    /// For `--json`.
    pub(crate) fn json(&self) -> Value {
        let (word, file) = match &self.reading {
            Reading::Of(file) => ("signature", Some(file)),
            Reading::StatesContent(file) => ("states_content", Some(file)),
            Reading::WrongValue(file) => ("wrong_value", Some(file)),
            Reading::OtherContent => ("other_content", None),
            Reading::NotChecked => ("not_checked", None),
            Reading::Unreadable => ("unreadable", None),
        };
        json!({ "saved": self.place, "size": self.size, "is": word, "file": file })
    }
}

/// Writes what an operation keeps that was refused after somebody had signed; whether all is in files. `named` makes the
/// line about a signature of a document.
pub(crate) fn rescue(
    folder: &OutFolder,
    operation: &Operation,
    named: impl Fn(String, String) -> Message,
    output: Output,
) -> Result<(), Failure> {
    let kept = Kept::of(operation).map_or_else(Vec::new, |kept| kept.save(folder));
    let mut failed = None;
    for saved in kept {
        match saved {
            Ok(Saved {
                reading: Reading::Of(file) | Reading::StatesContent(file),
                place,
                ..
            }) => output.about(operation.id(), &named(file, place)),
            Ok(Saved { reading, place, .. }) => {
                output.about(operation.id(), &Message::Saved { place, reading });
            }
            Err(failure) => failed = Some(failure),
        }
    }
    failed.map_or(Ok(()), Err)
}

fn read(kept: &KeptBytes, files: &[Fingerprint]) -> Reading {
    if Signature::parse(&kept.bytes).is_err() {
        return Reading::Unreadable;
    }
    // Of equal documents it is for the one at its place.
    let own = kept.file.iter();
    let mut found = Reading::OtherContent;
    for file in own.chain(files) {
        let digests = Digests::from_pairs(file.digests.iter()).ok();
        let Some(digests) = digests.filter(|digests| !digests.is_empty()) else {
            found = Reading::NotChecked;
            continue;
        };
        let document = Document::known(&*file.name, digests);
        match verify_detached(&document, &kept.bytes, &Expectation::new()) {
            Ok(signed) if signed.checks().digest().is_passed() => {
                let is_checked = signed.checks().value().is_passed();
                return if is_checked {
                    Reading::Of(file.name.clone())
                } else {
                    Reading::StatesContent(file.name.clone())
                };
            }
            Err(BindError::Mismatch(_)) => {}
            Err(BindError::WrongValue { .. }) => return Reading::WrongValue(file.name.clone()),
            Err(BindError::Unreadable { .. }) => return Reading::Unreadable,
            _ => found = Reading::NotChecked,
        }
    }
    found
}

/// The name of the document, where nothing says that it is for another.
fn name(kept: &KeptBytes, reading: &Reading) -> Option<String> {
    match reading {
        Reading::Of(file) | Reading::StatesContent(file) | Reading::WrongValue(file) => {
            Some(file.clone())
        }
        Reading::NotChecked => {
            let file = kept.file.as_ref();
            let never_here = file.filter(|file| file.digests.is_empty());
            never_here.map(|file| file.name.clone())
        }
        Reading::OtherContent | Reading::Unreadable => None,
    }
}

/// What a system takes the file for.
fn suffix(bytes: &[u8], reading: &Reading) -> &'static str {
    let start = bytes.trim_ascii_start();
    let begins = |with: &[u8]| {
        let start = start.get(..with.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(with))
    };
    // A SEQUENCE of BER, its armour, and the first letters of one in Base64.
    let could_be_signature = bytes.first() == Some(&0x30)
        || begins(b"-----BEGIN")
        || (start.starts_with(b"MI") && start.iter().all(|byte| is_of_base64(*byte)));
    if *reading != Reading::Unreadable || could_be_signature {
        ".p7s"
    } else if begins(b"<!doctype html") || begins(b"<html") {
        ".html"
    } else if begins(b"<?xml") {
        ".xml"
    } else if begins(b"{") && serde_json::from_slice::<Value>(bytes).is_ok() {
        ".json"
    } else if !bytes.is_empty() && std::str::from_utf8(bytes).is_ok_and(is_text) {
        ".txt"
    } else {
        ".bin"
    }
}

fn is_of_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte.is_ascii_whitespace() || b"+/=".contains(&byte)
}

fn is_text(text: &str) -> bool {
    text.chars()
        .all(|c| !c.is_control() || c.is_ascii_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_signature_is_named_by_what_it_looks_like() {
        for (bytes, expected) in [
            (&b"\x30\x80\0\0"[..], ".p7s"),
            (b"0\x82", ".p7s"),
            (b"-----BEGIN CMS-----\nMIA", ".p7s"),
            (b"MIAGCSqGSIb3DQEHAqCAMIACAQE=\r\n", ".p7s"),
            (b"MIssing?", ".txt"),
            (b"\r\n<!DOCTYPE html><p>", ".html"),
            (b"<html></html>", ".html"),
            (b"<?xml version='1.0'?>", ".xml"),
            (b"{\"error\":1}", ".json"),
            (b"{not json", ".txt"),
            ("нет подписи\n".as_bytes(), ".txt"),
            (b"\x1b[2J", ".bin"),
            (b"\xff\xfe", ".bin"),
            (b"", ".bin"),
        ] {
            assert_eq!(suffix(bytes, &Reading::Unreadable), expected, "{bytes:?}");
        }
        assert_eq!(suffix(b"", &Reading::NotChecked), ".p7s");
    }
}
