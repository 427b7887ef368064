//! What a flow costs the sandbox by what it signs with: DssSign of one file in process, from the start to the signature.
//! `cargo run --release -p podpis-sandbox --example cost_of_signatures` prints both times and their ratio, which must stay below
//! 1.5.

#![allow(clippy::unwrap_used, reason = "what is made here is right")]
#![allow(clippy::print_stdout, reason = "the figures are what it is for")]
#![allow(clippy::disallowed_methods, reason = "it measures")]

use std::time::{Duration, Instant, SystemTime};

use podpis_diadoc_proto::dss::{
    DssOperationStatus as Status, DssSignFile, DssSignRequest, DssSignResult,
};
use podpis_diadoc_proto::prost::Message as _;
use podpis_diadoc_proto::{AsyncMethodResult, ContentV3};
use podpis_sandbox::{PhoneMode, Sandbox, Signatures, WorldOptions};

const FLOWS: u32 = 500;
const ROUNDS: usize = 9;

struct World {
    sandbox: Sandbox,
    token: String,
    box_id: String,
}

impl World {
    fn new(signatures: Signatures) -> Self {
        let options = WorldOptions::default()
            .phone(PhoneMode::Confirm, Duration::ZERO)
            .signatures(signatures);
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
        let sandbox = Sandbox::with_time(options, move || now);
        let seeded = sandbox.world_info().diadoc;
        Self {
            sandbox,
            token: seeded.token,
            box_id: seeded.box_id,
        }
    }

    fn call(&self, method: &str, path: &str, body: Vec<u8>) -> bytes::Bytes {
        let request = http::Request::builder()
            .method(method)
            .uri(path)
            .header("authorization", format!("Bearer {}", self.token));
        let answer = self.sandbox.handle(&request.body(body.into()).unwrap());
        assert_eq!(answer.status(), 200, "{path}");
        answer.into_body()
    }

    /// Start, a poll while it waits for the person, and a poll that brings the signature.
    fn flow(&self, number: u32) {
        let file = DssSignFile {
            content: ContentV3 {
                content: Some(format!("act {number}").into()),
                ..ContentV3::default()
            },
            file_name: Some("act.txt".to_owned()),
        };
        let request = DssSignRequest { files: vec![file] }.encode_to_vec();
        let start = format!("/DssSign?boxId={}", self.box_id);
        let task = AsyncMethodResult::decode(self.call("POST", &start, request)).unwrap();
        let result = format!(
            "/DssSignResult?boxId={}&taskId={}",
            self.box_id,
            task.task_id.unwrap()
        );
        for expected in [Status::IN_PROGRESS, Status::COMPLETED] {
            let answer = DssSignResult::decode(self.call("GET", &result, Vec::new())).unwrap();
            assert_eq!(answer.typed_operation_status(), expected);
            self.sandbox.advance(Duration::from_secs(1));
        }
    }

    fn measured(&self) -> Duration {
        let begun = Instant::now();
        (0..FLOWS).for_each(|number| self.flow(number));
        begun.elapsed() / FLOWS
    }
}

fn main() {
    let worlds = Signatures::ALL.map(World::new);
    let mut best = [Duration::MAX; 2];
    for _ in 0..ROUNDS {
        for (world, best) in worlds.iter().zip(&mut best) {
            *best = world.measured().min(*best);
        }
    }
    let [ecdsa, gost] = best;
    println!("ECDSA {ecdsa:?}, GOST {gost:?} a flow");
    println!("ratio {:.2}", gost.as_secs_f64() / ecdsa.as_secs_f64());
}
