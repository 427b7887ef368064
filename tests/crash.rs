//! Stops a flow at every point where a process can die, goes on in a fresh client, and counts.
//!
//! A point is a moment right before or right after a write of the journal, or of a request. "Dying" is dropping
//! everything but the journal's records and the sandbox.
//!
//! **Invariant:** generic over operation kinds: a kind joins by one [`Flow`].

use std::collections::BTreeSet;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use podpis::operation::JournalError;
use podpis::transport::{HttpRequest, HttpResponse, Transport, TransportError};
use podpis::{
    Deadline, Error, ErrorKind, Journal, MemoryJournal, Operation, Podpis, SharedTransport,
};
use podpis_core::journal::probed::{Probe, Probed};
use podpis_sandbox::{DiadocOptions, PhoneMode, Signatures, WorldOptions};
use tokio::sync::Notify;

use crate::stage::Stage;

/// A kind of operation from its start to its output.
pub(crate) struct Flow {
    pub(crate) name: &'static str,
    pub(crate) begin: for<'a> fn(&'a Stage, SharedTransport, &'a dyn Journal) -> Begun<'a>,
    /// Endpoints that reach a person: each is called at most once for a step, however often the program dies.
    pub(crate) once: &'static [&'static str],
    /// How many steps the service is asked for in the whole: one, but for operations of several.
    pub(crate) steps: usize,
    /// The points after which nobody can tell what happened; all others end well.
    pub(crate) cannot_tell: &'static [&'static str],
    /// What there is at the service when it ended well, and never more of it.
    pub(crate) leaves: Leaves,
}

/// What a flow makes at the service.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Leaves {
    pub(crate) drafts: u64,
    /// Ids under which documents were put into drafts.
    pub(crate) documents: u64,
    pub(crate) docflows: u64,
    pub(crate) replies: u64,
    /// Patches of messages.
    pub(crate) patches: u64,
}

impl Leaves {
    pub(crate) const NOTHING: Self = Self {
        drafts: 0,
        documents: 0,
        docflows: 0,
        replies: 0,
        patches: 0,
    };

    pub(crate) fn at(stage: &Stage) -> Self {
        let counters = stage.sandbox.counters();
        let requests = stage.sandbox.requests();
        let documents: BTreeSet<&str> = requests
            .iter()
            .filter(|request| request.endpoint.as_deref() == Some("DraftDocumentPut"))
            .map(|request| &*request.path)
            .collect();
        Self {
            drafts: counters.drafts_created,
            documents: documents.len() as u64,
            docflows: counters.docflows_created,
            replies: counters.replies_sent,
            patches: counters.patches,
        }
    }

    pub(crate) fn is_within(&self, most: &Self) -> bool {
        self.drafts <= most.drafts
            && self.documents <= most.documents
            && self.docflows <= most.docflows
            && self.replies <= most.replies
            && self.patches <= most.patches
    }
}

pub(crate) type Begun<'a> = Pin<Box<dyn Future<Output = Result<(), Error>> + Send + 'a>>;

/// What became of an operation after one death and one resumption.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// The program died before anything was stored, and nothing had been asked of anybody.
    NeverBegan,
    Finished,
    Refused,
    CannotTell,
}

/// One row of the enumeration.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) point: String,
    pub(crate) fate: Fate,
    pub(crate) stage: Stage,
}

/// Runs the flow once per point and tells what became of it.
pub(crate) async fn every_point(flow: &Flow, signatures: Signatures) -> Vec<Row> {
    let mut rows = Vec::new();
    for number in 0.. {
        // A batch of receipts that is sent twice shows in them.
        let receipts = DiadocOptions::default()
            .receipts(250)
            .receipts_signed_again(true);
        let options = WorldOptions::default()
            .phone(PhoneMode::Confirm, Duration::ZERO)
            .signatures(signatures)
            .diadoc_options(receipts);
        let stage = Stage::in_process(options).await;
        let death = Death::at(number);
        let journal = MemoryJournal::new();
        let mortal = Probed::new(journal.clone(), death.clone());
        let wire = MortalTransport {
            wire: stage.transport(),
            death: death.clone(),
        };
        let wire = SharedTransport::new(wire);
        let lived = tokio::select! {
            biased;
            outcome = (flow.begin)(&stage, wire, &mortal) => { outcome.unwrap(); true }
            () = death.happened() => false,
        };
        if lived {
            assert!(
                number > 4,
                "{}: a flow has more points than {number}",
                flow.name
            );
            return rows;
        }
        let fate = resume(&stage, &journal).await;
        rows.push(Row {
            point: death.point(),
            fate,
            stage,
        });
    }
    rows
}

async fn resume(stage: &Stage, journal: &MemoryJournal) -> Fate {
    let open = journal.open().await.unwrap();
    assert!(open.len() <= 1);
    let Some(record) = open.first() else {
        return Fate::NeverBegan;
    };
    let podpis = Podpis::new()
        .with_diadoc(stage.diadoc())
        .with_extern(stage.extern_api());
    let mut run = podpis
        .resume(journal.claim(record.id()).await.unwrap())
        .unwrap();
    match run.wait(&mut stage.person(), Deadline::minutes(10)).await {
        Ok(_) => Fate::Finished,
        Err(error) if error.refusal().is_some() => Fate::Refused,
        Err(error) if error.kind() == ErrorKind::CannotTell => Fate::CannotTell,
        Err(error) => panic!("neither finished, refused nor unknown: {error:?}"),
    }
}

/// Counts points and dies at one of them.
#[derive(Clone, Debug)]
struct Death(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    at: usize,
    passed: Mutex<(usize, String)>,
    died: Notify,
}

impl Death {
    fn at(number: usize) -> Self {
        Self(Arc::new(Shared {
            at: number,
            passed: Mutex::default(),
            died: Notify::new(),
        }))
    }

    /// Passes a point, or never returns from it.
    async fn pass(&self, point: String) {
        let dies = {
            let mut passed = self.0.passed.lock().unwrap();
            let dies = passed.0 == self.0.at;
            *passed = (passed.0 + 1, point);
            dies
        };
        if dies {
            self.0.died.notify_one();
            std::future::pending::<()>().await;
        }
    }

    async fn happened(&self) {
        self.0.died.notified().await;
    }

    fn point(&self) -> String {
        self.0.passed.lock().unwrap().1.clone()
    }
}

#[derive(Debug)]
struct MortalTransport {
    wire: SharedTransport,
    death: Death,
}

#[async_trait::async_trait]
impl Transport for MortalTransport {
    async fn execute(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let path = without_ids(request.uri().path());
        self.death.pass(format!("before {path}")).await;
        let answer = self.wire.execute(request).await;
        self.death.pass(format!("after {path}")).await;
        answer
    }
}

/// A path with a star for every id.
fn without_ids(path: &str) -> String {
    let is_id = |part: &&str| part.len() == 36 && part.matches('-').count() == 4;
    let parts: Vec<&str> = path
        .split('/')
        .map(|part| if is_id(&part) { "*" } else { part })
        .collect();
    parts.join("/")
}

#[async_trait::async_trait]
impl Probe for Death {
    async fn saves(&self, operation: &Operation) -> Result<(), JournalError> {
        let state = operation.state().name();
        self.pass(format!("before saving {state}")).await;
        Ok(())
    }

    async fn has_saved(&self, operation: &Operation) {
        let state = operation.state().name();
        self.pass(format!("after saving {state}")).await;
    }

    async fn forgets(&self) {
        self.pass("before forgetting".to_owned()).await;
    }

    async fn has_forgotten(&self) {
        self.pass("after forgetting".to_owned()).await;
    }
}
