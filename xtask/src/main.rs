//! The workspace's own tools; `cargo xtask help` lists them.
//!
//! *Invariant:* a check never writes; whatever it finds is one line that says how to put it right.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a developer's program; its output is its result"
)]

mod bench;
mod codegen;
mod freshness;
mod fuzz;
mod git;
mod lines;
mod matrix;
mod packages;
mod public_api;
mod published;
mod semver;
mod soak;
mod tidy;

use std::path::PathBuf;
use std::process::ExitCode;

/// Shown for an unknown or absent command.
const USAGE: &str = "\
usage: cargo xtask <command>

  codegen           write the messages of podpis-diadoc-proto from proto/diadoc
  codegen --check   only compare, and name what is stale
  tidy              check the rules that the workspace has set itself
  lines             count the hand-written Rust that users run, by crate;
                    [--against REVISION] and how much that is more or less than at another revision
  bench NAME        measure a benchmark of xtask/bench and what is written by hand, alternately;
                    [--against REVISION] the same at another revision too, [--rounds N], [--json]
  matrix            send every endpoint of both services through every fault, and print what each came to
  semver            check that what users see and is gone or changed since the last tag is told in CHANGELOG.md, and that
                    each type of another crate has a reason; [--against REVISION] since it left that revision
  fuzz [TARGET]     inputs that nobody would send, made anew each time, to everything that reads;
                    [--minutes N] for so long in all, 5 unless told
  soak postgres     three workers that are killed and a server that restarts, and how many operations a second
                    a database takes; [killed | throughput] only one of them
  soak program      kill the program at any moment of signing, attaching and sending, and go on with what it left;
                    [--runs N] so many times in all, 1000 unless told
  soak folder       10,000 open operations with 64 files, and the program with 100,000 records in its journal: how long
                    a list takes, when the first is asked for, and how much memory that takes; [--records N]
  packages [CRATE]  check what is published: manifests, features, the oldest Rust, documentation, and that each crate
                    builds and passes its tests from its package alone
  public-api        list the public items of the libraries in xtask/public-api, and count them; needs Rust nightly
  public-api --check
                    only compare, and name what is stale";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let root = workspace_root();
    let outcome = match arguments.as_slice() {
        ["codegen"] => codegen::write(&root),
        ["codegen", "--check"] => codegen::check(&root),
        ["tidy"] => tidy::check(&root),
        ["lines"] => lines::count(&root, None),
        ["lines", "--against", revision] => lines::count(&root, Some(revision)),
        ["packages"] => packages::check(&root, None),
        ["packages", name] => packages::check(&root, Some(name)),
        ["matrix"] => matrix::print(&root),
        ["public-api"] => public_api::write(&root),
        ["public-api", "--check"] => public_api::check(&root),
        ["semver"] => semver::check(&root, None),
        ["semver", "--against", revision] => semver::check(&root, Some(revision)),
        ["fuzz", arguments @ ..] => fuzz::run(&root, arguments),
        ["soak", "program", arguments @ ..] => soak::program(&root, arguments),
        ["soak", "folder", arguments @ ..] => soak::folder(&root, arguments),
        ["soak", "postgres", arguments @ ..] => soak::postgres(&root, arguments),
        ["bench", arguments @ ..] => bench::run(&root, arguments),
        ["help" | "--help" | "-h"] => {
            println!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(summary) => {
            println!("{summary}");
            ExitCode::SUCCESS
        }
        Err(complaints) => {
            for complaint in &complaints {
                eprintln!("{complaint}");
            }
            ExitCode::FAILURE
        }
    }
}

/// The folder that holds this package, so that the tools work from anywhere inside the workspace.
fn workspace_root() -> PathBuf {
    let package = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    package
        .parent()
        .map_or_else(|| package.clone(), PathBuf::from)
}
