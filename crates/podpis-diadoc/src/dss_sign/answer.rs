//! What an answer of DssSignResult means.
//!
//! **Invariant:** pure; only the seven statuses that are known end or keep an operation by their meaning, and any
//! other number keeps it open: the service may be newer than this version.

use std::time::Duration;

use podpis_diadoc_proto::dss::{
    DssFileSigningResult, DssFileSigningStatus, DssOperationStatus, DssSignResult,
};
use podpis_operation::{Refusal, Timestamp};

use crate::given::Given;

/// How long the service's documents ask to wait before a start that has to be repeated.
const START_OVER_AFTER: Duration = Duration::from_secs(5 * 60);

/// What an answer means for the operation.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Not ended; the note says what is odd about it.
    Open { note: Option<String> },
    /// Ended, with this for each file.
    Completed(Vec<Given>),
    /// There will be no signature.
    Refused(Refusal),
}

/// `retry_after` may make the pause before a repetition longer, never shorter.
pub(super) fn meaning(
    result: &DssSignResult,
    now: Timestamp,
    retry_after: Option<Duration>,
) -> Meaning {
    let refused = match result.operation_status.map(DssOperationStatus) {
        Some(DssOperationStatus::IN_PROGRESS) => return Meaning::Open { note: None },
        Some(DssOperationStatus::COMPLETED) => {
            return Meaning::Completed(result.file_signing_results.iter().map(of_file).collect());
        }
        Some(DssOperationStatus::CANCELED_BY_USER) => Refusal::CancelledBySigner,
        Some(DssOperationStatus::TIMEOUT) => Refusal::Expired,
        Some(DssOperationStatus::CRASHED) => Refusal::ServiceCrashed,
        Some(DssOperationStatus::USER_HAS_UNCONFIRMED_OPERATION) => Refusal::AnotherOperationOpen {
            operation: None,
            sort: None,
        },
        Some(DssOperationStatus::OPERATION_RETRY_REQUIRED) => Refusal::MustStartOver {
            not_before: now.plus(START_OVER_AFTER.max(retry_after.unwrap_or_default())),
        },
        Some(other) => {
            let note = format!(
                "Diadoc gives it the OperationStatus {}, which this version does not know",
                other.number()
            );
            return Meaning::Open { note: Some(note) };
        }
        None => {
            let note = "Diadoc gives it no OperationStatus".to_owned();
            return Meaning::Open { note: Some(note) };
        }
    };
    Meaning::Refused(refused)
}

/// A signature beside a status that is not known is kept: whether it is one of the file, its digest tells.
fn of_file(result: &DssFileSigningResult) -> Given {
    let signature = result.signature.as_deref().filter(|der| !der.is_empty());
    let status = result.file_signing_status.map(DssFileSigningStatus);
    let failed = match (status, signature) {
        (Some(DssFileSigningStatus::SIGNING_ERROR), _) => {
            "Diadoc could not sign it (SigningError)".to_owned()
        }
        (_, Some(der)) => return Given::signature(der),
        (Some(DssFileSigningStatus::SIGNING_COMPLETED), None) => {
            "Diadoc says that it is signed and gave no signature".to_owned()
        }
        (Some(other), None) => format!(
            "Diadoc gave no signature, and the FileSigningStatus {}, which this version does not know",
            other.number()
        ),
        (None, None) => "Diadoc gave neither a signature nor a FileSigningStatus".to_owned(),
    };
    Given::Failed(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        Timestamp::from_millis(1_000)
    }

    #[test]
    fn every_status() {
        let open = |note: &str| Meaning::Open {
            note: Some(note.to_owned()),
        };
        let unknown = |number: i32| {
            open(&format!(
                "Diadoc gives it the OperationStatus {number}, which this version does not know"
            ))
        };
        let rows = [
            (None, open("Diadoc gives it no OperationStatus")),
            (Some(0), unknown(0)),
            (Some(1), Meaning::Open { note: None }),
            (Some(2), Meaning::Completed(Vec::new())),
            (Some(3), Meaning::Refused(Refusal::CancelledBySigner)),
            (Some(4), Meaning::Refused(Refusal::Expired)),
            (Some(5), Meaning::Refused(Refusal::ServiceCrashed)),
            (
                Some(6),
                Meaning::Refused(Refusal::AnotherOperationOpen {
                    operation: None,
                    sort: None,
                }),
            ),
            (
                Some(7),
                Meaning::Refused(Refusal::MustStartOver {
                    not_before: Timestamp::from_millis(301_000),
                }),
            ),
            (Some(8), unknown(8)),
            (Some(-1), unknown(-1)),
        ];
        for (status, expected) in rows {
            let mut result = DssSignResult::new();
            result.operation_status = status;
            assert_eq!(meaning(&result, now(), None), expected, "{status:?}");
        }
    }

    #[test]
    fn every_status_of_a_file() {
        let signed = Given::Signature("MAA=".to_owned());
        let failed = |reason: &str| Given::Failed(reason.to_owned());
        let der: Option<&[u8]> = Some(b"\x30\x00");
        let rows = [
            (Some(1), der, signed.clone()),
            (
                Some(1),
                None,
                failed("Diadoc says that it is signed and gave no signature"),
            ),
            (
                Some(1),
                Some(&b""[..]),
                failed("Diadoc says that it is signed and gave no signature"),
            ),
            (
                Some(2),
                None,
                failed("Diadoc could not sign it (SigningError)"),
            ),
            (
                Some(2),
                der,
                failed("Diadoc could not sign it (SigningError)"),
            ),
            (Some(0), der, signed.clone()),
            (
                Some(0),
                None,
                failed(
                    "Diadoc gave no signature, and the FileSigningStatus 0, which this version does not know",
                ),
            ),
            (Some(9), der, signed.clone()),
            (
                Some(9),
                None,
                failed(
                    "Diadoc gave no signature, and the FileSigningStatus 9, which this version does not know",
                ),
            ),
            (None, der, signed),
            (
                None,
                None,
                failed("Diadoc gave neither a signature nor a FileSigningStatus"),
            ),
        ];
        for (status, signature, expected) in rows {
            let mut result = DssFileSigningResult::new();
            result.file_signing_status = status;
            result.signature = signature.map(|der| der.to_vec().into());
            assert_eq!(of_file(&result), expected, "{status:?} {signature:?}");
        }
    }

    #[test]
    fn the_service_may_ask_for_a_longer_pause_before_a_repetition() {
        let result = DssSignResult::new()
            .with_operation_status(DssOperationStatus::OPERATION_RETRY_REQUIRED);
        let pause = |seconds| Some(Duration::from_secs(seconds));
        for (asked, expected) in [(pause(7), 301_000), (pause(600), 601_000)] {
            let not_before = Timestamp::from_millis(expected);
            let expected = Meaning::Refused(Refusal::MustStartOver { not_before });
            assert_eq!(meaning(&result, now(), asked), expected);
        }
    }
}
