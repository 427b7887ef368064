//! What Extern's operations print and store.

use std::fmt::Write as _;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use podpis::extern_api::model::Recipient;
use podpis::extern_api::{LocalFile, ReportDocument, TestStandPhone, UploadState};
use podpis::secret::{ApiClientId, Token};
use podpis::{Begin, Deadline, Extern, ExternLogin, Journal, MemoryJournal};
use podpis_sandbox::{Fault, PhoneMode, WorldOptions};

use super::{DOCUMENT, Spy, show_error};
use crate::stage::{Skin, Stage};
use crate::stage_extern::place;

/// Signs and decrypts in Extern, with and without faults.
pub(super) async fn extern_flows(secrets: &Arc<Mutex<Vec<String>>>, shown: &mut String) {
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
            stage.inject(fault);
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
                let signing = client.account(&stage.account()).sign_draft(&draft);
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
            let decrypting = client
                .account(&stage.account())
                .decrypt(&place(&document.place), certificate);
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
    let source = LocalFile::bytes("a.xml", format!("<x>{DOCUMENT}</x>"));
    let document = ReportDocument::new("urn:document:fns534-report", source);
    let meta = stage.meta("sms", Recipient::ifns("0087"));
    let sending = client.account(&account).send_report(meta, [document]);
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
        .account(&account)
        .answer(
            &place(&seeded.place),
            &*seeded.document_type,
            stage.certificate_of("sms"),
            "8.8.8.8",
        )
        .contents([LocalFile::bytes("part.xml", DOCUMENT)]);
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
pub(super) async fn steps_of_reports_and_answers(
    secrets: &Arc<Mutex<Vec<String>>>,
    shown: &mut String,
) {
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
        stage.inject(fault);
        let spy = Spy {
            wire: stage.transport(),
            secrets: secrets.clone(),
        };
        let phone = TestStandPhone::new();
        let client = stage
            .extern_builder_over(spy)
            .observer(phone.clone())
            .build();
        let journal = MemoryJournal::new();
        Box::pin(report_and_answer(&stage, &client, &journal, shown)).await;
        upload_in_parts(&stage, &client, shown).await;

        let demand = place(&seeded.replies.fns_demand.place);
        let kind = &*seeded.replies.fns_demand.document_type;
        let (account, certificate) = (stage.account(), stage.certificate_of("sms"));
        let answering = client
            .account(&account)
            .answer(&demand, kind, certificate, "8.8.8.8");
        let mut prompt = phone.prompt(&client);
        write!(shown, "{phone:?} {prompt:?}").unwrap();
        match answering.run(&mut prompt, Deadline::minutes(5)).await {
            Err(error) => show_error(shown, &error),
            Ok(answer) => {
                let reply = client.account(&account).reply(&demand, &answer.reply).await;
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
    let source = LocalFile::bytes("big.xml", DOCUMENT.repeat(3));
    let upload = client
        .account(&stage.account())
        .upload(source)
        .part_size(40);
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
