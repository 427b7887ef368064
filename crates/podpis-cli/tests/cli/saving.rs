//! `podpis ops show --save`, and what is said of signatures that are no result.
//!
//! **Invariant:** what a service gave becomes a file as it came, whatever it is and whatever the state of its record;
//! nobody is asked again for what has come.

use std::fs;
use std::path::Path;
use std::time::Duration;

use podpis::core::journal::FolderJournal;
use podpis::diadoc_proto::prost::Message as _;
use podpis::diadoc_proto::{CloudSignConfirmResult, ContentV2};
use podpis::operation::{
    Event, Fingerprint, Kind, Origin, Refusal, Service as ServiceName, Timestamp,
};
use podpis::{Journal as _, Operation};
use podpis_sandbox::{Fault, PhoneMode, WorldOptions};
use serde_json::{Value, json};

use crate::bench::{Ended, Folder, Service, advised, openssl_accepts, until};
use crate::strict::{CONTENT, OPEN};

const PAGE: &[u8] = b"<html>Bad Gateway</html>";
/// The beginning of a signature, and nothing more.
const TORN: &[u8] = b"0\x82\x0b\xb8\x06\x09*\x86H";

/// A real signature of a file in a folder, by the sandbox.
fn signed(service: &Service, folder: &Folder, name: &str) -> Vec<u8> {
    let file = folder.file(name, name);
    assert_eq!(Ended::of(service.sign(&[&file]).arg("--yes")).code, 0);
    let signature = folder.path(&format!("{name}.p7s"));
    let der = fs::read(&signature).unwrap();
    fs::remove_file(signature).unwrap();
    der
}

pub(crate) fn giving(service: &Service, given: &[&[u8]]) {
    let signatures = given.iter().map(|bytes| ContentV2 {
        content: Some(bytes.to_vec().into()),
        ..ContentV2::default()
    });
    let answer = CloudSignConfirmResult {
        signatures: signatures.collect(),
    };
    let fault = Fault::on("CloudSignConfirmResult");
    service
        .sandbox
        .inject(fault.body("application/octet-stream", answer.encode_to_vec()));
}

fn show(service: &Service, id: &str, out: &Folder, more: &[&str]) -> Ended {
    let out = out.root().to_str().unwrap();
    service.ops(&[&["show", id, "--save", out], more].concat())
}

/// What `--json` says was saved: the name of the file, what it is, and of which document.
fn saved(ended: &Ended) -> Vec<(String, String, Value)> {
    assert_eq!(ended.code, 0, "{ended:?}");
    let object = ended.object();
    let saved = object["saved"].as_array().unwrap();
    let name = |path: &Value| {
        let path = Path::new(path.as_str().unwrap());
        path.file_name().unwrap().to_str().unwrap().to_owned()
    };
    let is = |one: &Value| one["is"].as_str().unwrap().to_owned();
    saved
        .iter()
        .map(|one| (name(&one["saved"]), is(one), one["file"].clone()))
        .collect()
}

#[test]
fn what_could_not_be_checked_is_not_told_as_a_signature() {
    let service = Service::quick();
    let (folder, out) = (Folder::new(), Folder::new());
    let files = [folder.file("act", CONTENT), folder.file("two", "two")];
    giving(&service, &[OPEN, TORN]);
    let files = files.each_ref().map(|file| &**file);
    let ended = Ended::of(service.sign(&files).args(["--yes", "--json"]));
    assert_eq!(ended.code, 4, "{ended:?}");
    let id = advised(&ended.stderr, "show")[2].clone();
    let ended = show(&service, &id, &out, &["--json"]);
    let (name, is, file) = saved(&ended).swap_remove(0);
    assert_eq!(
        (&*name, &*is, file),
        ("act.p7s", "states_content", json!("act"))
    );
    let ended = show(&service, &id, &out, &[]);
    let told = "act.p7s: states the content of act; whether its signer made it was not checked";
    assert!(ended.stdout.contains(told), "{ended:?}");
}

#[test]
fn all_that_came_is_written_as_it_came() {
    let service = Service::quick();
    let (folder, out) = (Folder::new(), Folder::new());
    let (good, strange) = (
        signed(&service, &folder, "one"),
        signed(&service, &folder, "strange"),
    );
    let files = ["one", "two", "three", "four"].map(|name| folder.file(name, name));
    let files = files.each_ref().map(|file| &**file);
    // In another order than the files.
    giving(&service, &[&strange, TORN, &good, PAGE]);
    let ended = Ended::of(service.sign(&files).args(["--yes", "--json"]));
    ended.expect(4, &["a signature that came could not be read"]);
    assert!(!ended.stderr.contains("start-over"), "{ended:?}");
    let id = advised(&ended.stderr, "show")[2].clone();
    assert!(
        ended
            .stderr
            .contains(&format!("podpis ops show {id} --save"))
    );

    // What is there is not replaced.
    out.file("one.p7s", "mine");
    let ended = show(&service, &id, &out, &["--json"]);
    let expected = [
        (
            "signature-1.p7s",
            "other_content",
            json!(null),
            &strange[..],
        ),
        ("signature-2.p7s", "unreadable", json!(null), TORN),
        ("one.2.p7s", "signature", json!("one"), &good),
        ("content-4.html", "unreadable", json!(null), PAGE),
    ];
    let told = saved(&ended);
    assert_eq!(told.len(), expected.len());
    for (told, (name, is, file, bytes)) in told.iter().zip(expected) {
        assert_eq!((&*told.0, &*told.1, &told.2), (name, is, &file));
        assert_eq!(fs::read(out.path(name)).unwrap(), bytes, "{name}");
    }
    assert!(openssl_accepts(files[0], &out.path("one.2.p7s")));
    assert_eq!(fs::read(out.path("one.p7s")).unwrap(), b"mine");

    // Once more changes nothing, and the record stays.
    let ended = show(&service, &id, &out, &[]);
    assert_eq!(ended.code, 0, "{ended:?}");
    for words in [
        "one.2.p7s: a signature of one",
        "content-4.html: could not be read",
        "signature-1.p7s: a signature that is over other content",
    ] {
        assert!(ended.stdout.contains(words), "{words}: {ended:?}");
    }
    assert_eq!(out.names().len(), 5);
    assert_eq!(service.listed()[0]["next"], "look");
    let resumed = service.ops(&["resume", &id, "--json"]);
    resumed.expect(4, &["could not be read"]);
    let over = service.ops(&["start-over", &id, "--yes"]);
    over.expect(2, &["--save", "--even-if-open"]);
    assert_eq!(service.sandbox.counters().sms_sent, 3);
}

#[test]
fn three_troubles_have_three_sentences_in_both_languages() {
    let service = Service::quick();
    let folder = Folder::new();
    let strange = signed(&service, &folder, "strange");
    let file = folder.file("act", "act");
    let sentences = |given: &[u8]| {
        giving(&service, &[given]);
        let ended = Ended::of(service.sign(&[&file]).args(["--yes", "--json"]));
        service.sandbox.clear_faults();
        assert_eq!(ended.code, 4, "{ended:?}");
        let id = ended.object()["error"]["operation"].clone();
        let id = id.as_str().unwrap();
        let told = ["en", "ru"].map(|language| {
            let resumed = service.ops(&["resume", id, "--lang", language]);
            assert_eq!(resumed.code, 4, "{resumed:?}");
            assert!(
                resumed
                    .stderr
                    .contains(&format!("podpis ops show {id} --save"))
            );
            resumed.stderr
        });
        assert_eq!(service.ops(&["abandon", id]).code, 0);
        told
    };
    let [english, russian] = sentences(TORN);
    assert!(english.contains("could not be read"), "{english}");
    assert!(russian.contains("не удалось прочитать"), "{russian}");
    // It may be one for all that is known, so nobody is asked again.
    assert!(!english.contains("start-over") && !russian.contains("start-over"));
    assert!(!english.contains("other content"), "{english}");

    let [english, russian] = sentences(&strange);
    assert!(english.contains("is over other content"), "{english}");
    assert!(russian.contains("под другим содержимым"), "{russian}");
    assert!(english.contains("costs another SMS"), "{english}");
    assert!(russian.contains("ещё одна SMS"), "{russian}");
    assert!(english.contains("start-over") && russian.contains("start-over"));

    // Nobody here has ever had the bytes, and it is by another certificate than the one that was asked for.
    let other = "00".repeat(20);
    let given = json!([{ "signature": base64(&strange) }, { "signature": base64(&strange) }]);
    let data = json!({ "certificate": other, "step": "given", "given": given });
    let mut unknown = record(&service, "diadoc.cloud-sign", Value::Null);
    unknown
        .apply(Event::Finished { data: data.into() }, now())
        .unwrap();
    put(&service, &unknown);
    for (language, words) in [("en", "was not checked"), ("ru", "не проверена")] {
        let resumed = service.ops(&["resume", unknown.id().as_str(), "--lang", language]);
        resumed.expect(4, &[words]);
        assert!(resumed.stderr.contains("--save") && !resumed.stderr.contains("start-over"));
    }
}

/// Puts a record into the journal of a service.
fn put(service: &Service, operation: &Operation) {
    let journal = FolderJournal::at(service.journal.root()).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut claim = runtime.block_on(journal.claim(operation.id())).unwrap();
    runtime.block_on(claim.save(operation)).unwrap();
}

fn record(service: &Service, kind: &'static str, data: Value) -> Operation {
    let name = if kind.starts_with("diadoc") {
        ServiceName::Diadoc
    } else {
        ServiceName::Extern
    };
    let host = service.url.trim_start_matches("http://");
    let files = ["a.xml", "b.xml"].map(Fingerprint::named);
    Operation::prepare(Kind::new(kind), Origin::new(name, host), now())
        .with_files(files.into())
        .with_data(data)
}

fn now() -> Timestamp {
    Timestamp::from_millis(1_800_000_000_000)
}

/// A kind, what its client keeps, and what becomes of that: the names of the files, and what they are.
type Row<'e> = (&'static str, Value, &'e [(&'e str, &'e str)]);

#[test]
fn every_kind_of_record_gives_what_it_keeps_whatever_its_state() {
    let service = Service::quick();
    let folder = Folder::new();
    let der = signed(&service, &folder, "one");
    let [der64, page64] = [&der[..], PAGE].map(base64);
    let given =
        json!([{ "signature": der64 }, { "on_shelf": "n" }, "nothing", { "signature": page64 }]);
    let failed = json!([{ "failed": "why" }, { "signature": page64 }]);
    let signatures = json!([null, der64]);
    let post = json!({ "post": "patch", "box": "b", "operation_id": "o", "body": "" });
    // What is asked of a document whose bytes were never here is told by its place.
    let first = [
        ("a.xml.p7s", "not_checked"),
        ("content-2.html", "unreadable"),
    ];
    let second = [("b.xml.p7s", "not_checked")];
    let page = [("content-1.html", "unreadable")];
    let rows: [Row<'_>; 19] = [
        (
            "diadoc.cloud-sign",
            json!({ "step": "fetching", "given": given }),
            &first,
        ),
        (
            "diadoc.cloud-sign",
            json!({ "given": given, "form": 7 }),
            &first,
        ),
        (
            "diadoc.cloud-sign",
            json!({ "step": "code", "token": "t" }),
            &[],
        ),
        (
            "diadoc.cloud-sign",
            json!({ "given": [{ "signature": "<html>" }] }),
            &page,
        ),
        (
            "diadoc.dss-sign",
            json!({ "box": "b", "step": "given", "given": failed }),
            &page,
        ),
        (
            "diadoc.sign-and-attach",
            json!({ "step": "unfit", "signing": { "given": given } }),
            &first,
        ),
        ("diadoc.sign-and-attach", json!({ "step": "signing" }), &[]),
        (
            "diadoc.auto-sign-receipts",
            json!({ "box": "b", "step": "ended" }),
            &[],
        ),
        ("diadoc.posting", post, &[]),
        (
            "extern.sign-draft",
            json!({ "signatures": signatures }),
            &second,
        ),
        (
            "extern.sign-reply",
            json!({ "signatures": signatures }),
            &second,
        ),
        (
            "extern.sign-pfr-reply",
            json!({ "signatures": signatures }),
            &second,
        ),
        (
            "extern.decrypt",
            json!({ "step": "decrypted", "content": "c" }),
            &[],
        ),
        (
            "extern.send-report",
            json!({ "step": "send", "inner": {}, "signed": { "signatures": signatures } }),
            &second,
        ),
        (
            "extern.send-report",
            json!({ "step": "sign", "inner": { "signatures": signatures } }),
            &second,
        ),
        (
            "extern.answer",
            json!({ "step": "sign", "inner": { "signatures": signatures } }),
            &second,
        ),
        (
            "extern.answer",
            json!({ "parts": [{}, { "file": { "name": "c.xml" } }], "signed": { "signatures": signatures } }),
            &[("c.xml.p7s", "not_checked")],
        ),
        ("extern.send-reply", Value::Null, &[]),
        ("extern.send-draft", json!(7), &[]),
    ];
    for (kind, data, expected) in rows {
        let open = record(&service, kind, data.clone());
        let mut done = record(&service, kind, Value::Null);
        done.apply(
            Event::Finished {
                data: data.clone().into(),
            },
            now(),
        )
        .unwrap();
        let mut refused = record(&service, kind, data.clone());
        let refusal = Event::Refused {
            refusal: Refusal::Other,
            message: None,
        };
        refused.apply(refusal, now()).unwrap();
        for operation in [open, done, refused] {
            put(&service, &operation);
            let out = Folder::new();
            let id = operation.id().as_str();
            let ended = show(&service, id, &out, &["--json"]);
            let told = saved(&ended);
            let told: Vec<(&str, &str)> = told.iter().map(|one| (&*one.0, &*one.1)).collect();
            assert_eq!(told, expected, "{kind} {data}");
            assert_eq!(out.names().len(), expected.len());
            if expected.is_empty() {
                assert!(ended.stderr.contains("keeps no signature"), "{ended:?}");
            } else {
                let bytes = fs::read(out.path(expected[0].0)).unwrap();
                assert!(
                    bytes == der || bytes == PAGE || bytes == b"<html>",
                    "{kind}"
                );
            }
        }
    }
    let unknown = record(&service, "diadoc.of-tomorrow", json!({ "given": given }));
    put(&service, &unknown);
    let out = Folder::new();
    let ended = show(&service, unknown.id().as_str(), &out, &["--json"]);
    ended.expect(1, &["diadoc.of-tomorrow"]);
    let missing = ["show", unknown.id().as_str(), "--save", "/proc/missing"];
    service.ops(&missing).expect(2, &["missing"]);
}

/// Base64 without a library of its own.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let padded = [three, &[0; 3]].concat();
        let bits = u32::from_be_bytes([0, padded[0], padded[1], padded[2]]);
        for at in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * at) & 63) as usize];
            text.push(if at <= three.len() {
                letter.into()
            } else {
                '='
            });
        }
    }
    text
}

#[test]
fn a_signature_of_extern_that_cannot_be_read_waits_in_the_journal() {
    let service = Service::start(WorldOptions::default().phone(PhoneMode::Confirm, Duration::ZERO));
    let (folder, out) = (Folder::new(), Folder::new());
    let fault = Fault::on("DraftDocumentSignature").call(2);
    service
        .sandbox
        .inject(fault.body("application/pgp-signature", TORN));
    let ended = Ended::of(
        service
            .podpis()
            .args(["extern", "sign-draft", "--json", "--base-url", &service.url])
            .current_dir(folder.root()),
    );
    ended.expect(4, &["could not be read"]);
    assert!(folder.names().is_empty());
    assert!(!ended.stderr.contains("start-over"), "{ended:?}");
    let id = advised(&ended.stderr, "show")[2].clone();
    let told = saved(&show(&service, &id, &out, &["--json"]));
    assert_eq!(told.len(), 3, "{told:?}");
    // The three are fetched side by side, so any of them may be the second call.
    let torn: Vec<_> = told.iter().filter(|one| one.1 != "signature").collect();
    assert_eq!(torn.len(), 1, "{told:?}");
    assert!(torn[0].0.starts_with("signature-"), "{told:?}");
    assert_eq!(fs::read(out.path(&torn[0].0)).unwrap(), TORN);
    assert_eq!(service.sandbox.counters().pushes_sent, 1);
}

#[test]
fn what_was_signed_for_a_report_that_is_refused_becomes_files() {
    let fault = |endpoint: &str| Fault::on(endpoint);
    for (fault, name, words) in [
        (
            fault("DraftDocumentSignature").body("application/pgp-signature", TORN),
            "signature-1.p7s",
            "could not be read",
        ),
        (
            fault("DraftPrepare").status(400),
            "one.xml.p7s",
            "signed and not sent",
        ),
    ] {
        let confirming = WorldOptions::default().phone(PhoneMode::Confirm, Duration::ZERO);
        let service = Service::start(confirming);
        let (folder, out) = (Folder::new(), Folder::new());
        let report = "<?xml version=\"1.0\" encoding=\"windows-1251\"?><Файл/>";
        let file = folder.file("one.xml", report);
        service.sandbox.inject(fault);
        let ended = Ended::of(
            service
                .podpis()
                .args(["extern", "send", "--json", "--base-url", &service.url])
                .arg("--out")
                .arg(out.root())
                .arg(&file),
        );
        ended.expect(3, &["it was signed, and then it was refused"]);
        assert!(ended.stderr.contains(words), "{ended:?}");
        assert_eq!(out.names(), [name], "{ended:?}");
        assert!(service.listed().is_empty());
    }
}

#[test]
fn what_was_signed_and_refused_and_cannot_be_written_waits_in_the_journal() {
    let service = Service::quick();
    let (folder, out) = (Folder::new(), Folder::new());
    let report = "<?xml version=\"1.0\" encoding=\"windows-1251\"?><Файл/>";
    let file = folder.file("one.xml", report);
    service
        .sandbox
        .inject(Fault::on("DraftPrepare").status(400));
    let results = out.path("results");
    fs::create_dir(&results).unwrap();
    let child = service
        .podpis_with_pipes()
        .args(["extern", "send", "--json", "--base-url", &service.url])
        .arg("--out")
        .arg(&results)
        .arg(&file)
        .spawn()
        .unwrap();
    let push = until(|| service.sandbox.messages().pop());
    fs::remove_dir(&results).unwrap();
    fs::write(&results, "in its place").unwrap();
    service.sandbox.confirm(&push.operation).unwrap();
    let ended = Ended::from(child.wait_with_output().unwrap());
    ended.expect(4, &["it was signed, and then it was refused"]);
    let why = format!(
        "one.xml was not written: {} is a file",
        results.canonicalize().unwrap().display()
    );
    assert!(ended.stderr.contains(&why), "{ended:?}");
    let resume = advised(&ended.stderr, "resume");
    let mut podpis = service.podpis();
    podpis.current_dir(out.root()).args(resume);
    let ended = Ended::of(podpis.arg("--json"));
    ended.expect(3, &["it was signed, and then it was refused"]);
    assert!(out.path("one.xml.p7s").exists());
    assert!(service.listed().is_empty());
    assert_eq!(service.sandbox.counters().pushes_sent, 1);
}
