//! Promise: wherever a program dies, the person is asked at most once, and what was signed is not lost.

use podpis::{Deadline, File};

use crate::crash::{Fate, Flow, every_point};

const CLOUD_SIGN: Flow = Flow {
    name: "CloudSign",
    begin: |diadoc, journal, person| {
        Box::pin(async move {
            let files = [
                File::bytes("a.txt", "first"),
                File::bytes("b.txt", "second").by_shelf(),
            ];
            let mut run = diadoc.cloud_sign(files).start(journal).await?;
            run.wait(person, Deadline::minutes(10)).await?.all()?;
            run.forget().await
        })
    },
    once: &["CloudSign", "CloudSignConfirm"],
};

const FLOWS: [Flow; 1] = [CLOUD_SIGN];

#[tokio::test]
async fn at_every_write_and_every_request() {
    for flow in FLOWS {
        let rows = every_point(&flow).await;
        for row in &rows {
            println!("{}: dies {:<32} -> {:?}", flow.name, row.point, row.fate);
            let counters = row.stage.sandbox.counters();
            for endpoint in flow.once {
                assert!(
                    row.stage.calls(endpoint) <= 1,
                    "{}: {endpoint} was sent twice",
                    row.point
                );
            }
            assert!(
                counters.sms_sent <= 1 && counters.operations_started <= 1,
                "{}",
                row.point
            );
            if row.fate == Fate::NeverBegan {
                let ended = row.point == "after forgetting";
                assert!(
                    ended || counters.operations_started == 0,
                    "{}: lost",
                    row.point
                );
            }
        }
        // "Cannot tell" is honest only between the promise to send and the stored answer.
        let cannot_tell: Vec<&str> = rows
            .iter()
            .filter(|row| row.fate == Fate::CannotTell)
            .map(|row| row.point.as_str())
            .collect();
        assert_eq!(
            cannot_tell,
            [
                "after saving starting",
                "before /CloudSign",
                "after /CloudSign",
                "before saving processing",
                "after saving confirming",
                "before /CloudSignConfirm",
                "after /CloudSignConfirm",
                "before saving processing",
            ]
        );
        let finished = rows.iter().filter(|row| row.fate == Fate::Finished).count();
        assert!(
            finished >= 10,
            "{finished} of {} points end well",
            rows.len()
        );
        assert!(rows.iter().all(|row| row.fate != Fate::Refused));
    }
}
