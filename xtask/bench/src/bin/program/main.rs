//! Runs `podpis diadoc sign` of a small file against a sandbox in another process.
//!
//! The case: the whole program, from its start to its end. By hand it is a program that makes the same calls and no
//! more: it neither keeps a record nor checks the signature, and loads no trusted certificates.
//!
//! `podpis extern sign-draft` of a draft of three documents is measured beside it, by phone and by SMS, by a service that
//! answers at once and by one that takes 20 ms, also by the clock: there the pauses count. Nobody writes that by hand here.
//!
//! All processes but the program of podpis are this one, started with another first argument.

mod by_hand;
mod program;
mod sandbox;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Duration;

use podpis_bench::{Error, Figures, Served, Side, Whose};
use podpis_sandbox::{Sandbox, WorldOptions};

/// What is measured on both sides.
const CASE: &str = "diadoc sign";

/// How those who sign a draft confirm it.
#[derive(Clone, Copy)]
enum By {
    Phone,
    Sms,
}

/// Likewise, and how long the service takes for an answer.
const DRAFTS: [(&str, By, Duration); 4] = [
    ("sign-draft by phone, answered at once", By::Phone, AT_ONCE),
    (
        "sign-draft by phone, answered after 20 ms",
        By::Phone,
        LATER,
    ),
    ("sign-draft by SMS, answered at once", By::Sms, AT_ONCE),
    ("sign-draft by SMS, answered after 20 ms", By::Sms, LATER),
];

const AT_ONCE: Duration = Duration::ZERO;
const LATER: Duration = Duration::from_millis(20);

/// Names the role of a process that this program starts.
const SANDBOX: &str = "sandbox";
const SIGN: &str = "sign";

fn main() -> ExitCode {
    let role = std::env::args().nth(1);
    let ended = match role.as_deref() {
        Some(SANDBOX) => sandbox::serve(),
        Some(SIGN) => by_hand::sign(std::env::args().skip(2)),
        _ => return podpis_bench::run(Whose::Children, cases),
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn cases(side: Side, figures: &mut Figures) -> Result<(), Error> {
    let folder = Folder::new()?;
    sign(side, figures, &folder)?;
    let seeded = Sandbox::new(WorldOptions::default())
        .world_info()
        .extern_
        .drafts;
    for (position, (case, by, pause)) in DRAFTS.into_iter().enumerate() {
        let Side::Podpis = side else {
            figures.skip(case, "it would be a program of its own");
            continue;
        };
        let draft = match by {
            By::Phone => &seeded.dss.id,
            By::Sms => &seeded.sms.id,
        };
        // A draft is signed once.
        let sandbox = Served::start(SANDBOX, pause)?;
        let out = folder.0.join(format!("draft-{position}"));
        std::fs::create_dir(&out)?;
        let mut command = program::sign_draft(&sandbox.url, &folder.0, draft, &out)?;
        figures.both(case, 1, || succeed(&mut command))?;
        if std::fs::read_dir(&out)?.count() < 6 {
            return Err("three documents and three signatures were to be written".into());
        }
    }
    Ok(())
}

fn sign(side: Side, figures: &mut Figures, folder: &Folder) -> Result<(), Error> {
    let sandbox = Served::start(SANDBOX, Duration::ZERO)?;
    let document = folder.0.join("act.xml");
    std::fs::write(&document, "<act>small</act>\n")?;
    let command = || match side {
        Side::Podpis => program::sign(&sandbox.url, &folder.0, &document),
        _ => command_by_hand(&sandbox.url, &document),
    };
    // Builds the program, and warms up.
    succeed(&mut command()?)?;
    let signature = document.with_extension("xml.p7s");
    figures.case(CASE, 1, || {
        std::fs::remove_file(&signature)?;
        succeed(&mut command()?)
    })?;
    // A signature of the sandbox is longer than this.
    if std::fs::metadata(&signature)?.len() > 500 {
        Ok(())
    } else {
        Err("no signature was written".into())
    }
}

fn command_by_hand(url: &str, document: &Path) -> Result<Command, Error> {
    let mut command = Command::new(std::env::current_exe()?);
    command.env_clear().args([SIGN, url]).arg(document);
    Ok(command)
}

fn succeed(command: &mut Command) -> Result<(), Error> {
    let output = command.output()?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    Err(format!("{command:?}: {}: {said}", output.status).into())
}

/// A folder that goes with the value.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Result<Self, Error> {
        let path = std::env::temp_dir().join(format!("podpis-bench-{}", std::process::id()));
        std::fs::create_dir(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
