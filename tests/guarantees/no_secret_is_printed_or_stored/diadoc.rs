//! What DssSign, receipts, postings and attached signatures print and store.

use std::fmt::Write as _;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use podpis::diadoc::attach::SignBy;
use podpis::diadoc::document_signature::{PowerOfAttorney, SignatureSource, SignedContent, When};
use podpis::diadoc::dss_sign::GosKey;
use podpis::diadoc::posting::OutgoingDocument;
use podpis::secret::Token;
use podpis::{Begin, Deadline, DiadocLogin, File, Journal, MemoryJournal, NoPrompt};
use podpis_sandbox::{Fault, PhoneMode, SignatureFault, WorldOptions};

use super::{DOCUMENT, Spy, show_error};
use crate::flows::attach::{named, unsigned};
use crate::stage::{Skin, Stage};

/// Words of the documents that lie in the sandbox.
const UNSIGNED: &str = "который никто ещё не подписал";
const UNSENT: &str = "Передано по счёту-фактуре";

/// Signs by DssSign and GosKey, signs receipts and looks around in Diadoc, with and without faults.
pub(super) async fn newer_flows(secrets: &Arc<Mutex<Vec<String>>>, shown: &mut String) {
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
            stage.inject(fault);
        }
        for login in [
            stage.login(),
            DiadocLogin::bearer(&Token::new(seeded.token.as_str())),
        ] {
            let spy = Spy {
                wire: stage.transport(),
                secrets: secrets.clone(),
            };
            let diadoc = stage.builder_over_as(login, spy).build().with_part_size(10);
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
                    .in_box(&stage.in_box())
                    .dss_sign(files())
                    .start_over_when_asked(),
                diadoc
                    .in_box(&stage.in_box())
                    .dss_sign(files())
                    .gos_key(GosKey::new(snils)),
            ] {
                write!(shown, "{signing:?}").unwrap();
                match signing.run_in(&journal, deadline).await {
                    Ok(run) => write!(shown, "{run:?} {:?}", run.output()).unwrap(),
                    Err(error) => show_error(shown, &error),
                }
            }
            let signing = diadoc.in_box(&stage.in_box()).auto_sign_receipts();
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
            match diadoc.in_box(&stage.in_box()).certificates().await {
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
pub(super) async fn attaching_flows(secrets: &Arc<Mutex<Vec<String>>>, shown: &mut String) {
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
            stage.inject(fault);
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
            diadoc
                .in_box(&stage.in_box())
                .sign_and_attach(&message, &entity),
            diadoc
                .in_box(&stage.in_box())
                .sign_and_attach(&unsent.0, &unsent.1),
            diadoc
                .in_box(&stage.in_box())
                .sign_and_attach(&message, &entity)
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
        let posting = diadoc.in_box(&stage.in_box()).post_message().to(&to_box);
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
