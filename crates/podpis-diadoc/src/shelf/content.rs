//! Makes a file ready for a signing request: its content as the request names it, and its fingerprint.
//!
//! **Invariant:** the fingerprint is made from the very bytes that are sent.

use bytes::Bytes;
use podpis_cms::Digests;
use podpis_core::parts::Parts;
use podpis_core::{Error, ErrorKind};
use podpis_diadoc_proto::{ContentV2, ContentV3, DocumentId, DocumentIdEx};
use podpis_operation::Fingerprint;

use super::upload::upload;
use super::{FILE_LIMIT, INLINE_LIMIT, INLINE_TOTAL, UploadSettings};
use crate::file::Source;
use crate::{BoxId, Diadoc, EntityId, File, MessageId, PatchedContentId, ShelfName};

/// A file that is ready to be signed.
#[derive(Debug)]
pub(crate) struct Prepared {
    content: Content,
    pub(crate) fingerprint: Fingerprint,
}

/// How the request names the bytes.
#[derive(Debug)]
enum Content {
    Inline(Bytes),
    Shelf(ShelfName),
    Entity {
        in_box: BoxId,
        message: MessageId,
        entity: EntityId,
    },
    Patched(PatchedContentId),
}

impl Prepared {
    /// The name on the shelf, where the bytes are there.
    pub(crate) fn on_shelf(&self) -> Option<&ShelfName> {
        match &self.content {
            Content::Shelf(name) => Some(name),
            _ => None,
        }
    }

    /// As CloudSign names it: a document by its box, message and entity.
    pub(crate) fn content_v2(&self) -> ContentV2 {
        let content = ContentV2::new();
        match &self.content {
            Content::Inline(bytes) => content.with_content(bytes.clone()),
            Content::Shelf(name) => content.with_name_on_shelf(name.as_str()),
            Content::Entity {
                in_box,
                message,
                entity,
            } => content.with_document_id(DocumentIdEx::new(
                message.as_str(),
                entity.as_str(),
                in_box.as_str(),
            )),
            Content::Patched(id) => content.with_patched_content_id(id.as_str()),
        }
    }

    /// As DssSign names it: a document by its message and entity, in the box of the request.
    pub(crate) fn content_v3(&self) -> ContentV3 {
        let content = ContentV3::new();
        match &self.content {
            Content::Inline(bytes) => content.with_content(bytes.clone()),
            Content::Shelf(name) => content.with_name_on_shelf(name.as_str()),
            Content::Entity {
                in_box: _,
                message,
                entity,
            } => content.with_entity_id(DocumentId::new(message.as_str(), entity.as_str())),
            Content::Patched(id) => content.with_patched_content_id(id.as_str()),
        }
    }
}

/// Reads, hashes and, where needed, uploads the files. All are looked at before the first byte is sent.
pub(crate) async fn prepare(
    diadoc: &Diadoc,
    settings: &UploadSettings,
    files: &[File],
) -> Result<Vec<Prepared>, Error> {
    if files.is_empty() {
        return Err(Error::new(
            ErrorKind::InvalidInput,
            "there are no files to sign",
        ));
    }
    let mut opened = Vec::with_capacity(files.len());
    for file in files {
        opened.push(open(file).await?);
    }
    let mut inline = 0;
    let mut prepared = Vec::with_capacity(files.len());
    for (position, (file, opened)) in files.iter().zip(opened).enumerate() {
        prepared.push(match opened {
            None => elsewhere(file)?,
            Some((mut parts, stays_at)) => {
                let size = parts.size();
                if file.goes_by_shelf() || size > INLINE_LIMIT || inline + size > INLINE_TOTAL {
                    let (name, digests) =
                        upload(diadoc, settings, file, position, &mut parts).await?;
                    Prepared {
                        content: Content::Shelf(name),
                        fingerprint: fingerprint(file, size, &digests, stays_at),
                    }
                } else {
                    inline += size;
                    let bytes = parts
                        .read(0, usize::try_from(size).unwrap_or(usize::MAX))
                        .await?;
                    let mut digests = file.digests();
                    digests.update(&bytes);
                    let digests = digests.finish();
                    Prepared {
                        content: Content::Inline(bytes),
                        fingerprint: fingerprint(file, size, &digests, stays_at),
                    }
                }
            }
        });
    }
    Ok(prepared)
}

/// Puts a file on the shelf; gives the same file as one that is there, with its digests still known.
pub(crate) async fn put_on_shelf(diadoc: &Diadoc, file: &File) -> Result<File, Error> {
    let Some((mut parts, stays_at)) = open(file).await? else {
        let text = format!(
            "{} is at the service already and cannot be put on the shelf",
            file.name()
        );
        return Err(Error::new(ErrorKind::InvalidInput, text));
    };
    let (name, digests) = upload(diadoc, diadoc.uploads(), file, 0, &mut parts).await?;
    let known = fingerprint(file, parts.size(), &digests, stays_at);
    Ok(file.put_on_shelf(name, known))
}

/// The file's bytes, and where they stay; none for a file whose bytes are at the service.
async fn open(file: &File) -> Result<Option<(Parts, Option<Box<str>>)>, Error> {
    if file.name().trim().is_empty() {
        return Err(Error::new(
            ErrorKind::InvalidInput,
            "a file has no name, and the signer is shown names only",
        ));
    }
    let Source::Here(here) = file.source() else {
        return Ok(None);
    };
    let parts = here.open(FILE_LIMIT).await?;
    let stays_at = file.stays_at(&parts)?;
    Ok(Some((parts, stays_at)))
}

fn elsewhere(file: &File) -> Result<Prepared, Error> {
    let empty = |what: &str| {
        Error::new(
            ErrorKind::InvalidInput,
            format!("{}: the {what} is empty", file.name()),
        )
    };
    let content = match file.source() {
        Source::Shelf(name) if name.as_str().is_empty() => {
            return Err(empty("name on the shelf"));
        }
        Source::Shelf(name) => Content::Shelf(name.clone()),
        Source::Entity {
            in_box,
            message,
            entity,
        } => {
            if message.as_str().is_empty() || entity.as_str().is_empty() {
                return Err(empty("message or the entity"));
            }
            Content::Entity {
                in_box: in_box.clone(),
                message: message.clone(),
                entity: entity.clone(),
            }
        }
        Source::Patched(id) if id.as_str().is_empty() => return Err(empty("patched content id")),
        Source::Patched(id) => Content::Patched(id.clone()),
        Source::Here(_) => return Err(empty("content")),
    };
    Ok(Prepared {
        content,
        fingerprint: file.known(),
    })
}

fn fingerprint(
    file: &File,
    size: u64,
    digests: &Digests,
    stays_at: Option<Box<str>>,
) -> Fingerprint {
    Fingerprint {
        name: file.name().to_owned(),
        size: Some(size),
        digests: digests.iter().collect(),
        stays_at,
    }
}
