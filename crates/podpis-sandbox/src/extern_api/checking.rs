//! Decides what a check finds in a draft.
//!
//! **Invariant:** the same documents always give the same protocol, and what decides it is in the documents
//! themselves or in [`DraftVerdict`]; nothing is found by chance.

use serde_json::{Map, Value, json};

use super::options::DraftVerdict;
use super::things::{Draft, Part};

/// How much of a document is searched for markers.
const SEARCHED: usize = 64 * 1024;

const ERROR: &str = "check-error";
const WARNING: &str = "check-warning";
const ENCRYPTION: &str = "encryption-failed";

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Level {
    Error,
    Warning,
}

#[derive(Clone, Debug)]
struct Finding {
    level: Level,
    text: &'static str,
}

/// What a check found.
#[derive(Clone, Debug, Default)]
pub(super) struct Protocol {
    documents: Vec<(String, Vec<Finding>)>,
    common: Vec<Finding>,
    encryption_failed: bool,
}

impl Protocol {
    pub(super) fn of(draft: &Draft, verdict: DraftVerdict) -> Self {
        let finding = |level, text| vec![Finding { level, text }];
        let common = match verdict {
            DraftVerdict::CheckErrors => finding(Level::Error, "Ошибка проверки пакета."),
            DraftVerdict::CheckWarnings => {
                finding(Level::Warning, "Предупреждение проверки пакета.")
            }
            _ => Vec::new(),
        };
        let documents = draft
            .parts
            .iter()
            .map(|part| (part.id.clone(), findings(part)))
            .filter(|(_, found)| !found.is_empty())
            .collect();
        Self {
            documents,
            common,
            encryption_failed: verdict == DraftVerdict::EncryptionFailed
                || draft.parts.iter().any(|part| marked(part, ENCRYPTION)),
        }
    }

    fn has(&self, level: Level) -> bool {
        self.documents
            .iter()
            .flat_map(|(_, found)| found)
            .chain(&self.common)
            .any(|found| found.level == level)
    }

    pub(super) fn has_errors(&self) -> bool {
        self.has(Level::Error)
    }

    /// The status of a preparation.
    pub(super) fn status(&self) -> &'static str {
        if self.has_errors() {
            "check-protocol-has-errors"
        } else if self.encryption_failed {
            "encryption-failed"
        } else if self.has(Level::Warning) {
            "check-protocol-has-only-warnings"
        } else {
            "ok"
        }
    }

    /// The CheckResultData.
    pub(super) fn json(&self) -> Value {
        let list = |found: &[Finding]| -> Value { found.iter().map(finding_json).collect() };
        let documents: Map<String, Value> = self
            .documents
            .iter()
            .map(|(id, found)| (id.clone(), list(found)))
            .collect();
        json!({ "documents-errors": documents, "common-errors": list(&self.common) })
    }
}

fn finding_json(found: &Finding) -> Value {
    let level = match found.level {
        Level::Error => "Error",
        Level::Warning => "Warning",
    };
    json!({
        "id": "sandbox",
        "description": found.text,
        "source": "sandbox",
        "level": level,
        "type": "sandbox-check",
        "tags": "",
    })
}

fn findings(part: &Part) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut add = |level, text| found.push(Finding { level, text });
    match &part.content {
        None => add(Level::Error, "У документа нет содержимого."),
        Some(_) if !looks_right(part) => {
            add(Level::Error, "Содержимое документа не является XML.");
        }
        Some(_) => {}
    }
    if marked(part, ERROR) {
        add(Level::Error, "Ошибка форматно-логического контроля.");
    }
    if marked(part, WARNING) {
        add(
            Level::Warning,
            "Предупреждение форматно-логического контроля.",
        );
    }
    found
}

/// Whether the bytes begin like XML; a document of another content type may be anything.
fn looks_right(part: &Part) -> bool {
    if !part.content_type.to_ascii_lowercase().contains("xml") {
        return true;
    }
    let head = part.content.as_ref().map(|content| content.head(SEARCHED));
    let head = head.unwrap_or_default();
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&head);
    text.trim_ascii_start().first() == Some(&b'<')
}

/// Whether the name holds the marker, or the text holds it behind `sandbox:`.
fn marked(part: &Part, marker: &str) -> bool {
    if part.filename.contains(marker) {
        return true;
    }
    let head = part.content.as_ref().map(|content| content.head(SEARCHED));
    let head = head.unwrap_or_default();
    let wanted = format!("sandbox:{marker}");
    head.windows(wanted.len())
        .any(|window| window == wanted.as_bytes())
}
