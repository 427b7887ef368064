//! The calls of CloudSign and what their answers mean.
//!
//! **Invariant:** a wrong code leads back to the same token, an old one ends the operation, and both may be told
//! by the confirmation or by its result.

use http::StatusCode;
use podpis_core::Error;
use podpis_core::call::{Answer, Call, RepeatPolicy};
use podpis_core::secret::ConfirmationCode;
use podpis_core::wait::{KeptBytes, Learned, LockName, OperationKind, Reconciled};
use podpis_core::wait::{Record as _, unreadable};
use podpis_diadoc_proto::{CloudSignConfirmResult, CloudSignResult, ContentV2};
use podpis_operation::{Event, Kind, Operation, Refusal, State};

use super::record::{Given, Record, Step};
use super::{CloudSign, CloudSignStart};
use crate::endpoints::{
    CLOUD_SIGN, CLOUD_SIGN_CONFIRM, CLOUD_SIGN_CONFIRM_RESULT, CLOUD_SIGN_RESULT,
};
use crate::explain::{CodeProblem, code_problem, failed};
use crate::protobuf::task_id;
use crate::record::{kept, thumbprint};
use crate::shelf::download;
use crate::signatures::bind;
use crate::{Diadoc, ShelfName, Signatures, protobuf};

#[async_trait::async_trait]
impl OperationKind for CloudSign {
    const KIND: Kind = Kind::new("diadoc.cloud-sign");
    type Client = Diadoc;
    type Request = CloudSignStart;
    type Output = Signatures;

    fn locks(_operation: &Operation) -> Vec<LockName> {
        // Nothing forbids one person several of these at once: each has an SMS of its own.
        Vec::new()
    }

    fn kept(operation: &Operation) -> Vec<KeptBytes> {
        kept(&operation.data().to_value(), operation.files())
    }

    async fn start(
        client: &Diadoc,
        operation: &Operation,
        request: CloudSignStart,
    ) -> Result<Learned, Error> {
        let record = Record::of(operation)?;
        let thumbprint = request.certificate.map(|thumbprint| thumbprint.to_string());
        let call = Call::new(&CLOUD_SIGN)
            .query_if("certificateThumbprint", thumbprint)
            .body(request.body);
        let answer = client.caller().call(call).await?;
        let task = task_id(&answer)?;
        Ok(Event::Accepted {
            data: record.at(Step::Preparing { task }),
        }
        .into())
    }

    async fn poll(client: &Diadoc, operation: &Operation) -> Result<Learned, Error> {
        let record = Record::of(operation)?;
        match record.step.clone() {
            Step::Preparing { task } => {
                let call = Call::new(&CLOUD_SIGN_RESULT)
                    .query("taskId", task)
                    .repeat(RepeatPolicy::never());
                let answer = client.caller().call(call).await;
                let answer = match code_trouble(operation, answer)? {
                    Ok(answer) if answer.status() == StatusCode::NO_CONTENT => {
                        return Ok(Learned::still_running(answer.retry_after()));
                    }
                    Ok(answer) => answer,
                    Err(learned) => return Ok(learned),
                };
                let result: CloudSignResult = protobuf::read(&answer)?;
                let token = answer.id("CloudSignResult.Token", result.token)?;
                Ok(Event::CodeSent {
                    data: record.at(Step::Code { token }),
                }
                .into())
            }
            Step::Signing { task, .. } => {
                let call = Call::new(&CLOUD_SIGN_CONFIRM_RESULT)
                    .query("taskId", task)
                    .repeat(RepeatPolicy::never());
                let answer = client.caller().call(call).await;
                let answer = match code_trouble(operation, answer)? {
                    Ok(answer) if answer.status() == StatusCode::NO_CONTENT => {
                        return Ok(Learned::still_running(answer.retry_after()));
                    }
                    Ok(answer) => answer,
                    Err(learned) => return Ok(learned),
                };
                let result: CloudSignConfirmResult = protobuf::read(&answer)?;
                if result.signatures.is_empty() {
                    return Err(answer.unreadable("CloudSignConfirmResult.Signatures is empty"));
                }
                let given = result.signatures.into_iter().map(given);
                let given = given
                    .map(|one| fetchable(&answer, one))
                    .collect::<Result<_, _>>()?;
                Ok(received(&record, given))
            }
            Step::Fetching { given } => {
                let mut fetched = Vec::with_capacity(given.len());
                for one in given {
                    fetched.push(match one {
                        Given::OnShelf(name) => {
                            Given::signature(&download(client, &ShelfName::new(name)).await?)
                        }
                        other => other,
                    });
                }
                Ok(Event::Finished {
                    data: record.at(Step::Given { given: fetched }),
                }
                .into())
            }
            Step::Starting | Step::Code { .. } | Step::Given { .. } => {
                Err(unreadable(operation, "its step is not one that is polled"))
            }
        }
    }

    async fn confirm(
        client: &Diadoc,
        operation: &Operation,
        code: &ConfirmationCode,
    ) -> Result<Learned, Error> {
        let record = Record::of(operation)?;
        let (Step::Code { token } | Step::Signing { token, .. }) = record.step.clone() else {
            return Err(unreadable(operation, "it has no token to confirm"));
        };
        let call = Call::new(&CLOUD_SIGN_CONFIRM)
            .query("token", token.as_str())
            .query("confirmationCode", code.expose().trim())
            .query("return", record.form.as_str());
        let answer = match code_trouble(operation, client.caller().call(call).await)? {
            Ok(answer) => answer,
            Err(learned) => return Ok(learned),
        };
        let task = task_id(&answer)?;
        Ok(Event::Accepted {
            data: record.at(Step::Signing { token, task }),
        }
        .into())
    }

    async fn reconcile(_client: &Diadoc, operation: &Operation) -> Result<Reconciled, Error> {
        let names: Vec<&str> = operation
            .files()
            .iter()
            .map(|file| file.name.as_str())
            .collect();
        let files = names.join(", ");
        let what = match operation.state() {
            State::Confirming { .. } => format!(
                "the code for {files} was sent to Diadoc and its answer was lost: Diadoc may have signed, and has no \
                 list of operations to ask. The certificate's usage report at Diadoc tells; if nothing was signed, \
                 start over, which sends the person a new SMS"
            ),
            _ => format!(
                "the start of signing {files} was sent to Diadoc and its answer was lost: Diadoc may have sent an \
                 SMS, whose code cannot be used without that answer. Nothing was signed; start over, which sends \
                 the person a new SMS"
            ),
        };
        Ok(Reconciled::CannotTell(what))
    }

    fn output(client: &Diadoc, operation: &Operation) -> Result<Signatures, Error> {
        let record = Record::of(operation)?;
        let certificate = thumbprint(operation, record.certificate.as_deref())?;
        let expectation = client.expectation(certificate);
        bind(operation.files(), record.given(operation)?, &expectation)
    }
}

/// The two known problems with a code are news of the operation, not failures of the call.
fn code_trouble(
    operation: &Operation,
    called: Result<Answer, Error>,
) -> Result<Result<Answer, Learned>, Error> {
    let error = match called {
        Ok(answer) => return Ok(Ok(answer)),
        Err(error) => error,
    };
    let Some(answer) = error.service() else {
        return Err(error);
    };
    match code_problem(answer) {
        // Before a code was given, "wrong code" is a conflict like any other.
        Some(CodeProblem::Wrong)
            if matches!(operation.state(), State::Processing { attempt: 0 }) =>
        {
            failed(error).map(Err)
        }
        Some(CodeProblem::Wrong) => {
            let message = answer.message.clone();
            Ok(Err(Event::CodeRejected { message }.into()))
        }
        Some(CodeProblem::Expired) => {
            let event = Event::Refused {
                refusal: Refusal::Expired,
                message: answer.message.clone(),
            };
            Ok(Err(event.into()))
        }
        // A code that is not taken can be given again; a result that is a conflict is the end.
        None if matches!(operation.state(), State::Processing { .. }) => failed(error).map(Err),
        None => Err(error),
    }
}

fn given(content: ContentV2) -> Given {
    match (content.content, content.name_on_shelf) {
        (Some(der), _) if !der.is_empty() => Given::signature(&der),
        (_, Some(name)) if !name.trim().is_empty() => Given::OnShelf(name),
        _ => Given::Nothing,
    }
}

/// A name on the shelf goes into the address by which it is fetched.
fn fetchable(answer: &Answer, given: Given) -> Result<Given, Error> {
    match given {
        Given::OnShelf(name) => {
            let field = "CloudSignConfirmResult.Signatures.NameOnShelf";
            answer.id(field, Some(name)).map(Given::OnShelf)
        }
        other => Ok(other),
    }
}

/// The signatures, or the names by which they are fetched. Names are stored first: the service may tell them
/// only once.
fn received(record: &Record, given: Vec<Given>) -> Learned {
    if given.iter().any(|one| matches!(one, Given::OnShelf(_))) {
        Event::Progressed {
            data: record.at(Step::Fetching { given }),
        }
        .into()
    } else {
        Event::Finished {
            data: record.at(Step::Given { given }),
        }
        .into()
    }
}
