//! Cuts a file into parts, from memory or from disk.
//!
//! **Invariant:** a file that is not what it was when it was opened is an error that names it; a part is never
//! made of bytes of two states.

use std::fmt;
use std::fs::{File, Metadata};
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use bytes::{Bytes, BytesMut};

use crate::wait::compute;
use crate::{Error, ErrorKind};

/// A file that can be read part by part, any part again. Between two parts nothing of a file on disk is in
/// memory.
pub struct Parts {
    name: String,
    size: u64,
    source: Source,
}

enum Source {
    Bytes(Bytes),
    Path {
        path: PathBuf,
        /// Locked while it is read: whoever gave up a part may leave a thread behind that still does.
        file: Arc<Mutex<File>>,
        /// When it was last written, where the system says so: a file may be rewritten with the same size.
        modified: Option<SystemTime>,
    },
}

impl Parts {
    /// Bytes that are in memory; `name` stands in error texts. They are not copied.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] when there are none, or more than `limit`.
    pub fn of_bytes(name: &str, bytes: &Bytes, limit: u64) -> Result<Self, Error> {
        let size = bytes.len() as u64;
        check_size(name, size, limit)?;
        Ok(Self {
            name: name.to_owned(),
            size,
            source: Source::Bytes(bytes.clone()),
        })
    }

    /// A file on disk, which stays open. Its size is taken now.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`], with the path, when it cannot be opened, is no file, is empty, or has more
    /// than `limit` bytes.
    pub async fn of_path(path: &Path, limit: u64) -> Result<Self, Error> {
        let name = path.display().to_string();
        let opened = path.to_owned();
        let (file, metadata) = compute(move || opened_at(&opened))
            .await
            .map_err(|error| unreadable(&name, error))?;
        if !metadata.is_file() {
            return Err(invalid(format!("{name} is not a file")));
        }
        check_size(&name, metadata.len(), limit)?;
        Ok(Self {
            name,
            size: metadata.len(),
            source: Source::Path {
                path: path.to_owned(),
                file: Arc::new(Mutex::new(file)),
                modified: metadata.modified().ok(),
            },
        })
    }

    /// What it is called in error texts: the name that was given, or the path.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where it is on disk, if it is there.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        match &self.source {
            Source::Bytes(_) => None,
            Source::Path { path, .. } => Some(path),
        }
    }

    /// How many bytes it has; at least one.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The bytes from `offset`, at most `length`, fewer only at the end of the file.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`], with its name, when it cannot be read or is not what it was when it was opened.
    pub async fn read(&mut self, offset: u64, length: usize) -> Result<Bytes, Error> {
        let wanted = self.size.saturating_sub(offset).min(length as u64);
        match &mut self.source {
            Source::Bytes(bytes) => {
                let start = usize::try_from(offset)
                    .unwrap_or(bytes.len())
                    .min(bytes.len());
                let end = start.saturating_add(length).min(bytes.len());
                Ok(bytes.slice(start..end))
            }
            Source::Path { file, modified, .. } => {
                let name = &self.name;
                let file = Arc::clone(file);
                // Made here: what other threads allocate, the allocator keeps for each of them.
                let part = BytesMut::zeroed(usize::try_from(wanted).unwrap_or(length));
                match compute(move || read_at(&file, offset, part)).await {
                    Ok((part, known))
                        if known.len() == self.size && known.modified().ok() == *modified =>
                    {
                        Ok(part)
                    }
                    Err(error) if error.kind() != io::ErrorKind::UnexpectedEof => {
                        Err(unreadable(name, error))
                    }
                    _ => Err(changed(name)),
                }
            }
        }
    }
}

impl fmt::Debug for Parts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Parts")
            .field("name", &self.name)
            .field("size", &self.size)
            .finish_non_exhaustive()
    }
}

fn opened_at(path: &Path) -> io::Result<(File, Metadata)> {
    let file = File::open(path)?;
    let metadata = file.metadata()?;
    Ok((file, metadata))
}

fn read_at(file: &Mutex<File>, offset: u64, mut part: BytesMut) -> io::Result<(Bytes, Metadata)> {
    // Where it stands is set anew each time.
    let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
    file.seek(SeekFrom::Start(offset))?;
    file.read_exact(&mut part)?;
    // Looked at after the reading, so that a change before it and one during it are both seen.
    let metadata = file.metadata()?;
    Ok((part.freeze(), metadata))
}

fn check_size(name: &str, size: u64, limit: u64) -> Result<(), Error> {
    if size == 0 {
        Err(invalid(format!(
            "{name} is empty: there is nothing to send"
        )))
    } else if size > limit {
        Err(invalid(format!(
            "{name} has {size} bytes, and the service takes at most {limit} ({})",
            in_words(limit)
        )))
    } else {
        Ok(())
    }
}

/// A limit in the unit that services name it in.
fn in_words(bytes: u64) -> String {
    const MEGABYTE: u64 = 1024 * 1024;
    const GIGABYTE: u64 = 1024 * MEGABYTE;
    if bytes >= GIGABYTE {
        format!("{} GB", bytes / GIGABYTE)
    } else if bytes >= MEGABYTE {
        format!("{} MB", bytes / MEGABYTE)
    } else {
        format!("{} kB", bytes / 1024)
    }
}

fn changed(name: &str) -> Error {
    invalid(format!("{name} changed while it was being read"))
}

fn unreadable(name: &str, error: io::Error) -> Error {
    invalid(format!("{name} cannot be read: {error}")).with_source(error)
}

fn invalid(text: String) -> Error {
    Error::new(ErrorKind::InvalidInput, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn any_part_can_be_read_again_and_the_last_is_shorter() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("act.xml");
        std::fs::write(&path, b"0123456789").unwrap();
        let bytes = Bytes::from_static(b"0123456789");
        for mut parts in [
            Parts::of_path(&path, 10).await.unwrap(),
            Parts::of_bytes("act.xml", &bytes, 10).unwrap(),
        ] {
            assert_eq!(parts.size(), 10);
            for (offset, expected) in [(0, "0123"), (8, "89"), (4, "4567"), (8, "89"), (10, "")] {
                assert_eq!(parts.read(offset, 4).await.unwrap(), expected, "{offset}");
            }
        }
    }

    #[tokio::test]
    async fn a_file_that_changes_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("act.xml");
        for change in [&b"0123"[..], b"0123456789!", b"9876543210"] {
            std::fs::write(&path, b"0123456789").unwrap();
            let past = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000);
            let file = std::fs::File::options().write(true).open(&path).unwrap();
            file.set_modified(past).unwrap();
            let mut parts = Parts::of_path(&path, 100).await.unwrap();
            parts.read(0, 4).await.unwrap();
            std::fs::write(&path, change).unwrap();
            let error = parts.read(4, 4).await.unwrap_err();
            assert!(
                error
                    .to_string()
                    .ends_with("changed while it was being read")
            );
            assert!(error.to_string().contains("act.xml"), "{error}");
        }
    }

    #[tokio::test]
    async fn what_cannot_be_sent_is_told_before_it_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let error = Parts::of_path(folder.path(), 1).await.unwrap_err();
        assert!(error.to_string().ends_with("is not a file"), "{error}");
        let missing = Parts::of_path(&folder.path().join("none"), 1).await;
        assert!(
            missing
                .unwrap_err()
                .to_string()
                .contains("cannot be read: ")
        );
        for (size, limit, expected) in [
            (0, 1, "a is empty: there is nothing to send"),
            (
                2048,
                1024,
                "a has 2048 bytes, and the service takes at most 1024 (1 kB)",
            ),
        ] {
            let bytes = Bytes::from(vec![0; size]);
            let error = Parts::of_bytes("a", &bytes, limit).unwrap_err();
            assert_eq!(error.to_string(), expected);
        }
        assert_eq!(in_words(400 * 1024 * 1024), "400 MB");
        assert_eq!(in_words(30 * 1024 * 1024 * 1024), "30 GB");
    }
}
