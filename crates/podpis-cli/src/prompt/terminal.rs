//! Asks for a code at the terminal.
//!
//! **Invariant:** the terminal is usable again afterwards, also when nobody answered in time.

use inquire::validator::Validation;
use inquire::{InquireError, Text};
use podpis::PromptError;

use super::code;
use crate::hidden::one_line;
use crate::messages::Message;
use crate::output::Output;
use crate::waiting_line::Asking;

/// Gives the terminal back when the question is left alone: its thread cannot be woken up to do that.
struct Abandoned;

impl Drop for Abandoned {
    fn drop(&mut self) {
        // Where this fails there is no terminal left to give back.
        let _ = crossterm::terminal::disable_raw_mode();
    }
}

/// Asks once.
pub(super) async fn ask(
    output: Output,
    attempt: u32,
    of: u32,
    rejection: Option<String>,
) -> Result<String, PromptError> {
    let _asking = Asking::begin();
    let abandoned = Abandoned;
    let asked = tokio::task::spawn_blocking(move || question(output, attempt, of, rejection)).await;
    drop(abandoned);
    let failed = |message: Message| PromptError::new(output.text(&message));
    match asked {
        Ok(Ok(code)) => Ok(code),
        Ok(Err(InquireError::OperationCanceled | InquireError::OperationInterrupted)) => {
            Err(failed(Message::CodeCancelled))
        }
        Ok(Err(error)) => Err(failed(Message::CodeCancelled).with_source(error)),
        Err(error) => Err(failed(Message::CodeCancelled).with_source(error)),
    }
}

fn question(
    output: Output,
    attempt: u32,
    of: u32,
    rejection: Option<String>,
) -> Result<String, InquireError> {
    let ask = output.text(&Message::AskCode);
    let mut help = output.text(&if attempt > 1 {
        Message::WrongCode { attempt, of }
    } else {
        Message::CodeHelp
    });
    if let Some(words) = rejection {
        help = format!("{}; {help}", output.text(&Message::CodeRejection(words)));
    }
    let help = one_line(&help);
    let no_code = output.text(&Message::NotACode);
    Text::new(&ask)
        .with_help_message(&help)
        .with_validator(move |code: &str| {
            Ok(match code::typed(code) {
                Some(_) => Validation::Valid,
                None => Validation::Invalid(no_code.as_str().into()),
            })
        })
        // The code is not left on the screen.
        .with_formatter(&|code: &str| "•".repeat(code.chars().count()))
        .prompt()
}
