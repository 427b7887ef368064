//! The service, which says when it has answered so often.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use podpis::transport::{HttpRequest, HttpResponse, TransportError};
use tokio::sync::Notify;

use crate::service::Service;

/// Clones are of the same service.
#[derive(Clone, Debug)]
pub(crate) struct Counted(Arc<State>);

#[derive(Debug)]
struct State {
    service: Service,
    polls: AtomicUsize,
    wanted: AtomicUsize,
    enough: Notify,
}

impl Counted {
    pub(crate) fn at_work() -> Self {
        Self(Arc::new(State {
            service: Service::at_work(),
            polls: AtomicUsize::new(0),
            wanted: AtomicUsize::new(usize::MAX),
            enough: Notify::new(),
        }))
    }

    /// From now on so many more polls are waited for.
    pub(crate) fn want(&self, more: usize) {
        let wanted = self.0.polls.load(Ordering::SeqCst) + more;
        self.0.wanted.store(wanted, Ordering::SeqCst);
    }

    /// They have come.
    pub(crate) async fn enough(&self) {
        self.0.enough.notified().await;
    }
}

#[async_trait::async_trait]
impl podpis::Transport for Counted {
    async fn execute(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        if request.uri().path() == "/CloudSignResult" {
            let polls = self.0.polls.fetch_add(1, Ordering::SeqCst) + 1;
            if polls == self.0.wanted.load(Ordering::SeqCst) {
                self.0.enough.notify_one();
            }
        }
        podpis::Transport::execute(&self.0.service, request).await
    }
}
