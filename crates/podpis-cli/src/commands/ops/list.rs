//! `podpis ops list`: what is in the journal.
//!
//! **Invariant:** changes nothing and claims nothing; a record that cannot be read is told, never left out.

use clap::Args;
use podpis::Operation;

use super::view;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::messages::{Label, Message};
use crate::moment::seconds_since;
use crate::output::Output;
use crate::progress;
use crate::store::{JournalArguments, Note, Store};

#[derive(Debug, Args)]
pub(crate) struct ListArguments {
    #[command(flatten)]
    journal: JournalArguments,
}

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
    let store = Store::open(&arguments.journal).await?;
    let (records, unreadable) = super::records(&store).await?;
    if records.is_empty() && unreadable.is_empty() {
        output.say(&Message::JournalEmpty(store.shown()));
    }
    for record in &records {
        let note = store.note(record.id()).ok().flatten();
        output.result(&view::summary(record, note.as_ref()))?;
    }
    if !records.is_empty() {
        for line in table(&store, &records, output) {
            output.show(&line)?;
        }
    }
    let mut exit = Exit::Done;
    for (_, failure) in &unreadable {
        exit = exit.worst(failure.exit());
        output.failure(failure);
    }
    Ok(exit)
}

fn table(store: &Store, records: &[Operation], output: Output) -> Vec<String> {
    let head = COLUMNS.map(|label| output.text(&Message::Label(label)));
    let mut rows = vec![head];
    rows.extend(records.iter().map(|record| row(store, record, output)));
    let width = |column: usize| {
        rows.iter()
            .filter_map(|row| row.get(column))
            .map(|cell| cell.chars().count())
            .max()
            .unwrap_or_default()
    };
    let widths: Vec<usize> = (0..COLUMNS.len()).map(width).collect();
    let line = |row: &[String; COLUMNS.len()]| {
        let cells = row.iter().zip(&widths);
        let cells: Vec<String> = cells
            .map(|(cell, width)| format!("{cell:<width$}"))
            .collect();
        cells.join("  ")
    };
    rows.iter().map(line).collect()
}

fn row(store: &Store, record: &Operation, output: Output) -> [String; COLUMNS.len()] {
    let origin = record.origin();
    let place = match &origin.place {
        Some(place) => format!("{}/{place}", origin.host),
        None => origin.host.clone(),
    };
    let note = store.note(record.id()).ok().flatten();
    let place = match note.as_ref().and_then(Note::sandbox) {
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
        output.text(&Message::State(progress::state(record))),
        place,
        files,
        output.text(&Message::Age(seconds_since(record.created()))),
        record
            .follows()
            .map(ToString::to_string)
            .unwrap_or_default(),
    ]
}
