//! Odd answers that must neither mislead nor get in the way.

use podpis::secret::ConfirmationCode;
use podpis::{Begin, ErrorKind, MemoryJournal, Next, ReqwestTransport};

use super::extern_server::{ExternWire, OCTETS, SMS, account, draft, mute, part, refuses};
use super::server::{HTML, Says, ok};

async fn wire() -> ExternWire {
    ExternWire::new(&ReqwestTransport::new().unwrap()).await
}

#[tokio::test]
async fn a_content_that_is_a_web_page_can_be_read() {
    let wire = wire().await;
    wire.script("Content", &[ok(b"<html>letter</html>").header(OCTETS)]);
    let content = wire.client.account(&account()).content(&"c:9".into()).await;
    assert_eq!(content.unwrap(), "<html>letter</html>");
}

#[tokio::test]
async fn a_page_of_a_proxy_is_not_a_wrong_code() {
    const HTML_400: Says = Says {
        status: 400,
        ..HTML
    };
    let (wire, journal) = (wire().await, MemoryJournal::new());
    wire.script("DraftCloudSign", &[SMS]);
    wire.script("DraftCloudSignConfirm", &[HTML_400]);
    // Else the look after a rejection could find what was signed before.
    wire.script("DraftDocumentSignature", &[refuses(404)]);
    let signing = wire.client.account(&account()).sign_draft(&draft());
    let mut run = signing.start(&journal).await.unwrap();
    for _ in 0..3 {
        run.confirm(ConfirmationCode::new("1")).await.unwrap_err();
    }
    assert_eq!(run.next(), Next::GiveCode { attempt: 1 });
}

#[tokio::test]
async fn a_lock_is_known_whatever_the_hyphens_of_its_id_and_whatever_is_odd_beside_it() {
    for rest in [
        r#""context":{"concurrent-task":{"id":"5b35fae5"}}"#,
        r#""context":[]"#,
        r#""properties":[]"#,
        r#""message":{}"#,
    ] {
        for id in ["concurrentApiTaskActive", "concurrent-api-task-active"] {
            let body = format!(r#"{{"id":"urn:error:externapi:{id}",{rest}}}"#);
            let (wire, journal) = (wire().await, MemoryJournal::new());
            wire.script("DraftCloudSign", &[mute(409, body.leak().as_bytes())]);
            let signing = wire.client.account(&account()).sign_draft(&draft());
            let error = signing.start(&journal).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Refused, "{id} {rest}: {error}");
        }
    }
}

#[tokio::test]
async fn a_part_longer_than_its_total_is_not_a_whole() {
    let wire = wire().await;
    wire.script(
        "Content",
        &[part(&[("Content-Range", "bytes 0-3/2")], b"text")],
    );
    assert!(
        wire.client
            .account(&account())
            .content(&"c:9".into())
            .await
            .is_err()
    );
}

#[tokio::test]
async fn who_may_not_list_tasks_may_still_sign() {
    for status in [403, 404] {
        let (wire, journal) = (wire().await, MemoryJournal::new());
        wire.script("DraftTasks", &[refuses(status)]);
        wire.client
            .account(&account())
            .sign_draft(&draft())
            .start(&journal)
            .await
            .unwrap();
    }
}
