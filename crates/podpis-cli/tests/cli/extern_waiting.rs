//! `podpis extern docflows` and `reply --waiting`.
//!
//! **Invariant:** a document is answered once, whatever stops the program; what cannot be answered in one way only is told.

use std::collections::BTreeMap;
use std::process::Stdio;
use std::time::{Duration, Instant};

use podpis_sandbox::{Fault, PhoneMode, WorldOptions};
use serde_json::Value;

use crate::bench::{Ended, Folder, Service};
use crate::killed::Moments;

/// How many documents of the sandbox can be answered in one way only, and need nothing else.
const PLAIN: u64 = 4;

fn willing() -> Service {
    Service::start(WorldOptions::default().phone(PhoneMode::Confirm, Duration::ZERO))
}

fn run(service: &Service, command: &str, out: &Folder, arguments: &[&str]) -> Ended {
    let mut podpis = service.podpis();
    podpis.current_dir(out.root());
    podpis.args(["extern", command, "--waiting", "--json"]);
    podpis.args(["--base-url", &service.url]);
    Ended::of(podpis.args(arguments))
}

/// The documents that are told to need something, each with its word.
fn needs(ended: &Ended) -> BTreeMap<String, String> {
    let objects = ended.objects().into_iter();
    let told = objects.filter(|one| one["needs"].is_string());
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    told.map(|one| (text(&one["document"]), text(&one["needs"])))
        .collect()
}

#[test]
fn docflows_are_listed_with_what_they_ask_for() {
    let (service, out) = (willing(), Folder::new());
    let ended = run(&service, "docflows", &out, &[]);
    assert_eq!(ended.code, 0, "{ended:?}");
    let docflows = ended.objects();
    assert!(docflows.len() >= 5, "{docflows:?}");
    for one in &docflows {
        assert!(!one["asks"].as_array().unwrap().is_empty(), "{one}");
    }
    let demands = run(&service, "docflows", &out, &["--type", "fns534-demand"]);
    let asks = demands.object()["asks"].as_array().unwrap().len();
    assert_eq!(asks, 2, "a demand is accepted or declined");
    assert_eq!(
        run(&service, "docflows", &out, &["--limit", "2"])
            .objects()
            .len(),
        2
    );
}

#[test]
fn all_that_can_be_answered_in_one_way_is_answered_once() {
    let (service, out) = (willing(), Folder::new());
    let dry = run(&service, "reply", &out, &["--dry-run"]);
    assert_eq!(dry.code, 0, "{dry:?}");
    let told = needs(&dry);
    let count = |word: &str| told.values().filter(|need| *need == word).count() as u64;
    assert_eq!(
        (count("reply"), count("type"), count("content")),
        (PLAIN, 1, 2)
    );
    let nobody = run(&service, "reply", &out, &[]);
    nobody.expect(2, &[&format!("--confirm-count {PLAIN}")]);
    let wrong = run(&service, "reply", &out, &["--confirm-count", "9"]);
    wrong.expect(2, &["9"]);
    assert_eq!(service.sandbox.counters().replies_sent, 0);

    let right = PLAIN.to_string();
    let ended = run(&service, "reply", &out, &["--confirm-count", &right]);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert_eq!(service.sandbox.counters().replies_sent, PLAIN);
    let answered = ended.objects().into_iter();
    let answered = answered.filter(|one| one["answered"].is_string()).count() as u64;
    assert_eq!(answered, PLAIN);
    // Once for each, and not in other words before.
    let told = ended.stderr.lines().filter(|line| *line == "signing");
    assert_eq!(told.count() as u64, PLAIN, "{ended:?}");
    assert!(!ended.stderr.contains("Extern has begun"), "{ended:?}");
    let left = needs(&run(&service, "reply", &out, &[]));
    assert_eq!(left.len(), 3, "{left:?}");
    assert_eq!(service.sandbox.counters().replies_sent, PLAIN);
}

#[test]
fn a_document_is_the_same_in_whatever_case_its_ids_were_typed() {
    let (service, out) = (Service::quick(), Folder::new());
    let dry = run(&service, "reply", &out, &["--dry-run"]).objects();
    let one = dry.iter().find(|one| one["needs"] == "reply").unwrap();
    let mut podpis = service.podpis();
    podpis.current_dir(out.root());
    podpis.args(["extern", "reply", "--no-wait", "--json"]);
    podpis.args(["--base-url", &service.url]);
    for name in ["docflow", "document"] {
        let id = one[name].as_str().unwrap().to_uppercase();
        podpis.args([format!("--{name}"), id]);
    }
    let left = Ended::of(&mut podpis);
    assert_eq!(left.code, 4, "{left:?}");
    let told = needs(&run(&service, "reply", &out, &["--dry-run"]));
    assert_eq!(told[one["document"].as_str().unwrap()], "operation");
    let others = told.values().filter(|need| *need == "reply").count() as u64;
    assert_eq!(others, PLAIN - 1);
}

#[test]
fn whoever_says_no_on_the_phone_is_not_asked_for_the_next_one() {
    let options = WorldOptions::default().phone(PhoneMode::Decline, Duration::ZERO);
    let (service, out) = (Service::start(options), Folder::new());
    let right = PLAIN.to_string();
    let ended = run(&service, "reply", &out, &["--confirm-count", &right]);
    assert_eq!(ended.code, 3, "{ended:?}");
    let counters = service.sandbox.counters();
    assert_eq!((counters.pushes_sent, counters.replies_sent), (1, 0));
}

#[test]
#[allow(
    clippy::disallowed_methods,
    reason = "real programs run on the real clock"
)]
fn it_can_be_killed_and_run_again() {
    let options = WorldOptions::default().processing(Duration::from_millis(40));
    let service = Service::thinking(options.phone(PhoneMode::Confirm, Duration::ZERO));
    for endpoint in ["GenerateReply", "ReplyCloudSign", "ReplySend", "Documents"] {
        let late = Fault::on(endpoint).delay(Duration::from_millis(40));
        service.sandbox.inject(late);
    }
    let out = Folder::new();
    let mut moments = Moments::of(11);
    let began = Instant::now();
    let mut lost = 0;
    for _ in 0..10 {
        let mut child = service
            .podpis_with_pipes()
            .args(["extern", "reply", "--waiting", "--yes"])
            .args(["--base-url", &service.url])
            .current_dir(out.root())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(moments.next(Duration::from_millis(1_500)));
        child.kill().unwrap();
        child.wait().unwrap();
        // Only a start whose answer was lost is for a person to decide, who finds it in the list.
        for one in service.listed() {
            if one["state"] == "starting" && one["next"] != "resume" {
                let id = one["operation"].as_str().unwrap();
                assert_eq!(service.ops(&["abandon", id]).code, 0);
                lost += 1;
            }
        }
    }
    println!("{lost} starts without an answer in {:?}", began.elapsed());
    let ended = run(&service, "reply", &out, &["--yes"]);
    let counters = service.sandbox.counters();
    // What nobody waits for any more keeps its reply, and the person, until they decline it on the phone or it expires.
    assert!(counters.replies_sent <= PLAIN, "{counters:?}");
    assert!(counters.pushes_sent <= PLAIN + lost, "{counters:?}");
    if lost == 0 {
        assert_eq!((ended.code, counters.replies_sent), (0, PLAIN), "{ended:?}");
        assert!(service.listed().is_empty());
    }
}
