//! How what was found is told: a line for people, an object for programs.
//!
//! **Invariant:** a problem makes the program end with 1 whatever else was found, and never comes without an advice.

use serde_json::json;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::messages::{Check, DoctorMessage, Message, library};
use crate::output::Output;

/// All that was found so far.
#[derive(Debug)]
pub(super) struct Report {
    output: Output,
    problems: usize,
}

impl Report {
    pub(super) fn new(output: Output) -> Self {
        Self {
            output,
            problems: 0,
        }
    }

    /// What is found from here on is about this service, or about the program.
    pub(super) fn of(&mut self, service: Option<&'static str>) -> Findings<'_> {
        Findings {
            report: self,
            service,
        }
    }

    pub(super) fn exit(&self) -> Exit {
        match self.problems {
            0 => Exit::Done,
            _ => Exit::Failed,
        }
    }
}

/// What is found about one service, or about the program.
#[derive(Debug)]
pub(super) struct Findings<'r> {
    report: &'r mut Report,
    service: Option<&'static str>,
}

/// How something is.
#[derive(Clone, Copy)]
enum State {
    Fine,
    Problem,
    Skipped,
}

impl Findings<'_> {
    /// For other questions to the surroundings.
    pub(super) fn output(&self) -> Output {
        self.report.output
    }

    /// It is as it should be.
    pub(super) fn fine(&mut self, check: Check, found: DoctorMessage) -> Result<(), Failure> {
        let found = self.text(found);
        self.tell(check, State::Fine, &found, None)
    }

    /// It is not, and this is what to do.
    pub(super) fn problem(
        &mut self,
        check: Check,
        found: DoctorMessage,
        advice: DoctorMessage,
    ) -> Result<(), Failure> {
        let found = self.text(found);
        self.wrong(check, &found, advice)
    }

    /// The same in the words of a failure.
    pub(super) fn failure(
        &mut self,
        check: Check,
        failure: &Failure,
        advice: DoctorMessage,
    ) -> Result<(), Failure> {
        let found = self.output().words(failure);
        self.wrong(check, &found, advice)
    }

    /// The same with a cause that has no words of ours.
    pub(super) fn problem_because(
        &mut self,
        check: Check,
        found: DoctorMessage,
        cause: &(dyn std::error::Error + 'static),
        advice: DoctorMessage,
    ) -> Result<(), Failure> {
        let cause = library::cause(cause, self.output().language());
        let found = format!("{}: {cause}", self.text(found));
        self.wrong(check, &found, advice)
    }

    /// It could not be looked at because of what was told before.
    pub(super) fn skipped(&mut self, checks: &[Check]) -> Result<(), Failure> {
        let found = self.text(DoctorMessage::SkippedUntil);
        for check in checks {
            self.tell(*check, State::Skipped, &found, None)?;
        }
        Ok(())
    }

    fn wrong(&mut self, check: Check, found: &str, advice: DoctorMessage) -> Result<(), Failure> {
        self.report.problems += 1;
        let advice = self.text(advice);
        self.tell(check, State::Problem, found, Some(&advice))
    }

    fn text(&self, message: DoctorMessage) -> String {
        self.output().text(&message.into())
    }

    fn tell(
        &self,
        check: Check,
        state: State,
        found: &str,
        advice: Option<&str>,
    ) -> Result<(), Failure> {
        let (name, word) = match state {
            State::Fine => ("ok", DoctorMessage::Fine),
            State::Problem => ("problem", DoctorMessage::Problem),
            State::Skipped => ("skipped", DoctorMessage::Skipped),
        };
        let output = self.output();
        output.result(&json!({
            "service": self.service,
            "check": check.name(),
            "state": name,
            "message": found,
            "advice": advice,
        }))?;
        let about = output.text(&Message::Check(check));
        let about = match self.service {
            Some(service) => format!("{service} {about}"),
            None => about,
        };
        output.show(&format!("{}: {about}: {found}", self.text(word)))?;
        match advice {
            Some(advice) => {
                output.show(&format!("  {}: {advice}", self.text(DoctorMessage::Advice)))
            }
            None => Ok(()),
        }
    }
}
