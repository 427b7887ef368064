//! The steps of answering a document.
//!
//! **Invariant:** a step only hands over to the operation that it is; what is not signed as it was made is not sent.

use podpis_cms::Signatures;
use podpis_core::secret::ConfirmationCode;
use podpis_core::wait::Record as _;
use podpis_core::wait::{Learned, OperationKind, Reconciled, compute};
use podpis_core::{Error, ErrorKind};
use podpis_operation::{Event, Operation, Refusal};

use super::record::{Record, Step};
use super::sending::{self, SendRecord};
use crate::cloud::{CloudStart, SignPfrReply, SignReply, is_unsent, unreadable, wrong_signatures};
use crate::{Extern, tasks};

/// Makes the reply. One that was made and is never sent says nothing to anybody, so a lost answer is made up for by
/// making another.
pub(super) async fn start(client: &Extern, operation: &Operation) -> Result<Learned, Error> {
    let made = generate(client, operation, &Record::of(operation)?).await?;
    Ok(Event::Accepted {
        data: made.to_data(),
    }
    .into())
}

async fn generate(
    client: &Extern,
    operation: &Operation,
    record: &Record,
) -> Result<Record, Error> {
    let certificate = record
        .certificate_request()
        .ok_or_else(|| unreadable(operation, "its certificate cannot be read"))?;
    let (account, place, reply_type) = (&record.account, &record.place, &*record.reply_type);
    let nameless = || {
        let text = "the service made a reply and did not name it";
        Error::new(ErrorKind::UnreadableAnswer, text)
    };
    if record.package {
        let reply = client
            .generate_pfr_reply(account, place, reply_type, &certificate)
            .await?;
        let id = reply.id.clone().ok_or_else(nameless)?;
        Ok(record.package_made(id, &reply))
    } else {
        let codes: Vec<&str> = record.decline_codes.iter().map(String::as_str).collect();
        let reply = client
            .generate_reply(account, place, reply_type, &certificate, &codes)
            .await?;
        let id = reply.id.clone().ok_or_else(nameless)?;
        Ok(record.made(id, &reply))
    }
}

pub(super) async fn next_step(client: &Extern, operation: &Operation) -> Result<Learned, Error> {
    let record = Record::of(operation)?;
    let taken = match &record.step {
        Step::Generate => generate(client, operation, &record)
            .await
            .map(|made| next(&made)),
        Step::Contents => match missing_content(&record) {
            Some(problem) => Ok(Event::Refused {
                refusal: Refusal::Other,
                message: Some(problem),
            }
            .into()),
            None => put_contents(client, &record)
                .await
                .map(|()| next(&record.before_signing())),
        },
        Step::Sign { inner } => {
            let inner = record.inner(operation, inner);
            let started = if record.package {
                SignPfrReply::start(client, &inner, CloudStart::Nothing).await
            } else {
                SignReply::start(client, &inner, CloudStart::Nothing).await
            };
            started.map(|learned| learned.map_event(|event| record.after(event)))
        }
        Step::Send { inner } => {
            let judge = {
                let (client, operation, record) =
                    (client.clone(), operation.clone(), record.clone());
                move || wrong_signatures(signatures(&client, &operation, &record))
            };
            if let Some(refused) = compute(judge).await {
                return Ok(refused.into());
            }
            let inner = SendRecord::read(operation, inner)?;
            let sent = sending::next_step(client, &inner).await;
            sent.map(|learned| learned.map_event(|event| record.after(event)))
        }
        Step::Sent { .. } => Err(unreadable(operation, "there is no step after its last")),
    };
    match taken {
        Err(error) if tasks::is_final(&error) => Ok(tasks::refused(&error).into()),
        taken => taken,
    }
}

pub(super) async fn poll(client: &Extern, operation: &Operation) -> Result<Learned, Error> {
    let record = Record::of(operation)?;
    let learned = match &record.step {
        Step::Sign { inner } if !is_unsent(inner) => {
            let inner = record.inner(operation, inner);
            if record.package {
                SignPfrReply::poll(client, &inner).await?
            } else {
                SignReply::poll(client, &inner).await?
            }
        }
        Step::Send { inner } => sending::poll(client, &SendRecord::read(operation, inner)?).await?,
        // It was not taken, and is sent again.
        _ => return Ok(next(&record)),
    };
    Ok(learned.map_event(|event| record.after(event)))
}

pub(super) async fn confirm(
    client: &Extern,
    operation: &Operation,
    code: &ConfirmationCode,
) -> Result<Learned, Error> {
    let record = Record::of(operation)?;
    let Step::Sign { inner } = &record.step else {
        return Err(unreadable(operation, "its step asks for no code"));
    };
    let inner = record.inner(operation, inner);
    let learned = if record.package {
        SignPfrReply::confirm(client, &inner, code).await?
    } else {
        SignReply::confirm(client, &inner, code).await?
    };
    Ok(learned.map_event(|event| record.after(event)))
}

pub(super) async fn reconcile(client: &Extern, operation: &Operation) -> Result<Reconciled, Error> {
    let record = Record::of(operation)?;
    let found = match &record.step {
        Step::Sign { inner } => {
            let inner = record.inner(operation, inner);
            if record.package {
                SignPfrReply::reconcile(client, &inner).await?
            } else {
                SignReply::reconcile(client, &inner).await?
            }
        }
        Step::Send { inner } => {
            sending::reconcile(client, &SendRecord::read(operation, inner)?).await?
        }
        // Making a reply again leaves an unused one behind, and contents are written as they were.
        Step::Generate | Step::Contents => {
            return Ok(Reconciled::Applied(Event::NextStep {
                data: record.to_data(),
            }));
        }
        Step::Sent { .. } => {
            return Err(unreadable(operation, "its last step leaves nothing open"));
        }
    };
    Ok(match found {
        Reconciled::Applied(event) => Reconciled::Applied(record.after(event)),
        other => other,
    })
}

fn missing_content(record: &Record) -> Option<String> {
    let is_missing = |at: usize| {
        let part = record.parts.get(at);
        part.is_some_and(|part| part.empty) && record.content_for(at).is_none()
    };
    let missing = (0..record.parts.len()).filter(|at| is_missing(*at)).count();
    let (given, parts) = (record.contents.len(), record.parts.len());
    if parts == 0 {
        Some("the package has no documents".to_owned())
    } else if given > 1 && given != parts {
        Some(format!(
            "{given} contents were given for the {parts} documents of the package: give one for each, or one for all"
        ))
    } else if missing > 0 {
        Some(format!(
            "{missing} of the {parts} documents of the package have no content, and none was given"
        ))
    } else {
        None
    }
}

async fn put_contents(client: &Extern, record: &Record) -> Result<(), Error> {
    let Some(reply) = &record.reply else {
        return Ok(());
    };
    for (at, part) in record.parts.iter().enumerate() {
        let Some(content) = record.content_for(at) else {
            continue;
        };
        let bytes = client.content(&record.account, &content.id).await?;
        let (account, place) = (&record.account, &record.place);
        client
            .put_pfr_reply_content(account, place, reply, &part.id, bytes)
            .await?;
    }
    Ok(())
}

/// The signatures of the reply, when they were made.
pub(super) fn signatures(
    client: &Extern,
    operation: &Operation,
    record: &Record,
) -> Result<Signatures, Error> {
    let signed = record.inner(operation, &record.signed);
    if record.package {
        SignPfrReply::output(client, &signed)
    } else {
        SignReply::output(client, &signed)
    }
}

fn next(record: &Record) -> Learned {
    Event::NextStep {
        data: record.to_data(),
    }
    .into()
}
