//! Promise: wherever a program dies, the person is asked at most once, and what was signed is not lost.

mod diadoc;
mod extern_api;

use podpis::Deadline;
use podpis_sandbox::Signatures;

use crate::crash::{Fate, Flow, Leaves, every_point};

const TEN_MINUTES: Deadline = Deadline::minutes(10);

/// How many signatures of our side lie in the sandbox from the start.
const SEEDED: u64 = 1;

/// One flow of each kind, for a sandbox that signs with GOST: what the record holds of a signature is longer then.
const WITH_GOST: [&str; 8] = [
    "CloudSign",
    "DssSign",
    "AutoSignReceipts",
    "signed by DSS and attached",
    "draft by phone",
    "decryption by SMS",
    "report by phone",
    "answer by SMS",
];

#[tokio::test]
async fn at_every_write_and_every_request() {
    enumerate(Signatures::Ecdsa, |_| true).await;
}

#[tokio::test]
async fn whatever_the_service_signs_with() {
    let number = enumerate(Signatures::Gost, |flow| WITH_GOST.contains(&flow.name)).await;
    assert_eq!(number, WITH_GOST.len());
}

/// Enumerates the points of the flows that are wanted, and counts those.
async fn enumerate(signatures: Signatures, is_wanted: impl Fn(&Flow) -> bool) -> usize {
    let mut number = 0;
    let flows = diadoc::FLOWS.into_iter().chain(extern_api::FLOWS);
    for flow in flows.filter(is_wanted) {
        number += 1;
        let rows = every_point(&flow, signatures).await;
        for row in &rows {
            println!("{}: dies {:<64} -> {:?}", flow.name, row.point, row.fate);
            let counters = row.stage.sandbox.counters();
            for endpoint in flow.once {
                assert!(
                    row.stage.calls(endpoint) <= flow.steps,
                    "{}: {}: {endpoint} was sent twice",
                    flow.name,
                    row.point
                );
            }
            assert!(
                counters.sms_sent + counters.pushes_sent <= 1,
                "{}: {}",
                flow.name,
                row.point
            );
            assert!(
                counters.operations_started <= flow.steps as u64,
                "{}: {}",
                flow.name,
                row.point
            );
            let signed: Vec<u64> = row
                .stage
                .sandbox
                .receipts()
                .iter()
                .map(|one| one.signed)
                .collect();
            let all = flow.steps > 1 && row.fate == Fate::Finished;
            assert!(
                signed
                    .iter()
                    .all(|times| *times <= 1 && (!all || *times == 1)),
                "{}: {}: {signed:?}",
                flow.name,
                row.point
            );
            // What was posted is there once, and under one operationId.
            let documents = row.stage.sandbox.documents();
            let attached = documents.iter().flat_map(|one| &one.signatures);
            let attached = attached.filter(|one| one.ours).count() as u64;
            assert!(
                attached == SEEDED + counters.patches && counters.operation_ids_reused == 0,
                "{}: {}: {counters:?}",
                flow.name,
                row.point
            );
            if row.fate == Fate::NeverBegan {
                let ended = row.point == "after forgetting";
                assert!(
                    ended || counters.operations_started + counters.patches == 0,
                    "{}: {}: lost",
                    flow.name,
                    row.point
                );
            }
            let left = Leaves::at(&row.stage);
            assert!(
                left.is_within(&flow.leaves),
                "{}: {}: {left:?}",
                flow.name,
                row.point
            );
            if row.fate == Fate::Finished {
                assert_eq!(left, flow.leaves, "{}: {}", flow.name, row.point);
            }
            assert!(row.fate != Fate::Refused, "{}: {}", flow.name, row.point);
        }
        // "Cannot tell" is honest only between the promise to send and the stored answer.
        let cannot_tell: Vec<&str> = rows
            .iter()
            .filter(|row| row.fate == Fate::CannotTell)
            .map(|row| row.point.as_str())
            .collect();
        assert_eq!(cannot_tell, flow.cannot_tell, "{}", flow.name);
        assert!(
            rows.iter().filter(|row| row.fate == Fate::Finished).count() >= 6,
            "{}",
            flow.name
        );
    }
    number
}
