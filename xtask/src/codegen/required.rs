//! The tables by which `decode_checked` finds absent required fields, and bounds lists.
//!
//! *Invariant:* every message has a table; a table lists only those inner messages in which something is
//! required at some depth, so that content is not scanned for nothing. A field keeps its label, and so its
//! place in `new` and in the bytes, also when it is not looked for.

use std::collections::BTreeSet;

use protox::prost_reflect::{FieldDescriptor, Kind, MessageDescriptor};

use super::builders::default;
use super::lists::Lists;
use super::names;
use super::schema::Schema;

/// Required fields of answers that nothing of ours depends on. A server that leaves one out is older or newer
/// than our schema, not broken: the field is read as its default. If it is a message, it is not looked into
/// either.
pub(crate) const NOT_LOOKED_FOR: &[&str] = &[
    // The last batch may have no next one; the documentation does not say how it is told.
    "Diadoc.Api.Proto.AutosignReceiptsResult.NextBatchKey",
    "Diadoc.Api.Proto.AutosignReceiptsResultBefore2017.NextBatchKey",
    // A box is named by its GUID everywhere.
    "Diadoc.Api.Proto.Box.BoxId",
    "Diadoc.Api.Proto.Box.Title",
    // Lists were counted exactly before there was a word for it.
    "Diadoc.Api.Proto.CounteragentList.TotalCountType",
    // Only shown.
    "Diadoc.Api.Proto.Department.Name",
    "Diadoc.Api.Proto.Department.ParentDepartmentId",
    "Diadoc.Api.Proto.Docflow.PowerOfAttorneyAttachmentStatus.StatusName",
    "Diadoc.Api.Proto.Documents.Document.Title",
    "Diadoc.Api.Proto.Events.Message.FromTitle",
    "Diadoc.Api.Proto.Events.PowerOfAttorneyInfo.FullId",
    "Diadoc.Api.Proto.PowersOfAttorney.PowerOfAttorneyValidationError.Code",
    "Diadoc.Api.Proto.PowersOfAttorney.PowerOfAttorneyValidationError.Text",
    "Diadoc.Api.Proto.SignatureInfo.SerialNumber",
    // Their absence reads as not known, or as the default that the schema gives.
    "Diadoc.Api.Proto.Documents.Document.CreationTimestampTicks",
    "Diadoc.Api.Proto.Documents.Document.AmendmentRequestMetadata",
    "Diadoc.Api.Proto.Documents.Document.ConfirmationMetadata",
    "Diadoc.Api.Proto.Documents.Document.DocflowStatus",
    "Diadoc.Api.Proto.Documents.Document.RecipientReceiptMetadata",
    "Diadoc.Api.Proto.Documents.Document.SenderReceiptMetadata",
    "Diadoc.Api.Proto.Documents.Document.Function",
    "Diadoc.Api.Proto.Documents.Document.LockMode",
    "Diadoc.Api.Proto.Documents.Document.RecipientResponseStatus",
    "Diadoc.Api.Proto.Documents.Document.TypeNamedId",
    "Diadoc.Api.Proto.Documents.Document.Version",
    "Diadoc.Api.Proto.Documents.Document.WorkflowId",
    "Diadoc.Api.Proto.Events.Message.LockMode",
    "Diadoc.Api.Proto.Events.Message.MessageType",
    // What a document is called in the answer when it was not in Diadoc is not documented.
    "Diadoc.Api.Proto.Events.DocumentPatchedContent.DocumentId",
    // A patch that was made must not look as if it was not.
    "Diadoc.Api.Proto.Events.MessagePatch.MessageType",
    "Diadoc.Api.Proto.Events.MessagePatch.PatchId",
    "Diadoc.Api.Proto.Events.MessagePatch.TimestampTicks",
    // Not read.
    "Diadoc.Api.Proto.CertificateChainElement.CertificateChainStatusFlags",
    "Diadoc.Api.Proto.CertificateChainElement.DerCertificate",
    "Diadoc.Api.Proto.CertificateVerificationResult.VerificationTime",
    "Diadoc.Api.Proto.Events.Message.LastPatchTimestampTicks",
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
    let requiring = requiring(&messages, not_looked_for);
    let looked_into = |field: &FieldDescriptor, inner: &MessageDescriptor| {
        requiring.contains(inner.full_name()) && !not_looked_for.contains(&field.full_name())
    };
    let lists = Lists::of(&messages);
    let mut text = String::from(
        "//! The required fields of every message, except those that may be absent, and its lists.\n\nuse core::mem::size_of;\n\nuse alloc::string::String;\n\nuse crate::lists::Listed;\nuse crate::required::{Checked, Nested, RequiredField, RequiredFields};\n",
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
            "\nstatic {table}: RequiredFields = RequiredFields {{\n    message: \"{}\",\n    fields: &[{}],\n    nested: &[{}],\n    lists: &[{}],\n}};\n",
            message.full_name(),
            fields(message, looked_for),
            nested(schema, message, looked_into),
            lists.render(schema, message),
        ));
        let path = names::message_path(schema, message);
        text.push_str(&format!(
            "\nimpl Checked for {path} {{\n    const REQUIRED: &'static RequiredFields = &{table};\n\n    fn shows_all_required(&self) -> bool {{\n        {}\n    }}\n}}\n",
            shown(message, looked_for, looked_into),
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
fn requiring(messages: &[MessageDescriptor], not_looked_for: &[&str]) -> BTreeSet<String> {
    let mut requiring = BTreeSet::new();
    loop {
        let before = requiring.len();
        for message in messages {
            let deep = |field: &FieldDescriptor| match field.kind() {
                Kind::Message(inner) => {
                    field.is_required() || requiring.contains(inner.full_name())
                }
                _ => field.is_required(),
            };
            if message
                .fields()
                .filter(|field| !not_looked_for.contains(&field.full_name()))
                .any(|field| deep(&field))
            {
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

fn nested(
    schema: &Schema,
    message: &MessageDescriptor,
    looked_into: impl Fn(&FieldDescriptor, &MessageDescriptor) -> bool,
) -> String {
    let mut fields: Vec<FieldDescriptor> = message.fields().collect();
    fields.sort_by_key(FieldDescriptor::number);
    let mut lines = Vec::new();
    for field in &fields {
        let Kind::Message(inner) = field.kind() else {
            continue;
        };
        if looked_into(field, &inner) {
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

/// The condition under which what was read shows that nothing was absent.
fn shown(
    message: &MessageDescriptor,
    looked_for: impl Fn(&FieldDescriptor) -> bool,
    looked_into: impl Fn(&FieldDescriptor, &MessageDescriptor) -> bool,
) -> String {
    let mut conditions = Vec::new();
    for field in message.fields() {
        let name = names::field(&field);
        let is_required = looked_for(&field);
        match (field.kind(), default(&field)) {
            (Kind::Message(inner), _) if is_required => {
                // It was there if something in it was; in one that requires nothing, nothing need be.
                let shows = inner
                    .fields()
                    .any(|field| looked_for(&field) && !matches!(field.kind(), Kind::Message(_)));
                conditions.push(match shows {
                    true => format!("self.{name}.shows_all_required()"),
                    false => "false".to_owned(),
                });
            }
            (Kind::Message(inner), _) if looked_into(&field, &inner) => conditions.push(format!(
                "self.{name}.iter().all(|inner| inner.shows_all_required())"
            )),
            (_, Some(default)) if is_required => {
                conditions.push(format!("self.{name} != {default}"));
            }
            (_, None) if is_required => conditions.push(format!("!self.{name}.is_empty()")),
            _ => {}
        }
    }
    if conditions.is_empty() {
        return "true".to_owned();
    }
    conditions.join("\n            && ")
}

/// Lines of a list with the closing bracket's indent; nothing if there are none.
pub(super) fn closed(lines: Vec<String>) -> String {
    if lines.is_empty() {
        String::new()
    } else {
        format!("{}\n    ", lines.concat())
    }
}

/// `Diadoc.Api.Proto.Events.DocumentSignature` becomes `EVENTS_DOCUMENT_SIGNATURE`.
pub(super) fn table_name(schema: &Schema, message: &MessageDescriptor) -> String {
    let below = message
        .full_name()
        .strip_prefix(schema.root_package)
        .unwrap_or(message.full_name());
    names::constant(&below.replace('.', "_"))
}
