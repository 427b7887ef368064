//! What an open operation is about is not begun again, however it is asked for.
//!
//! **Invariant:** nobody is asked twice for a document, a draft or a content unless somebody insists.

use std::path::Path;

use podpis_sandbox::{ExternPlace, Fault, PhoneMode, SignatureFault, WorldOptions};
use serde_json::Value;

use crate::bench::{Ended, Folder, Service, advised};

/// `podpis …` in a folder of its own, which only begins.
fn begin(service: &Service, folder: &Folder, command: &[&str], more: &[&str]) -> Ended {
    let mut podpis = service.podpis();
    podpis.current_dir(folder.root()).args(command);
    podpis.args(["--base-url", &service.url, "--no-wait", "--json"]);
    Ended::of(podpis.args(more))
}

fn begun(ended: &Ended) -> String {
    assert_eq!(ended.code, 4, "{ended:?}");
    let told = ended.object();
    assert_eq!(told["started"], true, "{ended:?}");
    told["operation"].as_str().unwrap().to_owned()
}

/// Asserts that the operation is named with all that can be done about it.
fn is_named(again: &Ended, id: &str, what: &str) {
    again.expect(4, &[id, what, "--even-if-open"]);
    let error = &again.object()["error"];
    assert_eq!(error["kind"], "already_open", "{again:?}");
    assert_eq!(error["operation"], id, "{again:?}");
    for command in ["resume", "abandon"] {
        assert_eq!(advised(&again.stderr, command)[2], id, "{again:?}");
    }
}

#[test]
fn a_document_is_asked_for_once_by_whichever_method_and_message() {
    let (service, folder) = (Service::quick(), Folder::new());
    let document = service.sandbox.world_info().diadoc.unsigned_document;
    let attach = |more: &[&str]| begin(&service, &folder, &["diadoc", "attach"], more);
    let id = begun(&attach(&[]));
    let started = service.sandbox.counters().operations_started;
    let upper = document.entity.to_uppercase();
    let entities = ["--entity", "one-more", "--entity", upper.as_str()];
    let elsewhere = [&["--message", "another"][..], &entities].concat();
    for (other, what) in [
        (&["--method", "cloud"][..], &document.entity),
        (&["--method", "test"], &document.entity),
        (&["--approval"], &document.entity),
        (&["--label", "mine"], &document.entity),
        (&["--out", "elsewhere"], &document.entity),
        (&elsewhere, &upper),
    ] {
        is_named(&attach(other), &id, what);
    }
    assert_eq!(service.sandbox.counters().operations_started, started);
    assert!(folder.names().is_empty(), "{:?}", folder.names());
    let russian = attach(&["--method", "cloud", "--lang", "ru"]);
    russian.expect(4, &[&id, "уже начата", "--even-if-open"]);

    begun(&attach(&["--method", "cloud", "--even-if-open"]));
    assert_eq!(service.listed().len(), 2);
}

#[test]
fn a_content_is_asked_for_once_wherever_it_lies_and_by_whichever_method() {
    let (service, folder) = (Service::quick(), Folder::new());
    folder.file("act", "x");
    folder.file("copy", "x");
    folder.file("other", "y");
    let sign = |files: &[&str], more: &[&str]| {
        let command = [&["diadoc", "sign"][..], files].concat();
        begin(&service, &folder, &command, more)
    };
    let id = begun(&sign(&["act"], &[]));
    for (files, more) in [
        (&["act"][..], &["--method", "cloud"][..]),
        (&["act"], &["--out", "elsewhere"]),
        (&["copy"], &["--method", "cloud"]),
        (&["other", "copy"], &[]),
    ] {
        let what = files.last().unwrap();
        is_named(&sign(files, more), &id, what);
    }
    let mut piped = service.diadoc("sign");
    piped.current_dir(folder.root());
    piped.args(["-", "--out", "piped", "--no-wait", "--json"]);
    is_named(&Ended::of(piped.write_stdin("x")), &id, "stdin");
    assert_eq!(service.sandbox.counters().operations_started, 1);
    assert_eq!(folder.names(), ["act", "copy", "other"]);

    let cloud = ["--method", "cloud"];
    begun(&sign(&["other"], &cloud));
    begun(&sign(
        &["copy"],
        &[&cloud[..], &["--even-if-open"]].concat(),
    ));
    // What has changed is another content.
    folder.file("act", "z");
    begun(&sign(&["act"], &cloud));
}

#[test]
fn what_was_begun_in_a_sandbox_is_found_under_each_name_of_this_machine() {
    let (service, folder) = (Service::quick(), Folder::new());
    let file = folder.file("act", "x");
    let id = service.left_at_the_code(&file);
    let url = service.url.replace("127.0.0.1", "localhost");
    let mut sign = service.podpis();
    sign.args(["diadoc", "sign", "--json", "--no-wait", "--base-url", &url]);
    let again = Ended::of(sign.arg(&file));
    is_named(&again, &id, "act");
    let mut resume = service.podpis();
    let resumed = Ended::of(resume.args(advised(&again.stderr, "resume")).arg("--yes"));
    assert_eq!(resumed.code, 0, "{resumed:?}");
    assert_eq!(service.sandbox.counters().operations_started, 1);
}

#[test]
fn what_is_done_and_not_written_is_not_asked_for_again() {
    let (service, folder) = (Service::quick(), Folder::new());
    folder.file("act", "x");
    let sign = ["diadoc", "sign", "act"];
    let other = Fault::on("CloudSignConfirmResult").signatures(SignatureFault::OtherSigner);
    service.sandbox.inject(other);
    let ended = Ended::of(
        service
            .sign(&[&folder.path("act")])
            .args(["--yes", "--json"]),
    );
    let id = ended.object()["error"]["operation"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(service.listed()[0]["state"], "done");
    let started = service.sandbox.counters().operations_started;
    for method in ["cloud", "dss"] {
        let again = begin(&service, &folder, &sign, &["--method", method]);
        again.expect(4, &[&id, "--even-if-open"]);
    }
    assert_eq!(service.sandbox.counters().operations_started, started);
}

#[test]
fn a_content_is_known_without_a_note_and_begun_once_under_all_its_names() {
    let (service, folder) = (Service::quick(), Folder::new());
    let names = ["a", "b", "c", "d"];
    for name in names {
        folder.file(name, "x");
    }
    let at_once: Vec<Ended> = std::thread::scope(|scope| {
        let begin = |name| begin(&service, &folder, &["diadoc", "sign", name], &[]);
        let calls = names.map(|name| scope.spawn(move || begin(name)));
        calls.into_iter().map(|call| call.join().unwrap()).collect()
    });
    let is_begun = |ended: &&Ended| ended.stdout.contains("\"started\":true");
    let first: Vec<&Ended> = at_once.iter().filter(is_begun).collect();
    assert_eq!(first.len(), 1, "{at_once:?}");
    let id = begun(first[0]);
    std::fs::remove_file(service.journal.path(&format!("outputs/{id}.json"))).unwrap();
    let cloud = ["--method", "cloud"];
    is_named(
        &begin(&service, &folder, &["diadoc", "sign", "b"], &cloud),
        &id,
        "b",
    );
    assert_eq!(service.sandbox.counters().operations_started, 1);
}

#[test]
fn what_is_started_over_is_not_begun_beside_another_one() {
    let (service, folder) = (Service::quick(), Folder::new());
    folder.file("act", "x");
    let sign = ["diadoc", "sign", "--method", "cloud", "act"];
    service
        .sandbox
        .inject(Fault::on("CloudSign").call(1).drop_after());
    let lost = begin(&service, &folder, &sign, &[]).object();
    let lost = lost["error"]["operation"].as_str().unwrap();
    let other = begun(&begin(&service, &folder, &sign, &["--even-if-open"]));
    let over = service.ops(&["start-over", lost, "--no-wait"]);
    over.expect(4, &[&other, "--even-if-open"]);
    let over = service.ops(&["start-over", lost, "--no-wait", "--even-if-open"]);
    assert_eq!(over.code, 4, "{over:?}");
    assert_eq!(service.sandbox.counters().operations_started, 3);
}

/// The arguments that name a document.
fn place(place: &ExternPlace, change: fn(&str) -> String) -> Vec<String> {
    let mut arguments = vec![
        "--docflow".to_owned(),
        change(&place.docflow),
        "--document".to_owned(),
        change(&place.document),
    ];
    if let (Some(related), Some(inventory)) = (&place.related_document, &place.inventory) {
        arguments.extend(["--related-document".to_owned(), change(related)]);
        arguments.extend(["--inventory".to_owned(), change(inventory)]);
    }
    arguments
}

#[test]
fn what_extern_has_is_asked_for_once_however_it_is_named() {
    let willing = WorldOptions::default().phone(PhoneMode::Manual, std::time::Duration::ZERO);
    let seeded = Service::start(willing.clone()).sandbox.world_info().extern_;
    let draft = &seeded.drafts.dss.id;
    let reply = &seeded.replies.fns_demand;
    let named = |first: &[&str], place: Vec<String>| {
        let first = first.iter().map(ToString::to_string);
        first.chain(place).collect::<Vec<String>>()
    };
    let reply_id = ["--reply", &reply.dss];
    let package = Folder::new();
    let report = package.file("report.xml", "<report/>");
    let copy = package.file("copy.xml", "<report/>");
    let path = |path: &Path| path.to_str().unwrap().to_owned();
    for (command, once, again, what) in [
        (
            "sign-draft",
            vec![],
            named(&["--draft", &draft.to_uppercase()], vec![]),
            draft.to_uppercase(),
        ),
        (
            "sign-reply",
            named(&reply_id, place(&reply.place, str::to_owned)),
            named(
                &["--force-confirmation", "true", reply_id[0], reply_id[1]],
                place(&reply.place, str::to_uppercase),
            ),
            reply.dss.clone(),
        ),
        (
            "decrypt",
            vec![],
            vec!["--old-confirm".to_owned()],
            seeded.encrypted.dss.place.document.clone(),
        ),
        (
            "send",
            vec![path(&report)],
            vec![path(&copy), "--force".to_owned()],
            path(&copy),
        ),
    ] {
        let (service, folder) = (Service::start(willing.clone()), Folder::new());
        let run = |arguments: &[String]| {
            let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
            begin(&service, &folder, &["extern", command], &arguments)
        };
        let id = begun(&run(&once));
        is_named(&run(&again), &id, &what);
        assert_eq!(service.listed().len(), 1, "{command}");
    }
}

#[test]
fn what_another_operation_has_made_to_be_signed_is_asked_for_once() {
    let (service, folder) = (Service::quick(), Folder::new());
    folder.file("report.xml", "<report/>");
    let run = |command: &str, more: &[&str]| begin(&service, &folder, &["extern", command], more);
    let made = |id: &str, what: &str| {
        let record = std::fs::read(service.journal.path(&format!("{id}.json"))).unwrap();
        let record: Value = serde_json::from_slice(&record).unwrap();
        let id = &record["operation"]["data"][what];
        id.as_str().unwrap().to_uppercase()
    };
    let report = begun(&run("send", &["report.xml"]));
    let draft = made(&report, "draft");
    let replies = run("reply", &[]).objects();
    let answer = replies[0]["operation"].as_str().unwrap();
    let (reply, asked) = (made(answer, "reply"), service.sandbox.counters());

    let draft_again = ["--draft", &draft];
    is_named(&run("sign-draft", &draft_again), &report, &draft);
    let document = service
        .sandbox
        .world_info()
        .extern_
        .replies
        .fns_demand
        .place;
    let mut reply_again = place(&document, str::to_owned);
    reply_again.extend(["--reply".to_owned(), reply.clone()]);
    let reply_again: Vec<&str> = reply_again.iter().map(String::as_str).collect();
    is_named(&run("sign-reply", &reply_again), answer, &reply);
    // What is not noted on this machine is known by its record.
    std::fs::remove_file(service.journal.path(&format!("outputs/{report}.json"))).unwrap();
    is_named(&run("sign-draft", &draft_again), &report, &draft);
    let started = |asked: podpis_sandbox::Counters| asked.operations_started;
    assert_eq!(started(service.sandbox.counters()), started(asked));
}

#[test]
fn a_file_for_another_authority_is_another_report() {
    let (service, folder) = (Service::quick(), Folder::new());
    folder.file("report.xml", "<report/>");
    let send = |to: &str| {
        let to = ["--to", to, "--inn", "7700000000", "--ip", "127.0.0.1"];
        begin(&service, &folder, &["extern", "send", "report.xml"], &to)
    };
    let id = begun(&send("ifns:0087"));
    is_named(&send("ifns:0087"), &id, "report.xml");
    let other = send("ifns:0088");
    assert_ne!(other.object()["error"]["kind"], "already_open", "{other:?}");
}
