//! `podpis ops show`: one operation, and what to do about it.
//!
//! With `--save` it also writes what the record keeps, whether or not anybody can read it.
//!
//! **Invariant:** changes nothing in the journal and claims nothing, so that it works while another program drives the
//! operation.

use std::path::PathBuf;

use clap::Args;
use podpis::operation::State;
use podpis::{Operation, OperationId};
use serde_json::{Value, json};

use super::outcome::finished_before;
use super::view;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::kept::{Kept, Saved};
use crate::messages::{Label, Message};
use crate::moment::rfc3339;
use crate::out_folder::OutFolder;
use crate::output::{Output, joined};
use crate::store::{JournalArguments, Note, Store};

#[derive(Debug, Args)]
pub(crate) struct ShowArguments {
    /// The operation
    #[arg(value_name = "ID", value_parser = super::named)]
    id: OperationId,

    /// Write all that the record keeps into this folder, as it came: signatures, and what came in their place
    #[arg(long, value_name = "DIR")]
    save: Option<PathBuf>,

    #[command(flatten)]
    journal: JournalArguments,
}

/// Shows.
pub(super) async fn run(arguments: &ShowArguments, output: Output) -> Result<Exit, Failure> {
    let store = Store::existing(&arguments.journal, output).await?;
    let id = &store.meant(&arguments.id).await?;
    let found = store.look(id).await;
    if found.is_err()
        && let Some(exit) = store.ended(id)
    {
        output.result(&finished_before(id, exit))?;
        let id = id.to_string();
        output.show(&output.text(&Message::FinishedBefore { id, exit }))?;
        return Ok(exit);
    }
    if found.is_err()
        && let Some(failure) = store.started_over(id).await
    {
        return Err(failure);
    }
    let record = &found?;
    // A folder that cannot be written is told before anything else is.
    let folder = arguments
        .save
        .as_deref()
        .map(|dir| OutFolder::asked(Some(dir)));
    let saving = folder
        .transpose()?
        .map(|folder| save(record, &folder))
        .transpose()?;
    let note = store.own_note(id)?;
    let mut told = view::whole(record, note.as_ref(), note.as_ref().map(outputs));
    if let Some(saving) = &saving {
        let saved: Vec<Value> = saving.iter().flatten().map(Saved::json).collect();
        told = joined(told, json!({ "saved": saved }));
    }
    output.result(&told)?;
    for (label, value) in lines(record, note.as_ref(), output) {
        let label = output.text(&Message::Label(label));
        output.show(&format!("{label}: {value}"))?;
    }
    let mut exit = Exit::Done;
    for saved in saving.iter().flatten() {
        match saved {
            Ok(Saved { place, reading, .. }) => {
                let (place, reading) = (place.clone(), reading.clone());
                output.show(&output.text(&Message::Saved { place, reading }))?;
            }
            Err(failure) => {
                exit = exit.worst(failure.exit());
                output.failure(failure);
            }
        }
    }
    if saving.is_some_and(|saving| saving.is_empty()) {
        output.say(&Message::KeepsNothing(id.to_string()));
    }
    output.show(&output.text(&store.advice(record)))?;
    Ok(exit)
}

/// Writes what the record keeps.
fn save(record: &Operation, folder: &OutFolder) -> Result<Vec<Result<Saved, Failure>>, Failure> {
    let Some(kept) = Kept::of(record) else {
        let message = Message::KindUnknown {
            id: record.id().to_string(),
            kind: record.kind().to_string(),
        };
        return Err(Failure::failed("other", message).about(record.id()));
    };
    Ok(kept.save(folder))
}

fn outputs(note: &Note) -> Vec<Value> {
    let one = |file: &crate::store::NotedFile| {
        json!({
            "file": file.file().display().to_string(),
            "signature": file.signature().display().to_string(),
        })
    };
    let folder = note.folder();
    let folder = folder.map(|folder| json!({ "folder": folder.display().to_string() }));
    note.files.iter().map(one).chain(folder).collect()
}

fn lines(record: &Operation, note: Option<&Note>, output: Output) -> Vec<(Label, String)> {
    let origin = record.origin();
    let mut lines = vec![
        (Label::Operation, record.id().to_string()),
        (Label::Kind, record.kind().to_string()),
        (
            Label::State,
            output.text(&Message::State(view::state(record, note))),
        ),
    ];
    if let State::Refused { refusal, message } = record.state() {
        let words = message.as_ref().map(|words| format!(": {words}"));
        let refusal = format!("{refusal}{}", words.unwrap_or_default());
        lines.push((Label::Refusal, refusal));
    }
    let place = origin.place.as_ref().map(|place| format!(", {place}"));
    let place = format!(
        "{}, {}{}",
        origin.service,
        origin.host,
        place.unwrap_or_default()
    );
    let place = match note.and_then(Note::sandbox) {
        Some(_) => output.text(&Message::InSandbox(place)),
        None => place,
    };
    lines.push((Label::Place, place));
    for (label, moment) in [
        (Label::Created, record.created()),
        (Label::Changed, record.changed()),
    ] {
        lines.extend(rfc3339(moment).map(|moment| (label, moment)));
    }
    lines.extend(record.follows().map(|id| (Label::Follows, id.to_string())));
    for file in record.files() {
        let size = file.size.map(|size| output.text(&Message::Size(size)));
        let told = [Some(file.name.clone()), size];
        let told: Vec<String> = told.into_iter().flatten().collect();
        lines.push((Label::File, told.join(", ")));
        for (algorithm, digest) in file.digests.iter() {
            lines.push((Label::Digest, format!("{algorithm} {digest}")));
        }
    }
    for file in note.iter().flat_map(|note| &note.files) {
        lines.push((Label::Signature, file.signature().display().to_string()));
    }
    if let Some(folder) = note.and_then(Note::folder) {
        lines.push((Label::Folder, folder.display().to_string()));
    }
    lines
}
