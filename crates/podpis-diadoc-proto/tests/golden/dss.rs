//! Bytes of the DssSign family.
//!
//! *Invariant:* a change of a number, a label or a default in a .proto file fails here.

use podpis_diadoc_proto::ContentV3;
use podpis_diadoc_proto::dss::{
    DssCertificateData, DssConfirmType, DssFileSigningResult, DssFileSigningStatus, DssGosKeyData,
    DssOperationStatus, DssOperator, DssSignDataSource, DssSignFile, DssSignRequest,
    DssSignRequestV2, DssSignResult,
};

use crate::same;

/// −1 as a varint: ten bytes.
const MINUS_ONE: &[u8] = b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01";

#[test]
fn dss_sign_request() {
    same(&DssSignRequest::new(), &[]);
    same(
        &DssSignRequest::new().with_files([
            DssSignFile::new(ContentV3::new().with_name_on_shelf("s")).with_file_name("a"),
            DssSignFile::new(ContentV3::new().with_patched_content_id("p")),
        ]),
        &[
            b"\x0a\x08",          // 1 Files[0]
            b"\x0a\x03\x12\x01s", //   1 Content, 2 NameOnShelf
            b"\x12\x01a",         //   2 FileName
            b"\x0a\x05",          // 1 Files[1]
            b"\x0a\x03\x22\x01p", //   1 Content, 4 PatchedContentId
        ],
    );
}

#[test]
fn dss_sign_request_v2() {
    // SignDataSource is required, so CertificateSign, which is zero, is written.
    same(
        &DssSignRequestV2::new(DssSignDataSource::CERTIFICATE_SIGN),
        &[b"\x10\x00"], // 2 SignDataSource
    );
    same(
        &DssSignRequestV2::new(DssSignDataSource::CERTIFICATE_SIGN)
            .with_files([DssSignFile::new(ContentV3::new())])
            .with_certificate_data(DssCertificateData::new("AB")),
        &[
            b"\x0a\x02\x0a\x00",         // 1 Files[0], 1 Content
            b"\x10\x00",                 // 2 SignDataSource
            b"\x1a\x04\x0a\x02\x41\x42", // 3 CertificateData, 1 Thumbprint
        ],
    );
    same(
        &DssSignRequestV2::new(DssSignDataSource::GOS_KEY_SIGN)
            .with_gos_key_data(DssGosKeyData::new().with_snils("1")),
        &[
            b"\x10\x01",             // 2 SignDataSource
            b"\x22\x03\x0a\x01\x31", // 4 GosKeyData, 1 Snils
        ],
    );
}

#[test]
fn dss_sign_file() {
    same(
        &DssSignFile::new(ContentV3::new().with_content(&b"\xff"[..])).with_file_name("a"),
        &[
            b"\x0a\x03\x0a\x01\xff", // 1 Content, 1 Content
            b"\x12\x01a",            // 2 FileName
        ],
    );
}

#[test]
fn dss_certificate_data() {
    same(
        &DssCertificateData::new("AB"),
        &[b"\x0a\x02AB"], // 1 Thumbprint
    );
}

#[test]
fn dss_gos_key_data() {
    same(
        &DssGosKeyData::new().with_snils("1").with_oid("2"),
        &[
            b"\x0a\x01\x31", // 1 Snils
            b"\x12\x01\x32", // 2 Oid
        ],
    );
}

#[test]
fn dss_sign_result() {
    same(
        &DssSignResult::new().with_operation_status(DssOperationStatus::COMPLETED),
        &[b"\x08\x02"], // 1 OperationStatus
    );
    same(
        &DssSignResult::new()
            .with_operation_status(DssOperationStatus::IN_PROGRESS)
            .with_file_signing_results([
                DssFileSigningResult::new(),
                DssFileSigningResult::new().with_signature(&b"\x30\x00"[..]),
            ])
            .with_confirm_type(DssConfirmType::MY_DSS)
            .with_operator(DssOperator::MEGAFON)
            .with_phone_last_numbers("1234"),
        &[
            b"\x08\x01",                 // 1 OperationStatus
            b"\x12\x00",                 // 2 FileSigningResults[0], empty
            b"\x12\x04\x12\x02\x30\x00", // 2 FileSigningResults[1], 2 Signature
            b"\x18\x02",                 // 3 ConfirmType
            b"\x20\x01",                 // 4 Operator
            b"\x2a\x041234",             // 5 PhoneLastNumbers
        ],
    );
}

#[test]
fn the_default_of_confirm_type_is_not_zero() {
    // None is zero and written; ConfirmTypeUnknown is −1 and left out by the builder.
    same(
        &DssSignResult::new().with_confirm_type(DssConfirmType::NONE),
        &[b"\x18\x00"],
    );
    same(
        &DssSignResult::new().with_confirm_type(DssConfirmType::CONFIRM_TYPE_UNKNOWN),
        &[],
    );
    let by_hand = DssSignResult {
        confirm_type: Some(-1),
        ..DssSignResult::new()
    };
    same(&by_hand, &[b"\x18", MINUS_ONE]);
}

#[test]
fn dss_file_signing_result() {
    same(
        &DssFileSigningResult::new()
            .with_file_signing_status(DssFileSigningStatus::SIGNING_COMPLETED)
            .with_signature(&b"\x30\x00"[..]),
        &[
            b"\x08\x01",         // 1 FileSigningStatus
            b"\x12\x02\x30\x00", // 2 Signature
        ],
    );
}

#[test]
fn members_have_the_numbers_of_the_wire() {
    let numbers = [
        (DssOperationStatus::UNKNOWN.number(), 0),
        (DssOperationStatus::IN_PROGRESS.number(), 1),
        (DssOperationStatus::COMPLETED.number(), 2),
        (DssOperationStatus::CANCELED_BY_USER.number(), 3),
        (DssOperationStatus::TIMEOUT.number(), 4),
        (DssOperationStatus::CRASHED.number(), 5),
        (
            DssOperationStatus::USER_HAS_UNCONFIRMED_OPERATION.number(),
            6,
        ),
        (DssOperationStatus::OPERATION_RETRY_REQUIRED.number(), 7),
        (DssFileSigningStatus::UNKNOWN_SIGNING_STATUS.number(), 0),
        (DssFileSigningStatus::SIGNING_COMPLETED.number(), 1),
        (DssFileSigningStatus::SIGNING_ERROR.number(), 2),
        (DssConfirmType::CONFIRM_TYPE_UNKNOWN.number(), -1),
        (DssConfirmType::NONE.number(), 0),
        (DssConfirmType::SMS.number(), 1),
        (DssConfirmType::MY_DSS.number(), 2),
        (DssConfirmType::APPLET.number(), 3),
        (DssConfirmType::MOBILE_SDK.number(), 4),
        (DssConfirmType::GOS_KEY.number(), 5),
        (DssOperator::OPERATOR_UNKNOWN.number(), 0),
        (DssOperator::MEGAFON.number(), 1),
        (DssOperator::KONTUR.number(), 2),
        (DssSignDataSource::CERTIFICATE_SIGN.number(), 0),
        (DssSignDataSource::GOS_KEY_SIGN.number(), 1),
    ];
    for (index, (ours, wire)) in numbers.into_iter().enumerate() {
        assert_eq!(ours, wire, "row {index}");
    }
}
