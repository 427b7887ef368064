//! Goes on with many operations together: one driver for all, one question for a code at a time.
//!
//! **Invariant:** each operation is told once, when it ended or why it does not go on; a person is asked for the code of one
//! operation at a time, the oldest first, and nothing else waits for the person. Where there are thousands, driving begins
//! with the first page of the journal, as soon as the service of each host in it is reached, and what is in memory of an
//! operation is its id. News wait until the journal was looked through: so they are of what is known.

use std::collections::{HashMap, HashSet};
use std::future::{pending, ready};
use std::time::Duration;

use podpis::core::wait::{SystemTimer, Time as _};
use podpis::drive::{self, CodeWanted, Driver, LeftAlone, News, Outcomes};
use podpis::operation::{JournalError, Owner, Service as Name, Timestamp};
use podpis::{Error, ErrorKind, Operation, OperationId, Output as Gave};
use tokio::task::JoinSet;

use super::asking::{Asked, Asking, Question, Questions, answered, awaits_code, is_held};
use super::board::Board;
use super::outcome::{Ended, Skip, Told};
use super::resume::{Round, names};
use crate::driving::{failed, interrupted};
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::messages::Message;
use crate::output::Output;
use crate::prompt::Asker;
use crate::store::{Begun, Contents, Store};

/// So many operations are taken up before any is driven.
const AT_ONCE: usize = 100;

/// How often it is looked for what other programs have finished.
const LOOK: Duration = Duration::from_secs(1);

/// What is due later than that is looked at now: a person asks for it.
const SOON: Duration = Duration::from_secs(15);

/// Operations that are driven together.
pub(super) struct Together<'t, 'a> {
    round: &'t mut Round<'a>,
    told: &'t mut Told,
    /// What was in the journal and is to be taken up, oldest first.
    waiting: Contents<'a>,
    /// What can be taken up only when nothing is driven.
    later: Vec<OperationId>,
    /// What was taken up and has not been told, and when it was begun.
    open: HashMap<OperationId, Timestamp>,
    questions: Questions,
    /// What could not be taken up.
    passed_over: HashSet<OperationId>,
}

/// How long operations are driven.
enum Until<'b> {
    /// All that was taken up has ended, or this time is over, at that moment.
    Over(Duration, Duration),
    /// Ctrl-C comes; what there is is shown meanwhile.
    Stopped(&'b Board),
}

/// Why driving has paused.
enum Paused {
    Over,
    /// There is more to be taken up, or another service was reached.
    ForMore,
}

/// Whether an operation can be driven here.
enum Free {
    Yes,
    /// Somebody else drives it.
    Claimed,
    /// Its record is gone, or cannot be read.
    No,
}

/// Whether an operation was left alone because its service was not reached.
fn has_no_client(news: &News<Gave>) -> bool {
    matches!(news, News::LeftAlone(left) if left.error.kind() == ErrorKind::InvalidInput)
}

impl<'t, 'a> Together<'t, 'a> {
    pub(super) fn new(round: &'t mut Round<'a>, told: &'t mut Told) -> Self {
        let waiting = round.store.contents();
        Self {
            round,
            told,
            waiting,
            later: Vec::new(),
            open: HashMap::new(),
            questions: Questions::default(),
            passed_over: HashSet::new(),
        }
    }

    /// Takes up what can be driven, and tells of the rest: of all where there are not many, and otherwise of one at each
    /// host, so that driving can begin. The others are taken up meanwhile. Whether there is anything.
    pub(super) async fn take_up(&mut self, interrupt: &mut Interrupt) -> Result<bool, Failure> {
        self.look_on().await?;
        let is_empty = !self.waiting.has_more();
        let are_few = self.waiting.is_whole() && self.waiting.operations.len() <= AT_ONCE;
        let next = match are_few {
            true => Contents::take_oldest,
            false => Contents::take_of_a_host,
        };
        while !interrupt.was_pressed()
            && let Some(id) = next(&mut self.waiting)
        {
            self.take_up_one(&id, interrupt, false).await;
        }
        Ok(!is_empty)
    }

    /// Looks at the next page of what is in the journal.
    async fn look_on(&mut self) -> Result<(), Failure> {
        let unreadable = self.waiting.look_on().await?;
        self.told.unreadable(&unreadable);
        Ok(())
    }

    /// Takes up one operation. What has to be gone on with alone, and could be claimed by this program's own driver, waits
    /// while that is at work.
    async fn take_up_one(&mut self, id: &OperationId, interrupt: &mut Interrupt, is_driving: bool) {
        let looked = self.round.store.journal().look(id).await;
        // What is gone or cannot be read is told as that.
        let record = looked.ok().flatten().map(|stored| stored.operation);
        let Some(record) = record.filter(|record| !record.state().is_final()) else {
            return self.go_on_alone(id, interrupt).await;
        };
        let free = match self.round.reaches(&record).await {
            true => {
                self.passed_over.remove(id);
                self.is_free(id, interrupt).await
            }
            false => Free::No,
        };
        match free {
            Free::Yes => {
                self.open.insert(id.clone(), record.created());
                self.round.tell(&record);
                if let Some(attempt) = awaits_code(&record) {
                    self.question(id, attempt, None);
                }
            }
            Free::Claimed if is_driving => self.tell(id, &Ended::Skipped(Skip::Claimed)),
            Free::No if is_driving => self.later.push(id.clone()),
            Free::Claimed | Free::No => self.go_on_alone(id, interrupt).await,
        }
    }

    /// Looks for more, or takes up the next one, while the others are driven; whether they are to be left for it.
    async fn take_up_next(&mut self, interrupt: &mut Interrupt) -> Result<bool, Failure> {
        if !self.waiting.is_whole() {
            self.look_on().await?;
            return Ok(false);
        }
        let reached = self.round.reached();
        let of_a_host = self.waiting.take_of_a_host();
        if let Some(id) = of_a_host.or_else(|| self.waiting.take_oldest()) {
            self.take_up_one(&id, interrupt, true).await;
        }
        let is_last = !self.waiting.has_more();
        Ok(self.round.reached() > reached || (is_last && !self.later.is_empty()))
    }

    async fn go_on_alone(&mut self, id: &OperationId, interrupt: &mut Interrupt) {
        let ended = self.round.one(id, interrupt).await;
        self.told.tell(id, &ended);
    }

    /// Whether nobody else drives it; what an earlier driver left alone is due again then.
    async fn is_free(&self, id: &OperationId, interrupt: &mut Interrupt) -> Free {
        let claimed = tokio::select! {
            claimed = self.round.store.journal().claim(id) => claimed,
            () = interrupt.pressed(), if !interrupt.was_pressed() => return Free::No,
        };
        let mut claim = match claimed {
            Ok(claim) => claim,
            Err(JournalError::Claimed { owner, .. }) => {
                return match owner == Some(Owner::of_this_process()) {
                    true => Free::Yes,
                    false => Free::Claimed,
                };
            }
            Err(_) => return Free::No,
        };
        let Some(record) = claim.record().cloned() else {
            return Free::No;
        };
        let now = Timestamp::from(SystemTimer::new().now());
        let is_soon = claim.due().is_some_and(|due| due <= now.plus(SOON));
        match is_soon || record.due().is_none() || claim.save_due(&record, Some(now)).await.is_ok()
        {
            true => Free::Yes,
            false => Free::No,
        }
    }

    /// Drives all that was there to its end, or until this time is over.
    pub(super) async fn drive(
        &mut self,
        interrupt: &mut Interrupt,
        longest: Duration,
    ) -> Result<(), Failure> {
        let ends = SystemTimer::new().elapsed().saturating_add(longest);
        self.drive_on(interrupt, &Until::Over(longest, ends)).await
    }

    /// Drives all that was there, and what comes, until Ctrl-C.
    pub(super) async fn watch(
        &mut self,
        interrupt: &mut Interrupt,
        board: &Board,
    ) -> Result<(), Failure> {
        self.drive_on(interrupt, &Until::Stopped(board)).await
    }

    async fn drive_on(
        &mut self,
        interrupt: &mut Interrupt,
        until: &Until<'_>,
    ) -> Result<(), Failure> {
        while let Paused::ForMore = self.drive_once(interrupt, until).await? {
            self.take_up_later(interrupt).await;
        }
        Ok(())
    }

    async fn take_up_later(&mut self, interrupt: &mut Interrupt) {
        for id in std::mem::take(&mut self.later) {
            if interrupt.was_pressed() {
                return;
            }
            self.take_up_one(&id, interrupt, false).await;
        }
    }

    /// Whether there is nothing left to do.
    fn is_done(&self, until: &Until<'_>) -> bool {
        let is_over = self.open.is_empty() && !self.waiting.has_more();
        is_over && matches!(until, Until::Over(..))
    }

    async fn drive_once(
        &mut self,
        interrupt: &mut Interrupt,
        until: &Until<'_>,
    ) -> Result<Paused, Failure> {
        let longest = match until {
            Until::Over(longest, _) => *longest,
            Until::Stopped(_) => Duration::MAX,
        };
        if self.is_done(until) || interrupt.was_pressed() {
            self.tell_open(None, interrupt).await;
            return Ok(Paused::Over);
        }
        let (driver, mut news) = self.begin(until);
        let _pushes = self.confirm_pushes();
        let (store, output) = (self.round.store, self.round.output);
        let time = SystemTimer::new();
        let mut over = Box::pin(wait(time, until));
        let mut look = Box::pin(time.sleep(LOOK));
        let mut asking: Option<Asking<'_>> = None;
        let (mut is_late, mut paused) = (false, Ok(Paused::Over));
        while !self.is_done(until) {
            // Who waits for a verdict on what another program has finished would wait in vain.
            let now = self.questions.now();
            if now.is_some_and(|id| !self.open.contains_key(id)) {
                asking = None;
                self.questions.answered();
            }
            if asking.is_none() && self.waiting.is_whole() {
                asking = self.next_question(&driver, store, output, longest).await;
            }
            tokio::select! {
                biased;
                () = interrupt.pressed() => break,
                (id, asked) = answered(&mut asking) => {
                    asking = None;
                    match (&asked, until) {
                        (Asked::HeldElsewhere, Until::Stopped(_)) => {
                            output.say(&Message::Claimed(id.to_string()));
                            self.questions.held();
                        }
                        _ => {
                            self.questions.answered();
                            self.asked(&id, asked).await;
                        }
                    }
                }
                told = news.next(), if self.waiting.is_whole() => {
                    let Some(told) = told else { break };
                    if let Some(id) = self.is_unreached(&told, until) {
                        // Where its service cannot be reached, that is told once.
                        self.passed_over.insert(id.clone());
                        self.later.push(id);
                        paused = Ok(Paused::ForMore);
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
                    self.questions.look_again();
                    if let Until::Stopped(board) = until {
                        board.show(&driver.counts());
                    }
                    let took = time.elapsed().saturating_sub(began);
                    look = Box::pin(time.sleep(LOOK.max(took * 10)));
                }
                () = ready(()), if self.waiting.has_more() => {
                    let is_for_more = self.take_up_next(interrupt).await;
                    if !matches!(is_for_more, Ok(false)) {
                        paused = is_for_more.map(|_| Paused::ForMore);
                        break;
                    }
                }
            }
        }
        drop(asking);
        if interrupt.was_pressed() {
            store.hurry();
        }
        self.questions.again();
        driver.shutdown().await;
        while let Some(told) = news.next().await {
            // The next driver has more clients, and says it again of what has none of them.
            if matches!(paused, Ok(Paused::ForMore)) && has_no_client(&told) {
                continue;
            }
            self.news(told, until, interrupt).await;
        }
        if let Until::Stopped(board) = until {
            board.show(&driver.counts());
        }
        if is_late {
            // Results that are there are written all the same.
            self.take_up_later(interrupt).await;
            while !interrupt.was_pressed() && self.waiting.has_more() {
                if !self.waiting.is_whole() {
                    if let Err(failure) = self.look_on().await {
                        paused = Err(failure);
                        break;
                    }
                } else if let Some(id) = self.waiting.take_oldest() {
                    self.take_up_one(&id, interrupt, false).await;
                }
            }
        }
        if !matches!(paused, Ok(Paused::ForMore)) {
            let late = is_late.then_some(longest);
            self.tell_open(late, interrupt).await;
        }
        paused
    }

    fn begin(&self, until: &Until<'_>) -> (Driver<Gave>, Outcomes<Gave>) {
        let journal = self.round.store.shared_journal();
        let driver = Driver::builder(journal, self.round.clients()).look_every(LOOK);
        match until {
            Until::Over(..) => driver,
            Until::Stopped(_) => driver.count_every(LOOK),
        }
        .start()
    }

    /// What came later, and has a service that was not reached so far.
    fn is_unreached(&self, news: &News<Gave>, until: &Until<'_>) -> Option<OperationId> {
        match (news, until) {
            (News::LeftAlone(left), Until::Stopped(_))
                if has_no_client(news)
                    && !self.passed_over.contains(&left.id)
                    && !self.open.contains_key(&left.id)
                    && !self.later.contains(&left.id)
                    && !left.operation.as_ref().is_some_and(|it| self.waits(it)) =>
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
            let journal = self.round.store.shared_journal();
            confirming.spawn(async move { asker.answer_pushes(&*journal, None).await });
        }
        confirming
    }

    async fn next_question<'s>(
        &mut self,
        driver: &Driver<Gave>,
        store: &'s Store,
        output: Output,
        longest: Duration,
    ) -> Option<Asking<'s>> {
        loop {
            let question = self.questions.next()?;
            // It may be over by now.
            if !self.open.contains_key(&question.id) {
                continue;
            }
            let Ok(operation) = store.look(&question.id).await else {
                continue;
            };
            // So may the attempt.
            if awaits_code(&operation) != Some(question.attempt) {
                continue;
            }
            if is_held(store, &question.id).await {
                self.questions.held();
                continue;
            }
            let asker = self.asker(&operation)?;
            output.say(&Message::OfOperation {
                id: question.id.to_string(),
                text: names(&operation),
            });
            return Some(question.ask(driver.clone(), asker, store, longest));
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
        if self.is_for_later(&news) {
            return;
        }
        // What comes while operations are watched is taken up, too.
        if let (
            Until::Stopped(_),
            News::Ended(drive::Ended { operation, .. })
            | News::CodeWanted(CodeWanted { operation, .. }),
        ) = (until, &news)
            && !self.passed_over.contains(operation.id())
            && !self.open.contains_key(operation.id())
        {
            self.open
                .insert(operation.id().clone(), operation.created());
        }
        match news {
            News::Ended(ended) => {
                let operation = &ended.operation;
                let id = operation.id();
                if self.open.contains_key(id) {
                    // The record has what it gave.
                    let ended = self.round.end(operation, interrupt).await;
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
                self.question(operation.id(), attempt, rejection);
            }
            News::LeftAlone(LeftAlone { id, error, .. }) => self.tell_failed(&id, error).await,
            News::JournalFails(error) => self.round.output.complain(&self.round.store.told(error)),
            _ => {}
        }
    }

    /// Whether an operation is still to be taken up.
    fn waits(&self, operation: &Operation) -> bool {
        let begun = (operation.created(), operation.id().clone());
        self.waiting.operations.contains(&begun)
    }

    /// Whether it is seen from the record when that is taken up. That an operation is left alone is told once.
    fn is_for_later(&mut self, news: &News<Gave>) -> bool {
        match news {
            News::CodeWanted(CodeWanted { operation, .. }) => self.waits(operation),
            // Who removes what is over would find it first.
            News::Ended(drive::Ended { operation, .. }) if self.waits(operation) => {
                self.take_out(operation);
                self.round.tell(operation);
                false
            }
            News::LeftAlone(LeftAlone {
                operation: Some(operation),
                error,
                ..
            }) if self.waits(operation) => {
                let is_later = error.kind() == ErrorKind::InvalidInput;
                if !is_later {
                    self.take_out(operation);
                }
                is_later
            }
            _ => false,
        }
    }

    /// It need not be taken up any more.
    fn take_out(&mut self, operation: &Operation) {
        let begun = (operation.created(), operation.id().clone());
        self.waiting.operations.remove(&begun);
        self.open.insert(begun.1, begun.0);
    }

    fn question(&mut self, id: &OperationId, attempt: u32, rejection: Option<String>) {
        if self.open.contains_key(id) {
            let id = id.clone();
            self.questions.add(Question {
                id,
                attempt,
                rejection,
            });
        }
    }

    /// Another program may share the work, and have finished what this one waits for.
    async fn look_for_finished(&mut self, interrupt: &mut Interrupt) {
        let open = self.open.keys().collect();
        let Ok(finished) = self.round.store.not_open(open).await else {
            return; // The driver tells that the journal fails.
        };
        for id in finished.into_iter().cloned().collect::<Vec<_>>() {
            let ended = self.round.one(&id, interrupt).await;
            self.tell(&id, &ended);
        }
    }

    async fn tell_failed(&mut self, id: &OperationId, error: Error) {
        if self.open.contains_key(id) {
            let failure = failed(self.round.store, id, error).await;
            self.tell(id, &Ended::Failed(failure.leaving_open()));
        }
    }

    fn tell(&mut self, id: &OperationId, ended: &Ended) {
        self.open.remove(id);
        self.told.tell(id, ended);
    }

    /// Tells of what has not ended, here or elsewhere: the time was over, or Ctrl-C came.
    async fn tell_open(&mut self, longest: Option<Duration>, interrupt: &mut Interrupt) {
        self.look_for_finished(interrupt).await;
        let open = std::mem::take(&mut self.open).into_iter();
        let mut open: Vec<Begun> = open.map(|(id, begun)| (begun, id)).collect();
        open.sort();
        for (_, id) in open {
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

/// For ever, where there is no end.
async fn wait(time: SystemTimer, until: &Until<'_>) {
    match *until {
        Until::Over(Duration::MAX, _) | Until::Stopped(_) => pending().await,
        Until::Over(_, ends) => time.sleep(ends.saturating_sub(time.elapsed())).await,
    }
}
