//! Decides what the person sees while the program waits.
//!
//! **Invariant:** bars are drawn only where somebody sees them; lines are written always, once per event.

use std::sync::{Mutex, PoisonError};

use indicatif::{ProgressBar, ProgressStyle};
use podpis::core::wait::{Observer, OperationKind as _};
use podpis::diadoc::attach::AttachStep;
use podpis::diadoc::dss_sign::DssProgress;
use podpis::diadoc::receipts::ReceiptsProgress;
use podpis::diadoc::shelf::UploadProgress;
use podpis::diadoc::{AutoSignReceipts, DssSign};
use podpis::extern_api::model::OperationStatus;
use podpis::extern_api::{answer_step, progress, report_step};
use podpis::operation::{Event, Operation, Service, State};

use crate::hidden::one_line;
use crate::messages::{DiadocMessage, Message};
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
    bar.set_message(one_line(&progress.file));
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
        if let Some(message) = diadoc_event(operation, event) {
            self.0.say(&message);
        }
    }
}

/// What is said about an event in Diadoc; nothing where the next question says it, or the failure does.
fn diadoc_event(operation: &Operation, event: &Event) -> Option<Message> {
    let kind = operation.kind();
    if *kind == DssSign::KIND {
        return match event {
            Event::Accepted { .. } => Some(DiadocMessage::SignerAsked.into()),
            Event::Progressed { .. } => confirmation_place(operation),
            _ => None,
        };
    }
    if let Some(step) = AttachStep::of(operation) {
        return attach_event(operation, event, step);
    }
    if *kind == AutoSignReceipts::KIND {
        let progress = ReceiptsProgress::of(operation)?;
        return match event {
            Event::Accepted { .. } if progress.batches == 0 => {
                Some(DiadocMessage::ReceiptsBegun.into())
            }
            Event::NextStep { .. } => Some(receipts_so_far(progress)),
            _ => None,
        };
    }
    match (event, operation.state()) {
        (Event::Accepted { .. }, State::Processing { attempt: 0 }) => Some(Message::FilesTaken),
        (Event::Accepted { .. }, _) => Some(Message::CodeTaken),
        (Event::CodeSent { .. }, _) => Some(Message::SmsSent),
        _ => None,
    }
}

fn attach_event(operation: &Operation, event: &Event, step: AttachStep) -> Option<Message> {
    match (event, step, operation.state()) {
        (Event::NextStep { .. }, ..) => Some(DiadocMessage::Attaching.into()),
        (_, AttachStep::Posting | AttachStep::Ended, _) => None,
        (Event::Accepted { .. }, _, State::Processing { attempt: 0 }) => {
            Some(DiadocMessage::AttachBegun.into())
        }
        (Event::Accepted { .. }, ..) => Some(Message::CodeTaken),
        (Event::CodeSent { .. }, ..) => Some(Message::SmsSent),
        (Event::Progressed { .. }, ..) => confirmation_place(operation),
        _ => None,
    }
}

/// What is known already about an operation that is gone on with.
pub(crate) fn known(operation: &Operation) -> Option<Message> {
    if operation.state().is_final()
        || AttachStep::of(operation).is_some_and(|step| step != AttachStep::Signing)
    {
        return None;
    }
    let receipts = || ReceiptsProgress::of(operation).map(receipts_so_far);
    confirmation_place(operation).or_else(receipts)
}

/// Who confirms a DssSign, and where.
fn confirmation_place(operation: &Operation) -> Option<Message> {
    let progress = DssProgress::of(operation)?;
    Some(DiadocMessage::ConfirmAt(progress).into())
}

fn receipts_so_far(progress: ReceiptsProgress) -> Message {
    Message::Diadoc(DiadocMessage::ReceiptsSoFar {
        signed: progress.signed,
        batches: progress.batches,
    })
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
