//! The same world behind a socket.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use podpis_sandbox::{Bind, Fault, RunningServer, Sandbox, WorldOptions};
use podpis_transport::{Delivery, HttpRequest, SharedTransport, TransportErrorKind};
use podpis_transport_reqwest::ReqwestTransport;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::support::START;

fn sandbox() -> Sandbox {
    let now = SystemTime::UNIX_EPOCH + START;
    Sandbox::with_time(WorldOptions::default(), move || now)
}

async fn served() -> (Sandbox, RunningServer, SharedTransport) {
    let sandbox = sandbox();
    let server = sandbox.serve(Bind::loopback(0)).await.unwrap();
    let transport = SharedTransport::new(ReqwestTransport::new().unwrap());
    (sandbox, server, transport)
}

fn upload(base: &str) -> HttpRequest {
    http::Request::post(format!("{base}/V2/ShelfUpload"))
        .header("authorization", "Bearer sandbox-oidc-director")
        .body(Bytes::from_static(b"content"))
        .unwrap()
}

#[tokio::test]
async fn the_bytes_are_those_of_the_world() {
    let (_, server, transport) = served().await;
    let inside = sandbox();
    let over_http = transport.execute(upload(server.base_url())).await.unwrap();
    let in_process = inside.handle(&upload(""));
    assert_eq!(over_http.status(), in_process.status());
    assert_eq!(over_http.body(), in_process.body());
    for (name, value) in in_process.headers() {
        assert_eq!(over_http.headers().get(name), Some(value), "{name}");
    }
    server.shutdown().await;
}

#[tokio::test]
async fn dropped_and_truncated_answers_are_broken_connections() {
    let (sandbox, server, transport) = served().await;
    for (fault, uploads) in [
        (Fault::on("ShelfUploadV2").call(1).drop_before(), 0),
        (Fault::on("ShelfUploadV2").call(1).drop_after(), 1),
        (Fault::on("ShelfUploadV2").call(1).refuse_connection(), 0),
        (Fault::on("ShelfUploadV2").call(1).truncate(0), 1),
        (Fault::on("ShelfUploadV2").call(1).truncate(10), 1),
        (Fault::on("ShelfUploadV2").call(1).truncate(1_000), 1),
    ] {
        sandbox.reset();
        let said = format!("{fault:?}");
        sandbox.inject(fault);
        let error = transport.execute(upload(server.base_url())).await;
        let error = error.expect_err(&said);
        assert_eq!(error.delivery(), Delivery::Unknown, "{said}");
        assert_eq!(error.kind(), TransportErrorKind::Interrupted, "{said}");
        assert_eq!(sandbox.requests()[0].status, None, "{said}");
        assert_eq!(sandbox.requests().len(), 1, "{said}");
        // What the service did is seen by the name that the next upload gets: names are counted.
        let next = transport.execute(upload(server.base_url())).await.unwrap();
        let twin = self::sandbox();
        for _ in 0..uploads {
            let _ = twin.handle(&upload(""));
        }
        assert_eq!(next.body(), twin.handle(&upload("")).body(), "{said}");
    }
}

/// What arrives on a plain socket before it is closed.
async fn raw(server: &RunningServer, path: &str) -> String {
    let socket = tokio::net::TcpStream::connect(server.address()).await;
    let mut socket = socket.unwrap();
    let request = format!(
        "POST {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer sandbox-oidc-director\r\ncontent-length: 1\r\n\r\nx"
    );
    socket.write_all(request.as_bytes()).await.unwrap();
    let mut seen = Vec::new();
    let _ = tokio::time::timeout(Duration::from_secs(10), socket.read_to_end(&mut seen))
        .await
        .expect("the connection is closed");
    String::from_utf8(seen).unwrap()
}

#[tokio::test]
async fn a_dropped_answer_has_no_status_line_and_a_truncated_one_announces_more() {
    let (sandbox, server, _) = served().await;
    sandbox.inject(Fault::on("*").call(1).drop_after());
    sandbox.inject(Fault::on("*").call(2).truncate(7));
    assert_eq!(raw(&server, "/V2/ShelfUpload").await, "");
    let seen = raw(&server, "/V2/ShelfUpload").await;
    assert!(seen.starts_with("HTTP/1.1 200 OK\r\n"), "{seen}");
    assert!(seen.contains("content-length: 43\r\n"), "{seen}");
    assert!(seen.ends_with("\r\n\r\ndd-api-"), "{seen}");
}

#[tokio::test]
async fn a_delay_holds_the_answer_back_and_open_requests_are_counted() {
    let (sandbox, server, transport) = served().await;
    sandbox.inject(Fault::on("*").delay(Duration::from_millis(150)));
    let send = || transport.execute(upload(server.base_url()));
    let (a, b, c, d) = tokio::join!(send(), send(), send(), send());
    for answer in [a, b, c, d] {
        assert_eq!(answer.unwrap().status(), 200);
    }
    assert_eq!(sandbox.counters().max_in_flight, 4);
    let patience = ReqwestTransport::builder()
        .exchange_timeout(Duration::from_millis(50))
        .build()
        .unwrap();
    let error = SharedTransport::new(patience)
        .execute(upload(server.base_url()))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::Timeout);
    assert_eq!(error.delivery(), Delivery::Unknown);
    let seen = sandbox.requests().len();
    assert_eq!(seen, 5, "the request was handled before it was delayed");
}

#[tokio::test]
async fn a_204_has_no_body_and_says_when_to_come_back() {
    let (_, server, transport) = served().await;
    let call = |method: &str, path: String, body: Vec<u8>| {
        let request = http::Request::builder()
            .method(method)
            .uri(format!("{}{path}", server.base_url()))
            .header("authorization", "Bearer sandbox-oidc-director")
            .body(Bytes::from(body))
            .unwrap();
        transport.execute(request)
    };
    let body = crate::support::sign_request(vec![crate::support::inline("x")]);
    let answer = call("POST", "/CloudSign".to_owned(), body).await.unwrap();
    let task = crate::support::message::<podpis_diadoc_proto::AsyncMethodResult>(&answer)
        .task_id
        .unwrap();
    let poll = format!("/CloudSignResult?taskId={task}");
    let answer = call("GET", poll, Vec::new()).await.unwrap();
    assert_eq!(answer.status(), 204);
    assert_eq!(answer.headers()["retry-after"], "1");
}

#[tokio::test]
async fn only_loopback_unless_told_otherwise() {
    let everywhere = Bind::address(([0, 0, 0, 0], 0).into());
    let error = sandbox().serve(everywhere).await.unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::PermissionDenied);
    let server = sandbox().serve(everywhere.allow_other_hosts()).await;
    assert_ne!(server.unwrap().address().port(), 0);
}

#[tokio::test]
async fn a_server_that_is_dropped_listens_no_more() {
    let (_, server, transport) = served().await;
    let base = server.base_url().to_owned();
    server.shutdown().await;
    let error = transport.execute(upload(&base)).await.unwrap_err();
    assert_eq!(error.delivery(), Delivery::NotSent);
}
