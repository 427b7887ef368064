//! Which step leads to which.
//!
//! **Invariant:** what signs and what posts are asked by the kinds that do it alone, and nothing of them is decided
//! here a second time; only their ends are turned into the next step.

use podpis_core::wait::{
    self, Conversation, Current, KeptBytes, Learned, LockName, OperationKind, Part, RunSettings,
    Sequence, compute, followed,
};
use podpis_core::{Error, ErrorKind};
use podpis_operation::{Event, Kind, Operation, Refusal, State};

use super::attached::{Attached, AttachedDocument};
use super::reading::read_back;
use super::record::{Ended, Record, Signee, Signing, Step, ToPost};
use super::{KIND, Request, SignAndAttach};
use crate::document_signature::{Breach, SignatureSource};
use crate::given::{Unbound, kept};
use crate::message::same_id;
use crate::posting::{self, Posting, posted_signatures};
use crate::{
    CloudSign, Diadoc, DssSign, EntityId, FileOutcome, MessageId, Signatures, cloud_sign, dss_sign,
};

impl OperationKind for SignAndAttach {
    const KIND: Kind = Kind::new(KIND);
    type Client = Diadoc;
    type Record = Record;
    type Request = Request;
    type Output = Attached;

    fn locks(record: &Record) -> Vec<LockName> {
        let mut locks = match &record.signing {
            Signing::Dss(signing) => DssSign::locks(signing),
            Signing::Sms(signing) => CloudSign::locks(signing),
            Signing::Test => Vec::new(),
        };
        // A document has one ordinary signature of our side, and any number of approvals.
        if !record.approval {
            let documents = record.documents.iter();
            locks.extend(documents.map(|signee| LockName::docflow(&signee.entity)));
        }
        locks
    }

    /// What is posted is in the message, or is posted again as it was; what the person was asked for is not.
    fn is_found_out(record: &Record) -> bool {
        matches!(record.step, Step::Posting | Step::Reading)
    }

    fn kept(operation: &Operation) -> Vec<KeptBytes> {
        let files = operation.files();
        let data = operation.data().to_value();
        let signed = data
            .get("signing")
            .map_or_else(Vec::new, |data| kept(data, files));
        if !signed.is_empty() {
            return signed;
        }
        // What was posted was among what was signed, so this is for a record that has lost a part of itself.
        let kept = Self::kept_signatures(operation).into_iter();
        kept.map(|(_, der)| KeptBytes::new(None, der)).collect()
    }

    fn settings(client: &Diadoc) -> &RunSettings {
        client.dss_runs()
    }

    fn output(client: &Diadoc, at: Current<'_, Record>) -> Result<Attached, Error> {
        let record = at.record();
        let given = given(client, at)?;
        // Who signed was judged when the signatures came; what is in the message stays there.
        let signatures = given
            .map(|given| given.judged_before().bind())
            .transpose()?;
        if record.step == Step::Unfit {
            if let Some(why) = &record.untrusted {
                let text = format!("the signatures were not attached: {why}");
                return Err(Error::new(ErrorKind::NotTrusted, text));
            }
            // They fit the documents; what is wrong is told by the rules.
            if let Some(Err(breach)) = signatures.as_ref().map(|all| to_post(record, all)) {
                let text =
                    format!("what came back are signatures that may not be attached: {breach}");
                return Err(Error::new(ErrorKind::Signature, text).with_source(breach));
            }
        }
        let posted = record.posted();
        if posted.is_empty() {
            return Err(at.unreadable("it does not say what was posted"));
        }
        let documents = record.documents.iter().enumerate().map(|(index, signee)| {
            let mut seen = record.seen.iter();
            let seen = seen.find(|seen| same_id(&seen.entity, &signee.entity));
            let file = at.files().get(index);
            let message = record.message_of(signee);
            let sent_as = seen.and_then(|seen| seen.message.as_deref());
            AttachedDocument {
                message: MessageId::new(sent_as.unwrap_or(message)),
                refusal: record.refusal_of(message).map(str::to_owned),
                entity: EntityId::new(signee.entity.as_str()),
                name: file.map_or_else(|| signee.entity.clone(), |file| file.name.clone()),
                signature: seen.map(|seen| EntityId::new(seen.signature.as_str())),
                is_rejected: seen.is_some_and(|seen| seen.rejected),
                outcome: signatures
                    .as_ref()
                    .and_then(|all| all.files().get(index).cloned()),
            }
        });
        Ok(Attached {
            documents: documents.collect(),
            posted,
            signatures,
        })
    }
}

impl SignAndAttach {
    /// The documents that an operation of this kind is about, each with its message; none for one of another kind.
    #[must_use]
    pub fn documents(operation: &Operation) -> Vec<(MessageId, EntityId)> {
        let Some(record) = Self::record_of(operation) else {
            return Vec::new();
        };
        let documents = record.documents.iter().map(|signee| {
            let message = MessageId::new(record.message_of(signee));
            (message, EntityId::new(signee.entity.as_str()))
        });
        documents.collect()
    }

    /// Of how many messages an operation of this kind has come to the how manieth, counted from 1; none before there is
    /// something to post, and for an operation of another kind.
    #[must_use]
    pub fn message_number(operation: &Operation) -> Option<(usize, usize)> {
        let record = Self::record_of(operation)?;
        let at = record.ended.len() + usize::from(record.posting.is_some());
        (at > 0).then(|| (at, at + record.later.len()))
    }

    /// Signatures that an operation of this kind has and that are not, or not yet, in the message: of one that was
    /// refused after the person had signed, for example. Each in DER, with the document that it is for.
    #[must_use]
    pub fn kept_signatures(operation: &Operation) -> Vec<(EntityId, Vec<u8>)> {
        if *operation.kind() == Self::KIND {
            posted_signatures(operation)
        } else {
            Vec::new()
        }
    }
}

#[async_trait::async_trait]
impl Sequence for SignAndAttach {
    async fn begin(
        client: &Diadoc,
        at: Current<'_, Record>,
        request: Request,
    ) -> Result<Learned<Record>, Error> {
        let record = at.record();
        let learned = match (request, &record.signing, &record.posting) {
            (Request::Dss(start), Signing::Dss(signing), _) => {
                started(client, by_dss(at, signing), start).await?
            }
            (Request::Sms(start), Signing::Sms(signing), _) => {
                started(client, by_sms(at, signing), start).await?
            }
            (Request::Post, _, Some(posting)) => {
                match started(client, posts(at, posting), ()).await {
                    // One message that refuses keeps none of the others from theirs.
                    Err(error) if !record.later.is_empty() => match Self::refusal(&error) {
                        Some((refusal, message)) => {
                            return Ok(Self::refused(at, refusal, message).into());
                        }
                        None => return Err(error),
                    },
                    learned => learned?,
                }
            }
            _ => return Err(at.unreadable("it is not what is started")),
        };
        followed::<Self>(client, at, learned).await
    }

    fn step<'o>(at: Current<'o, Record>) -> Option<Box<dyn wait::Step<Self> + 'o>> {
        let record = at.record();
        match (record.step, &record.signing, &record.posting) {
            (Step::Signing, Signing::Dss(signing), _) => Some(Box::new(by_dss(at, signing))),
            (Step::Signing, Signing::Sms(signing), _) => Some(Box::new(by_sms(at, signing))),
            (Step::Posting, _, Some(posting)) => Some(Box::new(posts(at, posting))),
            _ => None,
        }
    }

    /// The message is read, and nothing is sent.
    async fn send(client: &Diadoc, at: Current<'_, Record>) -> Result<Learned<Record>, Error> {
        Self::look(client, at).await
    }

    async fn look(client: &Diadoc, at: Current<'_, Record>) -> Result<Learned<Record>, Error> {
        let record = at.record();
        let posting = record.posting.as_ref();
        let (Step::Reading, Some(posting)) = (record.step, posting) else {
            return Err(at.unreadable("its step is not one that is polled"));
        };
        let Some(posted) = posting.posted() else {
            return Err(at.unreadable("it does not say what was posted"));
        };
        match read_back(client, at, posting, posted).await? {
            Some(seen) => {
                let here = record.at(Step::Attached).seeing(seen);
                Ok(match here.after(Ended::Posted(posted.clone())) {
                    Some(data) => Event::NextStep { data },
                    None => Event::Finished { data: here },
                }
                .into())
            }
            None => {
                Ok(Learned::still_running(None)
                    .noting("the message does not show the signature yet"))
            }
        }
    }

    async fn after(client: &Diadoc, at: Current<'_, Record>) -> Result<Event<Record>, Error> {
        let record = at.record();
        if record.step == Step::Posting {
            let data = record.at(Step::Reading);
            // Most messages show it at once, and then the next one need not wait for a poll.
            if let Some(posting) = record.posting.as_ref().filter(|_| !record.later.is_empty())
                && let Some(posted) = posting.posted()
                && let Ok(Some(seen)) = read_back(client, at, posting, posted).await
                && let Some(data) = data.seeing(seen).after(Ended::Posted(posted.clone()))
            {
                return Ok(Event::NextStep { data });
            }
            return Ok(match at.state() {
                State::Starting => Event::Accepted { data },
                _ => Event::Progressed { data },
            });
        }
        let (given, record) = (given(client, at).ok().flatten(), record.clone());
        Ok(compute(move || signed(&record, given)).await)
    }

    /// A refusal of the posting loses no signature, and keeps no other message from its own.
    fn refused(
        at: Current<'_, Record>,
        refusal: Refusal,
        message: Option<String>,
    ) -> Event<Record> {
        let record = at.record();
        if let (Step::Posting, Some(posting)) = (record.step, &record.posting) {
            let ended = Ended::Refused {
                posting: Box::new(posting.clone()),
                reason: message.clone().unwrap_or_default(),
            };
            if let Some(data) = record.after(ended.clone()) {
                return Event::NextStep { data };
            }
            if !record.posted().is_empty() {
                let mut data = record.at(Step::Attached);
                data.posting = None;
                data.ended.push(ended);
                return Event::Finished { data };
            }
        }
        Event::Refused { refusal, message }
    }

    fn refusal(error: &Error) -> Option<(Refusal, Option<String>)> {
        let is_refused = posting::is_final(error) && !error.may_have_been_applied();
        is_refused.then(|| (Refusal::Other, Some(error.to_string())))
    }
}

fn by_dss<'o>(
    at: Current<'o, Record>,
    signing: &'o dss_sign::Record,
) -> Part<'o, SignAndAttach, DssSign> {
    Part::new(at, signing, |whole: &Record, signing| Record {
        signing: Signing::Dss(signing),
        ..whole.clone()
    })
}

fn by_sms<'o>(
    at: Current<'o, Record>,
    signing: &'o cloud_sign::Record,
) -> Part<'o, SignAndAttach, CloudSign> {
    Part::new(at, signing, |whole: &Record, signing| Record {
        signing: Signing::Sms(signing),
        ..whole.clone()
    })
}

fn posts<'o>(
    at: Current<'o, Record>,
    posting: &'o posting::Record,
) -> Part<'o, SignAndAttach, Posting> {
    Part::new(at, posting, |whole: &Record, posting| Record {
        posting: Some(posting),
        ..whole.clone()
    })
}

/// Sends the start of the first step.
async fn started<K: Conversation<Client = Diadoc>>(
    client: &Diadoc,
    first: Part<'_, SignAndAttach, K>,
    request: K::Request,
) -> Result<Learned<Record>, Error> {
    let learned = K::start(client, first.current(), request).await?;
    Ok(learned.map_event(|event| first.told(event)))
}

/// All that the service gave for the documents; none where nobody signed here.
fn given(client: &Diadoc, at: Current<'_, Record>) -> Result<Option<Unbound>, Error> {
    let files = at.files();
    match &at.record().signing {
        Signing::Dss(signing) => DssSign::given(client, at.part(files, signing)).map(Some),
        Signing::Sms(signing) => CloudSign::given(client, at.part(files, signing)).map(Some),
        Signing::Test => Ok(None),
    }
}

/// All that the service gave is bound and checked: what may be attached goes on.
fn signed(record: &Record, given: Option<Unbound>) -> Event<Record> {
    let bound = given.map(Unbound::bind);
    if let Some(Err(error)) = &bound
        && error.kind() == ErrorKind::NotTrusted
    {
        let mut data = record.at(Step::Unfit);
        data.untrusted = Some(error.to_string());
        return Event::Finished { data };
    }
    let signatures = bound.and_then(Result::ok);
    let to_post = signatures.map(|all| (to_post(record, &all), all));
    let Some((Ok(to_post), signatures)) = to_post else {
        let data = record.at(Step::Unfit);
        return Event::Finished { data };
    };
    if to_post.is_empty() {
        let failed = signatures.all().err().map(|failed| failed.to_string());
        return Event::Refused {
            refusal: Refusal::Other,
            message: failed,
        };
    }
    let data = record.about_to_post(&to_post);
    Event::NextStep { data }
}

/// What is posted: a signature for each document that has one.
fn to_post<'r>(
    record: &'r Record,
    signatures: &Signatures,
) -> Result<Vec<(&'r Signee, ToPost)>, Breach> {
    let mut to_post = Vec::with_capacity(record.documents.len());
    for (signee, outcome) in record.documents.iter().zip(signatures.files()) {
        if let FileOutcome::Signed(signed) = outcome {
            let signature = record.signature(signee, SignatureSource::from(&**signed))?;
            to_post.push((signee, signature));
        }
    }
    Ok(to_post)
}
