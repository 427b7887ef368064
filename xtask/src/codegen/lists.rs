//! The part of a message's table by which `decode_checked` counts what lists take in memory.
//!
//! *Invariant:* a list of messages or texts is in the table of its message, and that message in the table of each message
//! that holds it, up to the answer. A list of numbers is not: it takes little more than its bytes.

use std::collections::BTreeSet;

use protox::prost_reflect::{FieldDescriptor, Kind, MessageDescriptor};

use super::names;
use super::required::{closed, table_name};
use super::schema::Schema;

/// Full names of the messages that have lists, themselves or in a message inside them.
pub(crate) struct Lists(BTreeSet<String>);

impl Lists {
    pub(crate) fn of(messages: &[MessageDescriptor]) -> Self {
        let mut lists = Self(BTreeSet::new());
        loop {
            let before = lists.0.len();
            for message in messages {
                if message.fields().any(|field| lists.counts(&field)) {
                    lists.0.insert(message.full_name().to_owned());
                }
            }
            if lists.0.len() == before {
                return lists;
            }
        }
    }

    /// Whether the field belongs into the table.
    fn counts(&self, field: &FieldDescriptor) -> bool {
        match field.kind() {
            Kind::Message(inner) => field.is_list() || self.0.contains(inner.full_name()),
            Kind::String | Kind::Bytes => field.is_list(),
            _ => false,
        }
    }

    /// The lines of a message's table.
    pub(crate) fn render(&self, schema: &Schema, message: &MessageDescriptor) -> String {
        let mut fields: Vec<FieldDescriptor> = message
            .fields()
            .filter(|field| self.counts(field))
            .collect();
        fields.sort_by_key(FieldDescriptor::number);
        let line = |field: &FieldDescriptor| {
            let (path, inner) = match field.kind() {
                Kind::Message(inner) => (names::message_path(schema, &inner), Some(inner)),
                Kind::Bytes => ("prost::bytes::Bytes".to_owned(), None),
                _ => ("String".to_owned(), None),
            };
            let element = match field.is_list() {
                true => format!("size_of::<{path}>()"),
                false => "0".to_owned(),
            };
            let inner = match inner.filter(|inner| self.0.contains(inner.full_name())) {
                Some(inner) => format!("Some(&{})", table_name(schema, &inner)),
                None => "None".to_owned(),
            };
            format!(
                "\n        Listed {{ tag: {}, name: \"{}\", element: {element}, message: {inner} }},",
                field.number(),
                field.name(),
            )
        };
        closed(fields.iter().map(line).collect())
    }
}
