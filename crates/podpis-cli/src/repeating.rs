//! Signs, and starts over where the service asks for that (OperationRetryRequired of a DssSign).
//!
//! **Invariant:** a repetition is an operation of its own that follows the first; it begins not before the moment the
//! service names, inside the deadline of the whole, with the very same files, and the earlier record goes only when
//! the new one is in the journal.

use std::time::{Duration, SystemTime};

use podpis::operation::Timestamp;
use podpis::{AnyRun, Deadline, Error, OperationId, Output as Gave, Refusal};

use crate::asked::Asked;
use crate::delivery::{Delivery, only_started};
use crate::driving::Driver;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::files::must_be_the_same;
use crate::messages::{DiadocMessage, Message};
use crate::output::Output;
use crate::store::Store;

/// How often the service may ask to start over before it is believed to ask for ever.
const START_OVERS: u32 = 3;

impl<'a> Driver<'a> {
    /// Starts what is asked, in place of `old` if there is one, waits, and starts it over where that is asked for. Where
    /// nobody waits, it only starts.
    pub(crate) async fn carry_out<A: Asked>(
        &mut self,
        client: &A::Service,
        asked: &A,
        old: Option<AnyRun<'_>>,
    ) -> Result<Delivery, Failure> {
        let follows = old.as_ref().map(|old| old.operation().id().clone());
        let started = self.start(client, asked, follows).await;
        let mut run = match old {
            Some(old) => in_place_of(old, self.store, started, self.output).await?,
            None => started?,
        };
        if !self.waits && !run.operation().state().is_final() {
            return Ok(only_started(run.operation(), self.store, self.output));
        }
        let goal = asked.goal(client);
        let whole = self.deadline.as_duration();
        let time = self.time.clone();
        let began = time.elapsed();
        let left = || whole.saturating_sub(time.elapsed().saturating_sub(began));
        for attempt in 1..=START_OVERS {
            let waited = self.wait(&mut run).await;
            let pause = asked.repeated().and_then(|_| not_before(&waited));
            let pause = pause.map(|moment| pause_until(moment, time.now()));
            let Some(pause) = pause.filter(|pause| *pause < left()) else {
                return self.conclude(run, waited, &goal).await;
            };
            let message = DiadocMessage::WillStartOver {
                seconds: pause.as_secs(),
                attempt,
                of: START_OVERS,
            };
            self.output.say(&message.into());
            let slept = tokio::select! {
                () = time.sleep(pause) => true,
                () = self.interrupt.pressed() => false,
            };
            if !slept {
                return self.conclude(run, waited, &goal).await;
            }
            let earlier = run.operation().clone();
            if let Err(failure) = must_be_the_same(asked.repeated().unwrap_or_default(), &earlier) {
                self.output.complain(&failure);
                return self.conclude(run, waited, &goal).await;
            }
            self.deadline = Deadline::after(left());
            let follows = Some(earlier.id().clone());
            let started = self.start(client, asked, follows).await.map_err(|failure| {
                if failure.exit() == Exit::Open || !self.store.is_kept() {
                    failure
                } else {
                    failure.advising(Some(self.store.advice(&earlier)))
                }
            });
            run = in_place_of(run, self.store, started, self.output).await?;
        }
        self.finish(run, &goal).await
    }
}

/// When the service wants it started over, if that is how it ended.
fn not_before(waited: &Option<Result<Gave, Error>>) -> Option<Timestamp> {
    let error = waited.as_ref()?.as_ref().err()?;
    match error.refusal() {
        Some(Refusal::MustStartOver { not_before }) => Some(*not_before),
        _ => None,
    }
}

fn pause_until(moment: Timestamp, now: SystemTime) -> Duration {
    SystemTime::from(moment)
        .duration_since(now)
        .unwrap_or_default()
}

/// Forgets the old operation where the new one is in the journal, and gives the new one.
async fn in_place_of<'r>(
    old: AnyRun<'_>,
    store: &Store,
    started: Result<AnyRun<'r>, Failure>,
    output: Output,
) -> Result<AnyRun<'r>, Failure> {
    let id = old.operation().id().clone();
    if let Err(failure) = &started
        && !follows(store, failure.operation(), &id).await
    {
        return started;
    }
    // Also when nobody knows what became of the start: the new record stands for both now.
    match old.forget().await {
        Ok(()) => store.drop_note(&id),
        // The new operation is what matters now, and the old record says by itself how it stands.
        Err(error) => output.complain(&error.into()),
    }
    let run = started?;
    output.say(&Message::StartedOver {
        old: id.to_string(),
        new: run.operation().id().to_string(),
    });
    Ok(run)
}

/// Whether there is a record of the new operation, which names the old one.
async fn follows(store: &Store, new: Option<&OperationId>, old: &OperationId) -> bool {
    match new {
        Some(new) => matches!(store.look(new).await, Ok(record) if record.follows() == Some(old)),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use podpis::core::wait::{ManualTime, SharedTime, Time as _};
    use podpis::secret::Token;
    use podpis::{Diadoc, DiadocLogin, Thumbprint};
    use podpis_sandbox::{DiadocOptions, PhoneMode, Sandbox, WorldOptions};

    use super::*;
    use crate::asked::{DiadocAsk, Method, ToSign};
    use crate::checks::StrictArguments;
    use crate::interrupt::Interrupt;
    use crate::messages::Language;
    use crate::prompt::Asker;
    use crate::signature_file;

    const MINUTES: u64 = 60;

    /// Signs a file with a service that asks so many times to start over; gives the outcome, the number of starts, and
    /// how long all took.
    async fn signed(retries: u64, deadline: Deadline) -> (Result<Exit, Failure>, usize, Duration) {
        let time = ManualTime::at(SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000));
        let options = WorldOptions::default()
            .processing(Duration::ZERO)
            .diadoc_options(DiadocOptions::default().retries_required(retries))
            .phone(PhoneMode::Confirm, Duration::ZERO);
        let clock: SharedTime = time.clone().into();
        let sandbox = Sandbox::with_time(options, move || clock.now());
        let seeded = sandbox.world_info().diadoc;
        let login = DiadocLogin::bearer(&Token::new(seeded.token));
        let diadoc = Diadoc::builder(
            "http://127.0.0.1:1".parse().unwrap(),
            login,
            sandbox.clone(),
        )
        .time(time.clone())
        .build();
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("act");
        std::fs::write(&file, "act").unwrap();
        let output = Output::new(Language::English, false);
        let certificate: Thumbprint = seeded.dss_certificate.parse().unwrap();
        let asked = DiadocAsk::Files {
            method: Method::Dss {
                in_box: seeded.box_id.parse().unwrap(),
            },
            targets: signature_file::plan(std::slice::from_ref(&file), None).unwrap(),
            signed: ToSign::Files(vec![file.clone()]),
            certificate: Some(certificate),
            names: crate::checks::ALL,
        };
        let store = Store::memory();
        let mut driver = Driver {
            store: &store,
            deadline,
            waits: true,
            even_if_open: false,
            interrupt: &mut Interrupt::new(),
            asker: Asker::person(output, 1),
            phone: None,
            output,
            strict: StrictArguments::default(),
            time: time.clone().into(),
        };
        let delivery = driver.carry_out(&diadoc, &asked, None).await;
        let starts = sandbox.requests();
        let starts = starts
            .iter()
            .filter(|one| one.endpoint.as_deref() == Some("DssSign"))
            .count();
        let exit = delivery.map(|delivery| delivery.exit);
        let is_written = file.with_extension("p7s").exists();
        assert_eq!(is_written, exit.is_ok());
        assert!(store.journal().open().await.unwrap().is_empty());
        (exit, starts, time.elapsed())
    }

    #[tokio::test]
    async fn it_is_started_over_where_that_is_asked_for_and_fits() {
        for (retries, minutes, expected, starts) in [
            (0, 10, Exit::Done, 1),
            (1, 10, Exit::Done, 2),
            (1, 4, Exit::Refused, 1),
            (2, 9, Exit::Refused, 2),
            (3, 60, Exit::Done, 4),
            (9, 600, Exit::Refused, 4),
        ] {
            let (exit, sent, time) = Box::pin(signed(retries, Deadline::minutes(minutes))).await;
            let exit = exit.unwrap_or_else(|failure| failure.exit());
            assert_eq!((exit, sent), (expected, starts), "{retries} {minutes}");
            let waited = (starts as u64 - 1) * 5 * MINUTES;
            assert!(time >= Duration::from_secs(waited), "{time:?}");
            assert!(time <= Duration::from_secs(minutes * MINUTES), "{time:?}");
        }
    }
}
