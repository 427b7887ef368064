//! Promise: no password, token, client id, code or document byte is in a log, a text, or a record.
//!
//! Every flow runs over real HTTP with all crates at TRACE, through `tracing` and through `log`; then everything
//! that a program could print or store is searched for what was planted.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use podpis::diadoc::ResultForm;
use podpis::extern_api::model::Recipient;
use podpis::extern_api::{ReportDocument, Source, TestStandPhone, UploadState};
use podpis::secret::{ApiClientId, ConfirmationCode, Password, Token};
use podpis::transport::{HttpRequest, HttpResponse, Transport, TransportError};
use podpis::{
    Deadline, DiadocLogin, Error, Extern, ExternLogin, File, Journal, MemoryJournal, Report,
    SharedTransport,
};
use podpis_sandbox::{Fault, PhoneMode, SignatureFault, WorldOptions};

use crate::stage::{Skin, Stage};
use crate::stage_extern::place;

const DOCUMENT: &str = "planted-document-bytes-5d1f";
const DOCUMENT_IN_BASE64: &str = "cGxhbnRlZC1kb2N1bWVudC1ieXRlcy01ZDFm";
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
        DOCUMENT_IN_BASE64.to_owned(),
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
    extern_flows(&secrets, &mut shown).await;
    steps_of_reports_and_answers(&secrets, &mut shown).await;

    let logs = String::from_utf8_lossy(&printed.0.lock().unwrap()).into_owned();
    assert!(
        logs.contains("CloudSignConfirmResult") && logs.contains("TRACE"),
        "the logs were captured"
    );
    let secrets: BTreeSet<String> = secrets.lock().unwrap().drain(..).collect();
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
            Box::pin(report_and_answer(&stage, &client, &journal, shown)).await;
            for record in journal.open().await.unwrap() {
                shown.push_str(&String::from_utf8(record.to_json().unwrap()).unwrap());
            }
        }
    }
}

/// Sends a report of planted bytes, and answers a demand.
async fn report_and_answer(
    stage: &Stage,
    client: &Extern,
    journal: &MemoryJournal,
    shown: &mut String,
) {
    let account = stage.account();
    let source = Source::bytes("a.xml", format!("<x>{DOCUMENT}</x>"));
    let document = ReportDocument::new("urn:document:fns534-report", source);
    let meta = stage.meta("sms", Recipient::ifns("0087"));
    let sending = client.send_report(&account, meta, [document]);
    write!(shown, "{sending:?}").unwrap();
    let mut person = stage.person().who_mistypes(1);
    match sending.start(journal).await {
        Err(error) => show_error(shown, &error),
        Ok(mut run) => match run.wait(&mut person, Deadline::minutes(5)).await {
            Ok(sent) => write!(shown, "{sent:?} {run:?}").unwrap(),
            Err(error) => show_error(shown, &error),
        },
    }
    let seeded = stage.extern_info().replies.pfr;
    let answering = client
        .answer(
            &account,
            &place(&seeded.place),
            &*seeded.document_type,
            stage.certificate_of("sms"),
            "8.8.8.8",
        )
        .contents([Source::bytes("part.xml", DOCUMENT)]);
    write!(shown, "{answering:?}").unwrap();
    match answering.start(journal).await {
        Err(error) => show_error(shown, &error),
        Ok(mut run) => match run.wait(&mut person, Deadline::minutes(5)).await {
            Ok(answer) => write!(shown, "{answer:?} {run:?}").unwrap(),
            Err(error) => show_error(shown, &error),
        },
    }
}

/// Every step of a report and of an answer with a fault in it, an upload in parts, and the test stand's codes.
async fn steps_of_reports_and_answers(secrets: &Arc<Mutex<Vec<String>>>, shown: &mut String) {
    let mut answered = 0;
    for fault in [
        Fault::on("ContentUpload").call(1).truncate(3),
        Fault::on("ContentPart").status(500),
        Fault::on("DraftPut").drop_after(),
        Fault::on("DraftDocumentPut").status(400),
        Fault::on("DraftCheck").call(1).drop_after(),
        Fault::on("DraftPrepare").call(1).status(409),
        Fault::on("DraftSend").call(1).drop_after(),
        Fault::on("GenerateReply")
            .status(200)
            .body("text/html", "<html>"),
        Fault::on("PfrReplyDecryptedContentPut").status(413),
        Fault::on("ReplySend").call(1).drop_after(),
        Fault::on("PfrReplySend").call(1).status(500),
        Fault::on("TestConfirmationCode").call(2).status(500),
    ] {
        let options = WorldOptions::default().code_length(12);
        let stage = Stage::set(Skin::Http, options).await;
        let seeded = stage.extern_info();
        secrets.lock().unwrap().push(seeded.token.clone());
        stage.sandbox.inject(fault);
        let spy = Spy {
            wire: stage.transport(),
            secrets: secrets.clone(),
        };
        let phone = TestStandPhone::new();
        let client = stage
            .extern_builder_over(spy)
            .watcher(phone.clone())
            .build();
        let journal = MemoryJournal::new();
        Box::pin(report_and_answer(&stage, &client, &journal, shown)).await;
        upload_in_parts(&stage, &client, shown).await;

        let demand = place(&seeded.replies.fns_demand.place);
        let kind = &*seeded.replies.fns_demand.document_type;
        let (account, certificate) = (stage.account(), stage.certificate_of("sms"));
        let answering = client.answer(&account, &demand, kind, certificate, "8.8.8.8");
        let mut prompt = phone.prompt(&client);
        write!(shown, "{phone:?} {prompt:?}").unwrap();
        match answering.run(&mut prompt, Deadline::minutes(5)).await {
            Err(error) => show_error(shown, &error),
            Ok(answer) => {
                let reply = client.reply(&account, &demand, &answer.reply).await;
                let reply = reply.unwrap();
                write!(shown, "{answer:?} {reply:?}").unwrap();
                let content = reply.content.unwrap();
                let bytes = content.decode().unwrap();
                let text = String::from_utf8_lossy(&bytes[60..120]).into_owned();
                let in_base64 = content.as_str()[80..140].to_owned();
                secrets.lock().unwrap().extend([text, in_base64]);
                answered += 1;
            }
        }
        for record in journal.open().await.unwrap() {
            shown.push_str(&String::from_utf8(record.to_json().unwrap()).unwrap());
        }
    }
    assert!(answered > 6, "{answered} demands were answered");
}

async fn upload_in_parts(stage: &Stage, client: &Extern, shown: &mut String) {
    let told = Arc::new(Mutex::new(String::new()));
    let source = Source::bytes("big.xml", DOCUMENT.repeat(3));
    let upload = client.upload(&stage.account(), source).part_size(40);
    let telling = told.clone();
    let upload = upload.on_progress(move |progress| {
        let state = progress.state.map(serde_json::to_string);
        write!(telling.lock().unwrap(), "{progress:?} {state:?}").unwrap();
    });
    write!(shown, "{upload:?}").unwrap();
    match upload.run().await {
        Ok(uploaded) => write!(shown, "{uploaded:?}").unwrap(),
        Err(error) => {
            show_error(shown, &error);
            write!(shown, "{:?}", UploadState::of(&error)).unwrap();
        }
    }
    shown.push_str(&told.lock().unwrap());
}
