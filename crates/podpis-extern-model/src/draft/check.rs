//! What a check found, and how a preparation ended.
//!
//! **Invariant:** the result of a check is the same wherever it stands: alone it is inside `data`, in the result
//! of a preparation it is not.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::open_enum::open_enum;
use crate::{Link, lenient};

open_enum! {
    /// How bad a finding is.
    ///
    /// Source: `CheckError` of the official Java SDK.
    pub enum CheckLevel {
        /// It keeps the draft from being sent.
        Error = "error",
        /// It does not.
        Warning = "warning",
    }
}

open_enum! {
    /// How a preparation ended.
    ///
    /// Source: `PrepareResult` of the official Java SDK.
    pub enum PrepareStatus {
        /// The draft can be sent.
        Ok = "ok",
        /// The check found errors.
        CheckProtocolHasErrors = "check-protocol-has-errors",
        /// The check found nothing worse than warnings.
        CheckProtocolHasOnlyWarnings = "check-protocol-has-only-warnings",
        /// The documents could not be encrypted.
        EncryptionFailed = "encryption-failed",
    }
}

/// What a check found.
///
/// Source: `CheckResultData` of the official Java SDK.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "CheckResultOnWire", rename_all = "kebab-case")]
#[non_exhaustive]
pub struct CheckResult {
    /// By document id.
    pub documents_errors: BTreeMap<String, Vec<CheckError>>,
    /// In the draft as a whole.
    pub common_errors: Vec<CheckError>,
}

impl CheckResult {
    /// Everything that was found, with the id of its document.
    pub fn findings(&self) -> impl Iterator<Item = (Option<&str>, &CheckError)> {
        let common = self.common_errors.iter().map(|error| (None, error));
        let documents = self
            .documents_errors
            .iter()
            .flat_map(|(id, errors)| errors.iter().map(move |error| (Some(id.as_str()), error)));
        common.chain(documents)
    }

    /// What keeps the draft from being sent, with the id of its document. A finding without a level is taken for
    /// one: nothing says that it is harmless.
    pub fn errors(&self) -> impl Iterator<Item = (Option<&str>, &CheckError)> {
        self.findings()
            .filter(|(_, finding)| finding.level != Some(CheckLevel::Warning))
    }

    /// What does not keep it from being sent, with the id of its document.
    pub fn warnings(&self) -> impl Iterator<Item = (Option<&str>, &CheckError)> {
        self.findings()
            .filter(|(_, finding)| finding.level == Some(CheckLevel::Warning))
    }
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
struct CheckResultOnWire {
    data: Option<Findings>,
    #[serde(deserialize_with = "lenient::lists")]
    documents_errors: BTreeMap<String, Vec<CheckError>>,
    #[serde(deserialize_with = "lenient::list")]
    common_errors: Vec<CheckError>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
struct Findings {
    #[serde(deserialize_with = "lenient::lists")]
    documents_errors: BTreeMap<String, Vec<CheckError>>,
    #[serde(deserialize_with = "lenient::list")]
    common_errors: Vec<CheckError>,
}

impl From<CheckResultOnWire> for CheckResult {
    fn from(wire: CheckResultOnWire) -> Self {
        let findings = wire.data.unwrap_or(Findings {
            documents_errors: wire.documents_errors,
            common_errors: wire.common_errors,
        });
        Self {
            documents_errors: findings.documents_errors,
            common_errors: findings.common_errors,
        }
    }
}

/// Something that a check found.
///
/// Source: `CheckError` of the official Java SDK.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
#[non_exhaustive]
pub struct CheckError {
    /// Names the finding.
    pub id: Option<String>,
    /// For people.
    pub description: Option<String>,
    /// What was checked against.
    pub source: Option<String>,
    /// How bad it is.
    pub level: Option<CheckLevel>,
    /// What sort of finding it is.
    #[serde(rename = "type")]
    pub error_type: Option<String>,
    /// Marks; a text in the official Java SDK, anything else is kept as JSON.
    #[serde(deserialize_with = "lenient::loose_text")]
    pub tags: Option<String>,
}

/// How a preparation ended.
///
/// Source: `PrepareResult` of the official Java SDK.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
#[non_exhaustive]
pub struct PrepareResult {
    /// What the check found.
    pub check_result: Option<CheckResult>,
    /// Where to go on; `next` sends.
    #[serde(deserialize_with = "lenient::list")]
    pub links: Vec<Link>,
    /// How it ended.
    pub status: Option<PrepareStatus>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read;

    #[test]
    fn a_result_that_was_kept_is_read_back_and_divided_by_level() {
        let result: CheckResult = read(
            br#"{"data":{"documents-errors":{"d":[{"description":"a","level":"Error"},{"description":"b","level":"warning"}]},"common-errors":[{"description":"c"}]}}"#,
        )
        .unwrap();
        let kept = serde_json::to_vec(&result).unwrap();
        assert_eq!(read::<CheckResult>(&kept), Ok(result.clone()));
        let text = |(document, finding): (Option<&str>, &CheckError)| {
            format!(
                "{}/{}",
                document.unwrap_or("-"),
                finding.description.as_deref().unwrap_or_default()
            )
        };
        assert_eq!(
            result.errors().map(text).collect::<Vec<_>>(),
            ["-/c", "d/a"]
        );
        assert_eq!(result.warnings().map(text).collect::<Vec<_>>(), ["d/b"]);
    }

    #[test]
    fn a_result_is_read_with_and_without_data() {
        let inner = r#"{"documents-errors":{"d":[{"level":"Error","tags":["a"]}],"e":null},"common-errors":null}"#;
        let bare: CheckResult = read(inner.as_bytes()).unwrap();
        let wrapped: CheckResult = read(format!(r#"{{"data":{inner}}}"#).as_bytes()).unwrap();
        assert_eq!(bare, wrapped);
        let found: Vec<_> = bare.findings().collect();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].0, Some("d"));
        assert_eq!(found[0].1.level, Some(CheckLevel::Error));
        assert_eq!(found[0].1.tags.as_deref(), Some(r#"["a"]"#));
    }

    #[test]
    fn every_spelling_of_a_status() {
        for word in [
            "check-protocol-has-errors",
            "checkProtocolHasErrors",
            "CheckProtocolHasErrors",
        ] {
            assert_eq!(
                PrepareStatus::from(word),
                PrepareStatus::CheckProtocolHasErrors
            );
        }
        assert_eq!(PrepareStatus::from("OK"), PrepareStatus::Ok);
    }
}
