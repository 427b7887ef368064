//! Asks for the codes of operations that are driven together.
//!
//! **Invariant:** a person is asked for the code of one operation at a time, once for each attempt, and what waits to be
//! asked is an id and not a record.

use std::collections::{HashMap, VecDeque};
use std::future::{Future, pending};
use std::pin::Pin;
use std::time::Duration;

use podpis::drive::{CodeAnswer, CodeError, Driver};
use podpis::operation::{JournalError, State};
use podpis::{CodeRequest, Error, ErrorKind, Operation, OperationId, Output as Gave};

use crate::prompt::Asker;
use crate::store::Store;

/// How long the service may take to say whether a code was right.
const VERDICT: Duration = Duration::from_secs(60);

/// The codes to ask for.
#[derive(Debug, Default)]
pub(super) struct Questions {
    next: VecDeque<Question>,
    /// The one that is being asked.
    now: Option<Question>,
    /// Those whose operations somebody else has at work.
    held: Vec<Question>,
    /// Which attempt was asked for last.
    asked_for: HashMap<OperationId, u32>,
}

/// A code to ask for.
#[derive(Clone, Debug)]
pub(super) struct Question {
    pub(super) id: OperationId,
    pub(super) attempt: u32,
    pub(super) rejection: Option<String>,
}

/// How asking for a code ended.
pub(super) enum Asked {
    /// What comes of it is told as news.
    Given,
    NotGiven(Error),
    HeldElsewhere,
}

/// A question that is being asked.
pub(super) type Asking<'s> = Pin<Box<dyn Future<Output = (OperationId, Asked)> + Send + 's>>;

impl Questions {
    /// Notes that a code is wanted. A driver tells so of what waited before, too.
    pub(super) fn add(&mut self, question: Question) {
        let asked = self.asked_for.get(&question.id);
        if asked.is_none_or(|asked| *asked < question.attempt) {
            self.asked_for.insert(question.id.clone(), question.attempt);
            self.next.push_back(question);
        }
    }

    /// The next one, which is asked from now on.
    pub(super) fn next(&mut self) -> Option<Question> {
        self.now = self.next.pop_front();
        self.now.clone()
    }

    /// Whose code is being asked for.
    pub(super) fn now(&self) -> Option<&OperationId> {
        self.now.as_ref().map(|question| &question.id)
    }

    /// It was answered.
    pub(super) fn answered(&mut self) {
        self.now = None;
    }

    /// Its operation was somebody else's at that moment, who may leave it open.
    pub(super) fn held(&mut self) {
        self.held.extend(self.now.take());
    }

    /// What was somebody else's is asked again, unless it has gone on since.
    pub(super) fn look_again(&mut self) {
        self.next.extend(self.held.drain(..));
    }

    /// Whoever was being asked had no time to answer, and is asked again.
    pub(super) fn again(&mut self) {
        if let Some(question) = self.now.take() {
            self.next.push_front(question);
        }
    }
}

impl Question {
    /// Asks for a code, and for another one while it is wrong.
    pub(super) fn ask(
        self,
        driver: Driver<Gave>,
        asker: Asker,
        store: &Store,
        longest: Duration,
    ) -> Asking<'_> {
        let id = self.id;
        let request = CodeRequest::new(id.clone(), self.attempt, longest).after(self.rejection);
        Box::pin(async move {
            let asked = ask(&driver, asker, store, request).await;
            (id, asked)
        })
    }
}

async fn ask(
    driver: &Driver<Gave>,
    asker: Asker,
    store: &Store,
    mut request: CodeRequest,
) -> Asked {
    let id = request.operation.clone();
    loop {
        let code = match asker.clone().ask(request.clone(), store).await {
            Ok(code) => code,
            // Another program may have given it.
            Err(_) if !wants_code(store, &id).await => return Asked::Given,
            Err(error) => {
                let text = format!("the code was not given: {error}");
                return Asked::NotGiven(Error::new(ErrorKind::Prompt, text).with_source(error));
            }
        };
        match driver.give_code(&id, code, VERDICT).await {
            Ok(CodeAnswer::Wrong {
                tries_left,
                rejection,
            }) if tries_left > 0 => {
                request.attempt += 1;
                request.rejection = rejection;
            }
            Err(CodeError::Failed(error)) if !error.may_have_been_applied() => {
                return Asked::NotGiven(error);
            }
            Err(CodeError::HeldElsewhere { .. }) => return Asked::HeldElsewhere,
            // The rest is told as news.
            _ => return Asked::Given,
        }
    }
}

/// Whether the journal says so, or does not say.
async fn wants_code(store: &Store, id: &OperationId) -> bool {
    match store.journal().look(id).await {
        Ok(stored) => stored.is_some_and(|stored| awaits_code(&stored.operation).is_some()),
        Err(_) => true,
    }
}

/// Whether somebody has it at work just now, who asks for its code, too.
pub(super) async fn is_held(store: &Store, id: &OperationId) -> bool {
    let claimed = store.journal().claim(id).await;
    matches!(claimed, Err(JournalError::Claimed { .. }))
}

/// Which code a record waits for.
pub(super) fn awaits_code(record: &Operation) -> Option<u32> {
    match *record.state() {
        State::AwaitingCode { attempt } => Some(attempt),
        _ => None,
    }
}

pub(super) async fn answered(asking: &mut Option<Asking<'_>>) -> (OperationId, Asked) {
    match asking {
        Some(asking) => asking.await,
        None => pending().await,
    }
}
