//! `Debug` of the messages, in place of prost's, which would print content, signatures and secrets.
//!
//! *Invariant:* every message has its `Debug` from here. Bytes appear as their number, fields marked
//! `debug_redact` as `redacted`, enum members by name; all of that comes from the .proto, so a new message
//! cannot be forgotten.

use protox::prost_reflect::{FieldDescriptor, Kind};

use super::names;
use super::schema::{Schema, is_secret};

/// An `impl Debug` for each message.
pub(crate) fn render(schema: &Schema) -> String {
    let mut text = String::from("//! `Debug` of every message, without content and secrets.\n");
    for message in schema.messages() {
        let mut fields = String::new();
        for field in message.fields() {
            let name = names::field(&field);
            let shown = match field.kind() {
                _ if hides(&field) => format!("crate::redaction::Hidden(&self.{name})"),
                Kind::Enum(open_enum) => {
                    let path = names::type_path(schema, open_enum.package_name(), open_enum.name());
                    if field.is_list() {
                        format!(
                            "self.{name}.iter().copied().map({path}).collect::<::prost::alloc::vec::Vec<_>>()"
                        )
                    } else if field.is_required() {
                        format!("{path}(self.{name})")
                    } else {
                        format!("self.{name}.map({path})")
                    }
                }
                _ => format!("self.{name}"),
            };
            fields.push_str(&format!(
                "            .field(\"{}\", &{shown})\n",
                names::bare_field(&field)
            ));
        }
        text.push_str(&format!(
            "
impl ::core::fmt::Debug for {} {{
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {{
        f.debug_struct(\"{}\")
{fields}            .finish()
    }}
}}
",
            names::message_path(schema, &message),
            names::type_name(message.name()),
        ));
    }
    text
}

fn hides(field: &FieldDescriptor) -> bool {
    matches!(field.kind(), Kind::Bytes) || is_secret(field)
}
