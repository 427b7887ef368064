//! The worlds that records come from.
//!
//! **Invariant:** a world behaves for a record as it behaved when the record was written, faults included.

use std::time::Duration;

use podpis::diadoc_proto::prost::Message as _;
use podpis::diadoc_proto::{CloudSignConfirmResult, ContentV2};
use podpis_sandbox::{
    ConfirmErrors, DataToSign, DiadocOptions, DraftVerdict, ExternOptions, Fault, LastBatchKey,
    MessageOptions, PhoneMode, SignatureFault, UnusableCertificate, WorldOptions,
};

use crate::stage::Stage;

/// A stage in the world of this name.
pub(super) async fn stage(world: &str) -> Stage {
    let (options, faults) = world_of(world);
    let stage = Stage::in_process(options).await;
    for fault in faults {
        stage.inject(fault);
    }
    stage
}

/// What the service took when the records were written.
fn lenient(options: DiadocOptions) -> DiadocOptions {
    options
        .bare_shelf_names(true)
        .dss_receipts(true)
        .locked_packets_in_part(true)
}

fn of_demands(options: ExternOptions) -> ExternOptions {
    options.receipts_of_demand_inventories(true)
}

fn phone(mode: PhoneMode, seconds: u64) -> WorldOptions {
    WorldOptions::default()
        .phone(mode, Duration::from_secs(seconds))
        .diadoc_options(lenient(DiadocOptions::default()))
        .extern_options(of_demands(ExternOptions::default()))
}

fn willing(seconds: u64) -> WorldOptions {
    phone(PhoneMode::Confirm, seconds)
}

fn diadoc(options: DiadocOptions) -> WorldOptions {
    willing(0).diadoc_options(lenient(options).receipts_signed_again(true))
}

fn external(options: ExternOptions) -> WorldOptions {
    willing(0).extern_options(of_demands(options))
}

fn verdict(verdict: DraftVerdict) -> WorldOptions {
    external(ExternOptions::default().draft_verdict(verdict))
}

fn world_of(name: &str) -> (WorldOptions, Vec<Fault>) {
    let (name, fault) = name.split_once('+').unwrap_or((name, ""));
    let options = match name {
        "plain" => willing(0),
        "slow person" => willing(20),
        "nobody" => phone(PhoneMode::Silent, 0),
        "declining" => phone(PhoneMode::Decline, 0),
        "patient" => willing(0).code_attempts(10),
        "codes judged by the result" => willing(0).confirm_errors(ConfirmErrors::OnResult),
        "start over once" => diadoc(DiadocOptions::default().retries_required(1)),
        "many receipts" => diadoc(DiadocOptions::default().receipts(250)),
        "repeating key" => diadoc(
            DiadocOptions::default()
                .receipts(150)
                .last_batch_key(LastBatchKey::Repeating),
        ),
        "slow posts" => {
            willing(0).message_options(MessageOptions::default().post_takes(Duration::from_secs(5)))
        }
        "silent certificates" => {
            external(ExternOptions::default().unusable_certificate(UnusableCertificate::Silent))
        }
        "derived data" => external(ExternOptions::default().data_to_sign(DataToSign::Derived)),
        "tasks elsewhere" => external(ExternOptions::default().reply_tasks_under_document(true)),
        "refusals in tasks" => external(ExternOptions::default().refusals_in_tasks(true)),
        "no encryption" => verdict(DraftVerdict::EncryptionFailed),
        "failing tasks" => verdict(DraftVerdict::TasksFail),
        "warnings" => verdict(DraftVerdict::CheckWarnings),
        other => panic!("there is no world `{other}`"),
    };
    (options, faults(fault))
}

/// `lost ENDPOINT`: the first request to it is handled and its answer lost. `gone ENDPOINT`: the first request never
/// arrives.
fn faults(name: &str) -> Vec<Fault> {
    if let Some(endpoint) = name.strip_prefix("lost ") {
        return vec![Fault::on(endpoint).call(1).drop_after()];
    }
    if let Some(endpoint) = name.strip_prefix("gone ") {
        return vec![Fault::on(endpoint).call(1).drop_before()];
    }
    match name {
        "" => Vec::new(),
        "no signatures" => {
            let body = CloudSignConfirmResult::new()
                .with_signatures([ContentV2::new(), ContentV2::new()])
                .encode_to_vec();
            let fault = Fault::on("CloudSignConfirmResult").status(200);
            vec![fault.body("application/octet-stream", body)]
        }
        "first file fails" => vec![Fault::on("DssSign").file_unsigned(0, 2)],
        "crash" => vec![Fault::on("DssSign").operation_status(5)],
        "another operation" => vec![Fault::on("DssSign").operation_status(6)],
        "forged" => vec![Fault::on("DssSignResult").signatures(SignatureFault::Forge)],
        "unpaid third batch" => vec![Fault::on("AutoSignReceipts").call(3).status(402)],
        "patches lost thrice" => (1..=3)
            .map(|call| Fault::on("PostMessagePatch").call(call).drop_after())
            .collect(),
        "patches gone, then refused" => {
            let on = |call| Fault::on("PostMessagePatch").call(call);
            let mut faults: Vec<Fault> = (1..=3).map(|call| on(call).drop_before()).collect();
            faults.extend((4..=9).map(|call| on(call).status(400).body("text/plain", "No.")));
            faults
        }
        "patches refused" => {
            let fault = Fault::on("PostMessagePatch").status(400);
            vec![fault.body("text/plain", "More than three.")]
        }
        "forged in the draft" => {
            vec![Fault::on("DraftDocumentSignature").signatures(SignatureFault::Forge)]
        }
        "sending refused" => vec![
            Fault::on("ReplySend").call(1).drop_before(),
            Fault::on("ReplySend").status(400),
        ],
        other => panic!("there is no fault `{other}`"),
    }
}
