//! The calls of DssSign and what their answers mean.
//!
//! **Invariant:** a start is sent once, but for one case that its own refusal makes safe: see [`start`].

use http::StatusCode;
use podpis_core::call::{Answer, Call, RepeatPolicy};
use podpis_core::wait::{
    Conversation, Current, KeptBytes, Learned, LockName, OperationKind, RunSettings,
};
use podpis_core::{Error, ErrorKind};
use podpis_diadoc_proto::dss::{
    DssGosKeyData, DssSignDataSource, DssSignFile, DssSignRequest, DssSignRequestV2, DssSignResult,
};
use podpis_diadoc_proto::prost::Message as _;
use podpis_operation::{Event, Kind, Operation, Timestamp};

use super::answer::{Meaning, meaning};
use super::progress::Asked;
use super::record::{Record, Step};
use super::signer::Signer;
use super::{DssSign, KIND, Request};
use crate::endpoints::{DSS_SIGN, DSS_SIGN_RESULT, DSS_SIGN_V2};
use crate::explain::failed;
use crate::given::{Unbound, kept};
use crate::protobuf::{read, task_id};
use crate::{Diadoc, Signatures};

/// The lock of operations whose certificate the service chooses, or that go by GosKey: the owner is the user.
const THE_USER: &str = "who logs in to Diadoc";

impl OperationKind for DssSign {
    const KIND: Kind = Kind::new(KIND);
    type Client = Diadoc;
    type Record = Record;
    type Request = Request;
    type Output = Signatures;

    /// The service takes no second operation of an owner who has one to confirm.
    fn locks(record: &Record) -> Vec<LockName> {
        let owner = record.certificate.as_deref().unwrap_or(THE_USER);
        vec![LockName::person(owner)]
    }

    fn settings(client: &Diadoc) -> &RunSettings {
        client.dss_runs()
    }

    fn kept(operation: &Operation) -> Vec<KeptBytes> {
        kept(&operation.data().to_value(), operation.files())
    }

    fn output(client: &Diadoc, at: Current<'_, Record>) -> Result<Signatures, Error> {
        Self::given(client, at)?.bind()
    }
}

impl DssSign {
    /// All that the service gave.
    pub(crate) fn given(client: &Diadoc, at: Current<'_, Record>) -> Result<Unbound, Error> {
        let record = at.record();
        let Step::Given { given } = &record.step else {
            return Err(at.unreadable("it is done and has no signatures"));
        };
        Unbound::of(client, at, record.certificate.as_deref(), given)
    }
}

#[async_trait::async_trait]
impl Conversation for DssSign {
    async fn start(
        client: &Diadoc,
        at: Current<'_, Record>,
        request: Request,
    ) -> Result<Learned<Record>, Error> {
        let answer = start(client, at.record(), &request).await?;
        let task = task_id(&answer)?;
        let data = at.record().at(Step::Signing { task });
        Ok(Event::Accepted { data }.into())
    }

    async fn poll(client: &Diadoc, at: Current<'_, Record>) -> Result<Learned<Record>, Error> {
        let mut record = at.record().clone();
        let Step::Signing { task } = &record.step else {
            return Err(at.unreadable("its step is not one that is polled"));
        };
        let call = Call::new(&DSS_SIGN_RESULT)
            .query("boxId", record.in_box.as_str())
            .query("taskId", task.as_str())
            .repeat(RepeatPolicy::never());
        let answer = match client.caller().call(call).await {
            Ok(answer) => answer,
            Err(error) => return failed(error),
        };
        if answer.status() == StatusCode::NO_CONTENT {
            return Ok(Learned::still_running(answer.retry_after()));
        }
        let result: DssSignResult = read(&answer)?;
        let asked = Asked::of(&result);
        let is_news = asked.is_some() && asked != record.progress;
        if is_news {
            record.progress = asked;
        }
        let now = Timestamp::from(client.dss_runs().time.now());
        Ok(match meaning(&result, now, answer.retry_after()) {
            Meaning::Open { note } => {
                let learned = if is_news {
                    Event::Progressed { data: record }.into()
                } else {
                    Learned::still_running(None)
                };
                let learned = learned.waiting(answer.retry_after());
                match note {
                    Some(note) => learned.noting(note),
                    None => learned,
                }
            }
            // Nothing at all is not the end that it says it is: the signatures may follow.
            Meaning::Completed(given) if given.is_empty() => {
                return Err(answer.unreadable("DssSignResult.FileSigningResults is empty"));
            }
            Meaning::Completed(given) => {
                let data = record.at(Step::Given { given });
                Event::Finished { data }.into()
            }
            Meaning::Refused(refusal) => Event::Refused {
                refusal,
                message: None,
            }
            .into(),
        })
    }

    async fn reconcile(_client: &Diadoc, at: Current<'_, Record>) -> Result<Event<Record>, Error> {
        let names: Vec<&str> = at.files().iter().map(|file| file.name.as_str()).collect();
        let what = format!(
            "the start of signing {} was sent to Diadoc and its answer was lost: the owner of the certificate may be \
             asked to confirm it on their phone, Diadoc has no list of operations to look into, and without that \
             answer the signatures cannot be got. Let the owner decline what they are asked, then start over; while \
             it is unconfirmed, Diadoc likely refuses another start (UserHasUnconfirmedOperation)",
            names.join(", ")
        );
        Err(Error::new(ErrorKind::CannotTell, what))
    }
}

/// Sends the start. DssSign takes names on the shelf with the prefix `__userId__/` only.
async fn start(client: &Diadoc, record: &Record, request: &Request) -> Result<Answer, Error> {
    let mut files = request.files.clone();
    for name in files
        .iter_mut()
        .filter_map(|file| file.content.name_on_shelf.as_mut())
    {
        name.insert_str(0, "__userId__/");
    }
    let call = match &request.signer {
        Signer::Default => first_version(record, files),
        Signer::Certificate(thumbprint) => {
            first_version(record, files).query("certificateThumbprint", thumbprint.to_string())
        }
        Signer::GosKey(gos_key) => {
            let data = DssGosKeyData::new()
                .with_snils(gos_key.snils.as_str())
                .with_oid(gos_key.oid.as_deref().unwrap_or_default());
            let body = DssSignRequestV2::new(DssSignDataSource::GOS_KEY_SIGN)
                .with_files(files)
                .with_gos_key_data(data);
            Call::new(&DSS_SIGN_V2)
                .query("boxId", record.in_box.as_str())
                .body(body.encode_to_vec())
        }
    };
    client.caller().call(call).await
}

fn first_version(record: &Record, files: Vec<DssSignFile>) -> Call {
    Call::new(&DSS_SIGN)
        .query("boxId", record.in_box.as_str())
        .body(DssSignRequest::new().with_files(files).encode_to_vec())
}
