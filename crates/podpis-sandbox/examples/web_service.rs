//! How a web service that has files signed is tested: the service gets the address of a sandbox, and the test is the person
//! with the phone. `cargo run -p podpis-sandbox --example web_service`
//!
//! The service here speaks to Diadoc by hand, because it stands for one in any language; only `main` knows the sandbox.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]
#![allow(clippy::print_stdout, reason = "an example shows what happens")]

use std::error::Error;
use std::time::Duration;

use bytes::Bytes;
use podpis_diadoc_proto::dss::{
    DssOperationStatus as Status, DssSignFile, DssSignRequest, DssSignResult,
};
use podpis_diadoc_proto::prost::Message as _;
use podpis_diadoc_proto::{AsyncMethodResult, ContentV3};
use podpis_sandbox::{Bind, Sandbox, Scenario, Signatures, WorldOptions};
use podpis_transport::Transport as _;
use podpis_transport_reqwest::ReqwestTransport;

/// The service: what it needs to know of Diadoc.
struct Service {
    http: ReqwestTransport,
    diadoc: String,
    token: String,
    box_id: String,
}

/// What the service tells its user.
#[derive(Debug, PartialEq)]
enum Told {
    Signed(usize),
    Declined,
    NobodyAnswered,
}

impl Service {
    async fn sign(&self, act: &'static str) -> Result<Told, Box<dyn Error>> {
        let file = DssSignFile {
            content: ContentV3 {
                content: Some(act.into()),
                ..ContentV3::default()
            },
            file_name: Some("act.txt".to_owned()),
        };
        let request = DssSignRequest { files: vec![file] }.encode_to_vec();
        let start = format!("DssSign?boxId={}", self.box_id);
        let task = AsyncMethodResult::decode(self.call("POST", &start, request).await?)?;
        let task = task.task_id.ok_or("no task")?;
        let result = format!("DssSignResult?boxId={}&taskId={task}", self.box_id);
        loop {
            let answer = self.call("GET", &result, Vec::new()).await?;
            let answer = DssSignResult::decode(answer)?;
            return Ok(match answer.typed_operation_status() {
                Status::COMPLETED => Told::Signed(answer.file_signing_results.len()),
                Status::CANCELED_BY_USER => Told::Declined,
                Status::TIMEOUT => Told::NobodyAnswered,
                _ => {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            });
        }
    }

    async fn call(&self, method: &str, path: &str, body: Vec<u8>) -> Result<Bytes, Box<dyn Error>> {
        let request = http::Request::builder()
            .method(method)
            .uri(format!("{}/{path}", self.diadoc))
            .header("authorization", format!("Bearer {}", self.token));
        Ok(self
            .http
            .execute(request.body(body.into())?)
            .await?
            .into_body())
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    // Three lines of a test: a sandbox, its address for the service, and what is to happen.
    let options = WorldOptions::default().signatures(Signatures::Gost);
    let server = Sandbox::start(options, Bind::loopback(0)).await?;
    let sandbox = server.sandbox();

    let seeded = sandbox.world_info().diadoc;
    let service = Service {
        http: ReqwestTransport::new()?,
        diadoc: server.base_url().to_owned(),
        token: seeded.token,
        box_id: seeded.box_id,
    };

    // The person has the phone in hand and says yes.
    let (told, ()) = tokio::join!(service.sign("an act"), say_yes(sandbox));
    assert_eq!(told?, Told::Signed(1));
    // Or no; or does not look at it at all, and five seconds are over.
    sandbox.play(Scenario::Declined);
    assert_eq!(service.sign("an act").await?, Told::Declined);
    sandbox.play(Scenario::Expires);
    let (told, ()) = tokio::join!(service.sign("an act"), async {
        wait_for_push(sandbox, 3).await;
        sandbox.advance(Duration::from_secs(5));
    });
    assert_eq!(told?, Told::NobodyAnswered);
    assert_eq!(sandbox.counters().signatures_made, 1);
    println!("signed, declined and left alone: the service says all three");
    Ok(())
}

async fn say_yes(sandbox: &Sandbox) {
    wait_for_push(sandbox, 1).await;
    let push = sandbox.messages().pop().unwrap();
    sandbox.confirm(&push.operation).unwrap();
}

async fn wait_for_push(sandbox: &Sandbox, number: u64) {
    while sandbox.counters().pushes_sent < number {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
