//! The steps of sending a report.
//!
//! **Invariant:** a step only hands over to the operation that it is; under signatures of anything but what the
//! record says is signed, nothing is prepared and nothing is sent.

use podpis_core::call::Effect;
use podpis_core::error::ServiceAnswer;
use podpis_core::secret::ConfirmationCode;
use podpis_core::wait::Record as _;
use podpis_core::wait::{Learned, OperationKind as _, Reconciled};
use podpis_core::{Error, ErrorKind};
use podpis_operation::{Event, Operation};
use serde_json::Value;

use super::data_to_sign::looked_up;
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
            let inner = record.signing(operation, inner);
            SignDraft::start(client, &inner, CloudStart::Nothing)
                .await
                .map(|learned| learned.map_event(|event| record.after(event)))
        }
        Step::Prepare { inner } => {
            let signed = record.signing(operation, &record.signed);
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
            SignDraft::poll(client, &record.signing(operation, inner)).await?
        }
        // It was not taken, and is sent again.
        _ => return Ok(next(&record)),
    };
    after(client, operation, &record, learned).await
}

/// What the step's operation taught, as what it means for the whole. When the check is behind it, the signing is
/// stored with what will be signed: the check is the last that may change that.
async fn after(
    client: &Extern,
    operation: &Operation,
    record: &Record,
    learned: Learned,
) -> Result<Learned, Error> {
    let mut checked = None;
    let learned = learned.map_event(|event| {
        let event = record.after(event);
        checked = record.checked(&event);
        event
    });
    match checked {
        Some(checked) => Ok(next(&looked_up(client, operation, checked).await?)),
        None => Ok(learned),
    }
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
    let inner = record.signing(operation, inner);
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
            SignDraft::reconcile(client, &record.signing(operation, inner)).await?
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
    // The task was taken and is found again; what failed after it has changed nothing.
    after(client, operation, record, learned)
        .await
        .map_err(|error| error.with_effect(Effect::NotApplied))
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
