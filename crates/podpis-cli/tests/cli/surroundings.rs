//! The disk is full, the journal goes away, the clock is set.
//!
//! **Invariant:** whatever becomes of the surroundings, nobody is asked a second time for a file, and what was signed is a
//! file, or its operation is in the journal.

#![cfg(unix)]

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use podpis_sandbox::Counters;
use serde_json::Value;

use crate::bench::{Ended, Folder, Service, advised, until};
use crate::killed::{
    DSS, Moments, Tally, Way, finish, is_signed, runs_and_seed, service, signing, whole_run,
};
use crate::running::Running;

/// How many programs run in broken surroundings, unless a soak wants more.
const RUNS: usize = 6;

/// A signing of a service that does not think for long.
const SIGNING: Way = ("dss", &[]);

fn few_runs_and_seed() -> (usize, u64) {
    let (runs, seed) = runs_and_seed();
    match std::env::var_os("PODPIS_KILL_RUNS") {
        Some(_) => (runs, seed),
        None => (RUNS, seed),
    }
}

/// What came of many signings, one after another.
struct Soak {
    service: Service,
    folder: Folder,
    files: Vec<PathBuf>,
    before: Counters,
    outcomes: BTreeMap<String, u64>,
    listed: u64,
}

impl Soak {
    fn of(service: Service) -> Self {
        Self {
            service,
            folder: Folder::new(),
            files: Vec::new(),
            before: Counters::default(),
            outcomes: BTreeMap::new(),
            listed: 0,
        }
    }

    /// A file that nobody has signed.
    fn file(&mut self) -> PathBuf {
        let name = format!("act-{}", self.files.len());
        let file = self.folder.file(&name, &name);
        self.files.push(file.clone());
        file
    }

    /// Goes on until only a person can, counts what is left for one, and forgets that.
    fn finish(&mut self) {
        finish(&self.service, &mut self.outcomes);
        for one in self.service.listed() {
            let id = one["operation"].as_str().unwrap();
            assert_eq!(self.service.ops(&["abandon", id]).code, 0);
            self.listed += 1;
        }
    }

    /// Nobody was asked twice for the last file.
    fn was_asked_once(&mut self, what: &str) {
        // A push may come when the program that asked for it has ended.
        let now = until(|| {
            let now = self.service.sandbox.counters();
            (now.pushes_sent >= now.operations_started).then_some(now)
        });
        let started = now.operations_started - self.before.operations_started;
        let asked = now.pushes_sent - self.before.pushes_sent;
        let run = self.files.len();
        assert!(started <= 1 && asked <= started, "run {run}, {what}");
        self.before = now;
    }

    fn tell(self, way: &str) {
        let signed = self.files.iter().filter(|file| is_signed(file));
        let tally = Tally {
            counters: self.service.sandbox.counters(),
            delivered: signed.count() as u64,
            listed: self.listed,
            refused: self.outcomes.get("refused").copied().unwrap_or_default(),
        };
        tally.tell(way, self.files.len());
    }
}

/// The same program whose files may not become larger than so many blocks of 512 bytes: what a full disk does, without one.
fn with_little_room(program: &Command, blocks: u64) -> Command {
    let mut shell = Command::new("sh");
    shell.env_clear();
    let known = program.get_envs();
    shell.envs(known.filter_map(|(name, value)| Some((name, value?))));
    let script = "ulimit -f \"$1\"; shift; exec \"$@\"";
    shell.args(["-c", script, "sh", &blocks.to_string()]);
    shell.arg(program.get_program()).args(program.get_args());
    shell.stdin(Stdio::null());
    shell
}

#[test]
fn a_full_disk_loses_nothing_and_asks_nobody_twice() {
    /// Records and signatures fit into that.
    const ENOUGH: u64 = 8;

    let (runs, seed) = few_runs_and_seed();
    let mut soak = Soak::of(service(SIGNING));
    let mut moments = Moments::of(seed);
    let mut codes = BTreeMap::<i32, u64>::new();
    for _ in 0..runs {
        let file = soak.file();
        let blocks = moments.next(Duration::from_secs(ENOUGH)).as_secs();
        let program = signing(&soak.service, SIGNING, &file);
        let ended = Ended::from(with_little_room(&program, blocks).output().unwrap());
        assert!(!ended.stderr.contains("panicked"), "{blocks}: {ended:?}");
        let is_told = ended
            .stderr
            .lines()
            .any(|line| line.starts_with("podpis: "));
        assert!(ended.code == 0 || is_told, "{blocks}: {ended:?}");
        assert_eq!(ended.code == 0, is_signed(&file), "{blocks}: {ended:?}");
        *codes.entry(ended.code).or_default() += 1;
        // There is room again.
        soak.finish();
        soak.was_asked_once(&format!("{blocks} blocks"));
    }
    println!("PODPIS_KILL_SEED={seed}; by exit code: {codes:?}");
    soak.tell("disk full");
}

#[test]
fn a_journal_without_room_is_named_with_the_reason_and_what_to_do_then() {
    let (service, folder) = (Service::quick(), Folder::new());
    let file = folder.file("act", "x");
    let id = service.left_at_the_code(&file);
    let journal = service.journal.root().to_str().unwrap();
    let run = |arguments: &[&str]| {
        let mut program = service.podpis_with_pipes();
        program.args(arguments);
        Ended::from(with_little_room(&program, 0).output().unwrap())
    };
    let is_plain = |ended: &Ended| {
        let names_of_files = [".lease", ".json", "begun-"];
        assert!(
            !names_of_files
                .iter()
                .any(|name| ended.stderr.contains(name)),
            "{ended:?}"
        );
    };
    let ended = run(&["ops", "resume", &id, "--yes"]);
    ended.expect(1, &[journal, "so nothing was done", "too large"]);
    is_plain(&ended);
    let advice = advised(&ended.stderr, "resume");
    let new = folder.file("new", "y");
    let sign = ["diadoc", "sign", new.to_str().unwrap(), "--base-url"];
    let ended = run(&[&sign[..], &[&service.url]].concat());
    ended.expect(2, &[journal, "so nothing was sent", "too large"]);
    is_plain(&ended);
    // There is room again.
    let resumed = Ended::of(service.podpis().args(advice).arg("--yes"));
    assert_eq!(resumed.code, 0, "{resumed:?}");
}

#[test]
fn a_journal_that_goes_away_before_the_code_is_named_with_what_goes_on_then() {
    for (language, words) in [
        ("en", "podpis: the journal at {} does not work: "),
        ("ru", "podpis: журнал {} не работает: это не папка\n"),
    ] {
        let (service, folder) = (Service::quick(), Folder::new());
        let file = folder.file("act", "x");
        let mut program = service.podpis_with_pipes();
        program.args(["diadoc", "sign", "--method", "cloud", "--json"]);
        program.args(["--lang", language, "--base-url", &service.url]);
        let mut child = Running::from(program.arg(&file).spawn().unwrap());
        let code = until(|| {
            let is_waited_for = |one: &Value| one["state"] == "awaiting_code";
            let code = service.sandbox.last_code();
            code.filter(|_| service.listed().iter().any(is_waited_for))
        });
        let journal = service.journal.root().to_owned();
        let away = journal.with_extension("away");
        fs::rename(&journal, &away).unwrap();
        fs::write(&journal, "").unwrap();
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(format!("{code}\n").as_bytes()).unwrap();
        drop(stdin);
        let ended = child.ended();
        fs::remove_file(&journal).unwrap();
        fs::rename(&away, &journal).unwrap();
        assert_eq!(ended.code, 4, "{ended:?}");
        let words = words.replace("{}", journal.to_str().unwrap());
        assert!(ended.stderr.contains(&words), "{ended:?}");
        assert!(!ended.stderr.contains("journal.lock"), "{ended:?}");
        assert_eq!(ended.object()["error"]["kind"], "journal");
        // Nothing was sent, so the code is good.
        let resume = advised(&ended.stderr, "resume");
        let mut podpis = service.podpis();
        let resumed = Ended::of(podpis.args(resume).write_stdin(format!("{code}\n")));
        assert_eq!(resumed.code, 0, "{resumed:?}");
        assert_eq!(service.sandbox.counters().sms_sent, 1);
    }
}

#[test]
fn a_signature_that_comes_without_a_journal_is_delivered_and_settled_later() {
    let (service, folder) = (Service::quick(), Folder::new());
    let file = folder.file("act", "x");
    let mut program = service.podpis_with_pipes();
    program.args(["diadoc", "sign", "--base-url", &service.url]);
    let child = program.arg(&file).spawn().unwrap();
    let push = until(|| {
        let is_waited_for = |one: &Value| one["state"] == "processing";
        let listed = service.listed();
        let push = service.sandbox.messages().pop();
        push.filter(|_| listed.iter().any(is_waited_for))
    });
    let journal = service.journal.root().to_owned();
    let away = journal.with_extension("away");
    fs::rename(&journal, &away).unwrap();
    fs::write(&journal, "").unwrap();
    service.sandbox.confirm(&push.operation).unwrap();
    let ended = Ended::from(child.wait_with_output().unwrap());
    fs::remove_file(&journal).unwrap();
    fs::rename(&away, &journal).unwrap();
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(is_signed(&file));
    assert!(!ended.stderr.contains("before it ends"), "{ended:?}");
    let id = service.listed()[0]["operation"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(advised(&ended.stderr, "abandon")[2], id);
    assert_eq!(service.ops(&["abandon", &id]).code, 0);
    assert!(service.listed().is_empty());
}

#[test]
fn a_journal_that_goes_away_is_missed_and_nobody_is_asked_again() {
    let (runs, seed) = few_runs_and_seed();
    let longest = whole_run(DSS);
    let mut soak = Soak::of(service(DSS));
    let journal = soak.service.journal.root().to_owned();
    let away = journal.with_extension("away");
    let mut moments = Moments::of(seed);
    for run in 0..runs {
        let file = soak.file();
        let moment = moments.next(longest);
        let child = signing(&soak.service, DSS, &file);
        let child = with_stderr(child).spawn().unwrap();
        std::thread::sleep(moment);
        fs::rename(&journal, &away).unwrap();
        if run % 2 == 0 {
            // Something else is in its place, which is no folder.
            fs::write(&journal, "").unwrap();
        }
        let ended = Ended::from(child.wait_with_output().unwrap());
        assert!(!ended.stderr.contains("panicked"), "{moment:?}: {ended:?}");
        let asked = soak.service.sandbox.counters().pushes_sent;
        if run % 2 == 0 {
            let missed = soak.service.ops(&["resume", "--all", "--yes"]);
            missed.expect(2, &["journal", journal.to_str().unwrap()]);
            fs::remove_file(&journal).unwrap();
        } else {
            // There is one again where something came into it before the program ended; reading makes none.
            soak.finish();
            let _ = fs::remove_dir_all(&journal);
        }
        assert_eq!(soak.service.sandbox.counters().pushes_sent, asked);
        fs::rename(&away, &journal).unwrap();
        soak.finish();
        soak.was_asked_once(&format!("{moment:?}"));
    }
    println!("{runs} runs of at most {longest:?}, PODPIS_KILL_SEED={seed}");
    soak.tell("journal removed");
}

fn with_stderr(mut program: Command) -> Command {
    program.stdout(Stdio::piped()).stderr(Stdio::piped());
    program
}

/// The library of the package `libfaketime` that shows programs another time.
fn other_clock() -> Option<PathBuf> {
    let folders = fs::read_dir("/usr/lib").ok()?.flatten();
    let libraries = folders.map(|folder| folder.path().join("faketime/libfaketime.so.1"));
    libraries.into_iter().find(|library| library.exists())
}

#[test]
#[allow(clippy::print_stderr, reason = "it says what was not run")]
fn a_clock_that_is_set_between_two_programs_changes_nothing() {
    let Some(library) = other_clock() else {
        eprintln!("clock set: not run, because the package libfaketime is not there");
        return;
    };
    let (runs, seed) = few_runs_and_seed();
    let longest = whole_run(DSS);
    let mut soak = Soak::of(service(DSS));
    let mut moments = Moments::of(seed);
    for run in 0..runs {
        let file = soak.file();
        let moment = moments.next(longest);
        // The programs that go on with it have the right time.
        let offset = ["+400d", "-400d", "+3h", "-3h"][run % 4];
        let mut child = at_another_time(&soak.service, &file, &library, offset);
        std::thread::sleep(moment);
        child.kill().unwrap();
        child.wait().unwrap();
        soak.finish();
        soak.was_asked_once(&format!("{offset}, {moment:?}"));
    }
    println!("{runs} runs of at most {longest:?}, PODPIS_KILL_SEED={seed}");
    soak.tell("clock set");
}

fn at_another_time(
    service: &Service,
    file: &Path,
    library: &Path,
    offset: &str,
) -> std::process::Child {
    let mut program = signing(service, DSS, file);
    program.env("LD_PRELOAD", library).env("FAKETIME", offset);
    program.env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
    program.stdout(Stdio::null()).stderr(Stdio::null());
    program.spawn().unwrap()
}
