//! Promise: no password, token, client id, code or document byte is in a log, a text, or a record.
//!
//! Every flow runs over real HTTP with all crates at TRACE, through `tracing` and through `log`; then everything
//! that a program could print or store is searched for what was planted.

mod diadoc;
mod extern_api;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io;
use std::sync::{Arc, Mutex};

use podpis::diadoc::cloud_sign::ResultForm;
use podpis::secret::{ApiClientId, ConfirmationCode, Password, Token};
use podpis::transport::{HttpRequest, HttpResponse, Transport, TransportError};
use podpis::{
    Begin, Deadline, DiadocLogin, Error, ErrorChain, File, Journal, MemoryJournal, SharedTransport,
};
use podpis_sandbox::{Fault, SignatureFault, WorldOptions};

use crate::stage::{Skin, Stage};

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
    writeln!(shown, "{error} {error:?} {error:#?} {}", ErrorChain(error)).unwrap();
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
            stage.inject(fault);
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
            let builder = stage.builder_over_as(login.clone(), spy);
            write!(shown, "{login:?} {builder:?}").unwrap();
            let diadoc = builder.build().with_part_size(10);
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
    diadoc::newer_flows(&secrets, &mut shown).await;
    Box::pin(diadoc::attaching_flows(&secrets, &mut shown)).await;
    extern_api::extern_flows(&secrets, &mut shown).await;
    extern_api::steps_of_reports_and_answers(&secrets, &mut shown).await;

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
