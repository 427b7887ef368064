//! Promise: whatever is silent or slow, login, queue, start, code, poll or the look for what was lost, a wait ends
//! within its deadline and a grace of five seconds, and what may have begun is in the error.

use std::time::Duration;

use podpis::core::call::Effect;
use podpis::diadoc::document_signature::{DocumentSignature, SignatureSource};
use podpis::extern_api::SignDraft;
use podpis::{
    Begin, Deadline, Error, ErrorChain, ErrorKind, File, Journal, MemoryJournal, NoPrompt,
    Signatures,
};
use podpis_sandbox::{Fault, PhoneMode, WorldOptions};

use crate::flows::attach::unsigned;
use crate::stage::Stage;
use crate::stage_extern::place;

const DEADLINE: Deadline = Deadline::seconds(30);
const GRACE: Duration = Duration::from_secs(5);

/// The three ways in which an answer does not come in time.
fn slow(endpoint: &str) -> [Fault; 3] {
    [
        Fault::on(endpoint).hang_before(),
        Fault::on(endpoint).hang_after(),
        Fault::on(endpoint).trickle(Duration::from_secs(40)),
    ]
}

/// What the operation is afterwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Left {
    /// Nothing was started, and there is no record.
    Nothing,
    /// The record is in the error, in this state.
    Record(&'static str),
}

/// Which operation.
#[derive(Clone, Copy, Debug)]
enum Kind {
    CloudSign,
    DssSign,
    DraftByPhone,
    DraftBySms,
    DecryptByPhone,
    DecryptBySms,
}

impl Kind {
    async fn run(self, stage: &Stage) -> Error {
        let (account, mut person) = (stage.account(), stage.person());
        let file = File::bytes("a.txt", "a");
        let signed = |signed: Result<Signatures, Error>| signed.map(drop);
        let outcome = match self {
            Self::CloudSign => {
                let signing = stage.diadoc().cloud_sign([file]);
                signed(signing.run(&mut person, DEADLINE).await)
            }
            Self::DssSign => {
                let signing = stage.diadoc().in_box(&stage.in_box()).dss_sign([file]);
                signed(signing.run(&mut NoPrompt, DEADLINE).await)
            }
            Self::DraftByPhone | Self::DraftBySms => {
                let draft = match self {
                    Self::DraftByPhone => stage.phone_draft(),
                    _ => stage.sms_draft(),
                };
                let signing = stage.extern_api().account(&account).sign_draft(&draft);
                signed(signing.run(&mut person, DEADLINE).await)
            }
            Self::DecryptByPhone | Self::DecryptBySms => {
                let seeded = stage.extern_info().encrypted;
                let document = match self {
                    Self::DecryptByPhone => seeded.dss,
                    _ => seeded.sms,
                };
                let certificate = stage.certificate_der(&document.certificate);
                let place = place(&document.place);
                let decrypting = stage
                    .extern_api()
                    .account(&account)
                    .decrypt(&place, certificate);
                decrypting.run(&mut person, DEADLINE).await.map(drop)
            }
        };
        outcome.unwrap_err()
    }
}

fn willing() -> WorldOptions {
    WorldOptions::default().phone(PhoneMode::Confirm, Duration::ZERO)
}

#[tokio::test]
async fn whatever_is_slow() {
    use Kind::{CloudSign, DecryptByPhone, DecryptBySms, DraftByPhone, DraftBySms, DssSign};
    let record = Left::Record;
    for (kind, endpoint, left) in [
        (CloudSign, "Authenticate", Left::Nothing),
        (CloudSign, "CloudSign", record("starting")),
        (CloudSign, "CloudSignResult", record("processing")),
        (CloudSign, "CloudSignConfirm", record("confirming")),
        (CloudSign, "CloudSignConfirmResult", record("processing")),
        (DssSign, "Authenticate", Left::Nothing),
        (DssSign, "DssSign", record("starting")),
        (DssSign, "DssSignResult", record("processing")),
        (DraftByPhone, "DraftCloudSign", record("starting")),
        (DraftByPhone, "DraftTask", record("processing")),
        (DraftBySms, "DraftCloudSign", record("starting")),
        (DraftBySms, "DraftCloudSignConfirm", record("confirming")),
        (DecryptByPhone, "DecryptContent", record("starting")),
        (DecryptByPhone, "DocumentTask", record("processing")),
        (DecryptBySms, "DecryptContent", record("starting")),
        (
            DecryptBySms,
            "ConfirmContentDecryption",
            record("confirming"),
        ),
    ] {
        for fault in slow(endpoint) {
            let said = format!("{kind:?}, {fault:?}");
            let stage = Stage::in_process(willing()).await;
            stage.inject(fault);
            let error = kind.run(&stage).await;
            let (took, told) = (stage.time.slept(), ErrorChain(&error).to_string());
            assert!(
                took <= DEADLINE.as_duration() + GRACE,
                "{took:?}: {said}: {told}"
            );
            match left {
                Left::Nothing => {
                    assert_eq!(error.effect(), Some(Effect::NotApplied), "{said}: {told}");
                    assert!(error.operation().is_none(), "{said}: {told}");
                    assert_eq!(stage.sandbox.counters().operations_started, 0, "{said}");
                    assert!(told.contains("the deadline came"), "{said}: {told}");
                }
                Left::Record(state) => {
                    let record = error.operation().expect(&said);
                    assert_eq!(record.state().name(), state, "{said}: {told}");
                    let is_told = ["no answer", "its answer was lost", "after 30 s"]
                        .iter()
                        .any(|words| told.contains(words));
                    assert!(is_told, "{said}: {told}");
                }
            }
            // Nothing was sent again and again meanwhile.
            assert!(
                stage.calls(endpoint) <= 2,
                "{said}: {}",
                stage.calls(endpoint)
            );
        }
    }
}

#[tokio::test]
async fn the_queue_for_a_permit() {
    let stage = Stage::in_process(WorldOptions::default()).await;
    let diadoc = stage.builder().in_flight(1).build();
    stage.inject(Fault::on("ShelfUploadV2").hang_before());
    let other = diadoc.clone();
    // An upload belongs to no operation, so nothing ends it; it has the only permit.
    let upload = tokio::spawn(async move {
        let file = File::bytes("large", "x");
        other.put_on_shelf(&file).await
    });
    while stage.sandbox.requests().len() < 2 {
        tokio::task::yield_now().await;
    }
    let signing = diadoc.cloud_sign([File::bytes("a", "a")]);
    let error = signing
        .run(&mut stage.person(), DEADLINE)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Deadline, "{error}");
    assert_eq!(error.effect(), Some(Effect::NotApplied));
    assert!(error.operation().is_none());
    assert!(
        error
            .to_string()
            .starts_with("CloudSign: the deadline came"),
        "{error}"
    );
    assert_eq!(stage.calls("CloudSign"), 0);
    assert_eq!(stage.time.slept(), DEADLINE.as_duration());
    upload.abort();
}

#[tokio::test]
async fn a_login_that_ended_in_the_middle() {
    for fault in slow("Authenticate") {
        let stage = Stage::in_process(WorldOptions::default()).await;
        stage.inject(Fault::on("CloudSignResult").call(1).revoke_tokens());
        let said = format!("{fault:?}");
        let journal = MemoryJournal::new();
        let signing = stage.diadoc().cloud_sign([File::bytes("a", "a")]);
        let mut run = signing.start(&journal).await.unwrap();
        stage.inject(fault);
        let error = run.wait(&mut stage.person(), DEADLINE).await.unwrap_err();
        assert!(
            stage.time.slept() <= DEADLINE.as_duration() + GRACE,
            "{said}: {error}"
        );
        assert_eq!(error.kind(), ErrorKind::Deadline, "{said}: {error}");
        assert_eq!(error.operation().unwrap().state().name(), "processing");
        assert_eq!(journal.open().await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn the_look_for_what_was_lost() {
    for endpoint in ["DraftTasks", "DraftDocumentSignature"] {
        for fault in slow(endpoint) {
            let said = format!("{fault:?}");
            let stage = Stage::in_process(willing()).await;
            stage.inject(Fault::on("DraftCloudSign").call(1).drop_before());
            let journal = MemoryJournal::new();
            let client = stage.extern_api();
            let signing = client
                .account(&stage.account())
                .sign_draft(&stage.phone_draft());
            let lost = signing.start(&journal).await.unwrap_err();
            let id = lost.operation().unwrap().id().clone();
            stage.inject(fault);
            let claim = journal.claim(&id).await.unwrap();
            let mut run = client.resume::<SignDraft>(claim).unwrap();
            let error = run.wait(&mut NoPrompt, DEADLINE).await.unwrap_err();
            let (took, told) = (stage.time.slept(), ErrorChain(&error).to_string());
            assert!(
                took <= DEADLINE.as_duration() + GRACE,
                "{took:?}: {said}: {told}"
            );
            assert_eq!(
                error.operation().unwrap().state().name(),
                "starting",
                "{said}"
            );
            assert!(
                told.contains(endpoint) || told.contains("no answer"),
                "{said}: {told}"
            );
            assert_eq!(stage.calls("DraftCloudSign"), 1, "{said}");
        }
    }
}

const MANY: usize = 500;

#[tokio::test]
async fn five_hundred_operations_whose_polls_never_answer() {
    let stage = Stage::in_process(WorldOptions::default()).await;
    let diadoc = stage.builder().in_flight(10).build();
    // One of them waits for its code before the service falls silent.
    let journal = MemoryJournal::new();
    let signing = diadoc.cloud_sign([File::bytes("first", "first")]);
    let mut first = signing.start(&journal).await.unwrap();
    stage.time.advance(Duration::from_secs(2));
    first.poll().await.unwrap();
    let code = stage.sandbox.last_code().unwrap();
    // Starts take their time, or the clock would not know that they are on their way.
    let latency = Duration::from_millis(10);
    stage.inject(Fault::on("CloudSign").delay(latency));
    stage.inject(Fault::on("CloudSignResult").hang_before());

    let began = podpis_core::wait::Time::elapsed(&stage.time);
    let waiting: Vec<_> = (0..MANY)
        .map(|number| {
            let signing = diadoc.cloud_sign([File::bytes(format!("{number}"), "a")]);
            tokio::spawn(async move {
                let waited = signing.run(&mut NoPrompt, Deadline::seconds(10)).await;
                waited.unwrap_err()
            })
        })
        .collect();
    while stage.calls("CloudSignResult") < 9 {
        tokio::task::yield_now().await;
    }
    first
        .confirm(podpis::secret::ConfirmationCode::new(code))
        .await
        .unwrap();
    let after_the_code = podpis_core::wait::Time::elapsed(&stage.time) - began;
    assert!(
        after_the_code <= Duration::from_secs(2),
        "{after_the_code:?}"
    );
    assert_eq!(stage.sandbox.counters().confirmations, 1);

    for one in waiting {
        let error = one.await.unwrap();
        assert_eq!(error.kind(), ErrorKind::Deadline, "{error}");
        assert_eq!(error.operation().unwrap().state().name(), "processing");
    }
    let took = podpis_core::wait::Time::elapsed(&stage.time) - began;
    assert!(took <= Duration::from_secs(16), "{took:?}");
    assert_eq!(stage.calls("CloudSign"), MANY + 1);
}

/// How long the service asks to wait: longer than there is time.
const TOO_LONG: u64 = 50;

#[tokio::test]
async fn the_pause_before_a_posting_is_sent_again() {
    let stage = Stage::in_process(WorldOptions::default()).await;
    let (message, entity) = unsigned(&stage);
    let busy = Fault::on("PostMessagePatch").status(429);
    stage.inject(busy.retry_after(TOO_LONG));
    let signature = DocumentSignature::builder(&entity, SignatureSource::Test);
    let patching = stage
        .diadoc()
        .in_box(&stage.in_box())
        .patch_message(&message)
        .signature(signature.approval().build().unwrap());
    let error = patching.run(&mut NoPrompt, DEADLINE).await.unwrap_err();
    let took = stage.time.slept();
    assert!(took <= DEADLINE.as_duration() + GRACE, "{took:?}: {error}");
    assert_eq!(error.effect(), Some(Effect::NotApplied), "{error}");
    assert!(error.operation().is_none(), "{error}");
}

#[tokio::test]
async fn the_pause_before_a_part_is_uploaded_again() {
    for fault in [
        Fault::on("ShelfUploadPart")
            .status(503)
            .retry_after(TOO_LONG),
        Fault::on("ShelfUploadPart").drop_before(),
    ] {
        let said = format!("{fault:?}");
        let stage = Stage::in_process(WorldOptions::default()).await;
        stage.inject(fault);
        let diadoc = stage.builder().build().with_part_size(1_000);
        let file = File::bytes("large", vec![b'x'; 3_000]).by_shelf();
        let signing = diadoc.cloud_sign([file]);
        let deadline = Deadline::seconds(4);
        let signed = signing.run(&mut NoPrompt, deadline).await;
        let (took, error) = (stage.time.slept(), signed.unwrap_err());
        assert!(
            took <= deadline.as_duration() + GRACE,
            "{took:?}: {said}: {error}"
        );
        assert_eq!(error.effect(), Some(Effect::NotApplied), "{said}: {error}");
        assert!(error.operation().is_none(), "{said}: {error}");
        assert_eq!(stage.calls("CloudSign"), 0, "{said}");
    }
}
