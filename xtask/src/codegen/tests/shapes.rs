//! What is written for the shapes that our .proto files do not have yet: open enums above all.

use std::fs;
use std::path::Path;
use std::process::Command;

use protox::prost_reflect::Kind;

use crate::codegen::schema::Schema;
use crate::codegen::{builders, messages, open_enums, redaction, required};

/// An enum with a negative member in every kind of field, a message that contains itself, a keyword as a name.
const FIXTURE: &str = r#"
syntax = "proto2";
package Diadoc.Api.Proto.Dss;
// How it is confirmed.
enum ConfirmType {
    // The client is too old to know.
    ConfirmTypeUnknown = -1;
    // Not at all.
    None = 0;
    // In the app.
    MyDss = 2;
}
// An answer.
message Answer {
    // Without a default of its own: the first member.
    optional ConfirmType First = 1;
    // With one.
    optional ConfirmType Second = 2 [default = MyDss];
    // Always there.
    required ConfirmType Third = 3;
    // Several.
    repeated ConfirmType Type = 4;
    // Itself.
    optional Answer Inner = 5;
    // A code.
    optional string Code = 6 [debug_redact = true];
}
"#;

fn fixture(text: &str) -> Result<Schema, String> {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("Fixture.proto"), text).unwrap();
    Schema::compile(folder.path(), "Diadoc.Api.Proto")
}

#[track_caller]
fn contains(text: &str, part: &str) {
    assert!(text.contains(part), "no {part:?} in:\n{text}");
}

#[test]
fn an_enum_field_is_a_raw_number_with_the_enums_default() {
    let files = messages::render(&fixture(FIXTURE).unwrap()).unwrap();
    let text = String::from_utf8(files[Path::new("messages/dss.rs")].clone()).unwrap();
    contains(
        &text,
        "#[prost(int32, optional, tag = \"1\", default = \"-1\")]\n    pub first: ::core::option::Option<i32>",
    );
    contains(
        &text,
        "#[prost(int32, optional, tag = \"2\", default = \"2\")]",
    );
    contains(
        &text,
        "#[prost(int32, required, tag = \"3\", default = \"-1\")]\n    pub third: i32",
    );
    contains(&text, "pub r#type: ::prost::alloc::vec::Vec<i32>");
    assert!(
        !text.contains("enumeration"),
        "prost's accessors hide unknown numbers:\n{text}"
    );
    // The typed readers are beside the struct; the default is named only for an absent field.
    contains(
        &text,
        "pub fn typed_first(&self) -> crate::dss::ConfirmType {\n        crate::dss::ConfirmType(self.first.unwrap_or(-1))",
    );
    contains(&text, "crate::dss::ConfirmType(self.second.unwrap_or(2))");
    contains(
        &text,
        "pub fn typed_third(&self) -> crate::dss::ConfirmType {\n        crate::dss::ConfirmType(self.third)",
    );
    contains(
        &text,
        "self.r#type.iter().copied().map(crate::dss::ConfirmType)",
    );
    // The package is a module of the root, which has no messages of its own here.
    contains(
        &String::from_utf8_lossy(&files[Path::new("messages.rs")]),
        "pub mod dss;",
    );
}

#[test]
fn builders_omit_defaults_and_debug_names_members() {
    let schema = fixture(FIXTURE).unwrap();
    let text = builders::render(&schema).unwrap();
    contains(
        &text,
        "pub fn new(third: crate::dss::ConfirmType) -> Self {\n        Self {\n            third: third.0,",
    );
    contains(
        &text,
        "self.first = Some(value.0).filter(|value| *value != -1);",
    );
    contains(
        &text,
        "self.second = Some(value.0).filter(|value| *value != 2);",
    );
    contains(
        &text,
        "pub fn with_type(mut self, value: impl IntoIterator<Item = crate::dss::ConfirmType>) -> Self",
    );
    let text = redaction::render(&schema);
    contains(
        &text,
        ".field(\"first\", &self.first.map(crate::dss::ConfirmType))",
    );
    contains(
        &text,
        ".field(\"code\", &crate::redaction::Hidden(&self.code))",
    );
    let text = required::render(&schema, &[]).unwrap();
    contains(&text, "RequiredField { tag: 3, name: \"Third\" }");
    contains(
        &text,
        "Nested { tag: 5, name: \"Inner\", repeated: false, fields: &DSS_ANSWER }",
    );
}

/// A field that nobody depends on keeps its label: only the table of what is looked for leaves it out.
#[test]
fn a_required_field_may_be_left_out_of_the_table() {
    let schema = fixture(FIXTURE).unwrap();
    let third = "Diadoc.Api.Proto.Dss.Answer.Third";
    let text = required::render(&schema, &[third]).unwrap();
    // Nothing is required any more, so the message inside is not scanned either.
    contains(&text, "fields: &[],\n    nested: &[],");
    contains(
        &builders::render(&schema).unwrap(),
        "pub fn new(third: crate::dss::ConfirmType) -> Self",
    );
    // A message that may be absent is not looked into.
    let schema = fixture(
        "syntax = \"proto2\";\npackage Diadoc.Api.Proto;\n\
         // Outer.\nmessage Outer {\n// A.\nrequired Inner A = 1;\n// B.\noptional Inner B = 2; }\n\
         // Inner.\nmessage Inner {\n// C.\nrequired string C = 1; }",
    )
    .unwrap();
    let text = required::render(&schema, &["Diadoc.Api.Proto.Outer.A"]).unwrap();
    contains(
        &text,
        "fields: &[],\n    nested: &[\n        Nested { tag: 2, name: \"B\", repeated: false, fields: &INNER },\n    ],",
    );
}

/// What is counted is what may take far more memory than its bytes, and the way to it.
#[test]
fn lists_of_messages_and_texts_are_in_the_tables() {
    let schema = fixture(
        "syntax = \"proto2\";\npackage Diadoc.Api.Proto;\n\
         // Page.\nmessage Page {\n// A.\nrepeated Item A = 1;\n// B.\noptional Item B = 2;\n// C.\noptional Leaf C = 3; }\n\
         // Item.\nmessage Item {\n// D.\nrepeated string D = 1;\n// E.\nrepeated int32 E = 2; }\n\
         // Leaf.\nmessage Leaf {\n// F.\noptional string F = 1; }",
    )
    .unwrap();
    let text = required::render(&schema, &[]).unwrap();
    contains(
        &text,
        "lists: &[\n        Listed { tag: 1, name: \"A\", element: size_of::<crate::Item>(), message: Some(&ITEM) },\n        \
         Listed { tag: 2, name: \"B\", element: 0, message: Some(&ITEM) },\n    ],",
    );
    contains(
        &text,
        "lists: &[\n        Listed { tag: 1, name: \"D\", element: size_of::<String>(), message: None },\n    ],",
    );
}

#[test]
fn a_slip_among_the_fields_that_may_be_absent_is_refused() {
    let schema = fixture(FIXTURE).unwrap();
    for slip in [
        "Diadoc.Api.Proto.Dss.Answer.Forth",
        "Diadoc.Api.Proto.Dss.Answer.First",
    ] {
        let error = required::render(&schema, &[slip]).unwrap_err();
        assert_eq!(error, format!("{slip}: no such required field"));
    }
}

/// The newtype needs no prost, so it can be compiled and tried right here.
#[test]
fn an_open_enum_compiles_and_keeps_unknown_numbers() {
    let schema = fixture(FIXTURE).unwrap();
    let open_enum = schema
        .messages()
        .iter()
        .flat_map(|m| m.fields())
        .find_map(|field| match field.kind() {
            Kind::Enum(open_enum) => Some(open_enum),
            _ => None,
        });
    let program = format!(
        r#"#![deny(warnings)]
{}
fn main() {{
    assert_eq!(ConfirmType::CONFIRM_TYPE_UNKNOWN.number(), -1);
    assert_eq!(ConfirmType::from(2), ConfirmType::MY_DSS);
    assert_eq!(format!("{{:?}}", ConfirmType::MY_DSS), "ConfirmType(MyDss)");
    let newer = ConfirmType::from(99);
    assert_eq!((newer.number(), newer.name()), (99, None));
    assert_eq!(format!("{{newer:?}}"), "ConfirmType(99)");
    assert_eq!(i32::from(newer), 99);
    assert!(matches!(ConfirmType::NONE, ConfirmType::NONE) && !matches!(newer, ConfirmType::CONFIRM_TYPE_UNKNOWN));
}}"#,
        open_enums::newtype(&open_enum.unwrap()).unwrap()
    );
    let folder = tempfile::tempdir().unwrap();
    let (source, binary) = (folder.path().join("main.rs"), folder.path().join("main"));
    fs::write(&source, program).unwrap();
    let compiled = Command::new("rustc")
        .args(["--edition", "2024", "-o"])
        .arg(&binary)
        .arg(&source)
        .output()
        .unwrap();
    assert!(
        compiled.status.success(),
        "{}",
        String::from_utf8_lossy(&compiled.stderr)
    );
    assert!(Command::new(binary).status().unwrap().success());
}

#[test]
fn what_the_generators_cannot_express_is_refused() {
    let error = |text: &str| fixture(text).err().expect("must be refused");
    let head = "syntax = \"proto2\";\npackage Diadoc.Api.Proto;\n";
    contains(
        &error(&format!("{head}message Bare {{}}")),
        "Diadoc.Api.Proto.Bare has no comment",
    );
    contains(
        &error(&format!(
            "{head}// A message.\nmessage M {{ optional string F = 1; }}"
        )),
        "M.F has no comment",
    );
    let oneof = "// A message.\nmessage M { oneof Kind {\n// A.\nstring A = 1; } }";
    contains(
        &error(&format!("{head}{oneof}")),
        "oneof and map are not supported",
    );
    contains(
        &error("syntax = \"proto2\";\npackage Other;"),
        "package Other is not Diadoc.Api.Proto or below it",
    );
    contains(&error(&format!("{head}message {{")), "Fixture.proto");
}
