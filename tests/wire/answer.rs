//! A row of the table of answers, and how it is compared with what the client made of the answer.
//!
//! **Invariant:** every failure is looked at in full: its kind, whether the request may have been applied, what
//! it tells of the service's answer, how often the endpoint was asked, and how long was waited.

use std::time::Duration;

use podpis::core::call::Effect;
use podpis::diadoc::CloudSign;
use podpis::operation::State;
use podpis::{Deadline, Error, ErrorKind, Journal, MemoryJournal, Next, NoPrompt, Run};

use super::server::{CODE, LOGGED_IN, RENEWED, Says, TRACE_ID, WORDS, Wire};

/// The answers to one endpoint.
#[derive(Clone, Copy, Debug)]
pub(super) struct Table {
    /// The endpoint's name.
    pub(super) endpoint: &'static str,
    pub(super) rows: &'static [Row],
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
    Failed(ErrorKind, Option<Effect>),
}

pub(super) const fn not_applied(kind: ErrorKind) -> Gives {
    Gives::Failed(kind, Some(Effect::NotApplied))
}

/// The request may have been applied.
pub(super) const fn unknown(kind: ErrorKind) -> Gives {
    Gives::Failed(kind, Some(Effect::Unknown))
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
        }
    };
}
pub(super) use answers;

/// What a call came to.
#[derive(Debug)]
pub(super) struct Came<'j> {
    pub(super) outcome: Result<(), Error>,
    /// None where there is no run: it never began, or none is needed.
    pub(super) run: Option<Run<'j, CloudSign>>,
    /// The events of this call.
    pub(super) events: Vec<&'static str>,
}

/// Compares what came with the row; gives a line per difference.
pub(super) async fn compare(
    table: &Table,
    row: &Row,
    wire: &Wire,
    journal: &MemoryJournal,
    came: Came<'_>,
) -> Vec<String> {
    let gives = match &came.outcome {
        Ok(()) => Gives::Fine,
        Err(error) => Gives::Failed(error.kind(), error.effect()),
    };
    let (sent, logins) = (wire.count(table.endpoint), wire.count("Authenticate"));
    let slept = wire.time.slept();
    let next = what_is_next(wire, journal, came.run).await;
    let then = [came.events.join(" "), next].join(" > ");
    let then = then.trim_start_matches(" > ").to_owned();

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
    check(
        "the outcome",
        format!("{gives:?}"),
        format!("{:?}", row.gives),
    );
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
    if let Err(error) = &came.outcome {
        let may = matches!(row.gives, Gives::Failed(_, Some(Effect::Unknown)));
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
            let code = format!("{:?}", row.says.header_value(CODE));
            check("the code told", format!("{:?}", answer.code), code);
            let words = match row.says.header_value("Content-Type") {
                Some(_) => Some("an HTML page instead of an answer"),
                None => (!row.says.body.is_empty()).then_some(WORDS),
            };
            let told = format!("{:?}", answer.message);
            check("the words told", told, format!("{words:?}"));
            let pause = row.says.header_value("Retry-After");
            let pause = pause.map(|text| Duration::from_secs(text.parse().unwrap()));
            let told = format!("{:?}", answer.retry_after);
            check("the pause told", told, format!("{pause:?}"));
        }
        let shown = format!("{error} {error:?}");
        for secret in ["739 155", "K+1/2= z", "a+B/1==", "739%20155", "K%2B1"] {
            let leaks = shown.contains(secret).to_string();
            check("a secret in the error", leaks, "false".to_owned());
        }
    }
    if row.says.status == 401 && table.endpoint != "Authenticate" {
        let (authorizations, requests) = wire.got_by(table.endpoint).await;
        let expected = format!("{:?}", [LOGGED_IN, RENEWED]);
        check("the login", format!("{authorizations:?}"), expected);
        let (first, again) = (format!("{:?}", requests[0]), format!("{:?}", requests[1]));
        check("the repetition", again, first);
    }
    if row.then.ends_with("reconcile") {
        // Whoever goes on after an answer that was lost is told so, and nothing is sent again.
        let id = journal.open().await.unwrap()[0].id().clone();
        let claim = journal.claim(&id).await.unwrap();
        let mut run = wire.diadoc.resume::<CloudSign>(claim).unwrap();
        let error = run.wait(&mut NoPrompt, Deadline::minutes(5)).await;
        let kind = error.unwrap_err().kind();
        check("resuming", format!("{kind:?}"), "CannotTell".to_owned());
        let again = wire.count(table.endpoint).to_string();
        check(
            "the number of requests after it",
            again,
            row.sent.to_string(),
        );
    }
    wrong
}

/// What the run, or the record that is left, asks for.
async fn what_is_next(
    wire: &Wire,
    journal: &MemoryJournal,
    run: Option<Run<'_, CloudSign>>,
) -> String {
    let run = match run {
        Some(run) => run,
        None => match journal.open().await.unwrap().first() {
            None => return "no record".to_owned(),
            Some(record) => {
                let claim = journal.claim(record.id()).await.unwrap();
                wire.diadoc.resume::<CloudSign>(claim).unwrap()
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
