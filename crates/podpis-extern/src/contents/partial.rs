//! Keeps what came down of a content until it is whole.
//!
//! **Invariant:** the file under its own name is whole and on disk, or it is what it was before. A partial file holds
//! a beginning of one content, named by its id, and one program at a time writes to it.

use std::io::SeekFrom;
use std::path::{Path, PathBuf};

use podpis_core::{Error, ErrorKind};
use podpis_extern_model::ContentId;
use tokio::fs::File;
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _, AsyncWriteExt as _};

/// How much of a partial file is read at once.
const PIECE: usize = 1024 * 1024;

/// How often a partial file may be finished by others between its opening and its lock.
const ATTEMPTS: u32 = 8;

/// A file that is not whole yet.
pub(super) struct Partial {
    target: PathBuf,
    temporary: PathBuf,
    file: File,
}

impl Partial {
    /// Takes up the partial file of this content, or begins one.
    pub(super) async fn open(target: &Path, content: &ContentId) -> Result<Self, Error> {
        let Some(name) = target.file_name() else {
            let text = format!("{} is not the name of a file", target.display());
            return Err(Error::new(ErrorKind::InvalidInput, text));
        };
        if tokio::fs::metadata(target)
            .await
            .is_ok_and(|there| there.is_dir())
        {
            let text = format!("{} is a folder", target.display());
            return Err(Error::new(ErrorKind::InvalidInput, text));
        }
        let mut temporary_name = std::ffi::OsString::from(".");
        temporary_name.push(name);
        temporary_name.push(format!(".{}.part", plain(content.as_str())));
        let temporary = target.with_file_name(temporary_name);
        for _ in 0..ATTEMPTS {
            let file = opened(&temporary)
                .await
                .map_err(|error| unwritable(target, error))?;
            if let Err(std::fs::TryLockError::WouldBlock) = file.try_lock() {
                break;
            }
            // A file system without locks is no reason to give up.
            if is_still_at(&file, &temporary) {
                return Ok(Self {
                    target: target.to_owned(),
                    temporary,
                    file: File::from_std(file),
                });
            }
            // Another program finished it, or gave it up, before the lock was taken: this is not a partial file.
        }
        let text = format!(
            "{} is being downloaded by another program",
            target.display()
        );
        Err(Error::new(ErrorKind::InvalidInput, text))
    }

    /// Reads what is there, for its digest, and says how much that is. The last byte is left out: there is always
    /// something to ask for, so that the service always tells how long the content is.
    pub(super) async fn take_up(&mut self, mut read: impl FnMut(&[u8])) -> Result<u64, Error> {
        let failed = |error| unwritable(&self.target, error);
        let there = self.file.metadata().await.map_err(failed)?.len();
        let kept = there.saturating_sub(1);
        let mut left = kept;
        let mut piece = vec![0; PIECE];
        while left > 0 {
            let length = usize::try_from(left).unwrap_or(PIECE).min(PIECE);
            let piece = piece.get_mut(..length).unwrap_or_default();
            self.file.read_exact(piece).await.map_err(failed)?;
            read(piece);
            left -= length as u64;
        }
        self.cut(kept).await?;
        Ok(kept)
    }

    /// Forgets what is there.
    pub(super) async fn restart(&mut self) -> Result<(), Error> {
        self.cut(0).await
    }

    async fn cut(&mut self, length: u64) -> Result<(), Error> {
        let failed = |error| unwritable(&self.target, error);
        self.file.set_len(length).await.map_err(failed)?;
        self.file
            .seek(SeekFrom::Start(length))
            .await
            .map_err(failed)?;
        Ok(())
    }

    /// Adds a part, and has it on disk before it returns: a length that is there after a power failure is one of
    /// real bytes.
    pub(super) async fn append(&mut self, part: &[u8]) -> Result<(), Error> {
        let failed = |error| unwritable(&self.target, error);
        self.file.write_all(part).await.map_err(failed)?;
        self.file.flush().await.map_err(failed)?;
        self.file.sync_data().await.map_err(failed)
    }

    /// Gives the file its own name.
    pub(super) async fn finish(self) -> Result<(), Error> {
        let failed = |error| unwritable(&self.target, error);
        self.file.sync_all().await.map_err(failed)?;
        tokio::fs::rename(&self.temporary, &self.target)
            .await
            .map_err(failed)?;
        sync_folder(&self.target).await.map_err(failed)
    }

    /// Removes what was not what it should be, so that the next attempt begins anew.
    pub(super) async fn discard(self) {
        // Removed under the lock: a program that gets the lock after it sees that the file is gone.
        if let Err(error) = tokio::fs::remove_file(&self.temporary).await {
            tracing::warn!(%error, path = %self.temporary.display(), "a partial file was not removed");
        }
        drop(self.file);
    }
}

async fn opened(path: &Path) -> std::io::Result<std::fs::File> {
    let mut options = File::options();
    options.read(true).write(true).create(true).truncate(false);
    Ok(options.open(path).await?.into_std().await)
}

/// Whether the path still names the file that was opened by it. Only Unix lets others rename a file that is open.
#[cfg(unix)]
fn is_still_at(file: &std::fs::File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let (Ok(opened), Ok(there)) = (file.metadata(), std::fs::metadata(path)) else {
        return false;
    };
    (opened.dev(), opened.ino()) == (there.dev(), there.ino())
}

#[cfg(not(unix))]
fn is_still_at(_file: &std::fs::File, _path: &Path) -> bool {
    true
}

/// The new name is on disk when its folder is. Only Unix opens folders.
#[cfg(unix)]
async fn sync_folder(target: &Path) -> std::io::Result<()> {
    let folder = match target.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    File::open(folder).await?.sync_all().await
}

#[cfg(not(unix))]
#[expect(clippy::unused_async, reason = "the same shape on every system")]
async fn sync_folder(_target: &Path) -> std::io::Result<()> {
    Ok(())
}

/// An id as a part of a file name. Ids are UUIDs; anything else must not lead to another folder.
fn plain(id: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
    id.chars()
        .take(64)
        .map(|letter| if plain(letter) { letter } else { '_' })
        .collect()
}

fn unwritable(path: &Path, error: std::io::Error) -> Error {
    let text = format!("{} cannot be written: {error}", path.display());
    Error::new(ErrorKind::InvalidInput, text).with_source(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_there_is_taken_up_but_for_its_last_byte() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("act.xml");
        let mut partial = Partial::open(&target, &"c".into()).await.unwrap();
        assert_eq!(partial.take_up(|_| {}).await.unwrap(), 0);
        partial.append(b"0123").await.unwrap();
        drop(partial);
        let mut partial = Partial::open(&target, &"c".into()).await.unwrap();
        let mut read = Vec::new();
        let kept = partial.take_up(|piece| read.extend_from_slice(piece));
        assert_eq!(kept.await.unwrap(), 3);
        assert_eq!(read, b"012");
        partial.append(b"3456").await.unwrap();
        assert!(!target.exists());
        partial.finish().await.unwrap();
        assert_eq!(std::fs::read(&target).unwrap(), b"0123456");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[tokio::test]
    async fn one_program_at_a_time_and_one_file_per_content() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("act.xml");
        let first = Partial::open(&target, &"../c".into()).await.unwrap();
        let second = Partial::open(&target, &"../c".into()).await;
        assert!(
            second
                .err()
                .unwrap()
                .to_string()
                .ends_with("is being downloaded by another program")
        );
        let other = Partial::open(&target, &"d".into()).await.unwrap();
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
        first.discard().await;
        other.discard().await;
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_file_that_was_finished_or_given_up_since_it_was_opened_is_not_a_partial_one() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("act.xml");
        for is_finished in [true, false] {
            let partial = Partial::open(&target, &"c".into()).await.unwrap();
            let path = partial.temporary.clone();
            let opened = opened(&path).await.unwrap();
            assert!(is_still_at(&opened, &path));
            if is_finished {
                partial.finish().await.unwrap();
            } else {
                partial.discard().await;
            }
            assert!(!is_still_at(&opened, &path));
            // Also when somebody has begun another one there.
            let another = Partial::open(&target, &"c".into()).await.unwrap();
            assert!(!is_still_at(&opened, &path));
            another.discard().await;
        }
    }

    #[cfg(unix)]
    #[test]
    fn programs_that_come_and_go_at_once_never_cut_what_is_finished() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("act.xml");
        let program = || async {
            for _ in 0..200 {
                let Ok(mut partial) = Partial::open(&target, &"c".into()).await else {
                    continue;
                };
                partial.take_up(|_| {}).await.unwrap();
                partial.restart().await.unwrap();
                partial.append(b"0123456789").await.unwrap();
                partial.finish().await.unwrap();
                assert_eq!(std::fs::read(&target).unwrap(), b"0123456789");
            }
        };
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    let runtime = tokio::runtime::Builder::new_current_thread().build();
                    runtime.unwrap().block_on(program());
                });
            }
        });
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[tokio::test]
    async fn a_folder_is_no_target() {
        let folder = tempfile::tempdir().unwrap();
        for target in [folder.path(), Path::new("/"), Path::new("..")] {
            assert!(Partial::open(target, &"c".into()).await.is_err());
        }
    }
}
