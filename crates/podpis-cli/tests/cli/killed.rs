//! `kill -9` at any moment.
//!
//! **Invariant:** nobody is asked a second time for a file, by SMS or on the phone, and a signature that the service made is a file, or its
//! operation is in the journal.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use podpis::cms::{Digests, Document, Expectation, verify_detached};
use podpis_sandbox::{Counters, Fault, PhoneMode, WorldOptions};
use serde_json::Value;

use crate::bench::{Ended, Folder, Service, until};

/// How many programs are killed unless `PODPIS_KILL_RUNS` says otherwise.
const RUNS: usize = 20;

/// How many programs are killed, and the seed of the moments, which `PODPIS_KILL_SEED` says otherwise.
pub(crate) fn runs_and_seed() -> (usize, u64) {
    let number = |name: &str| std::env::var(name).ok().map(|text| text.parse().unwrap());
    (
        number("PODPIS_KILL_RUNS").map_or(RUNS, |runs: u64| usize::try_from(runs).unwrap()),
        number("PODPIS_KILL_SEED").unwrap_or(1),
    )
}

/// What came of all kills, in the counters of the service and in what the programs left.
#[derive(Debug)]
pub(crate) struct Tally {
    pub(crate) counters: Counters,
    /// Results that lie where they belong.
    pub(crate) delivered: u64,
    /// Operations that wait for a person to decide.
    pub(crate) listed: u64,
    /// Operations that the service refused, which is told.
    pub(crate) refused: u64,
}

impl Tally {
    /// Nobody was asked twice, and what was started is delivered or told.
    #[allow(clippy::print_stdout, reason = "a soak is its figures")]
    pub(crate) fn tell(&self, way: &str, runs: usize) {
        let Counters {
            sms_sent,
            pushes_sent,
            operations_started: started,
            signatures_made: made,
            ..
        } = self.counters;
        let asked = sms_sent + pushes_sent;
        let doubled = asked.saturating_sub(started) + started.saturating_sub(runs as u64);
        let lost = started.saturating_sub(self.delivered + self.listed + self.refused);
        println!(
            "{way}: {runs} runs, started {started}, asked {asked}, made {made}, delivered {}, listed {}, refused {}, \
             doubled {doubled}, lost {lost}",
            self.delivered, self.listed, self.refused
        );
        assert_eq!((doubled, lost), (0, 0));
    }
}

/// A small generator of moments: the same seed gives the same ones.
pub(crate) struct Moments(u64);

impl Moments {
    pub(crate) fn of(seed: u64) -> Self {
        Self(seed)
    }

    /// Evenly from nothing to `longest`.
    pub(crate) fn next(&mut self, longest: Duration) -> Duration {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        longest.mul_f64(mixed as f64 / u64::MAX as f64)
    }
}

/// A way to sign: its name, and how late the answers of its endpoints are, in milliseconds.
pub(crate) type Way = (&'static str, &'static [(&'static str, u64)]);

const CLOUD: Way = (
    "cloud",
    &[
        ("Authenticate", 20),
        ("CloudSign", 80),
        ("CloudSignResult", 20),
        ("CloudSignConfirm", 80),
        ("CloudSignConfirmResult", 60),
    ],
);

pub(crate) const DSS: Way = (
    "dss",
    &[
        ("Authenticate", 20),
        ("DssSign", 120),
        ("DssSignResult", 60),
    ],
);

/// The program that signs a file, with pipes.
pub(crate) fn signing(service: &Service, (method, _): Way, file: &Path) -> Command {
    let mut command = service.podpis_with_pipes();
    command.args(["diadoc", "sign", "--yes", "--base-url", &service.url]);
    command.args(["--method", method]).arg(file);
    command.stdin(Stdio::null());
    command
}

fn sign(service: &Service, way: Way, file: &Path) -> Child {
    signing(service, way, file)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// How long a signing takes that nobody kills.
#[allow(
    clippy::disallowed_methods,
    reason = "real programs run on the real clock"
)]
pub(crate) fn whole_run(way: Way) -> Duration {
    let service = service(way);
    let folder = Folder::new();
    let mut longest = Duration::ZERO;
    for name in ["one", "two"] {
        let began = Instant::now();
        let status = sign(&service, way, &folder.file(name, name))
            .wait()
            .unwrap();
        assert!(status.success());
        longest = longest.max(began.elapsed());
    }
    longest
}

pub(crate) fn service((_, late): Way) -> Service {
    let thinking = Duration::from_millis(60);
    let options = WorldOptions::default().processing(thinking);
    let service = Service::thinking(options.phone(PhoneMode::Confirm, Duration::ZERO));
    // The service has acted and its answer is late: otherwise hardly any kill meets an answer on its way.
    for (endpoint, late) in late {
        let late = Duration::from_millis(*late);
        service.sandbox.inject(Fault::on(*endpoint).delay(late));
    }
    service
}

pub(crate) fn is_signed(file: &Path) -> bool {
    let Ok(der) = std::fs::read(format!("{}.p7s", file.display())) else {
        return false;
    };
    let digests = Digests::of(&std::fs::read(file).unwrap());
    let document = Document::known("act", digests);
    let signed = verify_detached(&document, &der, &Expectation::new()).unwrap();
    assert!(signed.checks().digest().is_passed());
    assert!(signed.checks().value().is_passed());
    true
}

/// Goes on until only a person can.
pub(crate) fn finish(service: &Service, outcomes: &mut BTreeMap<String, u64>) {
    for _ in 0..20 {
        if !service.listed().iter().any(|one| one["next"] == "resume") {
            return;
        }
        let ended = service.ops(&["resume", "--all", "--yes", "--json"]);
        for object in ended.objects() {
            let outcome = match (&object["error"]["kind"], &object["exit"]) {
                // Every round tells it again.
                (Value::String(kind), _) if kind == "cannot_tell" => continue,
                (Value::String(kind), _) => kind.clone(),
                (_, Value::Number(code)) if code.as_u64() == Some(0) => "resumed".to_owned(),
                _ => object.to_string(),
            };
            *outcomes.entry(outcome).or_default() += 1;
        }
    }
    panic!("it never comes to an end");
}

#[test]
fn a_kill_at_any_moment_loses_nothing_and_asks_nobody_twice() {
    kill_at_any_moment(CLOUD);
}

#[test]
fn a_kill_at_any_moment_of_a_dss_sign_loses_nothing_and_asks_nobody_twice() {
    kill_at_any_moment(DSS);
}

#[allow(
    clippy::print_stdout,
    reason = "a failed run is repeated by what was printed"
)]
fn kill_at_any_moment(way: Way) {
    let (runs, seed) = runs_and_seed();
    let longest = whole_run(way);
    println!("{runs} runs of at most {longest:?}, PODPIS_KILL_SEED={seed}");
    let service = service(way);
    let folder = Folder::new();
    let mut moments = Moments(seed);
    let mut outcomes = BTreeMap::new();
    let mut left = BTreeMap::<String, u64>::new();
    let mut files: Vec<PathBuf> = Vec::new();
    let mut before = Counters::default();
    for run in 0..runs {
        let file = folder.file(&format!("act-{run}"), format!("act {run}"));
        let moment = moments.next(longest);
        let mut child = sign(&service, way, &file);
        std::thread::sleep(moment);
        child.kill().unwrap();
        child.wait().unwrap();
        let name = format!("act-{run}");
        let listed = service.listed();
        let own = listed.iter().find(|one| one["files"][0] == *name);
        let state = own.map_or("none", |one| one["state"].as_str().unwrap());
        *left.entry(state.to_owned()).or_default() += 1;

        finish(&service, &mut outcomes);
        if way == DSS {
            // The owner of the phone confirms also what nobody waits for any more.
            until(|| {
                let counters = service.sandbox.counters();
                (counters.confirmations == counters.operations_started).then_some(())
            });
        }
        let counters = service.sandbox.counters();
        assert!(counters.sms_sent + counters.pushes_sent <= counters.operations_started);
        let started = counters.operations_started - before.operations_started;
        let confirmed = counters.confirmations - before.confirmations;
        let made = counters.signatures_made - before.signatures_made;
        assert!(
            started <= 1 && confirmed <= 1 && made <= 1,
            "run {run}, {moment:?}"
        );
        before = counters;
        let open = service.listed().iter().any(|one| one["files"][0] == *name);
        let refused = outcomes.get("refused").copied().unwrap_or_default();
        if started > 0 && refused == 0 {
            assert!(is_signed(&file) || open, "run {run}, {moment:?} is lost");
        }
        files.push(file);
    }
    // An SMS of a start whose program died goes out after it.
    std::thread::sleep(Duration::from_millis(100));

    let counters = service.sandbox.counters();
    let signed = files.iter().filter(|file| is_signed(file)).count() as u64;
    let open = service.listed();
    println!("left by the kills: {left:?}; then: {outcomes:?}");
    assert!(counters.signatures_made <= signed + open.len() as u64);
    let tally = Tally {
        counters,
        delivered: signed,
        listed: open.len() as u64,
        refused: outcomes.get("refused").copied().unwrap_or_default(),
    };
    tally.tell(way.0, runs);
    for one in &open {
        assert!(
            one["state"] == "starting" || one["state"] == "confirming",
            "{one}"
        );
    }
    // What is left is for a person, and every program says so.
    let ended: Ended = service.ops(&["resume", "--all", "--yes"]);
    assert_eq!(ended.code, if open.is_empty() { 0 } else { 4 }, "{ended:?}");
}

/// What was counted between two moments, as far as [`Tally`] tells it.
pub(crate) fn since(now: &Counters, before: &Counters) -> Counters {
    let mut since = *now;
    since.sms_sent -= before.sms_sent;
    since.pushes_sent -= before.pushes_sent;
    since.operations_started -= before.operations_started;
    since.signatures_made -= before.signatures_made;
    since
}

/// The answers of every call that attaching makes are late.
const ATTACHING: &[(&str, u64)] = &[
    ("Authenticate", 20),
    ("GetMessage", 20),
    ("DssSign", 100),
    ("DssSignResult", 60),
    ("PostMessagePatch", 100),
];

fn attach(service: &Service, folder: &Folder, label: &str) -> Child {
    service
        .podpis_with_pipes()
        .args(["diadoc", "attach", "--approval", "--label", label])
        .args(["--base-url", &service.url])
        .current_dir(folder.root())
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
fn a_kill_at_any_moment_of_an_attaching_attaches_nothing_twice() {
    let (runs, seed) = runs_and_seed();
    let service = service(("dss", ATTACHING));
    let folder = Folder::new();
    let began = Instant::now();
    assert!(attach(&service, &folder, "whole").wait().unwrap().success());
    let longest = began.elapsed();
    println!("{runs} runs of at most {longest:?}, PODPIS_KILL_SEED={seed}");
    let mut moments = Moments(seed);
    let mut outcomes = BTreeMap::new();
    let before_all = service.sandbox.counters();
    let mut listed = 0;
    for run in 0..runs {
        let label = format!("run-{run}");
        let before = service.sandbox.counters();
        // What one key signs twice within a second is the same bytes, and then one signature is taken for the other.
        service.sandbox.advance(Duration::from_secs(1));
        let moment = moments.next(longest);
        let mut child = attach(&service, &folder, &label);
        std::thread::sleep(moment);
        child.kill().unwrap();
        child.wait().unwrap();
        finish(&service, &mut outcomes);
        // The owner of the phone confirms also what nobody waits for any more, and the service may still have to read
        // what the killed program sent.
        let (after, attached) = until(|| {
            let counters = service.sandbox.counters();
            let documents = service.sandbox.documents();
            let signatures = documents
                .into_iter()
                .flat_map(|document| document.signatures);
            let attached = signatures.filter(|one| one.labels.contains(&label));
            let attached: Vec<_> = attached.collect();
            let is_whole = attached.len() as u64 == counters.patches - before.patches;
            (is_whole && counters.confirmations == counters.operations_started)
                .then_some((counters, attached))
        });
        let started = after.operations_started - before.operations_started;
        let patches = after.patches - before.patches;
        assert!(started <= 1 && patches <= started, "{run}, {moment:?}");
        assert!(attached.iter().all(|one| one.verifies));
        let open = service.listed();
        assert!(
            open.iter().all(|one| one["state"] == "starting"),
            "{open:?}"
        );
        if started > patches {
            // Only a start without an answer is lost, and a person is told so.
            assert_eq!(open.len(), 1, "{run}, {moment:?}");
        }
        listed += open.len() as u64;
        for one in open {
            let id = one["operation"].as_str().unwrap();
            assert_eq!(service.ops(&["abandon", id]).code, 0);
        }
    }
    let all = service.sandbox.counters();
    let tally = Tally {
        delivered: all.patches - before_all.patches,
        listed,
        refused: 0,
        counters: since(&all, &before_all),
    };
    tally.tell("attach", runs);
}
