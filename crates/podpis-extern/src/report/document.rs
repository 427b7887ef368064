//! A document of a report, before it is uploaded.
//!
//! **Invariant:** what the service must know of a document and what it cannot guess is an argument.

use podpis_core::local_file::LocalFile;

/// A file and what it is.
#[derive(Clone, Debug)]
#[must_use = "it is a part of a report"]
pub struct ReportDocument {
    pub(super) file: LocalFile,
    pub(super) document_type: String,
    pub(super) filename: Option<String>,
    pub(super) content_type: String,
}

impl ReportDocument {
    /// A document of that type, for example `urn:document:fns534-report`. It goes under the name of the file, as
    /// `application/xml`, unless something else is set.
    pub fn new(document_type: impl Into<String>, file: LocalFile) -> Self {
        Self {
            file,
            document_type: document_type.into(),
            filename: None,
            content_type: "application/xml".to_owned(),
        }
    }

    /// The name of the file; the recipient sees it and may demand a form of it.
    pub fn filename(mut self, name: impl Into<String>) -> Self {
        self.filename = Some(name.into());
        self
    }

    /// The content type of the file.
    pub fn content_type(mut self, content_type: impl Into<String>) -> Self {
        self.content_type = content_type.into();
        self
    }
}
