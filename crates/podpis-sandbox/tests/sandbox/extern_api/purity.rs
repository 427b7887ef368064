//! The same history gives the same bytes, and no request to Extern makes a world panic.

use std::time::Duration;

use bytes::Bytes;

use super::support::{Client, text};
use crate::purity::Dice;

fn history() -> Vec<Bytes> {
    let mut client = Client::new();
    let mut seen = Vec::new();
    let draft = client.draft(&client.info.drafts.dss.id);
    let started = client.post(&format!("{draft}/cloud-sign"));
    client.confirm_push();
    let encrypted = client.info.encrypted.sms_gzip.place.path.clone();
    let body = client.certificate_body("sms-encryption");
    let paths = [
        (
            "GET",
            format!("{draft}/tasks/{}", text(&started, "task-id")),
        ),
        (
            "GET",
            format!(
                "{draft}/documents/{}/signature",
                client.info.drafts.dss.documents[0]
            ),
        ),
        ("GET", format!("{encrypted}/encrypted-content")),
        ("POST", format!("{encrypted}/decrypt-content")),
        ("POST", client.path("contents")),
        ("GET", client.path("nothing")),
        ("POST", format!("{draft}/check?deferred=true")),
        ("GET", format!("{draft}/tasks")),
        ("GET", "/_sandbox/world".to_owned()),
        ("GET", "/_sandbox/journal".to_owned()),
        ("GET", "/_sandbox/messages".to_owned()),
    ];
    for (method, path) in paths {
        seen.push(client.raw(method, &path, body.clone(), &[]).into_body());
    }
    client.wait(Duration::from_secs(1));
    client.task(&draft, "send?deferred=true");
    client.wait(Duration::from_secs(60));
    for path in [draft, client.path("docflows?orderBy=descending")] {
        seen.push(client.raw("GET", &path, "", &[]).into_body());
    }
    seen
}

#[test]
fn two_worlds_with_one_history_are_alike() {
    assert_eq!(history(), history());
}

#[test]
fn a_reset_brings_everything_back() {
    let mut client = Client::new();
    let draft = client.draft(&client.info.drafts.dss.id);
    client.post(&format!("{draft}/cloud-sign"));
    client.world.reset();
    assert_eq!(client.world.world_info().extern_, client.info);
    client.post(&format!("{draft}/cloud-sign"));
}

#[test]
fn nothing_that_is_sent_makes_a_world_panic() {
    const ENDS: &str = " \
        / /signature /signatures /signatures/x /signatures/x/content /cloud-sign \
        /cloud-sign-confirm /tasks /tasks/x /send /meta /documents /documents// /description \
        /encrypted-content /decrypted-content /decrypt-content /decrypt-content-confirm \
        /confirm-content-decryption /generate-reply /pfr-generate-reply /replies \
        /replies//cloud-sign /pfr-replies/x /inventories/x/documents/y/decrypt-content /%00 \
        /check /prepare /print /content /inventories /inventories/x \
        /documents/0f0e0d0c-1111-4222-8333-444455556666 \
        /documents/0f0e0d0c-1111-4222-8333-444455556666/decrypted-content \
        /documents/0f0e0d0c-1111-4222-8333-444455556666/signature \
        /documents/0f0e0d0c-1111-4222-8333-444455556666/signatures \
        /documents/0f0e0d0c-1111-4222-8333-444455556666/print /documents/x/signature \
        /documents/x/tasks/y /encrypted-content/x";
    const QUERIES: [&str; 18] = [
        "",
        "?",
        "?take=-9223372036854775808&skip=9223372036854775807",
        "?take=9223372036854775807&skip=1",
        "?requestId=x&code=1",
        "?requestId=&code",
        "?forceConfirmation=true",
        "?forceConfirmation=maybe",
        "?unzip=1&requestId=%00&code=%ff",
        "?documentType=fns534-report-receipt",
        "?documentType=urn:document:pfr-report-protocol-reply",
        "?includeReleased=true&forAllUsers=1",
        "?deferred=true",
        "?deferred=true&force=true",
        "?createdFrom=9999-12-31T23:59:59.9999999-23:59&finished=true",
        "?updatedTo=1970-01-01T00:00:00%2B23:59&orderBy=descending",
        "?type=&innKpp=%ff&createdTo=2023-11-14T10:00:00.%D0%B6",
        "?documentType=fns534-demand-acceptance-result-negative&declineNoticeErrorCode=%00",
    ];
    const METHODS: &str = "\
        GET POST PUT DELETE PATCH ODD";
    const RANGES: [&str; 8] = [
        "bytes 0-0/1",
        "bytes 0-18446744073709551615/*",
        "bytes=5-2",
        "bytes=-18446744073709551615",
        "bytes=0-18446744073709551615",
        "bytes*/",
        "б",
        "",
    ];
    const BODIES: [&str; 13] = [
        "",
        "{}",
        "[1]",
        r#"{"sender-ip":"8.8.8.8"}"#,
        r#"{"certificate-base64":"MII="}"#,
        "grant_type=password&client_id=podpis-sandbox-extern&client_secret=%ff",
        r#"{"certificate-base64":null,"content":{}}"#,
        r#"{"content-id":"e7e2d0c5-0009-4c5e-9a57-0d1ad0c00011","description":{"filename":"check-error"}}"#,
        r#"{"content-id":1,"base64-content":[],"description":7,"signature":{}}"#,
        r#"{"base64-content":"PGEvPg==","is-third-party-signature":"yes"}"#,
        r#"{"sender":{"inn":null},"recipient":{"sfr-code":"1"},"payer":[null]}"#,
        r#"{"recipient":{"ifns-code":"0088"}}"#,
        "\"PGEvPg==\"",
    ];
    let mut dice = Dice(0x0123_4567_89ab_cdef);
    let mut client = Client::new();
    let info = client.info.clone();
    let mut good: Vec<String> = ["dss", "sms", "dss-encryption", "sms-encryption", "iron"]
        .iter()
        .map(|kind| client.certificate_body(kind))
        .collect();
    good.push(client.meta("dss", "ifns-code", "0085"));
    good.push(client.meta("sms", "upfr-code", "087-000"));
    let replies = [
        &info.replies.fns_receipt,
        &info.replies.fns_demand,
        &info.replies.pfr,
        &info.replies.inventory_receipt,
    ];
    let mut starts = vec![
        "/v1".to_owned(),
        "/connect/token".to_owned(),
        "/connect/deviceauthorization".to_owned(),
        "/connect/authorize".to_owned(),
        "/test-tools/v1/get-cloud-sign-confirmation-code".to_owned(),
        format!("/v1/{}", info.account),
        client.path("certificates"),
        client.path("contents"),
        client.path("docflows"),
        client.draft(&info.drafts.dss.id),
        client.draft(&info.drafts.sms.id),
        client.draft(&info.drafts.empty.id),
        client.draft(&info.drafts.ready_to_send.id),
        client.path("drafts"),
        client.path("drafts/0f0e0d0c-1111-4222-8333-444455556666"),
        info.answerable.documents[0].path.clone(),
        info.answerable.documents[2].path.clone(),
        info.answerable.documents[3].path.clone(),
        format!(
            "{}/documents/{}",
            client.draft(&info.drafts.signed.id),
            info.drafts.signed.documents[0]
        ),
        info.encrypted.dss.place.path.clone(),
        info.encrypted.sms_gzip.place.path.clone(),
        info.encrypted.inventory_sms.place.path.clone(),
    ];
    for known in replies {
        let folder = if known.document_type.starts_with("pfr") {
            "pfr-replies"
        } else {
            "replies"
        };
        starts.push(known.place.path.clone());
        starts.push(format!("{}/{folder}/{}", known.place.path, known.dss));
        starts.push(format!("{}/{folder}/{}", known.place.path, known.sms));
    }
    let seeded = client.authorization.clone();
    for turn in 0..20_000 {
        let start = &starts[dice.roll(starts.len())];
        let query = QUERIES[dice.roll(QUERIES.len())];
        let path = format!("{start}{}{query}", dice.word(ENDS));
        let body = match dice.roll(4) {
            0 => Bytes::from(dice.bytes(64)),
            1 | 2 => Bytes::from(good[dice.roll(good.len())].clone()),
            _ => Bytes::from_static(BODIES[dice.roll(BODIES.len())].as_bytes()),
        };
        client.authorization = match dice.roll(8) {
            0 => "auth.sid sandbox-sid-director".to_owned(),
            1 => "Bearer sandbox-oidc-accountant".to_owned(),
            2 => "Basic ====".to_owned(),
            _ => seeded.clone(),
        };
        let range = RANGES[dice.roll(8)];
        let headers = [("content-range", range), ("range", range)];
        let headers = if dice.roll(2) == 0 { &headers[..] } else { &[] };
        let answer = client.raw(dice.word(METHODS), &path, body, headers);
        assert!(answer.status().as_u16() < 500, "turn {turn}: {path}");
        assert!(
            answer.headers().contains_key("x-kontur-trace-id"),
            "turn {turn}: {path}"
        );
        let messages = client.world.messages();
        if let Some(message) = messages.last() {
            let _ = match dice.roll(6) {
                0 => client.world.confirm(&message.operation),
                1 => client.world.decline(&message.operation),
                _ => Ok(()),
            };
        }
        client.wait(Duration::from_millis(dice.roll(5_000) as u64));
        if turn % 500 == 0 {
            client.world.reset();
        }
    }
    assert!(client.counters().signatures_made < 20_000);
}
