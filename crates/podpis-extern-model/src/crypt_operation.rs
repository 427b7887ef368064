//! What a signature or a decryption is doing, in the service's words.
//!
//! **Invariant:** a status never decides that an operation ended; the state of its task does. A status that we
//! do not know is kept, for people to read.

use serde::Deserialize;

use crate::lenient;
use crate::open_enum::open_enum;

open_enum! {
    /// What a signature or a decryption is doing.
    ///
    /// Source: the documentation of `progress` of September 2020 and `OperationStatusInternal` of the official
    /// C# SDK. Both print the words as they are written here; the service's general rule would be
    /// `awaiting-for-confirmation`.
    pub enum OperationStatus {
        /// It waits for its turn.
        Enqueued = "Enqueued",
        /// It runs.
        InProgress = "InProgress",
        /// It is done.
        Completed = "Completed",
        /// The person refused it in the app.
        CanceledByUser = "CanceledByUser" | "CancelledByUser",
        /// The person did not confirm it in time.
        Timeout = "Timeout",
        /// It failed inside the service.
        Crashed = "Crashed",
        /// Another operation waits in the person's app and has to be finished first.
        UserHasUnconfirmedOperation = "UserHasUnconfirmedOperation",
        /// The app was asked, and the person has not answered yet.
        AwaitingForConfirmation = "AwaitingForConfirmation",
        /// The PIN was wrong too many times.
        ExceededConfirmationAttemptsCount = "ExceededConfirmationAttemptsCount",
    }
}

open_enum! {
    /// What became of one file.
    ///
    /// Source: `FileTaskStatusInternal` of the official C# SDK.
    pub enum FileOperationStatus {
        /// It is being worked on.
        InProgress = "InProgress",
        /// It is done.
        Completed = "Completed",
        /// It failed.
        Error = "Error",
    }
}

open_enum! {
    /// Why a file failed.
    ///
    /// Source: `ErrorCodeInternal` of the official C# SDK.
    pub enum FileErrorCode {
        /// It did not.
        None = "None",
        /// For a reason that the service does not tell.
        Unknown = "Unknown",
        /// What was to be decrypted is not an encrypted message.
        BadEncryptedData = "BadEncryptedData",
        /// It is encrypted for somebody else.
        EncryptedForOtherRecipient = "EncryptedForOtherRecipient",
        /// The service does not have this certificate's key.
        UnknownCertificate = "UnknownCertificate",
    }
}

/// Result of a signing task.
///
/// Source: `CryptOperationStatusResult` of the official C# SDK of 2019 to 2021; the Java SDK had it for some days
/// in February 2020, with the status under `progress`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "CryptOperationStatusOnWire")]
#[non_exhaustive]
pub struct CryptOperationStatus {
    /// How the whole operation stands.
    pub status: Option<OperationStatus>,
    /// How each file stands.
    pub file_statuses: Vec<FileStatus>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
struct CryptOperationStatusOnWire {
    operation_status: Option<OperationStatus>,
    progress: Option<OperationStatus>,
    #[serde(deserialize_with = "lenient::list")]
    file_statuses: Vec<FileStatus>,
}

impl From<CryptOperationStatusOnWire> for CryptOperationStatus {
    fn from(wire: CryptOperationStatusOnWire) -> Self {
        Self {
            status: wire.operation_status.or(wire.progress),
            file_statuses: wire.file_statuses,
        }
    }
}

/// How one file of an operation stands.
///
/// Source: `FileStatusInternal` of the official C# SDK; the digest is `result-m-d5` where the Java SDK's naming
/// would put it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "FileStatusOnWire")]
#[non_exhaustive]
pub struct FileStatus {
    /// Which file; no source says whether this is the id of its document.
    pub file_id: Option<String>,
    /// What became of it.
    pub status: Option<FileOperationStatus>,
    /// Names the failure in the service's own logs.
    pub error_id: Option<String>,
    /// Why it failed.
    pub error_code: Option<FileErrorCode>,
    /// Size of the result, in bytes.
    pub result_size: Option<u64>,
    /// MD5 of the result, in base64.
    pub result_md5: Option<String>,
    /// Names the result inside the service.
    pub result_id: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
struct FileStatusOnWire {
    #[serde(deserialize_with = "lenient::filled")]
    file_id: Option<String>,
    status: Option<FileOperationStatus>,
    #[serde(deserialize_with = "lenient::filled")]
    error_id: Option<String>,
    error_code: Option<FileErrorCode>,
    #[serde(deserialize_with = "lenient::count")]
    result_size: Option<u64>,
    #[serde(deserialize_with = "lenient::filled")]
    result_md5: Option<String>,
    #[serde(rename = "result-m-d5", deserialize_with = "lenient::filled")]
    java_result_md5: Option<String>,
    #[serde(deserialize_with = "lenient::filled")]
    result_id: Option<String>,
}

impl From<FileStatusOnWire> for FileStatus {
    fn from(wire: FileStatusOnWire) -> Self {
        Self {
            file_id: wire.file_id,
            status: wire.status,
            error_id: wire.error_id,
            error_code: wire.error_code,
            result_size: wire.result_size,
            result_md5: wire.result_md5.or(wire.java_result_md5),
            result_id: wire.result_id,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read;

    #[test]
    fn all_nine_statuses_in_every_case() {
        let words = [
            ("Enqueued", "enqueued"),
            ("InProgress", "in-progress"),
            ("Completed", "completed"),
            ("CanceledByUser", "canceled-by-user"),
            ("Timeout", "timeout"),
            ("Crashed", "crashed"),
            (
                "UserHasUnconfirmedOperation",
                "user-has-unconfirmed-operation",
            ),
            ("AwaitingForConfirmation", "awaiting-for-confirmation"),
            (
                "ExceededConfirmationAttemptsCount",
                "exceeded-confirmation-attempts-count",
            ),
        ];
        assert_eq!(OperationStatus::ALL.len(), words.len());
        for (value, (pascal, kebab)) in OperationStatus::ALL.iter().zip(words) {
            let camel = format!("{}{}", pascal[..1].to_lowercase(), &pascal[1..]);
            for word in [pascal, kebab, &camel, &pascal.to_uppercase()] {
                assert_eq!(&OperationStatus::from(word), value, "{word}");
            }
            assert_eq!(value.as_str(), pascal);
        }
    }

    #[test]
    fn file_words_fold() {
        assert_eq!(
            FileErrorCode::from("encrypted-for-other-recipient"),
            FileErrorCode::EncryptedForOtherRecipient
        );
        assert_eq!(FileErrorCode::from("none"), FileErrorCode::None);
        assert_eq!(
            FileOperationStatus::from("in-progress"),
            FileOperationStatus::InProgress
        );
    }

    #[test]
    fn both_names_of_the_digest() {
        let body =
            br#"{"progress":"Completed","file-statuses":[{"result-md5":"a"},{"result-m-d5":"b"}]}"#;
        let status: CryptOperationStatus = read(body).unwrap();
        assert_eq!(status.status, Some(OperationStatus::Completed));
        let digests = status.file_statuses.iter();
        let digests: Vec<_> = digests
            .filter_map(|file| file.result_md5.as_deref())
            .collect();
        assert_eq!(digests, ["a", "b"]);
    }
}
