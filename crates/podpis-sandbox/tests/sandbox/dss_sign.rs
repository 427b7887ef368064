//! DssSign by itself: files, certificates, the push, one operation at a time.

use std::time::Duration;

use podpis_diadoc_proto::dss::{
    DssCertificateData, DssConfirmType, DssFileSigningStatus, DssGosKeyData, DssOperationStatus,
    DssOperator, DssSignDataSource, DssSignRequestV2,
};
use podpis_diadoc_proto::prost::Message as _;
use podpis_diadoc_proto::{AsyncMethodResult, ContentV3, DocumentId};
use podpis_sandbox::{
    DiadocOptions, DssRunning, MessageKind, MessageState, OperationEnd, PersonError, PhoneMode,
    WorldOptions,
};

use crate::dss::{dss_request, files, inline_v3, signatures};
use crate::signatures::openssl_accepts;
use crate::support::{Desk, Is as _, but, header, made, message, text};

#[test]
fn the_whole_way() {
    let mut desk = Desk::new();
    let task = desk.dss(vec![inline_v3("one"), inline_v3("two")]);
    let answer = desk.poll_dss(&task);
    assert_eq!(answer.status(), 200, "also while it runs");
    let result: podpis_diadoc_proto::dss::DssSignResult = message(&answer);
    let seen = result.typed_operation_status();
    assert_eq!(seen, DssOperationStatus::IN_PROGRESS);
    assert_eq!(desk.world.counters().pushes_sent, 0);

    let waiting = desk.dss_result(&task);
    let seen = waiting.typed_operation_status();
    assert_eq!(seen, DssOperationStatus::IN_PROGRESS);
    assert!(waiting.file_signing_results.is_empty());
    assert_eq!(waiting.typed_confirm_type(), DssConfirmType::MY_DSS);
    assert_eq!(waiting.typed_operator(), DssOperator::KONTUR);
    assert_eq!(waiting.phone_last_numbers.as_deref(), Some("0001"));
    let pushed = desk.world.messages();
    assert_eq!(pushed.len(), 1);
    let seen = (pushed[0].kind, pushed[0].state, &pushed[0].code);
    assert_eq!(seen, (MessageKind::Push, MessageState::Waiting, &None));
    assert_eq!(pushed[0].to, desk.info().users[0].phone);

    desk.world.confirm(&pushed[0].operation).unwrap();
    let running: podpis_diadoc_proto::dss::DssSignResult = message(&desk.poll_dss(&task));
    let seen = running.typed_operation_status();
    assert_eq!(seen, DssOperationStatus::IN_PROGRESS);
    let result = desk.dss_result(&task);
    let seen = result.typed_operation_status();
    assert_eq!(seen, DssOperationStatus::COMPLETED);
    assert_eq!(desk.dss_result(&task), result, "the same bytes again");
    for (file, content) in result.file_signing_results.iter().zip(["one", "two"]) {
        let seen = file.typed_file_signing_status();
        assert_eq!(seen, DssFileSigningStatus::SIGNING_COMPLETED);
        let signature = file.signature.as_deref().unwrap();
        assert!(openssl_accepts(
            signature,
            content,
            Some(&desk.world.ca_pem())
        ));
    }
    assert_eq!(result.file_signing_results.len(), 2);
    let counters = desk.world.counters();
    assert_eq!(
        (
            counters.pushes_sent,
            counters.sms_sent,
            counters.operations_started,
            counters.confirmations,
            counters.signatures_made,
            counters.polls
        ),
        (1, 0, 1, 1, 2, 5)
    );
    let records = desk.world.requests();
    assert_eq!(records[0].endpoint.as_deref(), Some("DssSign"));
    assert_eq!(records[1].endpoint.as_deref(), Some("DssSignResult"));
    assert!(
        records
            .iter()
            .all(|one| one.operation.as_ref() == Some(&pushed[0].operation))
    );
}

#[test]
fn every_person_signs_with_a_key_of_another_kind() {
    for user in 0..3 {
        let mut desk = Desk::with(WorldOptions::default().signed_attributes(user != 1));
        desk.be(user);
        let result = desk.dss_signed(vec![inline_v3("документ")]);
        let signature = signatures(&result).remove(0).unwrap();
        assert!(openssl_accepts(
            &signature,
            "документ",
            Some(&desk.world.ca_pem())
        ));
        assert!(!openssl_accepts(&signature, "другой", None));
    }
}

#[test]
fn every_source_of_bytes() {
    let mut desk = Desk::new();
    let name = text(&desk.post("/V2/ShelfUpload", "shelf"));
    let info = desk.info();
    let on_shelf = |name: String| made(|it: &mut ContentV3| it.name_on_shelf = Some(name));
    let document = |entity: &str| {
        made(|it: &mut ContentV3| {
            it.entity_id = Some(DocumentId {
                message_id: info.unsigned_document.message.clone(),
                entity_id: entity.to_owned(),
            })
        })
    };
    let prepared =
        |id: &str| made(|it: &mut ContentV3| it.patched_content_id = Some(id.to_owned()));
    let result = desk.dss_signed(vec![
        on_shelf(format!("__userId__/{name}")),
        document(&info.unsigned_document.entity),
        prepared(&info.patched_content_id),
    ]);
    let signed = signatures(&result);
    assert_eq!(signed.len(), 3);
    for signature in &signed[..1] {
        assert!(openssl_accepts(
            signature.as_deref().unwrap(),
            "shelf",
            None
        ));
    }
    for (contents, status) in [
        (vec![], 400),
        (vec![ContentV3::default()], 400),
        (vec![inline_v3("")], 400),
        (
            vec![but(inline_v3("x"), |it| it.name_on_shelf = Some(name))],
            400,
        ),
        (vec![on_shelf("unknown".to_owned())], 400),
        (vec![on_shelf("__userId__/unknown".to_owned())], 400),
        (vec![document("unknown")], 404),
        (vec![prepared("unknown")], 404),
        (vec![inline_v3("good"), prepared("unknown")], 404),
    ] {
        desk.try_dss("", dss_request(contents)).is(status);
    }
    desk.try_dss("", b"not protobuf".to_vec()).is(400);
    let mut json = desk.request("POST", &format!("/DssSign?boxId={}", info.box_id), "{}");
    json.headers_mut()
        .insert("content-type", "application/json".parse().unwrap());
    assert_eq!(desk.send(&json).status(), 400, "no files in JSON either");
    assert_eq!(desk.world.counters().operations_started, 1);
}

#[test]
fn the_box_is_asked_for_everywhere() {
    let mut desk = Desk::new();
    let info = desk.info();
    let task = desk.dss(vec![inline_v3("x")]);
    let old_form = format!("{}@diadoc.ru", info.box_id.replace('-', ""));
    for (query, status) in [
        (String::new(), 400),
        ("boxId=".to_owned(), 400),
        (format!("boxId={}", info.other_box), 403),
        ("boxId=00000000-0000-0000-0000-000000000000".to_owned(), 404),
        (format!("boxid={}", info.box_id.to_uppercase()), 200),
        (format!("boxId={old_form}"), 200),
    ] {
        let v2 = made(|it: &mut DssSignRequestV2| it.files = files(vec![inline_v3("x")]));
        let answers = [
            desk.post(
                &format!("/DssSign?{query}"),
                dss_request(vec![inline_v3("x")]),
            ),
            desk.post(&format!("/v2/dsssign?{query}"), v2.encode_to_vec()),
            desk.get(&format!("/DssSignResult?taskId={task}&{query}")),
            desk.get(&format!("/GetMyCertificates?{query}")),
            desk.post(&format!("/AutoSignReceipts?{query}"), ""),
        ];
        for answer in answers {
            answer.is(status);
        }
    }
}

#[test]
fn an_operation_belongs_to_its_person() {
    let mut desk = Desk::new();
    let task = desk.dss(vec![inline_v3("x")]);
    let box_id = desk.info().box_id;
    desk.poll_dss("unknown").is(404);
    desk.get(&format!("/DssSignResult?boxId={box_id}")).is(400);
    desk.get(&format!("/CloudSignResult?taskId={task}")).is(404);
    desk.be(1);
    desk.poll_dss(&task).is(404);
}

#[test]
fn the_certificate_is_the_named_one_or_the_one_that_is_valid_longest() {
    let mut desk = Desk::new();
    let info = desk.info();
    let named = |name: &str, owner: usize| {
        let known = &info.certificates;
        let found = known
            .iter()
            .find(|one| one.name == name && one.owner == owner);
        found.unwrap().thumbprint.clone()
    };
    assert_eq!(info.dss_certificate, named("dss", 0));
    assert_eq!(info.users[1].dss_certificate, Some(named("dss", 1)));
    for (thumbprint, status) in [
        (String::new(), 200),
        (named("dss-short", 0).to_lowercase(), 200),
        (named("token-dss", 0), 200),
        (named("dss-expired", 0), 400),
        (named("dss-future", 0), 400),
        (named("dss-key-expired", 0), 400),
        (named("token", 0), 404),
        (named("kontur", 0), 404),
        (named("goskey", 0), 404),
        (named("dss", 1), 403),
        ("00".repeat(20), 404),
    ] {
        let body = dss_request(vec![inline_v3("x")]);
        desk.try_dss(&format!("&certificateThumbprint={thumbprint}"), body)
            .is(status);
        let v2 = DssSignRequestV2 {
            files: files(vec![inline_v3("x")]),
            certificate_data: Some(DssCertificateData {
                thumbprint: thumbprint.clone(),
            }),
            ..DssSignRequestV2::default()
        };
        let path = format!("/V2/DssSign?boxId={}", info.box_id);
        desk.post(&path, v2.encode_to_vec()).is(status);
    }
    let mut desk = Desk::new();
    let body = dss_request(vec![inline_v3("x")]);
    let query = format!("&certificateThumbprint={}", named("dss-short", 0));
    let answer = desk.try_dss(&query, body.clone());
    let task = message::<AsyncMethodResult>(&answer).task_id.unwrap();
    desk.agree();
    let short = signatures(&desk.dss_result(&task));
    assert_ne!(short, signatures(&desk.dss_signed(vec![inline_v3("x")])));
    desk.wait(Duration::from_secs(500 * 24 * 60 * 60));
    // None is valid any more.
    desk.try_dss("", body).is(404);
}

#[test]
fn goskey_asks_for_the_snils() {
    let mut desk = Desk::new();
    let info = desk.info();
    let path = format!("/V2/DssSign?boxId={}", info.box_id);
    let goskey = |snils: Option<&str>| DssSignRequestV2 {
        files: files(vec![inline_v3("x")]),
        sign_data_source: DssSignDataSource::GOS_KEY_SIGN.number(),
        gos_key_data: Some(DssGosKeyData {
            snils: snils.map(str::to_owned),
            oid: Some("1.2.3".to_owned()),
        }),
        ..DssSignRequestV2::default()
    };
    let good = goskey(Some("112-233-445 95"));
    let certificate = Some(DssCertificateData {
        thumbprint: info.dss_certificate,
    });
    for (request, status) in [
        (goskey(None), 400),
        (goskey(Some("08765430300")), 400),
        (but(good.clone(), |it| it.gos_key_data = None), 400),
        (
            but(good.clone(), |it| it.certificate_data = certificate),
            400,
        ),
        (but(good.clone(), |it| it.sign_data_source = 0), 400),
        (but(good.clone(), |it| it.sign_data_source = 2), 400),
        (good, 200),
    ] {
        let answer = desk.post(&path, request.encode_to_vec());
        answer.is(status);
        if status == 200 {
            let task = message::<AsyncMethodResult>(&answer).task_id.unwrap();
            desk.agree();
            let result = desk.dss_result(&task);
            assert_eq!(result.typed_confirm_type(), DssConfirmType::GOS_KEY);
            let signature = signatures(&result).remove(0).unwrap();
            assert!(openssl_accepts(&signature, "x", Some(&desk.world.ca_pem())));
        }
    }
    desk.be(1);
    let request = goskey(Some("08765430300"));
    desk.post(&path, request.encode_to_vec()).is(404);
}

#[test]
fn one_unconfirmed_operation_per_person() {
    let mut desk = Desk::new();
    let first = desk.dss(vec![inline_v3("x")]);
    let second = desk.dss(vec![inline_v3("x")]);
    desk.be(1);
    let other = desk.dss(vec![inline_v3("x")]);
    desk.wait(Duration::from_secs(1));
    let running = DssOperationStatus::IN_PROGRESS;
    assert_eq!(desk.dss_result(&other).typed_operation_status(), running);
    desk.be(0);
    assert_eq!(desk.dss_result(&first).typed_operation_status(), running);
    let blocked = DssOperationStatus::USER_HAS_UNCONFIRMED_OPERATION;
    assert_eq!(desk.dss_result(&second).typed_operation_status(), blocked);
    let seen = desk.world.counters().pushes_sent;
    assert_eq!(seen, 2, "none for the blocked one");
    let push = desk.world.messages().remove(0);
    desk.world.confirm(&push.operation).unwrap();
    let done = desk.dss_result(&first);
    assert_eq!(done.typed_operation_status(), DssOperationStatus::COMPLETED);
    let seen = desk.dss_result(&second).typed_operation_status();
    assert_eq!(seen, blocked, "for good");
    let third = desk.dss(vec![inline_v3("x")]);
    assert_eq!(desk.dss_result(&third).typed_operation_status(), running);
}

#[test]
fn what_the_phone_makes_of_it() {
    let delay = Duration::from_secs(30);
    for (mode, ends_with, state) in [
        (PhoneMode::Confirm, 2, Some(MessageState::Confirmed)),
        (PhoneMode::Decline, 3, Some(MessageState::Declined)),
        (PhoneMode::Manual, 4, Some(MessageState::Expired)),
        (PhoneMode::Silent, 4, None),
    ] {
        let mut desk = Desk::with(WorldOptions::default().phone(mode, delay));
        let task = desk.dss(vec![inline_v3("x")]);
        let running = desk.dss_result(&task).typed_operation_status();
        assert_eq!(running, DssOperationStatus::IN_PROGRESS, "{mode:?}");
        assert!(desk.world.messages().is_empty(), "it is late");
        desk.wait(delay);
        let phone = desk.world.messages();
        assert_eq!(phone.is_empty(), mode == PhoneMode::Silent, "{mode:?}");
        desk.wait(Duration::from_secs(300));
        let result = desk.dss_result(&task);
        assert_eq!(result.operation_status, Some(ends_with), "{mode:?}");
        let confirmed = mode == PhoneMode::Confirm;
        assert_eq!(signatures(&result).len(), usize::from(confirmed));
        let phone = desk.world.messages();
        assert_eq!(phone.first().map(|push| push.state), state, "{mode:?}");
        let counters = desk.world.counters();
        assert_eq!(counters.pushes_sent, 1);
        assert_eq!(counters.confirmations, u64::from(confirmed));
    }
}

#[test]
fn the_person_and_the_service_act_through_the_control_paths() {
    let again = PersonError::NotWaiting;
    for (act, status) in [("confirm", 2), ("decline", 3), ("crash", 5), ("exhaust", 5)] {
        let mut desk = Desk::new();
        let task = desk.dss(vec![inline_v3("x")]);
        let operation = desk.world.requests()[0].operation.clone().unwrap();
        let path = format!("/_sandbox/operations/{operation}/{act}");
        assert_eq!(desk.json("POST", &path, "").0, 409, "the push is not out");
        desk.wait(Duration::from_secs(1));
        assert_eq!(desk.json("POST", &path, "").0, 200, "{act}");
        assert_eq!(desk.dss_result(&task).operation_status, Some(status));
        assert_eq!(desk.world.confirm(&operation), Err(again));
        assert_eq!(desk.world.decline(&operation), Err(again));
        let crash = OperationEnd::Crashed;
        assert_eq!(desk.world.end(&operation, crash), Err(again));
    }
}

#[test]
fn running_can_be_a_204() {
    let options = DiadocOptions::default().dss_running(DssRunning::NoContent);
    let mut desk = Desk::with(
        WorldOptions::default()
            .diadoc_options(options)
            .processing(Duration::from_secs(3)),
    );
    let task = desk.dss(vec![inline_v3("x")]);
    for (wait, seconds) in [(0, "3"), (5, "1")] {
        desk.wait(Duration::from_secs(wait));
        let answer = desk.poll_dss(&task);
        answer.is(204);
        assert_eq!(header(&answer, "retry-after"), Some(seconds));
    }
    desk.agree();
    let answer = desk.poll_dss(&task);
    let seen = (answer.status().as_u16(), header(&answer, "retry-after"));
    assert_eq!(seen, (204, Some("3")));
    desk.wait(Duration::from_secs(2));
    let seen = desk.dss_result(&task).typed_operation_status();
    assert_eq!(seen, DssOperationStatus::COMPLETED);
}
