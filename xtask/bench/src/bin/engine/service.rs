//! Decides what the service answers: CloudSign, from memory.
//!
//! *Invariant:* an answer costs next to nothing, and the same for both sides.

use bytes::Bytes;
use http::{HeaderValue, StatusCode, header};
use podpis::diadoc_proto::prost::Message as _;
use podpis::diadoc_proto::{AsyncMethodResult, CloudSignConfirmResult, CloudSignResult, ContentV2};
use podpis::transport::{HttpRequest, HttpResponse, TransportError};

/// A service with one operation, which everybody gets.
#[derive(Debug)]
pub(crate) struct Service {
    started: Bytes,
    /// Absent while the service is at work.
    prepared: Option<Bytes>,
    signed: Bytes,
}

impl Service {
    /// Is at work for ever.
    pub(crate) fn at_work() -> Self {
        Self {
            started: task("0f2f7d4e-5c1c-4f5e-9a57-0d3c3a3b2a11"),
            prepared: None,
            signed: Bytes::new(),
        }
    }

    /// Is ready whenever it is asked, and gives this signature.
    pub(crate) fn ready(signature: &[u8]) -> Self {
        let prepared = CloudSignResult::new().with_token("8d1f3f62-90f0-4bb9-8f35-4e0d35d6a5c1");
        let content = ContentV2::new().with_content(signature.to_vec());
        let signed = CloudSignConfirmResult::new().with_signatures(vec![content]);
        Self {
            prepared: Some(prepared.encode_to_vec().into()),
            signed: signed.encode_to_vec().into(),
            ..Self::at_work()
        }
    }
}

fn task(id: &str) -> Bytes {
    AsyncMethodResult::new()
        .with_task_id(id)
        .encode_to_vec()
        .into()
}

#[async_trait::async_trait]
impl podpis::Transport for Service {
    async fn execute(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let body = match request.uri().path() {
            "/V3/Authenticate" => Some(Bytes::from_static(b"a-token-of-the-benchmark")),
            "/CloudSign" | "/CloudSignConfirm" => Some(self.started.clone()),
            "/CloudSignResult" => self.prepared.clone(),
            _ => Some(self.signed.clone()),
        };
        let is_ready = body.is_some();
        let mut response = HttpResponse::new(body.unwrap_or_default());
        if !is_ready {
            *response.status_mut() = StatusCode::NO_CONTENT;
            let pause = HeaderValue::from_static("1");
            response.headers_mut().insert(header::RETRY_AFTER, pause);
        }
        Ok(response)
    }
}
