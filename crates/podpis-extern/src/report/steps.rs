//! The steps of sending a report.
//!
//! **Invariant:** a step only hands over to the operation that it is; under signatures of anything but what the
//! record says is signed, nothing is prepared and nothing is sent.

use podpis_core::call::Effect;
use podpis_core::error::ServiceAnswer;
use podpis_core::wait::{Current, Learned, Part, Sequence, compute};
use podpis_core::{Error, ErrorKind};
use podpis_operation::{Event, Refusal};

use super::data_to_sign::looked_up;
use super::kind::SendReport;
use super::record::{Record, Step};
use crate::Extern;
use crate::cloud::{SignDraft, wrong_signatures};
use crate::tasks::{self, CheckDraft, PrepareDraft, SendDraft, Work, in_words};

#[async_trait::async_trait]
impl Sequence for SendReport {
    /// Makes the draft. Nothing else is sent, so that whoever starts knows at once whether the service takes it.
    async fn begin(
        client: &Extern,
        at: Current<'_, Record>,
        (): (),
    ) -> Result<Learned<Record>, Error> {
        let record = at.record();
        put_draft(client, record).await.map_err(|error| {
            // The draft may be there, and the record knows it by its id.
            let failed = |answer: &ServiceAnswer| answer.status.is_server_error();
            if error.kind() == ErrorKind::NoAnswer || error.service().is_some_and(failed) {
                error.with_effect(Effect::Unknown)
            } else {
                error
            }
        })?;
        Ok(Event::Accepted {
            data: record.at(Step::Documents),
        }
        .into())
    }

    fn step<'o>(at: Current<'o, Record>) -> Option<Box<dyn podpis_core::wait::Step<Self> + 'o>> {
        Some(match &at.record().step {
            Step::Check { inner } => Box::new(Part::<Self, CheckDraft>::new(at, inner, put_work)),
            Step::Prepare { inner } => {
                Box::new(Part::<Self, PrepareDraft>::new(at, inner, put_work))
            }
            Step::Send { inner } => Box::new(Part::<Self, SendDraft>::new(at, inner, put_work)),
            Step::Sign { inner } => {
                let put = |record: &Record, inner| record.at(Step::Sign { inner });
                let part = Part::<Self, SignDraft>::new(at, inner, put);
                Box::new(part.about(at.record().signed_files(at.files())))
            }
            Step::Draft | Step::Documents | Step::Sent { .. } => return None,
        })
    }

    /// What is prepared and sent is what was signed.
    async fn objection(client: &Extern, at: Current<'_, Record>) -> Option<Event<Record>> {
        let Step::Prepare { .. } = &at.record().step else {
            return None;
        };
        let (client, record) = (client.clone(), at.record().clone());
        let files = record.signed_files(at.files());
        let (operation, trust) = (at.operation().clone(), client.trust());
        compute(move || {
            let at = Current::new(&operation, &record);
            wrong_signatures(record.signatures(&client, at, &files, trust.as_ref()))
        })
        .await
    }

    async fn send(client: &Extern, at: Current<'_, Record>) -> Result<Learned<Record>, Error> {
        let record = at.record();
        let next = match &record.step {
            Step::Draft => {
                put_draft(client, record).await?;
                record.at(Step::Documents)
            }
            Step::Documents => {
                put_documents(client, record).await?;
                record.before_work(Work::Check)
            }
            _ => return Err(at.unreadable("there is no step after its last")),
        };
        Ok(Event::NextStep { data: next }.into())
    }

    async fn after(client: &Extern, at: Current<'_, Record>) -> Result<Event<Record>, Error> {
        let record = at.record();
        let next = match &record.step {
            Step::Check { inner } => {
                let tasks::Step::Checked { result } = &inner.step else {
                    return Ok(no_sense());
                };
                if let Some(words) = in_words(result).filter(|_| !record.force) {
                    return Ok(Self::refused(at, Refusal::DocumentsRefused, Some(words)));
                }
                let mut checked = record.before_signing();
                checked.check.clone_from(result);
                // The check is the last that may change what will be signed.
                looked_up(client, at.files(), checked).await?
            }
            Step::Sign { inner } => {
                let force = record.force;
                let mut signed = record.before_work(Work::Prepare { force });
                signed.signed = Some(inner.clone());
                signed
            }
            Step::Prepare { .. } => record.before_work(Work::Send {
                force: record.force,
            }),
            Step::Send { inner } => {
                let tasks::Step::Sent { docflow, told } = inner.step.clone() else {
                    return Ok(no_sense());
                };
                return Ok(Event::Finished {
                    data: record.at(Step::Sent { docflow, told }),
                });
            }
            Step::Draft | Step::Documents | Step::Sent { .. } => return Ok(no_sense()),
        };
        Ok(Event::NextStep { data: next })
    }

    fn refused(
        at: Current<'_, Record>,
        refusal: Refusal,
        message: Option<String>,
    ) -> Event<Record> {
        let message = message.map(|text| at.record().named(&text));
        Event::Refused { refusal, message }
    }

    fn refusal(error: &Error) -> Option<(Refusal, Option<String>)> {
        tasks::refused(error)
    }
}

/// No step ends in another way; if one did, nothing would go on under it.
fn no_sense() -> Event<Record> {
    Event::Refused {
        refusal: Refusal::Other,
        message: Some("what a step gave cannot be read".to_owned()),
    }
}

fn put_work(record: &Record, inner: tasks::Record) -> Record {
    record.at(match &record.step {
        Step::Check { .. } => Step::Check { inner },
        Step::Prepare { .. } => Step::Prepare { inner },
        _ => Step::Send { inner },
    })
}

async fn put_draft(client: &Extern, record: &Record) -> Result<(), Error> {
    client
        .account(&record.account)
        .put_draft(&record.draft, &record.meta)
        .await
}

async fn put_documents(client: &Extern, record: &Record) -> Result<(), Error> {
    for document in &record.documents {
        client
            .account(&record.account)
            .put_draft_document(&record.draft, &document.id, &document.request())
            .await?;
    }
    Ok(())
}
