//! The limit of open requests, and the phone over HTTP, as a real client meets them.

use crate::support::Is as _;
use std::time::Duration;

use podpis_sandbox::{Bind, ExternOptions, Sandbox, WorldOptions};
use podpis_transport::Transport as _;

fn request(sandbox: &Sandbox, method: &str, uri: &str) -> http::Request<bytes::Bytes> {
    http::Request::builder()
        .method(method)
        .uri(uri)
        .header(
            "authorization",
            format!("Bearer {}", sandbox.world_info().extern_.token),
        )
        .body(bytes::Bytes::new())
        .unwrap()
}

async fn statuses(sandbox: &Sandbox, uri: &str, count: usize) -> Vec<u16> {
    let open = (0..count).map(|_| sandbox.execute(request(sandbox, "GET", uri)));
    futures_util::future::join_all(open)
        .await
        .into_iter()
        .map(|answer| answer.unwrap().status().as_u16())
        .collect()
}

#[tokio::test]
async fn more_than_twenty_open_requests_are_throttled() {
    let sandbox = Sandbox::new(WorldOptions::default());
    let count = |all: &[u16]| all.iter().filter(|&&status| status == 429).count();
    let all = statuses(&sandbox, "/v1", 25).await;
    assert_eq!(count(&all), 5);
    assert_eq!(count(&statuses(&sandbox, "/v1", 20).await), 0);
    assert_eq!(sandbox.counters().max_in_flight, 25);
    let account = sandbox.world_info().extern_.account;
    for path in ["drafts", "docflows", "drafts/x/tasks/y", "contents/x"] {
        let all = statuses(&sandbox, &format!("/v1/{account}/{path}"), 25).await;
        assert_eq!(count(&all), 5, "{path}");
    }
    let other = statuses(&sandbox, "/connect/authorize", 30).await;
    assert_eq!(count(&other), 0, "the API only");
    let options = ExternOptions::default().in_flight_limit(None);
    let sandbox = Sandbox::new(WorldOptions::default().extern_options(options));
    assert_eq!(count(&statuses(&sandbox, "/v1", 25).await), 0);
}

#[tokio::test]
async fn one_port_serves_everything() {
    use podpis_transport_reqwest::ReqwestTransport;

    let sandbox = Sandbox::new(WorldOptions::default().processing(Duration::ZERO));
    let server = sandbox.serve(Bind::loopback(0)).await.unwrap();
    let base = server.base_url();
    let client = ReqwestTransport::new().unwrap();
    let info = sandbox.world_info().extern_;
    let draft = format!("{base}/v1/{}/drafts/{}", info.account, info.drafts.dss.id);
    let answer = client
        .execute(request(&sandbox, "POST", &format!("{draft}/cloud-sign")))
        .await
        .unwrap();
    let started: serde_json::Value = serde_json::from_slice(answer.body()).unwrap();
    let link = started["documents-to-sign"][0]["href"].as_str().unwrap();
    assert!(link.starts_with(base), "links lead back here");
    let operation = sandbox.messages()[0].operation.clone();
    for (act, status) in [
        ("crash", 200),
        ("confirm", 409),
        ("exhaust", 409),
        ("dance", 404),
    ] {
        let uri = format!("{base}/_sandbox/operations/{operation}/{act}");
        let answer = client.execute(request(&sandbox, "POST", &uri)).await;
        answer.unwrap().is(status);
    }
    let poll = format!("{draft}/tasks/{}", started["task-id"].as_str().unwrap());
    let answer = client.execute(request(&sandbox, "GET", &poll)).await;
    let task: serde_json::Value = serde_json::from_slice(answer.unwrap().body()).unwrap();
    assert_eq!(task["progress"], "Crashed");
    server.shutdown().await;
}
