//! The rules that are kept by signing, preparing and posting, against the sandbox.

use std::time::Duration;

use podpis::diadoc::document_signature::{DocumentSignature, Rule, SignatureSource};
use podpis::diadoc::dss_sign::GosKey;
use podpis::diadoc::prepare::ToPrepare;
use podpis::diadoc::{EntityId, MessageId};
use podpis::diadoc_proto::dss::{DssFileSigningResult, DssOperationStatus, DssSignResult};
use podpis::diadoc_proto::invoicing::signers::ExtendedSigner;
use podpis::diadoc_proto::prost::Message as _;
use podpis::{
    Begin, Deadline, Error, ErrorKind, File, MemoryJournal, NoPrompt, OperationId, Signatures,
};
use podpis_sandbox::{Fault, SignatureFault, WorldOptions};

use super::dss_sign::{two, willing};
use crate::stage::Stage;

const FIVE_MINUTES: Deadline = Deadline::minutes(5);

async fn stage() -> Stage {
    Stage::in_process(willing(1).processing(Duration::ZERO)).await
}

async fn by_sms(stage: &Stage, files: Vec<File>) -> Result<Signatures, Error> {
    let signing = stage.diadoc().cloud_sign(files);
    signing.run(&mut stage.person(), FIVE_MINUTES).await
}

async fn by_dss(stage: &Stage, files: Vec<File>) -> Result<Signatures, Error> {
    let signing = stage.diadoc().in_box(&stage.in_box()).dss_sign(files);
    signing.run(&mut NoPrompt, FIVE_MINUTES).await
}

#[tokio::test]
async fn r_src_2_there_is_a_file_to_sign() {
    let stage = stage().await;
    for outcome in [by_sms(&stage, vec![]).await, by_dss(&stage, vec![]).await] {
        assert_eq!(outcome.unwrap_err().kind(), ErrorKind::InvalidInput);
    }
    assert!(stage.sandbox.requests().is_empty());
    by_sms(&stage, two().to_vec()).await.unwrap();
    by_dss(&stage, two().to_vec()).await.unwrap();
}

#[tokio::test]
async fn r_src_3_a_file_has_a_name() {
    let stage = stage().await;
    let error = by_sms(&stage, vec![File::bytes(" ", "text")])
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(stage.sandbox.requests().is_empty());
    by_sms(&stage, vec![File::bytes("a", "text")])
        .await
        .unwrap();
}

#[tokio::test]
async fn r_cld_1_as_many_signatures_as_files() {
    for fault in [SignatureFault::Double, SignatureFault::Missing] {
        let stage = stage().await;
        let fault = Fault::on("CloudSignConfirmResult").signatures(fault);
        stage.inject(fault);
        let outcome = by_sms(&stage, two().to_vec()).await;
        assert_eq!(outcome.unwrap_err().kind(), ErrorKind::Signature);
    }
    let signatures = by_sms(&stage().await, two().to_vec()).await.unwrap();
    assert_eq!(signatures.all().unwrap().len(), 2);
}

#[tokio::test]
async fn r_dss_1_a_certificate_or_gos_key() {
    let stage = stage().await;
    let (diadoc, in_box) = (stage.diadoc(), stage.in_box());
    let certificate = stage.diadoc_certificate("dss");
    let signing = diadoc
        .in_box(&in_box)
        .dss_sign(two())
        .certificate(certificate);
    signing.run(&mut NoPrompt, FIVE_MINUTES).await.unwrap();
    assert_eq!((stage.calls("DssSign"), stage.calls("DssSignV2")), (1, 0));
    // Both cannot be asked for: the later one counts, and its request has nothing of the other.
    let signing = diadoc
        .in_box(&in_box)
        .dss_sign(two())
        .gos_key(GosKey::new("112-233-445 95"));
    let signing = signing.certificate(certificate);
    signing.run(&mut NoPrompt, FIVE_MINUTES).await.unwrap();
    assert_eq!((stage.calls("DssSign"), stage.calls("DssSignV2")), (2, 0));
    let signing = diadoc
        .in_box(&in_box)
        .dss_sign(two())
        .certificate(certificate);
    let signing = signing.gos_key(GosKey::new("112-233-445 95"));
    let _ = signing.run(&mut NoPrompt, FIVE_MINUTES).await;
    assert_eq!((stage.calls("DssSign"), stage.calls("DssSignV2")), (2, 1));
}

/// What DssSign gives when its result has this status and these results.
async fn dss_gives(
    status: DssOperationStatus,
    results: Vec<DssFileSigningResult>,
) -> Result<Signatures, Error> {
    let stage = stage().await;
    let body = DssSignResult::new()
        .with_operation_status(status)
        .with_file_signing_results(results)
        .encode_to_vec();
    let answer = Fault::on("DssSignResult").status(200);
    stage.inject(answer.body("application/octet-stream", body));
    by_dss(&stage, two().to_vec()).await
}

#[tokio::test]
async fn r_dss_2_only_what_is_completed_gives_signatures() {
    for status in [
        DssOperationStatus::IN_PROGRESS,
        DssOperationStatus::UNKNOWN,
        DssOperationStatus::CANCELED_BY_USER,
        DssOperationStatus::CRASHED,
    ] {
        let results = vec![DssFileSigningResult::new().with_signature(&b"\x30\x00"[..]); 2];
        dss_gives(status, results).await.unwrap_err();
    }
    by_dss(&stage().await, two().to_vec()).await.unwrap();
}

#[tokio::test]
async fn r_dss_3_a_result_per_file() {
    let completed = DssOperationStatus::COMPLETED;
    for count in [0, 1, 3] {
        let results = vec![DssFileSigningResult::new(); count];
        let signed = dss_gives(completed, results).await;
        let all = signed.map(|signed| signed.all().map(|all| all.len()).ok());
        assert!(!matches!(all, Ok(Some(_))), "{count}: {all:?}");
    }
    let signed = by_dss(&stage().await, two().to_vec()).await.unwrap();
    assert_eq!(signed.all().unwrap().len(), 2);
}

#[tokio::test]
async fn r_prp_1_a_document_is_prepared_for_one_signer() {
    let stage = Stage::in_process(WorldOptions::default()).await;
    let unsent = stage.sandbox.world_info().diadoc.messages.unsent;
    let one = ToPrepare::unsent(
        &MessageId::new(unsent.message),
        &EntityId::new(unsent.entity),
    )
    .extended_signer(ExtendedSigner::new());
    let two = one.clone().extended_signer(ExtendedSigner::new());
    let (diadoc, in_box) = (stage.diadoc(), stage.in_box());
    let error = diadoc
        .in_box(&in_box)
        .prepare_documents([two])
        .send()
        .await
        .unwrap_err();
    assert!(error.to_string().starts_with(Rule::Prp1.id()), "{error}");
    assert_eq!(stage.calls("PrepareDocumentsToSign"), 0);
    let prepared = diadoc
        .in_box(&in_box)
        .prepare_documents([one])
        .send()
        .await
        .unwrap();
    assert_eq!(prepared.prepared().count(), 1);
}

#[tokio::test]
async fn r_ops_1_an_operation_id_is_used_again_only_with_the_same_body() {
    let stage = Stage::in_process(WorldOptions::default()).await;
    let unsigned = stage.sandbox.world_info().diadoc.unsigned_document;
    let (message, document) = (
        MessageId::new(unsigned.message),
        EntityId::new(unsigned.entity),
    );
    let (diadoc, in_box, journal) = (stage.diadoc(), stage.in_box(), MemoryJournal::new());
    let id = OperationId::random();
    let post = |is_approval: bool| {
        let builder = DocumentSignature::builder(&document, SignatureSource::Test);
        let builder = if is_approval {
            builder.approval()
        } else {
            builder
        };
        let patch = diadoc
            .in_box(&in_box)
            .patch_message(&message)
            .id(id.clone());
        patch.signature(builder.build().unwrap()).start(&journal)
    };
    let lost = Fault::on("PostMessagePatch").call(1).drop_after();
    stage.inject(lost);
    let mut run = post(false).await.unwrap();
    let before = stage.calls("PostMessagePatch");
    let error = post(true).await.unwrap_err();
    assert!(error.to_string().starts_with(Rule::Ops1.id()), "{error}");
    assert_eq!(stage.calls("PostMessagePatch"), before);
    // The same again is what the id is for.
    run.wait(&mut NoPrompt, FIVE_MINUTES).await.unwrap();
    let message = diadoc
        .in_box(&in_box)
        .message(&message)
        .read()
        .await
        .unwrap();
    assert_eq!(message.signatures_of(&document).len(), 1);
}
