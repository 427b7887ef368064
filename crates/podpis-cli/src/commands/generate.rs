//! `podpis generate`: completions for shells, and manual pages, from the very arguments that the program takes.
//!
//! **Invariant:** nothing is asked of anybody, and nothing is written but to stdout or into the folder that was named.

use std::io;
use std::path::{Path, PathBuf};

use clap::{Command, Subcommand};
use clap_complete::Shell;
use clap_mangen::Man;
use serde_json::json;

use crate::arguments;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::messages::{Language, Message};
use crate::output::Output;
use crate::whole_file::{self, Readers, made, makeable};

#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(crate) enum GenerateCommand {
    /// Print the completions for a shell
    Completions {
        /// The shell
        #[arg(value_name = "SHELL")]
        shell: Shell,
    },
    /// Write the manual pages, one for each command
    Man {
        /// Folder for the pages; it is made where it is not there
        #[arg(value_name = "DIR")]
        folder: PathBuf,
    },
}

/// The headings that the library of the manual pages knows in English only.
const HEADINGS: [(&str, &str); 7] = [
    ("NAME", "НАЗВАНИЕ"),
    ("SYNOPSIS", "ВЫЗОВ"),
    ("DESCRIPTION", "ОПИСАНИЕ"),
    ("OPTIONS", "ПАРАМЕТРЫ"),
    ("SUBCOMMANDS", "КОМАНДЫ"),
    ("EXTRA", "ДОПОЛНИТЕЛЬНО"),
    ("VERSION", "ВЕРСИЯ"),
];

/// Generates.
pub(super) fn run(command: GenerateCommand, output: Output) -> Result<Exit, Failure> {
    // Its page and its completions would repeat those of every other command.
    let program = arguments::command(output.language(), |program| {
        program.disable_help_subcommand(true)
    });
    match command {
        GenerateCommand::Completions { shell } => completions(program, shell, output)?,
        GenerateCommand::Man { folder } => manual(program, &folder, output)?,
    }
    Ok(Exit::Done)
}

fn completions(mut program: Command, shell: Shell, output: Output) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut program, "podpis", &mut script);
    let script = String::from_utf8(script).map_err(Failure::setup)?;
    output.result(&json!({ "shell": shell.to_string(), "completions": script }))?;
    output.show_whole(&script)
}

fn manual(mut program: Command, folder: &Path, output: Output) -> Result<(), Failure> {
    let real = makeable(folder)?;
    made(&real)?;
    program.build();
    let mut pages = Vec::new();
    collect(&program, &mut pages);
    for command in pages {
        let name = format!("{}.1", command.get_display_name().unwrap_or("podpis"));
        let place = folder.join(&name).display().to_string();
        let unwritten = |error: io::Error| {
            Failure::failed("output", Message::PageNotWritten(place.clone())).with_source(error)
        };
        let page = page(command, output.language()).map_err(unwritten)?;
        let written = whole_file::replace(&real, &name, page.as_bytes(), Readers::Anybody);
        written.map_err(unwritten)?;
        output.result(&json!({ "page": place }))?;
        output.show(&place)?;
    }
    Ok(())
}

/// A command and all below it.
fn collect<'c>(command: &'c Command, into: &mut Vec<&'c Command>) {
    into.push(command);
    let below = command.get_subcommands().filter(|one| !one.is_hide_set());
    below.for_each(|one| collect(one, into));
}

fn page(command: &Command, language: Language) -> io::Result<String> {
    let mut page = Vec::new();
    let source = concat!("podpis ", env!("CARGO_PKG_VERSION"));
    Man::new(command.clone()).source(source).render(&mut page)?;
    let page = String::from_utf8(page).map_err(io::Error::other)?;
    if language == Language::English {
        return Ok(page);
    }
    let heading = |line: &str| {
        let known = HEADINGS
            .iter()
            .find(|(english, _)| line == format!(".SH {english}"));
        known.map_or_else(|| line.to_owned(), |(_, russian)| format!(".SH {russian}"))
    };
    Ok(page.lines().map(|line| heading(line) + "\n").collect())
}
