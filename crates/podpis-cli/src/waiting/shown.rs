//! How a listed document is told to people and to programs.
//!
//! **Invariant:** the ids are those that other commands take.

use podpis::diadoc::documents::ListedDocument;
use podpis::diadoc_proto::DocumentDirection;
use serde_json::{Value, json};

use super::Need;
use crate::messages::DiadocMessage;
use crate::moment::rfc3339;
use crate::output::{Output, columns, joined};

/// For programs.
pub(crate) fn told(document: &ListedDocument, need: Option<&Need>, output: Output) -> Value {
    let known = json!({
        "message": document.message.as_str(),
        "entity": document.entity.as_str(),
        "file": document.name(),
        "type": document.document_type,
        "number": document.number,
        "date": document.date,
        "direction": direction(document.direction),
        "counterparty": document.counterparty.as_ref().map(ToString::to_string),
        "size": document.size,
        "created": document.created.and_then(rfc3339),
        "sent": document.sent.and_then(rfc3339),
        "delivered": document.delivered.and_then(rfc3339),
        "test": document.is_test,
    });
    let Some(need) = need else {
        return known;
    };
    let words = output.text(&need.message().into());
    joined(known, json!({ "needs": need.word(), "reason": words }))
}

/// For people: a line for the document, one for what tells it from others, one for its ids, one for what it needs.
pub(crate) fn lines(document: &ListedDocument, need: Option<&Need>, output: Output) -> Vec<String> {
    let words = |message: DiadocMessage| output.text(&message.into());
    let way = words(DiadocMessage::Way(document.direction));
    let when = document.delivered.or(document.sent).or(document.created);
    let first = columns([
        Some(document.name().to_owned()),
        Some(document.document_type.clone()),
        Some(way),
        when.and_then(rfc3339),
    ]);
    let ids = format!(
        "  --message {} --entity {}",
        document.message, document.entity
    );
    let need = need.map(|need| format!("  {}", words(need.message())));
    let about = about(document, words);
    let rest = about.into_iter().chain([ids]).chain(need);
    std::iter::once(first).chain(rest).collect()
}

/// What tells it from others of its name, where that is known.
fn about(document: &ListedDocument, words: impl Fn(DiadocMessage) -> String) -> Option<String> {
    let said = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    let counterparty = document.counterparty.as_ref().map(ToString::to_string);
    let about = columns([
        said(&document.number).map(|number| words(DiadocMessage::Number(number))),
        said(&document.date).map(|date| words(DiadocMessage::Date(date))),
        counterparty.map(|other| words(DiadocMessage::Counterparty(other))),
    ]);
    (!about.is_empty()).then(|| format!("  {about}"))
}

/// Which way it goes, in a word that stays; a number where this version has no word.
fn direction(direction: DocumentDirection) -> String {
    match direction {
        DocumentDirection::INBOUND => "inbound".to_owned(),
        DocumentDirection::OUTBOUND => "outbound".to_owned(),
        DocumentDirection::INTERNAL => "internal".to_owned(),
        other => other.number().to_string(),
    }
}
