//! `podpis ops list`: what is in the journal.
//!
//! **Invariant:** changes nothing and claims nothing; a record that cannot be read is told, never left out.

use clap::Args;
use podpis::Operation;
use podpis::core::journal::look_at_each;

use super::view;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::messages::{Label, Message};
use crate::moment::seconds_since;
use crate::output::Output;
use crate::store::{self, JournalArguments, Note, Store};

#[derive(Debug, Args)]
pub(crate) struct ListArguments {
    #[command(flatten)]
    journal: JournalArguments,
}

/// So many results for programs are in memory together.
const AT_ONCE: usize = 4_096;

/// The columns of the table.
const COLUMNS: [Label; 7] = [
    Label::Operation,
    Label::Kind,
    Label::State,
    Label::Place,
    Label::Files,
    Label::Age,
    Label::Follows,
];

/// Lists.
pub(super) async fn run(arguments: &ListArguments, output: Output) -> Result<Exit, Failure> {
    let store = Store::existing(&arguments.journal, output).await?;
    let (records, unreadable) = store.everything().await?;
    if records.is_empty() && unreadable.is_empty() {
        output.say(&Message::JournalEmpty(store.shown()));
    }
    // The note of each is one more file.
    let note = |record: &Operation| store.note(record.id()).ok().flatten();
    let mut rows = Vec::new();
    if output.is_for_programs() {
        for some in records.chunks(AT_ONCE) {
            for told in look_at_each(some, |record| view::summary(record, note(record).as_ref())) {
                output.result(&told)?;
            }
        }
    } else {
        rows = look_at_each(&records, |record| {
            row(record, note(record).as_ref(), output)
        });
    }
    if !rows.is_empty() {
        rows.insert(0, COLUMNS.map(|label| output.text(&Message::Label(label))));
    }
    for line in table(&rows) {
        output.show(&line)?;
    }
    let mut exit = Exit::Done;
    for failure in unreadable.into_iter().map(store::unreadable) {
        exit = exit.worst(failure.exit());
        output.failure(&failure);
    }
    Ok(exit)
}

fn table(rows: &[[String; COLUMNS.len()]]) -> impl Iterator<Item = String> {
    let width = |column: usize| {
        rows.iter()
            .filter_map(|row| row.get(column))
            .map(|cell| cell.chars().count())
            .max()
            .unwrap_or_default()
    };
    let widths: Vec<usize> = (0..COLUMNS.len()).map(width).collect();
    rows.iter().map(move |row| {
        let cells = row.iter().zip(&widths);
        let cells: Vec<String> = cells
            .map(|(cell, width)| format!("{cell:<width$}"))
            .collect();
        cells.join("  ")
    })
}

fn row(record: &Operation, note: Option<&Note>, output: Output) -> [String; COLUMNS.len()] {
    let origin = record.origin();
    let place = match &origin.place {
        Some(place) => format!("{}/{place}", origin.host),
        None => origin.host.clone(),
    };
    let place = match note.and_then(Note::sandbox) {
        Some(_) => output.text(&Message::InSandbox(place)),
        None => place,
    };
    let files = match record.files() {
        [] => String::new(),
        [one] => one.name.clone(),
        [first, rest @ ..] => format!("{} +{}", first.name, rest.len()),
    };
    [
        record.id().to_string(),
        record.kind().to_string(),
        output.text(&Message::State(view::state(record, note))),
        place,
        files,
        output.text(&Message::Age(seconds_since(record.created()))),
        record
            .follows()
            .map(ToString::to_string)
            .unwrap_or_default(),
    ]
}
