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
use podpis::diadoc::{AutoSignReceipts, DssSign, SignAndAttach};
use podpis::extern_api::model::OperationStatus;
use podpis::extern_api::{AnswerStep, ReportStep, progress};
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
        let is_signed = is_signed(operation);
        let message = match event {
            Event::NextStep { .. } => next_step(operation),
            _ if is_signed => None,
            Event::Accepted { .. } => accepted(operation),
            Event::CodeSent { .. } => Some(Message::SmsSent),
            Event::Progressed { .. } => {
                confirmation_place(operation).or_else(|| at_work(operation))
            }
            // The next question says it, or the failure does.
            _ => None,
        };
        if let Some(message) = message {
            self.0.about(operation.id(), &message);
        }
    }
}

/// What is known already about an operation that is gone on with.
pub(crate) fn known(operation: &Operation) -> Option<Message> {
    if operation.state().is_final() || is_signed(operation) {
        return None;
    }
    confirmation_place(operation).or_else(|| receipts_so_far(operation))
}

/// The state of an operation in a word: as the record has it, but that a phone is waited for is told apart.
pub(crate) fn state(operation: &Operation) -> &'static str {
    let is_at_work = matches!(operation.state(), State::Processing { .. });
    let asks_phone = || {
        let by_dss = DssProgress::of(operation).is_some() && !is_signed(operation);
        let in_extern = operation.origin().service == Service::Extern
            && progress(operation) == Some(OperationStatus::AwaitingForConfirmation);
        by_dss || in_extern
    };
    match is_at_work && asks_phone() {
        true => "awaiting_signer",
        false => operation.state().name(),
    }
}

/// Whether only attaching is left.
fn is_signed(operation: &Operation) -> bool {
    AttachStep::of(operation).is_some_and(|step| step != AttachStep::Signing)
}

fn next_step(operation: &Operation) -> Option<Message> {
    let attaching =
        AttachStep::of(operation).map(|_| match SignAndAttach::message_number(operation) {
            Some((message, of)) if of > 1 => DiadocMessage::AttachingOf { message, of },
            _ => DiadocMessage::Attaching,
        });
    attaching
        .map(Message::from)
        .or_else(|| receipts_so_far(operation))
        .or_else(|| extern_step(operation))
}

/// The service has what it needs to go on: at first the documents, and later a code.
fn accepted(operation: &Operation) -> Option<Message> {
    let is_first = matches!(operation.state(), State::Processing { attempt: 0 });
    let [first, later] = if *operation.kind() == DssSign::KIND {
        return Some(DiadocMessage::SignerAsked.into());
    } else if *operation.kind() == AutoSignReceipts::KIND {
        let begins = ReceiptsProgress::of(operation)?.batches == 0;
        return begins.then(|| DiadocMessage::ReceiptsBegun.into());
    } else if AttachStep::of(operation).is_some() {
        [DiadocMessage::AttachBegun.into(), Message::CodeTaken]
    } else if operation.origin().service != Service::Extern {
        [Message::FilesTaken, Message::CodeTaken]
    } else if let Some(step) = extern_step(operation) {
        // The step was told when it began, and only signing takes a code.
        return (!is_first && step.is_signing()).then_some(Message::ExternHasCode);
    } else {
        [Message::ExternAtWork, Message::ExternHasCode]
    };
    Some(if is_first { first } else { later })
}

/// Who confirms a DssSign, and where.
fn confirmation_place(operation: &Operation) -> Option<Message> {
    let progress = DssProgress::of(operation)?;
    Some(DiadocMessage::ConfirmAt(progress).into())
}

fn receipts_so_far(operation: &Operation) -> Option<Message> {
    let ReceiptsProgress {
        signed, batches, ..
    } = ReceiptsProgress::of(operation)?;
    Some(DiadocMessage::ReceiptsSoFar { signed, batches }.into())
}

/// The step of a report or an answer.
fn extern_step(operation: &Operation) -> Option<Message> {
    let report = ReportStep::of(operation).map(Message::Reporting);
    report.or_else(|| AnswerStep::of(operation).map(Message::Answering))
}

/// What Extern says that it waits for.
fn at_work(operation: &Operation) -> Option<Message> {
    if operation.origin().service != Service::Extern {
        return None;
    }
    let status = progress(operation)?;
    tracing::debug!(progress = %status, "Extern says");
    Some(Message::Progress(status))
}
