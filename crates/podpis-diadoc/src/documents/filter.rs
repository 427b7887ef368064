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
const WAITING: [(Direction, &str); 14] = [
    (Direction::Inbound, "WaitingForRecipientSignature"),
    (Direction::Inbound, "InvalidRecipientSignature"),
    (Direction::Inbound, "RequestsMyRevocation"),
    (Direction::Inbound, "WaitingForResolution"),
    (Direction::Outbound, "WaitingForSenderSignature"),
    (Direction::Outbound, "InvalidSenderSignature"),
    (Direction::Outbound, "RequestsMyRevocation"),
    (Direction::Outbound, "WaitingForResolution"),
    (Direction::Internal, "WaitingForSenderSignature"),
    (Direction::Internal, "InvalidSenderSignature"),
    (Direction::Internal, "WaitingForRecipientSignature"),
    (Direction::Internal, "InvalidRecipientSignature"),
    (Direction::Internal, "WaitingForResolution"),
    (Direction::Proxy, "WaitingForProxySignature"),
];

/// Which way documents go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Direction {
    /// What came in.
    Inbound,
    /// What goes out, what is not sent yet with it.
    Outbound,
    /// What stays within the organization.
    Internal,
    /// Documents of which the box is the intermediate recipient.
    Proxy,
}

impl Direction {
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
///
/// ```
/// use podpis_diadoc::documents::{Direction, DocumentFilter};
///
/// let contracts = DocumentFilter {
///     direction: Some(Direction::Inbound),
///     document_type: Some("Contract".to_owned()),
///     waiting: true,
///     ..DocumentFilter::default()
/// };
/// ```
///
/// Source: GetDocuments.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DocumentFilter {
    /// Only what goes this way; unless set, all but what the box is the intermediate recipient of.
    pub direction: Option<Direction>,
    /// Only documents of this state, in the service's word: `WithRecipientSignature`, `NotRead`, `Finished` and more; an
    /// open set. Not all words go with all directions. Together with `waiting` it is not used.
    pub status: Option<String>,
    /// Only documents that wait for something that this side signs:
    /// [`ListedDocument::needs`](super::ListedDocument::needs) says for what. What lies in drafts is in no list;
    /// [`events`](crate::events) name drafts.
    pub waiting: bool,
    /// Only documents of this type, by its TypeNamedId: `Nonformalized`, `UniversalTransferDocument` and more; an open
    /// set.
    pub document_type: Option<String>,
    /// Only documents from or to this box. Documents within the organization have no other side: none of them then.
    pub counterparty: Option<BoxId>,
    /// Only documents of this number. The service refuses it together with a range of time.
    pub number: Option<String>,
    /// Only documents that were sent or delivered at this moment or later. Among those that wait also those that are not
    /// sent yet and were made at this moment or later; without `waiting`, those are left out.
    pub sent_from: Option<SystemTime>,
    /// Only documents that were sent or delivered until this moment. Those that are not sent yet are left out.
    pub sent_to: Option<SystemTime>,
    /// Only documents of this department, a GUID, and of those below it. Unless set, of all that the user may see below
    /// the head department.
    pub department: Option<String>,
    /// The newest first; unless set, the oldest, and what is not sent last.
    pub newest_first: bool,
    /// Goes on behind a document by its [`index_key`](super::ListedDocument::index_key): with the same filter, for one
    /// direction and without `waiting`. The service's keys under one filter mean nothing under another.
    pub after: Option<String>,
    /// How many documents are asked for at once; 100 unless set. The service takes 1 to 100, and what lies outside is
    /// asked for as the nearest of these.
    pub page_size: Option<u8>,
}

impl DocumentFilter {
    pub(super) fn count(&self) -> u8 {
        self.page_size.unwrap_or(PAGE).clamp(1, PAGE)
    }

    /// The moment that is looked at here, because the service cannot be asked for it.
    pub(super) fn earliest(&self) -> Option<SystemTime> {
        self.sent_from.filter(|_| self.waiting)
    }

    /// The values of filterCategory that are asked for, one after another.
    pub(super) fn categories(&self) -> Vec<String> {
        let kind = self.document_type.as_deref().unwrap_or("Any");
        let category =
            |(direction, status): (Direction, &str)| format!("{kind}.{}{status}", direction.word());
        let has_other_side =
            |direction: Direction| self.counterparty.is_none() || direction != Direction::Internal;
        if self.waiting {
            let wanted = WAITING.into_iter();
            let wanted = wanted.filter(|(direction, _)| {
                self.direction.is_none_or(|only| only == *direction) && has_other_side(*direction)
            });
            return wanted.map(category).collect();
        }
        let status = self.status.as_deref().unwrap_or_default();
        match self.direction {
            Some(direction) => vec![category((direction, status))],
            None => [Direction::Inbound, Direction::Outbound, Direction::Internal]
                .into_iter()
                .filter(|direction| has_other_side(*direction))
                .map(|direction| category((direction, status)))
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
            .query_if("timestampFromTicks", time(self.sent_from))
            .query_if("timestampToTicks", time(self.sent_to))
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
