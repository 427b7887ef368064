//! `podpis extern send` and `podpis extern reply`: from files to docflows, and what docflows ask for.
//!
//! **Invariant:** wherever the program is killed, there is one draft, one docflow, and one question to the person.

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use podpis_sandbox::{DataToSign, ExternOptions, Fault, PhoneMode, WorldOptions};
use serde_json::Value;

use crate::bench::{Ended, Folder, Service, openssl_accepts, until};

const REPORT: &str = "<?xml version=\"1.0\" encoding=\"windows-1251\"?><Файл/>";

/// The arguments of `extern send` for this service, with the results in this folder.
fn send(service: &Service, files: &[&Path], out: &Folder) -> Vec<String> {
    let base = [
        "extern",
        "send",
        "--yes",
        "--json",
        "--base-url",
        &service.url,
        "--out",
    ];
    let mut arguments: Vec<String> = base.map(str::to_owned).into();
    arguments.push(out.root().display().to_string());
    arguments.extend(files.iter().map(|file| file.display().to_string()));
    arguments
}

fn with(objects: &[Value], field: &str) -> Value {
    let found = objects.iter().find(|object| !object[field].is_null());
    found
        .unwrap_or_else(|| panic!("{field}: {objects:?}"))
        .clone()
}

#[test]
fn files_become_a_docflow_with_signatures_that_openssl_accepts() {
    let service = Service::quick();
    let (folder, out) = (Folder::new(), Folder::new());
    let files = [
        folder.file("one.xml", REPORT),
        folder.file("two.xml", format!("{REPORT}\n")),
    ];
    let paths: Vec<&Path> = files.iter().map(|path| &**path).collect();
    let sent = Ended::of(service.podpis().args(send(&service, &paths, &out)));
    assert_eq!(sent.code, 0, "{sent:?}");
    let objects = sent.objects();
    assert_eq!(objects.len(), 3);
    let docflow = with(&objects, "docflow");
    assert_eq!(docflow["docflow"].as_str().unwrap().len(), 36);
    for file in &files {
        let name = file.file_name().unwrap().to_str().unwrap();
        let signature = out.path(&format!("{name}.p7s"));
        assert!(openssl_accepts(file, &signature), "{name}");
    }
    let counters = service.sandbox.counters();
    assert_eq!(counters.docflows_created, 1);
    assert_eq!(counters.drafts_created, 1);
    assert_eq!(counters.pushes_sent, 1);
    assert!(service.listed().is_empty());
}

#[test]
fn where_other_bytes_than_the_files_are_signed_these_are_written_beside_the_signatures() {
    let options = ExternOptions::default().data_to_sign(DataToSign::Derived);
    let confirming = WorldOptions::default().phone(PhoneMode::Confirm, Duration::ZERO);
    let service = Service::start(confirming.extern_options(options));
    // The results go to where the file is, and leave it as it was.
    let folder = Folder::new();
    let file = folder.file("one.xml", REPORT);
    let sent = Ended::of(service.podpis().args(send(&service, &[&file], &folder)));
    assert_eq!(sent.code, 0, "{sent:?}");
    let written = with(&sent.objects(), "signature");
    let (document, signature) = (written["document"].as_str(), written["signature"].as_str());
    let (document, signature) = (Path::new(document.unwrap()), Path::new(signature.unwrap()));
    assert!(openssl_accepts(document, signature), "{written}");
    assert!(!openssl_accepts(&file, signature), "{written}");
    assert_eq!(fs::read_to_string(&file).unwrap(), REPORT);
    assert!(fs::read(document).unwrap().starts_with(REPORT.as_bytes()));
    assert!(service.listed().is_empty());
}

#[test]
fn what_the_check_finds_is_told_and_nothing_is_signed() {
    let service = Service::quick();
    let (folder, out) = (Folder::new(), Folder::new());
    let file = folder.file("report.xml", "this is no XML");
    let sent = Ended::of(service.podpis().args(send(&service, &[&file], &out)));
    sent.expect(3, &["report.xml", "не является XML"]);
    assert_eq!(
        with(&sent.objects(), "error")["error"]["refusal"],
        "documents-refused"
    );
    assert_eq!(service.sandbox.counters().pushes_sent, 0);
    assert_eq!(service.sandbox.counters().docflows_created, 0);
    assert!(service.listed().is_empty());
    assert!(out.names().is_empty());
}

#[test]
fn who_sends_to_whom_is_said_by_flags_or_by_a_file() {
    let service = Service::quick();
    let seeded = service.sandbox.world_info().extern_;
    let certificate = seeded.certificate("dss").unwrap().thumbprint.clone();
    let (folder, out) = (Folder::new(), Folder::new());
    let file = folder.file("report.xml", REPORT);
    let flags = [
        "--to",
        "ifns:0087",
        "--inn",
        "500100732259",
        "--ip",
        "8.8.8.8",
    ];
    let mut by_flags = send(&service, &[&file], &out);
    by_flags.extend(flags.map(str::to_owned));
    by_flags.extend(["--cert".to_owned(), certificate.clone()]);
    let meta = folder.file(
        "meta.json",
        r#"{"sender":{"inn":"500100732259","ipaddress":"8.8.8.8"},"recipient":{"ifns-code":"0087"},"payer":{"inn":"500100732259"}}"#,
    );
    let mut by_file = send(&service, &[&file], &out);
    by_file.extend(["--meta".to_owned(), meta.display().to_string()]);
    by_file.extend(["--cert".to_owned(), certificate]);
    for arguments in [by_flags, by_file] {
        let sent = Ended::of(service.podpis().args(arguments));
        assert_eq!(sent.code, 0, "{sent:?}");
    }
    assert_eq!(service.sandbox.counters().docflows_created, 2);

    let broken = folder.file("broken.json", "{");
    let mut arguments = send(&service, &[&file], &out);
    arguments.extend(["--meta".to_owned(), broken.display().to_string()]);
    Ended::of(service.podpis().args(arguments)).expect(2, &["broken.json"]);
    let missing = folder.path("missing.xml");
    let arguments = send(&service, &[&missing], &out);
    Ended::of(service.podpis().args(arguments)).expect(2, &["missing.xml"]);
    for wrong in ["0087", "tax:0087"] {
        let mut arguments = send(&service, &[&file], &out);
        arguments.extend(["--to", wrong, "--inn", "1", "--ip", "1"].map(str::to_owned));
        assert_eq!(Ended::of(service.podpis().args(arguments)).code, 2);
    }
}

/// Every call on the way of a report whose answer may be the last thing that a program waits for.
const STEPS: [&str; 8] = [
    "Contents",
    "DraftPut",
    "DraftDocumentPut",
    "DraftCheck",
    "DraftCloudSign",
    "DraftTask",
    "DraftPrepare",
    "DraftSend",
];

#[test]
fn killed_after_each_step_and_resumed_there_is_one_draft_and_one_docflow() {
    for step in STEPS {
        let service =
            Service::start(WorldOptions::default().phone(PhoneMode::Confirm, Duration::ZERO));
        let (folder, out) = (Folder::new(), Folder::new());
        let files = [
            folder.file("one.xml", REPORT),
            folder.file("two.xml", REPORT),
        ];
        let paths: Vec<&Path> = files.iter().map(|path| &**path).collect();
        // The service has acted, and the program never hears of it.
        let late = Fault::on(step).delay(Duration::from_secs(60));
        service.sandbox.inject(late);
        let mut child = service
            .podpis_with_pipes()
            .args(send(&service, &paths, &out))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        until(|| (service.calls(step) > 0).then_some(()));
        child.kill().unwrap();
        child.wait().unwrap();
        service.sandbox.clear_faults();

        let began = !service.listed().is_empty();
        assert_eq!(began, step != "Contents", "{step}");
        if step == "DraftSend" {
            // The report may have been sent, and that is found out and not done again.
            let listed = service.listed();
            assert_eq!(listed[0]["next"], "resume");
            let id = listed[0]["operation"].as_str().unwrap().to_owned();
            let over = service.ops(&["start-over", &id, "--yes"]);
            over.expect(2, &["can still be finished"]);
        }
        let ended = if began {
            service.ops(&["resume", "--all", "--yes", "--json"])
        } else {
            Ended::of(service.podpis().args(send(&service, &paths, &out)))
        };
        assert_eq!(ended.code, 0, "{step}: {ended:?}");
        let counters = service.sandbox.counters();
        assert_eq!(counters.drafts_created, 1, "{step}");
        assert_eq!(counters.docflows_created, 1, "{step}");
        assert_eq!(counters.pushes_sent, 1, "{step}");
        for file in &files {
            let name = file.file_name().unwrap().to_str().unwrap();
            assert!(
                openssl_accepts(file, &out.path(&format!("{name}.p7s"))),
                "{step}"
            );
        }
        assert!(service.listed().is_empty(), "{step}");
    }
}

/// `podpis extern reply` with this service.
fn reply(service: &Service, out: &Folder, more: &[&str]) -> Ended {
    let base = [
        "extern",
        "reply",
        "--yes",
        "--json",
        "--base-url",
        &service.url,
        "--out",
    ];
    Ended::of(service.podpis().args(base).arg(out.root()).args(more))
}

#[test]
fn every_reply_that_the_seeded_docflow_asks_for_is_sent_and_then_it_is_finished() {
    let service = Service::quick();
    let out = Folder::new();
    let seeded = service.sandbox.world_info().extern_.answerable;
    let replied = reply(&service, &out, &[]);
    assert_eq!(replied.code, 0, "{replied:?}");
    let objects = replied.objects();
    let answered: Vec<&Value> = objects
        .iter()
        .filter(|object| !object["answered"].is_null())
        .collect();
    assert_eq!(answered.len(), seeded.documents.len());
    assert_eq!(
        service.sandbox.counters().replies_sent,
        seeded.documents.len() as u64
    );
    let again = reply(&service, &out, &[]);
    assert_eq!(again.code, 0, "{again:?}");
    assert!(again.stderr.contains("nothing is asked for"), "{again:?}");
    assert_eq!(
        service.sandbox.counters().replies_sent,
        seeded.documents.len() as u64
    );
}

#[test]
fn one_document_is_answered_as_the_person_says() {
    let service = Service::quick();
    let out = Folder::new();
    let seeded = service.sandbox.world_info().extern_;
    let demand = &seeded.replies.fns_demand.place;
    let place = ["--docflow", &demand.docflow, "--document", &demand.document];
    let undecided = reply(&service, &out, &place);
    undecided.expect(2, &["--type", "fns534-demand-acceptance-result"]);
    assert_eq!(service.sandbox.counters().replies_sent, 0);
    let declined = [
        &place[..],
        &["--type", "fns534-demand-acceptance-result-negative"],
        &["--decline", "0400200005"],
    ]
    .concat();
    let declined = reply(&service, &out, &declined);
    assert_eq!(declined.code, 0, "{declined:?}");
    assert_eq!(service.sandbox.counters().replies_sent, 1);
}

#[test]
fn a_report_is_started_over_only_with_the_same_files() {
    let service = Service::start(WorldOptions::default().phone(PhoneMode::Decline, Duration::ZERO));
    let (folder, out) = (Folder::new(), Folder::new());
    let file = folder.file("one.xml", REPORT);
    service
        .sandbox
        .inject(Fault::on("DraftTask").delay(Duration::from_secs(60)));
    let mut child = service
        .podpis_with_pipes()
        .args(send(&service, &[&file], &out))
        .spawn()
        .unwrap();
    until(|| (service.calls("DraftTask") > 0).then_some(()));
    child.kill().unwrap();
    child.wait().unwrap();
    service.sandbox.clear_faults();
    let id = service.listed()[0]["operation"]
        .as_str()
        .unwrap()
        .to_owned();
    fs::write(&file, "<?xml version=\"1.0\"?><Другой/>").unwrap();
    let over = service.ops(&["start-over", &id, "--even-if-open", "--yes"]);
    over.expect(2, &["one.xml"]);
    assert_eq!(service.listed().len(), 1);
}
