//! The power of attorney that goes with a signature.
//!
//! **Invariant:** named in one way, by type; whether it is sent as a file can be said only where that counts.

use std::fmt;

use bytes::Bytes;
use podpis_core::{Error, ErrorKind};
use podpis_diadoc_proto::events::PowerOfAttorneyToPost;
use podpis_diadoc_proto::powers_of_attorney::{
    PowerOfAttorneyFullId, PowerOfAttorneySignedContent,
};
use podpis_diadoc_proto::{ContentV3, DocumentId};
use uuid::Uuid;

use super::rule::{Breach, Rule};
use crate::shelf::put_on_shelf;
use crate::{Diadoc, EntityId, File, MessageId, PatchedContentId, ShelfName};

/// A power of attorney, by which the signer acts for an organization.
#[derive(Clone, Debug, PartialEq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "the service knows these ways to name one"
)]
pub enum PowerOfAttorney {
    /// A registered one.
    FullId {
        /// Its registration number, a GUID, and the INNs of who issued it and of who acts by it.
        id: PowerOfAttorneyFullId,
        /// Whether the other side gets it as a file.
        as_file: bool,
    },
    /// The one that the service has for the user by default.
    Default {
        /// Whether the other side gets it as a file.
        as_file: bool,
    },
    /// A file with the signature of who issued it.
    Content(PowerOfAttorneyFile),
    /// Several such files: a chain of delegation.
    Contents(Vec<PowerOfAttorneyFile>),
    /// The one that is in the document itself.
    InDocument,
}

/// A power of attorney as a file, and the signature of who issued it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_structs,
    reason = "a file and its signature, as the service has it"
)]
pub struct PowerOfAttorneyFile {
    /// The XML.
    pub content: ContentSource,
    /// The detached signature of that XML.
    pub signature: ContentSource,
}

/// Where bytes are.
#[derive(Clone, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "the service knows these places")]
pub enum ContentSource {
    /// Here.
    Inline(Bytes),
    /// On the user's shelf.
    OnShelf(ShelfName),
    /// In a message of the box.
    Entity {
        /// The message.
        message: MessageId,
        /// The entity in it.
        entity: EntityId,
    },
    /// Among what Diadoc prepared for signing.
    Patched(PatchedContentId),
}

impl PowerOfAttorney {
    /// A registered one: its number, a GUID, and the INNs of who issued it and of who acts by it. The other side is told
    /// of it, not sent a file. Checked when the signature is built.
    pub fn registered(
        number: impl Into<String>,
        issuer_inn: impl Into<String>,
        representative_inn: impl Into<String>,
    ) -> Self {
        let id = PowerOfAttorneyFullId::new(number, issuer_inn);
        Self::FullId {
            id: id.with_representative_inn(representative_inn),
            as_file: false,
        }
    }

    /// The user's default one; the other side is told of it, not sent a file.
    #[must_use]
    pub fn by_default() -> Self {
        Self::Default { as_file: false }
    }

    pub(crate) fn check(&self) -> Result<(), Breach> {
        let problem = match self {
            Self::FullId { id, .. } if Uuid::try_parse(&id.registration_number).is_err() => {
                "the registration number of the power of attorney is no GUID"
            }
            Self::FullId { id, .. } if !is_inn(&id.issuer_inn) => {
                "the power of attorney does not name the INN of who issued it"
            }
            // The service refuses it since 2025-10-28, although the schema has it optional.
            Self::FullId { id, .. } if !id.representative_inn.as_deref().is_some_and(is_inn) => {
                "the power of attorney does not name the INN of who acts by it"
            }
            Self::Contents(files) if files.is_empty() => "there is no power of attorney",
            _ => return Ok(()),
        };
        Err(Breach::new(Rule::Poa1, problem))
    }

    /// With files that are here put on the shelf: what is posted is kept in a record, and a record holds no
    /// document.
    pub(crate) async fn by_shelf(self, diadoc: &Diadoc) -> Result<Self, Error> {
        Ok(match self {
            Self::Content(file) => Self::Content(file.by_shelf(diadoc).await?),
            Self::Contents(files) => {
                let mut on_shelf = Vec::with_capacity(files.len());
                for file in files {
                    on_shelf.push(file.by_shelf(diadoc).await?);
                }
                Self::Contents(on_shelf)
            }
            other => other,
        })
    }
}

/// As it is posted. `UseDefault` is always written, as the service requires.
impl From<&PowerOfAttorney> for PowerOfAttorneyToPost {
    fn from(own: &PowerOfAttorney) -> Self {
        let other = PowerOfAttorneyToPost::new(false);
        match own {
            PowerOfAttorney::FullId { id, as_file } => {
                other.with_full_id(id.clone()).with_send_as_file(*as_file)
            }
            PowerOfAttorney::Default { as_file } => {
                PowerOfAttorneyToPost::new(true).with_send_as_file(*as_file)
            }
            PowerOfAttorney::Content(file) => other.with_content(file.to_proto()),
            PowerOfAttorney::Contents(files) => {
                other.with_contents(files.iter().map(PowerOfAttorneyFile::to_proto))
            }
            PowerOfAttorney::InDocument => other.with_use_document_content(true),
        }
    }
}

/// Ten digits for an organization, twelve for a person.
fn is_inn(text: &str) -> bool {
    matches!(text.len(), 10 | 12) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Reads one that was filled by hand.
impl TryFrom<PowerOfAttorneyToPost> for PowerOfAttorney {
    type Error = Breach;

    fn try_from(wire: PowerOfAttorneyToPost) -> Result<Self, Breach> {
        let as_file = wire.send_as_file.unwrap_or_default();
        let mut named = Vec::new();
        if let Some(id) = wire.full_id {
            named.push(Self::FullId { id, as_file });
        }
        if wire.use_default {
            named.push(Self::Default { as_file });
        }
        if let Some(content) = wire.content {
            named.push(Self::Content(content.try_into()?));
        }
        if !wire.contents.is_empty() {
            let files = wire.contents.into_iter().map(TryFrom::try_from);
            named.push(Self::Contents(files.collect::<Result<_, _>>()?));
        }
        if wire.use_document_content.unwrap_or_default() {
            named.push(Self::InDocument);
        }
        let count = named.len();
        let one = match (named.pop(), count) {
            (Some(one), 1) => one,
            _ => {
                let text = format!("a power of attorney is named in {count} ways, not in one");
                return Err(Breach::new(Rule::Poa1, text));
            }
        };
        if as_file && !matches!(one, Self::FullId { .. } | Self::Default { .. }) {
            return Err(Breach::new(
                Rule::Poa3,
                "only a power of attorney that is named by its number or by default can be sent as a file",
            ));
        }
        one.check()?;
        Ok(one)
    }
}

impl PowerOfAttorneyFile {
    async fn by_shelf(self, diadoc: &Diadoc) -> Result<Self, Error> {
        Ok(Self {
            content: self
                .content
                .by_shelf(diadoc, "power of attorney.xml")
                .await?,
            signature: self
                .signature
                .by_shelf(diadoc, "power of attorney.p7s")
                .await?,
        })
    }

    fn to_proto(&self) -> PowerOfAttorneySignedContent {
        PowerOfAttorneySignedContent::new(self.content.to_proto(), self.signature.to_proto())
    }
}

impl TryFrom<PowerOfAttorneySignedContent> for PowerOfAttorneyFile {
    type Error = Breach;

    fn try_from(wire: PowerOfAttorneySignedContent) -> Result<Self, Breach> {
        Ok(Self {
            content: wire.content.try_into()?,
            signature: wire.signature.try_into()?,
        })
    }
}

impl ContentSource {
    async fn by_shelf(self, diadoc: &Diadoc, name: &str) -> Result<Self, Error> {
        let Self::Inline(bytes) = self else {
            return Ok(self);
        };
        let file = put_on_shelf(diadoc, &File::bytes(name, bytes)).await?;
        match file.shelf_name() {
            Some(name) => Ok(Self::OnShelf(name.clone())),
            None => Err(Error::new(ErrorKind::Service, "the shelf gave no name")),
        }
    }

    fn to_proto(&self) -> ContentV3 {
        let content = ContentV3::new();
        match self {
            Self::Inline(bytes) => content.with_content(bytes.clone()),
            Self::OnShelf(name) => content.with_name_on_shelf(name.as_str()),
            Self::Entity { message, entity } => {
                content.with_entity_id(DocumentId::new(message.as_str(), entity.as_str()))
            }
            Self::Patched(id) => content.with_patched_content_id(id.as_str()),
        }
    }
}

impl TryFrom<ContentV3> for ContentSource {
    type Error = Breach;

    fn try_from(wire: ContentV3) -> Result<Self, Breach> {
        let text = |value: Option<String>| value.filter(|text| !text.is_empty());
        let entity = wire.entity_id.map(|id| Self::Entity {
            message: MessageId::new(id.message_id),
            entity: EntityId::new(id.entity_id),
        });
        let sources = [
            wire.content.map(Self::Inline),
            text(wire.name_on_shelf).map(|name| Self::OnShelf(ShelfName::new(name))),
            text(wire.patched_content_id).map(|id| Self::Patched(PatchedContentId::new(id))),
            entity,
        ];
        let mut sources = sources.into_iter().flatten();
        match (sources.next(), sources.next()) {
            (Some(source), None) => Ok(source),
            (one, _) => {
                let count = if one.is_none() { "no" } else { "more than one" };
                Err(Breach::new(
                    Rule::Src1,
                    format!("a content has {count} source"),
                ))
            }
        }
    }
}

impl fmt::Debug for ContentSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Inline(bytes) => f.debug_tuple("Inline").field(&bytes.len()).finish(),
            Self::OnShelf(name) => f.debug_tuple("OnShelf").field(name).finish(),
            Self::Entity { message, entity } => f
                .debug_struct("Entity")
                .field("message", message)
                .field("entity", entity)
                .finish(),
            Self::Patched(id) => f.debug_tuple("Patched").field(id).finish(),
        }
    }
}
