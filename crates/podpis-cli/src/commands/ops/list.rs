//! `podpis ops list`: what is in the journal.
//!
//! **Invariant:** changes nothing and claims nothing; a record that cannot be read is told, never left out.

use clap::Args;
use podpis::Operation;
use podpis::core::journal::look_at_each;

use super::view;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::hidden::one_line;
use crate::messages::{Label, Message};
use crate::moment::seconds_since;
use crate::output::Output;
use crate::store::{self, JournalArguments, Note, Store};

#[derive(Debug, Args)]
pub(crate) struct ListArguments {
    #[command(flatten)]
    journal: JournalArguments,
}

/// So many lines are made and written together.
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

/// What the table has for each of them.
type Row<T = String> = [T; COLUMNS.len()];

/// Lists.
pub(super) async fn run(arguments: &ListArguments, output: Output) -> Result<Exit, Failure> {
    let store = Store::existing(&arguments.journal, output).await?;
    let (records, unreadable) = store.everything().await?;
    if records.is_empty() && unreadable.is_empty() {
        output.say(&Message::JournalEmpty(store.shown()));
    }
    // The note of each is one more file.
    let note = store.notes_of_many();
    let note = |record: &Operation| note(record.id());
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
    let widths = widths(&rows);
    for some in rows.chunks(AT_ONCE) {
        let lines = look_at_each(some, |row| line(row, &widths));
        output.show_whole(&lines.join("\n"))?;
    }
    let mut exit = Exit::Done;
    for failure in unreadable.into_iter().map(store::unreadable) {
        exit = exit.worst(failure.exit());
        output.failure(&failure);
    }
    Ok(exit)
}

/// How wide each column is.
fn widths(rows: &[Row]) -> Row<usize> {
    let mut widths = [0; COLUMNS.len()];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.chars().count().max(*width);
        }
    }
    widths
}

fn line(row: &Row, widths: &Row<usize>) -> String {
    let cells = row.iter().zip(widths);
    let cells: Vec<String> = cells
        .map(|(cell, width)| format!("{cell:<width$}"))
        .collect();
    one_line(cells.join("  ").trim_end())
}

fn row(record: &Operation, note: Option<&Note>, output: Output) -> Row {
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
