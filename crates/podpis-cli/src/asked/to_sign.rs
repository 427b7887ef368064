//! What is signed: files, or what standard input gave.
//!
//! **Invariant:** standard input is read once, whole, and not beyond what a file may have; it is one document, signed alone,
//! and known again by its digest.

use std::ffi::OsStr;
use std::fmt;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use podpis::File;
use podpis::diadoc::shelf::FILE_LIMIT;

use crate::failure::Failure;
use crate::files::{digest, unreadable};
use crate::messages::Message;

/// The name of standard input among files. A file that is called so is `./-`.
const DASH: &str = "-";

/// What people and the service know standard input as.
pub(crate) const STDIN: &str = "stdin";

/// What is signed.
#[derive(Clone, Debug)]
pub(crate) enum ToSign {
    Files(Vec<PathBuf>),
    Stdin(Piped),
}

/// What standard input gave.
#[derive(Clone)]
pub(crate) struct Piped {
    content: File,
    /// In a form in which it is noted.
    pub(crate) digest: String,
}

impl ToSign {
    /// Whether one of these means standard input.
    pub(crate) fn names_stdin(files: &[PathBuf]) -> bool {
        let is_dash = |file: &PathBuf| file.as_os_str() == OsStr::new(DASH);
        files.iter().any(is_dash)
    }

    /// All of standard input.
    pub(crate) fn stdin() -> Result<Self, Failure> {
        let mut bytes = Vec::new();
        let mut stdin = io::stdin().lock().take(FILE_LIMIT + 1);
        stdin
            .read_to_end(&mut bytes)
            .map_err(unreadable(Path::new(STDIN)))?;
        if bytes.is_empty() {
            return Err(Failure::usage(Message::StdinEmpty));
        }
        if bytes.len() as u64 > FILE_LIMIT {
            return Err(Failure::usage(Message::StdinTooLarge(FILE_LIMIT)));
        }
        Ok(Self::Stdin(Piped {
            digest: digest(&bytes),
            content: File::bytes(STDIN, bytes),
        }))
    }

    /// As the client takes it.
    pub(super) fn files(&self) -> Vec<File> {
        match self {
            Self::Files(files) => files.iter().map(File::path).collect(),
            Self::Stdin(piped) => vec![piped.content.clone()],
        }
    }

    /// As people know it.
    pub(super) fn shown(&self) -> Vec<String> {
        match self {
            Self::Files(files) => files
                .iter()
                .map(|file| file.display().to_string())
                .collect(),
            Self::Stdin(_) => vec![STDIN.to_owned()],
        }
    }

    /// What may have changed since it was read. The content of standard input is here.
    pub(super) fn paths(&self) -> &[PathBuf] {
        match self {
            Self::Files(files) => files,
            Self::Stdin(_) => &[],
        }
    }
}

impl fmt::Debug for Piped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Piped")
            .field("content", &self.content)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_dash_alone_is_standard_input() {
        for (name, expected) in [("-", true), ("./-", false), ("-/", false), ("a-", false)] {
            assert_eq!(ToSign::names_stdin(&[name.into()]), expected, "{name}");
        }
        assert!(ToSign::names_stdin(&["act".into(), "-".into()]));
    }
}
