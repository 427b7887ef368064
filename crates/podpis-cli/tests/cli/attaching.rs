//! `podpis diadoc attach` and `prepare`.
//!
//! **Invariant:** a signature is in the message once and in a file, and nobody is asked for it twice, whatever stops the
//! program.

use std::fs;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use podpis_sandbox::{
    DocumentInfo, DocumentState, Fault, PhoneMode, SignatureFault, SignatureState, WorldOptions,
};
use serde_json::{Value, json};

use crate::bench::{Ended, Folder, Service, advised, openssl_accepts, podpis, until};
use crate::disguise::disguised;

/// A service whose signer confirms at once.
fn willing() -> Service {
    Service::start(WorldOptions::default().phone(PhoneMode::Confirm, Duration::ZERO))
}

/// `podpis diadoc attach …` in a folder of its own.
fn attach(service: &Service, folder: &Folder, arguments: &[&str]) -> Ended {
    let mut command = service.diadoc("attach");
    command.current_dir(folder.root());
    Ended::of(command.arg("--json").args(arguments))
}

fn named(document: &DocumentInfo) -> [&str; 4] {
    ["--message", &document.message, "--entity", &document.entity]
}

/// The document as the sandbox has it.
fn shown(service: &Service, entity: &str) -> DocumentState {
    let documents = service.sandbox.documents();
    let mut documents = documents.into_iter();
    documents.find(|one| one.entity == entity).unwrap()
}

fn unsigned(service: &Service) -> DocumentState {
    let seeded = service.sandbox.world_info().diadoc;
    shown(service, &seeded.unsigned_document.entity)
}

/// What is under a path of the sandbox, as a file.
fn fetched(service: &Service, folder: &Folder, path: &str, name: &str) -> PathBuf {
    use podpis::transport::HttpRequest;

    let mut request = HttpRequest::default();
    *request.uri_mut() = path.parse().unwrap();
    let answer = service.sandbox.handle(&request);
    assert_eq!(answer.status(), 200, "{path}");
    folder.file(name, answer.body())
}

fn openssl_accepts_what_is_attached(
    service: &Service,
    document: &DocumentState,
    signature: &SignatureState,
) -> bool {
    let folder = Folder::new();
    let content = fetched(service, &folder, &document.content, "content");
    let der = fetched(service, &folder, &signature.signature, "signature");
    openssl_accepts(&content, &der)
}

#[test]
fn the_embedded_sandbox_needs_nothing_else() {
    for arguments in [
        &[][..],
        &["--approval"],
        &["--method", "cloud"],
        &["--method", "test"],
    ] {
        let folder = Folder::new();
        let mut command = podpis();
        command.current_dir(folder.root());
        let command = command.args(["diadoc", "attach", "--sandbox", "--yes", "--json"]);
        let ended = Ended::of(command.args(arguments));
        assert_eq!(ended.code, 0, "{ended:?}");
        let object = ended.object();
        assert!(object["attached"].is_string(), "{object}");
        let is_test = arguments.contains(&"test");
        let names: &[&str] = if is_test { &[] } else { &["act.txt.p7s"] };
        assert_eq!(folder.names(), names, "{object}");
        assert_eq!(object["signature"].is_null(), is_test, "{object}");
    }
}

#[test]
fn one_ordinary_signature_and_as_many_approvals_as_are_wanted() {
    let service = Service::quick();
    let folder = Folder::new();
    folder.file("act.txt.p7s", "mine");
    let first = attach(&service, &folder, &["--yes"]);
    assert_eq!(first.code, 0, "{first:?}");
    let document = unsigned(&service);
    let [signature] = &document.signatures[..] else {
        panic!("{document:?}");
    };
    assert!(signature.ours && !signature.approval && signature.verifies);
    assert_eq!(first.object()["attached"], signature.entity.as_str());
    assert_eq!(first.object()["entity"], document.entity.as_str());
    assert!(openssl_accepts_what_is_attached(
        &service, &document, signature
    ));
    // The file is what is attached.
    let content = fetched(&service, &folder, &document.content, "content");
    assert!(openssl_accepts(&content, &folder.path("act.2.txt.p7s")));

    for round in 2..=3 {
        let ended = attach(
            &service,
            &folder,
            &["--yes", "--approval", "--label", "agreed"],
        );
        assert_eq!(ended.code, 0, "{ended:?}");
        let document = unsigned(&service);
        assert_eq!(document.signatures.len(), round);
        let last = document.signatures.last().unwrap();
        assert!(last.approval && last.verifies && last.labels == ["agreed"]);
        assert_eq!(ended.object()["attached"], last.entity.as_str());
        assert!(openssl_accepts_what_is_attached(&service, &document, last));
        let file = folder.path(ended.object()["signature"].as_str().unwrap());
        assert!(openssl_accepts(&content, &file));
    }
    assert_eq!(service.sandbox.counters().pushes_sent, 3);
    assert!(service.listed().is_empty());
    let mine = fs::read(folder.path("act.txt.p7s")).unwrap();
    assert_eq!(mine, b"mine", "nothing is replaced");

    // A second ordinary one is refused by a rule, and nobody is asked.
    let again = attach(&service, &folder, &["--yes"]);
    again.expect(2, &["R-SIG-1"]);
    assert_eq!(service.sandbox.counters().pushes_sent, 3);
}

#[test]
fn several_documents_cost_one_confirmation_and_powers_go_along() {
    let service = willing();
    let folder = Folder::new();
    let locked = service.sandbox.world_info().diadoc.messages.locked;
    let mut arguments = vec!["--message", &locked.message];
    for document in &locked.documents {
        arguments.extend(["--entity", document]);
    }
    arguments.extend(["--power-of-attorney", "default", "--as-stored"]);
    let ended = attach(&service, &folder, &arguments);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert_eq!(ended.objects().len(), 2);
    assert_eq!(service.sandbox.counters().pushes_sent, 1);
    assert_eq!(service.calls("PostMessagePatch"), 1);
    assert_eq!(service.calls("PrepareDocumentsToSign"), 0);
    for (object, document) in ended.objects().iter().zip(&locked.documents) {
        let document = shown(&service, document);
        let signature = &document.signatures[0];
        assert!(signature.power_of_attorney.is_some());
        assert_eq!(object["attached"], signature.entity.as_str());
        let content = fetched(&service, &folder, &document.content, "content");
        let file = folder.path(object["signature"].as_str().unwrap());
        assert!(openssl_accepts(&content, &file));
    }
}

#[test]
fn an_unsent_document_is_prepared_and_sent_with_its_signature() {
    let service = willing();
    let folder = Folder::new();
    let unsent = service.sandbox.world_info().diadoc.messages.unsent;
    let ended = attach(&service, &folder, &named(&unsent));
    assert_eq!(ended.code, 0, "{ended:?}");
    let document = shown(&service, &unsent.entity);
    assert!(document.patched && document.sent, "{document:?}");
    let content = fetched(&service, &folder, &document.content, "content");
    let file = folder.path(ended.object()["signature"].as_str().unwrap());
    assert!(openssl_accepts(&content, &file));
}

#[test]
fn the_steps_are_told_in_both_languages() {
    for (language, words) in [
        (
            "en",
            [
                "to be confirmed in the myDSS app",
                "signed; attaching",
                "is attached",
            ],
        ),
        (
            "ru",
            ["в приложении myDSS", "подпись прикладывается", "приложена"],
        ),
    ] {
        let thinking = WorldOptions::default().processing(Duration::from_millis(600));
        let service = Service::thinking(thinking);
        let folder = Folder::new();
        let ended = attach(&service, &folder, &["--yes", "--lang", language]);
        assert_eq!(ended.code, 0, "{ended:?}");
        for words in words {
            assert_eq!(ended.stderr.matches(words).count(), 1, "{words}: {ended:?}");
        }
    }
}

#[test]
fn mistakes_are_named_before_anybody_is_asked() {
    let service = Service::quick();
    let folder = Folder::new();
    let messages = service.sandbox.world_info().diadoc.messages;
    let sent = named(&messages.sent);
    for (arguments, code, words) in [
        (vec!["--message", "m"], 2, "--entity"),
        (vec!["--entity", "e"], 2, "--message"),
        (vec!["--cert", "zz"], 2, "--cert"),
        (vec!["--method", "test", "--cert", "zz"], 2, "--cert"),
        (vec!["--method", "fax"], 2, "fax"),
        (
            vec!["--power-of-attorney", "mine"],
            2,
            "--power-of-attorney",
        ),
        (
            vec![
                "--power-of-attorney",
                "5a7d6b1e-0001-4c5e-9a57-0d1ad0c00001:7700000001",
            ],
            2,
            "REPINN",
        ),
        (
            vec![
                "--power-of-attorney",
                "5a7d6b1e-0001-4c5e-9a57-0d1ad0c00001:7700000001:77",
            ],
            2,
            "R-POA-1",
        ),
        (vec!["--out", "/proc/missing"], 2, "/proc/missing"),
        (vec!["--label", "два слова"], 2, "R-LBL-1"),
        (sent.to_vec(), 2, "R-SIG-1"),
        (
            vec!["--message", &messages.sent.message, "--entity", "nowhere"],
            2,
            "R-SIG-2",
        ),
        (vec!["--message", "nowhere", "--entity", "nowhere"], 1, ""),
    ] {
        let ended = attach(&service, &folder, &arguments);
        assert_eq!(ended.code, code, "{arguments:?}: {ended:?}");
        assert!(ended.stderr.contains(words), "{words}: {ended:?}");
        assert!(ended.object()["error"].is_object(), "{ended:?}");
    }
    let url = disguised(&service.sandbox);
    let seeded = service.sandbox.world_info().diadoc;
    for command in ["attach", "prepare"] {
        let mut podpis = service.podpis();
        podpis.args(["diadoc", command, "--base-url", &url]);
        let ended = Ended::of(podpis.env("DIADOC_TOKEN", &seeded.token));
        ended.expect(2, &["--message, --entity must be given"]);
    }
    let counters = service.sandbox.counters();
    assert_eq!((counters.pushes_sent, counters.operations_started), (0, 0));
    assert!(service.listed().is_empty());
    assert!(folder.names().is_empty());
}

#[test]
fn refusals_and_strangers_attach_nothing() {
    let declining = WorldOptions::default().phone(PhoneMode::Decline, Duration::ZERO);
    let service = Service::start(declining);
    let folder = Folder::new();
    let ended = attach(&service, &folder, &[]);
    ended.expect(3, &["the signer declined"]);
    assert!(service.listed().is_empty());

    let service = willing();
    let fault = Fault::on("DssSignResult").signatures(SignatureFault::Forge);
    service.sandbox.inject(fault);
    let ended = attach(&service, &folder, &[]);
    ended.expect(4, &["act.txt", "is over other content"]);
    assert_eq!(ended.object()["error"]["kind"], "signature");
    assert_eq!(service.calls("PostMessagePatch"), 0);
    assert!(folder.names().is_empty());
    // It is asked for again when a person says so.
    service.sandbox.clear_faults();
    let again = advised(&ended.stderr, "start-over");
    let mut command = service.podpis();
    let ended = Ended::of(command.args(&again).arg("--json"));
    assert_eq!(ended.code, 0, "{ended:?}");
    assert_eq!(unsigned(&service).signatures.len(), 1);
    assert_eq!(folder.names(), ["act.txt.p7s"]);
    assert!(service.listed().is_empty());
}

#[test]
fn a_signature_that_the_service_does_not_take_is_a_file() {
    let service = willing();
    let folder = Folder::new();
    let fault = Fault::on("PostMessagePatch").status(400);
    service
        .sandbox
        .inject(fault.body("text/plain", "More than three."));
    let ended = attach(&service, &folder, &[]);
    ended.expect(3, &["More than three."]);
    assert!(
        ended.stderr.contains("signed and not attached"),
        "{ended:?}"
    );
    let document = unsigned(&service);
    assert!(document.signatures.is_empty());
    let content = fetched(&service, &folder, &document.content, "content");
    assert!(openssl_accepts(&content, &folder.path("act.txt.p7s")));
    assert!(service.listed().is_empty());
}

#[test]
fn an_answer_that_is_lost_twice_costs_nothing() {
    let service = willing();
    let folder = Folder::new();
    for call in [1, 2] {
        let fault = Fault::on("PostMessagePatch").call(call).drop_after();
        service.sandbox.inject(fault);
    }
    let ended = attach(&service, &folder, &[]);
    assert_eq!(ended.code, 0, "{ended:?}");
    let document = unsigned(&service);
    assert_eq!(document.signatures.len(), 1);
    assert_eq!(
        ended.object()["attached"],
        document.signatures[0].entity.as_str()
    );
    let counters = service.sandbox.counters();
    assert_eq!((counters.pushes_sent, counters.patches), (1, 1));
}

#[test]
fn what_waits_for_the_signer_is_resumed_and_written_where_it_was_to_go() {
    let service = Service::quick();
    let folder = Folder::new();
    let ended = attach(&service, &folder, &["--timeout", "0"]);
    ended.expect(4, &[]);
    let resume = advised(&ended.stderr, "resume");
    let listed = service.listed();
    assert_eq!(listed[0]["kind"], "diadoc.sign-and-attach");
    assert_eq!(listed[0]["files"], json!(["act.txt"]));
    let shown = service.ops(&["show", &resume[2], "--json"]).object();
    let real = fs::canonicalize(folder.root()).unwrap();
    assert_eq!(
        shown["outputs"],
        json!([{ "folder": real.to_str().unwrap() }])
    );
    service
        .ops(&["start-over", &resume[2]])
        .expect(2, &["asks the person twice"]);

    let ended = Ended::of(service.podpis().args(&resume).args(["--yes", "--json"]));
    assert_eq!(ended.code, 0, "{ended:?}");
    let document = unsigned(&service);
    assert_eq!(document.signatures.len(), 1);
    let told = &ended.object()["files"][0];
    assert_eq!(told["attached"], document.signatures[0].entity.as_str());
    assert_eq!(folder.names(), ["act.txt.p7s"]);
    assert_eq!(service.sandbox.counters().pushes_sent, 1);
    assert!(service.listed().is_empty());
}

#[test]
fn a_lost_start_is_started_over_as_it_was_asked_for() {
    let service = Service::quick();
    let folder = Folder::new();
    service.sandbox.inject(Fault::on("CloudSign").drop_after());
    let asked = ["--method", "cloud", "--approval", "--label", "agreed"];
    let ended = attach(&service, &folder, &asked);
    ended.expect(4, &[]);
    service.sandbox.clear_faults();
    let again = advised(&ended.stderr, "start-over");
    let ended = Ended::of(service.podpis().args(&again).args(["--yes", "--json"]));
    assert_eq!(ended.code, 0, "{ended:?}");
    let document = unsigned(&service);
    let [signature] = &document.signatures[..] else {
        panic!("{document:?}");
    };
    assert!(signature.approval && signature.labels == ["agreed"]);
    assert_eq!(service.calls("CloudSign"), 2);
    assert_eq!(folder.names(), ["act.txt.p7s"]);
    assert!(service.listed().is_empty());
}

/// The step in the record of the only operation.
fn step(service: &Service) -> Option<String> {
    let names = service.journal.names();
    let name = names.iter().find(|name| name.ends_with(".json"))?;
    let text = fs::read(service.journal.path(name)).ok()?;
    let record: Value = serde_json::from_slice(&text).ok()?;
    Some(record["operation"]["data"]["step"].as_str()?.to_owned())
}

#[test]
fn killed_at_every_step_it_is_attached_once() {
    // Wherever the program is killed: the call whose answer is late, and whether a person has to decide.
    for (endpoint, state) in [
        ("GetMessage", None),
        ("DssSign", Some("look")),
        ("DssSignResult", Some("resume")),
        ("PostMessagePatch", Some("resume")),
    ] {
        let service = willing();
        let folder = Folder::new();
        let late = Duration::from_secs(30);
        service.sandbox.inject(Fault::on(endpoint).delay(late));
        let mut child = service
            .podpis_with_pipes()
            .args(["diadoc", "attach", "--base-url", &service.url])
            .current_dir(folder.root())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        until(|| (service.calls(endpoint) > 0).then_some(()));
        child.kill().unwrap();
        child.wait().unwrap();
        service.sandbox.clear_faults();
        let listed = service.listed();
        let next = listed.first().map(|one| one["next"].as_str().unwrap());
        assert_eq!(next, state, "{endpoint} {:?}", step(&service));
        let ended = match (next, listed.first()) {
            (Some("look"), Some(one)) => {
                // The signer has confirmed what nobody waits for any more.
                let id = one["operation"].as_str().unwrap();
                service.ops(&["start-over", id, "--json"])
            }
            (Some(_), _) => service.ops(&["resume", "--all", "--json"]),
            _ => attach(&service, &folder, &[]),
        };
        assert_eq!(ended.code, 0, "{endpoint} {ended:?}");
        let document = unsigned(&service);
        assert_eq!(document.signatures.len(), 1, "{endpoint}");
        assert!(document.signatures[0].verifies);
        assert_eq!(folder.names(), ["act.txt.p7s"], "{endpoint}");
        let asked = if state == Some("look") { 2 } else { 1 };
        assert_eq!(service.sandbox.counters().pushes_sent, asked, "{endpoint}");
        assert_eq!(service.sandbox.counters().patches, 1, "{endpoint}");
        assert!(service.listed().is_empty(), "{endpoint}");
    }
}

#[test]
fn what_is_prepared_are_the_bytes_to_sign() {
    let service = Service::quick();
    let folder = Folder::new();
    let messages = service.sandbox.world_info().diadoc.messages;
    let prepare = |arguments: &[&str]| {
        let mut command = service.diadoc("prepare");
        command.current_dir(folder.root());
        Ended::of(command.args(arguments))
    };
    let ended = prepare(&["--json"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    let object = ended.object();
    assert_eq!(object["entity"], messages.unsent.entity.as_str());
    assert_eq!(object["posted_by"], "post_message_patch");
    assert!(object["patched_content_id"].is_string());
    let file = object["file"].as_str().unwrap();
    let bytes = fs::read(folder.path(file)).unwrap();
    assert_eq!(object["size"], bytes.len());
    let document = shown(&service, &messages.unsent.entity);
    let stored = fetched(&service, &folder, &document.content, "stored");
    assert_ne!(fs::read(stored).unwrap(), bytes);
    assert!(!document.patched && document.signatures.is_empty());

    // A draft; its second document is of a type that is not prepared.
    let draft = &messages.draft;
    let mut arguments = vec!["--message", &draft.message];
    for document in &draft.documents {
        arguments.extend(["--entity", document]);
    }
    let ended = prepare(&[&arguments[..], &["--json"]].concat());
    assert_eq!(ended.code, 3, "{ended:?}");
    let objects = ended.objects();
    assert_eq!(objects[0]["posted_by"], "send_draft");
    assert_eq!(objects[1]["error"]["kind"], "not_prepared");
    assert_eq!(objects[1]["entity"], draft.documents[1].as_str());

    let shown = prepare(&["--lang", "ru"]);
    assert_eq!(shown.stdout.trim().len(), 36, "{shown:?}");
    assert!(shown.stderr.contains("подготовлен"), "{shown:?}");
    prepare(&["--cert", "zz"]).expect(2, &["--cert"]);
    prepare(&["--to-box", "zz"]).expect(2, &["--to-box"]);
    prepare(&["--message", "nowhere", "--entity", "x"]).expect(1, &[]);
    let mut command = podpis();
    command.current_dir(folder.root());
    let ended = Ended::of(command.args(["diadoc", "prepare", "--sandbox", "--json"]));
    assert_eq!(ended.code, 0, "{ended:?}");
    assert_eq!(service.sandbox.counters().operations_started, 0);
}
