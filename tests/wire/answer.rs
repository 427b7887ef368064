//! A row of the table of answers, and how it is compared with what the client made of the answer.
//!
//! **Invariant:** every failure is looked at in full: its kind, whether the request may have been applied, what
//! it tells of the service's answer, how often the endpoint was asked, and how long was waited.

use std::time::Duration;

use podpis::core::call::Effect;
use podpis::core::wait::Conversation;
use podpis::diadoc::CloudSign;
use podpis::operation::State;
use podpis::{Deadline, Error, ErrorChain, ErrorKind, Journal, MemoryJournal, Next, NoPrompt, Run};

use super::server::{Says, Server, TRACE_ID, Wire};

/// The answers to one endpoint.
#[derive(Clone, Copy, Debug)]
pub(super) struct Table {
    /// The endpoint's name.
    pub(super) endpoint: &'static str,
    pub(super) rows: &'static [Row],
    /// Rows that other endpoints have too.
    pub(super) common: &'static [&'static [Row]],
}

impl Table {
    pub(super) fn all_rows(&self) -> impl Iterator<Item = &'static Row> {
        self.rows
            .iter()
            .chain(self.common.iter().copied().flatten())
    }
}

/// What an answer leads to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    pub(super) says: Says,
    pub(super) gives: Gives,
    /// The events, and what the operation asks for next.
    pub(super) then: &'static str,
    /// How many requests the endpoint got.
    pub(super) sent: usize,
    /// How many logins there were.
    pub(super) logins: usize,
    /// How long the client waited of its own accord, in milliseconds.
    pub(super) slept: u64,
}

/// How the call ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gives {
    Fine,
    /// With these words in the error or its refusal.
    Failed(ErrorKind, Option<Effect>, &'static str),
}

pub(super) const fn not_applied(kind: ErrorKind) -> Gives {
    Gives::Failed(kind, Some(Effect::NotApplied), "")
}

/// The request may have been applied.
pub(super) const fn unknown(kind: ErrorKind) -> Gives {
    Gives::Failed(kind, Some(Effect::Unknown), "")
}

/// A row per line: the answer, how the call ends, what is next; then requests, logins and milliseconds waited.
macro_rules! answers {
    ($endpoint:literal: $($says:expr => $gives:expr, $then:expr, $sent:literal $logins:literal $slept:literal;)*) => {
        $crate::wire::answer::Table {
            endpoint: $endpoint,
            rows: &[$($crate::wire::answer::Row {
                says: $says,
                gives: $gives,
                then: $then,
                sent: $sent,
                logins: $logins,
                slept: $slept,
            }),*],
            common: &[],
        }
    };
}
pub(super) use answers;

/// What a call came to.
#[derive(Debug)]
pub(super) struct Came<'j, K: Conversation = CloudSign> {
    pub(super) outcome: Result<(), Error>,
    /// None where there is no run: it never began, or none is needed.
    pub(super) run: Option<Run<'j, K>>,
    /// The events of this call.
    pub(super) events: Vec<&'static str>,
}

impl<'j, K: Conversation> Came<'j, K> {
    /// A start, and where it began and `polls` says so, the poll after it.
    pub(super) async fn of(
        wire: &Wire,
        started: Result<Run<'j, K>, Error>,
        polls: bool,
    ) -> Came<'j, K> {
        let mut run = match started {
            Ok(run) => run,
            Err(error) => {
                return Came {
                    outcome: Err(error),
                    run: None,
                    events: wire.told.names(),
                };
            }
        };
        let (mut outcome, mut before) = (Ok(()), 0);
        if polls {
            before = wire.told.names().len();
            outcome = run.poll().await;
        }
        Came {
            outcome,
            run: Some(run),
            events: wire.told.names().split_off(before),
        }
    }
}

/// Compares what came from Diadoc with the row; gives a line per difference.
pub(super) async fn compare(
    table: &Table,
    row: &Row,
    wire: &Wire,
    journal: &MemoryJournal,
    came: Came<'_>,
) -> Vec<String> {
    compare_run(table, row, wire, &wire.diadoc, journal, came).await
}

/// Compares what a step of an operation came to with the row, and looks what going on leads to.
pub(super) async fn compare_run<K: Conversation>(
    table: &Table,
    row: &Row,
    server: &Server,
    client: &K::Client,
    journal: &MemoryJournal,
    came: Came<'_, K>,
) -> Vec<String> {
    let next = what_is_next(client, journal, came.run).await;
    let then = [came.events.join(" "), next].join(" > ");
    let then = then.trim_start_matches(" > ").to_owned();
    let mut wrong = compare_call(table, row, server, came.outcome, then).await;
    if row.then.ends_with("reconcile") {
        // Whoever goes on after an answer that was lost is told so, and nothing is sent again.
        let id = journal.open().await.unwrap()[0].id().clone();
        let claim = journal.claim(&id).await.unwrap();
        let mut run = Run::<K>::resume(client.clone(), claim).unwrap();
        let going_on = run.wait(&mut NoPrompt, Deadline::minutes(5)).await;
        let kind = going_on.err().map(|error| error.kind());
        if kind != Some(ErrorKind::CannotTell) || server.count(table.endpoint) != row.sent {
            let again = server.count(table.endpoint);
            wrong.push(format!(
                "{} {row:?}: going on gives {kind:?} after {again} requests",
                table.endpoint
            ));
        }
    }
    wrong
}

/// Compares what a call came to with the row; gives a line per difference.
pub(super) async fn compare_call(
    table: &Table,
    row: &Row,
    server: &Server,
    outcome: Result<(), Error>,
    then: String,
) -> Vec<String> {
    let gives = match (&outcome, row.gives) {
        (Ok(()), _) => format!("{:?}", Gives::Fine),
        (Err(error), Gives::Failed(_, _, why))
            if format!("{error} {:?}", error.refusal()).contains(why) =>
        {
            format!("{:?}", Gives::Failed(error.kind(), error.effect(), why))
        }
        (Err(error), _) => format!("{error:?}"),
    };
    let (sent, logins) = (server.count(table.endpoint), server.count("Authenticate"));
    let slept = server.time.slept();

    let row_slept = Duration::from_millis(row.slept);
    let mut wrong = Vec::new();
    let mut check = |what: &str, came: String, expected: String| {
        if came != expected {
            let said = format!("{} {:?}", row.says.status, row.says.headers);
            let body = row.says.body.escape_ascii();
            wrong.push(format!(
                "{} {said} {body}: {what} is {came}, not {expected}",
                table.endpoint
            ));
        }
    };
    check("the outcome", gives, format!("{:?}", row.gives));
    check("what follows", then, row.then.to_owned());
    check(
        "the number of requests",
        sent.to_string(),
        row.sent.to_string(),
    );
    check(
        "the number of logins",
        logins.to_string(),
        row.logins.to_string(),
    );
    check("the pause", format!("{slept:?}"), format!("{row_slept:?}"));
    if let Err(error) = &outcome {
        let may = matches!(row.gives, Gives::Failed(_, Some(Effect::Unknown), _));
        let says_so = error.may_have_been_applied();
        check(
            "may_have_been_applied",
            says_so.to_string(),
            may.to_string(),
        );
        let waits = row
            .says
            .headers
            .iter()
            .any(|(name, _)| *name == "Retry-After");
        let passing = matches!(row.says.status, 429 | 500 | 502 | 503 | 504)
            || (row.says.status == 409 && waits);
        let passing = passing && error.kind() != ErrorKind::Refused;
        check(
            "is_transient",
            error.is_transient().to_string(),
            passing.to_string(),
        );
        if let Some(answer) = error.service() {
            check(
                "the endpoint told",
                answer.endpoint.into(),
                table.endpoint.into(),
            );
            let told = answer.status.as_u16().to_string();
            check("the status told", told, row.says.status.to_string());
            let trace_id = format!("{:?}", answer.trace_id);
            check(
                "the trace id told",
                trace_id,
                format!("{:?}", Some(TRACE_ID)),
            );
        }
        if let Some(answer) = error.service().filter(|answer| !answer.status.is_success()) {
            let code = format!("{:?}", row.says.code);
            check("the code told", format!("{:?}", answer.code), code);
            let told = format!("{:?}", answer.message);
            check("the words told", told, format!("{:?}", row.says.words));
            let pause = row.says.header_value("Retry-After");
            let pause = pause.map(|text| Duration::from_secs(text.parse().unwrap()));
            let told = format!("{:?}", answer.retry_after);
            check("the pause told", told, format!("{pause:?}"));
        }
        let shown = format!("{error:?} {}", ErrorChain(error));
        for secret in server.service.secrets {
            let leaks = shown.contains(*secret).to_string();
            check("a secret in the error", leaks, "false".to_owned());
        }
    }
    if row.says.status == 401 && table.endpoint != "Authenticate" {
        let (authorizations, requests) = server.got_by(table.endpoint).await;
        let expected = format!("{:?}", server.service.logins);
        check("the login", format!("{authorizations:?}"), expected);
        for again in &requests[1..] {
            let (first, again) = (format!("{:?}", requests[0]), format!("{again:?}"));
            check("the repetition", again, first);
        }
    }
    wrong
}

/// What the run, or the record that is left, asks for.
pub(super) async fn what_is_next<K: Conversation>(
    client: &K::Client,
    journal: &MemoryJournal,
    run: Option<Run<'_, K>>,
) -> String {
    let run = match run {
        Some(run) => run,
        None => match journal.open().await.unwrap().first() {
            None => return "no record".to_owned(),
            Some(record) => {
                let claim = journal.claim(record.id()).await.unwrap();
                Run::<K>::resume(client.clone(), claim).unwrap()
            }
        },
    };
    match (run.next(), run.operation().state()) {
        (Next::GiveCode { attempt }, _) => format!("code {attempt}"),
        (Next::PollAfter(pause), _) => format!("poll after {pause:?}"),
        (Next::Reconcile, _) => "reconcile".to_owned(),
        (Next::Finished, State::Refused { refusal, .. }) => format!("{refusal:?}"),
        (Next::Finished, state) => state.name().to_owned(),
    }
}
