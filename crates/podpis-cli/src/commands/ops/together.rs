//! Goes on with many operations together: one driver for all, one question for a code at a time.
//!
//! **Invariant:** each operation is told once, when it ended or why it does not go on; a person is asked for the code of one
//! operation at a time, the oldest first, and nothing else waits for the person.

use std::collections::{HashMap, HashSet, VecDeque};
use std::future::{Future, pending};
use std::pin::Pin;
use std::time::Duration;

use podpis::core::wait::{SystemTimer, Time as _};
use podpis::drive::{CodeAnswer, CodeError, CodeWanted, Driver, LeftAlone, News, Outcomes};
use podpis::operation::{Service as Name, State, Timestamp};
use podpis::{CodeRequest, Error, ErrorKind, Operation, OperationId, Output as Gave};
use tokio::task::JoinSet;

use super::board::Board;
use super::outcome::{Ended, Skip, Told};
use super::resume::{Round, names};
use crate::driving::{failed, interrupted};
use crate::interrupt::Interrupt;
use crate::messages::Message;
use crate::output::Output;
use crate::progress;
use crate::prompt::Asker;
use crate::store::Store;

/// How long the service may take to say whether a code was right.
const VERDICT: Duration = Duration::from_secs(60);

/// How often it is looked for what other programs have finished.
const LOOK: Duration = Duration::from_secs(1);

/// What is due later than that is looked at now: a person asks for it.
const SOON: Duration = Duration::from_secs(15);

/// Operations that are driven together.
pub(super) struct Together<'t, 'a> {
    round: &'t mut Round<'a>,
    told: &'t mut Told,
    /// What was taken up and has not been told.
    open: Vec<OperationId>,
    /// The codes to ask for.
    questions: VecDeque<Question>,
    /// Which attempt was asked for last.
    asked_for: HashMap<OperationId, u32>,
    /// What could not be taken up.
    passed_over: HashSet<OperationId>,
}

/// How long operations are driven.
enum Until<'b> {
    /// All that was taken up has ended, or this time is over.
    Over(Duration),
    /// Ctrl-C comes; what there is is shown meanwhile.
    Stopped(&'b Board),
}

/// Why driving has paused.
enum Paused {
    Over,
    /// Something came for which no service was reached so far.
    ForMore(OperationId),
}

/// A code to ask for.
struct Question {
    operation: Operation,
    attempt: u32,
    rejection: Option<String>,
}

/// How asking for a code ended.
enum Asked {
    /// What comes of it is told as news.
    Given,
    NotGiven(Error),
    HeldElsewhere,
}

/// A question that is being asked.
type Asking<'s> = Pin<Box<dyn Future<Output = (OperationId, Asked)> + Send + 's>>;

impl<'t, 'a> Together<'t, 'a> {
    pub(super) fn new(round: &'t mut Round<'a>, told: &'t mut Told) -> Self {
        Self {
            round,
            told,
            open: Vec::new(),
            questions: VecDeque::new(),
            asked_for: HashMap::new(),
            passed_over: HashSet::new(),
        }
    }

    /// Takes up what can be driven, and tells of the rest.
    pub(super) async fn take_up(&mut self, records: &[Operation], interrupt: &mut Interrupt) {
        for record in records {
            let id = record.id();
            if record.state().is_final()
                || !self.round.reaches(record).await
                || !self.is_free(id).await
            {
                self.go_on_alone(id, interrupt).await;
            } else {
                self.open.push(id.clone());
                if let Some(known) = progress::known(record) {
                    self.round.output.say(&known);
                }
                if let State::AwaitingCode { attempt } = *record.state() {
                    self.question(record.clone(), attempt, None);
                }
            }
            if interrupt.was_pressed() {
                return;
            }
        }
    }

    async fn go_on_alone(&mut self, id: &OperationId, interrupt: &mut Interrupt) {
        let ended = self.round.one(id, interrupt).await;
        self.told.tell(id, &ended);
    }

    /// Whether nobody drives it; what an earlier driver left alone is due again then.
    async fn is_free(&self, id: &OperationId) -> bool {
        let Ok(mut claim) = self.round.store.journal().claim(id).await else {
            return false;
        };
        let Some(record) = claim.record().cloned() else {
            return false;
        };
        let now = Timestamp::from(SystemTimer::new().now());
        let is_soon = claim.due().is_some_and(|due| due <= now.plus(SOON));
        is_soon || record.due().is_none() || claim.save_due(&record, Some(now)).await.is_ok()
    }

    /// Drives all that was taken up to its end, or until this time is over.
    pub(super) async fn drive(&mut self, interrupt: &mut Interrupt, longest: Duration) {
        self.drive_once(interrupt, &Until::Over(longest)).await;
    }

    /// Drives all that was taken up, and what comes, until Ctrl-C.
    pub(super) async fn watch(&mut self, interrupt: &mut Interrupt, board: &Board) {
        let until_stopped = Until::Stopped(board);
        while let Paused::ForMore(id) = self.drive_once(interrupt, &until_stopped).await {
            // Its service was not reached before; where it cannot be, that is told once.
            self.passed_over.insert(id.clone());
            if let Ok(record) = self.round.store.look(&id).await {
                self.take_up(&[record], interrupt).await;
            }
        }
    }

    async fn drive_once(&mut self, interrupt: &mut Interrupt, until: &Until<'_>) -> Paused {
        let longest = match until {
            Until::Over(longest) => *longest,
            Until::Stopped(_) => Duration::MAX,
        };
        let is_done = |open: &[OperationId]| open.is_empty() && matches!(until, Until::Over(_));
        if is_done(&self.open) || interrupt.was_pressed() {
            return Paused::Over;
        }
        let (driver, mut news) = self.begin(until);
        let _pushes = self.confirm_pushes();
        let (store, output) = (self.round.store, self.round.output);
        let time = SystemTimer::new();
        let mut over = Box::pin(wait(time, longest));
        let mut look = Box::pin(time.sleep(LOOK));
        let mut asking: Option<Asking<'_>> = None;
        let (mut is_late, mut paused) = (false, Paused::Over);
        while !is_done(&self.open) {
            if asking.is_none() {
                asking = self.next_question(&driver, store, output, longest);
            }
            tokio::select! {
                biased;
                () = interrupt.pressed() => break,
                (id, asked) = answered(&mut asking) => {
                    asking = None;
                    self.asked(&id, asked).await;
                }
                told = news.next() => {
                    let Some(told) = told else { break };
                    if let Some(id) = self.is_unreached(&told, until) {
                        paused = Paused::ForMore(id);
                        break;
                    }
                    self.news(told, until, interrupt).await;
                }
                () = &mut over => {
                    is_late = true;
                    break;
                }
                () = &mut look => {
                    let began = time.elapsed();
                    self.look_for_finished(interrupt).await;
                    if let Until::Stopped(board) = until {
                        board.show(&driver.counts());
                    }
                    let took = time.elapsed().saturating_sub(began);
                    look = Box::pin(time.sleep(LOOK.max(took * 10)));
                }
            }
        }
        drop(asking);
        driver.shutdown().await;
        while let Some(told) = news.next().await {
            self.news(told, until, interrupt).await;
        }
        if let Until::Stopped(board) = until {
            board.show(&driver.counts());
        }
        if matches!(paused, Paused::Over) {
            self.tell_open(is_late.then_some(longest)).await;
        }
        paused
    }

    fn begin(&self, until: &Until<'_>) -> (Driver<Gave>, Outcomes<Gave>) {
        let journal = self.round.store.shared_journal();
        let driver = Driver::builder(journal, self.round.clients()).look_every(LOOK);
        match until {
            Until::Over(_) => driver,
            Until::Stopped(_) => driver.count_every(LOOK),
        }
        .start()
    }

    /// What came later, and has a service that was not reached so far.
    fn is_unreached(&self, news: &News<Gave>, until: &Until<'_>) -> Option<OperationId> {
        match (news, until) {
            (News::LeftAlone(left), Until::Stopped(_))
                if left.error.kind() == ErrorKind::InvalidInput
                    && !self.passed_over.contains(&left.id)
                    && !self.open.contains(&left.id) =>
            {
                Some(left.id.clone())
            }
            _ => None,
        }
    }

    /// Confirms on the phones of sandboxes, for as long as what this gives is kept.
    fn confirm_pushes(&self) -> JoinSet<()> {
        let mut confirming = JoinSet::new();
        for (_, _, asker) in self.round.askers() {
            confirming.spawn(async move { asker.answer_pushes().await });
        }
        confirming
    }

    fn next_question<'s>(
        &mut self,
        driver: &Driver<Gave>,
        store: &'s Store,
        output: Output,
        longest: Duration,
    ) -> Option<Asking<'s>> {
        loop {
            let question = self.questions.pop_front()?;
            let operation = &question.operation;
            let id = operation.id().clone();
            // It may be over by now.
            if !self.open.contains(&id) {
                continue;
            }
            let asker = self.asker(operation)?;
            output.say(&Message::GoingOn {
                id: id.to_string(),
                files: names(operation),
            });
            let driver = driver.clone();
            let Question {
                attempt, rejection, ..
            } = question;
            let request = CodeRequest::new(id.clone(), attempt, longest).after(rejection);
            return Some(Box::pin(async move {
                let asked = ask(&driver, asker, store, request).await;
                (id, asked)
            }));
        }
    }

    fn asker(&self, operation: &Operation) -> Option<Asker> {
        let origin = operation.origin();
        let mut askers = self.round.askers().into_iter();
        let is_its = |(service, host, _): &(Name, String, Asker)| {
            *service == origin.service && origin.is_at(host)
        };
        askers.find(is_its).map(|(_, _, asker)| asker)
    }

    async fn asked(&mut self, id: &OperationId, asked: Asked) {
        match asked {
            Asked::Given => {}
            Asked::NotGiven(error) => self.tell_failed(id, error).await,
            Asked::HeldElsewhere => self.tell(id, &Ended::Skipped(Skip::Claimed)),
        }
    }

    async fn news(&mut self, news: News<Gave>, until: &Until<'_>, interrupt: &mut Interrupt) {
        // What comes while operations are watched is taken up, too.
        if let (Until::Stopped(_), News::Ended(_) | News::CodeWanted(_)) = (until, &news)
            && let Some(id) = news.operation()
            && !self.passed_over.contains(id)
            && !self.open.contains(id)
        {
            self.open.push(id.clone());
        }
        match news {
            News::Ended(ended) => {
                let id = ended.operation.id();
                if self.open.contains(id) {
                    // The record has what it gave.
                    let ended = self.round.one(id, interrupt).await;
                    self.tell(id, &ended);
                }
            }
            News::CodeWanted(wanted) => {
                let CodeWanted {
                    operation,
                    attempt,
                    rejection,
                    ..
                } = wanted;
                self.question(operation, attempt, rejection);
            }
            News::LeftAlone(LeftAlone { id, error, .. }) => self.tell_failed(&id, error).await,
            News::JournalFails(error) => self.round.output.complain(&error.into()),
            _ => {}
        }
    }

    /// Notes that a code is wanted. A driver tells so of what waited before, too.
    fn question(&mut self, operation: Operation, attempt: u32, rejection: Option<String>) {
        let id = operation.id();
        let is_new = self.asked_for.get(id).is_none_or(|asked| *asked < attempt);
        if is_new && self.open.contains(id) {
            self.asked_for.insert(id.clone(), attempt);
            self.questions.push_back(Question {
                operation,
                attempt,
                rejection,
            });
        }
    }

    /// Another program may share the work, and have finished what this one waits for.
    async fn look_for_finished(&mut self, interrupt: &mut Interrupt) {
        let Ok(open) = self.round.store.open_ids().await else {
            return; // The driver tells that the journal fails.
        };
        let finished = self.open.iter().filter(|id| !open.contains(*id));
        for id in finished.cloned().collect::<Vec<_>>() {
            let ended = self.round.one(&id, interrupt).await;
            self.tell(&id, &ended);
        }
    }

    async fn tell_failed(&mut self, id: &OperationId, error: Error) {
        if self.open.contains(id) {
            let failure = failed(self.round.store, id, error).await;
            self.tell(id, &Ended::Failed(failure.leaving_open()));
        }
    }

    fn tell(&mut self, id: &OperationId, ended: &Ended) {
        self.open.retain(|open| open != id);
        self.told.tell(id, ended);
    }

    /// Tells of what has not ended: the time was over, or Ctrl-C came.
    async fn tell_open(&mut self, longest: Option<Duration>) {
        for id in std::mem::take(&mut self.open) {
            let store = self.round.store;
            let failure = match longest {
                None => interrupted(store, &id).await,
                Some(longest) => {
                    let text = format!(
                        "the operation is still open after {} s; it goes on at the service and can be resumed",
                        longest.as_secs()
                    );
                    failed(store, &id, Error::new(ErrorKind::Deadline, text)).await
                }
            };
            self.told.tell(&id, &Ended::Failed(failure));
        }
    }
}

/// Asks for a code, and for another one while it is wrong.
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
        Ok(stored) => stored
            .is_some_and(|stored| matches!(stored.operation.state(), State::AwaitingCode { .. })),
        Err(_) => true,
    }
}

/// For ever, where there is no end.
async fn wait(time: SystemTimer, longest: Duration) {
    match longest {
        Duration::MAX => pending().await,
        longest => time.sleep(longest).await,
    }
}

async fn answered(asking: &mut Option<Asking<'_>>) -> (OperationId, Asked) {
    match asking {
        Some(asking) => asking.await,
        None => pending().await,
    }
}
