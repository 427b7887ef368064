//! Writes into a folder what has a name that somebody else gave.
//!
//! **Invariant:** a name holds a whole file or none; nothing that is there is replaced, and a document and its
//! signature always have the same name and number.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::file_name::{numbered, safe};
use crate::messages::Message;
use crate::whole_file::{self, made, makeable, may_add, not_written, usable};

/// How many files of one name there may be.
const MOST: u32 = 10_000;

/// A folder that can be written.
#[derive(Clone, Debug)]
pub(crate) struct OutFolder {
    /// As people write it.
    shown: PathBuf,
    /// Without links and detours.
    real: PathBuf,
}

impl OutFolder {
    /// The folder that the command names, or the current one. Where it is not there, it is made once there is something
    /// for it: a command that is refused leaves none behind.
    pub(crate) fn asked(folder: Option<&Path>) -> Result<Self, Failure> {
        let real = makeable(folder.unwrap_or(Path::new(".")))?;
        Ok(Self::at(folder, real))
    }

    /// The folder, or the current one. Finds out whether it can be written.
    pub(crate) fn open(folder: Option<&Path>) -> Result<Self, Failure> {
        let real = usable(folder.unwrap_or(Path::new(".")))?;
        Ok(Self::at(folder, real))
    }

    fn at(folder: Option<&Path>, real: PathBuf) -> Self {
        Self {
            shown: folder.unwrap_or(Path::new("")).to_owned(),
            real,
        }
    }

    /// Makes it where it is not there.
    pub(crate) fn make(&self) -> Result<(), Failure> {
        made(&self.real)
    }

    /// The path without links and detours.
    pub(crate) fn real(&self) -> &Path {
        &self.real
    }

    /// Writes files that belong together, each with its suffix, and says where they are.
    pub(crate) fn write(
        &self,
        name: &str,
        parts: &[(&str, &[u8])],
    ) -> Result<Vec<String>, Failure> {
        let name = safe(name, "document");
        let failed = |error: io::Error| {
            let target = self.shown.join(&name);
            let unwritten = Message::ResultNotWritten(target.display().to_string());
            not_written(unwritten, &target, &self.real, error)
        };
        fs::create_dir_all(&self.real).map_err(failed)?;
        for number in 1..=MOST {
            let name = numbered(&name, number);
            let parts: Vec<(String, &[u8])> = parts
                .iter()
                .map(|(suffix, bytes)| (format!("{name}{suffix}"), *bytes))
                .collect();
            if parts
                .iter()
                .all(|(name, bytes)| may_add(&self.real.join(name), bytes))
                && self.add(&parts).map_err(failed)?
            {
                let shown = |(name, _): &(String, _)| self.shown.join(name).display().to_string();
                return Ok(parts.iter().map(shown).collect());
            }
        }
        Err(failed(io::Error::from(io::ErrorKind::AlreadyExists)))
    }

    /// Whether all could be written; not if somebody else took a name meanwhile.
    fn add(&self, parts: &[(String, &[u8])]) -> io::Result<bool> {
        for (name, bytes) in parts {
            if !whole_file::add(&self.real, name, bytes)? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_keep_together_and_nothing_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("b.p7s"), "mine").unwrap();
        let out = OutFolder::open(Some(folder.path())).unwrap();
        let write = |name: &str, content: &[u8], der: &[u8]| {
            let written = out.write(name, &[("", content), (".p7s", der)]).unwrap();
            let name = |path: &String| {
                let name = Path::new(path).file_name().unwrap();
                name.to_str().unwrap().to_owned()
            };
            written.iter().map(name).collect::<Vec<_>>()
        };
        assert_eq!(write("a.xml", b"1", b"s1"), ["a.xml", "a.xml.p7s"]);
        assert_eq!(write("a.xml", b"1", b"s1"), ["a.xml", "a.xml.p7s"]);
        assert_eq!(write("a.xml", b"1", b"s2"), ["a.2.xml", "a.2.xml.p7s"]);
        assert_eq!(write("../a.xml", b"3", b"s"), ["a.3.xml", "a.3.xml.p7s"]);
        assert_eq!(write("b", b"1", b"s"), ["b.2", "b.2.p7s"]);
        assert_eq!(
            fs::read(folder.path().join("b.p7s")).unwrap(),
            b"mine".to_vec()
        );
        assert!(!folder.path().join("b").exists());
    }
}
