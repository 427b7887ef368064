//! What the program does with a journal of 100,000 operations that wait for a person's phone: how long a list of them takes,
//! when it begins to ask the service about them, and how much memory it takes for that, and whether it takes ever more.
//!
//! `cargo xtask soak folder` builds it beside the program and runs it; run by itself it takes the number of records, and for
//! how many seconds they are driven. The records and the notes are those that the program itself has left of one operation,
//! under other names; the service is a sandbox in this process.

#![allow(clippy::print_stdout, reason = "a measurement prints")]

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use podpis::OperationId;
use podpis::core::wait::{SystemTimer, Time as _};
use podpis_sandbox::{Bind, RunningServer, Sandbox, WorldOptions};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// So many records unless told.
const RECORDS: usize = 100_000;

/// What the program promises for that many.
const LIST: Duration = Duration::from_secs(2);
const FIRST_POLL: Duration = Duration::from_secs(1);
const MEMORY: u64 = 150 * 1024;

/// By so much the most memory may grow in the last third of the time: what a program has for each poll, or for each look
/// through the journal, grows as long as it runs.
const GROWTH: u64 = 16 * 1024;

/// For how long the operations are driven unless told, so that all of them are taken up.
const DRIVEN: Duration = Duration::from_secs(60);

type Failure = Box<dyn Error>;

/// The program, its journal, and the service.
struct Stage {
    program: PathBuf,
    folder: TempDir,
    server: RunningServer,
    _runtime: Runtime,
}

impl Stage {
    fn new() -> Result<Self, Failure> {
        let runtime = Runtime::new()?;
        let world = Sandbox::start(WorldOptions::default(), Bind::loopback(0));
        let here = std::env::current_exe()?;
        let built = here.parent().and_then(Path::parent);
        let program = built
            .ok_or("the program is not beside this one")?
            .join("podpis");
        Ok(Self {
            program,
            folder: tempfile::tempdir()?,
            server: runtime.block_on(world)?,
            _runtime: runtime,
        })
    }

    fn podpis(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        let places = ["XDG_STATE_HOME", "XDG_CONFIG_HOME"];
        command.env_clear().current_dir(self.folder.path());
        command.envs(places.map(|place| (place, self.folder.path())));
        command.env("PODPIS_KEY_RING", "off");
        command.env("PODPIS_JOURNAL", self.journal());
        command.args(arguments).stdin(Stdio::null());
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    fn journal(&self) -> PathBuf {
        self.folder.path().join("journal")
    }

    /// Leaves one operation open, and puts its record and its note under so many names.
    fn fill(&self, records: usize) -> Result<(), Failure> {
        fs::write(self.folder.path().join("act"), "act")?;
        let url = self.server.base_url();
        let sign = ["diadoc", "sign", "act", "--timeout", "0", "--base-url", url];
        let status = self.podpis(&sign).status()?;
        let journal = self.journal();
        let names = fs::read_dir(&journal)?.flatten();
        let mut names = names.filter_map(|name| name.file_name().into_string().ok());
        let id = names.find_map(|name| Some(name.strip_suffix(".json")?.to_owned()));
        let id = id.ok_or(format!("no operation was left: {status}"))?;
        let ids: Vec<OperationId> = (1..records).map(|_| OperationId::random()).collect();
        for folder in [journal.clone(), journal.join("outputs")] {
            let text = fs::read_to_string(folder.join(format!("{id}.json")))?;
            for new in &ids {
                let text = text.replace(&id, new.as_str());
                fs::write(folder.join(format!("{new}.json")), text)?;
            }
        }
        Ok(())
    }

    fn list(&self) -> Result<Duration, Failure> {
        let began = SystemTimer::new();
        let status = self.podpis(&["ops", "list"]).status()?;
        match status.success() {
            true => Ok(began.elapsed()),
            false => Err(format!("ops list: {status}").into()),
        }
    }

    /// Until the first poll, and the most memory up to the end of each third of the time, in KiB.
    fn resume(&self, driven: Duration) -> Result<(Duration, [u64; 3]), Failure> {
        let polls = || self.server.sandbox().counters().polls;
        let (before, began) = (polls(), SystemTimer::new());
        let url = self.server.base_url();
        let resume = ["ops", "resume", "--all", "--base-url", url];
        let mut child = Running(self.podpis(&resume).spawn()?);
        while polls() == before {
            if child.0.try_wait()?.is_some() || began.elapsed() > driven {
                return Err("ops resume --all has asked nothing".into());
            }
            sleep(Duration::from_millis(1));
        }
        let first = began.elapsed();
        let mut peaks = [0; 3];
        for (third, peak) in (1..).zip(&mut peaks) {
            sleep((driven / 3 * third).saturating_sub(began.elapsed()));
            *peak = most(&child.0)?;
        }
        let polled = polls() - before;
        println!("resume --all: {polled} polls in {} s", driven.as_secs());
        Ok((first, peaks))
    }
}

/// A program that ends with this.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The most memory that a process had, in KiB.
fn most(child: &Child) -> Result<u64, Failure> {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id()))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let peak = line.and_then(|line| line.split_whitespace().next());
    Ok(peak.ok_or("the system does not say it")?.parse()?)
}

fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let records = arguments.next().map(|records| records.parse());
    let records = records.transpose()?.unwrap_or(RECORDS);
    let driven = arguments.next().map(|seconds| seconds.parse());
    let driven = driven.transpose()?.map_or(DRIVEN, Duration::from_secs);
    let stage = Stage::new()?;
    let began = SystemTimer::new();
    stage.fill(records)?;
    println!(
        "{records} records made in {:.1} s",
        began.elapsed().as_secs_f64()
    );
    let (list, again) = (stage.list()?, stage.list()?);
    println!(
        "list: {:.2} s, {:.2} s",
        list.as_secs_f64(),
        again.as_secs_f64()
    );
    let (first, peaks) = stage.resume(driven)?;
    let [early, later, peak] = peaks;
    println!(
        "resume --all: first poll after {:.2} s; {}, {} and {} MiB at most up to each third",
        first.as_secs_f64(),
        early / 1024,
        later / 1024,
        peak / 1024
    );
    let is_steady = peak <= later + GROWTH;
    if list.min(again) > LIST || first > FIRST_POLL || peak > MEMORY || !is_steady {
        return Err("a bound is not kept".into());
    }
    Ok(())
}
