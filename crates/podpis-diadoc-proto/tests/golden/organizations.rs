//! Bytes of the list of organizations.
//!
//! *Invariant:* a change of a number, a label or a default in a .proto file fails here.

use podpis_diadoc_proto::{
    Box, Department, Organization, OrganizationList, OrganizationType, ReadyForEpdStatus,
    Sociability,
};

use crate::same;

#[test]
fn organization_list() {
    same(
        &OrganizationList::new().with_organizations([Organization::new(
            "o",
            "7",
            "f",
            Sociability::ALL_ORGANIZATIONS,
        )]),
        &[
            b"\x0a\x0c",     // 1 Organizations[0]
            b"\x0a\x01o",    //   1 OrgId
            b"\x12\x01\x37", //   2 Inn
            b"\x22\x01f",    //   4 FullName
            b"\xb0\x01\x00", //   22 Sociability, required
        ],
    );
}

#[test]
fn organization() {
    same(
        &Organization::new("o", "7", "f", Sociability::COUNTERAGENTS_ONLY)
            .with_kpp("k")
            .with_short_name("s")
            .with_boxes([Box::new("b", "t", "g")])
            .with_ogrn("1")
            .with_fns_participant_id("p")
            .with_fns_registration_date("d")
            .with_departments([Department::new("d", "p", "n")])
            .with_ifns_code("c")
            .with_is_pilot(true)
            .with_is_active(true)
            .with_is_test(true)
            .with_is_branch(true)
            .with_is_roaming(true)
            .with_is_employee(true)
            .with_liquidation_date("l")
            .with_is_foreign(true)
            .with_has_certificate_to_sign(true)
            .with_organization_type(OrganizationType::JURIDICAL)
            .with_is_owner(true)
            .with_ready_for_epd_status(ReadyForEpdStatus::NOT_READY),
        &[
            b"\x0a\x01o",                           // 1 OrgId
            b"\x12\x01\x37",                        // 2 Inn
            b"\x1a\x01k",                           // 3 Kpp
            b"\x22\x01f",                           // 4 FullName
            b"\x2a\x01s",                           // 5 ShortName
            b"\x3a\x09\x0a\x01b\x12\x01t\x32\x01g", // 7 Boxes[0]: 1 BoxId, 2 Title, 6 BoxIdGuid
            b"\x42\x01\x31",                        // 8 Ogrn
            b"\x4a\x01p",                           // 9 FnsParticipantId
            b"\x5a\x01d",                           // 11 FnsRegistrationDate
            b"\x62\x09\x0a\x01d\x12\x01p\x1a\x01n", // 12 Departments[0]
            b"\x6a\x01c",                           // 13 IfnsCode
            b"\x70\x01",                            // 14 IsPilot
            b"\x78\x01",                            // 15 IsActive
            b"\x80\x01\x01",                        // 16 IsTest
            b"\x88\x01\x01",                        // 17 IsBranch
            b"\x90\x01\x01",                        // 18 IsRoaming
            b"\x98\x01\x01",                        // 19 IsEmployee
            b"\xb0\x01\x01",                        // 22 Sociability
            b"\xba\x01\x01l",                       // 23 LiquidationDate
            b"\xc8\x01\x01",                        // 25 IsForeign
            b"\xd0\x01\x01",                        // 26 HasCertificateToSign
            b"\xd8\x01\x02",                        // 27 OrganizationType
            b"\xe0\x01\x01",                        // 28 IsOwner
            b"\xf0\x01\x03",                        // 30 ReadyForEpdStatus
        ],
    );
}

#[test]
fn a_box() {
    same(
        &Box::new("b", "t", "g"),
        &[
            b"\x0a\x01b", // 1 BoxId
            b"\x12\x01t", // 2 Title
            b"\x32\x01g", // 6 BoxIdGuid
        ],
    );
}

#[test]
fn department() {
    same(
        &Department::new("d", "p", "n")
            .with_abbreviation("a")
            .with_kpp("k")
            .with_is_disabled(true),
        &[
            b"\x0a\x01d", // 1 DepartmentId
            b"\x12\x01p", // 2 ParentDepartmentId
            b"\x1a\x01n", // 3 Name
            b"\x22\x01a", // 4 Abbreviation
            b"\x2a\x01k", // 5 Kpp
            b"\x38\x01",  // 7 IsDisabled
        ],
    );
}

#[test]
fn members_have_the_numbers_of_the_wire() {
    let numbers = [
        (Sociability::ALL_ORGANIZATIONS.number(), 0),
        (Sociability::COUNTERAGENTS_ONLY.number(), 1),
        (OrganizationType::UNKNOWN_ORGANIZATION_TYPE.number(), 0),
        (OrganizationType::INDIVIDUAL.number(), 1),
        (OrganizationType::JURIDICAL.number(), 2),
        (OrganizationType::PHYSICAL_PERSON.number(), 3),
        (ReadyForEpdStatus::UNKNOWN_EPD_STATUS.number(), 0),
        (ReadyForEpdStatus::UNDEFINED_EPD_STATUS.number(), 1),
        (ReadyForEpdStatus::READY.number(), 2),
        (ReadyForEpdStatus::NOT_READY.number(), 3),
    ];
    for (index, (ours, wire)) in numbers.into_iter().enumerate() {
        assert_eq!(ours, wire, "row {index}");
    }
}
