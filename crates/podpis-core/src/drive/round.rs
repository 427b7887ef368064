//! What the driver does, round after round: it looks for what is due, works at so much of it as may be in flight, and waits
//! for the next moment.
//!
//! **Invariant:** one task and one timer for all operations. Looking takes a fifth of the time at most, a journal that fails
//! is left alone for a while, and what is under way is finished before the end.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::thread;
use std::time::Duration;

use futures_util::future::{Either, select};
use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt as _, StreamExt as _};
use podpis_operation::{Cursor, JournalError, Operation, OperationId, Page, Summary, Timestamp};

use super::driver::Settings;
use super::lanes::{Lanes, Queued};
use super::look;
use super::moments::Moments;
use super::news::News;
use super::places::Place;
use super::shared::{Seen, Shared};
use super::told::Of;

/// How many times as long as a look took nothing is looked for.
const UNLOOKED: u32 = 4;

/// The shortest time between two looks through the journal.
const SHORTEST: Duration = Duration::from_millis(20);

/// How long after a look the next page is read where there is enough to do, in case that something else waits behind it.
const UNHURRIED: Duration = Duration::from_millis(500);

/// The shortest time between two counts.
const UNCOUNTED: Duration = Duration::from_secs(1);

/// How long a round waits that has nothing else to wait for.
const LONGEST: Duration = Duration::from_secs(60);

/// The pauses after a journal has failed: the first, and the longest.
const RESTS: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(30));

/// How many operations are remembered whose answers cannot be read.
const STREAKS: usize = 4_096;

/// How many bytes the records hold whose ends are to be told, before nothing more is begun: some ten thousand signatures,
/// which are checked within a lease when the driver is shut down.
const UNTOLD: usize = 32 * 1024 * 1024;

type Boxed<T> = Pin<Box<dyn Future<Output = T> + Send>>;

pub(super) struct Round<O> {
    shared: Arc<Shared<O>>,
    settings: Settings,
    lanes: Lanes<O>,
    moments: Moments,
    /// What is kept in memory, by when it is due and how many there were before.
    kept: BTreeMap<(Timestamp, u64), Arc<Place<O>>>,
    number: u64,
    turns: FuturesUnordered<Boxed<(Arc<Place<O>>, Seen)>>,
    /// What is over and to be told, with whether it is stored, and how many bytes they hold.
    over: VecDeque<(Operation, bool)>,
    untold: usize,
    /// The ends that are told. Their results are made beside the turns, which have to come in time.
    ends: FuturesUnordered<Boxed<()>>,
    /// How many results are made at once: on all cores but the one that asks the services.
    tellers: usize,
    looking: Option<Boxed<Result<Page, JournalError>>>,
    counting: Option<Boxed<Result<(), JournalError>>>,
    finished: Option<Boxed<Result<(), JournalError>>>,
    /// Where the look through the journal has got to.
    cursor: Option<Cursor>,
    /// Whether something was seen that did not fit into the lanes, and whether something did.
    is_more: bool,
    is_fed: bool,
    /// When the look through the journal began, on both clocks.
    began: (Duration, Timestamp),
    /// On the monotonic clock, as all that follow: when it is looked through at the latest, and at the earliest.
    look_at: Duration,
    earliest_look: Duration,
    /// When the last page was asked for, and when the next one is read where there is enough to do.
    asked: Duration,
    unhurried_look: Duration,
    count_at: Duration,
    /// When they are counted at the earliest.
    earliest_count: Duration,
    /// From the first failure of the journal until it works again.
    rest: Option<Rest>,
    /// How many answers in a row could not be read, where some could not.
    streaks: HashMap<OperationId, u32>,
}

/// A journal that has failed is left alone. Where it could not be read, what is in memory goes on.
struct Rest {
    until: Duration,
    pause: Duration,
    /// Whether it did not store; that it can be read says nothing of that.
    stores_nothing: bool,
}

impl Rest {
    fn stores_nothing(&self) -> bool {
        self.stores_nothing
    }
}

/// What happened while the round waited.
enum Happened<O> {
    Turned(Arc<Place<O>>, Seen),
    Looked(Result<Page, JournalError>),
    Told,
    Counted(Result<(), JournalError>),
    Finished(Result<(), JournalError>),
    Woken,
    TimeIsUp,
}

impl<O: Send + 'static> Round<O> {
    pub(super) fn new(shared: Arc<Shared<O>>, settings: Settings) -> Self {
        let now = shared.time.elapsed();
        let finished = settings
            .finished
            .then(|| Box::pin(look::finished(Arc::clone(&shared))) as Boxed<_>);
        Self {
            lanes: Lanes::new(settings.in_flight),
            shared,
            settings,
            moments: Moments::default(),
            kept: BTreeMap::new(),
            number: 0,
            turns: FuturesUnordered::new(),
            over: VecDeque::new(),
            untold: 0,
            ends: FuturesUnordered::new(),
            tellers: thread::available_parallelism().map_or(1, |cores| (cores.get() - 1).max(1)),
            looking: None,
            counting: None,
            finished,
            cursor: None,
            is_more: false,
            is_fed: false,
            began: (now, Timestamp::default()),
            look_at: now,
            earliest_look: now,
            asked: now,
            unhurried_look: now,
            count_at: now,
            earliest_count: now,
            rest: None,
            streaks: HashMap::new(),
        }
    }

    /// Until it is shut down.
    pub(super) async fn drive(mut self) {
        while self.begin() {
            match self.happened().await {
                Happened::Turned(place, seen) => {
                    self.turned(place, seen);
                    // And those that are over with it.
                    while let Some(Some((place, seen))) = self.turns.next().now_or_never() {
                        self.turned(place, seen);
                    }
                }
                Happened::Looked(looked) => self.looked(looked),
                Happened::Counted(counted) => self.counted(counted),
                Happened::Told | Happened::Finished(Ok(())) | Happened::TimeIsUp => {}
                Happened::Finished(Err(error)) => self.rest(error, false),
                Happened::Woken => self.woken(),
            }
            // However soon everything is done, others have their turn.
            tokio::task::consume_budget().await;
        }
        self.shared.teller.end();
        self.shared.is_over.send_replace(true);
    }

    /// Begins whatever may begin; false at the end.
    fn begin(&mut self) -> bool {
        let now = self.shared.time.elapsed();
        self.tell_ends();
        if self.shared.is_stopping() {
            (self.looking, self.counting, self.finished) = (None, None, None);
            self.shared.places.give_all_back();
            return self.is_at_work();
        }
        if self.is_resting(now, Rest::stores_nothing) {
            return true;
        }
        self.queue_kept();
        while self.has_room()
            && let Some(place) = self.lanes.next()
        {
            // A code is being given for it; it is found again.
            if !self.shared.places.take_in_hand(&place) {
                self.lanes.leave(&place);
                self.shared.places.remove(&place.id);
                continue;
            }
            let unreadable = self.streaks.get(&place.id).copied().unwrap_or_default();
            let shared = Arc::clone(&self.shared);
            self.turns.push(Box::pin(async move {
                let seen = shared.turn(&place, unreadable).await;
                (place, seen)
            }));
        }
        self.shared.counting.in_flight(self.lanes.in_flight());
        if self.is_resting(now, |_| true) {
            return true;
        }
        if self.looking.is_none() && now >= self.next_look(now) {
            self.asked = now;
            if self.cursor.is_none() {
                self.began = (now, self.shared.now());
                (self.is_more, self.is_fed) = (false, false);
            }
            let looking = look::due(Arc::clone(&self.shared), self.cursor.take());
            self.looking = Some(Box::pin(looking));
        }
        // What is due is looked for first: a count reads what is open anew.
        if self.looking.is_none() && self.counting.is_none() && now >= self.count_at {
            let counting = look::count(Arc::clone(&self.shared));
            self.count_at = now;
            self.counting = Some(Box::pin(counting));
        }
        true
    }

    /// Goes on with telling what is over.
    fn tell_ends(&mut self) {
        while self.ends.len() < self.tellers
            && let Some((operation, is_stored)) = self.over.pop_front()
        {
            self.untold -= held(&operation);
            let shared = Arc::clone(&self.shared);
            let end = async move { shared.tell_end(operation, is_stored).await };
            self.ends.push(Box::pin(end));
        }
    }

    /// Whether there is room for more ends.
    fn has_room(&self) -> bool {
        self.untold < UNTOLD
    }

    /// Whether something is under way that is finished before the end.
    fn is_at_work(&self) -> bool {
        !self.turns.is_empty() || !self.ends.is_empty() || !self.shared.is_idle()
    }

    /// Queues what was kept and is due now.
    fn queue_kept(&mut self) {
        let now = self.shared.now();
        while let Some(first) = self.kept.first_entry()
            && first.key().0 <= now
        {
            self.lanes.push_kept(first.remove());
        }
    }

    /// Whether a journal is left alone that has failed so.
    fn is_resting(&self, now: Duration, so: impl Fn(&Rest) -> bool) -> bool {
        let rest = self.rest.as_ref();
        rest.is_some_and(|rest| now < rest.until && so(rest))
    }

    /// When the journal is looked through next.
    fn next_look(&self, now: Duration) -> Duration {
        let earliest = match self.lanes.has_free() && self.has_room() {
            true => now,
            false => self.unhurried_look,
        };
        if self.cursor.is_some() {
            return earliest;
        }
        let moment = self.moments.pause(self.shared.now());
        let moment = moment.map_or(self.look_at, |pause| now.saturating_add(pause));
        let next = moment.min(self.look_at).max(self.earliest_look);
        next.max(earliest)
    }

    fn woken(&mut self) {
        for due in self.shared.take_put_back() {
            self.moments.add(due);
        }
        if self.shared.take_look() {
            self.look_at = self.earliest_look;
            // It may wait for a code already, and not be due.
            self.count_at = self.count_at.min(self.earliest_count);
        }
    }

    fn turned(&mut self, place: Arc<Place<O>>, seen: Seen) {
        self.lanes.leave(&place);
        if !self.streaks.is_empty() && !matches!(seen, Seen::JournalFailed(_)) {
            self.streaks.remove(&place.id);
        }
        if let Seen::Soon(due) = seen {
            self.number += 1;
            self.kept.insert((due, self.number), place);
            return;
        }
        self.shared.places.remove(&place.id);
        match seen {
            Seen::Later { due, unreadable } => {
                if let Some(due) = due {
                    self.moments.add(due);
                }
                if unreadable > 0 && self.streaks.len() < STREAKS {
                    self.streaks.insert(place.id.clone(), unreadable);
                }
                self.rest = None;
            }
            Seen::Over {
                operation,
                unstored,
            } => {
                self.untold += held(&operation);
                self.over.push_back((operation, unstored.is_none()));
                match unstored {
                    Some(error) => self.rest(error, true),
                    None => self.rest = None,
                }
            }
            Seen::Soon(_) | Seen::Nothing => {}
            Seen::JournalFailed(error) => self.rest(error, true),
        }
    }

    fn looked(&mut self, looked: Result<Page, JournalError>) {
        self.looking = None;
        let page = match looked {
            Ok(page) => page,
            Err(error) => return self.rest(error, false),
        };
        self.rest.take_if(|rest| !rest.stores_nothing);
        let told = &self.shared.told;
        let usable = |summary: &Summary| !told.has(Of::Record, &summary.id, Some(summary.changed));
        for summary in page.records.into_iter().filter(usable) {
            match self.lanes.queue(summary, &self.shared) {
                Queued::Yes => self.is_fed = true,
                Queued::NoRoom => self.is_more = true,
                Queued::NotOurs => {}
            }
        }
        self.cursor = page.next;
        let at = self.shared.time.elapsed();
        let took = at.saturating_sub(self.asked);
        self.unhurried_look = at.saturating_add(UNHURRIED.max(took * UNLOOKED));
        if self.cursor.is_some() {
            return;
        }
        self.lanes.be_sure();
        let (began, by) = self.began;
        let took = at.saturating_sub(began);
        // Who has all that may be in flight is not looked for again and again.
        let shortest = match self.is_more && !self.is_fed {
            true => UNHURRIED,
            false => SHORTEST,
        };
        self.earliest_look = at.saturating_add(shortest.max(took * UNLOOKED));
        // What was due is queued, or is seen again when there is room.
        self.moments.found(by);
        self.look_at = match self.is_more {
            true => self.earliest_look,
            false => at.saturating_add(self.settings.look_every),
        };
    }

    fn counted(&mut self, counted: Result<(), JournalError>) {
        self.counting = None;
        let now = self.shared.time.elapsed();
        let took = now.saturating_sub(self.count_at);
        self.earliest_count = now.saturating_add(UNCOUNTED.max(took * UNLOOKED));
        let next = now.saturating_add(self.settings.count_every);
        self.count_at = next.max(self.earliest_count);
        if let Err(error) = counted {
            self.rest(error, false);
        }
    }

    /// Leaves a journal alone that has failed.
    fn rest(&mut self, error: JournalError, stores_nothing: bool) {
        let now = self.shared.time.elapsed();
        let (first, longest) = RESTS;
        let rest = match &mut self.rest {
            // Turns that were under way fail together.
            Some(rest) if now < rest.until => {
                rest.stores_nothing |= stores_nothing;
                return;
            }
            Some(rest) => Rest {
                until: now,
                pause: (rest.pause * 2).min(longest),
                stores_nothing: stores_nothing || rest.stores_nothing,
            },
            None => {
                self.shared.tell_at_once(News::JournalFails(error.into()));
                Rest {
                    until: now,
                    pause: first,
                    stores_nothing,
                }
            }
        };
        self.rest = Some(Rest {
            until: now.saturating_add(rest.pause),
            ..rest
        });
        self.cursor = None;
    }

    /// How long it is until something may begin.
    fn pause(&self, now: Duration) -> Duration {
        if self.shared.is_stopping() {
            return LONGEST;
        }
        let kept = self.kept.first_key_value().map(|((due, _), _)| {
            let wall = self.shared.now().as_millis();
            now.saturating_add(Duration::from_millis(due.as_millis().saturating_sub(wall)))
        });
        if let Some(rest) = self.rest.as_ref().filter(|rest| now < rest.until) {
            let kept = kept.filter(|_| !rest.stores_nothing);
            let next = kept.map_or(rest.until, |kept| kept.min(rest.until));
            return next.saturating_sub(now);
        }
        let look = self.looking.is_none().then(|| self.next_look(now));
        let may_count = self.looking.is_none() && self.counting.is_none();
        let count = may_count.then_some(self.count_at);
        let next = look.into_iter().chain(count).chain(kept).min();
        next.map_or(LONGEST, |next| next.saturating_sub(now))
    }

    /// Waits for whatever comes first.
    async fn happened(&mut self) -> Happened<O> {
        let shared = Arc::clone(&self.shared);
        let pause = self.pause(shared.time.elapsed());
        let is_busy = self.is_at_work()
            || self.looking.is_some()
            || self.counting.is_some()
            || self.finished.is_some();
        let mut woken = pin!(shared.wake.notified());
        let first = poll_fn(|context| {
            if let Some(looked) = poll(&mut self.looking, context) {
                return Poll::Ready(Happened::Looked(looked));
            }
            if let Some(counted) = poll(&mut self.counting, context) {
                return Poll::Ready(Happened::Counted(counted));
            }
            if let Some(told) = poll(&mut self.finished, context) {
                self.finished = None;
                return Poll::Ready(Happened::Finished(told));
            }
            if let Poll::Ready(Some((place, seen))) = self.turns.poll_next_unpin(context) {
                return Poll::Ready(Happened::Turned(place, seen));
            }
            if let Poll::Ready(Some(())) = self.ends.poll_next_unpin(context) {
                return Poll::Ready(Happened::Told);
            }
            woken.as_mut().poll(context).map(|()| Happened::Woken)
        });
        // A clock that moves by itself when everybody sleeps must not move while something is under way.
        let happened = if is_busy {
            shared.time.within(pause, first).await
        } else {
            match select(first, pin!(shared.time.sleep(pause))).await {
                Either::Left((happened, _)) => Some(happened),
                Either::Right(_) => None,
            }
        };
        happened.unwrap_or(Happened::TimeIsUp)
    }
}

/// About how many bytes a record holds.
fn held(operation: &Operation) -> usize {
    const WITHOUT_DATA: usize = 1_024;
    operation.data().as_json().len() + WITHOUT_DATA
}

fn poll<T>(future: &mut Option<Boxed<T>>, context: &mut Context<'_>) -> Option<T> {
    match future.as_mut()?.as_mut().poll(context) {
        Poll::Ready(output) => Some(output),
        Poll::Pending => None,
    }
}
