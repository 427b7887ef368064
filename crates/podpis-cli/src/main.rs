//! The `podpis` program: remote signatures with Diadoc and Kontur.Extern from the command line, and the sandbox to try them on.
//!
//! | module | decides |
//! |---|---|
//! | `arguments`, `commands` | what can be asked for; one file per command |
//! | `help` | how that is told in the person's language |
//! | `environment` | where secrets come from |
//! | `profile` | what stands in where a variable is not set |
//! | `login` | logins that outlive the program |
//! | `connection`, `address`, `sandbox` | which service is talked to, and as whom |
//! | `prompt`, `progress`, `waiting_line`, `phone_link` | how the person is asked, and what the person sees meanwhile |
//! | `store` | where operations are kept until their signatures are written |
//! | `asked` | what can be asked of the services, in a form that is noted and asked again |
//! | `ready` | what has to be right before anything is asked |
//! | `driving`, `interrupt` | how one operation is started, waited for and finished |
//! | `repeating`, `files` | when it is started over, and with which files |
//! | `delivery`, `signature_file` | where signatures go |
//! | `out_folder`, `file_name` | where results go whose names only the service knows |
//! | `whole_file` | that none of them is ever half-written |
//! | `record_ids` | which ids of the service a record has |
//! | `kept` | what the things are that a record keeps, and how they become files |
//! | `checks` | how the checks of a signature are told |
//! | `waiting` | what waits for a signature, and what it needs |
//! | `moment` | how moments are told |
//! | `messages`, `output` | the words, in two languages, and the two streams |
//! | `hidden` | which characters of a name or a text nobody is shown as they are |
//! | `file_size` | what a limit on the size of files means |
//! | `failure`, `exit` | what went wrong, in words and as a number |
//! | `panicking` | what a bug of ours does to the program |
//!
//! **Invariant:** stdout carries results and nothing else, one JSON object per line with `--json`; everything for people goes to stderr; no
//! secret is taken from an argument, and none is printed.

#![doc = include_str!("../README.md")]
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "printing is what the program is for; no library of ours does it"
)]

mod address;
mod arguments;
mod asked;
mod checks;
mod commands;
mod connection;
mod delivery;
mod driving;
mod environment;
mod exit;
mod failure;
mod file_name;
mod file_size;
mod files;
mod help;
mod hidden;
mod interrupt;
mod kept;
mod log;
mod login;
mod messages;
mod moment;
mod out_folder;
mod output;
mod panicking;
mod phone_link;
mod profile;
mod progress;
mod prompt;
mod ready;
mod record_ids;
mod repeating;
mod sandbox;
mod signature_file;
mod store;
mod waiting;
mod waiting_line;
mod whole_file;

use std::process::ExitCode;

fn main() -> ExitCode {
    panicking::ends_the_program();
    match arguments::parse() {
        Ok(arguments) => commands::run(arguments).into(),
        Err(exit) => exit.into(),
    }
}
