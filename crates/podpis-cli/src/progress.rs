//! Decides what the person sees while the program waits.
//!
//! **Invariant:** bars are drawn only where somebody sees them; lines are written always, once per event.

use std::sync::{Mutex, PoisonError};

use indicatif::{ProgressBar, ProgressStyle};
use podpis::core::wait::Observer;
use podpis::diadoc::UploadProgress;
use podpis::extern_api::model::OperationStatus;
use podpis::extern_api::{answer_step, progress, report_step};
use podpis::operation::{Event, Operation, Service, State};

use crate::messages::Message;
use crate::output::Output;

/// One bar at a time: files are uploaded one after another.
#[derive(Debug, Default)]
pub(crate) struct UploadBar(Mutex<Option<(usize, ProgressBar)>>);

impl UploadBar {
    /// Shows how far the upload of a file is.
    pub(crate) fn show(&self, progress: &UploadProgress) {
        let mut shown = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let bar = match shown.take() {
            Some((position, bar)) if position == progress.position => bar,
            Some((_, old)) => {
                old.finish_and_clear();
                new_bar(progress)
            }
            None => new_bar(progress),
        };
        bar.set_position(progress.sent);
        if progress.sent >= progress.total {
            bar.finish_and_clear();
        } else {
            *shown = Some((progress.position, bar));
        }
    }
}

impl Drop for UploadBar {
    fn drop(&mut self) {
        let shown = self.0.get_mut().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, bar)) = shown {
            bar.finish_and_clear();
        }
    }
}

/// The bar hides itself when stderr is not a terminal.
fn new_bar(progress: &UploadProgress) -> ProgressBar {
    let bar = ProgressBar::new(progress.total);
    let template = "{msg} {wide_bar} {bytes} / {total_bytes}";
    bar.set_style(
        ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()),
    );
    bar.set_message(progress.file.clone());
    bar
}

/// Says what happens to the operation.
#[derive(Debug)]
pub(crate) struct Narrator(pub(crate) Output);

impl Observer for Narrator {
    fn event(&self, operation: &Operation, event: &Event) {
        if operation.origin().service == Service::Extern {
            return self.extern_event(operation, event);
        }
        let message = match (event, operation.state()) {
            (Event::Accepted { .. }, State::Processing { attempt: 0 }) => Message::FilesTaken,
            (Event::Accepted { .. }, _) => Message::CodeTaken,
            (Event::CodeSent { .. }, _) => Message::SmsSent,
            // The next question says it, or the failure does.
            _ => return,
        };
        self.0.say(&message);
    }
}

impl Narrator {
    fn extern_event(&self, operation: &Operation, event: &Event) {
        let step = || {
            let report = report_step(operation).map(Message::Reporting);
            report.or_else(|| answer_step(operation).map(Message::Answering))
        };
        let message = match (event, operation.state()) {
            (Event::NextStep { .. }, _) => match step() {
                Some(step) => step,
                None => return,
            },
            // The step was told when it began, and only signing may ask for the phone.
            (Event::Accepted { .. }, _) if step().is_some_and(|step| !step.is_signing()) => return,
            (Event::Accepted { .. }, State::Processing { attempt: 0 }) => Message::ExternAtWork,
            (Event::Accepted { .. }, _) => Message::ExternHasCode,
            (Event::CodeSent { .. }, _) => Message::SmsSent,
            (Event::Progressed { .. }, _) => match progress(operation) {
                Some(OperationStatus::AwaitingForConfirmation) => Message::ConfirmOnPhone,
                Some(OperationStatus::UserHasUnconfirmedOperation) => Message::FinishOtherOnPhone,
                Some(status) => Message::Progress(status.to_string()),
                None => return,
            },
            // The next question says it, or the failure does.
            _ => return,
        };
        self.0.say(&message);
    }
}
