//! The calls of CloudSign and what their answers mean.
//!
//! **Invariant:** a wrong code leads back to the same token, an old one ends the operation, and both may be told
//! by the confirmation or by its result.

use http::StatusCode;
use podpis_core::call::{Answer, Call, Endpoint, RepeatPolicy};
use podpis_core::secret::ConfirmationCode;
use podpis_core::wait::{Conversation, Current, KeptBytes, Learned, OperationKind};
use podpis_core::{Error, ErrorKind};
use podpis_diadoc_proto::{CloudSignConfirmResult, CloudSignResult, ContentV2};
use podpis_operation::{Event, Kind, Operation, Refusal, State};

use super::record::{Record, Step};
use super::{CloudSign, Request};
use crate::endpoints::{
    CLOUD_SIGN, CLOUD_SIGN_CONFIRM, CLOUD_SIGN_CONFIRM_RESULT, CLOUD_SIGN_RESULT,
};
use crate::explain::{CodeProblem, code_problem, failed};
use crate::given::{Given, Unbound, kept};
use crate::protobuf::task_id;
use crate::shelf::download;
use crate::{Diadoc, ShelfName, Signatures, protobuf};

/// No locks: nothing forbids one person several of these at once, each has an SMS of its own.
impl OperationKind for CloudSign {
    const KIND: Kind = Kind::new("diadoc.cloud-sign");
    type Client = Diadoc;
    type Record = Record;
    type Request = Request;
    type Output = Signatures;

    fn kept(operation: &Operation) -> Vec<KeptBytes> {
        kept(&operation.data().to_value(), operation.files())
    }

    fn output(client: &Diadoc, at: Current<'_, Record>) -> Result<Signatures, Error> {
        Self::given(client, at)?.bind()
    }
}

impl CloudSign {
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
impl Conversation for CloudSign {
    async fn start(
        client: &Diadoc,
        at: Current<'_, Record>,
        request: Request,
    ) -> Result<Learned<Record>, Error> {
        let thumbprint = request.certificate.map(|thumbprint| thumbprint.to_string());
        let call = Call::new(&CLOUD_SIGN)
            .query_if("certificateThumbprint", thumbprint)
            .body(request.body);
        let answer = client.caller().call(call).await?;
        let task = task_id(&answer)?;
        let data = at.record().at(Step::Preparing { task });
        Ok(Event::Accepted { data }.into())
    }

    async fn poll(client: &Diadoc, at: Current<'_, Record>) -> Result<Learned<Record>, Error> {
        let record = at.record();
        match &record.step {
            Step::Preparing { task } => {
                let answer = match result_of(client, at, &CLOUD_SIGN_RESULT, task).await? {
                    Ok(answer) => answer,
                    Err(learned) => return Ok(learned),
                };
                let result: CloudSignResult = protobuf::read(&answer)?;
                let token = answer.id("CloudSignResult.Token", result.token)?;
                let data = record.at(Step::Code { token });
                Ok(Event::CodeSent { data }.into())
            }
            Step::Signing { task, .. } => {
                let answer = match result_of(client, at, &CLOUD_SIGN_CONFIRM_RESULT, task).await? {
                    Ok(answer) => answer,
                    Err(learned) => return Ok(learned),
                };
                let result: CloudSignConfirmResult = protobuf::read(&answer)?;
                if result.signatures.is_empty() {
                    return Err(answer.unreadable("CloudSignConfirmResult.Signatures is empty"));
                }
                let given = result.signatures.into_iter();
                let given = given.map(|one| given_in(&answer, one));
                Ok(received(record, given.collect::<Result<_, _>>()?).into())
            }
            Step::Fetching { given } => {
                let mut fetched = Vec::with_capacity(given.len());
                for one in given {
                    fetched.push(match one {
                        Given::OnShelf(name) => {
                            Given::signature(&download(client, &ShelfName::new(name)).await?)
                        }
                        other => other.clone(),
                    });
                }
                let data = record.at(Step::Given { given: fetched });
                Ok(Event::Finished { data }.into())
            }
            Step::Starting | Step::Code { .. } | Step::Given { .. } => {
                Err(at.unreadable("its step is not one that is polled"))
            }
        }
    }

    async fn confirm(
        client: &Diadoc,
        at: Current<'_, Record>,
        code: &ConfirmationCode,
    ) -> Result<Learned<Record>, Error> {
        let record = at.record();
        let (Step::Code { token } | Step::Signing { token, .. }) = record.step.clone() else {
            return Err(at.unreadable("it has no token to confirm"));
        };
        let call = Call::new(&CLOUD_SIGN_CONFIRM)
            .query("token", token.as_str())
            .query("confirmationCode", code.expose().trim())
            .query("return", record.form.as_str());
        let answer = match code_trouble(at.state(), client.caller().call(call).await)? {
            Ok(answer) => answer,
            Err(learned) => return Ok(learned),
        };
        let task = task_id(&answer)?;
        let data = record.at(Step::Signing { token, task });
        Ok(Event::Accepted { data }.into())
    }

    async fn reconcile(_client: &Diadoc, at: Current<'_, Record>) -> Result<Event<Record>, Error> {
        let names: Vec<&str> = at.files().iter().map(|file| file.name.as_str()).collect();
        let files = names.join(", ");
        let what = match at.state() {
            State::Confirming { .. } => format!(
                "the code for {files} was sent to Diadoc and its answer was lost: Diadoc may have signed, and has no \
                 list of operations to ask. The certificate's usage report at Diadoc tells; if nothing was signed, \
                 start over, which sends the person a new SMS"
            ),
            _ => format!(
                "the start of signing {files} was sent to Diadoc and its answer was lost: Diadoc may have sent an \
                 SMS, whose code cannot be used without that answer, so no signature can come of it. To start over \
                 sends the person a new SMS"
            ),
        };
        Err(Error::new(ErrorKind::CannotTell, what))
    }
}

/// Asks for the result of a task; what is no result yet, or will be none, is news of the operation.
async fn result_of(
    client: &Diadoc,
    at: Current<'_, Record>,
    endpoint: &'static Endpoint,
    task: &str,
) -> Result<Result<Answer, Learned<Record>>, Error> {
    let call = Call::new(endpoint)
        .query("taskId", task)
        .repeat(RepeatPolicy::never());
    match code_trouble(at.state(), client.caller().call(call).await)? {
        Ok(answer) if answer.status() == StatusCode::NO_CONTENT => {
            Ok(Err(Learned::still_running(answer.retry_after())))
        }
        other => Ok(other),
    }
}

/// The two known problems with a code are news of the operation, not failures of the call.
fn code_trouble(
    state: &State,
    called: Result<Answer, Error>,
) -> Result<Result<Answer, Learned<Record>>, Error> {
    let error = match called {
        Ok(answer) => return Ok(Ok(answer)),
        Err(error) => error,
    };
    let Some(answer) = error.service() else {
        return Err(error);
    };
    let message = answer.message.clone();
    match code_problem(answer) {
        // Before a code was given, "wrong code" is a conflict like any other.
        Some(CodeProblem::Wrong) if !matches!(state, State::Processing { attempt: 0 }) => {
            Ok(Err(Event::CodeRejected { message }.into()))
        }
        Some(CodeProblem::Expired) => {
            let refusal = Refusal::Expired;
            Ok(Err(Event::Refused { refusal, message }.into()))
        }
        // A code that is not taken can be given again; a result that is a conflict is the end.
        _ if matches!(state, State::Processing { .. }) => failed(error).map(Err),
        _ => Err(error),
    }
}

/// What came for one file. A name on the shelf goes into the address by which it is fetched.
fn given_in(answer: &Answer, content: ContentV2) -> Result<Given, Error> {
    let field = "CloudSignConfirmResult.Signatures.NameOnShelf";
    match (content.content, content.name_on_shelf) {
        (Some(der), _) if !der.is_empty() => Ok(Given::signature(&der)),
        (_, Some(name)) if !name.trim().is_empty() => {
            answer.id(field, Some(name)).map(Given::OnShelf)
        }
        _ => Ok(Given::Nothing),
    }
}

/// The signatures, or the names by which they are fetched. Names are stored first: the service may tell them
/// only once.
fn received(record: &Record, given: Vec<Given>) -> Event<Record> {
    if given.iter().any(|one| matches!(one, Given::OnShelf(_))) {
        let data = record.at(Step::Fetching { given });
        Event::Progressed { data }
    } else {
        let data = record.at(Step::Given { given });
        Event::Finished { data }
    }
}
