//! Leads an operation of Extern to one of its calls, and compares what its answer leads to.
//!
//! **Invariant:** what comes before that call goes well, and nothing is signed or decrypted unless a test says so.

use podpis::core::wait::{Begin, Conversation};
use podpis::extern_api::ConfirmPath;
use podpis::secret::ConfirmationCode;
use podpis::{Error, MemoryJournal, ReqwestTransport, Run};

use super::answer::{Came, Row, Table, compare_run};
use super::extern_server::{
    CERTIFICATE, ExternWire, SMS, account, draft, in_docflow, in_inventory, refuses, reply,
};
use super::server::Says;

/// How far a record says that its operation is.
const STEPS: [&str; 6] = [
    "starting",
    "code",
    "task",
    "fetching",
    "signed",
    "decrypted",
];

/// Where an operation is led to, and what else is answered then.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scene {
    /// The sort of operation: `Draft`, `Reply`, `PfrReply` or `Decrypt`.
    pub(super) operation: &'static str,
    /// What is called: the start alone, then the poll, or then the code.
    pub(super) step: Step,
    /// Answers of other endpoints, from this call on.
    pub(super) beside: &'static [(&'static str, Says)],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Start,
    Poll,
    Code,
}

/// Compares every row of the table, in this scene.
pub(super) async fn every_answer(table: &Table, scene: Scene) {
    let transport = ReqwestTransport::new().unwrap();
    let mut wrong = Vec::new();
    for row in table.all_rows() {
        let wire = ExternWire::new(&transport).await;
        wrong.extend(Box::pin(answer(table, row, scene, &wire)).await);
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

async fn answer(table: &Table, row: &Row, scene: Scene, wire: &ExternWire) -> Vec<String> {
    let (client, account) = (&wire.client, account());
    let (journal, says) = (MemoryJournal::new(), &[row.says]);
    wire.script("DraftDocumentSignature", &[refuses(404)]);
    let start = match scene.operation {
        "Decrypt" => "DecryptContent",
        "Draft" => "DraftCloudSign",
        "Reply" => "ReplyCloudSign",
        _ => "PfrReplyCloudSign",
    };
    match scene.step {
        Step::Start => wire.script(table.endpoint, says),
        Step::Poll => {}
        Step::Code => wire.script(start, &[SMS]),
    }
    let place = in_docflow();
    match scene.operation {
        "Draft" => {
            let started = client
                .account(&account)
                .sign_draft(&draft())
                .start(&journal)
                .await;
            compared(table, row, scene, wire, &journal, started).await
        }
        "Reply" => {
            let signing = client.account(&account).sign_reply(&place, &reply());
            let started = signing.start(&journal).await;
            compared(table, row, scene, wire, &journal, started).await
        }
        "PfrReply" => {
            let signing = client
                .account(&account)
                .sign_pfr_reply(&in_inventory(), &reply());
            let started = signing.start(&journal).await;
            compared(table, row, scene, wire, &journal, started).await
        }
        _ => {
            let path = match table.endpoint {
                "DecryptContentConfirm" => ConfirmPath::DecryptContentConfirm,
                _ => ConfirmPath::ConfirmContentDecryption,
            };
            let decrypting = client.account(&account).decrypt(&place, CERTIFICATE);
            let started = decrypting.confirm_path(path).start(&journal).await;
            compared(table, row, scene, wire, &journal, started).await
        }
    }
}

async fn compared<K: Conversation<Client = podpis::Extern>>(
    table: &Table,
    row: &Row,
    scene: Scene,
    wire: &ExternWire,
    journal: &MemoryJournal,
    started: Result<Run<'_, K>, Error>,
) -> Vec<String> {
    let came = match started {
        Err(error) => Came {
            outcome: Err(error),
            run: None,
            events: wire.told.names(),
        },
        Ok(mut run) => {
            let mut before = wire.told.names().len();
            if scene.step != Step::Start {
                wire.script(table.endpoint, &[row.says]);
                for (endpoint, says) in scene.beside {
                    wire.script(endpoint, &[*says]);
                }
            }
            let outcome = match scene.step {
                Step::Start => {
                    before = 0;
                    Ok(())
                }
                Step::Poll => run.poll().await,
                Step::Code => run.confirm(ConfirmationCode::new(" 739 155\n")).await,
            };
            let mut events = wire.told.names().split_off(before);
            let step = run.operation().data().to_value()["step"].clone();
            events.extend(STEPS.iter().find(|known| step == **known));
            Came {
                outcome,
                run: Some(run),
                events,
            }
        }
    };
    let mut wrong = Vec::new();
    if let Err(error) = &came.outcome
        && error.operation().is_some() == (row.then == "no record")
    {
        wrong.push(format!("{}: the record of {row:?}", table.endpoint));
    }
    wrong.extend(compare_run(table, row, wire, &wire.client, journal, came).await);
    wrong
}
