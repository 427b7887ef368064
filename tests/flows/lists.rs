//! Lists of documents and the feed of a box, page by page, from a service that has more than the sandbox.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use futures_util::TryStreamExt as _;
use podpis::diadoc::InBox;
use podpis::diadoc::documents::{Direction, DocumentFilter, ListedDocument};
use podpis::diadoc::events::{BoxEvent, EventCursor};
use podpis::diadoc_proto::TotalCountType;
use podpis::diadoc_proto::documents::{Document, DocumentList};
use podpis::diadoc_proto::events::{BoxEventList, MessagePatch};
use podpis::diadoc_proto::prost::Message as _;
use podpis::secret::Token;
use podpis::transport::{HttpRequest, HttpResponse, TransportError};
use podpis::{Diadoc, DiadocLogin, ErrorKind, SharedTransport, Transport};
use podpis_core::wait::ManualTime;

const BOX: &str = "00112233-4455-6677-8899-aabbccddeeff";

/// Answers every request by the parameters in it.
struct Service<F>(F);

impl<F> fmt::Debug for Service<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Service")
    }
}

#[async_trait::async_trait]
impl<F: Fn(&str) -> Bytes + Send + Sync + 'static> Transport for Service<F> {
    async fn execute(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let query = request.uri().query().unwrap_or_default();
        Ok(HttpResponse::new((self.0)(query)))
    }
}

fn in_box(answer: impl Fn(&str) -> Bytes + Send + Sync + 'static) -> InBox {
    let login = DiadocLogin::bearer(&Token::new("token"));
    let transport = SharedTransport::new(Service(answer));
    let base = "http://localhost".parse().unwrap();
    let diadoc = Diadoc::builder(base, login, transport).time(ManualTime::new());
    diadoc.build().in_box(&BOX.parse().unwrap())
}

fn parameter<'q>(query: &'q str, name: &str) -> Option<&'q str> {
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(known, _)| *known == name).map(|pair| pair.1)
}

/// The body of an answer, counted for as long as anything of it is held.
struct Held {
    bytes: Vec<u8>,
    bodies: Arc<AtomicUsize>,
}

impl AsRef<[u8]> for Held {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.bodies.fetch_sub(1, Ordering::SeqCst);
    }
}

#[tokio::test]
async fn ten_thousand_documents_are_listed_and_one_page_is_held() {
    const ALL: usize = 10_000;
    let bodies = Arc::new(AtomicUsize::new(0));
    let sent = Arc::new(AtomicUsize::new(0));
    let (held, given) = (bodies.clone(), sent.clone());
    let in_box = in_box(move |query| {
        let begin = parameter(query, "afterIndexKey").map_or(0, |key| key.parse().unwrap());
        let count: usize = parameter(query, "count").unwrap().parse().unwrap();
        let page = (begin..ALL.min(begin + count)).map(|number| Document {
            index_key: Some((number + 1).to_string()),
            message_id: format!("m-{number}"),
            entity_id: format!("e-{number}"),
            file_name: Some("x".repeat(1_000)),
            ..Document::default()
        });
        let list = DocumentList {
            // Beyond this the service counts no further.
            total_count: 1_000,
            documents: page.collect(),
            has_more_results: Some(true),
        };
        given.fetch_add(list.documents.len(), Ordering::SeqCst);
        held.fetch_add(1, Ordering::SeqCst);
        let bodies = held.clone();
        Bytes::from_owner(Held {
            bytes: list.encode_to_vec(),
            bodies,
        })
    });
    let filter = DocumentFilter {
        direction: Some(Direction::Inbound),
        ..DocumentFilter::default()
    };
    let mut listed = in_box.documents(&filter);
    let mut taken = 0;
    while let Some(document) = listed.try_next().await.unwrap() {
        assert_eq!(document.entity.as_str(), format!("e-{taken}"));
        taken += 1;
        // What was sent and not taken is all that can be held: the rest of one page.
        assert!(sent.load(Ordering::SeqCst) - taken < 100);
        assert_eq!(bodies.load(Ordering::SeqCst), 0, "no answer is kept");
    }
    assert_eq!((taken, sent.load(Ordering::SeqCst)), (ALL, ALL));
}

#[tokio::test]
async fn a_page_that_leads_to_itself_is_an_error() {
    for key in [None, Some(""), Some("k")] {
        let in_box = in_box(move |_| {
            let document = Document {
                index_key: key.map(str::to_owned),
                message_id: "m".to_owned(),
                entity_id: "e".to_owned(),
                ..Document::default()
            };
            let list = DocumentList::new(1).with_documents(vec![document; 100]);
            list.encode_to_vec().into()
        });
        let listed = in_box.documents(&DocumentFilter {
            direction: Some(Direction::Outbound),
            ..DocumentFilter::default()
        });
        let error = listed.try_collect::<Vec<ListedDocument>>().await;
        assert_eq!(error.unwrap_err().kind(), ErrorKind::UnreadableAnswer);
    }
}

/// A feed whose keys are these, one event each.
fn feed(keys: &'static str) -> InBox {
    in_box(move |query| {
        let after = parameter(query, "afterIndexKey").map_or('\0', |key| key.parse().unwrap());
        let limit: usize = parameter(query, "limit").unwrap().parse().unwrap();
        let events = keys.chars().enumerate().filter(|(_, key)| *key > after);
        let events = events.take(limit).map(|(number, key)| {
            let patch = MessagePatch {
                message_id: "m".to_owned(),
                patch_id: "p".to_owned(),
                ..MessagePatch::default()
            };
            podpis::diadoc_proto::events::BoxEvent::new(format!("e-{number}"))
                .with_index_key(key.to_string())
                .with_patch(patch)
        });
        let list = BoxEventList::new(TotalCountType::EQUAL).with_events(events);
        list.encode_to_vec().into()
    })
}

async fn taken(in_box: &InBox, cursor: &EventCursor, size: u8, most: usize) -> Vec<BoxEvent> {
    let mut events = in_box.events().after(cursor).page_size(size).read();
    let mut taken = Vec::new();
    while taken.len() < most
        && let Some(event) = events.try_next().await.unwrap()
    {
        taken.push(event);
    }
    taken
}

#[tokio::test]
async fn events_that_share_a_key_come_once_each_wherever_a_page_ends_and_whoever_stops() {
    for keys in [
        "",
        "a",
        "abcdefg",
        "abbc",
        "aabbccdd",
        "abbbbbbbc",
        "aaaa",
        "abcc",
    ] {
        let in_box = feed(keys);
        let all: Vec<String> = (0..keys.len())
            .map(|number| format!("e-{number}"))
            .collect();
        for size in 2..=8 {
            for most in 1..=keys.len() + 1 {
                let mut cursor = EventCursor::default();
                let mut ids = Vec::new();
                loop {
                    let some = taken(&in_box, &cursor, size, most).await;
                    ids.extend(some.iter().map(|event| event.id.clone()));
                    let Some(last) = some.last() else { break };
                    // It is kept as text in between.
                    let kept = serde_json::to_string(&last.cursor).unwrap();
                    cursor = serde_json::from_str(&kept).unwrap();
                }
                assert_eq!(ids, all, "{keys} by {size}, {most} at a time");
            }
        }
    }
}

#[tokio::test]
async fn an_event_that_comes_late_under_the_last_key_is_not_lost() {
    let read =
        async |keys: &'static str, cursor: &EventCursor| taken(&feed(keys), cursor, 100, 100).await;
    let first = read("ab", &EventCursor::default()).await;
    let second = read("abb", &first[1].cursor).await;
    let ids: BTreeSet<&str> = second.iter().map(|event| &*event.id).collect();
    assert_eq!(ids, ["e-2"].into());
    let third = read("abbc", &second[0].cursor).await;
    assert_eq!(third[0].id, "e-3");
    // Who has only the key goes on behind all of it.
    let after = read("abbc", &EventCursor::after_key("b")).await;
    assert_eq!(after[0].id, "e-3");
}

#[tokio::test]
async fn a_page_of_one_key_is_never_passed_over() {
    let keys: &str = Box::leak("a".repeat(100).into_boxed_str());
    let in_box = feed(keys);
    let mut events = in_box.events().read();
    let mut taken = 0;
    let error = loop {
        match events.try_next().await {
            Ok(Some(_)) => taken += 1,
            Ok(None) => panic!("others may be under that key"),
            Err(error) => break error,
        }
    };
    assert_eq!((taken, error.kind()), (100, ErrorKind::UnreadableAnswer));
}
