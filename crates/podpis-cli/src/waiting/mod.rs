//! Finds what waits for a signature in a box of Diadoc, and what each document needs; and which docflows of Extern ask
//! for replies.
//!
//! | module | decides |
//! |---|---|
//! | `alone` | that nobody else looks and starts meanwhile |
//! | `docflows` | which docflows ask for replies |
//! | `filter` | which documents are looked at |
//! | `going_on` | that what is open goes on first |
//! | `consent` | whether what was shown is signed |
//! | `need` | what a document needs, and in which words |
//! | `shown` | how a document is told |
//!
//! **Invariant:** only reads; a document is said to need nothing but a signature only when the rules of the service were
//! checked against its message, and no open operation is about it.

mod alone;
mod consent;
mod docflows;
mod filter;
mod going_on;
mod need;
mod shown;

use std::collections::HashSet;

use futures_util::TryStreamExt as _;
use podpis::core::wait::{OperationKind as _, SystemTimer, Time as _};
use podpis::diadoc::certificates::{SigningMethod, choose_certificate};
use podpis::diadoc::document_signature::Rule;
use podpis::diadoc::documents::{DocumentFilter, ListedDocument, Needs};
use podpis::diadoc::people::Employee;
use podpis::diadoc::{BoxId, EntityId, InBox, MessageId, SignAndAttach};
use podpis::diadoc_proto::LockMode;
use podpis::diadoc_proto::certificates::CertificateSubjectType;
use podpis::{Diadoc, Error, ErrorKind, Operation, OperationId};

pub(crate) use alone::alone;
pub(crate) use consent::ConsentArguments;
pub(crate) use docflows::asking;
pub(crate) use filter::{FilterArguments, digits};
pub(crate) use going_on::go_on;
pub(crate) use need::Need;
pub(crate) use shown::{lines, told};

use crate::asked::{AttachAsk, AttachMethod};
use crate::failure::Failure;
use crate::messages::DiadocMessage;
use crate::output::Output;

/// How many messages are read at once.
const AT_ONCE: usize = 8;

/// A document that waits.
#[derive(Clone, Debug)]
pub(crate) struct Waiting {
    pub(crate) document: ListedDocument,
    pub(crate) need: Need,
}

impl Waiting {
    /// Its message and itself.
    pub(crate) fn place(&self) -> (&MessageId, &EntityId) {
        (&self.document.message, &self.document.entity)
    }

    pub(crate) fn needs_only_a_signature(&self) -> bool {
        self.need.is_only_a_signature()
    }
}

/// Looks for what waits.
pub(crate) struct Survey<'a> {
    client: &'a Diadoc,
    in_box: InBox,
    /// How it would be signed.
    ask: &'a AttachAsk,
    me: Employee,
    /// What is wrong with the certificate, for every document.
    by_certificate: Option<Need>,
    /// The open operations and their documents.
    open: Vec<(OperationId, Vec<(MessageId, EntityId)>)>,
    output: Output,
}

impl<'a> Survey<'a> {
    /// Finds out who signs by what. `records` are the operations that are open.
    pub(crate) async fn of(
        client: &'a Diadoc,
        in_box: &BoxId,
        ask: &'a AttachAsk,
        records: &[Operation],
        output: Output,
    ) -> Result<Self, Failure> {
        let in_box = client.in_box(in_box);
        let open = records
            .iter()
            .filter(|record| *record.kind() == SignAndAttach::KIND)
            .map(|record| (record.id().clone(), SignAndAttach::documents(record)));
        Ok(Self {
            client,
            ask,
            me: in_box.employee().await?,
            by_certificate: by_certificate(&in_box, ask).await?,
            open: open.collect(),
            in_box,
            output,
        })
    }

    /// What waits, in the order of the lists, and behind it what waits in drafts, where those are looked at.
    pub(crate) async fn find(
        &self,
        filter: DocumentFilter,
        drafts: bool,
    ) -> Result<Vec<Waiting>, Failure> {
        let waiting = DocumentFilter {
            waiting: true,
            ..filter
        };
        let listed = self.in_box.documents(&waiting);
        let judged = listed.map_ok(|document| async move {
            let need = self.need(&document).await?;
            Ok::<_, Error>(Waiting { document, need })
        });
        let mut found: Vec<Waiting> = judged.try_buffered(AT_ONCE).try_collect().await?;
        self.keep_packets_whole(&mut found).await?;
        if drafts {
            found.extend(self.drafts(&waiting).await?);
        }
        Ok(found)
    }

    async fn need(&self, document: &ListedDocument) -> Result<Need, Error> {
        match document.needs(Some(&self.me)) {
            Some(Needs::Signature) => {}
            Some(other) => return Ok(other.into()),
            // Nothing of the above, and the service lists it all the same.
            None => return Ok(Need::Other),
        }
        if let Some(need) = self.need_of_any(document) {
            return Ok(need);
        }
        self.checked(self.ask.about([(&document.message, &document.entity)]))
            .await
    }

    /// What a document needs whatever it is.
    fn need_of_any(&self, document: &ListedDocument) -> Option<Need> {
        let is_it = |(message, entity): &(MessageId, EntityId)| {
            let same = |one: &str, other: &str| one.eq_ignore_ascii_case(other);
            same(message.as_str(), document.message.as_str())
                && same(entity.as_str(), document.entity.as_str())
        };
        let mut open = self.open.iter();
        if let Some((id, _)) = open.find(|(_, documents)| documents.iter().any(is_it)) {
            return Some(Need::Operation(id.clone()));
        }
        if self.me.may("SignDocuments") == Some(false) {
            return Some(Need::Right);
        }
        self.by_certificate.clone()
    }

    /// What the rules say of a signature of these.
    async fn checked(&self, ask: AttachAsk) -> Result<Need, Error> {
        let Ok(attaching) = ask.attaching(self.client, self.in_box.id()) else {
            return Ok(Need::Other);
        };
        match attaching.check().await {
            Ok(warnings) if warnings.iter().any(|breach| breach.rule() == Rule::Poa4) => {
                Ok(Need::PowerOfAttorney)
            }
            Ok(_) => Ok(Need::Signature),
            // A rule, or a message that the service does not show.
            Err(error) if error.kind() == ErrorKind::InvalidInput || is_about_it(&error) => {
                Ok(Need::Rule(error.to_string()))
            }
            Err(error) => Err(error),
        }
    }

    /// Documents of drafts that were not sent: those are in no list, so the feed of the box is read from its beginning. A
    /// draft is sent whole, so it is looked for by any of its documents.
    async fn drafts(&self, filter: &DocumentFilter) -> Result<Vec<Waiting>, Failure> {
        let mut events = self.in_box.events().of_drafts().read();
        let mut seen = HashSet::new();
        let mut found = Vec::new();
        loop {
            let event = match events.try_next().await {
                Ok(Some(event)) => event,
                Ok(None) => break,
                // Only whoever may see every document of the box is shown what happens to drafts.
                Err(error) if is_about_it(&error) => {
                    tracing::debug!("the feed of drafts: {error}");
                    self.output.say(&DiadocMessage::DraftsNotShown.into());
                    break;
                }
                Err(error) => return Err(error.into()),
            };
            if !event.is_new || !seen.insert(event.message.to_string().to_ascii_lowercase()) {
                continue;
            }
            let draft = match self.in_box.message(&event.message).read().await {
                Ok(draft) => draft,
                // One that was deleted.
                Err(error) if is_about_it(&error) => continue,
                Err(error) => return Err(error.into()),
            };
            if !draft.is_draft() || draft.is_recycled() || !draft.sent_as().is_empty() {
                continue;
            }
            let documents = draft.documents();
            let documents = documents.iter().filter_map(ListedDocument::in_message);
            let documents: Vec<ListedDocument> = documents.collect();
            if !documents.iter().any(|document| is_meant(filter, document)) {
                continue;
            }
            let need = match self.need_of_draft(&documents).await? {
                Need::Signature => Need::SignatureOfDraft,
                other => other,
            };
            found.extend(documents.into_iter().map(|document| Waiting {
                document,
                need: need.clone(),
            }));
        }
        Ok(found)
    }

    /// What all documents of a draft need, which go out together.
    async fn need_of_draft(&self, documents: &[ListedDocument]) -> Result<Need, Error> {
        for document in documents {
            if let Some(need) = self.need_of_any(document) {
                return Ok(need);
            }
        }
        let places = documents.iter().map(|one| (&one.message, &one.entity));
        self.checked(self.ask.about(places)).await
    }

    /// All documents of a locked packet are signed in one patch: where one of them cannot be, or is not among those that
    /// were looked for, none of them is.
    async fn keep_packets_whole(&self, found: &mut [Waiting]) -> Result<(), Failure> {
        let locked: Vec<MessageId> = found
            .iter()
            .filter(|one| one.document.lock_mode == LockMode::FULL && one.needs_only_a_signature())
            .map(|one| one.document.message.clone())
            .collect();
        for message in locked {
            let of_it = found
                .iter()
                .filter(|one| one.document.message == message && one.needs_only_a_signature());
            let here = of_it.count();
            let read = self.in_box.message(&message).read().await?;
            if here < read.documents().len() {
                let of_it = found
                    .iter_mut()
                    .filter(|one| one.document.message == message && one.needs_only_a_signature());
                of_it.for_each(|one| one.need = Need::Packet);
            }
        }
        Ok(())
    }
}

/// Whether a document of a draft is one that is looked for.
fn is_meant(filter: &DocumentFilter, document: &ListedDocument) -> bool {
    let of_type = filter.document_type.as_ref();
    let with_whom = filter.counterparty.as_ref();
    let is_with = |other: &BoxId| {
        let whom = document.counterparty.as_ref();
        whom.is_some_and(|whom| digits(whom.as_str()) == digits(other.as_str()))
    };
    of_type.is_none_or(|name| *name == document.document_type)
        && with_whom.is_none_or(is_with)
        && (filter.sent_from).is_none_or(|since| document.created.is_none_or(|made| made >= since))
}

/// Whether a refusal is about this document, and the next one may be another matter.
fn is_about_it(error: &Error) -> bool {
    let status = error.service().map(|said| said.status.as_u16());
    !error.is_transient() && matches!(status, Some(400 | 403 | 404 | 409 | 410))
}

/// What every document needs beside a signature because of the certificate that would make it.
async fn by_certificate(in_box: &InBox, ask: &AttachAsk) -> Result<Option<Need>, Failure> {
    let method = match ask.method {
        AttachMethod::Dss => SigningMethod::DssSign,
        AttachMethod::Cloud => SigningMethod::CloudSign,
        AttachMethod::Test => return Ok(None),
    };
    let all = in_box.certificates().await?;
    let chosen = match ask.thumbprint()? {
        // One that is not listed is the service's to judge.
        Some(named) => all.iter().find(|one| one.thumbprint() == Some(named)),
        None => match choose_certificate(&all, method, SystemTimer::new().now()) {
            Ok(chosen) => Some(chosen),
            Err(none) => return Ok(Some(Need::OtherMethod(none.to_string()))),
        },
    };
    let of_a_person = chosen
        .is_some_and(|chosen| chosen.subject_type == Some(CertificateSubjectType::PHYSICAL_PERSON));
    let has_power = ask.power()?.is_some();
    Ok((of_a_person && !has_power).then_some(Need::PowerOfAttorney))
}
