//! `podpis diadoc documents` and `attach --waiting`.
//!
//! **Invariant:** what needs nothing but a signature is signed with one confirmation and attached once; all the rest is told
//! with what it needs; nothing is sent before somebody has said yes to the number.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Stdio;
use std::time::{Duration, Instant};

use podpis_sandbox::{DocumentState, Fault, PhoneMode, WorldOptions};
use serde_json::Value;

use crate::bench::{Ended, Folder, Service, podpis, until};
use crate::killed::Moments;

/// A service whose signer confirms at once.
fn willing() -> Service {
    Service::start(WorldOptions::default().phone(PhoneMode::Confirm, Duration::ZERO))
}

/// `podpis diadoc attach --waiting …` in a folder of its own.
fn attach(service: &Service, folder: &Folder, arguments: &[&str]) -> Ended {
    let mut command = service.diadoc("attach");
    command.current_dir(folder.root());
    Ended::of(command.args(["--waiting", "--json"]).args(arguments))
}

/// What every seeded document needs, those of the draft of the own box too.
fn all_seeded(service: &Service) -> BTreeMap<String, String> {
    let seeded = service.sandbox.world_info().diadoc.messages;
    let of_draft = seeded.draft.documents.into_iter();
    let of_draft = of_draft.map(|entity| (entity, "signature".to_owned()));
    let waiting = seeded.waiting.into_iter();
    let waiting = waiting.map(|one| (one.document.entity, one.needs));
    waiting.chain(of_draft).collect()
}

/// The seeded documents that need this, by their ids.
fn seeded(service: &Service, needs: &str) -> BTreeSet<String> {
    let all = all_seeded(service).into_iter();
    let found = all.filter(|(_, need)| need == needs);
    found.map(|(entity, _)| entity).collect()
}

/// Every document with an ordinary signature of ours that was not there from the start.
fn signed(service: &Service) -> Vec<DocumentState> {
    let sent = service.sandbox.world_info().diadoc.messages.sent.entity;
    let mut documents = service.sandbox.documents();
    documents.retain(|one| one.entity != sent && one.signatures.iter().any(|one| one.ours));
    documents
}

fn ids(documents: &[DocumentState]) -> BTreeSet<String> {
    documents.iter().map(|one| one.entity.clone()).collect()
}

fn texts(objects: &[Value], field: &str) -> BTreeMap<String, String> {
    let told = objects.iter().filter(|one| one[field].is_string());
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    told.map(|one| (text(&one["entity"]), text(&one[field])))
        .collect()
}

/// The documents of the draft: as the draft was sent they have other ids.
const OF_DRAFT: [&str; 2] = ["appendix.txt", "УПД-6.xml"];

/// These documents, and those of the draft, were signed.
fn are_signed(service: &Service, mut expected: BTreeSet<String>) -> Vec<DocumentState> {
    let documents = signed(service);
    let (of_draft, others): (Vec<_>, Vec<_>) = documents
        .iter()
        .cloned()
        .partition(|one| OF_DRAFT.contains(&one.file_name.as_str()));
    let mut names: Vec<&str> = of_draft.iter().map(|one| &*one.file_name).collect();
    names.sort_unstable();
    assert_eq!(names, OF_DRAFT);
    for entity in service.sandbox.world_info().diadoc.messages.draft.documents {
        expected.remove(&entity);
    }
    assert_eq!(ids(&others), expected);
    documents
}

/// Each document that needs nothing but a signature has one, which verifies, and no other document has any.
fn all_is_signed_once(service: &Service) {
    let documents = are_signed(service, seeded(service, "signature"));
    for document in &documents {
        let ours = document.signatures.iter().filter(|one| one.ours);
        let ours: Vec<_> = ours.collect();
        assert_eq!(ours.len(), 1, "{document:?}");
        assert!(ours[0].verifies && !ours[0].approval, "{document:?}");
    }
}

#[test]
fn the_embedded_sandbox_needs_nothing_else() {
    let folder = Folder::new();
    let mut command = podpis();
    command.current_dir(folder.root());
    let arguments = [
        "diadoc",
        "attach",
        "--waiting",
        "--sandbox",
        "--yes",
        "--json",
    ];
    let ended = Ended::of(command.args(arguments));
    assert_eq!(ended.code, 0, "{ended:?}");
    let objects = ended.objects();
    let attached = texts(&objects, "attached");
    assert!(attached.len() >= 12, "{attached:?}");
    assert_eq!(folder.names().len(), attached.len());
    let of_draft = "appendix.txt.p7s".to_owned();
    assert!(folder.names().contains(&of_draft), "{attached:?}");
    let needs: BTreeSet<String> = texts(&objects, "needs").into_values().collect();
    let needs: Vec<&str> = needs.iter().map(String::as_str).collect();
    let expected = [
        "colleague",
        "decryption",
        "other",
        "power_of_attorney",
        "title",
    ];
    assert_eq!(needs, expected);
}

#[test]
fn all_is_signed_with_one_confirmation_and_once() {
    for (method, pushes, codes) in [("dss", 1, 0), ("cloud", 0, 1), ("test", 0, 0)] {
        let (service, folder) = (willing(), Folder::new());
        let ended = attach(&service, &folder, &["--yes", "--method", method]);
        assert_eq!(ended.code, 0, "{ended:?}");
        all_is_signed_once(&service);
        let counters = service.sandbox.counters();
        assert_eq!((counters.pushes_sent, counters.sms_sent), (pushes, codes));
        let told = ended.objects();
        let attached: BTreeSet<String> = texts(&told, "attached").into_keys().collect();
        assert_eq!(attached, seeded(&service, "signature"));
        let others = all_seeded(&service).into_iter();
        let others = others.filter(|(_, need)| need != "signature");
        assert_eq!(texts(&told, "needs"), others.collect());
        assert!(service.listed().is_empty());

        // There is nothing left to sign, and nobody is asked.
        let again = attach(&service, &folder, &[]);
        assert_eq!(again.code, 0, "{again:?}");
        assert!(texts(&again.objects(), "attached").is_empty());
        assert_eq!(service.sandbox.counters().patches, counters.patches);
    }
}

#[test]
fn what_is_listed_is_what_would_be_signed() {
    let (service, folder) = (willing(), Folder::new());
    let listed = Ended::of(service.diadoc("documents").args(["--waiting", "--json"]));
    assert_eq!(listed.code, 0, "{listed:?}");
    let dry = attach(&service, &folder, &["--dry-run"]);
    assert_eq!(dry.code, 0, "{dry:?}");
    let needs = texts(&listed.objects(), "needs");
    assert_eq!(needs, texts(&dry.objects(), "needs"));
    assert_eq!(needs, all_seeded(&service));
    assert!(signed(&service).is_empty());
    assert_eq!(
        service.calls("DssSign") + service.calls("PrepareDocumentsToSign"),
        0
    );
}

#[test]
fn drafts_are_looked_at_unless_they_are_left_out() {
    let service = willing();
    let list = |more: &[&str]| {
        let mut command = service.diadoc("documents");
        let ended = Ended::of(command.args(["--waiting", "--json"]).args(more));
        assert_eq!(ended.code, 0, "{ended:?}");
        (texts(&ended.objects(), "needs"), ended)
    };
    let (with, _) = list(&[]);
    let feeds = service.calls("GetNewEvents");
    let (without, _) = list(&["--no-drafts"]);
    assert_eq!(service.calls("GetNewEvents"), feeds);
    let draft = service.sandbox.world_info().diadoc.messages.draft;
    for entity in &draft.documents {
        assert_eq!(without.get(entity), None);
        assert_eq!(with.get(entity).map(String::as_str), Some("signature"));
    }
    assert_eq!(with.len(), without.len() + draft.documents.len());
    let is_of_it = |entity: &String| draft.documents.contains(entity);
    assert!(!list(&["--type", "Invoice"]).0.keys().any(is_of_it));

    // Whoever may not see all documents is not shown them, and signs the others.
    service
        .sandbox
        .inject(Fault::on("GetNewEvents").call(1).status(403));
    let (seen, ended) = list(&[]);
    assert_eq!(seen, without);
    assert!(
        ended.stderr.contains("drafts were not looked at"),
        "{ended:?}"
    );

    // They are signed and sent with the others, with one confirmation.
    let folder = Folder::new();
    let ended = attach(&service, &folder, &["--yes"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(ended.stderr.contains("sent to its recipient"), "{ended:?}");
    let attached = texts(&ended.objects(), "attached");
    assert!(draft.documents.iter().all(|one| attached.contains_key(one)));
    assert_eq!(service.calls("SendDraft"), 1);
    assert_eq!(service.sandbox.counters().pushes_sent, 1);
    let again = attach(&service, &folder, &["--yes"]);
    assert_eq!(again.code, 0, "{again:?}");
    assert!(texts(&again.objects(), "attached").is_empty());
}

#[test]
fn nothing_is_sent_before_somebody_says_yes_to_the_number() {
    let (service, folder) = (willing(), Folder::new());
    let number = seeded(&service, "signature").len();
    let [right, wrong] = [number, number + 1].map(|number| number.to_string());
    for (arguments, words) in [
        (&[][..], format!("--confirm-count {right}")),
        (&["--confirm-count", &wrong], right.clone()),
        (&["--confirm-count", "0"], right.clone()),
    ] {
        let ended = attach(&service, &folder, arguments);
        ended.expect(2, &[&words]);
        assert_eq!(
            service.calls("DssSign") + service.calls("PrepareDocumentsToSign"),
            0
        );
    }
    let ended = attach(&service, &folder, &["--confirm-count", &right]);
    assert_eq!(ended.code, 0, "{ended:?}");
    all_is_signed_once(&service);
    // Afterwards there are none, and that is the number.
    assert_eq!(attach(&service, &folder, &["--confirm-count", "0"]).code, 0);
    attach(&service, &folder, &["--confirm-count", "1"]).expect(2, &["0 documents"]);
}

#[test]
fn filters_and_limits_choose_and_never_split_a_packet() {
    let service = willing();
    let folder = Folder::new();
    let dry = |arguments: &[&str]| {
        let ended = attach(&service, &folder, &[&["--dry-run"], arguments].concat());
        assert_eq!(ended.code, 0, "{ended:?}");
        texts(&ended.objects(), "needs")
    };
    let count = |needs: &BTreeMap<String, String>| {
        needs.values().filter(|need| *need == "signature").count()
    };
    let contracts = dry(&["--type", "Contract"]);
    assert_eq!((contracts.len(), count(&contracts)), (5, 2));
    let other = service.sandbox.world_info().diadoc.other_box;
    assert_eq!(count(&dry(&["--counterparty", &other])), 14);
    assert_eq!(count(&dry(&["--since", "2020-01-01"])), 15);
    assert_eq!(dry(&["--since", "2999-01-01"]).len(), 0);
    assert_eq!(count(&dry(&["--limit", "1"])), 1);
    let plain = dry(&["--type", "Nonformalized", "--limit", "3"]);
    let locked = service
        .sandbox
        .world_info()
        .diadoc
        .messages
        .locked
        .documents;
    let of_packet = locked.iter().filter(|id| plain.contains_key(*id)).count();
    assert_eq!((count(&plain), of_packet), (2, 0), "its two do not fit");

    let limited = attach(&service, &folder, &["--yes", "--limit", "2"]);
    assert_eq!(limited.code, 0, "{limited:?}");
    assert_eq!(signed(&service).len(), 2);
    for (arguments, words) in [
        (&["--type", "Any.Inbound"][..], "--type"),
        (&["--counterparty", "me"], "--counterparty"),
        (&["--since", "yesterday"], "2024-06-15"),
    ] {
        attach(&service, &folder, arguments).expect(2, &[words]);
    }
    let without = Ended::of(service.diadoc("attach").args(["--type", "Contract"]));
    without.expect(2, &["--waiting"]);
}

#[test]
fn a_power_of_attorney_is_all_that_some_need() {
    let (service, folder) = (willing(), Folder::new());
    let ended = attach(
        &service,
        &folder,
        &["--yes", "--power-of-attorney", "default"],
    );
    assert_eq!(ended.code, 0, "{ended:?}");
    let mut expected = seeded(&service, "signature");
    expected.extend(seeded(&service, "power_of_attorney"));
    are_signed(&service, expected);
}

#[test]
fn a_message_that_refuses_is_told_and_its_signature_is_a_file() {
    let (service, folder) = (willing(), Folder::new());
    let fault = Fault::on("PostMessagePatch").call(2).status(409);
    service.sandbox.inject(fault);
    let ended = attach(&service, &folder, &["--yes"]);
    assert_eq!(ended.code, 3, "{ended:?}");
    let number = seeded(&service, "signature").len();
    assert_eq!(signed(&service).len(), number - 1);
    assert_eq!(folder.names().len(), number);
    let objects = ended.objects();
    let refused: Vec<&Value> = objects
        .iter()
        .filter(|one| one["error"].is_object())
        .collect();
    let [refused] = &refused[..] else {
        panic!("{objects:?}");
    };
    assert_eq!(refused["error"]["kind"], "not_signed");
    assert!(refused["signature"].as_str().unwrap().ends_with(".p7s"));
    assert!(
        ended.stderr.contains("signed and not attached"),
        "{ended:?}"
    );
    // It waits still, and is signed the next time.
    let again = attach(&service, &folder, &["--yes"]);
    assert_eq!(again.code, 0, "{again:?}");
    all_is_signed_once(&service);
}

#[test]
fn whoever_says_no_on_the_phone_is_not_asked_again() {
    let options = WorldOptions::default().phone(PhoneMode::Decline, Duration::ZERO);
    let (service, folder) = (Service::start(options), Folder::new());
    let number = seeded(&service, "signature").len().to_string();
    let ended = attach(&service, &folder, &["--confirm-count", &number]);
    assert_eq!(ended.code, 3, "{ended:?}");
    assert_eq!(service.sandbox.counters().pushes_sent, 1);
    assert!(signed(&service).is_empty() && service.listed().is_empty());
}

#[test]
fn documents_are_saved_to_be_read_and_told_in_both_languages() {
    let service = willing();
    let folder = Folder::new();
    let other = service.sandbox.world_info().diadoc.other_box;
    for (language, words) in [
        ("en", ["needs a title", "counterparty"]),
        ("ru", ["нужен титул", "контрагент"]),
    ] {
        let mut command = service.diadoc("documents");
        let command = command.args(["--waiting", "--lang", language]);
        let ended = Ended::of(command);
        assert!(ended.stdout.contains(words[0]), "{ended:?}");
        // As the filter takes it.
        let line = format!("  {} {}@", words[1], other.replace('-', ""));
        assert!(ended.stdout.contains(&line), "{line}: {ended:?}");
    }
    let mut command = service.diadoc("documents");
    command.args(["--type", "Contract", "--json", "--save"]);
    let ended = Ended::of(command.arg(folder.root()));
    assert_eq!(ended.code, 0, "{ended:?}");
    let saved = texts(&ended.objects(), "saved");
    assert_eq!(saved.len(), 5);
    for (entity, place) in &saved {
        let documents = service.sandbox.documents();
        let known = documents.iter().find(|one| one.entity == *entity).unwrap();
        let bytes = std::fs::read(folder.path(place)).unwrap();
        assert!(String::from_utf8(bytes).unwrap().contains(&known.file_name));
    }
    let all = Ended::of(service.diadoc("documents").arg("--json")).objects();
    assert!(all.len() > saved.len() && all.iter().all(|one| one["needs"].is_null()));
    let two = Ended::of(service.diadoc("documents").args(["--json", "--limit", "2"]));
    assert_eq!(two.objects().len(), 2);
}

#[test]
fn two_at_once_ask_once_for_a_document() {
    let service = Service::quick();
    let folder = Folder::new();
    let number = seeded(&service, "signature").len().to_string();
    let mut first = service.podpis_with_pipes();
    first.args(["diadoc", "attach", "--waiting", "--confirm-count", &number]);
    first.args(["--base-url", &service.url]);
    first.current_dir(folder.root()).stdin(Stdio::null());
    let mut first = first.spawn().unwrap();
    // It waits for the phone now; before that it is kept apart in the same way.
    let push = until(|| service.sandbox.messages().pop());
    let second = attach(&service, &folder, &["--confirm-count", &number]);
    second.expect(1, &["another podpis", "nothing was sent"]);
    assert_eq!(second.object()["error"]["kind"], "claimed");
    let dry = attach(&service, &folder, &["--dry-run"]);
    assert_eq!(dry.code, 0, "looking is free: {dry:?}");
    assert_eq!(service.sandbox.counters().pushes_sent, 1);

    service.sandbox.confirm(&push.operation).unwrap();
    assert!(first.wait().unwrap().success());
    all_is_signed_once(&service);
    let again = attach(&service, &folder, &["--confirm-count", "0"]);
    assert_eq!(again.code, 0, "{again:?}");
    assert_eq!(service.sandbox.counters().operations_started, 1);
}

#[test]
fn two_that_begin_together_ask_once_for_a_document() {
    let service = willing();
    let folder = Folder::new();
    // Both have looked at what waits before either of them can have started.
    let late = Duration::from_millis(300);
    service
        .sandbox
        .inject(Fault::on("GetDocuments").delay(late));
    let both = [(), ()].map(|()| {
        let mut podpis = service.podpis_with_pipes();
        podpis.args(["diadoc", "attach", "--waiting", "--yes", "--json"]);
        podpis.args(["--base-url", &service.url]);
        podpis.current_dir(folder.root()).stdin(Stdio::null());
        podpis.spawn().unwrap()
    });
    let ended = both.map(|child| Ended::from(child.wait_with_output().unwrap()));
    let mut codes = ended.each_ref().map(|one| one.code);
    codes.sort_unstable();
    assert!(matches!(codes, [0, 0 | 1]), "{ended:?}");
    all_is_signed_once(&service);
    let counters = service.sandbox.counters();
    assert_eq!((counters.operations_started, counters.pushes_sent), (1, 1));
    assert_eq!(counters.patches, 12, "one for each message");
    assert!(service.listed().is_empty());
}

/// The answers of the calls that matter are late, so that kills meet them on their way.
const LATE: [(&str, u64); 7] = [
    ("GetDocuments", 5),
    ("GetMessage", 5),
    ("DssSign", 60),
    ("DssSignResult", 40),
    ("PostMessagePatch", 40),
    ("SendDraft", 40),
    ("GetEntityContent", 5),
];

#[test]
#[allow(
    clippy::disallowed_methods,
    reason = "real programs run on the real clock"
)]
fn it_can_be_killed_ten_times_and_run_again() {
    let mut moments = Moments::of(7);
    let mut longest = Duration::ZERO;
    let mut kills = 0;
    // The first world shows how long it takes; in the others it is killed once, twice or three times.
    for world in 0..7 {
        let options = WorldOptions::default().processing(Duration::from_millis(40));
        let service = Service::thinking(options.phone(PhoneMode::Confirm, Duration::ZERO));
        for (endpoint, late) in LATE {
            let late = Duration::from_millis(late);
            service.sandbox.inject(Fault::on(endpoint).delay(late));
        }
        let folder = Folder::new();
        let mut lost = 0;
        for _ in 0..[0, 1, 1, 2, 1, 2, 3][world] {
            kills += 1;
            let mut child = service
                .podpis_with_pipes()
                .args(["diadoc", "attach", "--waiting", "--yes"])
                .args(["--base-url", &service.url])
                .current_dir(folder.root())
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
            std::thread::sleep(moments.next(longest));
            child.kill().unwrap();
            child.wait().unwrap();
            // Only a start whose answer was lost is for a person to decide, who finds it in the list.
            for one in service.listed() {
                if one["state"] == "starting" && one["next"] != "resume" {
                    let id = one["operation"].as_str().unwrap();
                    let told = attach(&service, &folder, &["--dry-run"]);
                    assert!(
                        texts(&told.objects(), "needs")
                            .values()
                            .any(|need| need == "operation")
                    );
                    assert_eq!(service.ops(&["abandon", id]).code, 0);
                    lost += 1;
                }
            }
        }
        let began = Instant::now();
        let ended = attach(&service, &folder, &["--yes"]);
        if world == 0 {
            longest = began.elapsed();
        }
        assert_eq!(ended.code, 0, "{ended:?}");
        all_is_signed_once(&service);
        // The owner of the phone confirms also what nobody waits for any more.
        let counters = until(|| {
            let counters = service.sandbox.counters();
            (counters.confirmations == counters.operations_started).then_some(counters)
        });
        println!("{lost} starts without an answer in {longest:?}; {counters:?}");
        assert!(counters.operations_started <= 1 + lost, "{counters:?}");
        assert_eq!(counters.pushes_sent, counters.operations_started);
        assert_eq!(counters.patches, 12, "one for each message");
        assert_eq!(counters.operation_ids_reused, 0);
        assert!(service.listed().is_empty());
        // Every signature is a file too, whichever call wrote it.
        let files = folder
            .names()
            .into_iter()
            .filter(|name| name.ends_with(".p7s"));
        assert!(files.count() >= seeded(&service, "signature").len());
    }
    assert_eq!(kills, 10);
}
