//! What is signed, and where its bytes are.
//!
//! **Invariant:** exactly one source per file, by type: a file cannot have bytes and a shelf name at once, and
//! cannot have neither.

use std::fmt;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use podpis_cms::{Certificate, DigestAlgorithm, DigestBuilder, Digests};
use podpis_core::local_file::LocalFile;
use podpis_core::parts::Parts;
use podpis_core::{Error, ErrorKind};
use podpis_operation::Fingerprint;

use crate::{BoxId, EntityId, MessageId, PatchedContentId, ShelfName};

/// A file to be signed.
#[derive(Clone)]
pub struct File {
    name: String,
    source: Source,
    by_shelf: bool,
    /// The digests that are made of bytes that are sent.
    digests: Vec<DigestAlgorithm>,
    /// Whether a file on disk is there as it is until the operation has ended.
    stays: bool,
    /// What bytes that are at the service are known by, where they were here once.
    known: Option<Fingerprint>,
}

/// Where the bytes are.
#[derive(Clone)]
pub(crate) enum Source {
    Here(LocalFile),
    Shelf(ShelfName),
    Entity {
        in_box: BoxId,
        message: MessageId,
        entity: EntityId,
    },
    Patched(PatchedContentId),
}

impl File {
    /// A file on disk, shown to the signer under its file name. It is read when the operation starts.
    pub fn path(path: impl Into<PathBuf>) -> Self {
        LocalFile::path(path).into()
    }

    /// A file on disk that **stays there as it is until the operation has ended**, by the word of the caller. While it is
    /// sent only its SHA-256 is made, which is a twelfth of the work; the digest that a signature turns out to be of is made
    /// from the file when the signature is there, and the file must still have that SHA-256. Where it has not, or cannot be
    /// read, the signature is not accepted until the file is there again.
    ///
    /// The record has the path, so another process that goes on needs the same one.
    pub fn path_that_stays(path: impl Into<PathBuf>) -> Self {
        Self {
            digests: vec![DigestAlgorithm::Sha256],
            stays: true,
            ..Self::path(path)
        }
    }

    /// Bytes in memory, shown to the signer under `name`.
    pub fn bytes(name: impl Into<String>, bytes: impl Into<Bytes>) -> Self {
        LocalFile::bytes(name, bytes).into()
    }

    /// A file that is already on the user's shelf. Its bytes are not here, so which signature is for it can be
    /// checked only later, with the bytes.
    pub fn on_shelf(name: impl Into<String>, shelf: &ShelfName) -> Self {
        Self::new(name, Source::Shelf(shelf.clone()))
    }

    /// A document that is already in Diadoc; its bytes are not here either.
    pub fn entity(
        name: impl Into<String>,
        in_box: &BoxId,
        message: &MessageId,
        entity: &EntityId,
    ) -> Self {
        Self::new(
            name,
            Source::Entity {
                in_box: in_box.clone(),
                message: message.clone(),
                entity: entity.clone(),
            },
        )
    }

    /// A content that Diadoc prepared for signing; its bytes are not here either.
    pub fn patched(name: impl Into<String>, content: &PatchedContentId) -> Self {
        Self::new(name, Source::Patched(content.clone()))
    }

    fn new(name: impl Into<String>, source: Source) -> Self {
        Self {
            name: name.into(),
            source,
            by_shelf: false,
            digests: DigestAlgorithm::of_signer(None),
            stays: false,
            known: None,
        }
    }

    /// The bytes of a file that is at the service already. They are not sent: the signature is checked to be of them.
    /// Bytes that are sent are known without it.
    #[must_use]
    pub fn with_content(mut self, bytes: &[u8]) -> Self {
        let mut known = Fingerprint::named(self.name.as_str());
        known.size = Some(bytes.len() as u64);
        known.digests = Digests::of(bytes).iter().collect();
        self.known = Some(known);
        self
    }

    /// The certificate that will sign, where it is known: of the bytes that are sent only the digests are made that a
    /// signature by its key can be of, and those of GOST take most of an upload's work. A signature by another key could
    /// not be checked to be of this file.
    #[must_use]
    pub fn signed_by(mut self, certificate: &Certificate) -> Self {
        self.digests = DigestAlgorithm::of_signer(Some(certificate));
        self
    }

    /// Shows the file to the signer under another name.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// Sends the bytes by the shelf even if they would fit into the request.
    #[must_use]
    pub fn by_shelf(mut self) -> Self {
        self.by_shelf = true;
        self
    }

    /// The name that the signer sees.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The name on the shelf, for a file that is there.
    #[must_use]
    pub fn shelf_name(&self) -> Option<&ShelfName> {
        match &self.source {
            Source::Shelf(name) => Some(name),
            _ => None,
        }
    }

    /// This file after its bytes were put on the shelf.
    pub(crate) fn put_on_shelf(&self, name: ShelfName, known: Fingerprint) -> Self {
        Self {
            known: Some(known),
            ..Self::new(self.name.as_str(), Source::Shelf(name))
        }
    }

    /// What is known of bytes that are at the service, under the name that the signer sees.
    pub(crate) fn known(&self) -> Fingerprint {
        let mut known = Fingerprint::named(self.name.as_str());
        if let Some(earlier) = &self.known {
            known.clone_from(earlier);
            known.name.clone_from(&self.name);
        }
        known
    }

    /// Where its bytes stay until the operation has ended, where that was promised: they were opened as these.
    ///
    /// # Errors
    /// [`InvalidInput`](ErrorKind::InvalidInput) for a path that is no text, and for a file that is not there.
    pub(crate) fn stays_at(&self, opened: &Parts) -> Result<Option<Box<str>>, Error> {
        let Some(path) = opened.path().filter(|_| self.stays) else {
            return Ok(None);
        };
        let invalid = |text: String| Error::new(ErrorKind::InvalidInput, text);
        // A link may lead elsewhere later.
        let whole = std::fs::canonicalize(path).map_err(|error| {
            invalid(format!("{} cannot be read: {error}", path.display())).with_source(error)
        })?;
        let text = whole.into_os_string().into_string().map_err(|whole| {
            invalid(format!(
                "the path {} is not Unicode, and a record could not have it",
                whole.display()
            ))
        })?;
        Ok(Some(text.into_boxed_str()))
    }

    /// Makes the digests of the bytes that are sent.
    pub(crate) fn digests(&self) -> DigestBuilder {
        DigestBuilder::new(&self.digests)
    }

    pub(crate) fn source(&self) -> &Source {
        &self.source
    }

    pub(crate) fn goes_by_shelf(&self) -> bool {
        self.by_shelf
    }
}

impl From<LocalFile> for File {
    fn from(file: LocalFile) -> Self {
        Self::new(file.name().to_owned(), Source::Here(file))
    }
}

impl From<&Path> for File {
    fn from(path: &Path) -> Self {
        Self::path(path)
    }
}

impl fmt::Debug for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("File");
        out.field("name", &self.name);
        match &self.source {
            Source::Here(file) => out.field("file", file),
            Source::Shelf(name) => out.field("shelf", name),
            Source::Entity {
                in_box,
                message,
                entity,
            } => out
                .field("box", in_box)
                .field("message", message)
                .field("entity", entity),
            Source::Patched(id) => out.field("patched", id),
        };
        out.finish()
    }
}
