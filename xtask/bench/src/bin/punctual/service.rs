//! Decides what the service answers: CloudSign, whose code was given, from memory.
//!
//! *Invariant:* each poll is compared with the end of its own pause, which began with the answer before.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use podpis::core::wait::{PollPolicy, SystemTimer, Time as _};
use podpis::diadoc_proto::prost::Message;
use podpis::diadoc_proto::{AsyncMethodResult, CloudSignConfirmResult, CloudSignResult, ContentV2};
use podpis::transport::{HttpRequest, HttpResponse, TransportError};

/// The pauses between polls.
pub(crate) const POLLS: PollPolicy =
    PollPolicy::growing(Duration::from_secs(1), Duration::from_secs(15));

/// Clones are of the same service.
#[derive(Clone, Debug)]
pub(crate) struct Service(Arc<State>);

#[derive(Debug)]
struct State {
    clock: SystemTimer,
    started: AtomicUsize,
    is_done: AtomicBool,
    prepared: Bytes,
    signed: Bytes,
    /// By task: how often it was asked for, and when that was answered last.
    asked: Mutex<HashMap<String, (u32, Duration)>>,
    late: Mutex<Vec<Duration>>,
}

impl Service {
    /// It is at work until it is told to be done, and gives this signature then.
    pub(crate) fn new(signature: &[u8]) -> Self {
        let content = ContentV2::new().with_content(signature.to_vec());
        let signed = CloudSignConfirmResult::new().with_signatures(vec![content]);
        Self(Arc::new(State {
            clock: SystemTimer::new(),
            started: AtomicUsize::new(0),
            is_done: AtomicBool::new(false),
            prepared: encoded(&CloudSignResult::new().with_token("a token")),
            signed: encoded(&signed),
            asked: Mutex::default(),
            late: Mutex::default(),
        }))
    }

    pub(crate) fn be_done(&self) {
        self.0.is_done.store(true, Ordering::SeqCst);
    }

    /// By how much polls were late since this was asked last.
    pub(crate) fn take(&self) -> Vec<Duration> {
        std::mem::take(&mut *held(&self.0.late))
    }

    fn started(&self) -> Bytes {
        let number = self.0.started.fetch_add(1, Ordering::SeqCst);
        let task = format!("0f2f7d4e-5c1c-4f5e-9a57-{number:012}");
        let now = self.0.clock.elapsed();
        held(&self.0.asked).insert(task.clone(), (0, now));
        encoded(&AsyncMethodResult::new().with_task_id(task))
    }

    fn polled(&self, query: &str) -> Option<Bytes> {
        let now = self.0.clock.elapsed();
        let task = query.trim_start_matches("taskId=");
        if let Some((polls, answered)) = held(&self.0.asked).get_mut(task) {
            let due = *answered + POLLS.pause(*polls, None);
            held(&self.0.late).push(now.saturating_sub(due));
            (*polls, *answered) = (*polls + 1, now);
        }
        let is_done = self.0.is_done.load(Ordering::SeqCst);
        is_done.then(|| self.0.signed.clone())
    }
}

fn encoded(message: &impl Message) -> Bytes {
    message.encode_to_vec().into()
}

fn held<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

#[async_trait::async_trait]
impl podpis::Transport for Service {
    async fn execute(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let body = match request.uri().path() {
            "/V3/Authenticate" => Some(Bytes::from_static(b"a-token-of-the-benchmark")),
            "/CloudSign" | "/CloudSignConfirm" => Some(self.started()),
            "/CloudSignResult" => Some(self.0.prepared.clone()),
            _ => self.polled(request.uri().query().unwrap_or_default()),
        };
        let mut response = HttpResponse::new(body.clone().unwrap_or_default());
        if body.is_none() {
            *response.status_mut() = StatusCode::NO_CONTENT;
        }
        Ok(response)
    }
}
