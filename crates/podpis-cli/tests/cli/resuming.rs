//! `podpis ops resume`.
//!
//! **Invariant:** nothing is started and no file is asked for; each operation is driven by one program.

use std::fs;
use std::path::PathBuf;

use podpis_sandbox::Fault;
use serde_json::Value;

use crate::bench::{Ended, Folder, Service, advised, openssl_accepts};

/// The host and the port of a service.
fn host(service: &Service) -> &str {
    service.url.trim_start_matches("http://")
}

#[test]
fn signatures_go_where_they_were_to_go_from_the_beginning() {
    let service = Service::quick();
    let folder = Folder::new();
    let file = folder.file("in/act.xml", "x");
    let out = folder.path("out");
    fs::create_dir(&out).unwrap();
    let ended = Ended::of(service.sign(&[&file]).arg("--json").arg("--out").arg(&out));
    let id = ended.object()["error"]["operation"]
        .as_str()
        .unwrap()
        .to_owned();
    // The file itself is not needed.
    let kept = folder.path("kept");
    fs::rename(&file, &kept).unwrap();
    let code = service.sandbox.last_code().unwrap();
    let ended = Ended::of(
        service
            .podpis()
            .args(["ops", "resume", &id, "--json"])
            .current_dir("/")
            .write_stdin(format!("{code}\n")),
    );
    assert_eq!(ended.code, 0, "{ended:?}");
    let object = ended.object();
    assert_eq!(object["operation"], id);
    assert_eq!(object["exit"], 0);
    let told = &object["files"][0];
    assert_eq!(told["file"], file.to_str().unwrap());
    assert_eq!(told["checks"]["digest"], "passed");
    let signature = out.join("act.xml.p7s");
    assert_eq!(told["signature"], signature.to_str().unwrap());
    assert!(openssl_accepts(&kept, &signature));
    assert_eq!(service.calls("CloudSign"), 1);
    assert_eq!(service.sandbox.counters().sms_sent, 1);
    assert!(service.listed().is_empty());
}

#[test]
fn without_a_note_nothing_that_is_there_is_replaced() {
    let service = Service::quick();
    let folder = Folder::new();
    let here = folder.path("here");
    fs::create_dir(&here).unwrap();
    fs::write(here.join("act.p7s"), "of another act").unwrap();
    for (argument, expected) in [(None, "act.2.p7s"), (Some("."), "act.3.p7s")] {
        // Another content each time: equal signatures of one second would share a file.
        let file = folder.file("act", expected);
        let id = service.left_at_the_code(&file);
        fs::remove_dir_all(service.journal.path("outputs")).unwrap();
        let mut resume = service.podpis();
        resume
            .args(["ops", "resume", &id, "--yes", "--base-url", &service.url])
            .current_dir(&here);
        if let Some(out) = argument {
            resume.args(["--out", out]);
        }
        let ended = Ended::of(&mut resume);
        assert_eq!(ended.code, 0, "{ended:?}");
        let is_guess = ended.stderr.contains("was not noted");
        assert_eq!(is_guess, argument.is_none(), "{ended:?}");
        assert!(openssl_accepts(&file, &here.join(expected)), "{ended:?}");
    }
    assert_eq!(fs::read(here.join("act.p7s")).unwrap(), b"of another act");
}

#[test]
fn each_outcome_is_told_and_the_worst_is_the_end() {
    let service = Service::quick();
    let folder = Folder::new();
    let name = |name: &str| folder.file(name, name);
    // One that nobody can tell about, one that will be refused, and one that goes well.
    service.sandbox.inject(Fault::on("CloudSign").drop_after());
    let ended = Ended::of(service.sign(&[&name("lost")]).args(["--yes", "--json"]));
    ended.expect(4, &[]);
    service.sandbox.clear_faults();
    let lost = advised(&ended.stderr, "start-over")[2].clone();
    let refused = service.left_at_the_code(&name("refused"));
    let good = service.left_at_the_code(&name("good"));

    let wrong = service.ops(&["resume", &refused, "--json"]);
    wrong.expect(4, &["ended without a code"]);
    let ended = Ended::of(
        service
            .podpis()
            .args(["ops", "resume", &refused, "--code-attempts", "1", "--json"])
            .write_stdin("000\n"),
    );
    ended.expect(3, &["too many wrong codes"]);
    let object = ended.object();
    assert_eq!(object["exit"], 3);
    assert_eq!(object["error"]["refusal"], "too-many-attempts");

    let code = service.sandbox.last_code().unwrap();
    let ended = Ended::of(
        service
            .podpis()
            .args(["ops", "resume", "--all", "--json"])
            .write_stdin(format!("{code}\n")),
    );
    assert_eq!(ended.code, 4, "{ended:?}");
    let objects = ended.objects();
    assert_eq!(objects.len(), 2, "{ended:?}");
    assert_eq!(objects[0]["operation"], lost);
    assert_eq!(objects[0]["error"]["kind"], "cannot_tell");
    assert_eq!(objects[1]["operation"], good);
    assert_eq!(objects[1]["exit"], 0);
    assert_eq!(advised(&ended.stderr, "abandon")[2], lost);
    let listed = service.listed();
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0]["next"], "look");
}

#[test]
fn an_operation_stays_with_its_host() {
    let service = Service::quick();
    let other = Service::quick();
    let folder = Folder::new();
    let id = service.left_at_the_code(&folder.file("act", "x"));
    let ended = service.ops(&["resume", &id, "--yes", "--base-url", &other.url, "--json"]);
    ended.expect(2, &["--base-url", &id, host(&service), host(&other)]);
    // What is set up for other operations does no harm, and what is said now wins.
    let ended = Ended::of(
        service
            .podpis()
            .args(["ops", "resume", &id, "--yes", "--base-url", &service.url])
            .env("DIADOC_BASE_URL", &other.url),
    );
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(other.sandbox.requests().is_empty());
}

#[test]
fn a_service_that_is_gone_leaves_the_operation_open() {
    let service = Service::quick();
    let folder = Folder::new();
    let id = service.left_at_the_code(&folder.file("act", "x"));
    let path = service.journal.path(&format!("{id}.json"));
    let record = fs::read_to_string(&path).unwrap();
    let host = service.url.trim_start_matches("http://");
    fs::write(&path, record.replace(host, "127.0.0.1:1")).unwrap();
    let there = ["--base-url", "http://127.0.0.1:1"];
    let ended = service.ops(&[&["resume", &id, "--json"], &there[..]].concat());
    ended.expect(4, &["nothing answers", "127.0.0.1:1"]);
    // And nothing of a seeded login goes to another host.
    fs::write(&path, record.replace(host, "diadoc.invalid")).unwrap();
    let there = ["--base-url", "https://diadoc.invalid"];
    service
        .ops(&[&["resume", &id], &there[..]].concat())
        .expect(2, &["DIADOC_LOGIN", "DIADOC_PASSWORD"]);
    service
        .ops(&[&["resume", &id, "--yes"], &there[..]].concat())
        .expect(2, &["--yes", "https://diadoc.invalid"]);
    assert_eq!(service.listed().len(), 1);
}

#[test]
fn two_programs_share_the_work() {
    const OPERATIONS: usize = 6;

    let service = Service::quick();
    let folder = Folder::new();
    let files: Vec<PathBuf> = (0..OPERATIONS)
        .map(|at| folder.file(&format!("act-{at}"), format!("act {at}")))
        .collect();
    let ids: Vec<String> = files
        .iter()
        .map(|file| service.left_at_the_code(file))
        .collect();
    let resume = || {
        service
            .podpis_with_pipes()
            .args(["ops", "resume", "--all", "--yes", "--json"])
            .args(["--code-attempts", "1"])
            .spawn()
            .unwrap()
    };
    let children = [resume(), resume()];
    let ended = children.map(|child| Ended::from(child.wait_with_output().unwrap()));
    let mut done: Vec<String> = Vec::new();
    let mut signatures: Vec<Value> = Vec::new();
    for one in &ended {
        assert_eq!(one.code, 0, "{one:?}");
        for object in one.objects() {
            if object["skipped"].is_null() {
                assert_eq!(object["exit"], 0, "{one:?}");
                done.push(object["operation"].as_str().unwrap().to_owned());
                signatures.push(object["files"][0]["signature"].clone());
            }
        }
    }
    done.sort();
    let mut expected = ids;
    expected.sort();
    assert_eq!(done, expected, "{ended:?}");
    signatures.sort_by_key(ToString::to_string);
    signatures.dedup();
    assert_eq!(signatures.len(), OPERATIONS);
    let counters = service.sandbox.counters();
    assert_eq!(counters.sms_sent, OPERATIONS as u64);
    assert_eq!(counters.confirmations, OPERATIONS as u64);
    assert_eq!(counters.signatures_made, OPERATIONS as u64);
    for file in &files {
        let signature = file.with_extension("p7s");
        assert!(openssl_accepts(file, &signature), "{}", file.display());
    }
    assert!(service.listed().is_empty());
    assert_eq!(service.journal.names(), ["journal.lock", "outputs"]);
}

#[test]
fn the_same_command_again_names_the_operation_that_is_open_and_sends_nothing() {
    let service = Service::quick();
    let folder = Folder::new();
    let (file, other) = (folder.file("act", "x"), folder.file("other", "y"));
    let id = service.left_at_the_code(&file);
    let started = service.sandbox.counters().operations_started;
    let again = Ended::of(service.sign(&[&file]).args(["--yes", "--json"]));
    again.expect(4, &[&id]);
    assert_eq!(again.object()["error"]["kind"], "already_open");
    assert_eq!(again.object()["error"]["operation"], id.as_str());
    assert!(again.stderr.contains("ops resume"), "{again:?}");
    assert_eq!(service.sandbox.counters().operations_started, started);

    // Another file is another matter, and so is the same one once the operation is over.
    let another = Ended::of(service.sign(&[&other]).arg("--yes"));
    assert_eq!(another.code, 0, "{another:?}");
    let beginning = &id[..8];
    let resumed = service.ops(&["resume", beginning, "--yes", "--base-url", &service.url]);
    assert_eq!(resumed.code, 0, "{resumed:?}");
    let anew = Ended::of(service.sign(&[&file]).arg("--yes"));
    assert_eq!(anew.code, 0, "{anew:?}");
}

#[test]
fn an_id_may_be_cut_short_as_long_as_it_means_one_operation() {
    let service = Service::quick();
    let folder = Folder::new();
    let ids = ["a", "b"].map(|name| service.left_at_the_code(&folder.file(name, name)));
    for id in &ids {
        let shown = service.ops(&["show", &id[..12], "--json"]);
        assert_eq!(shown.code, 0, "{shown:?}");
        assert_eq!(shown.object()["operation"], id.as_str());
    }
    let common: String = ids[0]
        .chars()
        .zip(ids[1].chars())
        .take_while(|(one, other)| one == other)
        .map(|(one, _)| one)
        .collect();
    if !common.is_empty() {
        service
            .ops(&["show", &common])
            .expect(2, &[&ids[0], &ids[1]]);
    }
    service.ops(&["show", "zzzz"]).expect(1, &["zzzz"]);
}
