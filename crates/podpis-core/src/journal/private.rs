//! Decides which files are believed: those that nobody else may have written.
//!
//! What is in the folder of a journal decides what is sent and what is handed out as a signature, so that it is taken as
//! ssh takes its keys: only from its owner.
//!
//! **Invariant:** nothing waits for ever (a pipe) and nothing grows without bound (a device, a huge file); an error names
//! the file, and on Unix its mode.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, ErrorKind, Read as _};
use std::path::Path;

use super::regular::open_known;

/// A larger file is no record and no note: the largest records hold some hundred signatures.
pub const LARGEST_FILE: u64 = 64 * 1024 * 1024;

/// Reads a file that nobody else may have written.
///
/// # Errors
/// [`ErrorKind::NotFound`] when there is none; [`ErrorKind::PermissionDenied`] when others may write it; and when it is
/// not a regular file, is larger than [`LARGEST_FILE`], or cannot be read.
pub fn read_private(path: &Path) -> io::Result<Vec<u8>> {
    PrivateFile::open(path)?.read(LARGEST_FILE)
}

/// A file that nobody else may have written, before it is read.
#[derive(Debug)]
pub(super) struct PrivateFile {
    file: File,
    known: Metadata,
}

impl PrivateFile {
    /// As [`read_private`].
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let (file, known) = open_known(path, OpenOptions::new().read(true))?;
        must_be_private(path, &known)?;
        Ok(Self { file, known })
    }

    /// What the system says of it. It has so many bytes unless somebody is writing it.
    pub(super) fn known(&self) -> &Metadata {
        &self.known
    }

    /// All of it, which is an error where there are more bytes than that.
    pub(super) fn read(self, longest: u64) -> io::Result<Vec<u8>> {
        let too_large = || {
            let text = format!("it is larger than {longest} bytes");
            io::Error::new(ErrorKind::InvalidData, text)
        };
        let length = self.known.len();
        if length > longest {
            return Err(too_large());
        }
        // One more byte is asked for than there should be: what gives fewer is at its end.
        let length = usize::try_from(length).unwrap_or_default();
        let mut bytes = vec![0; length + 1];
        let read = match (&self.file).read(&mut bytes) {
            Err(error) if error.kind() == ErrorKind::Interrupted => 0,
            read => read?,
        };
        bytes.truncate(read);
        if read != length {
            let rest = (longest + 1).saturating_sub(read as u64);
            self.file.take(rest).read_to_end(&mut bytes)?;
        }
        match bytes.len() as u64 > longest {
            true => Err(too_large()),
            false => Ok(bytes),
        }
    }
}

/// Whether a file could not be read because there is no room for it just now: that says nothing of the file.
pub(super) fn has_no_room(error: &io::Error) -> bool {
    #[cfg(unix)]
    {
        use rustix::io::Errno;

        let errors = [Errno::MFILE, Errno::NFILE, Errno::NOMEM];
        Errno::from_io_error(error).is_some_and(|error| errors.contains(&error))
    }
    #[cfg(not(unix))]
    {
        error.kind() == ErrorKind::OutOfMemory
    }
}

/// Whether a folder is one in which nobody else may put or replace files.
///
/// # Errors
/// [`ErrorKind::PermissionDenied`] when others may write it; and when it cannot be looked at.
pub fn private_folder(path: &Path) -> io::Result<()> {
    must_be_private(path, &fs::metadata(path)?)
}

#[cfg(unix)]
fn must_be_private(path: &Path, known: &Metadata) -> io::Result<()> {
    use std::os::unix::fs::MetadataExt as _;

    /// Write for the group, and for all others.
    const OTHERS_WRITE: u32 = 0o022;
    let shown = path.display();
    let mode = known.mode() & 0o7777;
    let refused = |text| Err(io::Error::new(ErrorKind::PermissionDenied, text));
    if mode & OTHERS_WRITE != 0 {
        return refused(format!(
            "{shown} may be written by others (mode {mode:04o}): chmod go-w {shown}"
        ));
    }
    let (owner, own) = (known.uid(), rustix::process::geteuid().as_raw());
    if owner != own && owner != 0 {
        return refused(format!(
            "{shown} belongs to user {owner} and not to user {own} (mode {mode:04o})"
        ));
    }
    Ok(())
}

/// Elsewhere the folder of the user is what keeps others out.
#[cfg(not(unix))]
fn must_be_private(_path: &Path, _known: &Metadata) -> io::Result<()> {
    Ok(())
}
