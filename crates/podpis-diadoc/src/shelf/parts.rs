//! Cuts a file into parts, from memory or from disk.
//!
//! **Invariant:** a file that is not what it was when the upload began is an error that names it, and nothing is
//! signed.

use std::path::PathBuf;

use bytes::{Bytes, BytesMut};
use podpis_core::{Error, ErrorKind};
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _};

use super::FILE_LIMIT;

/// A file that can be read part by part, any part again.
#[derive(Debug)]
pub(crate) enum Parts {
    Bytes(Bytes),
    Path {
        path: PathBuf,
        file: tokio::fs::File,
        size: u64,
    },
}

impl Parts {
    pub(crate) fn of_bytes(name: &str, bytes: &Bytes) -> Result<Self, Error> {
        check_size(name, bytes.len() as u64)?;
        Ok(Self::Bytes(bytes.clone()))
    }

    pub(crate) async fn of_path(path: &PathBuf) -> Result<Self, Error> {
        let shown = path.display().to_string();
        let failed = |error: std::io::Error| {
            Error::new(ErrorKind::InvalidInput, format!("{shown} cannot be read"))
                .with_source(error)
        };
        let file = tokio::fs::File::open(path).await.map_err(failed)?;
        let metadata = file.metadata().await.map_err(failed)?;
        if !metadata.is_file() {
            return Err(Error::new(
                ErrorKind::InvalidInput,
                format!("{shown} is not a file"),
            ));
        }
        check_size(&shown, metadata.len())?;
        Ok(Self::Path {
            path: path.clone(),
            file,
            size: metadata.len(),
        })
    }

    pub(crate) fn size(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::Path { size, .. } => *size,
        }
    }

    /// The bytes from `offset`, at most `length`, fewer only at the end of the file.
    pub(crate) async fn read(&mut self, offset: u64, length: usize) -> Result<Bytes, Error> {
        let wanted = self.size().saturating_sub(offset).min(length as u64);
        match self {
            Self::Bytes(bytes) => {
                let start = usize::try_from(offset)
                    .unwrap_or(bytes.len())
                    .min(bytes.len());
                let end = start.saturating_add(length).min(bytes.len());
                Ok(bytes.slice(start..end))
            }
            Self::Path { path, file, size } => {
                let changed = || {
                    Error::new(
                        ErrorKind::InvalidInput,
                        format!("{} changed while it was being read", path.display()),
                    )
                };
                let failed = |error: std::io::Error| {
                    Error::new(
                        ErrorKind::InvalidInput,
                        format!("{} cannot be read", path.display()),
                    )
                    .with_source(error)
                };
                if file.metadata().await.map_err(failed)?.len() != *size {
                    return Err(changed());
                }
                file.seek(std::io::SeekFrom::Start(offset))
                    .await
                    .map_err(failed)?;
                let mut part = BytesMut::zeroed(usize::try_from(wanted).unwrap_or(length));
                match file.read_exact(&mut part).await {
                    Ok(_) => Ok(part.freeze()),
                    Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
                        Err(changed())
                    }
                    Err(error) => Err(failed(error)),
                }
            }
        }
    }
}

fn check_size(name: &str, size: u64) -> Result<(), Error> {
    let problem = if size == 0 {
        "is empty: there is nothing to sign".to_owned()
    } else if size > FILE_LIMIT {
        format!("has {size} bytes, and the service takes at most {FILE_LIMIT} (400 MB)")
    } else {
        return Ok(());
    };
    Err(Error::new(
        ErrorKind::InvalidInput,
        format!("{name} {problem}"),
    ))
}
