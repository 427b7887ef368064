//! Decides which documents are asked for, and in which words of the service.
//!
//! **Invariant:** a filter that is not set is not sent, so the service's own default counts. Of documents that wait
//! unsent no time is asked for: to the service they are infinitely late, and every range of time hides them.

use std::time::SystemTime;

use podpis_core::Error;
use podpis_core::call::Call;

use crate::BoxId;
use crate::certificates::ticks;
use crate::endpoints::GET_DOCUMENTS;

/// The longest page, and the service's own default.
const PAGE: u8 = 100;

/// Categories of documents that wait for this side. Diadoc has no category "waits for anything of mine", so each is
/// asked for.
///
/// Which words go with `Internal` no source lists; see [`may_be_no_category`].
const WAITING: [(Class, &str); 14] = [
    (Class::Inbound, "WaitingForRecipientSignature"),
    (Class::Inbound, "InvalidRecipientSignature"),
    (Class::Inbound, "RequestsMyRevocation"),
    (Class::Inbound, "WaitingForResolution"),
    (Class::Outbound, "WaitingForSenderSignature"),
    (Class::Outbound, "InvalidSenderSignature"),
    (Class::Outbound, "RequestsMyRevocation"),
    (Class::Outbound, "WaitingForResolution"),
    (Class::Internal, "WaitingForSenderSignature"),
    (Class::Internal, "InvalidSenderSignature"),
    (Class::Internal, "WaitingForRecipientSignature"),
    (Class::Internal, "InvalidRecipientSignature"),
    (Class::Internal, "WaitingForResolution"),
    (Class::Proxy, "WaitingForProxySignature"),
];

/// Which way documents go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    Inbound,
    Outbound,
    Internal,
    Proxy,
}

impl Class {
    const fn word(self) -> &'static str {
        match self {
            Self::Inbound => "Inbound",
            Self::Outbound => "Outbound",
            Self::Internal => "Internal",
            Self::Proxy => "Proxy",
        }
    }
}

/// Which documents are listed; all that came in, went out or are within the organization unless something is set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use = "it does nothing until documents are listed with it"]
pub struct DocumentFilter {
    class: Option<Class>,
    status: Option<String>,
    waiting: bool,
    document_type: Option<String>,
    counterparty: Option<BoxId>,
    number: Option<String>,
    sent: (Option<SystemTime>, Option<SystemTime>),
    department: Option<String>,
    newest_first: bool,
    after: Option<String>,
    page_size: Option<u8>,
}

impl DocumentFilter {
    /// All documents of the box, but for those of which it is the intermediate recipient.
    pub fn new() -> Self {
        Self::default()
    }

    /// Only what came in.
    pub fn inbound(mut self) -> Self {
        self.class = Some(Class::Inbound);
        self
    }

    /// Only what goes out, what is not sent yet with it.
    pub fn outbound(mut self) -> Self {
        self.class = Some(Class::Outbound);
        self
    }

    /// Only what stays within the organization.
    pub fn internal(mut self) -> Self {
        self.class = Some(Class::Internal);
        self
    }

    /// Only documents of which the box is the intermediate recipient.
    pub fn proxy(mut self) -> Self {
        self.class = Some(Class::Proxy);
        self
    }

    /// Only documents of this state, in the service's word: `WithRecipientSignature`, `NotRead`, `Finished` and more; an
    /// open set. Not all words go with all directions. Together with [`DocumentFilter::waiting`] it is not used.
    ///
    /// Source: filterCategory of GetDocuments.
    pub fn status(mut self, word: impl Into<String>) -> Self {
        self.status = Some(word.into());
        self
    }

    /// Only documents that wait for something that this side signs:
    /// [`ListedDocument::needs`](super::ListedDocument::needs) says for what. What lies in drafts is in no list;
    /// [`events`](crate::events) name drafts.
    pub fn waiting(mut self) -> Self {
        self.waiting = true;
        self
    }

    /// Only documents of this type, by its TypeNamedId: `Nonformalized`, `UniversalTransferDocument` and more; an open
    /// set.
    pub fn document_type(mut self, type_named_id: impl Into<String>) -> Self {
        self.document_type = Some(type_named_id.into());
        self
    }

    /// Only documents from or to this box. Documents within the organization have no other side: none of them then.
    pub fn counterparty(mut self, other: &BoxId) -> Self {
        self.counterparty = Some(other.clone());
        self
    }

    /// Only documents of this number. The service refuses it together with a range of time.
    pub fn number(mut self, number: impl Into<String>) -> Self {
        self.number = Some(number.into());
        self
    }

    /// Only documents that were sent or delivered at this moment or later. Among those that [wait](Self::waiting) also
    /// those that are not sent yet and were made at this moment or later; without that, those are left out.
    pub fn sent_from(mut self, moment: SystemTime) -> Self {
        self.sent.0 = Some(moment);
        self
    }

    /// Only documents that were sent or delivered until this moment. Those that are not sent yet are left out.
    pub fn sent_to(mut self, moment: SystemTime) -> Self {
        self.sent.1 = Some(moment);
        self
    }

    /// Only documents of this department, a GUID, and of those below it. Unless set, of all that the user may see below
    /// the head department.
    pub fn department(mut self, department: impl Into<String>) -> Self {
        self.department = Some(department.into());
        self
    }

    /// The newest first; unless set, the oldest, and what is not sent last.
    pub fn newest_first(mut self) -> Self {
        self.newest_first = true;
        self
    }

    /// Goes on behind a document by its [`index_key`](super::ListedDocument::index_key): with the same filter, for one
    /// direction and without [`waiting`](Self::waiting). The service's keys under one filter mean nothing under another.
    pub fn after(mut self, index_key: impl Into<String>) -> Self {
        self.after = Some(index_key.into());
        self
    }

    /// How many documents are asked for at once, from 1 to 100; 100 unless set.
    pub fn page_size(mut self, documents: u8) -> Self {
        self.page_size = Some(documents.clamp(1, PAGE));
        self
    }

    pub(super) fn is_waiting(&self) -> bool {
        self.waiting
    }

    pub(super) fn count(&self) -> u8 {
        self.page_size.unwrap_or(PAGE)
    }

    pub(super) fn after_key(&self) -> Option<&str> {
        self.after.as_deref()
    }

    /// The moment that is looked at here, because the service cannot be asked for it.
    pub(super) fn earliest(&self) -> Option<SystemTime> {
        self.sent.0.filter(|_| self.waiting)
    }

    /// The values of filterCategory that are asked for, one after another.
    pub(super) fn categories(&self) -> Vec<String> {
        let kind = self.document_type.as_deref().unwrap_or("Any");
        let category = |(class, status): (Class, &str)| format!("{kind}.{}{status}", class.word());
        let has_other_side = |class: Class| self.counterparty.is_none() || class != Class::Internal;
        if self.waiting {
            let wanted = WAITING.into_iter();
            let wanted = wanted.filter(|(class, _)| {
                self.class.is_none_or(|only| only == *class) && has_other_side(*class)
            });
            return wanted.map(category).collect();
        }
        let status = self.status.as_deref().unwrap_or_default();
        match self.class {
            Some(class) => vec![category((class, status))],
            None => [Class::Inbound, Class::Outbound, Class::Internal]
                .into_iter()
                .filter(|class| has_other_side(*class))
                .map(|class| category((class, status)))
                .collect(),
        }
    }

    /// Asks for a page.
    pub(super) fn ask(&self, in_box: &str, category: &str, after: Option<&str>) -> Call {
        // What was delivered has a time; what waits unsent has none that could be asked for.
        let has_time = !self.waiting || category.contains(".Inbound");
        let time = |moment: Option<SystemTime>| {
            let moment = moment.filter(|_| has_time);
            moment.map(|moment| ticks(moment).to_string())
        };
        Call::new(&GET_DOCUMENTS)
            .query("boxId", in_box)
            .query("filterCategory", category)
            .query_if(
                "counteragentBoxId",
                self.counterparty.as_ref().map(BoxId::as_str),
            )
            .query_if("documentNumber", self.number.as_deref())
            .query_if("timestampFromTicks", time(self.sent.0))
            .query_if("timestampToTicks", time(self.sent.1))
            .query_if("departmentId", self.department.as_deref())
            .query_if("afterIndexKey", after)
            .query_if("sortDirection", self.newest_first.then_some("Descending"))
            .query("count", self.count().to_string())
    }
}

/// Whether a refusal may mean that there is no such category. Which words of state go with documents within the
/// organization, and whether the service answers others with an empty list or with 400, no source says; either is taken
/// for "none". The categories before it have shown by then that the rest of the request is right.
pub(super) fn may_be_no_category(category: &str, error: &Error) -> bool {
    let is_bare = category.ends_with(".Internal");
    let status = error.service().map(|said| said.status.as_u16());
    category.contains(".Internal") && !is_bare && status == Some(400)
}
