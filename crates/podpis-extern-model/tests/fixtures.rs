//! Every body that the sources print is read, and every request that they print is written.
//!
//! **Invariant:** a file in `tests/fixtures` without a check here is a failure, and so is a check without
//! its file.
#![expect(
    clippy::unwrap_used,
    reason = "the checks are tests, though they are called from one"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use podpis_extern_model::{
    AccountList, ApiError, ApiTask, Base64, CertificateList, CertificateRequest, CertificateType,
    CheckLevel, CheckResult, CompressionType, ConfirmType, Confirmation, ContentId,
    ContentReference, ContentRequest, CryptOperationStatus, DecryptInit, DecryptionResult,
    DocflowPage, DocflowStatus, Document, DocumentDescription, DocumentRequest, Draft,
    DraftDocument, DraftMeta, DraftStatus, FileErrorCode, FileOperationStatus, Link,
    OperationStatus, PfrReply, PfrSignConfirmed, PfrSignInit, PrepareStatus, ReadProblem,
    ReplyDocument, RequestId, SendRequest, SendResult, SignConfirmed, SignInit, SignatureRequest,
    SignerType, TaskId, TaskPage, TaskState, TaskType, UploadAnswer, read, read_bytes, read_code,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A file, and what is true of it.
type Check = (&'static str, fn(&[u8]));

const CHECKS: &[Check] = &[
    ("1.2-certificate-challenge", login),
    ("1.2-device-authorization", login),
    ("1.2-error", login),
    ("1.2-token", login),
    ("2.2-upload", upload),
    ("2.2-upload-part", upload),
    ("2.3-signature-request", signature_request),
    ("2.5-docflow-page", docflow_page),
    ("2.5-print-request", print_request),
    ("2.6-certificate-request", certificate_request),
    ("2.6-certificate-request-2021", certificate_request_2021),
    ("2.6-decrypted-bytes", decrypted_bytes),
    ("2.6-decrypted-content", decrypted_content),
    ("2.7-send-request", send_request),
    ("2.11-confirmation-code", confirmation_code),
    ("3.1-link", link),
    ("3.2-sign-init-dss", sign_init_dss),
    ("3.2-sign-init-signed-at-once", sign_init_signed_at_once),
    ("3.2-sign-init-sms", sign_init_sms),
    ("3.4-pfr-sign-confirmed", pfr_sign_confirmed),
    ("3.4-pfr-sign-init", pfr_sign_init),
    ("3.5-sign-confirmed", sign_confirmed),
    ("3.6-decrypt-init-dss", decrypt_init_dss),
    ("3.6-decrypt-init-sms", decrypt_init_sms),
    ("3.7-task-decrypted", task_decrypted),
    ("3.7-task-decrypted-2019", task_decrypted_2019),
    ("3.7-task-decrypted-nothing", task_decrypted_nothing),
    ("3.7-task-failed", task_failed),
    ("3.7-task-page", task_page),
    ("3.7-task-running", task_running),
    ("3.7-task-succeed", task_succeed),
    ("3.8-crypt-operation", crypt_operation),
    ("3.9-error-concurrent-task", error_concurrent_task),
    ("3.9-task-send-failure", task_send_failure),
    ("3.10-certificate-list", certificate_list),
    ("3.11-account-list", account_list),
    ("3.12-check", check),
    ("3.12-document-request", document_request),
    ("3.12-draft", draft),
    ("3.12-draft-document", draft_document),
    ("3.12-draft-meta", draft_meta),
    ("3.12-task-prepare", task_prepare),
    ("3.13-pfr-reply", pfr_reply),
    ("3.13-reply", reply),
    ("3.14-document", document),
    ("3.14-task-send", task_send),
];

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

#[test]
fn every_fixture_is_checked() {
    let files: BTreeSet<String> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter_map(|name| name.strip_suffix(".json").map(str::to_owned))
        .collect();
    let checks: BTreeSet<String> = CHECKS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(files, checks);
    let contents = fs::read_to_string(folder().join("README.md")).unwrap();
    for (name, check) in CHECKS {
        assert!(contents.contains(&format!("`{name}.json`")), "{name}");
        check(&fs::read(folder().join(format!("{name}.json"))).unwrap());
    }
}

#[track_caller]
fn get<T: DeserializeOwned>(body: &[u8]) -> T {
    match read(body) {
        Ok(value) => value,
        Err(error) => panic!("{error}"),
    }
}

/// What is written is what the source prints, and nothing more.
#[track_caller]
fn writes<T: Serialize>(request: &T, body: &[u8]) {
    let expected: Value = serde_json::from_slice(body).expect("a fixture is JSON");
    let written = serde_json::to_value(request).expect("a request can be written");
    assert_eq!(written, expected);
}

/// Login is read by `podpis-core`; that crate is not known here.
fn login(body: &[u8]) {
    assert!(get::<Value>(body).is_object());
}

fn upload(body: &[u8]) {
    let answer: UploadAnswer = get(body);
    let id = ContentId::new("1816fdca-e743-4eb9-8221-b26b0762e015");
    assert_eq!(answer.id, Some(id));
}

fn signature_request(body: &[u8]) {
    writes(&SignatureRequest::new([0x30, 0x82, 0x01]), body);
}

fn docflow_page(body: &[u8]) {
    let page: DocflowPage = get(body);
    assert_eq!(
        (page.skip, page.take, page.total_count),
        (Some(0), Some(100), Some(1))
    );
    let docflow = &page.items[0];
    assert_eq!(
        docflow.docflow_type.as_deref(),
        Some("urn:docflow:fns534-report")
    );
    assert_eq!(docflow.status, Some(DocflowStatus::Sent));
    assert!(docflow.send_date.unwrap().offset().is_some());
    assert!(docflow.last_change_date.unwrap().offset().is_none());
}

fn print_request(body: &[u8]) {
    let id = ContentId::new("1816fdca-e743-4eb9-8221-b26b0762e015");
    writes(&ContentRequest::new(id), body);
}

fn certificate_request(body: &[u8]) {
    writes(&CertificateRequest::new([0x30, 0x82, 0x09]), body);
}

fn certificate_request_2021(body: &[u8]) {
    writes(&CertificateRequest::as_content([0x30, 0x82, 0x09]), body);
}

const XML: &[u8] = br#"<?xml version="1.0"?>"#;

fn decrypted_bytes(body: &[u8]) {
    let json = Some("application/json; charset=utf-8");
    let result = DecryptionResult::read(json, body);
    assert_eq!(result, Ok(DecryptionResult::Bytes(XML.to_vec())));
    assert_eq!(read_bytes(json, body).unwrap(), XML);
}

fn decrypted_content(body: &[u8]) {
    let id = ContentId::new("9f6b57db-db9f-4e4c-8375-62a3504e663d");
    let result = DecryptionResult::read(Some("application/json"), body);
    assert_eq!(result, Ok(DecryptionResult::ContentId(id.clone())));
    assert_eq!(get::<ContentReference>(body).content_id, Some(id));
}

fn send_request(body: &[u8]) {
    writes(&SendRequest::new("8.8.8.8"), body);
}

fn confirmation_code(body: &[u8]) {
    assert_eq!(read_code(body).unwrap(), "1234");
}

fn link(body: &[u8]) {
    let link: Link = get(body);
    assert_eq!(link.rel, "document");
    assert!(
        link.href
            .starts_with("https://extern-api.testkontur.ru/v1/")
    );
    assert!(!link.templated);
}

fn sign_init_dss(body: &[u8]) {
    let init: SignInit = get(body);
    let task = TaskId::new("6f6b7b0e-2d38-4c0c-9a9e-6b2f6f6f7a11");
    assert_eq!(init.needs(), Confirmation::Phone(task));
    assert_eq!(init.confirm_type, Some(ConfirmType::MyDss));
    assert_eq!(init.documents_to_sign[0].rel, "document");
}

fn sign_init_sms(body: &[u8]) {
    let init: SignInit = get(body);
    let request = RequestId::new("9b0c3a1e-8f0e-4a6c-8d56-1d2b1c1f0e77");
    assert_eq!(init.needs(), Confirmation::Code(request));
    assert_eq!(init.confirm_type, Some(ConfirmType::Sms));
}

fn sign_init_signed_at_once(body: &[u8]) {
    let init: SignInit = get(body);
    assert_eq!(init.needs(), Confirmation::None);
    assert_eq!(init.confirm_type, Some(ConfirmType::None));
}

fn pfr_sign_init(body: &[u8]) {
    let init: PfrSignInit = get(body);
    let task = TaskId::new("0d6e5d0c-17b5-4c2c-9b43-0a0d7a1f2c10");
    assert_eq!(init.needs(), Confirmation::Phone(task));
    assert_eq!(init.links[0].rel, "self");
}

fn pfr_sign_confirmed(body: &[u8]) {
    assert_eq!(get::<PfrSignConfirmed>(body).links.len(), 1);
}

fn sign_confirmed(body: &[u8]) {
    let confirmed: SignConfirmed = get(body);
    assert_eq!(confirmed.signed_documents[0].rel, "signed");
    assert!(confirmed.links.is_empty());
}

fn decrypt_init_dss(body: &[u8]) {
    let init: DecryptInit = get(body);
    let task = TaskId::new("2f4d1c9e-6a55-4d55-8f1b-9b7c3a0d2e01");
    assert_eq!(init.needs(), Confirmation::Phone(task));
}

fn decrypt_init_sms(body: &[u8]) {
    let init: DecryptInit = get(body);
    assert_eq!(init.needs(), Confirmation::Code(RequestId::new("c1a2...")));
    assert_eq!(init.confirm_link.unwrap().rel, "decrypt-confirm");
}

fn task_running(body: &[u8]) {
    let task: ApiTask = get(body);
    assert_eq!(task.state, TaskState::Running);
    assert_eq!(task.task_type, Some(TaskType::InitDraftSign));
    assert_eq!(
        task.progress(),
        Some(OperationStatus::AwaitingForConfirmation)
    );
    assert!(!task.has_result());
}

fn task_succeed(body: &[u8]) {
    let task: ApiTask = get(body);
    assert_eq!(task.state, TaskState::Succeed);
    assert_eq!(task.progress(), Some(OperationStatus::Completed));
    let status = task.as_crypt_operation().unwrap();
    assert_eq!(status.status, Some(OperationStatus::Completed));
    assert!(status.file_statuses.is_empty());
}

fn task_failed(body: &[u8]) {
    let task: ApiTask = get(body);
    assert_eq!(task.state, TaskState::Failed);
    assert_eq!(task.progress(), Some(OperationStatus::CanceledByUser));
    let error = task.error.unwrap();
    assert_eq!(error.status(), Some(400));
    assert_eq!(error.trace(), Some("mm76a1xrzyhikjf1oxoy"));
}

fn task_decrypted(body: &[u8]) {
    let task: ApiTask = get(body);
    assert_eq!(task.task_type, Some(TaskType::InitDocumentDecryption));
    let id = ContentId::new("9f6b57db-db9f-4e4c-8375-62a3504e663d");
    assert_eq!(
        task.as_decryption(),
        Ok(DecryptionResult::ContentId(id.clone()))
    );
    assert_eq!(task.as_print().unwrap().content_id, Some(id));
}

fn task_decrypted_2019(body: &[u8]) {
    let task: ApiTask = get(body);
    let bytes = DecryptionResult::Bytes(XML.to_vec());
    assert_eq!(task.as_decryption(), Ok(bytes));
}

fn task_decrypted_nothing(body: &[u8]) {
    let task: ApiTask = get(body);
    assert_eq!(task.state, TaskState::Succeed);
    let error = task.as_decryption().unwrap_err();
    assert_eq!(error.problem(), ReadProblem::Missing);
    assert_eq!(error.to_string(), "field `task-result` is missing");
}

fn task_page(body: &[u8]) {
    let page: TaskPage = get(body);
    assert_eq!(page.total_count, Some(1));
    let item = &page.items[0];
    assert_eq!(item.state, Some(TaskState::Running));
    assert_eq!(item.task_type, Some(TaskType::InitDraftSign));
    assert_eq!(item.task_result_link.as_ref().unwrap().rel, "task");
    assert!(item.id.is_some());
}

fn crypt_operation(body: &[u8]) {
    let status: CryptOperationStatus = get(body);
    assert_eq!(status.status, Some(OperationStatus::Completed));
    let file = &status.file_statuses[0];
    assert_eq!(file.status, Some(FileOperationStatus::Completed));
    assert_eq!(file.error_code, Some(FileErrorCode::None));
    assert_eq!(file.error_id, None);
    assert_eq!(file.result_size, Some(3352));
    assert_eq!(file.result_md5.as_deref(), Some("1B2M2Y8AsgTpgAmY7PhCfg=="));
}

fn error_concurrent_task(body: &[u8]) {
    let error: ApiError = get(body);
    assert!(error.is(ApiError::CONCURRENT_API_TASK_ACTIVE));
    assert_eq!(error.status(), Some(409));
    assert_eq!(error.trace(), Some("[T-587660f5(-)]"));
    let task = error.concurrent_task().unwrap();
    assert_eq!(
        task.id,
        Some(TaskId::new("5b35fae5-e429-43c5-befe-6a4aa3cfceda"))
    );
    assert_eq!(task.task_type, Some(TaskType::InitDraftSign));
}

fn task_send_failure(body: &[u8]) {
    let task: ApiTask = get(body);
    let SendResult::Failed(failure) = task.as_send().unwrap() else {
        panic!("a failure is taken for a docflow");
    };
    assert_eq!(failure.status, Some(PrepareStatus::CheckProtocolHasErrors));
    assert_eq!(failure.status_code.as_ref().unwrap().number(), Some(400));
    assert_eq!(failure.trace(), Some("[T-587660f5(-)]"));
    let check = failure.check_result.unwrap();
    let (document, finding) = check.findings().next().unwrap();
    assert_eq!(document, Some("ea7cdf3e-6f80-4b94-be0d-e36f1ff84d8e"));
    assert_eq!(finding.level, Some(CheckLevel::Error));
}

fn certificate_list(body: &[u8]) {
    let list: CertificateList = get(body);
    let certificate = &list.certificates[0];
    assert_eq!(certificate.fio.as_deref(), Some("Иванов Иван Иванович"));
    assert_eq!(certificate.certificate_type, Some(CertificateType::Dss));
    assert_eq!(
        (certificate.is_valid, certificate.is_cloud),
        (Some(true), Some(false))
    );
    assert_eq!(
        certificate.expired_at.unwrap().to_string(),
        "2026-08-09T18:31:42"
    );
    assert!(certificate.der().is_err(), "the example is shortened");
}

fn account_list(body: &[u8]) {
    let list: AccountList = get(body);
    let account = &list.accounts[0];
    assert_eq!(account.inn.as_deref(), Some("6676130154"));
    assert_eq!(account.organization_name.as_deref(), Some("ООО Ромашка"));
    assert!(account.id.is_some());
}

fn check(body: &[u8]) {
    assert_eq!(get::<CheckResult>(body).findings().count(), 1);
}

fn document_request(body: &[u8]) {
    let description = DocumentDescription::new(
        "urn:document:fns534-report",
        "NO_PRIB_0087_...xml",
        "application/xml",
    );
    let id = ContentId::new("1816fdca-e743-4eb9-8221-b26b0762e015");
    writes(
        &DocumentRequest::new(id).with_description(description),
        body,
    );
}

fn draft(body: &[u8]) {
    let draft: Draft = get(body);
    assert_eq!(draft.status, Some(DraftStatus::ReadyToSend));
    assert_eq!(draft.documents.len(), 1);
    let sender = draft.meta.unwrap().sender.unwrap();
    assert_eq!(sender.is_representative, Some(true));
    assert_eq!(
        sender.certificate.unwrap().content,
        Some(Base64::encode([0x30, 0x82, 0x09]))
    );
}

fn draft_document(body: &[u8]) {
    let document: DraftDocument = get(body);
    assert!(document.is_signed());
    assert_eq!(document.contents[0].encrypted, Some(false));
    let signer = &document.signatures[0].signer_type;
    assert_eq!(signer, &Some(SignerType::OrganizationRepresentative));
    let properties = document.description.unwrap().properties;
    assert_eq!(properties["Encoding"].as_deref(), Some("windows-1251"));
    assert_eq!(properties["FormName"], None);
}

fn draft_meta(body: &[u8]) {
    let meta: DraftMeta = get(body);
    let recipient = meta.recipient.as_ref().unwrap();
    assert_eq!(recipient.ifns_code.as_deref(), Some("0087"));
    writes(&meta, body);
}

fn task_prepare(body: &[u8]) {
    let result = get::<ApiTask>(body).as_prepare().unwrap();
    assert_eq!(result.status, Some(PrepareStatus::Ok));
    assert_eq!(result.links[0].rel, "next");
    assert_eq!(result.check_result.unwrap().findings().count(), 0);
}

fn reply(body: &[u8]) {
    let reply: ReplyDocument = get(body);
    assert!(!reply.is_signed());
    assert!(reply.filename.unwrap().starts_with("IZ_IVNOSRCHIS"));
    assert!(reply.content.is_some() && reply.print_content.is_some());
    assert!(podpis_extern_model::find_link(&reply.links, "sign").is_some());
    assert!(reply.docflow_id.is_some() && reply.document_id.is_some());
}

fn pfr_reply(body: &[u8]) {
    let reply: PfrReply = get(body);
    assert!(!reply.is_signed());
    let document = &reply.documents[0];
    assert_eq!(document.reply_id, reply.id);
    assert_eq!(
        document.decrypted_content.as_ref().unwrap().rel,
        "decrypted-content"
    );
}

fn document(body: &[u8]) {
    let document: Document = get(body);
    assert!(!document.has_decrypted_content());
    let names: Vec<_> = document
        .reply_links()
        .map(|link| link.name.as_deref())
        .collect();
    assert_eq!(names, [Some("fns534-demand-acceptance-result-positive")]);
    let description = document.description.unwrap();
    let certificates = &description.encrypted_certificates;
    assert_eq!(certificates[0].serial_number.as_deref(), Some("01D9"));
    let content = &document.content.unwrap().docflow_document_contents[0];
    assert_eq!(content.compression_type, Some(CompressionType::Zip));
    assert_eq!(content.encrypted, Some(true));
}

fn task_send(body: &[u8]) {
    let task: ApiTask = get(body);
    let SendResult::Sent(docflow) = task.as_send().unwrap() else {
        panic!("a docflow is taken for a failure");
    };
    assert_eq!(docflow.status, Some(DocflowStatus::Sent));
    assert_eq!(
        docflow.send_date.unwrap().civil().subsec_nanosecond(),
        123_456_700
    );
}
