//! Starting a signature: files, certificates, the SMS, and who may see it.

use std::time::Duration;

use podpis_diadoc_proto::prost::Message as _;
use podpis_diadoc_proto::{
    CloudSignConfirmResult, CloudSignFile, CloudSignRequest, ContentV2, DocumentIdEx,
};
use podpis_sandbox::{MessageState, PhoneMode, ResultDelivery, WorldOptions};

use crate::support::{
    Desk, Is as _, but, contents, header, inline, made, message, sign_request, text,
};

fn on_shelf(name: impl Into<String>) -> ContentV2 {
    made(|it: &mut ContentV2| it.name_on_shelf = Some(name.into()))
}

fn document(desk: &Desk, box_id: &str) -> ContentV2 {
    let info = desk.info();
    made(|it: &mut ContentV2| {
        it.document_id = Some(DocumentIdEx {
            message_id: info.unsigned_document.message,
            entity_id: info.unsigned_document.entity,
            box_id: box_id.to_owned(),
        })
    })
}

fn patched(id: &str) -> ContentV2 {
    made(|it: &mut ContentV2| it.patched_content_id = Some(id.to_owned()))
}

#[test]
fn the_whole_way() {
    let mut desk = Desk::new();
    let task = desk.start(vec![inline("one"), inline("two")]);
    let answer = desk.get(&format!("/CloudSignResult?taskId={task}"));
    answer.is(204);
    assert_eq!(header(&answer, "retry-after"), Some("1"));
    assert!(answer.body().is_empty());
    assert_eq!(desk.world.counters().sms_sent, 0);

    let token = desk.token(&task);
    assert_eq!(desk.token(&task), token, "a repeated poll is harmless");
    assert_eq!(desk.world.counters().sms_sent, 1);
    let messages = desk.world.messages();
    assert_eq!(messages.len(), 1);
    assert_eq!(messages[0].to, desk.info().users[0].phone);
    assert_eq!(messages[0].state, MessageState::Waiting);
    let code = messages[0].code.clone().unwrap();
    assert!(code.len() == 6 && messages[0].text.contains(&code));

    let task = desk.confirmed(&token, "Content");
    let answer = desk.get(&format!("/CloudSignConfirmResult?taskId={task}"));
    let seen = (answer.status().as_u16(), header(&answer, "retry-after"));
    assert_eq!(seen, (204, Some("1")));
    let answer = desk.result(&task);
    let seen = header(&answer, "content-type");
    assert_eq!(seen, Some("application/octet-stream"));
    let signatures = contents(&answer);
    assert_eq!(signatures.len(), 2);
    assert_ne!(signatures[0], signatures[1]);
    let seen = contents(&desk.result(&task));
    assert_eq!(seen, signatures, "the same bytes again");

    let counters = desk.world.counters();
    assert_eq!(
        (
            counters.sms_sent,
            counters.operations_started,
            counters.confirmations
        ),
        (1, 1, 1)
    );
    assert_eq!((counters.signatures_made, counters.polls), (2, 6));
    assert_eq!(desk.world.messages()[0].state, MessageState::Confirmed);
}

#[test]
fn the_sms_goes_out_once_even_if_nobody_polls() {
    let mut desk = Desk::new();
    desk.start(vec![inline("one")]);
    desk.start(vec![inline("one")]);
    desk.wait(Duration::from_millis(299));
    assert_eq!(desk.world.counters().sms_sent, 0);
    desk.wait(Duration::from_millis(1));
    let seen = desk.world.counters().sms_sent;
    assert_eq!(seen, 2, "a repeated start is a second SMS");
}

#[test]
fn every_source_of_bytes() {
    let mut desk = Desk::new();
    let name = text(&desk.post("/V2/ShelfUpload", "shelf"));
    let patched_id = desk.info().patched_content_id;
    let box_id = desk.info().box_id;
    let old_form = format!("{}@diadoc.ru", box_id.replace('-', ""));
    let files = vec![
        inline("inline"),
        on_shelf(name.clone()),
        on_shelf(format!("__userId__/{name}")),
        patched(&patched_id),
        document(&desk, &box_id),
        document(&desk, &old_form),
    ];
    assert_eq!(desk.sign(files).len(), 6);
}

/// A file that is missing on the shelf is found out by the task, and then every poll says so.
#[test]
fn a_missing_file_fails_the_operation_and_nobody_is_asked() {
    let mut desk = Desk::new();
    let half = text(&desk.post("/ShelfUploadPartInit", "half"));
    for files in [
        vec![on_shelf("unknown")],
        vec![on_shelf(&half)],
        vec![inline("good"), on_shelf("unknown")],
    ] {
        let task = desk.start(files);
        desk.wait(Duration::from_secs(1));
        for _ in 0..2 {
            let answer = desk.get(&format!("/CloudSignResult?taskId={task}"));
            answer.is(409);
            assert_eq!(header(&answer, "x-diadoc-errorcode"), Some("Http.Conflict"));
        }
    }
    assert_eq!(desk.world.counters().sms_sent, 0);
}

#[test]
fn what_cannot_be_signed() {
    let mut desk = Desk::new();
    let half = text(&desk.post("/ShelfUploadPartInit", "half"));
    let both = but(inline("x"), |it| it.name_on_shelf = Some(half.clone()));
    let mut unknown_document = document(&desk, &desk.info().box_id);
    if let Some(id) = &mut unknown_document.document_id {
        id.entity_id = "other".to_owned();
    }
    let foreign = document(&desk, "00000000-0000-0000-0000-000000000000");
    for (files, status) in [
        (Vec::new(), 400),
        (vec![ContentV2::default()], 400),
        (vec![inline("")], 400),
        (vec![both], 400),
        (vec![patched("unknown")], 404),
        (vec![unknown_document], 404),
        (vec![foreign], 403),
    ] {
        let answer = desk.post("/CloudSign", sign_request(files));
        answer.is(status);
        assert!(!answer.body().is_empty(), "a refusal has a text");
    }
    let no_content = CloudSignRequest {
        files: vec![CloudSignFile::default()],
    };
    desk.post("/CloudSign", no_content.encode_to_vec()).is(400);
    desk.post("/CloudSign", "not protobuf").is(400);
    desk.wait(Duration::from_secs(1));
    let counters = desk.world.counters();
    assert_eq!((counters.operations_started, counters.sms_sent), (0, 0));
}

#[test]
fn the_certificate_is_the_named_one_or_the_active_one() {
    let mut desk = Desk::new();
    let known = desk.info().users;
    let body = sign_request(vec![inline("x")]);
    let (active, expired) = (&known[0].certificates[0], &known[0].certificates[1]);
    assert!(active.active && !expired.active);
    for (thumbprint, status) in [
        (String::new(), 200),
        (active.thumbprint.clone(), 200),
        (active.thumbprint.to_lowercase(), 200),
        (expired.thumbprint.clone(), 400),
        (known[1].certificates[0].thumbprint.clone(), 404),
        ("00".repeat(20), 404),
    ] {
        let path = format!("/CloudSign?certificateThumbprint={thumbprint}");
        desk.post(&path, body.clone()).is(status);
    }
    desk.wait(Duration::from_secs(400 * 24 * 60 * 60));
    // Nothing is active any more.
    desk.post("/CloudSign", body).is(404);
}

#[test]
fn an_operation_belongs_to_its_user() {
    let mut desk = Desk::new();
    let task = desk.start(vec![inline("x")]);
    let token = desk.token(&task);
    let code = desk.code();
    desk.be(1);
    desk.get(&format!("/CloudSignResult?taskId={task}")).is(404);
    desk.confirm(&token, &code, "Content").is(404);
    desk.be(0);
    let confirm = desk.confirmed(&token, "Content");
    desk.be(1);
    desk.result(&confirm).is(404);
    desk.be(0);
    for path in [
        format!("/CloudSignResult?taskId={confirm}"),
        format!("/CloudSignConfirmResult?taskId={task}"),
        "/CloudSignResult?taskId=unknown".to_owned(),
    ] {
        desk.get(&path).is(404);
    }
    for path in ["/CloudSignResult", "/CloudSignConfirmResult?taskId="] {
        desk.get(path).is(400);
    }
}

#[test]
fn signatures_by_reference_lie_on_the_shelf() {
    let mut desk = Desk::new();
    for query in [
        "return=Reference",
        "return=reference&locationPreference=Content",
        "return=&locationPreference=Reference",
    ] {
        let task = desk.start(vec![inline("one"), inline("two")]);
        let token = desk.token(&task);
        let code = desk.code();
        let path = format!("/CloudSignConfirm?token={token}&confirmationCode={code}&{query}");
        let answer = desk.post(&path, "");
        let task = message::<podpis_diadoc_proto::AsyncMethodResult>(&answer)
            .task_id
            .unwrap();
        let answer = desk.result(&task);
        assert_eq!(
            desk.result(&task).body(),
            answer.body(),
            "the same names again"
        );
        let named = message::<CloudSignConfirmResult>(&answer).signatures;
        assert_eq!(named.len(), 2, "{query}");
        for one in named {
            assert!(one.content.is_none());
            let name = one.name_on_shelf.unwrap();
            let stored = desk.get(&format!("/V2/ShelfDownload?fileName={name}"));
            assert_eq!(stored.body().first(), Some(&0x30));
        }
    }
}

#[test]
fn delivery_once_gives_signatures_once() {
    let mut desk = Desk::with(WorldOptions::default().result_delivery(ResultDelivery::Once));
    let task = desk.start(vec![inline("x")]);
    let token = desk.token(&task);
    let task = desk.confirmed(&token, "Content");
    desk.result(&task).is(200);
    desk.result(&task).is(404);
}

#[test]
fn the_phone_can_be_late_or_silent() {
    let mut desk = Desk::new();
    desk.world
        .set_phone(PhoneMode::Manual, Duration::from_secs(10));
    let task = desk.start(vec![inline("x")]);
    desk.token(&task);
    assert_eq!(desk.world.counters().sms_sent, 1);
    assert!(desk.world.messages().is_empty());
    desk.wait(Duration::from_secs(10));
    assert_eq!(desk.world.messages().len(), 1);

    desk.world.set_phone(PhoneMode::Silent, Duration::ZERO);
    let task = desk.start(vec![inline("x")]);
    desk.token(&task);
    assert_eq!(desk.world.counters().sms_sent, 2);
    assert_eq!(desk.world.messages().len(), 1);
}
