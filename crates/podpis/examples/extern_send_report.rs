//! A report in Kontur.Extern from its files to a docflow, in one call: uploaded, checked, signed, prepared and sent.
//!
//! `cargo run -p podpis --example extern_send_report` runs it against an embedded sandbox; a real program differs in the
//! address, the login, who reports, and the files.

#![allow(clippy::print_stdout, reason = "an example shows what it does")]

mod extern_client;

use std::time::Duration;

use extern_client::{Failure, client_of};
use podpis::extern_api::model::{AccountId, DraftMeta, Payer, Recipient, Sender};
use podpis::{Begin as _, Deadline, LocalFile, NoPrompt, ReportDocument};
use podpis_sandbox::{Bind, ExternOptions, PhoneMode, Sandbox, WorldOptions};

#[tokio::main]
async fn main() -> Result<(), Failure> {
    // An Extern whose owner of the certificate confirms at once.
    let options = WorldOptions::default().phone(PhoneMode::Confirm, Duration::ZERO);
    let at_once = ExternOptions::default().indexing_time(Duration::ZERO);
    let options = options.processing(Duration::ZERO).extern_options(at_once);
    let server = Sandbox::start(options, Bind::loopback(0)).await?;
    let extern_api = client_of(&server)?;
    let seeded = server.sandbox().world_info().extern_;
    let signer = seeded.certificate("dss").ok_or("no certificate")?;
    let certificate = server.sandbox().certificate(&signer.thumbprint);

    // Who sends, for whom and to whom; the certificate, in DER, is the one that will sign.
    let sender = Sender::new(
        "6676130154",
        certificate.ok_or("no certificate")?,
        "192.0.2.1",
    );
    let payer = Payer::new("6676130154").with_kpp("667601001");
    let meta = DraftMeta::new(sender.with_kpp("667601001"), Recipient::ifns("0087"), payer);
    let report = LocalFile::bytes("report.xml", "<Файл ИдФайл=\"report.xml\"/>");
    let documents = [ReportDocument::new("urn:document:fns534-report", report)];

    let account = AccountId::new(seeded.account.as_str());
    let sending = extern_api.account(&account).send_report(meta, documents);
    let sent = sending.run(&mut NoPrompt, Deadline::minutes(10)).await?;
    for (document, warning) in sent.check.warnings() {
        println!("{document:?}: {warning:?}");
    }
    let signed = sent.signatures.all()?;
    println!("{} document(s) signed and sent", signed.len());

    // With the real service the docflow is found only some seconds after it began.
    let calls = extern_api.account(&account);
    let indexed = calls.docflow_when_indexed(&sent.docflow_id, Deadline::minutes(1));
    println!("the docflow is {:?}", indexed.await?.status);
    Ok(())
}

#[cfg(test)]
#[test]
fn the_example_runs() {
    main().unwrap();
}
