//! Answers of servers that are older or newer than our schema: absent fields nobody depends on, numbers that no
//! enum has.
//!
//! *Invariant:* only what is acted upon is insisted on; an unknown number survives and is never taken for a member.

use podpis_diadoc_proto::certificates::{CertificateList, CertificateType, CertificateUsage};
use podpis_diadoc_proto::dss::{
    DssConfirmType, DssFileSigningStatus, DssOperationStatus, DssOperator, DssSignRequestV2,
    DssSignResult,
};
use podpis_diadoc_proto::prost::Message;
use podpis_diadoc_proto::{
    Checked, OrganizationList, OrganizationType, ReadyForEpdStatus, decode_checked,
};

#[track_caller]
fn missing<M: Checked>(bytes: &[u8]) -> String {
    let error = decode_checked::<M>(bytes).expect_err("these bytes must be refused");
    error.missing().expect("a field is absent").to_owned()
}

#[test]
fn an_empty_dss_answer_is_read_by_its_defaults() {
    let read: DssSignResult = decode_checked(&b""[..]).unwrap();
    assert_eq!(read.typed_operation_status(), DssOperationStatus::UNKNOWN);
    assert_eq!(
        read.typed_confirm_type(),
        DssConfirmType::CONFIRM_TYPE_UNKNOWN
    );
    assert_eq!(read.typed_operator(), DssOperator::OPERATOR_UNKNOWN);
    assert!(read.operation_status.is_none() && read.file_signing_results.is_empty());
}

#[test]
fn unknown_numbers_of_enums_survive() {
    let bytes = b"\x08\x63\x12\x02\x08\x09\x18\x06\x20\x07";
    let read: DssSignResult = decode_checked(&bytes[..]).unwrap();
    assert_eq!(read.typed_operation_status(), DssOperationStatus::from(99));
    assert_eq!(read.typed_operation_status().name(), None);
    assert_eq!(
        read.file_signing_results[0].typed_file_signing_status(),
        DssFileSigningStatus::from(9)
    );
    assert_eq!(read.typed_confirm_type(), DssConfirmType::from(6));
    assert_eq!(read.typed_operator(), DssOperator::from(7));
    assert_eq!(read.encode_to_vec(), bytes);

    // Also in a required field, where Google's decoders would report the field as absent.
    let list: CertificateList = decode_checked(&b"\x0a\x05\x0a\x01A\x10\x05"[..]).unwrap();
    assert_eq!(list.certificates[0].typed_type(), CertificateType::from(5));
}

#[test]
fn a_negative_member_is_read_in_ten_bytes() {
    let bytes = b"\x18\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01";
    let read: DssSignResult = decode_checked(&bytes[..]).unwrap();
    assert_eq!(read.confirm_type, Some(-1));
    assert_eq!(
        read.typed_confirm_type(),
        DssConfirmType::CONFIRM_TYPE_UNKNOWN
    );
}

#[test]
fn usages_are_read_packed_too() {
    let packed = b"\x0a\x09\x0a\x01A\x10\x02\x7a\x02\x02\x03";
    let single = b"\x0a\x09\x0a\x01A\x10\x02\x78\x02\x78\x03";
    for bytes in [&packed[..], single] {
        let list: CertificateList = decode_checked(bytes).unwrap();
        assert_eq!(
            list.certificates[0].typed_usages().collect::<Vec<_>>(),
            [CertificateUsage::TOKEN_USAGE, CertificateUsage::DSS_USAGE]
        );
    }
}

#[test]
fn what_is_acted_upon_must_be_there() {
    assert_eq!(
        missing::<CertificateList>(b"\x0a\x02\x10\x02"),
        "Certificates[0].Thumbprint"
    );
    assert_eq!(
        missing::<CertificateList>(b"\x0a\x03\x0a\x01A"),
        "Certificates[0].Type"
    );
    // The first organization is whole, the second has a box without its GUID.
    let answer = b"\x0a\x09\x0a\x01o\x12\x017\x22\x01f\x0a\x11\x0a\x01o\x12\x017\x22\x01f\x3a\x06\x0a\x01b\x12\x01t";
    assert_eq!(
        missing::<OrganizationList>(answer),
        "Organizations[1].Boxes[0].BoxIdGuid"
    );
    // Files[0] is a file without content.
    assert_eq!(
        missing::<DssSignRequestV2>(b"\x0a\x03\x12\x01a\x10\x00"),
        "Files[0].Content"
    );
    assert_eq!(missing::<DssSignRequestV2>(b""), "SignDataSource");
}

#[test]
fn what_nobody_depends_on_may_be_absent() {
    // An organization without Sociability, OrganizationType and ReadyForEpdStatus; a box with its GUID alone; a
    // department with its identifier alone.
    let answer = b"\x0a\x13\x0a\x01o\x12\x017\x22\x01f\x3a\x03\x32\x01g\x62\x03\x0a\x01d";
    let read: OrganizationList = decode_checked(&answer[..]).unwrap();
    let organization = &read.organizations[0];
    assert_eq!(organization.boxes[0].box_id_guid, "g");
    assert_eq!(organization.boxes[0].box_id, "");
    assert_eq!(organization.departments[0].department_id, "d");
    assert_eq!(
        organization.typed_organization_type(),
        OrganizationType::UNKNOWN_ORGANIZATION_TYPE
    );
    assert_eq!(
        organization.typed_ready_for_epd_status(),
        ReadyForEpdStatus::UNKNOWN_EPD_STATUS
    );
}

#[test]
fn what_the_schema_leaves_out_is_skipped() {
    // 10 Address with a RussianAddress that lacks its required Region, 20 InvitationCount, 29 ForeignInformation
    // that is empty: none of them is ours to judge.
    let answer = b"\x0a\x13\x0a\x01o\x12\x017\x22\x01f\x52\x02\x0a\x00\xa0\x01\x05\xea\x01\x00";
    let read: OrganizationList = decode_checked(&answer[..]).unwrap();
    assert_eq!(read.organizations[0].full_name, "f");
}
