//! `kill -9` at any moment of `podpis extern send`.
//!
//! **Invariant:** a report is sent once, the person is asked once, and what was started is signed or in the journal.

use std::collections::BTreeMap;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use podpis_sandbox::{Fault, PhoneMode, WorldOptions};

use crate::bench::{Folder, Service, until};
use crate::killed::{Moments, Tally, finish, runs_and_seed, since};

/// How late the answers of the endpoints are, in milliseconds.
const LATE: &[(&str, u64)] = &[
    ("DraftCreate", 60),
    ("DraftDocumentPut", 20),
    ("DraftCheck", 40),
    ("DraftCloudSign", 100),
    ("DraftPrepare", 40),
    ("DraftSend", 100),
    ("DraftTask", 20),
];

fn send(service: &Service, folder: &Folder, name: &str) -> Child {
    let report =
        format!("<?xml version=\"1.0\" encoding=\"windows-1251\"?><Файл ИдФайл=\"{name}\"/>");
    let file = folder.file(name, report);
    service
        .podpis_with_pipes()
        .args(["extern", "send", "--yes", "--base-url", &service.url])
        .arg("--out")
        .arg(folder.root())
        .arg(file)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

#[test]
#[allow(
    clippy::disallowed_methods,
    reason = "real programs run on the real clock"
)]
fn a_kill_at_any_moment_of_a_report_sends_it_once() {
    let (runs, seed) = runs_and_seed();
    let options = WorldOptions::default().processing(Duration::from_millis(60));
    let service = Service::thinking(options.phone(PhoneMode::Confirm, Duration::ZERO));
    for (endpoint, late) in LATE {
        let late = Duration::from_millis(*late);
        service.sandbox.inject(Fault::on(*endpoint).delay(late));
    }
    let folder = Folder::new();
    let began = Instant::now();
    let status = send(&service, &folder, "whole.xml").wait().unwrap();
    assert!(status.success());
    let longest = began.elapsed();
    println!("{runs} runs of at most {longest:?}, PODPIS_KILL_SEED={seed}");

    let mut moments = Moments::of(seed);
    let mut outcomes = BTreeMap::new();
    let before_all = service.sandbox.counters();
    let (mut delivered, mut listed) = (0, 0);
    for run in 0..runs {
        let name = format!("act-{run}.xml");
        let before = service.sandbox.counters();
        let moment = moments.next(longest);
        let mut child = send(&service, &folder, &name);
        std::thread::sleep(moment);
        child.kill().unwrap();
        child.wait().unwrap();
        finish(&service, &mut outcomes);
        // The owner of the phone confirms also what nobody waits for any more.
        let after = until(|| {
            let counters = service.sandbox.counters();
            (counters.confirmations == counters.operations_started).then_some(counters)
        });
        let started = after.operations_started - before.operations_started;
        let docflows = after.docflows_created - before.docflows_created;
        let is_signed = folder.path(&format!("{name}.p7s")).exists();
        let open = service.listed();
        assert!(started <= 1 && docflows <= started, "{run}, {moment:?}");
        assert!(
            after.drafts_created - before.drafts_created <= 1,
            "{run}, {moment:?}"
        );
        if started > 0 {
            assert!(is_signed || !open.is_empty(), "{run}, {moment:?} is lost");
        }
        delivered += u64::from(is_signed);
        listed += open.len() as u64;
        for one in open {
            let id = one["operation"].as_str().unwrap();
            assert_eq!(service.ops(&["abandon", id]).code, 0);
        }
    }
    println!("{outcomes:?}");
    let tally = Tally {
        counters: since(&service.sandbox.counters(), &before_all),
        delivered,
        listed,
        refused: 0,
    };
    tally.tell("extern send", runs);
}
