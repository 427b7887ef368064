//! An answer of empty elements is refused before it takes hundreds of times its length, and a large page is read.
//!
//! An element of a list is a struct of up to 1.5 KB, and two bytes in protobuf or three in JSON. What a reading takes is
//! counted on its own thread, at its peak.

use allocation_counter::measure;
use podpis::extern_api::model::{self, DocflowPage, ReadProblem};
use podpis_diadoc_proto::documents::{Document, DocumentList};
use podpis_diadoc_proto::events::{BoxEvent, BoxEventList, Entity, Message};
use podpis_diadoc_proto::prost::Message as _;
use podpis_diadoc_proto::{Checked, Content, DecodeError, decode_checked, json};

/// What each byte of a megabyte may take: the bound of structs, and three times as much while their list is moved.
const PER_BYTE: u64 = 4 * 32;

/// What a reading gave, and how many bytes it had at its peak.
fn peak<T>(read: impl FnOnce() -> T) -> (T, u64) {
    let mut value = None;
    let cost = measure(|| value = Some(read()));
    (value.unwrap(), cost.bytes_max)
}

/// Why bytes are refused, which takes little memory.
#[track_caller]
fn refused<M: Checked>(bytes: &[u8]) -> DecodeError {
    let (read, peak) = peak(|| decode_checked::<M>(bytes));
    // The bytes are copied once.
    assert!(peak < bytes.len() as u64 + 1_000, "{peak} bytes");
    read.map(drop).unwrap_err()
}

#[test]
fn a_list_of_empty_messages_is_refused_before_it_is_read() {
    let documents = [0x12, 0x00].repeat(500_000);
    let error = refused::<DocumentList>(&documents);
    assert_eq!(error.overfull(), Some("Documents"));
    assert_eq!(
        error.to_string(),
        "Diadoc.Api.Proto.Documents.DocumentList has too many elements in Documents for its length: they are empty or \
         nearly so"
    );
    // Events of one message with one entity each; and one event with all entities, in two halves.
    let events = [0x0a, 0x04, 0x12, 0x02, 0x42, 0x00].repeat(100_000);
    let error = refused::<BoxEventList>(&events);
    assert_eq!(error.overfull(), Some("Events.Message.Entities"));
    let half = [0x42, 0x00].repeat(100_000);
    let message = Field(2, &half).bytes().repeat(2);
    let error = refused::<BoxEventList>(&Field(1, &message).bytes());
    assert_eq!(error.overfull(), Some("Events.Message.Entities"));
}

/// Prost would read entities beyond the end of their message, and only then see that it ended.
#[test]
fn a_length_that_is_too_long_is_refused_before_what_follows_is_read() {
    let mut events = vec![0x0a, 0x05, 0x12, 0x80, 0x89, 0x7a];
    events.extend([0x42, 0x00].repeat(1_000_000));
    assert!(refused::<BoxEventList>(&events).is_malformed());
}

#[test]
fn unknown_fields_and_groups_take_no_room() {
    // Field 99 with empty bytes, and a group 99 with nothing in it.
    let unknown = [0x9a, 0x06, 0x00, 0x9b, 0x06, 0x9c, 0x06].repeat(100_000);
    let read = peak(|| decode_checked::<DocumentList>(&*[&[0x08, 0x01], &*unknown].concat()));
    assert_eq!(read.0.unwrap().total_count, 1);
    assert!(read.1 < 3 * unknown.len() as u64, "{} bytes", read.1);
}

#[test]
fn large_pages_are_read() {
    let id = || "bbcedb0d-ce34-4e0d-b321-000000000000".to_owned();
    let document = Document {
        message_id: id(),
        entity_id: id(),
        ..Document::default()
    };
    let list = DocumentList {
        total_count: 20_000,
        documents: vec![document; 20_000],
        ..DocumentList::default()
    };
    let bytes = list.encode_to_vec();
    let (read, peak) = peak(|| decode_checked::<DocumentList>(&*bytes));
    assert_eq!(read.unwrap().documents.len(), 20_000);
    assert!(peak < PER_BYTE * bytes.len() as u64);
    // Events with the least that each of them and their entities have, and one with a large content.
    let mut entity = Entity::new(id());
    entity.parent_entity_id = Some(id());
    let message = Message {
        message_id: id(),
        timestamp_ticks: 1,
        from_box_id: id(),
        entities: vec![entity; 3],
        ..Message::default()
    };
    let event = BoxEvent {
        event_id: id(),
        message: Some(message),
        ..BoxEvent::default()
    };
    let mut events = vec![event; 5_000];
    let content = Content {
        size: 30_000_000,
        data: Some(vec![7; 30_000_000].into()),
    };
    events[0].message.as_mut().unwrap().entities[0].content = Some(content);
    let bytes = BoxEventList {
        events,
        ..BoxEventList::default()
    };
    let bytes = [bytes.encode_to_vec(), vec![0x18, 0x00]].concat();
    let read: BoxEventList = decode_checked(&*bytes).unwrap();
    assert_eq!(read.events.len(), 5_000);
}

#[test]
fn a_list_of_empty_objects_is_refused_in_json() {
    let body = format!(
        r#"{{"docflows-page-item":[{}{{}}]}}"#,
        "{},".repeat(100_000)
    );
    let (read, peak) = peak(|| model::read::<DocflowPage>(body.as_bytes()));
    let error = read.unwrap_err();
    assert_eq!(error.problem(), ReadProblem::Overfull);
    assert!(error.field().starts_with("docflows-page-item["), "{error}");
    assert!(peak < PER_BYTE * body.len() as u64, "{peak} bytes");

    let body = body.replace("docflows-page-item", "Documents");
    let error = json::read("Documents.DocumentList", body.as_bytes()).unwrap_err();
    assert!(
        error.to_string().contains("one element too many"),
        "{error}"
    );
}

#[test]
fn a_large_page_of_json_is_read() {
    let item = r#"{"id":"3fa85f64-5717-4562-b3fc-2c963f66afa6"},"#;
    let items = item.repeat(20_000);
    let body = format!(
        r#"{{"docflows-page-item":[{}]}}"#,
        items.trim_end_matches(',')
    );
    let page: DocflowPage = model::read(body.as_bytes()).unwrap();
    assert_eq!(page.items.len(), 20_000);
}

/// A field with a length: its number and what is in it.
struct Field<'a>(u8, &'a [u8]);

impl Field<'_> {
    fn bytes(&self) -> Vec<u8> {
        let mut length = self.1.len();
        let mut bytes = vec![self.0 << 3 | 2];
        while length > 0x7f {
            bytes.push(0x80 | (length & 0x7f) as u8);
            length >>= 7;
        }
        bytes.push(length as u8);
        bytes.extend_from_slice(self.1);
        bytes
    }
}
