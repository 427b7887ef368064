//! How operations ended whose records are gone: who asks for one again is told that it is over, and not that there never was
//! one.
//!
//! A line for each, in one file beside the notes. It is swept as notes are, once nothing has ended for long.
//!
//! **Invariant:** it holds ids and numbers, and not much more than [`ENOUGH`] bytes; losing it loses comfort only.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use podpis::OperationId;
use podpis::core::journal::{open_regular, read_private};

use crate::exit::Exit;
use crate::whole_file::{self, Readers};

/// The name of the file, which is none of a note.
const NAME: &str = "ended";

/// More than a thousand operations; then the older half goes.
const ENOUGH: u64 = 64 * 1024;

/// The ends of the operations of a journal.
#[derive(Debug)]
pub(super) struct Ends<'a>(&'a Path);

impl<'a> Ends<'a> {
    /// In the folder of its notes, which is there when an operation ends.
    pub(super) fn of(notes: &'a Path) -> Self {
        Self(notes)
    }

    pub(super) fn add(&self, id: &OperationId, exit: Exit) -> io::Result<()> {
        let line = format!("{id} {}\n", exit.code());
        let path = self.path();
        if fs::metadata(&path).is_ok_and(|known| known.len() > ENOUGH) {
            let text = self.read()?;
            let lines: Vec<&str> = text.lines().collect();
            let newer = lines[lines.len() / 2..].join("\n");
            let text = format!("{newer}\n{line}");
            return whole_file::replace(self.0, NAME, text.as_bytes(), Readers::Owner);
        }
        let mut options = OpenOptions::new();
        options.create(true).append(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        open_regular(&path, &mut options)?.write_all(line.as_bytes())
    }

    /// How the operation ended that is meant by this, which may be the beginning of its id.
    pub(super) fn find(&self, named: &OperationId) -> Option<Exit> {
        Some(self.meant(named)?.1)
    }

    /// Which operation is meant, and how it ended.
    pub(super) fn meant(&self, named: &OperationId) -> Option<(OperationId, Exit)> {
        let text = self.read().ok()?;
        let lines = text.lines().rev().filter_map(|line| line.split_once(' '));
        let meant: Vec<(&str, &str)> = lines
            .filter(|(id, _)| id.starts_with(named.as_str()))
            .collect();
        let is_whole = |(id, _): &&(&str, &str)| *id == named.as_str();
        let (id, code) = meant.iter().find(is_whole).or_else(|| meant.first())?;
        if *id != named.as_str() && meant.iter().any(|(other, _)| other != id) {
            return None;
        }
        let exit = [Exit::Done, Exit::Failed, Exit::Refused]
            .into_iter()
            .find(|exit| exit.code().to_string() == *code)?;
        Some((id.parse().ok()?, exit))
    }

    fn read(&self) -> io::Result<String> {
        let text = read_private(&self.path())?;
        Ok(String::from_utf8_lossy(&text).into_owned())
    }

    fn path(&self) -> PathBuf {
        self.0.join(NAME)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(name: &str) -> OperationId {
        name.parse().unwrap()
    }

    #[test]
    fn an_end_is_found_by_the_id_or_by_how_it_begins() {
        let folder = tempfile::tempdir().unwrap();
        let ends = Ends::of(folder.path());
        assert_eq!(ends.find(&id("abc-1")), None);
        for (name, exit) in [
            ("abc-1", Exit::Done),
            ("abc-12", Exit::Refused),
            ("b", Exit::Refused),
            ("b", Exit::Done),
        ] {
            ends.add(&id(name), exit).unwrap();
        }
        for (named, expected) in [
            ("abc-1", Some(Exit::Done)),
            ("abc-12", Some(Exit::Refused)),
            ("abc", None),
            ("b", Some(Exit::Done)),
            ("c", None),
        ] {
            assert_eq!(ends.find(&id(named)), expected, "{named}");
        }
        ends.add(&id("def-1"), Exit::Done).unwrap();
        assert_eq!(ends.meant(&id("de")), Some((id("def-1"), Exit::Done)));
        fs::write(folder.path().join(NAME), "x\nabc 9\n\u{fffd} 0\nd 0").unwrap();
        assert_eq!(ends.find(&id("abc")), None);
        assert_eq!(ends.find(&id("d")), Some(Exit::Done));
    }

    #[test]
    fn however_many_there_are_the_file_stays_small_and_has_the_last_ones() {
        let folder = tempfile::tempdir().unwrap();
        let ends = Ends::of(folder.path());
        let line = format!("{} 0\n", "a".repeat(40));
        fs::write(folder.path().join(NAME), line.repeat(2_000)).unwrap();
        ends.add(&id("before"), Exit::Done).unwrap();
        ends.add(&id("last"), Exit::Refused).unwrap();
        let text = fs::read_to_string(folder.path().join(NAME)).unwrap();
        assert!((text.len() as u64) < ENOUGH, "{}", text.len());
        assert!(text.lines().all(|line| line.split(' ').count() == 2));
        assert_eq!(ends.find(&id("before")), Some(Exit::Done));
        assert_eq!(ends.find(&id("last")), Some(Exit::Refused));
    }
}
