//! A service under load, one that is silent, and one that is slow.

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use futures_util::FutureExt as _;
use podpis_sandbox::{Bind, Fault, Outcome, Sandbox, WorldOptions};
use podpis_transport::{HttpRequest, SharedTransport, Transport as _, TransportErrorKind};
use podpis_transport_reqwest::ReqwestTransport;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::support::{Desk, START, header};

fn upload(base: &str) -> HttpRequest {
    http::Request::post(format!("{base}/V2/ShelfUpload"))
        .header("authorization", "Bearer sandbox-oidc-director")
        .body(Bytes::from_static(b"content"))
        .unwrap()
}

#[test]
fn beyond_its_rate_a_method_answers_429_until_the_second_is_over() {
    for (form, retry_after) in [
        (r#"{"endpoint":"ShelfUploadV2","rate":3}"#, None),
        (r#"{"endpoint":"*","rate":3,"retry_after":1}"#, Some("1")),
    ] {
        let mut desk = Desk::new();
        assert_eq!(desk.json("POST", "/_sandbox/faults", form).0, 201);
        let mut statuses = Vec::new();
        for second in 0..3 {
            for _ in 0..5 {
                let answer = desk.post("/V2/ShelfUpload", "x");
                statuses.push(answer.status().as_u16());
                if answer.status() == 429 {
                    assert_eq!(header(&answer, "retry-after"), retry_after);
                }
            }
            desk.wait(Duration::from_secs(1) * (second % 2));
        }
        let (second, none) = ([200, 200, 200, 429, 429], [429; 5]);
        assert_eq!(statuses, [second, none, second].concat(), "{form}");
    }
}

#[test]
fn a_share_of_the_calls_fails_and_the_same_ones_again() {
    let statuses = |form: &str| {
        let mut desk = Desk::new();
        assert_eq!(desk.json("POST", "/_sandbox/faults", form).0, 201, "{form}");
        (0..100)
            .map(|_| desk.post("/V2/ShelfUpload", "x").status().as_u16())
            .collect::<Vec<_>>()
    };
    for (what, status) in [
        (r#""status":429"#, 429),
        (r#""status":503"#, 503),
        (r#""do":"drop_before""#, 502),
    ] {
        let form =
            |seed| format!(r#"{{"endpoint":"*",{what},"share":{{"percent":30,"seed":{seed}}}}}"#);
        let seen = statuses(&form(1));
        let hit = seen.iter().filter(|one| **one == status).count();
        assert!((20..=40).contains(&hit), "{what}: {hit}");
        assert_eq!(seen.iter().filter(|one| **one == 200).count(), 100 - hit);
        assert_eq!(seen, statuses(&form(1)));
        assert_ne!(seen, statuses(&form(2)));
    }
}

#[test]
fn a_rate_and_a_share_take_another_fault_and_nonsense_is_refused() {
    let mut desk = Desk::new();
    desk.world.inject(Fault::on("*").drop_before().rate(1));
    let request = desk.request("POST", "/V2/ShelfUpload", "x");
    assert_eq!(desk.send(&request).status(), 200);
    let outcome = desk.world.exchange(&request).outcome;
    assert!(matches!(outcome, Outcome::Dropped { handled: false }));
    for bad in [
        r#"{"endpoint":"*","share":{"percent":101}}"#,
        r#"{"endpoint":"*","share":30}"#,
        r#"{"endpoint":"*","rate":-1}"#,
        r#"{"endpoint":"*","do":"hang"}"#,
    ] {
        assert_eq!(desk.json("POST", "/_sandbox/faults", bad).0, 400, "{bad}");
    }
}

#[test]
fn a_silent_service_did_or_did_not_do_its_work() {
    let mut desk = Desk::new();
    let request = desk.request("POST", "/CloudSign", crate::support::sign_request(vec![]));
    for (form, handled) in [("hang_before", false), ("hang_after", true)] {
        let form = format!(r#"{{"endpoint":"CloudSign","call":1,"do":"{form}"}}"#);
        assert_eq!(desk.json("POST", "/_sandbox/faults", &form).0, 201);
        let outcome = desk.world.exchange(&request).outcome;
        assert!(matches!(outcome, Outcome::Hanging { handled: known } if known == handled));
        assert_eq!(desk.world.requests().last().unwrap().status, None);
    }
}

#[tokio::test]
async fn in_process_the_sleep_is_the_one_that_was_given() {
    let now = SystemTime::UNIX_EPOCH + START;
    let slept = Arc::new(Mutex::new(Duration::ZERO));
    let total = slept.clone();
    let sandbox =
        Sandbox::with_time(WorldOptions::default(), move || now).with_sleep(move |pause| {
            *total.lock().unwrap() += pause;
            Box::pin(std::future::ready(()))
        });
    let second = Duration::from_secs(1);
    sandbox.inject(Fault::on("*").call(1).trickle(second));
    sandbox.inject(Fault::on("*").call(2).delay(7 * second));
    sandbox.inject(Fault::on("*").call(3).hang_after());
    let took = || std::mem::take(&mut *slept.lock().unwrap());

    let answer = sandbox.execute(upload("")).await.unwrap();
    assert_eq!(took(), second * u32::try_from(answer.body().len()).unwrap());
    sandbox.execute(upload("")).await.unwrap();
    assert_eq!(took(), 7 * second);
    let error = sandbox.execute(upload("")).await.unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::Interrupted);
    assert!(took() > 1_000_000_000 * second);

    let nobody_said_how = Sandbox::with_time(WorldOptions::default(), move || now);
    nobody_said_how.inject(Fault::on("*").hang_before());
    assert!(nobody_said_how.execute(upload("")).now_or_never().is_none());
}

/// A connection on which the request was sent.
async fn sent(address: std::net::SocketAddr) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = "POST /V2/ShelfUpload HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1\r\n\
                   authorization: Bearer sandbox-oidc-director\r\n\r\nx";
    stream.write_all(request.as_bytes()).await.unwrap();
    stream
}

#[tokio::test]
async fn over_http_a_silent_and_a_slow_connection_stay_open_until_the_server_stops() {
    let sandbox = Sandbox::new(WorldOptions::default());
    let server = sandbox.serve(Bind::loopback(0)).await.unwrap();
    sandbox.inject(Fault::on("*").call(1).hang_before());
    sandbox.inject(Fault::on("*").call(2).trickle(Duration::from_secs(3_600)));
    let mut silent = sent(server.address()).await;
    while sandbox.requests().is_empty() {
        tokio::task::yield_now().await;
    }
    let mut slow = sent(server.address()).await;
    let mut seen = Vec::new();
    while !seen.ends_with(b"\r\n\r\n") {
        seen.push(slow.read_u8().await.unwrap());
    }
    let seen = String::from_utf8(seen).unwrap();
    assert!(seen.starts_with("HTTP/1.1 200 OK\r\n"), "{seen}");
    assert!(seen.contains("content-length: 43\r\n"), "{seen}");

    // Others are served meanwhile, and nothing more comes here.
    let transport = SharedTransport::new(ReqwestTransport::new().unwrap());
    let answer = transport.execute(upload(server.base_url())).await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(sandbox.counters().max_in_flight, 3);
    for stream in [&mut silent, &mut slow] {
        assert!(stream.read_u8().now_or_never().is_none());
    }
    server.shutdown().await;
    for stream in [&mut silent, &mut slow] {
        let mut rest = Vec::new();
        let _ = stream.read_to_end(&mut rest).await;
        assert!(rest.is_empty());
    }
}
