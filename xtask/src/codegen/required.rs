//! The tables by which `decode_checked` finds absent required fields.
//!
//! *Invariant:* every message has a table; a table lists only those inner messages in which something is
//! required at some depth, so that content is not scanned for nothing. A field keeps its label, and so its
//! place in `new` and in the bytes, also when it is not looked for.

use std::collections::BTreeSet;

use protox::prost_reflect::{FieldDescriptor, Kind, MessageDescriptor};

use super::names;
use super::schema::Schema;

/// Required fields of answers that nothing of ours depends on. A server that leaves one out is older or newer
/// than our schema, not broken: the field is read as its default.
pub(crate) const NOT_LOOKED_FOR: &[&str] = &[
    // The last batch may have no next one; the documentation does not say how it is told.
    "Diadoc.Api.Proto.AutosignReceiptsResult.NextBatchKey",
    "Diadoc.Api.Proto.AutosignReceiptsResultBefore2017.NextBatchKey",
    // A box is named by its GUID everywhere.
    "Diadoc.Api.Proto.Box.BoxId",
    "Diadoc.Api.Proto.Box.Title",
    // Only shown.
    "Diadoc.Api.Proto.Department.Name",
    "Diadoc.Api.Proto.Department.ParentDepartmentId",
    // Not read.
    "Diadoc.Api.Proto.Organization.Sociability",
];

/// A static for each message, its `Checked` implementation, and the list of all. `not_looked_for` holds full
/// names of required fields that may be absent.
pub(crate) fn render(schema: &Schema, not_looked_for: &[&str]) -> Result<String, String> {
    let messages = schema.messages();
    refuse_unknown(&messages, not_looked_for)?;
    let looked_for = |field: &FieldDescriptor| {
        field.is_required() && !not_looked_for.contains(&field.full_name())
    };
    let requiring = requiring(&messages, looked_for);
    let mut text = String::from(
        "//! The required fields of every message, except those that may be absent.\n\nuse crate::required::{Checked, Nested, RequiredField, RequiredFields};\n",
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
            fields(message, looked_for),
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

/// A name that is no required field is a slip: the field it was meant for would be looked for.
fn refuse_unknown(messages: &[MessageDescriptor], not_looked_for: &[&str]) -> Result<(), String> {
    let required: BTreeSet<String> = messages
        .iter()
        .flat_map(MessageDescriptor::fields)
        .filter(FieldDescriptor::is_required)
        .map(|field| field.full_name().to_owned())
        .collect();
    match not_looked_for
        .iter()
        .find(|name| !required.contains(**name))
    {
        Some(name) => Err(format!("{name}: no such required field")),
        None => Ok(()),
    }
}

/// Full names of the messages that require something, themselves or through a message inside them.
fn requiring(
    messages: &[MessageDescriptor],
    looked_for: impl Fn(&FieldDescriptor) -> bool + Copy,
) -> BTreeSet<String> {
    let mut requiring = BTreeSet::new();
    loop {
        let before = requiring.len();
        for message in messages {
            let deep = |field: FieldDescriptor| match field.kind() {
                Kind::Message(inner) => looked_for(&field) || requiring.contains(inner.full_name()),
                _ => looked_for(&field),
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

fn fields(message: &MessageDescriptor, looked_for: impl Fn(&FieldDescriptor) -> bool) -> String {
    let mut required: Vec<FieldDescriptor> = message.fields().filter(looked_for).collect();
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
