//! Decides where a signature goes and how it gets there.
//!
//! `FILE.p7s` beside the file, or in the folder that was asked for. An older signature of that name is replaced,
//! except where the place is only guessed.
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
    /// Whether an older signature of that name is replaced, or another name is taken.
    replaces: bool,
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
        let place = target.place();
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
        replaces: true,
    })
}

/// Goes on with a plan that was made earlier.
pub(crate) fn at(places: &[PathBuf]) -> Result<Vec<Target>, Failure> {
    let mut targets = Vec::with_capacity(places.len());
    for place in places {
        let (Some(folder), Some(name)) = (place.parent(), place.file_name()) else {
            let place = place.display().to_string();
            return Err(Failure::usage(Message::TargetIsFolder(place)));
        };
        if place.is_dir() {
            let place = place.display().to_string();
            return Err(Failure::usage(Message::TargetIsFolder(place)));
        }
        targets.push(Target {
            shown: place.clone(),
            folder: usable(folder)?,
            name: name.to_owned(),
            replaces: true,
        });
    }
    Ok(targets)
}

/// Plans where signatures go when only the names of the files are known. Nothing that is there is replaced.
pub(crate) fn for_names(names: &[&str], folder: &Path) -> Result<Vec<Target>, Failure> {
    let real = usable(folder)?;
    let target = |name: &str| {
        // The name is one that a signer is shown, made by anybody: it must not lead to another folder.
        let name = name.rsplit(['/', '\\', ':']).next().unwrap_or_default();
        let name = match name.trim() {
            "" | "." | ".." => "signature",
            name => name,
        };
        let name = format!("{name}.p7s");
        Target {
            shown: folder.join(&name),
            folder: real.clone(),
            name: name.into(),
            replaces: false,
        }
    };
    Ok(names.iter().map(|name| target(name)).collect())
}

/// The folder without links and detours, if a file can be written there.
pub(crate) fn usable(folder: &Path) -> Result<PathBuf, Failure> {
    let shown = || folder.display().to_string();
    let real = fs::canonicalize(folder)
        .map_err(|error| Failure::usage(Message::NoFolder(shown())).with_source(error))?;
    // Permissions, read-only disks and full ones show themselves only when somebody writes.
    temporary(&real)
        .map_err(|error| Failure::usage(Message::FolderNotWritable(shown())).with_source(error))?;
    Ok(real)
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

    /// The path without links and detours.
    pub(crate) fn place(&self) -> PathBuf {
        self.folder.join(&self.name)
    }

    /// Puts the signature there, and says where that is.
    pub(crate) fn write(&self, der: &[u8]) -> Result<String, Failure> {
        let written = temporary(&self.folder).and_then(|mut file| {
            file.write_all(der)?;
            file.as_file().sync_all()?;
            if self.replaces {
                file.persist(self.place()).map_err(|error| error.error)?;
                Ok(self.shown())
            } else {
                self.persist_aside(file, der)
            }
        });
        let shown = written.map_err(|error| {
            Failure::failed("output", Message::SignatureNotWritten(self.shown())).with_source(error)
        })?;
        force(&self.folder);
        Ok(shown)
    }

    /// Takes the first name that is free, or that holds this very signature already.
    fn persist_aside(&self, mut file: NamedTempFile, der: &[u8]) -> io::Result<String> {
        let stem = Path::new(&self.name).file_stem().unwrap_or(&self.name);
        for number in 1.. {
            let mut name = stem.to_owned();
            if number > 1 {
                name.push(format!(".{number}"));
            }
            name.push(".p7s");
            let place = self.folder.join(&name);
            match file.persist_noclobber(&place) {
                Ok(_) => return Ok(self.shown_folder().join(name).display().to_string()),
                Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => {
                    if fs::read(&place).is_ok_and(|there| there == der) {
                        return Ok(self.shown_folder().join(name).display().to_string());
                    }
                    file = error.file;
                }
                Err(error) => return Err(error.error),
            }
        }
        Err(io::Error::from(io::ErrorKind::AlreadyExists))
    }
}

/// A file that disappears unless it is renamed. Readable like any other: a signature is no secret.
pub(crate) fn temporary(folder: &Path) -> io::Result<NamedTempFile> {
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
pub(crate) fn force(folder: &Path) {
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
    fn what_is_there_is_kept_when_only_names_are_known() {
        let folder = folder_with(&["act.p7s"]);
        let names_of_files = ["act", "act", "../b/act", "..", ""];
        let targets = for_names(&names_of_files, folder.path()).unwrap();
        for round in 0..2 {
            for (at, target) in targets.iter().enumerate() {
                let shown = target.write(&[at as u8]).unwrap();
                assert_eq!(fs::read(shown).unwrap(), [at as u8], "{round}");
            }
        }
        let expected = [
            "act.2.p7s",
            "act.3.p7s",
            "act.4.p7s",
            "act.p7s",
            "signature.2.p7s",
            "signature.p7s",
        ];
        assert_eq!(names(folder.path()), expected);
        assert_eq!(fs::read(folder.path().join("act.p7s")).unwrap(), b"x");
    }

    #[test]
    fn a_plan_that_was_made_earlier_is_checked_again() {
        let folder = folder_with(&["a/act", "b.p7s/x"]);
        let place = folder.path().join("a/act.p7s");
        let targets = at(std::slice::from_ref(&place)).unwrap();
        assert_eq!(targets[0].write(b"one").unwrap(), place.to_str().unwrap());
        for bad in ["gone/act.p7s", "b.p7s"] {
            let bad = folder.path().join(bad);
            assert_eq!(at(&[bad]).unwrap_err().exit(), Exit::Usage);
        }
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
