//! What the program does with a journal of 100,000 operations that wait for a person's phone: how long a list of them takes,
//! when it begins to ask the service about them, and how much memory it takes for that.
//!
//! `cargo xtask soak folder` builds it beside the program and runs it. The records and the notes are those that the program
//! itself has left of one operation, under other names; the service is a sandbox in this process.

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

/// For how long the operations are driven, so that all of them are taken up.
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

    /// Until the first poll, and the most memory of a minute, in KiB.
    fn resume(&self) -> Result<(Duration, u64), Failure> {
        let polls = || self.server.sandbox().counters().polls;
        let (before, began) = (polls(), SystemTimer::new());
        let url = self.server.base_url();
        let resume = ["ops", "resume", "--all", "--base-url", url];
        let mut child = Running(self.podpis(&resume).spawn()?);
        while polls() == before {
            if child.0.try_wait()?.is_some() || began.elapsed() > DRIVEN {
                return Err("ops resume --all has asked nothing".into());
            }
            sleep(Duration::from_millis(1));
        }
        let first = began.elapsed();
        sleep(DRIVEN.saturating_sub(first));
        let polled = polls() - before;
        println!("resume --all: {polled} polls in {} s", DRIVEN.as_secs());
        Ok((first, peak(&child.0)?))
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
fn peak(child: &Child) -> Result<u64, Failure> {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id()))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let peak = line.and_then(|line| line.split_whitespace().next());
    Ok(peak.ok_or("the system does not say it")?.parse()?)
}

fn main() -> Result<(), Failure> {
    let records = match std::env::args().nth(1) {
        Some(records) => records.parse()?,
        None => RECORDS,
    };
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
    let (first, peak) = stage.resume()?;
    println!(
        "resume --all: first poll after {:.2} s, {} MiB at most",
        first.as_secs_f64(),
        peak / 1024
    );
    if list.min(again) > LIST || first > FIRST_POLL || peak > MEMORY {
        return Err("a bound is not kept".into());
    }
    Ok(())
}
