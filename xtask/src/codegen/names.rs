//! Rust names of protobuf elements, as prost-build makes them.
//!
//! *Invariant:* field and type names are exactly prost's, otherwise the generated builders would not compile.

use heck::{ToShoutySnakeCase, ToSnakeCase, ToUpperCamelCase};
use protox::prost_reflect::{FieldDescriptor, MessageDescriptor};

use super::schema::Schema;

/// Words that need `r#` in front to be a name.
const KEYWORDS: &[&str] = &[
    "as", "break", "const", "continue", "else", "enum", "false", "fn", "for", "if", "impl", "in",
    "let", "loop", "match", "mod", "move", "mut", "pub", "ref", "return", "static", "struct",
    "trait", "true", "type", "unsafe", "use", "where", "while", "dyn", "abstract", "become", "box",
    "do", "final", "macro", "override", "priv", "typeof", "unsized", "virtual", "yield", "async",
    "await", "try", "gen",
];

/// Name of the struct field: `NameOnShelf` becomes `name_on_shelf`, `Type` becomes `r#type`.
pub(crate) fn field(field: &FieldDescriptor) -> String {
    let name = bare_field(field);
    if KEYWORDS.contains(&name.as_str()) {
        format!("r#{name}")
    } else {
        name
    }
}

/// Name of the field as a part of another name, as in `with_type`.
pub(crate) fn bare_field(field: &FieldDescriptor) -> String {
    field.name().to_snake_case()
}

/// Name of a struct: `Content_v2` becomes `ContentV2`.
pub(crate) fn type_name(name: &str) -> String {
    name.to_upper_camel_case()
}

/// Name of a constant for an enum member: `ConfirmTypeUnknown` becomes `CONFIRM_TYPE_UNKNOWN`.
pub(crate) fn constant(name: &str) -> String {
    name.to_shouty_snake_case()
}

/// Path of a struct from anywhere in the crate: `crate::events::DocumentSignature`.
pub(crate) fn message_path(schema: &Schema, message: &MessageDescriptor) -> String {
    match message.parent_message() {
        None => type_path(schema, message.package_name(), message.name()),
        Some(parent) => {
            let outer = message_path(schema, &parent);
            let (module, _) = outer.rsplit_once("::").unwrap_or(("crate", &outer));
            format!(
                "{module}::{}::{}",
                parent.name().to_snake_case(),
                type_name(message.name())
            )
        }
    }
}

/// Path of a type that is directly in `package`.
pub(crate) fn type_path(schema: &Schema, package: &str, name: &str) -> String {
    let mut path = String::from("crate");
    for module in modules(schema, package) {
        path.push_str("::");
        path.push_str(&module);
    }
    format!("{path}::{}", type_name(name))
}

/// Modules below the crate's root in which the types of `package` are; empty for the root package.
pub(crate) fn modules(schema: &Schema, package: &str) -> Vec<String> {
    let below = package.strip_prefix(schema.root_package).unwrap_or(package);
    below
        .split('.')
        .filter(|part| !part.is_empty())
        .map(ToSnakeCase::to_snake_case)
        .collect()
}

/// The comment as `///` lines with `indent` spaces in front.
pub(crate) fn doc_lines(comment: &str, indent: usize) -> String {
    let mut lines = String::new();
    for line in comment.trim_end().lines() {
        let text = line.trim_end().strip_prefix(' ').unwrap_or(line.trim_end());
        let space = if text.is_empty() { "" } else { " " };
        lines.push_str(&format!("{:indent$}///{space}{text}\n", ""));
    }
    lines
}
