//! What a program that looks for work reads: who I am, which boxes, which documents wait, what happened.

use podpis_diadoc_proto::documents::types::{
    GetDocumentTypesResponse, GetDocumentTypesResponseV2, GetDocumentTypesResponseV3,
};
use podpis_diadoc_proto::documents::{Document, DocumentList, GetDocumentsV4Request};
use podpis_diadoc_proto::employees::Employee;
use podpis_diadoc_proto::events::{BoxEvent, BoxEventList};
use podpis_diadoc_proto::organizations::OrganizationFeatures;
use podpis_diadoc_proto::prost::Message as _;
use podpis_diadoc_proto::{
    Box as DiadocBox, CounteragentList, CounteragentStatus, DocumentAccessLevel, Organization,
    OrganizationList, OrganizationUserPermissions, TotalCountType, User, UserV2,
};
use podpis_sandbox::{DocumentInfo, MessageOptions, WorldOptions};

use super::support::{place, test_signature};
use crate::support::{Desk, Is as _, header, message, old_form};

const CLIENT: &str = "DiadocAuth ddauth_api_client_id=podpis-sandbox-client";

fn list(desk: &mut Desk, query: &str) -> DocumentList {
    let path = format!("/V3/GetDocuments?boxId={}&{query}", desk.info().box_id);
    let answer = desk.get(&path);
    answer.is(200);
    message(&answer)
}

fn ids(list: &DocumentList) -> Vec<DocumentInfo> {
    let place = |document: &Document| place(&document.message_id, &document.entity_id);
    list.documents.iter().map(place).collect()
}

#[test]
fn who_i_am_and_what_i_may_do() {
    let mut desk = Desk::new();
    let info = desk.info();
    let user: UserV2 = message(&desk.get("/V2/GetMyUser"));
    assert_eq!(user.login.as_deref(), Some(info.login.as_str()));
    assert_eq!(user.full_name.unwrap().last_name, "Иванова");
    let old: User = message(&desk.get("/GetMyUser"));
    assert_eq!(
        (old.id, old.last_name.as_deref()),
        (Some(user.user_id.clone()), Some("Иванова"))
    );
    // Programs of before took from here what they signed with.
    let thumbprints: Vec<_> = old
        .cloud_certificates
        .into_iter()
        .map(|one| one.thumbprint)
        .collect();
    assert_eq!(thumbprints[0].as_ref(), Some(&info.certificate));
    let path = format!("/GetMyEmployee?boxId={}", info.box_id);
    let employee: Employee = message(&desk.get(&path));
    assert_eq!(employee.user.user_id, user.user_id);
    let permissions = employee.permissions;
    let seen = permissions.typed_document_access_level();
    assert_eq!(seen, DocumentAccessLevel::ALL_DOCUMENTS);
    let mut actions = permissions.actions.iter();
    assert!(actions.any(|one| one.name == "SignDocuments" && one.is_allowed));
    let path = format!("/GetMyPermissions?orgId={}", info.organization.id);
    let old: OrganizationUserPermissions = message(&desk.get(&path));
    assert!(old.can_sign_documents);
    desk.be(1);
    let other: UserV2 = message(&desk.get("/V2/GetMyUser"));
    assert_ne!(other.user_id, user.user_id);
    for (path, status) in [
        ("/GetMyEmployee", 400),
        (&format!("/GetMyEmployee?boxId={}", info.other_box), 403),
        ("/GetMyPermissions?orgId=other", 403),
    ] {
        desk.get(path).is(status);
    }
}

#[test]
fn boxes_and_organizations_are_found_with_the_client_id_alone() {
    let mut desk = Desk::new();
    let info = desk.info();
    desk.authorization = Some(CLIENT.to_owned());
    for id in [info.box_id.clone(), old_form(&info.box_id)] {
        let found: DiadocBox = message(&desk.get(&format!("/GetBox?boxId={id}")));
        assert_eq!(found.box_id_guid, info.box_id);
        assert_eq!(found.organization.unwrap().inn, info.organization.inn);
    }
    let inn = &info.organization.inn;
    for query in [
        format!("orgId={}", info.organization.id),
        format!("boxId={}", info.box_id),
        format!("inn={inn}"),
        format!("inn={inn}&kpp={}", info.organization.kpp),
        format!("fnsParticipantId=2BM-{inn}-2019010101010101010100000000"),
    ] {
        let answer = desk.get(&format!("/GetOrganization?{query}"));
        let seen = message::<Organization>(&answer).org_id;
        assert_eq!(seen, info.organization.id, "{query}");
    }
    for (query, status) in [
        ("", 400),
        ("inn=1&boxId=2", 400),
        ("kpp=1&boxId=2", 400),
        ("inn=0", 404),
    ] {
        desk.get(&format!("/GetOrganization?{query}")).is(status);
    }
    desk.get("/GetBox?boxId=other").is(404);
    // That is about a person.
    desk.get("/V2/GetMyUser").is(401);
    desk.be(0);
    let path = format!("/GetOrganizationsByInnKpp?inn={}", info.organization.inn);
    assert_eq!(
        message::<OrganizationList>(&desk.get(&path))
            .organizations
            .len(),
        1
    );
    let path = format!("/GetOrganizationFeatures?boxId={}", info.box_id);
    let features: OrganizationFeatures = message(&desk.get(&path));
    assert_eq!(features.features, ["AllowApprovementSignatures"]);
    let without = MessageOptions::default().approvals(false);
    let mut desk = Desk::with(WorldOptions::default().message_options(without));
    assert!(
        message::<OrganizationFeatures>(&desk.get(&path))
            .features
            .is_empty()
    );
}

#[test]
fn whom_documents_are_exchanged_with_is_listed_by_box_and_by_organization() {
    let mut desk = Desk::new();
    let info = desk.info();
    let newest = format!("/V3/GetCounteragents?myBoxId={}", info.box_id);
    let whole: CounteragentList = message(&desk.get(&newest));
    for version in ["", "/V2"] {
        let path = format!(
            "{version}/GetCounteragents?myOrgId={}",
            info.organization.id
        );
        assert_eq!(message::<CounteragentList>(&desk.get(&path)), whole);
    }
    let [other] = &whole.counteragents[..] else {
        panic!("{whole:?}");
    };
    assert_eq!(other.organization.boxes[0].box_id_guid, info.other_box);
    assert_eq!(
        other.typed_current_status(),
        CounteragentStatus::IS_MY_COUNTERAGENT
    );
    let inn = &other.organization.inn;
    let key = other.index_key.as_deref().unwrap();
    for (more, total, shown) in [
        ("counteragentStatus=IsMyCounteragent", 1, 1),
        ("counteragentStatus=Rejected", 0, 0),
        (&format!("query={inn}"), 1, 1),
        ("query=nobody", 0, 0),
        (&format!("afterIndexKey={key}"), 1, 0),
    ] {
        let list: CounteragentList = message(&desk.get(&format!("{newest}&{more}")));
        let seen = (list.total_count, list.counteragents.len());
        assert_eq!(seen, (total, shown), "{more}");
    }
    for (path, status) in [
        ("/V3/GetCounteragents".to_owned(), 400),
        (format!("{newest}&counteragentStatus=Friend"), 400),
        (format!("{newest}&query=1&afterIndexKey={key}"), 400),
        (
            format!("/V3/GetCounteragents?myBoxId={}", info.other_box),
            403,
        ),
        ("/V2/GetCounteragents?myOrgId=other".to_owned(), 403),
    ] {
        desk.get(&path).is(status);
    }
}

#[test]
fn documents_that_wait_are_found_by_their_category() {
    let mut desk = Desk::new();
    let info = desk.info();
    let query = "filterCategory=Any.InboundWaitingForRecipientSignature";
    let waiting = ids(&list(&mut desk, query));
    assert!(waiting.contains(&info.unsigned_document));
    assert!(waiting.contains(&info.messages.counter_signed));
    let query = "filterCategory=Any.OutboundWaitingForSenderSignature";
    let unsent = ids(&list(&mut desk, query));
    assert!(unsent.contains(&info.messages.unsent));
    assert!(!unsent.contains(&info.messages.sent));
    let plain = "filterCategory=Nonformalized.OutboundWaitingForSenderSignature";
    assert!(!ids(&list(&mut desk, plain)).contains(&info.messages.unsent));
    let all = list(&mut desk, "filterCategory=Any.Outbound");
    let draft = &info.messages.draft.message;
    assert!(all.documents.iter().all(|one| one.message_id != *draft));
    // What a colleague was asked for.
    let asked = list(&mut desk, "filterCategory=Any.InboundWaitingForResolution");
    assert_eq!(asked.total_count, 2);
    assert!(
        asked
            .documents
            .iter()
            .all(|one| one.resolution_status.is_some())
    );
    for nothing in ["Any.InboundApproved", "Any.ProxyNotRead"] {
        let found = list(&mut desk, &format!("filterCategory={nothing}"));
        assert!(found.documents.is_empty());
    }
    for query in [
        "",
        "filterCategory=Any",
        "filterCategory=Any.Sideways",
        "filterCategory=Any.InboundMagic",
        "filterCategory=Any.Inbound&count=101",
        "filterCategory=Any.Inbound&count=-1",
        "filterCategory=Any.Inbound&sortDirection=Up",
        "filterCategory=Any.Inbound&timestampFromTicks=1&documentNumber=2",
        "filterCategory=Any.Inbound&timestampFromTicks=1&fromDocumentDate=01.01.2023",
    ] {
        let path = format!("/V3/GetDocuments?boxId={}&{query}", info.box_id);
        desk.get(&path).is(400);
    }
}

#[test]
fn a_document_that_is_not_sent_lies_outside_every_range_of_time() {
    let mut desk = Desk::new();
    let info = desk.info();
    let all = list(&mut desk, "filterCategory=Any.Outbound");
    let everywhen = format!(
        "filterCategory=Any.Outbound&timestampFromTicks=0&timestampToTicks={}",
        i64::MAX
    );
    let sent = list(&mut desk, &everywhen);
    assert_eq!(ids(&sent), std::slice::from_ref(&info.messages.sent));
    assert!(all.total_count > sent.total_count);
    let expected = info.messages.sent;
    assert_eq!(ids(&all)[0], expected, "those that are not sent come last");
    let never = list(&mut desk, "filterCategory=Any.Outbound&timestampToTicks=1");
    assert_eq!(never.total_count, 0);
}

#[test]
fn lists_are_read_page_by_page_in_both_directions() {
    let mut desk = Desk::new();
    let all = ids(&list(&mut desk, "filterCategory=Any.Outbound"));
    for direction in ["Ascending", "Descending"] {
        let mut read = Vec::new();
        let mut after = String::new();
        loop {
            let query = format!(
                "filterCategory=Any.Outbound&count=2&sortDirection={direction}&afterIndexKey={after}"
            );
            let page = list(&mut desk, &query);
            assert_eq!(usize::try_from(page.total_count).unwrap(), all.len());
            let Some(last) = page.documents.last() else {
                break;
            };
            after = last.index_key.clone().unwrap();
            assert!(last.content.is_none(), "a list has no contents");
            read.extend(ids(&page));
        }
        if direction == "Descending" {
            read.reverse();
        }
        assert_eq!(read, all, "{direction}");
    }
    let none = list(&mut desk, "filterCategory=Any.Outbound&count=0");
    assert_eq!((none.documents.len(), none.has_more_results), (0, None));
}

#[test]
fn the_newer_list_is_asked_by_a_message() {
    let mut desk = Desk::new();
    let info = desk.info();
    let path = format!("/V4/GetDocuments?boxId={}", info.box_id);
    let request = GetDocumentsV4Request::new("Incoming")
        .with_document_statuses(["WaitingForRecipientSignature"])
        .with_counteragent_box_ids([info.other_box.clone()]);
    let found = ids(&message(&desk.post(&path, request.encode_to_vec())));
    assert!(found.contains(&info.unsigned_document));
    let many = request.clone().with_file_names(vec!["a"; 11]);
    desk.post(&path, many.encode_to_vec()).is(400);
    let unknown = GetDocumentsV4Request::new("Sideways").encode_to_vec();
    desk.post(&path, unknown).is(400);
    let path = format!(
        "/GetDocumentsByMessageId?boxId={}&messageId={}",
        info.box_id, info.messages.locked.message
    );
    assert_eq!(message::<DocumentList>(&desk.get(&path)).total_count, 2);
    let path = format!("/V2/GetDocumentTypes?boxId={}", info.box_id);
    let types: GetDocumentTypesResponseV2 = message(&desk.get(&path));
    // Every document of the box has a type that is told, with its flow; a title of the recipient is what answers one.
    for class in ["Inbound", "Outbound", "Internal"] {
        let query = format!("filterCategory=Any.{class}");
        for document in list(&mut desk, &query).documents {
            let mut known = types.document_types.iter();
            let known = known.find(|one| one.name == document.type_named_id);
            let version = &known.unwrap().functions[0].versions[0];
            let titles: Vec<(i32, bool)> = (version.titles.iter())
                .map(|one| (one.index, one.is_formal))
                .collect();
            let is_formal =
                (document.file_name.as_deref()).is_some_and(|name| name.ends_with(".xml"));
            match document.workflow_id {
                // Newer than every list of flows.
                99 => continue,
                3 => assert_eq!(titles, [(0, true), (1, true)]),
                _ => assert_eq!(titles, [(0, is_formal)], "{document:?}"),
            }
            assert_eq!(version.workflows[0].id, document.workflow_id);
        }
    }
    let newer: GetDocumentTypesResponseV3 = message(&desk.get(&path.replace("V2", "V3")));
    let older: GetDocumentTypesResponse = message(&desk.get(&path.replace("/V2", "")));
    for (place, known) in types.document_types.iter().enumerate() {
        let (newer, older) = (&newer.document_types[place], &older.document_types[place]);
        assert_eq!(newer.functions, known.functions);
        assert_eq!((&older.name, &older.title), (&known.name, &known.title));
        let workflow = known.functions[0].versions[0].workflows[0].id;
        assert_eq!(older.functions[0].versions[0].workflows[0].id, workflow);
    }
}

#[test]
fn what_happened_is_told_in_order() {
    let mut desk = Desk::new();
    let info = desk.info();
    let events = |desk: &mut Desk, version: u8, query: &str| -> BoxEventList {
        let path = format!("/V{version}/GetNewEvents?boxId={}&{query}", info.box_id);
        let answer = desk.get(&path);
        answer.is(200);
        message(&answer)
    };
    let before = events(&mut desk, 8, "");
    assert_eq!(before.typed_total_count_type(), TotalCountType::EQUAL);
    let is_either = |one: &BoxEvent| one.message.is_some() != one.patch.is_some();
    assert!(before.events.iter().all(is_either));
    let last = before.events.last().unwrap();
    let key = last.index_key.clone().unwrap().replace('=', "%3D");
    let behind = format!("afterIndexKey={key}");
    assert!(events(&mut desk, 7, &behind).events.is_empty());
    desk.attach(&info.unsigned_document, test_signature());
    let news = events(&mut desk, 8, &behind);
    let patch = news.events[0].patch.as_ref().unwrap();
    assert_eq!(patch.message_id, info.unsigned_document.message);
    assert_eq!(patch.entities.len(), 1);
    let content = patch.entities[0].content.as_ref().unwrap();
    assert!(content.data.is_none(), "no contents");
    for version in [4, 5, 6] {
        let query = format!("afterEventId={}", last.event_id);
        let same = events(&mut desk, version, &query);
        assert_eq!(same.events[0].event_id, patch.patch_id, "V{version}");
    }
    let drafts = events(&mut desk, 8, "messageType=Draft&orderBy=Descending&limit=1");
    assert_eq!(drafts.events.len(), 1);
    let query = "documentDirection=Inbound&typeNamedId=Nonformalized";
    let inbound = events(&mut desk, 8, query);
    assert_eq!(inbound.total_count, Some(2), "the message and its patch");
    let path = format!("/V2/GetLastEvent?boxId={}", info.box_id);
    let latest: BoxEvent = message(&desk.get(&path));
    assert_eq!(latest.event_id, patch.patch_id);
    let event = |id: &str| format!("/V3/GetEvent?boxId={}&eventId={id}", info.box_id);
    let path = event(&latest.event_id);
    let whole: BoxEvent = message(&desk.get(&path));
    let entity = &whole.patch.unwrap().entities[0];
    let content = entity.content.as_ref().unwrap();
    assert!(content.data.is_some(), "with contents");
    for (query, status) in [
        ("afterIndexKey=broken", 400),
        ("afterEventId=unknown", 400),
        ("afterIndexKey=AAAAAAAAAAA%3D&afterEventId=x", 400),
        ("limit=0", 400),
        ("limit=101", 400),
    ] {
        let path = format!("/V8/GetNewEvents?boxId={}&{query}", info.box_id);
        desk.get(&path).is(status);
    }
    desk.get(&event("unknown")).is(404);
}

#[test]
fn errors_have_a_code_and_401_says_how_to_log_in() {
    let mut desk = Desk::new();
    let info = desk.info();
    let of = |id: &str| format!("/V6/GetMessage?boxId={}&messageId={id}", info.box_id);
    for (path, status, code) in [
        (of("unknown"), 404, Some("DiadocApi.NotFound")),
        ("/V6/GetMessage".to_owned(), 400, Some("Http.BadRequest")),
        ("/Nothing".to_owned(), 404, None),
    ] {
        let answer = desk.get(&path);
        answer.is(status);
        assert_eq!(header(&answer, "x-diadoc-errorcode"), code, "{path}");
        let seen = header(&answer, "content-type");
        assert_eq!(seen, Some("text/plain; charset=utf-8"));
    }
    desk.authorization = None;
    let answer = desk.get(&of("unknown"));
    answer.is(401);
    assert_eq!(header(&answer, "www-authenticate"), Some("DiadocAuth"));
    assert_eq!(header(&answer, "x-diadoc-errorcode"), Some("Http.Auth"));
}
