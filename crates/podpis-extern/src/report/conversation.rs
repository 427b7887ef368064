//! The steps of sending a report.
//!
//! **Invariant:** a step only hands over to the operation that it is; what is not signed by the files that were
//! uploaded is not prepared and not sent.

use podpis_core::call::Effect;
use podpis_core::error::ServiceAnswer;
use podpis_core::secret::ConfirmationCode;
use podpis_core::wait::{Learned, OperationKind as _, Reconciled};
use podpis_core::{Error, ErrorKind};
use podpis_operation::{Event, Operation};
use serde_json::Value;

use super::record::{Record, Step};
use crate::Extern;
use crate::cloud::{CloudStart, SignDraft, is_unsent, unreadable, wrong_signatures};
use crate::tasks::{self, Work};

/// Makes the draft. Nothing else is sent, so that whoever starts knows at once whether the service takes it.
pub(super) async fn start(client: &Extern, operation: &Operation) -> Result<Learned, Error> {
    let record = Record::of(operation)?;
    put_draft(client, &record).await.map_err(|error| {
        // The draft may be there, and the record knows it by its id.
        let failed = |answer: &ServiceAnswer| answer.status.is_server_error();
        if error.kind() == ErrorKind::NoAnswer || error.service().is_some_and(failed) {
            error.with_effect(Effect::Unknown)
        } else {
            error
        }
    })?;
    Ok(Event::Accepted {
        data: record.at(Step::Documents).to_data(),
    }
    .into())
}

pub(super) async fn next_step(client: &Extern, operation: &Operation) -> Result<Learned, Error> {
    let record = Record::of(operation)?;
    let taken = match &record.step {
        Step::Draft => put_draft(client, &record)
            .await
            .map(|()| next(&record.at(Step::Documents))),
        Step::Documents => put_documents(client, &record)
            .await
            .map(|()| next(&record.before_work(Work::Check))),
        Step::Sign { inner } => {
            let inner = operation.clone().with_data(inner.clone());
            SignDraft::start(client, &inner, CloudStart::Nothing)
                .await
                .map(|learned| learned.map_event(|event| record.after(event)))
        }
        Step::Prepare { inner } => {
            let signed = operation.clone().with_data(record.signed.clone());
            if let Some(refused) = wrong_signatures(SignDraft::output(client, &signed)) {
                return Ok(refused.into());
            }
            work(client, operation, &record, inner).await
        }
        Step::Check { inner } | Step::Send { inner } => {
            work(client, operation, &record, inner).await
        }
        Step::Sent { .. } => Err(unreadable(operation, "there is no step after its last")),
    };
    match taken {
        Err(error) if tasks::is_final(&error) => Ok(record.after(tasks::refused(&error)).into()),
        taken => taken,
    }
}

pub(super) async fn poll(client: &Extern, operation: &Operation) -> Result<Learned, Error> {
    let record = Record::of(operation)?;
    let learned = match &record.step {
        Step::Check { inner } | Step::Prepare { inner } | Step::Send { inner } => {
            tasks::poll(client, &task(operation, inner)?).await?
        }
        Step::Sign { inner } if !is_unsent(inner) => {
            SignDraft::poll(client, &operation.clone().with_data(inner.clone())).await?
        }
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
    let inner = operation.clone().with_data(inner.clone());
    let learned = SignDraft::confirm(client, &inner, code).await?;
    Ok(learned.map_event(|event| record.after(event)))
}

pub(super) async fn reconcile(client: &Extern, operation: &Operation) -> Result<Reconciled, Error> {
    let record = Record::of(operation)?;
    let found = match &record.step {
        Step::Check { inner } | Step::Prepare { inner } | Step::Send { inner } => {
            tasks::reconcile(client, &task(operation, inner)?).await?
        }
        Step::Sign { inner } => {
            SignDraft::reconcile(client, &operation.clone().with_data(inner.clone())).await?
        }
        // What has an id that was chosen before is written again, and writes the same.
        Step::Draft | Step::Documents => {
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

async fn work(
    client: &Extern,
    operation: &Operation,
    record: &Record,
    inner: &Value,
) -> Result<Learned, Error> {
    let learned = tasks::next_step(client, &task(operation, inner)?).await?;
    Ok(learned.map_event(|event| record.after(event)))
}

async fn put_draft(client: &Extern, record: &Record) -> Result<(), Error> {
    client
        .put_draft(&record.account, &record.draft, &record.meta)
        .await
}

async fn put_documents(client: &Extern, record: &Record) -> Result<(), Error> {
    for document in &record.documents {
        client
            .put_draft_document(
                &record.account,
                &record.draft,
                &document.id,
                &document.request(),
            )
            .await?;
    }
    Ok(())
}

fn next(record: &Record) -> Learned {
    Event::NextStep {
        data: record.to_data(),
    }
    .into()
}

fn task(operation: &Operation, inner: &Value) -> Result<tasks::Record, Error> {
    tasks::Record::of(&operation.clone().with_data(inner.clone()))
}
