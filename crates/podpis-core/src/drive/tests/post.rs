//! A service that delivers letters: each takes its time, and some want a code.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock};
use std::time::Duration;

use podpis_operation::{Event, Journal, Kind, Operation, OperationId, Refusal, Service};
use podpis_transport::{
    Delivery, HttpRequest, HttpResponse, Transport, TransportError, TransportErrorKind,
};
use serde::{Deserialize, Serialize};

use crate::call::{Caller, Effect};
use crate::secret::ConfirmationCode;
use crate::wait::{
    Conversation, Current, Learned, ManualTime, OperationClient, OperationKind, PollPolicy, Run,
    RunSettings, Time as _,
};
use crate::{Error, ErrorKind};

/// A client of the service.
#[derive(Clone, Debug)]
pub(super) struct Post {
    caller: Caller,
    settings: RunSettings,
    pub(super) time: ManualTime,
    office: Arc<Mutex<Office>>,
}

/// What the service knows, and what it was asked.
#[derive(Debug, Default)]
pub(super) struct Office {
    pub(super) starts: usize,
    /// When each letter was asked for.
    pub(super) polls: HashMap<u64, Vec<Duration>>,
    /// The codes that came for each letter.
    pub(super) codes: HashMap<u64, Vec<String>>,
    /// Nobody answers before.
    pub(super) down_until: Duration,
    /// How long an answer takes at a place, and anywhere else.
    pub(super) slow: HashMap<String, Duration>,
    pub(super) answer: Duration,
    /// How many are being answered, and how many were at most.
    pub(super) in_flight: usize,
    pub(super) most_in_flight: usize,
    /// How many answers from here on cannot be read.
    pub(super) unreadable: usize,
    /// No result is made before this is set.
    pub(super) held_up: Option<Arc<OnceLock<()>>>,
}

/// What a record keeps.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Delivering {
    pub(super) number: u64,
    /// When it is delivered, in milliseconds of the monotonic clock.
    pub(super) at: u64,
    /// The code that is wanted.
    pub(super) code: Option<String>,
    /// Whether a code is judged only when the letter is asked for.
    pub(super) is_judged_late: bool,
    /// The code that was given and is judged with the next poll.
    pub(super) given: Option<String>,
    /// Whether it is lost, and nobody can tell where.
    pub(super) is_lost: bool,
    pub(super) is_refused: bool,
}

impl Post {
    pub(super) fn at(host: &str, time: &ManualTime) -> Self {
        let base = format!("https://{host}").parse().unwrap();
        let mut settings = RunSettings::new(time.clone());
        settings.polls = PollPolicy::growing(Duration::from_secs(1), Duration::from_secs(15));
        Self {
            caller: Caller::builder(base, NoTransport, time.clone()).build(),
            settings,
            time: time.clone(),
            office: Arc::default(),
        }
    }

    pub(super) fn office(&self) -> MutexGuard<'_, Office> {
        self.office.lock().unwrap()
    }

    pub(super) fn polls(&self) -> usize {
        self.office().polls.values().map(Vec::len).sum()
    }

    /// Starts delivering a letter, and hands it over.
    pub(super) async fn send(
        &self,
        journal: &dyn Journal,
        place: &str,
        letter: Delivering,
    ) -> OperationId {
        let origin = self.origin().in_place(place);
        let operation = Operation::prepare(Letter::KIND, origin, self.time.now().into());
        let id = operation.id().clone();
        let started = Run::<Letter>::start(self.clone(), journal, operation, letter, ()).await;
        drop(started.unwrap());
        id
    }

    /// What is to be delivered after so many seconds.
    pub(super) fn letter(&self, number: u64, seconds: u64) -> Delivering {
        let at = self.time.elapsed() + Duration::from_secs(seconds);
        Delivering {
            number,
            at: u64::try_from(at.as_millis()).unwrap(),
            ..Delivering::default()
        }
    }

    /// How often a letter is asked for that takes so long, by the schedule alone.
    pub(super) fn schedule(&self, takes: Duration) -> usize {
        let (mut at, mut polls) = (Duration::ZERO, 0);
        while at < takes {
            at += self.settings.polls.pause(polls, None);
            polls += 1;
        }
        polls as usize
    }
}

impl OperationClient for Post {
    const SERVICE: Service = Service::Diadoc;

    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn with_caller(&self, caller: Caller) -> Self {
        Self {
            caller,
            ..self.clone()
        }
    }

    fn run_settings(&self) -> &RunSettings {
        &self.settings
    }
}

#[derive(Debug)]
pub(super) struct Letter;

impl OperationKind for Letter {
    const KIND: Kind = Kind::new("post.letter");
    type Client = Post;
    type Record = Delivering;
    type Request = ();
    type Output = String;

    fn output(client: &Post, at: Current<'_, Delivering>) -> Result<String, Error> {
        let held_up = client.office().held_up.clone();
        if let Some(gate) = held_up {
            gate.wait();
        }
        Ok(format!("letter {}", at.record().number))
    }
}

#[async_trait::async_trait]
impl Conversation for Letter {
    async fn start(
        client: &Post,
        at: Current<'_, Delivering>,
        (): (),
    ) -> Result<Learned<Delivering>, Error> {
        client.office().starts += 1;
        let data = at.record().clone();
        Ok(match data.code {
            Some(_) => Event::CodeSent { data },
            None => Event::Accepted { data },
        }
        .into())
    }

    async fn poll(
        client: &Post,
        at: Current<'_, Delivering>,
    ) -> Result<Learned<Delivering>, Error> {
        let letter = at.record();
        let now = client.time.elapsed();
        let place = at.operation().origin().place.clone().unwrap_or_default();
        let pause = {
            let mut office = client.office();
            office.polls.entry(letter.number).or_default().push(now);
            office.in_flight += 1;
            office.most_in_flight = office.most_in_flight.max(office.in_flight);
            office.slow.get(&place).copied().unwrap_or(office.answer)
        };
        if !pause.is_zero() {
            client.time.sleep(pause).await;
        }
        let mut office = client.office();
        office.in_flight -= 1;
        if now < office.down_until {
            return Err(Error::new(ErrorKind::NoAnswer, "nobody answers"));
        }
        if office.unreadable > 0 {
            office.unreadable -= 1;
            return Err(Error::new(ErrorKind::UnreadableAnswer, "a page of a proxy"));
        }
        if let Some(given) = &letter.given
            && Some(given) != letter.code.as_ref()
        {
            let message = Some("wrong".to_owned());
            return Ok(Event::CodeRejected { message }.into());
        }
        if letter.is_lost {
            return Ok(Event::NextStep {
                data: letter.clone(),
            }
            .into());
        }
        if u128::from(letter.at) > now.as_millis() {
            return Ok(Learned::still_running(None));
        }
        if letter.is_refused {
            return Ok(Event::Refused {
                refusal: Refusal::Expired,
                message: None,
            }
            .into());
        }
        let data = letter.clone();
        Ok(Event::Finished { data }.into())
    }

    async fn next_step(_: &Post, _: Current<'_, Delivering>) -> Result<Learned<Delivering>, Error> {
        Err(Error::new(ErrorKind::NoAnswer, "it is lost").with_effect(Effect::Unknown))
    }

    async fn confirm(
        client: &Post,
        at: Current<'_, Delivering>,
        code: &ConfirmationCode,
    ) -> Result<Learned<Delivering>, Error> {
        let code = code.expose().to_owned();
        let mut data = at.record().clone();
        let mut office = client.office();
        office
            .codes
            .entry(data.number)
            .or_default()
            .push(code.clone());
        if client.time.elapsed() < office.down_until {
            let error = Error::new(ErrorKind::NoAnswer, "nobody answers");
            return Err(error.with_effect(Effect::NotApplied));
        }
        if !data.is_judged_late && Some(&code) != data.code.as_ref() {
            let message = Some("wrong".to_owned());
            return Ok(Event::CodeRejected { message }.into());
        }
        data.given = Some(code);
        Ok(Event::Accepted { data }.into())
    }

    async fn reconcile(_: &Post, _: Current<'_, Delivering>) -> Result<Event<Delivering>, Error> {
        Err(Error::new(ErrorKind::CannotTell, "look into the box"))
    }
}

/// Nothing is sent: the office answers before.
#[derive(Debug)]
struct NoTransport;

#[async_trait::async_trait]
impl Transport for NoTransport {
    async fn execute(&self, _: HttpRequest) -> Result<HttpResponse, TransportError> {
        Err(TransportError::new(
            TransportErrorKind::Connect,
            Delivery::NotSent,
        ))
    }
}
