//! What a sandbox has answered to the library once, from memory.
//!
//! *Invariant:* an answer costs next to nothing and is the last one that this path got.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::{Method, StatusCode, header};
use podpis::transport::{HttpRequest, HttpResponse, TransportError};
use podpis::{ReqwestTransport, Transport};
use podpis_bench::Error;
use podpis_sandbox::{Bind, Sandbox, WorldOptions};

use crate::library::{self, Library};

/// By method and path.
type Answers = HashMap<(Method, String), (StatusCode, http::HeaderMap, Bytes)>;

/// A service that answers as the sandbox has.
#[derive(Clone, Debug)]
pub(crate) struct Recorded {
    pub(crate) account: String,
    pub(crate) draft: String,
    answers: Arc<Answers>,
    answered: Arc<AtomicUsize>,
}

impl Recorded {
    /// Has a draft signed.
    pub(crate) fn new() -> Result<Self, Error> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()?;
        runtime.block_on(async {
            let sandbox = Sandbox::new(WorldOptions::default().processing(Duration::ZERO));
            let server = sandbox.serve(Bind::loopback(0)).await?;
            let seeded = sandbox.world_info().extern_;
            let recorder = Recorder {
                service: ReqwestTransport::new()?,
                answers: Arc::default(),
            };
            let client = library::client(server.base_url(), &seeded.token, recorder.clone())?;
            let library = Library::of(client, &seeded.account, &seeded.drafts.sms.id);
            let code = || sandbox.last_code().unwrap_or_default();
            library.signed_with(code).await?;
            let mut answers = recorder
                .answers
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            Ok(Self {
                account: seeded.account,
                draft: seeded.drafts.sms.id,
                answers: Arc::new(std::mem::take(&mut *answers)),
                answered: Arc::default(),
            })
        })
    }

    /// How many requests were answered.
    pub(crate) fn answered(&self) -> usize {
        self.answered.load(Ordering::Relaxed)
    }
}

#[async_trait::async_trait]
impl Transport for Recorded {
    async fn execute(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        self.answered.fetch_add(1, Ordering::Relaxed);
        let mut response = HttpResponse::new(Bytes::new());
        match self.answers.get(&key(&request)) {
            Some((status, headers, body)) => {
                *response.status_mut() = *status;
                response.headers_mut().clone_from(headers);
                *response.body_mut() = body.clone();
            }
            None => *response.status_mut() = StatusCode::NOT_FOUND,
        }
        Ok(response)
    }
}

#[derive(Clone, Debug)]
struct Recorder {
    service: ReqwestTransport,
    answers: Arc<Mutex<Answers>>,
}

#[async_trait::async_trait]
impl Transport for Recorder {
    async fn execute(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let key = key(&request);
        let response = self.service.execute(request).await?;
        let mut headers = response.headers().clone();
        headers.remove(header::DATE);
        let answer = (response.status(), headers, response.body().clone());
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        answers.insert(key, answer);
        Ok(response)
    }
}

fn key(request: &HttpRequest) -> (Method, String) {
    (request.method().clone(), request.uri().path().to_owned())
}
