//! An operation whose kind only its record knows, driven step by step.

use podpis::secret::ConfirmationCode;
use podpis::{Begin, Journal, MemoryJournal, Next, Output, Podpis};
use podpis_sandbox::WorldOptions;

use crate::stage::Stage;

#[tokio::test]
async fn every_step_can_be_taken_by_hand() {
    let stage = Stage::in_process(WorldOptions::default()).await;
    let (client, journal) = (stage.extern_api(), MemoryJournal::new());
    let signing = client
        .account(&stage.account())
        .sign_draft(&stage.sms_draft());
    let run = signing.start(&journal).await.unwrap();
    let id = run.operation().id().clone();
    drop(run);

    let podpis = Podpis::new().with_extern(client);
    let claim = journal.claim(&id).await.unwrap();
    let mut run = podpis.resume(claim).unwrap();
    loop {
        match run.next() {
            Next::GiveCode { attempt } => {
                let code = match attempt {
                    1 => "000000".to_owned(),
                    _ => stage.sandbox.last_code().unwrap().to_string(),
                };
                run.confirm(ConfirmationCode::new(code)).await.unwrap();
            }
            Next::PollAfter(pause) => {
                stage.time.advance(pause);
                run.poll().await.unwrap();
            }
            Next::Reconcile => {
                run.reconcile().await.unwrap();
            }
            Next::Finished => break,
        }
    }
    let Output::Signatures(signatures) = run.output().unwrap() else {
        panic!("not signatures");
    };
    assert_eq!(signatures.all().unwrap().len(), 3);
    run.forget().await.unwrap();
    assert!(journal.open().await.unwrap().is_empty());
}
