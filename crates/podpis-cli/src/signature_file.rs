//! Decides where a signature goes and how it gets there.
//!
//! `FILE.p7s` beside the file, or in the folder that was asked for. An older signature of that name is replaced.
//!
//! **Invariant:** a name under which a signature is found holds a whole signature: it is written beside under
//! another name, forced to the disk, and renamed. Everything that can be known beforehand, such as a folder that
//! cannot be written, is found out before anything is sent.

use std::collections::HashSet;
use std::ffi::OsString;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::failure::Failure;
use crate::messages::Message;

/// Where the signature of one file goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    /// The path as people write it.
    shown: PathBuf,
    /// The folder without links and detours.
    folder: PathBuf,
    name: OsString,
}

/// Plans where the signatures of these files go.
pub(crate) fn plan(files: &[PathBuf], out: Option<&Path>) -> Result<Vec<Target>, Failure> {
    let mut targets = Vec::with_capacity(files.len());
    for file in files {
        targets.push(target(file, out)?);
    }
    let inputs: HashSet<PathBuf> = files
        .iter()
        .filter_map(|file| fs::canonicalize(file).ok())
        .collect();
    let mut seen = HashSet::new();
    let mut probed = HashSet::new();
    for target in &targets {
        let place = target.folder.join(&target.name);
        if inputs.contains(&place) {
            return Err(Failure::usage(Message::TargetIsInput(target.shown())));
        }
        if place.is_dir() {
            return Err(Failure::usage(Message::TargetIsFolder(target.shown())));
        }
        if !seen.insert(place) {
            return Err(Failure::usage(Message::SameTarget(target.shown())));
        }
        if probed.insert(&target.folder) {
            // Permissions, read-only disks and full ones show themselves only when somebody writes.
            temporary(&target.folder).map_err(|error| {
                let folder = target.shown_folder().display().to_string();
                Failure::usage(Message::FolderNotWritable(folder)).with_source(error)
            })?;
        }
    }
    Ok(targets)
}

fn target(file: &Path, out: Option<&Path>) -> Result<Target, Failure> {
    let Some(name) = file.file_name() else {
        return Err(Failure::usage(Message::NotAFile(
            file.display().to_string(),
        )));
    };
    // A file that is not there is better news than the folder of its signature.
    let data = fs::metadata(file).map_err(|error| {
        Failure::usage(Message::FileUnreadable(file.display().to_string())).with_source(error)
    })?;
    if data.is_dir() {
        return Err(Failure::usage(Message::NotAFile(
            file.display().to_string(),
        )));
    }
    let mut signature = name.to_owned();
    signature.push(".p7s");
    let folder = out.unwrap_or_else(|| file.parent().unwrap_or(Path::new("")));
    let shown = folder.join(&signature);
    let real = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    let unusable = || Failure::usage(Message::NoFolder(real.display().to_string()));
    let real = fs::canonicalize(real).map_err(|error| unusable().with_source(error))?;
    if !real.is_dir() {
        return Err(unusable().with_source(io::Error::from(io::ErrorKind::NotADirectory)));
    }
    Ok(Target {
        shown,
        folder: real,
        name: signature,
    })
}

impl Target {
    /// The path, for people.
    pub(crate) fn shown(&self) -> String {
        self.shown.display().to_string()
    }

    fn shown_folder(&self) -> &Path {
        match self.shown.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        }
    }

    /// Puts the signature there.
    pub(crate) fn write(&self, der: &[u8]) -> Result<(), Failure> {
        let written = temporary(&self.folder).and_then(|mut file| {
            file.write_all(der)?;
            file.as_file().sync_all()?;
            file.persist(self.folder.join(&self.name))
                .map_err(|error| error.error)?;
            Ok(())
        });
        written.map_err(|error| {
            Failure::failed("output", Message::SignatureNotWritten(self.shown())).with_source(error)
        })?;
        force(&self.folder);
        Ok(())
    }
}

/// A file that disappears unless it is renamed. Readable like any other: a signature is no secret.
fn temporary(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".podpis-").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}

/// Forces the new name to the disk, where folders can be forced.
fn force(folder: &Path) {
    // Some systems cannot open or force a folder; the signature itself is on the disk by now.
    if let Ok(folder) = fs::File::open(folder) {
        let _ = folder.sync_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exit::Exit;

    fn folder_with(names: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for name in names {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        }
        folder
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_plan_leaves_nothing_behind_and_a_write_leaves_only_the_signature() {
        let folder = folder_with(&["act.xml"]);
        let file = folder.path().join("act.xml");
        let targets = plan(&[file], None).unwrap();
        assert_eq!(names(folder.path()), ["act.xml"]);
        targets[0].write(b"one").unwrap();
        targets[0].write(b"two").unwrap();
        assert_eq!(names(folder.path()), ["act.xml", "act.xml.p7s"]);
        assert_eq!(fs::read(folder.path().join("act.xml.p7s")).unwrap(), b"two");
    }

    #[test]
    fn signatures_that_would_replace_something_are_refused() {
        let folder = folder_with(&["a/act", "b/act", "a/act.p7s", "c/x", "c/x.p7s/y"]);
        let path = |name: &str| folder.path().join(name);
        let out = path("b");
        for (files, out) in [
            (vec![path("a/act"), path("b/act")], Some(out.as_path())),
            (vec![path("b/act"), path("b/../b/act")], None),
            (vec![path("a/act"), path("a/act.p7s")], None),
            (vec![path("c/x")], None),
        ] {
            assert_eq!(plan(&files, out).unwrap_err().exit(), Exit::Usage);
        }
        assert!(plan(&[path("a/act"), path("b/act")], None).is_ok());
    }

    #[test]
    fn folders_that_cannot_be_used_are_named() {
        let folder = folder_with(&["act", "file"]);
        let file = [folder.path().join("act")];
        for out in ["missing", "file"] {
            let out = folder.path().join(out);
            let line = plan(&file, Some(&out))
                .unwrap_err()
                .line(crate::messages::Language::English);
            assert!(line.contains(out.to_str().unwrap()), "{line}");
        }
    }
}
