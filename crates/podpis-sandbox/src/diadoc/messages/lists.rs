//! Decides which documents a list has, in which order, and how it is read page by page.
//!
//! **Invariant:** documents of drafts are in no list; a document that is not sent lies outside every range of time, and
//! behind all others in the order.

use podpis_diadoc_proto::documents::{
    Document, DocumentList, GetDocumentsV4Request, RecipientResponseStatus as Response,
    SenderSignatureStatus as Sender,
};
use podpis_diadoc_proto::{DocumentDirection, SortDirection};

use super::super::boxes;
use super::index::State;
use super::message::{Document as Kept, Message, What};
use super::{body, named, wire};
use crate::answer::{Handled, Needed as _, Refusal, Reply, bad_request};
use crate::call::Call;
use crate::classes::{Condition, Part};
use crate::diadoc::places::HEAD_DEPARTMENT;
use crate::diadoc::state::Room;
use crate::moment::Moment;
use crate::query::Query;

/// The longest page, and the one that is given when none is asked for.
const PAGE: i32 = 100;
/// A longer list is counted no further.
const MOST_COUNTED: usize = 1000;

/// Words of filterCategory that no document of the sandbox is in.
const OF_NOBODY: &str = "WithRecipientPartiallySignature RecipientSignatureRequestRejected Approved Disapproved \
    SignatureRequestRejected HaveToCreateReceipt WaitingForReceipt WaitingForInvoiceReceipt \
    InvoiceAmendmentRequested RevocationIsRequestedByMe RequestsMyRevocation RevocationAccepted RevocationRejected \
    RevocationApproved RevocationDisapproved WaitingForRevocationApprovement WaitingForProxySignature \
    WithProxySignature InvalidProxySignature ProxySignatureRejected RequestsMySignature RoamingNotificationError \
    HaveToCancelTtGisFixation";

/// What a list is asked for.
#[derive(Default)]
struct Wanted {
    types: Vec<String>,
    /// None when no document of the sandbox can be in the class.
    direction: Option<DocumentDirection>,
    statuses: Vec<String>,
    counteragents: Vec<String>,
    departments: Vec<String>,
    file_names: Vec<String>,
    numbers: Vec<String>,
    has_dates: bool,
    from: Option<i64>,
    to: Option<i64>,
    after: Option<String>,
    descending: bool,
    count: i32,
}

/// `GET /V3/GetDocuments`.
pub(crate) fn documents(room: &Room, call: &Call) -> Handled {
    boxes::own(call)?;
    let query = &call.query;
    let category = query.required("filterCategory")?;
    let wrong = || Refusal::bad_request("filterCategory has an invalid value.");
    let (kind, rest) = category.split_once('.').ok_or_else(wrong)?;
    let classes = ["Inbound", "Outbound", "Internal", "Proxy"];
    let (class, status) = classes
        .iter()
        .find_map(|class| Some((*class, rest.strip_prefix(class)?)))
        .ok_or_else(wrong)?;
    let unless = |all: &str, word: &str| match word {
        word if word == all => Vec::new(),
        word => vec![word.to_owned()],
    };
    let text = |name: &str| query.optional(name).map(str::to_owned);
    let list = |name: &str| text(name).into_iter().collect();
    let ticks = |name: &str| number::<i64>(query, name);
    let wanted = Wanted {
        types: unless("Any", kind),
        direction: direction(class),
        statuses: unless("", status),
        counteragents: list("counteragentBoxId"),
        departments: list("departmentId"),
        file_names: Vec::new(),
        numbers: list("documentNumber"),
        has_dates: (text("fromDocumentDate").or(text("toDocumentDate"))).is_some(),
        from: ticks("timestampFromTicks")?,
        to: ticks("timestampToTicks")?,
        after: text("afterIndexKey"),
        descending: match query.optional("sortDirection") {
            None => false,
            Some(order) if order.eq_ignore_ascii_case("Ascending") => false,
            Some(order) if order.eq_ignore_ascii_case("Descending") => true,
            Some(_) => return bad_request("sortDirection has an invalid value."),
        },
        count: number(query, "count")?.unwrap_or(PAGE),
    };
    page(room, &wanted)
}

/// `POST /V4/GetDocuments`.
pub(crate) fn documents_v4(room: &Room, call: &Call) -> Handled {
    boxes::own(call)?;
    let request: GetDocumentsV4Request = body(call)?;
    let class = match request.document_category.as_str() {
        "Incoming" => "Inbound",
        "Outgoing" => "Outbound",
        "Internal" => "Internal",
        "Proxy" | "Deleted" => "Proxy",
        _ => return bad_request("DocumentCategory has an invalid value."),
    };
    let lists = [
        request.counteragent_box_ids.len(),
        request.departments.len(),
        request.document_type_named_ids.len(),
        request.document_statuses.len(),
        request.file_names.len(),
        request.document_numbers.len(),
    ];
    if lists.into_iter().any(|length| length > 10) {
        return bad_request("A list of the request has more than 10 elements.");
    }
    // Some senders write empty fields.
    let said = |text: Option<String>| text.filter(|text| !text.is_empty());
    let departments = request.departments.into_iter();
    let departments = departments.map(|known| known.department_id);
    let descending = Some(SortDirection::DESCENDING.number());
    page(
        room,
        &Wanted {
            types: request.document_type_named_ids,
            direction: direction(class),
            statuses: request.document_statuses,
            counteragents: request.counteragent_box_ids,
            departments: departments.collect(),
            file_names: request.file_names,
            numbers: request.document_numbers,
            has_dates: said(request.from_document_date).is_some()
                || said(request.to_document_date).is_some(),
            from: request.from_timestamp.map(|time| time.ticks),
            to: request.to_timestamp.map(|time| time.ticks),
            after: said(request.after_index_key),
            descending: request.sort_direction == descending,
            count: request.count.unwrap_or(PAGE),
        },
    )
}

/// `GET /GetDocumentsByMessageId`.
pub(crate) fn of_message(room: &Room, call: &Call) -> Handled {
    let documents: Vec<Document> = known(named(room, call)?).collect();
    let number = i32::try_from(documents.len()).unwrap_or(i32::MAX);
    Ok(Reply::message(
        &DocumentList::new(number)
            .with_documents(documents)
            .with_has_more_results(false),
    ))
}

fn known(message: &Message) -> impl Iterator<Item = Document> {
    message
        .documents()
        .map(|(entity, document)| wire::about(message, entity, document))
}

fn direction(class: &str) -> Option<DocumentDirection> {
    match class {
        "Inbound" => Some(DocumentDirection::INBOUND),
        "Outbound" => Some(DocumentDirection::OUTBOUND),
        "Internal" => Some(DocumentDirection::INTERNAL),
        _ => None,
    }
}

pub(super) fn number<N: std::str::FromStr>(query: &Query<'_>, name: &str) -> Handled<Option<N>> {
    let parse = |text: &str| {
        text.parse()
            .or_bad_request(format!("{name} has an invalid value."))
    };
    query.optional(name).map(parse).transpose()
}

fn page(room: &Room, wanted: &Wanted) -> Handled {
    let has_times = wanted.from.is_some() || wanted.to.is_some();
    if has_times && (wanted.has_dates || !wanted.numbers.is_empty()) {
        return bad_request(
            "A range of time goes neither with dates of documents nor with a number.",
        );
    }
    if !(0..=PAGE).contains(&wanted.count) {
        return bad_request("count has to be from 0 to 100.");
    }
    for status in &wanted.statuses {
        if is_in(&State::default(), status).is_none() {
            return bad_request(format!("The status {status} is unknown."));
        }
    }
    let messages = &room.own.messages;
    let direction = wanted.direction.map(DocumentDirection::number);
    let is_wanted = |state: &State| {
        Some(state.direction) == direction
            && !wanted.is_nothing()
            && (wanted.statuses.is_empty()
                || wanted
                    .statuses
                    .iter()
                    .any(|one| is_in(state, one) == Some(true)))
    };
    let found = |(place, at): (usize, usize)| {
        let message = messages.all.get(place)?;
        let entity = message.entities.get(at)?;
        match &entity.what {
            What::Document(document) => Some((message, entity, &**document)),
            _ => None,
        }
    };
    let fits = |place: &(usize, usize)| {
        found(*place).is_some_and(|(message, _, document)| wanted.takes(message, document))
    };
    let fits: Condition<'_, (usize, usize)> = wanted.has_conditions().then_some(&fits);
    let documents = &messages.index.documents;
    let total = documents.count(is_wanted, fits, MOST_COUNTED + 1);
    let part = Part {
        after: wanted.after.as_ref(),
        descending: wanted.descending,
        most: usize::try_from(wanted.count).unwrap_or_default(),
    };
    let page = documents.part(is_wanted, fits, part).into_iter();
    let shown = page
        .filter_map(found)
        .map(|(message, entity, document)| Document {
            content: None,
            ..wire::about(message, entity, document)
        });
    let counted = i32::try_from(total.min(MOST_COUNTED)).unwrap_or(i32::MAX);
    Ok(Reply::message(
        &DocumentList::new(counted)
            .with_documents(shown)
            .with_has_more_results(total > MOST_COUNTED),
    ))
}

impl Wanted {
    /// Whether no document of the sandbox is meant: none has a number or a date, and all are in one department.
    fn is_nothing(&self) -> bool {
        let elsewhere = |one: &String| one != HEAD_DEPARTMENT;
        self.has_dates
            || !self.numbers.is_empty()
            || (!self.departments.is_empty() && self.departments.iter().all(elsewhere))
    }

    /// Whether something is asked that the state of a document does not tell.
    fn has_conditions(&self) -> bool {
        let lists = [&self.types, &self.counteragents, &self.file_names];
        let has_times = self.from.is_some() || self.to.is_some();
        has_times || lists.into_iter().any(|list| !list.is_empty())
    }

    fn takes(&self, message: &Message, document: &Kept) -> bool {
        let among = |list: &[String], is_it: &dyn Fn(&str) -> bool| {
            list.is_empty() || list.iter().any(|one| is_it(one))
        };
        let other = message.other_box.as_deref().unwrap_or_default();
        let sent = document.sent_at.map(Moment::ticks);
        among(&self.types, &|one| {
            one.eq_ignore_ascii_case(&document.type_named_id)
        }) && among(&self.counteragents, &|one| boxes::is(one, other))
            && among(&self.file_names, &|one| one == document.file_name)
            && self
                .from
                .is_none_or(|from| sent.is_some_and(|sent| sent >= from))
            && self.to.is_none_or(|to| sent.is_some_and(|sent| sent <= to))
    }
}

/// Whether a document in this state is in what a word means; none for an unknown word.
fn is_in(state: &State, status: &str) -> Option<bool> {
    let sender = |one: Sender| state.sender == one.number();
    let response = |one: Response| state.response == one.number();
    let not_asked = response(Response::RECIPIENT_RESPONSE_STATUS_NOT_ACCEPTABLE);
    let finished = state.sent && (response(Response::WITH_RECIPIENT_SIGNATURE) || not_asked);
    Some(match status {
        "NotRead" | "NotRevoked" => true,
        "NoRecipientSignatureRequest" => not_asked,
        "WaitingForRecipientSignature" => response(Response::WAITING_FOR_RECIPIENT_SIGNATURE),
        "WithRecipientSignature" => response(Response::WITH_RECIPIENT_SIGNATURE),
        "WithSenderSignature" => {
            sender(Sender::SENDER_SIGNATURE_UNCHECKED)
                || sender(Sender::SENDER_SIGNATURE_CHECKED_AND_VALID)
        }
        "WaitingForSenderSignature" => sender(Sender::WAITING_FOR_SENDER_SIGNATURE),
        "InvalidSenderSignature" => sender(Sender::SENDER_SIGNATURE_CHECKED_AND_INVALID),
        "InvalidRecipientSignature" => response(Response::INVALID_RECIPIENT_SIGNATURE),
        "WaitingForResolution" => state.asked,
        "Finished" => finished,
        "NotFinished" => !finished,
        _ => {
            return OF_NOBODY
                .split(' ')
                .any(|word| word == status)
                .then_some(false);
        }
    })
}
