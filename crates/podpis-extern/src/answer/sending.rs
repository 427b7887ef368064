//! Sends a reply, or finds out that it was sent.
//!
//! **Invariant:** a document that asked for a reply before and does not ask for it now was answered with it: the
//! service takes a reply of each type once.

use podpis_core::call::Call;
use podpis_core::wait::Learned;
use podpis_core::{Error, ErrorKind};
use podpis_extern_model::{AccountId, Docflow, ReplyId, SendRequest};
use podpis_operation::Event;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::endpoints::{PFR_REPLY_SEND, REPLY_SEND};
use crate::explain::locked;
use crate::json::{reading, sending};
use crate::{DocumentPath, Extern, tasks};

/// The client's part of the record.
#[derive(Clone, Serialize, Deserialize)]
#[expect(
    missing_debug_implementations,
    reason = "it holds the service's handles, which no log should show"
)]
pub struct SendRecord {
    pub(super) account: AccountId,
    pub(super) place: DocumentPath,
    pub(super) reply: ReplyId,
    /// Whether it is a package for the pension fund.
    pub(super) package: bool,
    pub(super) sender_ip: String,
    /// Whether the document asked for a reply before the start.
    pub(super) asked: bool,
    /// What it asked for, where that is known: after one reply a document may ask for another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) reply_type: Option<String>,
    #[serde(flatten)]
    pub(super) step: SendStep,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub(super) enum SendStep {
    /// The reply is about to be sent.
    Starting,
    /// It was sent. `told` is the docflow in the service's words; null where the answer was lost.
    Sent {
        #[serde(default, skip_serializing_if = "Value::is_null")]
        told: Value,
    },
}

impl SendRecord {
    /// The docflow in the service's words, once the reply was sent.
    pub(super) fn told(&self) -> Option<&Value> {
        match &self.step {
            SendStep::Starting => None,
            SendStep::Sent { told } => Some(told),
        }
    }

    fn sent(&self, told: Value) -> Event<Self> {
        let sent = Self {
            step: SendStep::Sent { told },
            ..self.clone()
        };
        Event::Finished { data: sent }
    }
}

pub(super) async fn start(
    client: &Extern,
    record: &SendRecord,
) -> Result<Learned<SendRecord>, Error> {
    let endpoint = if record.package {
        &PFR_REPLY_SEND
    } else {
        &REPLY_SEND
    };
    let call = Call::new(endpoint)
        .segment("account", record.account.as_str())
        .segments("place", record.place.segments())
        .segment("reply", record.reply.as_str());
    let call = sending(call, &SendRequest::new(&*record.sender_ip));
    let answer = client
        .caller()
        .call(call)
        .await
        .map_err(|error| tasks::known(locked(error)))?;
    // It was taken; an answer that cannot be read takes nothing back.
    let told = reading::<Docflow>(&answer)
        .ok()
        .and_then(|_| serde_json::from_slice(answer.body()).ok());
    Ok(record.sent(told.unwrap_or_default()).into())
}

pub(super) async fn next_step(
    client: &Extern,
    record: &SendRecord,
) -> Result<Learned<SendRecord>, Error> {
    match start(client, record).await {
        Err(error) => {
            let Some((refusal, message)) = tasks::refused(&error) else {
                return Err(error);
            };
            // "It was sent already" has no name of its own.
            if record.asked && !asks(client, record).await? {
                return Ok(record.sent(Value::Null).into());
            }
            Ok(Event::Refused { refusal, message }.into())
        }
        sent => sent,
    }
}

/// Nothing runs at the service: a record that is polled was not taken as far as anybody knew, and is sent when the
/// document still asks for a reply.
pub(super) async fn poll(
    client: &Extern,
    record: &SendRecord,
) -> Result<Learned<SendRecord>, Error> {
    if record.asked && !asks(client, record).await? {
        return Ok(record.sent(Value::Null).into());
    }
    Ok(Event::NextStep {
        data: record.clone(),
    }
    .into())
}

pub(super) async fn reconcile(
    client: &Extern,
    record: &SendRecord,
) -> Result<Event<SendRecord>, Error> {
    let asks = asks(client, record).await?;
    match (record.asked, asks) {
        (_, true) => Ok(Event::StepNotTaken),
        (true, false) => Ok(record.sent(Value::Null)),
        (false, false) => Err(Error::new(
            ErrorKind::CannotTell,
            format!(
                "reply {} was being sent and the answer was lost, and document {} asked for no reply before that either: \
             look into the docflow whether the reply is there",
                record.reply,
                record.place.document_id()
            ),
        )),
    }
}

/// Whether the document still asks for the reply.
async fn asks(client: &Extern, record: &SendRecord) -> Result<bool, Error> {
    let document = client
        .account(&record.account)
        .document(&record.place)
        .await?;
    Ok(match &record.reply_type {
        Some(wanted) => document
            .reply_options()
            .any(|option| option.reply_type.eq_ignore_ascii_case(wanted)),
        None => document.reply_links().next().is_some(),
    })
}

/// Whether the document asks for a reply before anything is sent.
pub(super) async fn asked_before(
    client: &Extern,
    account: &AccountId,
    place: &DocumentPath,
) -> Result<bool, Error> {
    match client.account(account).document(place).await {
        Ok(document) => Ok(document.reply_links().next().is_some()),
        // Who may not read the document may still send; only a lost answer is then harder to make up for.
        Err(error) if error.kind() == ErrorKind::Service && !error.is_transient() => Ok(false),
        Err(error) => Err(error),
    }
}
