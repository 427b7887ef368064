//! Writes a file so that its name holds all of it, or what it held before.
//!
//! **Invariant:** the bytes are on the disk under another name before they get theirs, and a file that was not finished
//! disappears.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use podpis::core::journal::open_regular;
use tempfile::NamedTempFile;

use crate::failure::Failure;
use crate::files::read_at_most;
use crate::messages::Message;

/// Who may read a file.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Readers {
    /// As any other file: a signature is no secret.
    Anybody,
    /// Its owner.
    Owner,
}

/// Makes a folder for results, where it is not there.
pub(crate) fn made(folder: &Path) -> Result<(), Failure> {
    fs::create_dir_all(folder).map_err(|error| no_folder(folder, error))
}

/// The folder without links and detours, if a file can be written there.
pub(crate) fn usable(folder: &Path) -> Result<PathBuf, Failure> {
    usable_for(folder, folder)
}

/// The same, told as a failure of the folder that was asked for.
fn usable_for(asked: &Path, folder: &Path) -> Result<PathBuf, Failure> {
    let real = fs::canonicalize(folder).map_err(|error| no_folder(asked, error))?;
    if !real.is_dir() {
        return Err(no_folder(asked, io::ErrorKind::NotADirectory.into()));
    }
    // Permissions, read-only disks and full ones show themselves only when somebody writes.
    temporary(&real, Readers::Anybody).map_err(|error| {
        let shown = asked.display().to_string();
        Failure::usage(Message::FolderNotWritable(shown)).with_source(error)
    })?;
    Ok(real)
}

/// Likewise for a folder that may not be there yet, if it can be made.
pub(crate) fn makeable(folder: &Path) -> Result<PathBuf, Failure> {
    let path = std::path::absolute(folder).map_err(|error| no_folder(folder, error))?;
    let there = nearest(&path);
    let real = usable_for(folder, there)?;
    Ok(match path.strip_prefix(there) {
        Ok(rest) if !rest.as_os_str().is_empty() => real.join(rest),
        _ => real,
    })
}

/// The path, or the nearest above it that is there.
pub(crate) fn nearest(path: &Path) -> &Path {
    let mut parts = path.ancestors();
    let there = parts.find(|part| fs::symlink_metadata(part).is_ok());
    there.unwrap_or(path)
}

fn no_folder(folder: &Path, error: io::Error) -> Failure {
    let shown = folder.display().to_string();
    if folder.is_file() {
        return Failure::usage(Message::FolderIsFile(shown));
    }
    Failure::usage(Message::NoFolder(shown)).with_source(error)
}

/// That something could not be written into a folder, which may have become a file meanwhile.
pub(crate) fn not_written(
    unwritten: Message,
    target: &Path,
    folder: &Path,
    error: io::Error,
) -> Failure {
    let there = nearest(folder);
    if there.is_file() {
        return Failure::failed(
            "output",
            Message::FolderBecameFile {
                target: target.display().to_string(),
                folder: there.display().to_string(),
            },
        );
    }
    Failure::failed("output", unwritten).with_source(error)
}

/// Writes it in the place of what may be there.
pub(crate) fn replace(
    folder: &Path,
    name: impl AsRef<Path>,
    bytes: &[u8],
    readers: Readers,
) -> io::Result<()> {
    let file = forced(folder, bytes, readers)?;
    let place = folder.join(name);
    file.persist(place).map_err(|error| error.error)?;
    force(folder);
    Ok(())
}

/// Writes it where nothing is; false if something else is there.
pub(crate) fn add(folder: &Path, name: impl AsRef<Path>, bytes: &[u8]) -> io::Result<bool> {
    let place = folder.join(name);
    match forced(folder, bytes, Readers::Anybody)?.persist_noclobber(&place) {
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => {
            Ok(may_add(&place, bytes))
        }
        Err(error) => Err(error.error),
        Ok(_) => {
            force(folder);
            Ok(true)
        }
    }
}

/// Whether the name is free, or holds these very bytes already.
pub(crate) fn may_add(place: &Path, bytes: &[u8]) -> bool {
    match fs::symlink_metadata(place) {
        Err(error) => error.kind() == io::ErrorKind::NotFound,
        Ok(data) => {
            let length = bytes.len() as u64;
            data.is_file()
                && data.len() == length
                && open_regular(place, OpenOptions::new().read(true))
                    .and_then(|file| read_at_most(file, length))
                    .is_ok_and(|there| there.as_deref() == Some(bytes))
        }
    }
}

fn forced(folder: &Path, bytes: &[u8], readers: Readers) -> io::Result<NamedTempFile> {
    let mut file = temporary(folder, readers)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    Ok(file)
}

/// A file that disappears unless it is renamed.
fn temporary(folder: &Path, readers: Readers) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".podpis-").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = match readers {
            Readers::Anybody => 0o666,
            Readers::Owner => 0o600,
        };
        builder.permissions(fs::Permissions::from_mode(mode));
    }
    #[cfg(not(unix))]
    let _ = readers;
    let file = builder.tempfile_in(folder);
    file.map_err(|error| without_path(&error))
}

/// What the system said about a temporary file, whose name says nothing to anybody.
pub(crate) fn without_path(error: &io::Error) -> io::Error {
    let text = error.to_string();
    let said = text.split(" at path ").next().unwrap_or(&text);
    io::Error::new(error.kind(), said)
}

/// Forces the new name to the disk, where folders can be forced.
fn force(folder: &Path) {
    // Some systems cannot open or force a folder; the file itself is on the disk by now.
    if let Ok(folder) = fs::File::open(folder) {
        let _ = folder.sync_all();
    }
}
