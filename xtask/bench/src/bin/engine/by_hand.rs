//! What an expert would write for CloudSign alone.
//!
//! *Invariant:* it does the same: the same digests of the document, one login for all, ten requests at once, a 401 renews
//! the login once, every answer is checked, what is about to be sent is in the journal before, and signatures are verified
//! and are for the documents.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use bytes::Bytes;
use http::{HeaderValue, Method, StatusCode, header};
use podpis::SharedTransport;
use podpis::diadoc_proto::prost::Message;
use podpis::diadoc_proto::{
    AsyncMethodResult, CloudSignConfirmResult, CloudSignFile, CloudSignRequest, CloudSignResult,
    ContentV2, LoginPassword,
};
use podpis::transport::{HttpRequest, HttpResponse};
use podpis_bench::{Error, signing};
use streebog::{Digest as _, Streebog256, Streebog512};
use tokio::sync::Semaphore;
use url::form_urlencoded::byte_serialize;

use crate::service::Service;
use crate::way::{Waiting, Way};

/// By hand.
pub(crate) struct ByHand {
    transport: SharedTransport,
    /// The header that every call carries, once there was a login.
    authorization: tokio::sync::Mutex<Option<HeaderValue>>,
    permits: Semaphore,
    journal: Mutex<HashMap<u64, Record>>,
}

/// What the journal keeps.
#[derive(Clone)]
struct Record {
    document: Fingerprint,
    step: Step,
}

#[derive(Clone)]
struct Fingerprint {
    #[expect(dead_code, reason = "for the person who looks into the journal")]
    name: String,
    #[expect(dead_code, reason = "for the person who looks into the journal")]
    size: u64,
    sha256: Vec<u8>,
    #[expect(
        dead_code,
        reason = "for signatures by GOST keys: the certificate is not known before"
    )]
    streebog: (Vec<u8>, Vec<u8>),
}

#[derive(Clone)]
enum Step {
    Starting,
    Preparing {
        task: String,
    },
    Code {
        token: String,
    },
    Confirming {
        #[expect(dead_code, reason = "what to ask about after a crash")]
        token: String,
    },
    Signing {
        task: String,
    },
    Signed {
        signatures: Vec<Vec<u8>>,
    },
}

/// An operation that was started.
pub(crate) struct Operation {
    id: u64,
    record: Record,
    /// How long the service asks to wait.
    pause: Option<Duration>,
}

impl Operation {
    #[allow(dead_code, reason = "only who drives many asks")]
    pub(crate) fn id(&self) -> u64 {
        self.id
    }

    #[allow(dead_code, reason = "only who drives many asks")]
    pub(crate) fn pause(&self) -> Option<Duration> {
        self.pause
    }
}

impl ByHand {
    pub(crate) fn over(transport: impl podpis::Transport) -> Self {
        Self {
            transport: SharedTransport::new(transport),
            authorization: tokio::sync::Mutex::new(None),
            permits: Semaphore::new(10),
            journal: Mutex::default(),
        }
    }

    /// Stores the record with its new step; whoever cannot store does not send.
    fn save(&self, operation: &mut Operation, step: Step) {
        operation.record.step = step;
        self.records()
            .insert(operation.id, operation.record.clone());
    }

    fn records(&self) -> std::sync::MutexGuard<'_, HashMap<u64, Record>> {
        self.journal.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn authorization(&self, stale: Option<&HeaderValue>) -> Result<HeaderValue, Error> {
        let mut held = self.authorization.lock().await;
        if let Some(known) = &*held
            && Some(known) != stale
        {
            return Ok(known.clone());
        }
        let body = LoginPassword::new("login", "a password").encode_to_vec();
        let mut request = request(Method::POST, "/V3/Authenticate?type=password", body.into())?;
        let client = HeaderValue::from_static("DiadocAuth ddauth_api_client_id=bench");
        request.headers_mut().insert(header::AUTHORIZATION, client);
        let response = checked(self.transport.execute(request).await?)?;
        let token = std::str::from_utf8(response.body())?.trim();
        let value = format!("DiadocAuth ddauth_api_client_id=bench,ddauth_token={token}");
        let mut value = HeaderValue::try_from(value)?;
        value.set_sensitive(true);
        *held = Some(value.clone());
        Ok(value)
    }

    async fn call(&self, method: Method, path: &str, body: Bytes) -> Result<HttpResponse, Error> {
        let mut request = request(method, path, body)?;
        let mut authorization = self.authorization(None).await?;
        let mut renewed = false;
        loop {
            request
                .headers_mut()
                .insert(header::AUTHORIZATION, authorization.clone());
            let permit = self.permits.acquire().await?;
            let response = self.transport.execute(request.clone()).await?;
            drop(permit);
            if response.status() == StatusCode::UNAUTHORIZED && !renewed {
                renewed = true;
                authorization = self.authorization(Some(&authorization)).await?;
                continue;
            }
            return checked(response);
        }
    }

    /// The answer to a poll, or none while the service is at work.
    async fn asked<M: Message + Default>(
        &self,
        operation: &mut Operation,
        path: &str,
    ) -> Result<Option<M>, Error> {
        let response = self.call(Method::GET, path, Bytes::new()).await?;
        if response.status() == StatusCode::NO_CONTENT {
            let pause = response.headers().get(header::RETRY_AFTER);
            let seconds = pause.and_then(|value| value.to_str().ok()?.parse().ok());
            operation.pause = seconds.map(Duration::from_secs);
            return Ok(None);
        }
        Ok(Some(M::decode(response.into_body())?))
    }
}

impl Way for ByHand {
    type Operation<'a> = Operation;

    fn new(service: Service) -> Result<Self, Error> {
        Ok(Self::over(service))
    }

    fn waiting(&self, document: Vec<u8>) -> Waiting<'_> {
        Box::pin(async {
            let mut operation = self.start(document).await?;
            while !matches!(operation.record.step, Step::Code { .. }) {
                // The sleep of a clock that stands still.
                std::future::pending::<()>().await;
                self.poll(&mut operation).await?;
            }
            Ok(())
        })
    }

    async fn start(&self, document: Vec<u8>) -> Result<Self::Operation<'_>, Error> {
        let name = "act.xml";
        let mut operation = Operation {
            id: fastrand::u64(..),
            record: Record {
                document: Fingerprint {
                    name: name.to_owned(),
                    size: document.len() as u64,
                    sha256: digest(&SHA256, &document).as_ref().to_vec(),
                    streebog: (
                        Streebog256::digest(&document).to_vec(),
                        Streebog512::digest(&document).to_vec(),
                    ),
                },
                step: Step::Starting,
            },
            pause: None,
        };
        let file = CloudSignFile::new()
            .with_content(ContentV2::new().with_content(document))
            .with_file_name(name);
        let body = CloudSignRequest::new()
            .with_files(vec![file])
            .encode_to_vec();
        self.save(&mut operation, Step::Starting);
        let response = self.call(Method::POST, "/CloudSign", body.into()).await?;
        let task = task(&response)?;
        self.save(&mut operation, Step::Preparing { task });
        Ok(operation)
    }

    async fn poll(&self, operation: &mut Self::Operation<'_>) -> Result<(), Error> {
        operation.pause = None;
        match operation.record.step.clone() {
            Step::Preparing { task } => {
                let path = format!("/CloudSignResult?taskId={}", encoded(&task));
                let result: Option<CloudSignResult> = self.asked(operation, &path).await?;
                if let Some(result) = result {
                    let token = required(result.token, "Token")?;
                    self.save(operation, Step::Code { token });
                }
            }
            Step::Signing { task } => {
                let path = format!("/CloudSignConfirmResult?taskId={}", encoded(&task));
                let result: Option<CloudSignConfirmResult> = self.asked(operation, &path).await?;
                if let Some(result) = result {
                    let signatures: Vec<Vec<u8>> = result
                        .signatures
                        .into_iter()
                        .map(|one| one.content.map(Into::into).ok_or("no signature"))
                        .collect::<Result<_, _>>()?;
                    self.save(operation, Step::Signed { signatures });
                }
            }
            _ => {}
        }
        Ok(())
    }

    async fn confirm(&self, operation: &mut Self::Operation<'_>, code: &str) -> Result<(), Error> {
        let Step::Code { token } = operation.record.step.clone() else {
            return Err("it waits for no code".into());
        };
        let path = format!(
            "/CloudSignConfirm?token={}&confirmationCode={}&return=Content",
            encoded(&token),
            encoded(code)
        );
        self.save(operation, Step::Confirming { token });
        let response = self.call(Method::POST, &path, Bytes::new()).await?;
        let task = task(&response)?;
        self.save(operation, Step::Signing { task });
        Ok(())
    }

    fn signatures(&self, operation: &Self::Operation<'_>) -> Result<Vec<Vec<u8>>, Error> {
        let Step::Signed { signatures: given } = &operation.record.step else {
            return Err("it is not signed".into());
        };
        let digests = [operation.record.document.sha256.as_slice()];
        signing::bind_digests(&digests, given)?
            .into_iter()
            .map(|position| given.get(position).cloned().ok_or_else(|| "none".into()))
            .collect()
    }

    async fn forget(&self, operation: Self::Operation<'_>) -> Result<(), Error> {
        self.records().remove(&operation.id);
        Ok(())
    }
}

fn request(method: Method, path: &str, body: Bytes) -> Result<HttpRequest, Error> {
    let request = http::Request::builder()
        .method(method)
        .uri(format!("http://localhost{path}"))
        .header(header::CONTENT_LENGTH, body.len());
    Ok(request.body(body)?)
}

/// A success that is no web page.
fn checked(response: HttpResponse) -> Result<HttpResponse, Error> {
    if !response.status().is_success() {
        return Err(format!("the service answered {}", response.status()).into());
    }
    let is_page = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if is_page || response.body().starts_with(b"<html") {
        return Err("a web page instead of an answer".into());
    }
    Ok(response)
}

fn task(response: &HttpResponse) -> Result<String, Error> {
    let result = AsyncMethodResult::decode(response.body().clone())?;
    required(result.task_id, "TaskId")
}

fn required(value: Option<String>, field: &str) -> Result<String, Error> {
    value
        .filter(|text| !text.trim().is_empty())
        .ok_or_else(|| format!("{field} is missing").into())
}

fn encoded(value: &str) -> String {
    byte_serialize(value.as_bytes()).collect()
}
