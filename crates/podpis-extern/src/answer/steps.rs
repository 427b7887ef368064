//! The steps of answering a document.
//!
//! **Invariant:** a step only hands over to the operation that it is; what is not signed as it was made is not sent.

use podpis_cms::Signatures;
use podpis_core::client::TrustCheck;
use podpis_core::wait::{Current, Learned, Part, Sequence, compute};
use podpis_core::{Error, ErrorKind};
use podpis_operation::{Event, Refusal};

use super::kinds::{AnswerDocument, SendReply};
use super::record::{Record, Step};
use crate::cloud::{SignPfrReply, SignReply, bound, wrong_signatures};
use crate::{Extern, tasks};

#[async_trait::async_trait]
impl Sequence for AnswerDocument {
    /// Makes the reply. One that was made and is never sent says nothing to anybody, so a lost answer is made up for by
    /// making another.
    async fn begin(
        client: &Extern,
        at: Current<'_, Record>,
        (): (),
    ) -> Result<Learned<Record>, Error> {
        let made = generate(client, at).await?;
        Ok(Event::Accepted { data: made }.into())
    }

    fn step<'o>(at: Current<'o, Record>) -> Option<Box<dyn podpis_core::wait::Step<Self> + 'o>> {
        let record = at.record();
        Some(match &record.step {
            Step::Sign { inner } => {
                let files = record.signed_files();
                let put = |record: &Record, inner| record.at(Step::Sign { inner });
                if record.package {
                    Box::new(Part::<Self, SignPfrReply>::new(at, inner, put).about(files))
                } else {
                    Box::new(Part::<Self, SignReply>::new(at, inner, put).about(files))
                }
            }
            Step::Send { inner } => {
                let put = |record: &Record, inner| record.at(Step::Send { inner });
                Box::new(Part::<Self, SendReply>::new(at, inner, put))
            }
            Step::Generate | Step::Contents | Step::Sent { .. } => return None,
        })
    }

    async fn objection(client: &Extern, at: Current<'_, Record>) -> Option<Event<Record>> {
        match &at.record().step {
            Step::Contents => missing_content(at.record()).map(|problem| Event::Refused {
                refusal: Refusal::Other,
                message: Some(problem),
            }),
            Step::Send { .. } => {
                let (client, operation) = (client.clone(), at.operation().clone());
                let (record, trust) = (at.record().clone(), client.trust());
                compute(move || {
                    let at = Current::new(&operation, &record);
                    wrong_signatures(signatures(&client, at, trust.as_ref()))
                })
                .await
            }
            _ => None,
        }
    }

    async fn send(client: &Extern, at: Current<'_, Record>) -> Result<Learned<Record>, Error> {
        let record = at.record();
        let next = match &record.step {
            Step::Generate => generate(client, at).await?,
            Step::Contents => {
                put_contents(client, record).await?;
                record.before_signing()
            }
            _ => return Err(at.unreadable("there is no step after its last")),
        };
        Ok(Event::NextStep { data: next }.into())
    }

    async fn after(_client: &Extern, at: Current<'_, Record>) -> Result<Event<Record>, Error> {
        let record = at.record();
        Ok(match &record.step {
            Step::Sign { inner } => match record.before_sending() {
                Some(mut next) => {
                    next.signed = Some(inner.clone());
                    Event::NextStep { data: next }
                }
                None => Event::Refused {
                    refusal: Refusal::Other,
                    message: Some("the record names no reply".to_owned()),
                },
            },
            Step::Send { inner } => Event::Finished {
                data: record.at(Step::Sent {
                    told: inner.told().cloned().unwrap_or_default(),
                }),
            },
            _ => return Err(at.unreadable("its step is not one that ends")),
        })
    }

    fn refusal(error: &Error) -> Option<(Refusal, Option<String>)> {
        tasks::refused(error)
    }
}

async fn generate(client: &Extern, at: Current<'_, Record>) -> Result<Record, Error> {
    let record = at.record();
    let certificate = record
        .certificate_request()
        .ok_or_else(|| at.unreadable("its certificate cannot be read"))?;
    let (account, place, reply_type) = (&record.account, &record.place, &*record.reply_type);
    let nameless = || {
        let text = "the service made a reply and did not name it";
        Error::new(ErrorKind::UnreadableAnswer, text)
    };
    if record.package {
        let reply = client
            .account(account)
            .generate_pfr_reply(place, reply_type, &certificate)
            .await?;
        let id = reply.id.clone().ok_or_else(nameless)?;
        Ok(record.package_made(id, &reply))
    } else {
        let codes: Vec<&str> = record.decline_codes.iter().map(String::as_str).collect();
        let reply = client
            .account(account)
            .generate_reply(place, reply_type, &certificate, &codes)
            .await?;
        let id = reply.id.clone().ok_or_else(nameless)?;
        Ok(record.made(id, &reply))
    }
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
        let bytes = client.account(&record.account).content(&content.id).await?;
        let (account, place) = (&record.account, &record.place);
        client
            .account(account)
            .put_pfr_reply_content(place, reply, &part.id, bytes)
            .await?;
    }
    Ok(())
}

/// The signatures of the reply, when they were made; with `trust` their signers are judged.
pub(super) fn signatures(
    client: &Extern,
    at: Current<'_, Record>,
    trust: Option<&TrustCheck>,
) -> Result<Signatures, Error> {
    let record = at.record();
    let signed = record.signed.as_ref();
    let signed = signed.ok_or_else(|| at.unreadable("it has no record of the signing"))?;
    bound(client, at.part(&record.signed_files(), signed), trust)
}
