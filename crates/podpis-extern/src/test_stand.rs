//! The code of an SMS, from the test stand that sent it.
//!
//! **Invariant:** only the test stand and this machine are asked. Production has no such method, and a program that
//! asked there would have skipped the person.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use podpis_core::call::Call;
use podpis_core::secret::ConfirmationCode;
use podpis_core::wait::{CodeRequest, Observer, Prompt, PromptError};
use podpis_core::{BaseUrl, Error, ErrorKind};
use podpis_extern_model::{RequestId, read_code};
use podpis_operation::{Event, Operation, OperationId};
use serde_json::Value;

use crate::endpoints::TEST_CONFIRMATION_CODE;
use crate::json::asking;
use crate::{Extern, TEST};

impl Extern {
    /// The code that the test stand has sent by SMS for this request. For a confirmation in the phone app there is
    /// no such helper.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] when the client is for another host than the test stand or this machine; nothing is
    /// sent then. When the service does not answer or refuses.
    pub async fn test_confirmation_code(
        &self,
        request: &RequestId,
    ) -> Result<ConfirmationCode, Error> {
        if !is_test_stand(self.caller().base()) {
            let text = format!(
                "codes are told by the test stand only, not by {}",
                self.caller().base().host()
            );
            return Err(Error::new(ErrorKind::InvalidInput, text));
        }
        let call = Call::new(&TEST_CONFIRMATION_CODE).query("requestId", request.as_str());
        let answer = self.caller().call(asking(call)).await?;
        read_code(answer.body())
            .map(ConfirmationCode::new)
            .map_err(|error| answer.unreadable(error))
    }
}

fn is_test_stand(base: &BaseUrl) -> bool {
    base.is_loopback()
        || TEST
            .parse::<BaseUrl>()
            .is_ok_and(|test| test.host() == base.host())
}

/// Gives the codes of the test stand, so that a program can be tried without a person.
///
/// It has to see the operations, because a prompt is not told the service's own name of a request: give a clone of it
/// to [`ExternBuilder::observer`](crate::ExternBuilder::observer), and then ask by [`TestStandPhone::prompt`].
///
/// ```no_run
/// # async fn example(builder: podpis_extern::ExternBuilder, account: podpis_extern::model::AccountId,
/// #     draft: podpis_extern::model::DraftId) -> Result<(), podpis_core::Error> {
/// use podpis_core::wait::{Begin, Deadline};
/// use podpis_extern::TestStandPhone;
///
/// let phone = TestStandPhone::new();
/// let extern_api = builder.observer(phone.clone()).build();
/// let signing = extern_api.account(&account).sign_draft(&draft);
/// signing.run(&mut phone.prompt(&extern_api), Deadline::minutes(5)).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default)]
pub struct TestStandPhone(Arc<Mutex<BTreeMap<OperationId, RequestId>>>);

impl TestStandPhone {
    /// A phone that has seen nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sees an operation that nothing happened to since the phone is there: one that is resumed.
    pub fn see(&self, operation: &Operation) {
        if let Some(request) = request_in(&operation.data().to_value()) {
            self.requests().insert(operation.id().clone(), request);
        }
    }

    /// Gives the codes that this client's test stand has sent.
    #[must_use]
    pub fn prompt(&self, client: &Extern) -> TestStandPrompt {
        TestStandPrompt {
            phone: self.clone(),
            client: client.clone(),
        }
    }

    fn requests(&self) -> std::sync::MutexGuard<'_, BTreeMap<OperationId, RequestId>> {
        // A map of ids is whole whatever panicked beside it.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Observer for TestStandPhone {
    fn event(&self, operation: &Operation, _event: &Event) {
        self.see(operation);
    }
}

/// The [`Prompt`] of a [`TestStandPhone`].
#[derive(Clone, Debug)]
pub struct TestStandPrompt {
    phone: TestStandPhone,
    client: Extern,
}

#[async_trait::async_trait]
impl Prompt for TestStandPrompt {
    async fn code(&mut self, request: CodeRequest) -> Result<ConfirmationCode, PromptError> {
        let known = self.phone.requests().get(&request.operation).cloned();
        let known = known.ok_or_else(|| {
            PromptError::new("the test stand's phone has not seen this operation's request")
        })?;
        self.client
            .test_confirmation_code(&known)
            .await
            .map_err(|error| {
                PromptError::new("the test stand did not tell the code").with_source(error)
            })
    }
}

/// The request that a record waits for a code of. A record of several steps has that of its step inside.
fn request_in(data: &Value) -> Option<RequestId> {
    let fields = data.as_object()?;
    if fields.get("step").and_then(Value::as_str) == Some("code")
        && let Some(request) = fields.get("request").and_then(Value::as_str)
    {
        return Some(RequestId::new(request));
    }
    fields.values().find_map(request_in)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_the_test_stand_and_this_machine_are_asked() {
        for (base, expected) in [
            (TEST, true),
            ("http://127.0.0.1:8787", true),
            ("http://localhost", true),
            (crate::PRODUCTION, false),
            ("https://extern-api.testkontur.ru.example.org", false),
            ("https://extern-api.testkontur.ru:444", false),
        ] {
            assert_eq!(is_test_stand(&base.parse().unwrap()), expected, "{base}");
        }
    }

    #[test]
    fn the_request_is_found_in_the_step_that_waits_for_it() {
        let waiting = json!({"account": "a", "step": "code", "request": "r"});
        let expected = Some(RequestId::new("r"));
        assert_eq!(request_in(&waiting), expected);
        assert_eq!(request_in(&json!({"step": {"inner": waiting}})), expected);
        for data in [
            json!({"step": "task", "task": "t"}),
            json!({"step": "starting", "request": "r"}),
            json!(null),
        ] {
            assert_eq!(request_in(&data), None, "{data}");
        }
    }
}
