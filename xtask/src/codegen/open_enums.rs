//! Enums that stay open: a newtype over the number, with a constant for each member we know.
//!
//! *Invariant:* a number that is newer than our .proto files survives reading, comparing and writing, and is
//! never shown as another member.

use std::collections::BTreeMap;

use prost_types::field_descriptor_proto::Type;
use prost_types::{DescriptorProto, FileDescriptorProto};
use protox::prost_reflect::{EnumDescriptor, FieldDescriptor, Kind, MessageDescriptor};

use super::names;
use super::schema::{Schema, comment};

/// Turns the enum fields of a file into `int32` fields with the same default, and drops the enums.
pub(crate) fn read_as_int32(schema: &Schema, file: &mut FileDescriptorProto) {
    file.enum_type.clear();
    for message in &mut file.message_type {
        fields_as_int32(schema, message);
    }
}

fn fields_as_int32(schema: &Schema, message: &mut DescriptorProto) {
    message.enum_type.clear();
    for field in message
        .field
        .iter_mut()
        .filter(|field| field.r#type() == Type::Enum)
    {
        let name = field.type_name().trim_start_matches('.');
        let described = schema
            .enums()
            .into_iter()
            .find(|open_enum| open_enum.full_name() == name);
        let default = described.map_or(0, |open_enum| match field.default_value.as_deref() {
            Some(member) => open_enum
                .get_value_by_name(member)
                .map_or(0, |member| member.number()),
            // In proto2 the first member is the default, whatever its number.
            None => open_enum.default_value().number(),
        });
        let repeated = field.label() == prost_types::field_descriptor_proto::Label::Repeated;
        field.set_type(Type::Int32);
        field.type_name = None;
        field.default_value = (default != 0 && !repeated).then(|| default.to_string());
    }
    for nested in &mut message.nested_type {
        fields_as_int32(schema, nested);
    }
}

/// The newtypes and the typed readers, by the modules of their package.
pub(crate) fn render(schema: &Schema) -> Result<BTreeMap<Vec<String>, String>, String> {
    let mut packages: BTreeMap<Vec<String>, String> = BTreeMap::new();
    for open_enum in schema.enums() {
        let text = newtype(&open_enum)?;
        packages
            .entry(names::modules(schema, open_enum.package_name()))
            .or_default()
            .push_str(&text);
    }
    for message in schema.messages() {
        let text = readers(schema, &message)?;
        packages
            .entry(names::modules(schema, message.package_name()))
            .or_default()
            .push_str(&text);
    }
    Ok(packages)
}

/// The newtype of one enum.
pub(crate) fn newtype(open_enum: &EnumDescriptor) -> Result<String, String> {
    let name = names::type_name(open_enum.name());
    let file = open_enum.parent_file();
    let doc = names::doc_lines(&comment(&file, open_enum.path(), open_enum.full_name())?, 0);
    let mut constants = String::new();
    let mut known = String::new();
    let mut named = Vec::new();
    for member in open_enum.values() {
        let (constant, number) = (names::constant(member.name()), member.number());
        constants.push_str(&names::doc_lines(
            &comment(&file, member.path(), member.full_name())?,
            4,
        ));
        constants.push_str(&format!(
            "    pub const {constant}: Self = Self({number});\n"
        ));
        // Only the first name of a number that has several.
        if !named.contains(&number) {
            named.push(number);
            known.push_str(&format!(
                "            {number} => Some(\"{}\"),\n",
                member.name()
            ));
        }
    }
    Ok(format!(
        "\n{doc}///
/// Open: it holds any number, also one that is newer than this crate.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(transparent)]
pub struct {name}(pub i32);

impl {name} {{
{constants}
    /// The number on the wire.
    #[must_use]
    pub const fn number(self) -> i32 {{
        self.0
    }}

    /// Name in the .proto file, `None` for a number that this crate does not know.
    #[must_use]
    pub const fn name(self) -> Option<&'static str> {{
        match self.0 {{
{known}            _ => None,
        }}
    }}
}}

impl From<i32> for {name} {{
    fn from(number: i32) -> Self {{
        Self(number)
    }}
}}

impl From<{name}> for i32 {{
    fn from(member: {name}) -> Self {{
        member.0
    }}
}}

impl ::core::fmt::Debug for {name} {{
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {{
        match self.name() {{
            Some(member) => write!(f, \"{name}({{member}})\"),
            None => write!(f, \"{name}({{}})\", self.0),
        }}
    }}
}}
"
    ))
}

/// A reader for each enum field of a message; nothing if it has none.
fn readers(schema: &Schema, message: &MessageDescriptor) -> Result<String, String> {
    let mut readers = String::new();
    for field in message.fields() {
        let Kind::Enum(open_enum) = field.kind() else {
            continue;
        };
        let path = names::type_path(schema, open_enum.package_name(), open_enum.name());
        let (name, bare) = (names::field(&field), names::bare_field(&field));
        let doc = names::doc_lines(
            &comment(&message.parent_file(), field.path(), field.full_name())?,
            4,
        );
        let (rule, returned, body) = if field.is_list() {
            (
                "Any number is kept as it is.",
                format!("impl Iterator<Item = {path}> + '_"),
                format!("self.{name}.iter().copied().map({path})"),
            )
        } else if field.is_required() {
            (
                "Any number is kept as it is.",
                path.clone(),
                format!("{path}(self.{name})"),
            )
        } else {
            let default = default_number(&field, &open_enum);
            (
                "The default when the field is unset; any number that is set is kept as it is.",
                path.clone(),
                format!("{path}(self.{name}.unwrap_or({default}))"),
            )
        };
        readers.push_str(&format!("{doc}    ///\n    /// {rule}\n    #[must_use]\n    pub fn typed_{bare}(&self) -> {returned} {{\n        {body}\n    }}\n"));
    }
    let name = names::message_path(schema, message);
    Ok(if readers.is_empty() {
        readers
    } else {
        format!("\nimpl {name} {{\n{readers}}}\n")
    })
}

/// The number that an absent field stands for.
pub(crate) fn default_number(field: &FieldDescriptor, open_enum: &EnumDescriptor) -> i32 {
    field
        .default_value()
        .as_enum_number()
        .unwrap_or_else(|| open_enum.default_value().number())
}
