//! Bodies that no server should send: nothing panics on them, and no error or `Debug` gives away what is in them.
//!
//! **Invariant:** the bodies are the fixtures, broken in their bytes, cut short, or with values of another sort.

use std::fmt::Debug;
use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;

use podpis_extern_model::{
    AccountList, ApiError, ApiTask, CertificateList, CheckResult, ContentReference,
    CryptOperationStatus, DecryptInit, DecryptionResult, Docflow, DocflowPage, Document, Draft,
    DraftDocument, DraftMeta, Link, PfrReply, PfrReplyDocument, PfrSignConfirmed, PfrSignInit,
    PrepareResult, ReadError, ReplyDocument, SendFailure, SendResult, SignConfirmed, SignInit,
    Signature, TaskPage, UploadAnswer, read, read_bytes, read_code,
};
use proptest::prelude::*;
use proptest::sample::Index;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// What must never be seen again.
const MARKER: &str = "S3cretMarker";

static BODIES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let files = fs::read_dir(folder).expect("the fixtures are there");
    let files = files.map(|entry| entry.expect("a file").path());
    let bodies = files.filter(|path| path.extension().is_some_and(|end| end == "json"));
    let mut bodies: Vec<Vec<u8>> = bodies
        .map(|path| fs::read(path).expect("a fixture"))
        .collect();
    bodies.sort();
    bodies
});

fn tree(body: &[u8]) -> Value {
    serde_json::from_slice(body).expect("a fixture is JSON")
}

/// Reads a body as everything there is, and gives all that was said about it.
fn everything(body: &[u8]) -> Vec<ReadError> {
    fn one<T: DeserializeOwned>(body: &[u8], errors: &mut Vec<ReadError>) -> Option<T> {
        read(body).map_err(|error| errors.push(error)).ok()
    }
    let mut errors = Vec::new();
    let said = &mut errors;
    one::<AccountList>(body, said);
    one::<ApiError>(body, said);
    one::<CheckResult>(body, said);
    one::<ContentReference>(body, said);
    one::<CryptOperationStatus>(body, said);
    one::<DocflowPage>(body, said);
    one::<Docflow>(body, said);
    one::<Draft>(body, said);
    one::<DraftMeta>(body, said);
    one::<Link>(body, said);
    one::<PfrReplyDocument>(body, said);
    one::<PfrSignConfirmed>(body, said);
    one::<PrepareResult>(body, said);
    one::<SendFailure>(body, said);
    one::<Signature>(body, said);
    one::<SignConfirmed>(body, said);
    one::<TaskPage>(body, said);
    one::<UploadAnswer>(body, said);
    one::<Value>(body, said);
    one::<SignInit>(body, said).map(|init| init.needs());
    one::<PfrSignInit>(body, said).map(|init| init.needs());
    one::<DecryptInit>(body, said).map(|init| init.needs());
    one::<DraftDocument>(body, said).map(|document| document.is_signed());
    one::<ReplyDocument>(body, said).map(|reply| reply.is_signed());
    one::<PfrReply>(body, said).map(|reply| reply.is_signed());
    one::<Document>(body, said).map(|document| document.has_decrypted_content());
    if let Some(list) = one::<CertificateList>(body, said) {
        let broken = list
            .certificates
            .iter()
            .map(|certificate| certificate.der());
        said.extend(broken.filter_map(Result::err));
    }
    if let Some(task) = one::<ApiTask>(body, said) {
        let _ = task.progress();
        said.extend(task.as_crypt_operation().err());
        said.extend(task.as_decryption().err());
        said.extend(task.as_send().err());
        said.extend(task.as_check().err());
        said.extend(task.as_prepare().err());
        said.extend(task.as_print().err());
    }
    for content_type in [
        None,
        Some("application/json"),
        Some("application/octet-stream"),
    ] {
        said.extend(DecryptionResult::read(content_type, body).err());
        said.extend(read_bytes(content_type, body).err());
    }
    said.extend(read_code(body).err());
    errors
}

fn keeps_quiet(body: &[u8]) {
    for error in everything(body) {
        for shown in [
            error.to_string(),
            format!("{error:?}"),
            error.field().to_owned(),
        ] {
            assert!(!shown.contains(MARKER), "{shown}");
        }
    }
}

/// How many values are in a tree, itself included.
fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(count).sum(),
        Value::Object(fields) => fields.values().map(count).sum(),
        _ => 0,
    }
}

/// Puts `change` in the place of the value with that number.
fn replace(value: &mut Value, number: &mut usize, change: &dyn Fn(Value) -> Value) {
    if *number == 0 {
        *value = change(value.take());
    }
    *number = number.wrapping_sub(1);
    match value {
        Value::Array(items) => {
            for item in items {
                replace(item, number, change);
            }
        }
        Value::Object(fields) => {
            for (_, item) in fields.iter_mut() {
                replace(item, number, change);
            }
        }
        _ => {}
    }
}

/// Values of every sort, with the marker wherever a text can be.
fn strangers() -> impl Strategy<Value = Value> {
    let field =
        |name: &str, value: Value| Value::Object(Map::from_iter([(name.to_owned(), value)]));
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        Just(Value::from("")),
        Just(Value::from(MARKER)),
        Just(Value::from(format!(
            "`{MARKER}`, expected a string at line 1 column 1"
        ))),
        Just(Value::from(format!("missing field `{MARKER}`"))),
        Just(Value::Array(Vec::new())),
        Just(Value::from(vec![MARKER, MARKER])),
        Just(field(MARKER, Value::from(MARKER))),
        Just(field("id", Value::from(vec![MARKER]))),
        Just(field("task-state", field(MARKER, Value::from(MARKER)))),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 2000,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn broken_bytes(body: Index, flips in prop::collection::vec((any::<Index>(), any::<u8>()), 0..8), cut: Index) {
        let mut body = BODIES[body.index(BODIES.len())].clone();
        for (place, byte) in flips {
            let place = place.index(body.len());
            body[place] = byte;
        }
        let cut = cut.index(body.len() + 1);
        everything(&body);
        everything(&body[..cut]);
        everything(&body[cut..]);
    }

    #[test]
    fn values_of_another_sort(body: Index, places in prop::collection::vec((any::<Index>(), strangers()), 1..4)) {
        let mut body = tree(&BODIES[body.index(BODIES.len())]);
        for (place, stranger) in places {
            let mut number = place.index(count(&body));
            replace(&mut body, &mut number, &|_| stranger.clone());
        }
        keeps_quiet(body.to_string().as_bytes());
    }

    #[test]
    fn keys_that_nobody_knows(body: Index, place: Index) {
        let mut body = tree(&BODIES[body.index(BODIES.len())]);
        let mut number = place.index(count(&body));
        replace(&mut body, &mut number, &|value| match value {
            Value::Object(fields) => fields.into_iter().map(|(key, value)| (format!("{MARKER}{key}"), value)).collect(),
            other => other,
        });
        let text = body.to_string();
        keeps_quiet(text.as_bytes());
        keeps_quiet(&text.as_bytes()[..text.len() - 1]);
    }

    #[test]
    fn anything_at_all(body in prop::collection::vec(any::<u8>(), 0..200)) {
        everything(&body);
    }
}

/// What a `Debug` shows of a body in which every content is the marker.
fn shown<T: DeserializeOwned + Debug>(name: &str, contents: &[&str]) -> String {
    fn hide(value: &mut Value, contents: &[&str]) {
        match value {
            Value::Array(items) => items.iter_mut().for_each(|item| hide(item, contents)),
            Value::Object(fields) => {
                for (key, item) in fields.iter_mut() {
                    if contents.contains(&key.as_str()) && !item.is_object() {
                        *item = Value::from(MARKER);
                    } else {
                        hide(item, contents);
                    }
                }
            }
            _ => {}
        }
    }
    let path = format!("tests/fixtures/{name}.json");
    let body = fs::read(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path));
    let mut body = tree(&body.expect("a fixture"));
    hide(&mut body, contents);
    let text = body.to_string();
    assert!(text.contains(MARKER), "{name} has no such content");
    let value: T = read(text.as_bytes()).expect("a content is a text");
    format!("{value:?} {value:#?}")
}

#[test]
fn debug_shows_no_content() {
    let contents = [
        "content",
        "data-to-sign",
        "print-content",
        "signature",
        "encrypted-content",
        "task-result",
    ];
    let all = [
        shown::<CertificateList>("3.10-certificate-list", &contents),
        shown::<Draft>("3.12-draft", &contents),
        shown::<DraftMeta>("3.12-draft-meta", &contents),
        shown::<ReplyDocument>("3.13-reply", &contents),
        shown::<PfrReply>("3.13-pfr-reply", &contents),
        shown::<ApiTask>("3.7-task-decrypted-2019", &contents),
    ];
    for text in all {
        assert!(!text.contains(MARKER), "{text}");
    }
    let result = DecryptionResult::Bytes(MARKER.into());
    assert!(!format!("{result:?}").contains(MARKER));
    let sent = SendResult::Failed(Box::default());
    assert!(format!("{sent:?}").starts_with("Failed"));
}
