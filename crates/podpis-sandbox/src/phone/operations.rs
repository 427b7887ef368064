//! Decides how far each operation that asks a person has come: queue, SMS or push, the person, the end.
//!
//! **Invariant:** a stage never goes back. One accepted start sends exactly one push or one SMS, at most; nothing is
//! sent for one that is blocked or ends unasked. A code confirms once, and after too many wrong codes, too much time or
//! a "no" from the person the operation stays dead.

use std::time::Duration;

use super::{Asked, MessageKind, MessageState, PersonError, Phone, PhoneInfo, PhoneMode, Sent};
use crate::journal::Counters;
use crate::kept::Kept;
use crate::moment::Moment;

/// How far an operation has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Nobody was asked yet.
    Queued,
    /// Waits until the person's other operation has ended.
    Blocked,
    /// The push or the SMS is out.
    Awaiting,
    /// The person agreed.
    Confirmed {
        at: Moment,
    },
    Ended(End),
}

/// Why nothing will come of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    Declined,
    TimedOut,
    Crashed,
    TooManyAttempts,
    AnotherOperationOpen,
    /// The service never asked.
    Unasked,
}

/// What becomes of a push while the same person has another one unanswered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Second {
    Asked,
    Fails,
    Waits,
}

/// What an operation is for.
pub(crate) trait Work {
    /// What the person reads; a push has no code.
    fn text(&self, code: &str) -> String;

    /// Whether it goes on without anybody being asked: to its success, or to its end.
    fn unasked(&self) -> Option<bool> {
        None
    }
}

/// One operation, of a service that says what it is for.
#[derive(Clone, Debug)]
pub(crate) struct Operation<W> {
    pub(crate) id: String,
    /// The ids that the client was told.
    pub(crate) known_as: Vec<String>,
    pub(crate) user: usize,
    pub(crate) kind: MessageKind,
    pub(crate) code: String,
    pub(crate) started: Moment,
    /// When the SMS or push goes out.
    pub(crate) asks_at: Moment,
    pub(crate) work: W,
    /// What the person is shown; with the message once that is sent.
    asked: Asked,
    pub(crate) stage: Stage,
    until: Moment,
    /// When the person acts by itself, and how.
    acts: Option<(Moment, bool)>,
    wrong_codes: u32,
}

impl<W> Operation<W> {
    pub(crate) fn new(
        kind: MessageKind,
        (id, known_as): (String, Vec<String>),
        (user, code): (usize, String),
        (started, asks_at): (Moment, Moment),
        (work, asked): (W, Asked),
    ) -> Self {
        Self {
            id,
            known_as,
            user,
            kind,
            code,
            started,
            asks_at,
            work,
            asked,
            stage: Stage::Queued,
            until: asks_at,
            acts: None,
            wrong_codes: 0,
        }
    }

    /// The first id that the client was told.
    pub(crate) fn handle(&self) -> &str {
        self.known_as.first().map_or("", |id| id)
    }

    fn next_event(&self) -> Option<Moment> {
        let too_late = self.until.after(Duration::from_nanos(1));
        match (self.stage, self.acts) {
            (Stage::Queued, _) => Some(self.asks_at),
            (Stage::Awaiting, Some((at, _))) if at <= self.until => Some(at),
            (Stage::Awaiting | Stage::Blocked, _) => Some(too_late),
            (Stage::Confirmed { .. } | Stage::Ended(_), _) => None,
        }
    }

    /// Whether the app shows it, waiting for the person.
    fn is_unconfirmed(&self) -> bool {
        self.kind == MessageKind::Push && self.stage == Stage::Awaiting
    }

    fn message_state(&self) -> MessageState {
        match self.stage {
            Stage::Queued | Stage::Blocked | Stage::Awaiting => MessageState::Waiting,
            Stage::Confirmed { .. } => MessageState::Confirmed,
            Stage::Ended(End::Declined) => MessageState::Declined,
            Stage::Ended(_) => MessageState::Expired,
        }
    }
}

/// What operations ask with, and where they are counted.
pub(crate) struct Line<'a> {
    pub(crate) phone: &'a mut Phone,
    pub(crate) counters: &'a mut Counters,
}

/// The operations of one service.
#[derive(Clone, Debug)]
pub(crate) struct Operations<W> {
    all: Kept<Operation<W>>,
    /// How long the person has.
    life: Duration,
    second: Second,
    /// Logins are in no counter.
    counted: bool,
}

/// What the person, or the service, does about an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    Confirm,
    End(End),
}

/// Operations of whatever service.
pub(crate) trait Waiting {
    /// Something is done about an operation that waits for the person.
    fn act(&mut self, id: &str, act: Act, now: Moment, line: Line<'_>) -> Result<(), PersonError>;

    /// Has the person be from now on as the phone is set, also towards what waits already.
    fn obey(&mut self, phone: PhoneInfo, now: Moment);

    /// What is known of an operation.
    fn known(&self, id: &str) -> Option<Known>;
}

/// What a message tells of its operation.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    pub(crate) state: MessageState,
    /// The ids that the client was told.
    pub(crate) known_as: Vec<String>,
    /// How long the person has.
    pub(crate) until: Option<Moment>,
}

impl<W: Work> Operations<W> {
    pub(crate) fn new(limit: usize, life: Duration, second: Second) -> Self {
        Self {
            all: Kept::new(limit),
            life,
            second,
            counted: true,
        }
    }

    pub(crate) fn uncounted(self) -> Self {
        Self {
            counted: false,
            ..self
        }
    }

    /// Begins an operation, and does what is due.
    pub(crate) fn begin(&mut self, operation: Operation<W>, now: Moment, line: Line<'_>) -> usize {
        let (id, known_as) = (operation.id.clone(), operation.known_as.clone());
        let place = self.all.open(operation, [&*id]);
        for name in known_as {
            self.all.call(place, &name);
        }
        self.settle(now, line);
        place
    }

    /// Another name for the operation at this place.
    pub(crate) fn call(&mut self, place: usize, name: &str) {
        self.all.call(place, name);
    }

    pub(crate) fn get(&self, place: usize) -> Option<&Operation<W>> {
        self.all.get(place)
    }

    pub(crate) fn get_mut(&mut self, place: usize) -> Option<&mut Operation<W>> {
        self.all.get_mut(place)
    }

    /// The operation with this name, when it is the wanted one.
    pub(crate) fn find(&self, name: &str, is_it: impl Fn(&Operation<W>) -> bool) -> Option<usize> {
        let place = self.all.find(name)?;
        self.all.get(place).is_some_and(is_it).then_some(place)
    }

    /// Does everything that happens by itself up to `now`.
    pub(crate) fn settle(&mut self, now: Moment, mut line: Line<'_>) {
        loop {
            let open = self.all.all_open();
            let next = open.filter_map(|(place, known)| Some((known.next_event()?, place)));
            let Some((at, place)) = next.filter(|(at, _)| *at <= now).min() else {
                return;
            };
            self.step(place, at, &mut line);
        }
    }

    fn step(&mut self, place: usize, at: Moment, line: &mut Line<'_>) {
        let user = self.all.get(place).map(|known| known.user);
        let is_rival = |known: &Operation<W>| Some(known.user) == user && known.is_unconfirmed();
        let has_rival = self.all.all_open().any(|(_, known)| is_rival(known));
        let Some(operation) = self.all.get_mut(place) else {
            return;
        };
        let has_rival = has_rival || line.phone.person.is_busy;
        let life = line.phone.person.patience.unwrap_or(self.life);
        let blocked =
            has_rival && operation.kind == MessageKind::Push && self.second != Second::Asked;
        match operation.stage {
            Stage::Queued => match operation.work.unasked() {
                Some(true) => operation.stage = Stage::Confirmed { at },
                Some(false) => operation.stage = Stage::Ended(End::Unasked),
                None if blocked && self.second == Second::Waits => {
                    operation.stage = Stage::Blocked;
                    operation.until = operation.started.after(life);
                }
                None if blocked => operation.stage = Stage::Ended(End::AnotherOperationOpen),
                None => {
                    operation.stage = Stage::Awaiting;
                    operation.until = at.after(life);
                    ask(operation, at, self.counted, line);
                }
            },
            Stage::Awaiting => {
                match operation.acts {
                    Some((acts_at, true)) if acts_at <= operation.until => {
                        operation.stage = Stage::Confirmed { at };
                        line.counters.confirmations += u64::from(self.counted);
                    }
                    Some((acts_at, false)) if acts_at <= operation.until => {
                        operation.stage = Stage::Ended(End::Declined);
                    }
                    _ => operation.stage = Stage::Ended(End::TimedOut),
                }
                self.unblock(user, at);
            }
            _ => operation.stage = Stage::Ended(End::TimedOut),
        }
        self.close_if_still(place);
    }

    /// Time does nothing to an operation any more once the person has acted, or cannot act.
    fn close_if_still(&mut self, place: usize) {
        let known = self.all.get(place);
        if known.is_some_and(|known| known.next_event().is_none()) {
            self.all.close(place);
        }
    }

    /// The person's next blocked operation gets its turn.
    fn unblock(&mut self, user: Option<usize>, at: Moment) {
        let is_free = |known: &Operation<W>| {
            Some(known.user) == user && known.stage == Stage::Blocked && known.until >= at
        };
        let next = self.all.all_open().find(|(_, known)| is_free(known));
        let next = next.map(|(place, _)| place);
        if let Some(next) = next.and_then(|place| self.all.get_mut(place)) {
            next.stage = Stage::Queued;
            next.asks_at = at;
        }
    }

    /// Takes a code for an operation that waits for one. Otherwise gives how far it is; awaiting when the code was
    /// wrong.
    pub(crate) fn take_code(
        &mut self,
        place: usize,
        code: &str,
        attempts: u32,
        (now, line): (Moment, Line<'_>),
    ) -> Result<(), Stage> {
        let operation = self.all.get_mut(place).ok_or(Stage::Ended(End::TimedOut))?;
        let before = operation.stage;
        if before != Stage::Awaiting {
            return Err(before);
        }
        let wrong = &mut line.phone.person.wrong_codes;
        let is_right = operation.code == code.trim() && *wrong == 0;
        *wrong = wrong.saturating_sub(1);
        if is_right {
            operation.stage = Stage::Confirmed { at: now };
            line.counters.confirmations += 1;
        } else {
            operation.wrong_codes += 1;
            if operation.wrong_codes >= attempts {
                operation.stage = Stage::Ended(End::TooManyAttempts);
            }
        }
        self.close_if_still(place);
        if is_right { Ok(()) } else { Err(before) }
    }
}

impl<W: Work> Waiting for Operations<W> {
    fn act(&mut self, id: &str, act: Act, now: Moment, line: Line<'_>) -> Result<(), PersonError> {
        let unknown = PersonError::UnknownOperation;
        let place = self.find(id, |known| known.id == id).ok_or(unknown)?;
        let known = self.all.get_mut(place).ok_or(unknown)?;
        match (known.stage, act) {
            (Stage::Awaiting, Act::Confirm) if known.kind == MessageKind::Sms => {
                return Err(PersonError::NeedsCode);
            }
            (Stage::Awaiting, Act::Confirm) => {
                known.stage = Stage::Confirmed { at: now };
                line.counters.confirmations += u64::from(self.counted);
            }
            (Stage::Awaiting, Act::End(end)) => known.stage = Stage::Ended(end),
            _ => return Err(PersonError::NotWaiting),
        }
        let user = known.user;
        self.all.close(place);
        self.unblock(Some(user), now);
        self.settle(now, line);
        Ok(())
    }

    fn obey(&mut self, phone: PhoneInfo, now: Moment) {
        let open = self.all.all_open();
        let waiting = open.filter(|(_, known)| known.is_unconfirmed());
        let waiting: Vec<usize> = waiting.map(|(place, _)| place).collect();
        for place in waiting {
            if let Some(known) = self.all.get_mut(place) {
                known.acts = phone.answer(now);
            }
        }
    }

    fn known(&self, id: &str) -> Option<Known> {
        let known = self.all.named(id)?;
        Some(Known {
            state: known.message_state(),
            known_as: known.known_as.clone(),
            until: (known.stage == Stage::Awaiting).then_some(known.until),
        })
    }
}

/// Sends the SMS or the push; a silent phone shows neither.
fn ask<W: Work>(operation: &mut Operation<W>, at: Moment, counted: bool, line: &mut Line<'_>) {
    let phone = &mut *line.phone;
    match operation.kind {
        MessageKind::Sms => line.counters.sms_sent += u64::from(counted),
        MessageKind::Push => {
            line.counters.pushes_sent += u64::from(counted);
            operation.acts = phone.info.answer(at);
        }
    }
    let to = phone.numbers.get(operation.user).copied();
    let has_code = operation.kind == MessageKind::Sms;
    let is_silent = phone.info.mode == PhoneMode::Silent;
    phone.outbox.push(Sent {
        kind: operation.kind,
        operation: operation.id.clone(),
        to: to.unwrap_or_default(),
        text: operation.work.text(&operation.code),
        code: has_code.then(|| operation.code.clone()),
        asked: std::mem::take(&mut operation.asked),
        arrives: (!is_silent).then(|| phone.info.arrival(at)),
    });
}
