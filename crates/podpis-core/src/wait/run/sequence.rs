//! Operations of several steps, each an operation of its own kind or a call.
//!
//! **Invariant:** a step is sent only after the record that names it was stored, its news are news of the whole with the
//! step's record inside, and only its end decides what follows.

use std::borrow::Cow;
use std::fmt;

use podpis_operation::{Event, Fingerprint, Refusal};

use super::{Conversation, Current, Learned, OperationKind};
use crate::Error;
use crate::call::Effect;
use crate::secret::ConfirmationCode;

/// A kind whose operations take several steps. It says which step it is at and what follows; sending, polling, codes and
/// finding out are those of the step.
#[async_trait::async_trait]
pub trait Sequence: OperationKind {
    /// Sends the start of the whole.
    ///
    /// # Errors
    /// As [`Conversation::start`].
    async fn begin(
        client: &Self::Client,
        at: Current<'_, Self::Record>,
        request: Self::Request,
    ) -> Result<Learned<Self::Record>, Error>;

    /// The operation that the present step is; none where it is a call of this kind's own.
    fn step<'o>(at: Current<'o, Self::Record>) -> Option<Box<dyn Step<Self> + 'o>>;

    /// What forbids to send the present step: the end of the whole, before anything leaves. Nothing, unless the kind
    /// says so.
    async fn objection(
        _client: &Self::Client,
        _at: Current<'_, Self::Record>,
    ) -> Option<Event<Self::Record>> {
        None
    }

    /// Sends the call of a step that is no operation.
    ///
    /// # Errors
    /// As [`Conversation::next_step`].
    async fn send(
        client: &Self::Client,
        at: Current<'_, Self::Record>,
    ) -> Result<Learned<Self::Record>, Error>;

    /// Asks how far a step is that is no operation. One that is polled was not taken, unless the kind says otherwise, and
    /// is sent again.
    ///
    /// # Errors
    /// As [`Conversation::poll`].
    async fn look(
        _client: &Self::Client,
        at: Current<'_, Self::Record>,
    ) -> Result<Learned<Self::Record>, Error> {
        Ok(again(at).into())
    }

    /// Finds out what became of a step that is no operation. Sending it again does no harm, unless the kind says
    /// otherwise.
    ///
    /// # Errors
    /// As [`Conversation::reconcile`].
    async fn find_out(
        _client: &Self::Client,
        at: Current<'_, Self::Record>,
    ) -> Result<Event<Self::Record>, Error> {
        Ok(again(at))
    }

    /// What follows a step that has ended; the record holds that step's record with its result.
    ///
    /// # Errors
    /// "Could not find out": the step is asked again.
    async fn after(
        client: &Self::Client,
        at: Current<'_, Self::Record>,
    ) -> Result<Event<Self::Record>, Error>;

    /// A step was refused; what that means for the whole.
    fn refused(
        _at: Current<'_, Self::Record>,
        refusal: Refusal,
        message: Option<String>,
    ) -> Event<Self::Record> {
        Event::Refused { refusal, message }
    }

    /// The refusal, where this failure of sending a step will be the same whenever it is sent.
    fn refusal(_error: &Error) -> Option<(Refusal, Option<String>)> {
        None
    }
}

/// The present step goes on under the record as it is: it is stored, and sent then.
fn again<R: Clone>(at: Current<'_, R>) -> Event<R> {
    Event::NextStep {
        data: at.record().clone(),
    }
}

/// A step of the operations of kind `W`.
#[async_trait::async_trait]
pub trait Step<W: OperationKind>: Send + Sync {
    /// As [`Conversation::next_step`].
    ///
    /// # Errors
    /// As there.
    async fn send(&self, client: &W::Client) -> Result<Learned<W::Record>, Error>;

    /// As [`Conversation::poll`].
    ///
    /// # Errors
    /// As there.
    async fn poll(&self, client: &W::Client) -> Result<Learned<W::Record>, Error>;

    /// As [`Conversation::confirm`].
    ///
    /// # Errors
    /// As there.
    async fn confirm(
        &self,
        client: &W::Client,
        code: &ConfirmationCode,
    ) -> Result<Learned<W::Record>, Error>;

    /// As [`Conversation::reconcile`].
    ///
    /// # Errors
    /// As there.
    async fn reconcile(&self, client: &W::Client) -> Result<Event<W::Record>, Error>;
}

/// A step that is an operation of kind `K`, inside one of kind `W`.
pub struct Part<'o, W: OperationKind, K: OperationKind> {
    whole: Current<'o, W::Record>,
    record: &'o K::Record,
    files: Cow<'o, [Fingerprint]>,
    put: fn(&W::Record, K::Record) -> W::Record,
}

impl<'o, W: OperationKind, K: OperationKind> Part<'o, W, K> {
    /// The step whose record is this one; `put` gives the whole's record with another one of the step.
    pub fn new(
        whole: Current<'o, W::Record>,
        record: &'o K::Record,
        put: fn(&W::Record, K::Record) -> W::Record,
    ) -> Self {
        Self {
            whole,
            record,
            files: Cow::Borrowed(whole.files()),
            put,
        }
    }

    /// This step, about other files than the whole.
    #[must_use]
    pub fn about(mut self, files: Vec<Fingerprint>) -> Self {
        self.files = Cow::Owned(files);
        self
    }

    /// The step as its own kind sees it.
    pub fn current(&self) -> Current<'_, K::Record> {
        self.whole.part(&self.files, self.record)
    }

    /// News of the step, as news of the whole.
    pub fn told(&self, event: Event<K::Record>) -> Event<W::Record> {
        event.map_data(|record| (self.put)(self.whole.record(), record))
    }
}

impl<W: OperationKind, K: OperationKind> fmt::Debug for Part<'_, W, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Part")
            .field("of", self.whole.id())
            .field("kind", &K::KIND)
            .finish_non_exhaustive()
    }
}

#[async_trait::async_trait]
impl<W: OperationKind, K: Conversation<Client = W::Client>> Step<W> for Part<'_, W, K> {
    async fn send(&self, client: &W::Client) -> Result<Learned<W::Record>, Error> {
        let learned = K::next_step(client, self.current()).await?;
        Ok(learned.map_event(|event| self.told(event)))
    }

    async fn poll(&self, client: &W::Client) -> Result<Learned<W::Record>, Error> {
        let learned = K::poll(client, self.current()).await?;
        Ok(learned.map_event(|event| self.told(event)))
    }

    async fn confirm(
        &self,
        client: &W::Client,
        code: &ConfirmationCode,
    ) -> Result<Learned<W::Record>, Error> {
        let learned = K::confirm(client, self.current(), code).await?;
        Ok(learned.map_event(|event| self.told(event)))
    }

    async fn reconcile(&self, client: &W::Client) -> Result<Event<W::Record>, Error> {
        let event = K::reconcile(client, self.current()).await?;
        Ok(self.told(event))
    }
}

/// What a step taught, as what it means for the whole: its end is what follows.
///
/// # Errors
/// As [`Sequence::after`].
pub async fn followed<S: Sequence>(
    client: &S::Client,
    at: Current<'_, S::Record>,
    learned: Learned<S::Record>,
) -> Result<Learned<S::Record>, Error> {
    let event = match learned.event {
        Some(event) => Some(follow::<S>(client, at, event).await?),
        None => None,
    };
    Ok(Learned {
        event,
        hint: learned.hint,
    })
}

async fn follow<S: Sequence>(
    client: &S::Client,
    at: Current<'_, S::Record>,
    event: Event<S::Record>,
) -> Result<Event<S::Record>, Error> {
    match event {
        Event::Finished { data } => S::after(client, at.with(&data)).await,
        Event::Refused { refusal, message } => Ok(S::refused(at, refusal, message)),
        other => Ok(other),
    }
}

#[async_trait::async_trait]
impl<S: Sequence> Conversation for S {
    async fn start(
        client: &S::Client,
        at: Current<'_, S::Record>,
        request: S::Request,
    ) -> Result<Learned<S::Record>, Error> {
        S::begin(client, at, request).await
    }

    async fn next_step(
        client: &S::Client,
        at: Current<'_, S::Record>,
    ) -> Result<Learned<S::Record>, Error> {
        if let Some(end) = S::objection(client, at).await {
            return Ok(end.into());
        }
        let sent = match S::step(at) {
            Some(step) => step.send(client).await,
            None => S::send(client, at).await,
        };
        match sent {
            // It was taken and is found again; what failed after it has changed nothing.
            Ok(learned) => followed::<S>(client, at, learned)
                .await
                .map_err(|error| error.with_effect(Effect::NotApplied)),
            Err(error) => match S::refusal(&error) {
                Some((refusal, message)) => Ok(S::refused(at, refusal, message).into()),
                None => Err(error),
            },
        }
    }

    async fn poll(
        client: &S::Client,
        at: Current<'_, S::Record>,
    ) -> Result<Learned<S::Record>, Error> {
        let Some(step) = S::step(at) else {
            return S::look(client, at).await;
        };
        let learned = step.poll(client).await?;
        followed::<S>(client, at, learned).await
    }

    async fn confirm(
        client: &S::Client,
        at: Current<'_, S::Record>,
        code: &ConfirmationCode,
    ) -> Result<Learned<S::Record>, Error> {
        let step = S::step(at).ok_or_else(|| at.unreadable("its step asks for no code"))?;
        let learned = step.confirm(client, code).await?;
        // The code was taken; what it led to is found out.
        followed::<S>(client, at, learned)
            .await
            .map_err(|error| error.with_effect(Effect::Unknown))
    }

    async fn reconcile(
        client: &S::Client,
        at: Current<'_, S::Record>,
    ) -> Result<Event<S::Record>, Error> {
        let Some(step) = S::step(at) else {
            return S::find_out(client, at).await;
        };
        let event = step.reconcile(client).await?;
        follow::<S>(client, at, event).await
    }
}
