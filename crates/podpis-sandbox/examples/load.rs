//! Many clients at once, for a while: `cargo run -p podpis-sandbox --example load -- URL [CLIENTS] [SECONDS]`, with
//! `podpis sandbox --phone confirm` at that address. Each client signs by DssSign again and again over a connection of its own.
//! It says how many signatures came, how many answers were not what they should be, and fails if any was not. How much memory
//! the sandbox takes is in `/proc/PID/status`.

#![allow(clippy::unwrap_used, reason = "what is made here is right")]
#![allow(clippy::print_stdout, reason = "the figures are what it is for")]
#![allow(clippy::disallowed_methods, reason = "it measures")]

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use podpis_diadoc_proto::dss::{
    DssOperationStatus as Status, DssSignFile, DssSignRequest, DssSignResult,
};
use podpis_diadoc_proto::prost::Message as _;
use podpis_diadoc_proto::{AsyncMethodResult, ContentV3};
use podpis_sandbox::WorldInfo;
use podpis_transport::Transport as _;
use podpis_transport_reqwest::ReqwestTransport;

/// One client: a connection, and a person of the sandbox.
struct Client {
    http: ReqwestTransport,
    url: String,
    token: String,
    box_id: String,
}

impl Client {
    async fn call(&self, method: &str, path: &str, body: Vec<u8>) -> Result<Bytes, String> {
        let request = http::Request::builder()
            .method(method)
            .uri(format!("{}/{path}", self.url))
            .header("authorization", format!("Bearer {}", self.token));
        let answer = self.http.execute(request.body(body.into()).unwrap()).await;
        let answer = answer.map_err(|error| format!("{path}: {error:?}"))?;
        match answer.status().as_u16() {
            200 => Ok(answer.into_body()),
            status => Err(format!("{path}: {status}")),
        }
    }

    async fn sign(&self) -> Result<(), String> {
        let file = DssSignFile {
            content: ContentV3 {
                content: Some("an act".into()),
                ..ContentV3::default()
            },
            file_name: Some("act.txt".to_owned()),
        };
        let request = DssSignRequest { files: vec![file] }.encode_to_vec();
        let start = format!("DssSign?boxId={}", self.box_id);
        let task = AsyncMethodResult::decode(self.call("POST", &start, request).await?);
        let task = task.unwrap().task_id.unwrap();
        let result = format!("DssSignResult?boxId={}&taskId={task}", self.box_id);
        loop {
            let answer = self.call("GET", &result, Vec::new()).await?;
            let status = DssSignResult::decode(answer)
                .unwrap()
                .typed_operation_status();
            match status {
                Status::COMPLETED => return Ok(()),
                Status::IN_PROGRESS => tokio::time::sleep(Duration::from_millis(500)).await,
                other => return Err(format!("DssSignResult: {other:?}")),
            }
        }
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let url = arguments.next().unwrap();
    let mut number = |usual| arguments.next().map_or(usual, |text| text.parse().unwrap());
    let (clients, seconds): (u64, u64) = (number(1_000), number(30));
    let world = http::Request::get(format!("{url}/_sandbox/world"));
    let world = ReqwestTransport::new()
        .unwrap()
        .execute(world.body(Bytes::new()).unwrap())
        .await
        .unwrap();
    let world: WorldInfo = serde_json::from_slice(world.body()).unwrap();

    let (signed, failed) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
    let end = Instant::now() + Duration::from_secs(seconds);
    let mut all = tokio::task::JoinSet::new();
    for number in 0..clients {
        let users = &world.diadoc.users;
        let client = Client {
            http: ReqwestTransport::new().unwrap(),
            url: url.clone(),
            token: users[number as usize % users.len()].token.clone(),
            box_id: world.diadoc.box_id.clone(),
        };
        let (signed, failed) = (signed.clone(), failed.clone());
        all.spawn(async move {
            while Instant::now() < end {
                match client.sign().await {
                    Ok(()) => signed.fetch_add(1, Ordering::Relaxed),
                    Err(error) => {
                        println!("{error}");
                        failed.fetch_add(1, Ordering::Relaxed)
                    }
                };
            }
        });
    }
    while let Some(ended) = all.join_next().await {
        ended.unwrap();
    }
    let failed = failed.load(Ordering::Relaxed);
    println!(
        "{clients} clients, {seconds} s: {} signatures, {failed} errors",
        signed.load(Ordering::Relaxed)
    );
    ExitCode::from(u8::from(failed > 0))
}
