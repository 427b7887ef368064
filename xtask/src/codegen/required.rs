//! The tables by which `decode_checked` finds absent required fields.
//!
//! *Invariant:* every message has a table; a table lists only those inner messages in which something is
//! required at some depth, so that content is not scanned for nothing.

use std::collections::BTreeSet;

use protox::prost_reflect::{FieldDescriptor, Kind, MessageDescriptor};

use super::names;
use super::schema::Schema;

/// A static for each message, its `Checked` implementation, and the list of all.
pub(crate) fn render(schema: &Schema) -> Result<String, String> {
    let messages = schema.messages();
    let requiring = requiring(&messages);
    let mut text = String::from(
        "//! The required fields of every message.\n\nuse crate::required::{Checked, Nested, RequiredField, RequiredFields};\n",
    );
    let mut all = String::new();
    let mut seen = BTreeSet::new();
    for message in &messages {
        let table = table_name(schema, message);
        if !seen.insert(table.clone()) {
            return Err(format!(
                "{}: another message has the same table name {table}",
                message.full_name()
            ));
        }
        text.push_str(&format!(
            "\nstatic {table}: RequiredFields = RequiredFields {{\n    message: \"{}\",\n    fields: &[{}],\n    nested: &[{}],\n}};\n",
            message.full_name(),
            fields(message),
            nested(schema, message, &requiring),
        ));
        let path = names::message_path(schema, message);
        text.push_str(&format!(
            "\nimpl Checked for {path} {{\n    const REQUIRED: &'static RequiredFields = &{table};\n}}\n"
        ));
        all.push_str(&format!("    &{table},\n"));
    }
    text.push_str(&format!(
        "\npub(crate) const ALL: &[&RequiredFields] = &[\n{all}];\n"
    ));
    Ok(text)
}

/// Full names of the messages that require something, themselves or through a message inside them.
fn requiring(messages: &[MessageDescriptor]) -> BTreeSet<String> {
    let mut requiring = BTreeSet::new();
    loop {
        let before = requiring.len();
        for message in messages {
            let deep = |field: FieldDescriptor| match field.kind() {
                Kind::Message(inner) => {
                    field.is_required() || requiring.contains(inner.full_name())
                }
                _ => field.is_required(),
            };
            if message.fields().any(deep) {
                requiring.insert(message.full_name().to_owned());
            }
        }
        if requiring.len() == before {
            return requiring;
        }
    }
}

fn fields(message: &MessageDescriptor) -> String {
    let mut required: Vec<FieldDescriptor> = message
        .fields()
        .filter(FieldDescriptor::is_required)
        .collect();
    required.sort_by_key(FieldDescriptor::number);
    let line = |field: &FieldDescriptor| {
        format!(
            "\n        RequiredField {{ tag: {}, name: \"{}\" }},",
            field.number(),
            field.name()
        )
    };
    closed(required.iter().map(line).collect())
}

fn nested(schema: &Schema, message: &MessageDescriptor, requiring: &BTreeSet<String>) -> String {
    let mut fields: Vec<FieldDescriptor> = message.fields().collect();
    fields.sort_by_key(FieldDescriptor::number);
    let mut lines = Vec::new();
    for field in &fields {
        let Kind::Message(inner) = field.kind() else {
            continue;
        };
        if requiring.contains(inner.full_name()) {
            lines.push(format!(
                "\n        Nested {{ tag: {}, name: \"{}\", repeated: {}, fields: &{} }},",
                field.number(),
                field.name(),
                field.is_list(),
                table_name(schema, &inner),
            ));
        }
    }
    closed(lines)
}

/// Lines of a list with the closing bracket's indent; nothing if there are none.
fn closed(lines: Vec<String>) -> String {
    if lines.is_empty() {
        String::new()
    } else {
        format!("{}\n    ", lines.concat())
    }
}

/// `Diadoc.Api.Proto.Events.DocumentSignature` becomes `EVENTS_DOCUMENT_SIGNATURE`.
fn table_name(schema: &Schema, message: &MessageDescriptor) -> String {
    let below = message
        .full_name()
        .strip_prefix(schema.root_package)
        .unwrap_or(message.full_name());
    names::constant(&below.replace('.', "_"))
}
