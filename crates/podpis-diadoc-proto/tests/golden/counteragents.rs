//! Bytes of the list of those with whom documents are exchanged.
//!
//! *Invariant:* a change of a number, a label or a default in a .proto file fails here.

use podpis_diadoc_proto::{
    Counteragent, CounteragentList, CounteragentStatus, DocumentId, Organization, Sociability,
    TotalCountType,
};

use crate::same;

#[test]
fn counteragent_list() {
    let organization = Organization::new("o", "7", "f", Sociability::ALL_ORGANIZATIONS);
    let other = Counteragent::new(organization, 1)
        .with_index_key("k")
        .with_current_status(CounteragentStatus::IS_MY_COUNTERAGENT)
        .with_message_from_counteragent("m")
        .with_message_to_counteragent("n")
        .with_invitation_document_id(DocumentId::new("a", "b"));
    same(
        &CounteragentList::new(2, TotalCountType::EQUAL).with_counteragents([other]),
        &[
            b"\x08\x02",               // 1 TotalCount
            b"\x12\x2a",               // 2 Counteragents[0]
            b"\x0a\x01k",              //   1 IndexKey
            b"\x12\x0c",               //   2 Organization
            b"\x0a\x01o",              //     1 OrgId
            b"\x12\x01\x37",           //     2 Inn
            b"\x22\x01f",              //     4 FullName
            b"\xb0\x01\x00",           //     22 Sociability
            b"\x18\x01",               //   3 CurrentStatus
            b"\x21\x01\0\0\0\0\0\0\0", //   4 LastEventTimestampTicks
            b"\x32\x01m",              //   6 MessageFromCounteragent
            b"\x3a\x01n",              //   7 MessageToCounteragent
            b"\x42\x06",               //   8 InvitationDocumentId
            b"\x0a\x01a",              //     1 MessageId
            b"\x12\x01b",              //     2 EntityId
            b"\x18\x01",               // 3 TotalCountType
        ],
    );
}

#[test]
fn members_have_the_numbers_of_the_wire() {
    let members = [
        CounteragentStatus::UNKNOWN_COUNTERAGENT_STATUS,
        CounteragentStatus::IS_MY_COUNTERAGENT,
        CounteragentStatus::INVITES_ME,
        CounteragentStatus::IS_INVITED_BY_ME,
        CounteragentStatus::REJECTS_ME,
        CounteragentStatus::IS_REJECTED_BY_ME,
        CounteragentStatus::NOT_IN_COUNTERAGENT_LIST,
    ];
    assert_eq!(
        members.map(CounteragentStatus::number),
        [0, 1, 2, 3, 5, 6, 7]
    );
}
