//! Promise: no password, token, client id, code or document byte is in a log, a text, or a record.
//!
//! Every flow runs over real HTTP with all crates at TRACE, through `tracing` and through `log`; then everything
//! that a program could print or store is searched for what was planted.

use std::fmt::Write as _;
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use podpis::diadoc::attach::SignBy;
use podpis::diadoc::cloud_sign::ResultForm;
use podpis::diadoc::document_signature::{PowerOfAttorney, SignatureSource, SignedContent, When};
use podpis::diadoc::dss_sign::GosKey;
use podpis::diadoc::posting::OutgoingDocument;
use podpis::secret::{ApiClientId, ConfirmationCode, Password, Token};
use podpis::transport::{HttpRequest, HttpResponse, Transport, TransportError};
use podpis::{
    Deadline, DiadocLogin, Error, Extern, ExternLogin, File, Journal, MemoryJournal, NoPrompt,
    Report, SharedTransport,
};
use podpis_sandbox::{Fault, PhoneMode, SignatureFault, WorldOptions};

use crate::flows::attach::{named, unsigned};
use crate::stage::{Skin, Stage};
use crate::stage_extern::place;

const DOCUMENT: &str = "planted-document-bytes-5d1f";
/// Words of the documents that lie in the sandbox.
const UNSIGNED: &str = "который никто ещё не подписал";
const UNSENT: &str = "Передано по счёту-фактуре";
const WRONG_PASSWORD: &str = "planted-password-77aa";

/// Everything that was printed.
#[derive(Clone, Debug, Default)]
struct Printed(Arc<Mutex<Vec<u8>>>);

impl io::Write for Printed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Notes the secrets that travel: they are what must not be found.
#[derive(Debug)]
struct Spy {
    wire: SharedTransport,
    secrets: Arc<Mutex<Vec<String>>>,
}

#[async_trait::async_trait]
impl Transport for Spy {
    async fn execute(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let mut secrets = self.secrets.lock().unwrap().clone();
        if let Some(header) = request.headers().get("authorization") {
            let header = header.to_str().unwrap();
            secrets.extend(
                header
                    .split([',', ' ', '='])
                    .filter(|part| part.len() >= 12 && !part.starts_with("ddauth"))
                    .map(str::to_owned),
            );
        }
        for (name, value) in query(&request) {
            if name == "confirmationCode" || name == "code" {
                secrets.push(format!("{name}={value}"));
                secrets.push(value);
            }
        }
        *self.secrets.lock().unwrap() = secrets;
        self.wire.execute(request).await
    }
}

fn query(request: &HttpRequest) -> Vec<(String, String)> {
    let pairs = request.uri().query().unwrap_or_default().split('&');
    pairs
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

fn show_error(shown: &mut String, error: &Error) {
    writeln!(shown, "{error} {error:?} {error:#?} {}", Report(error)).unwrap();
    if let Some(operation) = error.operation() {
        writeln!(
            shown,
            "{operation:?} {}",
            String::from_utf8(operation.to_json().unwrap()).unwrap()
        )
        .unwrap();
    }
}

#[tokio::test]
async fn anywhere() {
    let printed = Printed::default();
    let writer = printed.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_writer(move || writer.clone())
        .with_ansi(false)
        .finish();
    // Both logs of this thread: the runtime, the client and the server all run on it.
    tracing_log::LogTracer::init().unwrap();
    let _guard = tracing_subscriber::util::SubscriberInitExt::set_default(subscriber);
    let secrets = Arc::new(Mutex::new(vec![
        DOCUMENT.to_owned(),
        WRONG_PASSWORD.to_owned(),
    ]));
    let mut shown = String::new();

    let faults = [
        None,
        Some(Fault::on("CloudSign").drop_after()),
        Some(Fault::on("CloudSign").status(500)),
        Some(Fault::on("CloudSignResult").status(404)),
        Some(Fault::on("CloudSignConfirm").drop_after()),
        Some(
            Fault::on("CloudSignConfirm")
                .status(409)
                .body("text/plain", "conflict"),
        ),
        Some(
            Fault::on("CloudSignConfirm")
                .status(200)
                .body("text/html", "<html>"),
        ),
        Some(Fault::on("CloudSignConfirmResult").truncate(2)),
        Some(Fault::on("CloudSignConfirmResult").signatures(SignatureFault::Forge)),
        Some(Fault::on("ShelfUploadPart").status(500)),
        Some(Fault::on("Authenticate").status(500)),
    ];
    for fault in faults {
        let stage = Stage::set(Skin::Http, WorldOptions::default().code_length(12)).await;
        let seeded = stage.sandbox.world_info().diadoc;
        secrets.lock().unwrap().extend([
            seeded.password.clone(),
            seeded.api_client_id.clone(),
            seeded.sid.clone(),
            seeded.token.clone(),
        ]);
        if let Some(fault) = fault {
            stage.sandbox.inject(fault);
        }
        let client = || ApiClientId::new(seeded.api_client_id.as_str());
        for login in [
            stage.login(),
            DiadocLogin::sid(client(), Token::new(seeded.sid.as_str())),
            DiadocLogin::bearer(&Token::new(seeded.token.as_str())),
            DiadocLogin::password(
                client(),
                seeded.login.as_str(),
                Password::new(WRONG_PASSWORD),
            ),
        ] {
            let spy = Spy {
                wire: stage.transport(),
                secrets: secrets.clone(),
            };
            let builder = stage.builder_over_as(login.clone(), spy).part_size(10);
            write!(shown, "{login:?} {builder:?}").unwrap();
            let diadoc = builder.build();
            let journal = MemoryJournal::new();
            let files = [
                File::bytes("a.txt", DOCUMENT),
                File::bytes("b.txt", DOCUMENT.repeat(2)).by_shelf(),
            ];
            let signing = diadoc.cloud_sign(files).form(ResultForm::Reference);
            write!(shown, "{diadoc:?} {signing:?}").unwrap();
            let mut run = match signing.start(&journal).await {
                Ok(run) => run,
                Err(error) => {
                    show_error(&mut shown, &error);
                    continue;
                }
            };
            match run
                .wait(&mut stage.person().who_mistypes(1), Deadline::minutes(5))
                .await
            {
                Ok(signatures) => write!(shown, "{signatures:?}").unwrap(),
                Err(error) => show_error(&mut shown, &error),
            }
            write!(shown, "{run:?}").unwrap();
            for record in journal.open().await.unwrap() {
                shown.push_str(&String::from_utf8(record.to_json().unwrap()).unwrap());
            }
        }
    }
    write!(shown, "{:?}", ConfirmationCode::new(DOCUMENT)).unwrap();
    newer_flows(&secrets, &mut shown).await;
    Box::pin(attaching_flows(&secrets, &mut shown)).await;
    extern_flows(&secrets, &mut shown).await;

    let logs = String::from_utf8_lossy(&printed.0.lock().unwrap()).into_owned();
    assert!(
        logs.contains("CloudSignConfirmResult") && logs.contains("TRACE"),
        "the logs were captured"
    );
    let secrets = secrets.lock().unwrap();
    assert!(
        secrets
            .iter()
            .any(|secret| secret.starts_with("confirmationCode=")),
        "the code was seen travelling"
    );
    for secret in secrets.iter().filter(|secret| secret.len() >= 6) {
        for (place, text) in [("the logs", &logs), ("texts and records", &shown)] {
            if let Some(at) = text.find(secret.as_str()) {
                let around: String = text[..at]
                    .chars()
                    .rev()
                    .take(120)
                    .collect::<Vec<_>>()
                    .into_iter()
                    .rev()
                    .collect();
                panic!("`{secret}` is in {place}, after: {around}");
            }
        }
    }
}

/// Signs by DssSign and GosKey, signs receipts and looks around in Diadoc, with and without faults.
async fn newer_flows(secrets: &Arc<Mutex<Vec<String>>>, shown: &mut String) {
    let faults = [
        None,
        Some(Fault::on("DssSign").drop_after()),
        Some(Fault::on("DssSign").status(404)),
        Some(Fault::on("DssSign").operation_status(7)),
        Some(Fault::on("DssSign").file_unsigned(0, 2)),
        Some(Fault::on("DssSignV2").status(500)),
        Some(Fault::on("DssSignResult").truncate(2)),
        Some(Fault::on("DssSignResult").signatures(SignatureFault::Forge)),
        Some(Fault::on("AutoSignReceipts").status(410)),
        Some(Fault::on("AutosignReceiptsResult").truncate(1)),
        Some(Fault::on("GetMyCertificates").truncate(9)),
        Some(Fault::on("GetMyOrganizations").status(403)),
    ];
    for fault in faults {
        let options = WorldOptions::default().phone(PhoneMode::Confirm, Duration::ZERO);
        let stage = Stage::set(Skin::Http, options).await;
        let seeded = stage.sandbox.world_info().diadoc;
        let snils = seeded.users[0].snils.as_str();
        secrets.lock().unwrap().extend([
            seeded.password.clone(),
            seeded.api_client_id.clone(),
            seeded.token.clone(),
            snils.to_owned(),
        ]);
        if let Some(fault) = fault {
            stage.sandbox.inject(fault);
        }
        for login in [
            stage.login(),
            DiadocLogin::bearer(&Token::new(seeded.token.as_str())),
        ] {
            let spy = Spy {
                wire: stage.transport(),
                secrets: secrets.clone(),
            };
            let diadoc = stage.builder_over_as(login, spy).part_size(10).build();
            let journal = MemoryJournal::new();
            let files = || {
                [
                    File::bytes("a.txt", DOCUMENT),
                    File::bytes("b.txt", DOCUMENT.repeat(2)).by_shelf(),
                ]
            };
            let deadline = Deadline::minutes(20);
            for signing in [
                diadoc
                    .dss_sign(&stage.in_box(), files())
                    .start_over_when_asked(),
                diadoc
                    .dss_sign(&stage.in_box(), files())
                    .gos_key(GosKey::new(snils)),
            ] {
                write!(shown, "{signing:?}").unwrap();
                match signing.run_in(&journal, deadline).await {
                    Ok(run) => write!(shown, "{run:?} {:?}", run.output()).unwrap(),
                    Err(error) => show_error(shown, &error),
                }
            }
            let signing = diadoc.auto_sign_receipts(&stage.in_box());
            write!(shown, "{signing:?}").unwrap();
            match signing.start(&journal).await {
                Ok(mut run) => {
                    if let Err(error) = run.wait(&mut NoPrompt, deadline).await {
                        show_error(shown, &error);
                    }
                    write!(shown, "{run:?} {:?}", run.output()).unwrap();
                }
                Err(error) => show_error(shown, &error),
            }
            match diadoc.certificates(&stage.in_box()).await {
                Ok(certificates) => write!(shown, "{certificates:?}").unwrap(),
                Err(error) => show_error(shown, &error),
            }
            match diadoc.organizations().await {
                Ok(organizations) => write!(shown, "{organizations:?}").unwrap(),
                Err(error) => show_error(shown, &error),
            }
            for record in journal.open().await.unwrap() {
                shown.push_str(&String::from_utf8(record.to_json().unwrap()).unwrap());
            }
        }
    }
}

/// Signs documents of messages and attaches the signatures, and posts new documents, with and without faults.
async fn attaching_flows(secrets: &Arc<Mutex<Vec<String>>>, shown: &mut String) {
    let faults = [
        None,
        Some(Fault::on("GetMessage").truncate(7)),
        Some(Fault::on("GetEntityContent").status(404)),
        Some(Fault::on("PrepareDocumentsToSign").truncate(9)),
        Some(Fault::on("PostMessagePatch").status(409)),
        Some(Fault::on("PostMessagePatch").call(1).drop_after()),
        Some(Fault::on("PostMessagePatch").truncate(3)),
        Some(Fault::on("PostMessage").status(400)),
        Some(Fault::on("DssSignResult").signatures(SignatureFault::Forge)),
    ];
    for fault in faults {
        let options = WorldOptions::default()
            .code_length(12)
            .phone(PhoneMode::Confirm, Duration::ZERO);
        let stage = Stage::set(Skin::Http, options).await;
        let seeded = stage.sandbox.world_info().diadoc;
        let (message, entity) = unsigned(&stage);
        secrets.lock().unwrap().extend([
            seeded.password.clone(),
            seeded.token.clone(),
            UNSIGNED.to_owned(),
            UNSENT.to_owned(),
        ]);
        if let Some(fault) = fault {
            stage.sandbox.inject(fault);
        }
        let spy = Spy {
            wire: stage.transport(),
            secrets: secrets.clone(),
        };
        let diadoc = stage.builder_over(spy).build();
        let journal = MemoryJournal::new();
        let unsent = named(&seeded.messages.unsent);
        let by_sms = SignBy::Sms { certificate: None };
        for attaching in [
            diadoc.sign_and_attach(&stage.in_box(), &message, &entity),
            diadoc.sign_and_attach(&stage.in_box(), &unsent.0, &unsent.1),
            diadoc
                .sign_and_attach(&stage.in_box(), &message, &entity)
                .approval()
                .method(by_sms)
                .power_of_attorney(PowerOfAttorney::by_default()),
        ] {
            write!(shown, "{attaching:?}").unwrap();
            match attaching.start(&journal).await {
                Ok(mut run) => {
                    let waited = run.wait(&mut stage.person(), Deadline::minutes(5)).await;
                    if let Err(error) = waited {
                        show_error(shown, &error);
                    }
                    write!(shown, "{run:?} {:?}", run.output()).unwrap();
                }
                Err(error) => show_error(shown, &error),
            }
        }
        let content = DOCUMENT.as_bytes().to_vec();
        let content = SignedContent::builder(content, When::Now, SignatureSource::Test);
        let document = OutgoingDocument::file("a.txt", content.build().unwrap());
        let to_box = seeded.other_box.parse().unwrap();
        let posting = diadoc.post_message(&stage.in_box()).to(&to_box);
        let posting = posting.document(document);
        write!(shown, "{posting:?}").unwrap();
        match posting.start(&journal).await {
            Ok(run) => write!(shown, "{run:?} {:?}", run.output()).unwrap(),
            Err(error) => show_error(shown, &error),
        }
        for record in journal.open().await.unwrap() {
            let text = String::from_utf8(record.to_json().unwrap()).unwrap();
            // What is posted is in the record in Base64: signatures, with the certificates in them, and no document.
            for bytes in text
                .split('"')
                .filter_map(|part| STANDARD.decode(part).ok())
            {
                let posted = String::from_utf8_lossy(&bytes);
                for document in [DOCUMENT, UNSIGNED, UNSENT] {
                    assert!(!posted.contains(document), "{document} is in a record");
                }
            }
            shown.push_str(&text);
        }
    }
}

/// Signs and decrypts in Extern, with and without faults.
async fn extern_flows(secrets: &Arc<Mutex<Vec<String>>>, shown: &mut String) {
    let faults = [
        None,
        Some(Fault::on("DraftCloudSign").drop_after()),
        Some(Fault::on("DraftCloudSignConfirm").status(500)),
        Some(
            Fault::on("DraftTask")
                .status(200)
                .body("text/html", "<html>"),
        ),
        Some(Fault::on("DraftDocumentSignature").truncate(7)),
        Some(Fault::on("DecryptContent").status(400)),
        Some(Fault::on("ConfirmContentDecryption").drop_after()),
        Some(Fault::on("Content").status(500)),
    ];
    for fault in faults {
        let options = WorldOptions::default()
            .code_length(12)
            .phone(PhoneMode::Confirm, Duration::ZERO);
        let stage = Stage::set(Skin::Http, options).await;
        let seeded = stage.extern_info();
        secrets.lock().unwrap().extend([
            seeded.token.clone(),
            seeded.sid.clone(),
            seeded.api_key.clone(),
            seeded.password.clone(),
        ]);
        if let Some(fault) = fault {
            stage.sandbox.inject(fault);
        }
        let key = ApiClientId::new(seeded.api_key.as_str());
        for login in [
            ExternLogin::bearer(&Token::new(seeded.token.as_str())),
            ExternLogin::sid(&Token::new(seeded.sid.as_str()), &key),
        ] {
            let spy = Spy {
                wire: stage.transport(),
                secrets: secrets.clone(),
            };
            let builder = Extern::builder(stage.base().parse().unwrap(), login.clone(), spy)
                .time(stage.time.clone());
            write!(shown, "{login:?} {builder:?}").unwrap();
            let client = builder.build();
            let journal = MemoryJournal::new();
            for draft in [stage.phone_draft(), stage.sms_draft()] {
                let signing = client.sign_draft(&stage.account(), &draft);
                write!(shown, "{client:?} {signing:?}").unwrap();
                match signing.start(&journal).await {
                    Err(error) => show_error(shown, &error),
                    Ok(mut run) => match run
                        .wait(&mut stage.person().who_mistypes(1), Deadline::minutes(5))
                        .await
                    {
                        Ok(signatures) => write!(shown, "{signatures:?} {run:?}").unwrap(),
                        Err(error) => show_error(shown, &error),
                    },
                }
            }
            let document = &seeded.encrypted.sms;
            let certificate = stage.certificate_der(&document.certificate);
            let decrypting = client.decrypt(&stage.account(), &place(&document.place), certificate);
            write!(shown, "{decrypting:?}").unwrap();
            match decrypting.start(&journal).await {
                Err(error) => show_error(shown, &error),
                Ok(mut run) => match run.wait(&mut stage.person(), Deadline::minutes(5)).await {
                    Ok(decrypted) => {
                        write!(shown, "{decrypted:?} {run:?}").unwrap();
                        match decrypted.bytes().await {
                            // A run of the plain document that is nowhere else.
                            Ok(bytes) => secrets
                                .lock()
                                .unwrap()
                                .push(String::from_utf8_lossy(&bytes[60..120]).into_owned()),
                            Err(error) => show_error(shown, &error),
                        }
                    }
                    Err(error) => show_error(shown, &error),
                },
            }
            for record in journal.open().await.unwrap() {
                shown.push_str(&String::from_utf8(record.to_json().unwrap()).unwrap());
            }
        }
    }
}
