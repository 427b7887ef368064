//! Runs what takes minutes, and is no test for that reason.
//!
//! *Invariant:* it ends as what it runs ends.

use std::borrow::BorrowMut;
use std::path::Path;
use std::process::Command;

/// The journal on PostgreSQL.
pub(crate) fn postgres(root: &Path, arguments: &[&str]) -> Result<String, Vec<String>> {
    let soak = ["run", "--release", "-p", "podpis-journal-postgres"];
    let mut soak = cargo(root, &soak);
    soak.args(["--example", "soak", "--"]).args(arguments);
    done(soak, "soak postgres")?;
    Ok("soak postgres: all bounds are kept".to_owned())
}

/// So many operations are open at once in a process that may open 64 files.
const OPEN: &str = "10000";

/// The test that has the limit.
const LIMITED: &str = "drive::tests::limits::many_are_started_looked_at_and_driven_with_few_files";

/// The journal in a folder: very many operations, and the program with very many records.
pub(crate) fn folder(root: &Path, arguments: &[&str]) -> Result<String, Vec<String>> {
    let records = match arguments {
        [] => None,
        ["--records", records] => Some(*records),
        _ => return Err(vec!["soak folder takes --records N".to_owned()]),
    };
    let test = ["test", "--quiet", "--release", "-p", "podpis-core", "--lib"];
    let mut test = cargo(root, &test);
    test.args(["--", "--exact", LIMITED]);
    done(test.env("PODPIS_DRIVE_OPEN", OPEN), "soak folder")?;
    let program = ["build", "--release", "-p", "podpis-cli", "--bins"];
    done(cargo(root, &program), "soak folder")?;
    let example = ["run", "--release", "-p", "podpis-cli"];
    let mut example = cargo(root, &example);
    example.args(["--example", "large_journal", "--"]);
    done(example.args(records), "soak folder")?;
    Ok("soak folder: all bounds are kept".to_owned())
}

fn cargo(root: &Path, arguments: &[&str]) -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.current_dir(root).args(arguments).arg("--locked");
    command
}

fn done(mut command: impl BorrowMut<Command>, what: &str) -> Result<(), Vec<String>> {
    match command.borrow_mut().status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(vec![format!("{what}: {status}")]),
        Err(error) => Err(vec![format!("cargo cannot be run: {error}")]),
    }
}

/// How many programs are killed unless it is told.
const RUNS: u64 = 1_000;

/// The tests that kill the program, each of one way to sign or send, and those that break what is around it.
const WAYS: [&str; 7] = [
    "killed::a_kill_at_any_moment_loses_nothing_and_asks_nobody_twice",
    "killed::a_kill_at_any_moment_of_a_dss_sign_loses_nothing_and_asks_nobody_twice",
    "killed::a_kill_at_any_moment_of_an_attaching_attaches_nothing_twice",
    "killed_sending::a_kill_at_any_moment_of_a_report_sends_it_once",
    "surroundings::a_full_disk_loses_nothing_and_asks_nobody_twice",
    "surroundings::a_journal_that_goes_away_is_missed_and_nobody_is_asked_again",
    "surroundings::a_clock_that_is_set_between_two_programs_changes_nothing",
];

/// The program, killed or left without what it needs so many times in all, at moments that `PODPIS_KILL_SEED` says again.
/// The clock is set only where the package `libfaketime` is there.
pub(crate) fn program(root: &Path, arguments: &[&str]) -> Result<String, Vec<String>> {
    let runs = match arguments {
        [] => Some(RUNS),
        ["--runs", runs] => runs.parse().ok(),
        _ => None,
    };
    let Some(runs) = runs else {
        return Err(vec!["soak program takes --runs N".to_owned()]);
    };
    let each = runs.div_ceil(WAYS.len() as u64);
    for way in WAYS {
        let mut test = Command::new("cargo");
        test.current_dir(root);
        test.args([
            "test",
            "--quiet",
            "--locked",
            "-p",
            "podpis-cli",
            "--test",
            "cli",
        ]);
        test.args(["--", "--exact", "--nocapture", way]);
        test.env("PODPIS_KILL_RUNS", each.to_string());
        if std::env::var_os("PODPIS_KILL_SEED").is_none() {
            test.env("PODPIS_KILL_SEED", std::process::id().to_string());
        }
        match test.status() {
            Ok(status) if status.success() => {}
            Ok(_) => {
                return Err(vec![format!(
                    "soak program: {way} failed; what it says is above"
                )]);
            }
            Err(error) => return Err(vec![format!("cargo test: {error}")]),
        }
    }
    let ways = WAYS.len();
    Ok(format!(
        "soak program: {each} kills or faults of each of {ways} ways; doubled 0, lost 0"
    ))
}
