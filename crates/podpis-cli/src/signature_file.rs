//! Decides where a signature goes.
//!
//! `FILE.p7s` beside the file, or in the folder that was asked for. An older signature of that name is replaced,
//! except where the place is only guessed.
//!
//! **Invariant:** everything that can be known beforehand, such as a folder that cannot be written, is found out before
//! anything is sent; a name from somebody else never leads to another folder.

use std::collections::{HashMap, HashSet};
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::file_name::safe;
use crate::files::must_be_kept;
use crate::messages::Message;
use crate::out_folder::OutFolder;
use crate::whole_file::{self, Readers, made, makeable, nearest, not_written, usable};

/// Where the signature of one file goes.
#[derive(Clone, Debug)]
pub(crate) enum Target {
    /// There, whatever is there.
    Planned {
        /// The path as people write it.
        shown: PathBuf,
        /// The folder without links and detours.
        folder: PathBuf,
        name: OsString,
    },
    /// There under the first name like this that is free.
    Guessed { folder: OutFolder, name: String },
}

/// Plans where the signatures of these files go.
pub(crate) fn plan(files: &[PathBuf], out: Option<&Path>) -> Result<Vec<Target>, Failure> {
    let mut inputs = HashSet::new();
    let mut wanted = Vec::with_capacity(files.len());
    for file in files {
        let no_file = || Failure::usage(Message::NotAFile(file.display().to_string()));
        let name = file.file_name().ok_or_else(no_file)?;
        // A file that is not there is better news than the folder of its signature.
        must_be_kept(file)?;
        inputs.extend(fs::canonicalize(file));
        let mut signature = name.to_owned();
        signature.push(".p7s");
        let folder = out.unwrap_or_else(|| file.parent().unwrap_or(Path::new("")));
        wanted.push(folder.join(signature));
    }
    let targets = each_in(&wanted, makeable)?;
    let mut seen = HashSet::new();
    for target in &targets {
        if inputs.contains(&target.place()) {
            return Err(Failure::usage(Message::TargetIsInput(target.shown())));
        }
        if !seen.insert(target.place()) {
            return Err(Failure::usage(Message::SameTarget(target.shown())));
        }
    }
    Ok(targets)
}

/// Goes on with a plan that was made earlier.
pub(crate) fn at(places: &[PathBuf]) -> Result<Vec<Target>, Failure> {
    each_in(places, usable)
}

fn each_in(
    places: &[PathBuf],
    real: impl Fn(&Path) -> Result<PathBuf, Failure>,
) -> Result<Vec<Target>, Failure> {
    let mut folders = HashMap::new();
    let mut targets = Vec::with_capacity(places.len());
    for shown in places {
        let is_folder = || Failure::usage(Message::TargetIsFolder(shown.display().to_string()));
        let (Some(folder), Some(name)) = (shown.parent(), shown.file_name()) else {
            return Err(is_folder());
        };
        if shown.is_dir() {
            return Err(is_folder());
        }
        let folder = match folder {
            here if here.as_os_str().is_empty() => Path::new("."),
            folder => folder,
        };
        let real = match folders.get(folder) {
            Some(real) => real,
            None => folders.entry(folder).or_insert(real(folder)?),
        };
        // The file system itself knows best which names are too long for it, and whom it lets look.
        if let Err(error) = fs::symlink_metadata(nearest(real).join(name))
            && error.kind() != io::ErrorKind::NotFound
        {
            let unusable = Message::TargetUnusable(shown.display().to_string());
            return Err(Failure::usage(unusable).with_source(error));
        }
        targets.push(Target::Planned {
            shown: shown.clone(),
            folder: real.clone(),
            name: name.to_owned(),
        });
    }
    Ok(targets)
}

/// Plans where signatures go when only the names of the files are known. Nothing that is there is replaced.
pub(crate) fn for_names(names: &[&str], folder: &OutFolder) -> Vec<Target> {
    let target = |name: &&str| Target::Guessed {
        folder: folder.clone(),
        name: safe(name, "signature"),
    };
    names.iter().map(target).collect()
}

impl Target {
    /// The path, for people.
    fn shown(&self) -> String {
        match self {
            Self::Planned { shown, .. } => shown.display().to_string(),
            Self::Guessed { name, .. } => name.clone(),
        }
    }

    /// The path without links and detours; the folder where the name is still open.
    pub(crate) fn place(&self) -> PathBuf {
        match self {
            Self::Planned { folder, name, .. } => folder.join(name),
            Self::Guessed { folder, .. } => folder.real().to_owned(),
        }
    }

    /// Makes its folder where that is not there.
    pub(crate) fn make_folder(&self) -> Result<(), Failure> {
        match self {
            Self::Planned { folder, .. } => made(folder),
            Self::Guessed { folder, .. } => folder.make(),
        }
    }

    /// Puts the signature there, and says where that is.
    pub(crate) fn write(&self, der: &[u8]) -> Result<String, Failure> {
        match self {
            Self::Planned {
                shown,
                folder,
                name,
            } => {
                let written = whole_file::replace(folder, name, der, Readers::Anybody);
                written.map(|()| self.shown()).map_err(|error| {
                    let unwritten = Message::SignatureNotWritten(self.shown());
                    not_written(unwritten, shown, folder, error)
                })
            }
            Self::Guessed { folder, name } => {
                let written = folder.write(name, &[(".p7s", der)])?;
                Ok(written.into_iter().next().unwrap_or_default())
            }
        }
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
        let out = OutFolder::open(Some(folder.path())).unwrap();
        let targets = for_names(&names_of_files, &out);
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
        for out in ["file/missing", "file"] {
            let out = folder.path().join(out);
            let line = plan(&file, Some(&out))
                .unwrap_err()
                .line(crate::messages::Language::English);
            assert!(line.contains(out.to_str().unwrap()), "{line}");
        }
    }
}
