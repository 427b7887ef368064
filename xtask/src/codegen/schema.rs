//! Compiles the .proto files and answers what the generators ask about them.
//!
//! *Invariant:* a schema that compiled has a comment on every message, field, enum and enum member, and
//! nothing that the generators cannot express.

use std::path::{Path, PathBuf};

use protox::prost_reflect::{
    DescriptorPool, EnumDescriptor, FieldDescriptor, FileDescriptor, MessageDescriptor, Value,
};

/// A compiled set of .proto files.
pub(crate) struct Schema {
    /// Package that maps to the root of the crate.
    pub(crate) root_package: &'static str,
    /// The same descriptors with comments, as prost-build takes them.
    pub(crate) files: prost_types::FileDescriptorSet,
    /// The serialised descriptors without comments.
    pub(crate) descriptor_set: Vec<u8>,
    pool: DescriptorPool,
}

impl Schema {
    /// Compiles every .proto file below `folder`.
    pub(crate) fn compile(folder: &Path, root_package: &'static str) -> Result<Self, String> {
        let mut sources = Vec::new();
        find_protos(folder, &mut sources)
            .map_err(|error| format!("{}: {error}", folder.display()))?;
        sources.sort();
        let compile = |comments: bool| {
            let mut compiler = protox::Compiler::new([folder])?;
            compiler
                .include_imports(true)
                .include_source_info(comments)
                .open_files(&sources)?;
            Ok::<_, protox::Error>(compiler)
        };
        let error = |error: protox::Error| format!("{}: {error:?}", folder.display());
        let commented = compile(true).map_err(error)?;
        let schema = Self {
            root_package,
            files: commented.file_descriptor_set(),
            descriptor_set: compile(false).map_err(error)?.encode_file_descriptor_set(),
            pool: commented.descriptor_pool(),
        };
        schema.refuse_what_is_not_supported()?;
        Ok(schema)
    }

    /// All messages, by full name.
    pub(crate) fn messages(&self) -> Vec<MessageDescriptor> {
        let mut messages: Vec<_> = self
            .pool
            .all_messages()
            .filter(|message| self.is_ours(message.full_name()))
            .collect();
        messages.sort_by(|a, b| a.full_name().cmp(b.full_name()));
        messages
    }

    /// All enums, by full name.
    pub(crate) fn enums(&self) -> Vec<EnumDescriptor> {
        let mut enums: Vec<_> = self
            .pool
            .all_enums()
            .filter(|open_enum| self.is_ours(open_enum.full_name()))
            .collect();
        enums.sort_by(|a, b| a.full_name().cmp(b.full_name()));
        enums
    }

    /// The pool always holds Google's own descriptors too.
    fn is_ours(&self, full_name: &str) -> bool {
        full_name
            .strip_prefix(self.root_package)
            .is_some_and(|rest| rest.starts_with('.'))
    }

    fn refuse_what_is_not_supported(&self) -> Result<(), String> {
        for file in &self.files.file {
            let package = file.package();
            if package != self.root_package && !self.is_ours(package) {
                return Err(format!(
                    "{}: package {package} is not {} or below it",
                    file.name(),
                    self.root_package
                ));
            }
        }
        for message in self.messages() {
            comment(&message.parent_file(), message.path(), message.full_name())?;
            if message.oneofs().len() > 0
                || message.child_messages().any(|child| child.is_map_entry())
            {
                return Err(format!(
                    "{}: oneof and map are not supported by the builders yet",
                    message.full_name()
                ));
            }
            for field in message.fields() {
                comment(&message.parent_file(), field.path(), field.full_name())?;
                if field.is_group() {
                    return Err(format!("{}: groups are not supported", field.full_name()));
                }
            }
        }
        for open_enum in self.enums() {
            comment(
                &open_enum.parent_file(),
                open_enum.path(),
                open_enum.full_name(),
            )?;
            for member in open_enum.values() {
                comment(&open_enum.parent_file(), member.path(), member.full_name())?;
            }
            if open_enum.parent_message().is_some() {
                return Err(format!(
                    "{}: enums inside messages are not supported yet",
                    open_enum.full_name()
                ));
            }
        }
        Ok(())
    }
}

/// The comment above an element, which becomes its documentation. A missing one is an error.
pub(crate) fn comment(file: &FileDescriptor, path: &[i32], name: &str) -> Result<String, String> {
    let info = file.file_descriptor_proto().source_code_info.as_ref();
    info.and_then(|info| info.location.iter().find(|location| location.path == path))
        .map(|location| location.leading_comments().to_owned())
        .filter(|text| !text.trim().is_empty())
        .ok_or_else(|| {
            format!(
                "{}: {name} has no comment; write what it means above it",
                file.name()
            )
        })
}

/// Whether the .proto marks the field `[debug_redact = true]`, the standard option for secrets.
pub(crate) fn is_secret(field: &FieldDescriptor) -> bool {
    field
        .options()
        .get_field_by_name("debug_redact")
        .is_some_and(|value| *value == Value::Bool(true))
}

fn find_protos(folder: &Path, found: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            find_protos(&path, found)?;
        } else if path
            .extension()
            .is_some_and(|extension| extension == "proto")
        {
            found.push(path);
        }
    }
    Ok(())
}
