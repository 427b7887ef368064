//! `podpis extern reply --waiting`: answers all that the docflows of an account ask for, as far as it can be answered in
//! one way only.
//!
//! **Invariant:** nothing is answered that was not shown, and nothing before somebody has said yes to the number; a document
//! that an open operation is about is left alone.

use podpis::core::wait::OperationKind as _;
use podpis::extern_api::{AnswerDocument, DocflowFilter, ReplyAsked};
use podpis::{DocumentPath, Operation, OperationId};
use serde_json::json;

use super::answer::Answerer;
use super::docflows::told;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::messages::{DiadocMessage, Message};
use crate::output::joined;
use crate::store::Store;
use crate::waiting::{ConsentArguments, alone, asking, go_on};

/// Goes on with what is open, looks, asks, answers.
pub(super) async fn run(
    mut answerer: Answerer<'_>,
    store: &Store,
    consent: &ConsentArguments,
    yes: bool,
) -> Result<Exit, Failure> {
    let output = answerer.output;
    let mut interrupt = Interrupt::new();
    let place = answerer.account.id.to_string().to_lowercase();
    let host = answerer.account.ready.connection.host();
    let _alone = match consent.dry_run {
        true => None,
        false => Some(alone(store, &host, &place).await?),
    };
    if !consent.dry_run {
        let mut records = records(store, &answerer).await?;
        let known = |record: &Operation| record.origin().place.as_deref().map(str::to_lowercase);
        records.retain(|record| known(record).is_some_and(|known| known == place));
        let (ready, folder) = (&answerer.account.ready, &answerer.account.folder);
        let exit = go_on(store, ready, records, folder, &mut interrupt, output).await?;
        answerer.exit = answerer.exit.worst(exit);
        if interrupt.was_pressed() {
            return Ok(answerer.exit);
        }
    }
    let open: Vec<(OperationId, DocumentPath)> = records(store, &answerer)
        .await?
        .iter()
        .filter_map(|record| Some((record.id().clone(), AnswerDocument::place(record)?)))
        .collect();
    let client = &answerer.account.ready.client;
    let docflows = asking(
        &client.account(&answerer.account.id),
        DocflowFilter::default(),
    )
    .await?;
    let mut to_answer = Vec::new();
    for mut asked in docflows.into_iter().map(|one| one.replies) {
        while let Some(first) = asked.first() {
            let place = first.place.clone();
            let (offers, rest) = asked.into_iter().partition(|one| one.place == place);
            asked = rest;
            match need(&answerer, &offers, &open) {
                None => to_answer.push(offers),
                Some((word, message)) => {
                    let reason = output.text(&message);
                    output.line(&reason);
                    let known =
                        json!({ "docflow": place.docflow_id(), "needs": word, "reason": reason });
                    for offer in &offers {
                        output.result(&joined(told(offer), known.clone()))?;
                    }
                }
            }
        }
    }
    to_answer.truncate(consent.limit());
    let documents = to_answer.len();
    if documents == 0 {
        output.say(&Message::NothingToAnswer);
    } else {
        output.say(&DiadocMessage::WillAnswer { documents }.into());
    }
    for offer in to_answer.iter().flatten() {
        let words = DiadocMessage::Asks {
            document: offer.place.document_id().to_string(),
            reply_type: offer.reply_type.clone(),
        };
        output.say(&words.into());
        if consent.dry_run {
            let known = json!({ "docflow": offer.place.docflow_id(), "needs": "reply" });
            output.result(&joined(told(offer), known))?;
        }
    }
    if !consent.given(documents, yes, output).await? {
        return Ok(answerer.exit);
    }
    for offers in to_answer {
        let was_stopped = answerer.one(offers, &mut interrupt).await?;
        if interrupt.was_pressed() || was_stopped {
            break;
        }
    }
    Ok(answerer.exit)
}

/// The operations of the journal that answer documents at this service.
async fn records(store: &Store, answerer: &Answerer<'_>) -> Result<Vec<Operation>, Failure> {
    let host = answerer.account.ready.connection.host();
    let records = store.journal().open().await;
    let mut records = records.map_err(|error| store.failing(error))?;
    records.retain(|record| *record.kind() == AnswerDocument::KIND && record.origin().is_at(&host));
    Ok(records)
}

/// What a document needs beside a yes: the word for programs, and the words for people.
fn need(
    answerer: &Answerer<'_>,
    offers: &[ReplyAsked],
    open: &[(OperationId, DocumentPath)],
) -> Option<(&'static str, Message)> {
    let place = &offers.first()?.place;
    let is_it = |known: &DocumentPath| lower(known) == lower(place);
    let document = place.document_id().to_string();
    if let Some((id, _)) = open.iter().find(|(_, known)| is_it(known)) {
        let id = id.to_string();
        return Some((
            "operation",
            DiadocMessage::AnsweredByOperation { document, id }.into(),
        ));
    }
    let Ok(offer) = answerer.choose(offers) else {
        let types: Vec<&str> = offers.iter().map(|offer| &*offer.reply_type).collect();
        let types = types.join(", ");
        return Some(("type", Message::ReplyTypeNeeded { document, types }));
    };
    let lacks_content = offer.is_package && answerer.manner.contents.is_empty();
    lacks_content.then(|| ("content", DiadocMessage::ContentNeeded { document }.into()))
}

/// A document as it is told apart from others: the service takes its ids in any case.
fn lower(place: &DocumentPath) -> String {
    place.to_string().to_lowercase()
}
