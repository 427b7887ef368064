//! Small consuming builders: `new` takes what is required, `with_…` sets what is optional.
//!
//! *Invariant:* a builder never writes a default. The official SDKs leave such fields out, and adding a field
//! to a message must not break the code that builds it, as a struct literal would.

use protox::prost_reflect::{FieldDescriptor, Kind, MessageDescriptor, Value};

use super::names;
use super::open_enums::default_number;
use super::schema::{Schema, comment};

/// An `impl` block for each message.
pub(crate) fn render(schema: &Schema) -> Result<String, String> {
    let mut text = String::from("//! `new` and `with_…` of every message.\n");
    for message in schema.messages() {
        text.push_str(&builder(schema, &message)?);
    }
    Ok(text)
}

fn builder(schema: &Schema, message: &MessageDescriptor) -> Result<String, String> {
    let path = names::message_path(schema, message);
    let mut text = format!("\nimpl {path} {{\n{}", constructor(schema, message));
    for field in message.fields().filter(|field| !field.is_required()) {
        let doc = names::doc_lines(
            &comment(&message.parent_file(), field.path(), field.full_name())?,
            4,
        );
        text.push('\n');
        text.push_str(&setter(schema, &field, &doc));
    }
    text.push_str("}\n");
    Ok(text)
}

fn constructor(schema: &Schema, message: &MessageDescriptor) -> String {
    let required: Vec<FieldDescriptor> = message
        .fields()
        .filter(FieldDescriptor::is_required)
        .collect();
    let mut parameters = Vec::new();
    let mut values = String::new();
    for field in &required {
        let name = names::field(field);
        let (parameter, value) = argument(schema, field, &name);
        parameters.push(format!("{name}: {parameter}"));
        values.push_str(&format!("            {name}: {value},\n"));
    }
    let doc = if required.is_empty() {
        "Nothing set; no field is required."
    } else {
        "The required fields, and nothing else."
    };
    let rest = if required.len() == message.fields().len() {
        ""
    } else {
        "            ..Default::default()\n"
    };
    format!(
        "    /// {doc}\n    #[must_use]\n    pub fn new({}) -> Self {{\n        Self {{\n{values}{rest}        }}\n    }}\n",
        parameters.join(", ")
    )
}

fn setter(schema: &Schema, field: &FieldDescriptor, doc: &str) -> String {
    let (name, bare) = (names::field(field), names::bare_field(field));
    let (parameter, value) = argument(schema, field, "value");
    let (parameter, assigned, rule) = if field.is_list() {
        let (_, value) = argument(schema, field, "item");
        let collected = format!("value.into_iter().map(|item| {value}).collect()");
        (
            format!("impl IntoIterator<Item = {parameter}>"),
            collected,
            "Replaces what was set before.".to_owned(),
        )
    } else {
        match default(field) {
            Some(default) => {
                let assigned = format!("Some({value}).filter(|value| *value != {default})");
                (
                    parameter,
                    assigned,
                    format!("Given the default, `{default}`, leaves it unset."),
                )
            }
            None => (parameter, format!("Some({value})"), String::new()),
        }
    };
    let rule = if rule.is_empty() {
        rule
    } else {
        format!("    ///\n    /// {rule}\n")
    };
    format!(
        "{doc}{rule}    #[must_use]\n    pub fn with_{bare}(mut self, value: {parameter}) -> Self {{\n        self.{name} = {assigned};\n        self\n    }}\n"
    )
}

/// What a setter takes for one value, and how the struct field is made of it.
fn argument(schema: &Schema, field: &FieldDescriptor, name: &str) -> (String, String) {
    let same = |kind: &str| (kind.to_owned(), name.to_owned());
    match field.kind() {
        Kind::Bool => same("bool"),
        Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 => same("i32"),
        Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 => same("i64"),
        Kind::Uint32 | Kind::Fixed32 => same("u32"),
        Kind::Uint64 | Kind::Fixed64 => same("u64"),
        Kind::Float => same("f32"),
        Kind::Double => same("f64"),
        Kind::String => (
            "impl Into<::prost::alloc::string::String>".to_owned(),
            format!("{name}.into()"),
        ),
        Kind::Bytes => (
            "impl Into<::prost::bytes::Bytes>".to_owned(),
            format!("{name}.into()"),
        ),
        Kind::Enum(open_enum) => (
            names::type_path(schema, open_enum.package_name(), open_enum.name()),
            format!("{name}.0"),
        ),
        // `into` boxes the value where prost boxes the field: a message that contains itself.
        Kind::Message(message) => (
            names::message_path(schema, &message),
            format!("{name}.into()"),
        ),
    }
}

/// The default of a field as Rust; `None` if there is no value that may be left out. Bytes have none:
/// the official SDKs tell empty bytes, an empty file, from absent ones.
pub(super) fn default(field: &FieldDescriptor) -> Option<String> {
    match (field.kind(), field.default_value()) {
        (Kind::Enum(open_enum), _) => Some(default_number(field, &open_enum).to_string()),
        (_, Value::Bool(value)) => Some(value.to_string()),
        (_, Value::I32(value)) => Some(value.to_string()),
        (_, Value::I64(value)) => Some(value.to_string()),
        (_, Value::U32(value)) => Some(value.to_string()),
        (_, Value::U64(value)) => Some(value.to_string()),
        (_, Value::F32(value)) => Some(format!("{value:?}")),
        (_, Value::F64(value)) => Some(format!("{value:?}")),
        (_, Value::String(value)) => Some(format!("{value:?}")),
        _ => None,
    }
}
