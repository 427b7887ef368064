//! `podpis ops list`, `show` and `abandon`.
//!
//! **Invariant:** they ask nothing of any service, and no record is left out or passed over.

use std::fs;

use podpis::Journal as _;
use podpis::core::journal::FolderJournal;
use serde_json::json;

use crate::bench::{Folder, Service};

#[test]
fn open_operations_are_listed_and_shown_without_their_handles() {
    let service = Service::quick();
    let folder = Folder::new();
    let empty = service.ops(&["list"]);
    assert_eq!((empty.code, empty.stdout.as_str()), (0, ""));
    assert!(empty.stderr.contains("no operations"), "{empty:?}");

    let file = folder.file("акт № 1.xml", "<a/>");
    let id = service.left_at_the_code(&file);
    let requests = service.sandbox.requests().len();
    let host = service.url.trim_start_matches("http://");

    let listed = service.ops(&["list"]);
    assert_eq!(listed.code, 0, "{listed:?}");
    let lines: Vec<&str> = listed.stdout.lines().collect();
    assert_eq!(lines.len(), 2, "{listed:?}");
    assert!(lines[0].starts_with("operation "), "{listed:?}");
    for word in [
        &*id,
        "diadoc.cloud-sign",
        "waits for the code",
        host,
        "акт № 1.xml",
    ] {
        assert!(lines[1].contains(word), "{word}: {listed:?}");
    }
    let russian = service.ops(&["list", "--lang", "ru"]);
    assert!(russian.stdout.contains("ждёт код"), "{russian:?}");

    let object = &service.listed()[0];
    assert_eq!(object["operation"], id);
    assert_eq!(object["state"], "awaiting_code");
    assert_eq!(object["next"], "resume");
    assert_eq!(object["service"], "diadoc");
    assert_eq!(object["host"], host);
    assert_eq!(object["files"], json!(["акт № 1.xml"]));
    assert_eq!(object["follows"], json!(null));
    assert!(object["created"].as_str().unwrap().ends_with('Z'));
    assert!(object["age_seconds"].as_u64().unwrap() < 600);

    let shown = service.ops(&["show", &id]);
    assert_eq!(shown.code, 0, "{shown:?}");
    for word in [&*id, "4 bytes", "sha256 ", "act", "podpis ops resume"] {
        let word = if word == "act" {
            "акт № 1.xml.p7s"
        } else {
            word
        };
        assert!(shown.stdout.contains(word), "{word}: {shown:?}");
    }
    let whole = service.ops(&["show", &id, "--json"]).object();
    assert_eq!(whole["attempt"], 1);
    assert_eq!(whole["files"][0]["size"], 4);
    assert!(
        whole["files"][0]["digests"]["streebog256"].is_string(),
        "{whole}"
    );
    assert_eq!(
        whole["outputs"],
        json!([{
            "file": file.to_str().unwrap(),
            "signature": format!("{}.p7s", file.to_str().unwrap()),
        }])
    );
    // The handles of the service are nobody's business.
    let record = fs::read(service.journal.path(&format!("{id}.json"))).unwrap();
    let record: serde_json::Value = serde_json::from_slice(&record).unwrap();
    let token = record["operation"]["data"]["token"].as_str().unwrap();
    for told in [shown.stdout, whole.to_string(), listed.stdout] {
        assert!(!told.contains(token), "{told}");
    }
    assert_eq!(service.sandbox.requests().len(), requests);
}

#[test]
fn a_record_that_cannot_be_read_is_named_and_can_be_removed() {
    let service = Service::quick();
    let folder = Folder::new();
    let id = service.left_at_the_code(&folder.file("act", "x"));
    let broken = service.journal.file("broken-one.json", "{");
    for arguments in [vec!["list"], vec!["show", "broken-one"]] {
        let ended = service.ops(&arguments);
        ended.expect(1, &[broken.to_str().unwrap()]);
    }
    let listed = service.ops(&["list", "--json"]);
    let objects = listed.objects();
    assert_eq!(objects[0]["operation"], id);
    assert_eq!(objects[1]["error"]["kind"], "journal");
    assert_eq!(objects[1]["error"]["operation"], "broken-one");
    // It keeps nothing else from going on.
    let ended = service.ops(&["resume", "--all", "--yes", "--json"]);
    assert_eq!(ended.code, 1, "{ended:?}");
    assert_eq!(folder.names(), ["act", "act.p7s"]);

    let ended = service.ops(&["abandon", "broken-one", "--json"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert_eq!(ended.object()["state"], json!(null));
    assert!(!broken.exists());
    assert!(service.listed().is_empty());
}

/// Somebody may be at work on it.
#[test]
fn an_operation_whose_holder_cannot_be_told_is_not_abandoned() {
    let service = Service::quick();
    let folder = Folder::new();
    let id = service.left_at_the_code(&folder.file("act", "x"));
    let record = service.journal.path(&format!("{id}.json"));
    let whole = fs::read(&record).unwrap();
    for held in ["{\"key\": \"k\"", "{\"newer\": 1}"] {
        let lease = service.journal.file(&format!("{id}.lease"), held);
        for text in [&whole[..], b"{"] {
            fs::write(&record, text).unwrap();
            let ended = service.ops(&["abandon", &id, "--json"]);
            ended.expect(1, &["who drives", lease.to_str().unwrap(), "remove"]);
            assert_eq!(ended.object()["error"]["operation"], id);
            assert_eq!(fs::read(&record).unwrap(), text);
            assert_eq!(fs::read_to_string(&lease).unwrap(), held);
        }
        fs::remove_file(lease).unwrap();
    }
    assert_eq!(service.ops(&["abandon", &id]).code, 0);
    assert!(!record.exists());
}

#[test]
fn what_is_abandoned_is_gone_and_nobody_is_told() {
    let service = Service::quick();
    let folder = Folder::new();
    let id = service.left_at_the_code(&folder.file("act", "x"));
    let requests = service.sandbox.requests().len();
    let ended = service.ops(&["abandon", &id, "--json"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(
        ended.stderr.contains("the service is not told"),
        "{ended:?}"
    );
    assert_eq!(
        ended.object(),
        json!({ "v": 1, "operation": id, "abandoned": true, "state": "awaiting_code" })
    );
    assert_eq!(service.sandbox.requests().len(), requests);
    assert_eq!(service.journal.names(), ["journal.lock", "outputs"]);
    let notes = fs::read_dir(service.journal.path("outputs")).unwrap();
    assert_eq!(notes.count(), 0);

    for arguments in [
        ["abandon", &id],
        ["show", &id],
        ["resume", &id],
        ["start-over", &id],
    ] {
        let ended = service.ops(&[&arguments[..], &["--json"]].concat());
        ended.expect(1, &["no operation", &id]);
        assert_eq!(ended.objects().len(), 1, "{ended:?}");
    }
}

#[test]
fn an_operation_that_somebody_drives_is_left_to_them() {
    let service = Service::quick();
    let folder = Folder::new();
    let id = service.left_at_the_code(&folder.file("act", "x"));
    let journal = FolderJournal::at(service.journal.root()).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let claim = runtime
        .block_on(journal.claim(&id.parse().unwrap()))
        .unwrap();
    for command in ["abandon", "resume", "start-over"] {
        service
            .ops(&[command, &id])
            .expect(1, &[&id, "driven by another program"]);
    }
    let skipped = service.ops(&["resume", "--all", "--yes", "--json"]);
    assert_eq!(skipped.code, 0, "{skipped:?}");
    assert_eq!(
        skipped.object(),
        json!({ "v": 1, "operation": id, "skipped": "claimed" })
    );
    // Looking is free.
    assert_eq!(service.ops(&["show", &id]).code, 0);
    assert_eq!(service.listed().len(), 1);
    drop(claim);
    assert_eq!(service.ops(&["resume", &id, "--yes"]).code, 0);
}

#[test]
fn calls_that_are_not_understood_end_with_2() {
    let service = Service::quick();
    for arguments in [
        vec!["resume"],
        vec!["resume", "--all", "some-id"],
        vec!["show", "../up"],
        vec!["abandon"],
        vec!["resume", "--sandbox", "--all"],
    ] {
        assert_eq!(service.ops(&arguments).code, 2, "{arguments:?}");
    }
    assert!(service.journal.names().is_empty());
}
