//! Decides who is asked for the code: the sandbox's phone, the person at the terminal, or standard input.
//!
//! **Invariant:** the code goes from here to the library and nowhere else, and no way of asking blocks the program:
//! when the time is over, the question is left alone.

mod code;
mod confirm;
mod lines;
mod phone;
mod terminal;

use podpis::{CodeRequest, Journal, OperationId, PromptError, secret::ConfirmationCode};

use crate::environment;
use crate::messages::Message;
use crate::output::Output;
use crate::sandbox::SandboxControl;
use crate::store::Store;
pub(crate) use confirm::confirmed;
use phone::Phone;

/// A way of asking. Cheap to clone, because each question is asked by a future of its own.
#[derive(Clone, Debug)]
pub(crate) struct Asker {
    way: Way,
    output: Output,
    attempts: u32,
}

#[derive(Clone, Debug)]
enum Way {
    Phone(Phone),
    Terminal,
    Lines,
}

impl Asker {
    /// Confirms what waits on the sandbox's phone for this operation, or for any open one of this journal, for as long as
    /// it is asked to. Never ends.
    pub(crate) async fn answer_pushes(&self, journal: &dyn Journal, of: Option<&OperationId>) {
        match &self.way {
            Way::Phone(phone) => phone.confirm(journal, of, self.output).await,
            _ => std::future::pending().await,
        }
    }

    /// Asks the person: at the terminal if there is one, otherwise one line of standard input is one code.
    pub(crate) fn person(output: Output, attempts: u32) -> Self {
        let way = if environment::person_at_terminal() {
            Way::Terminal
        } else {
            Way::Lines
        };
        Self {
            way,
            output,
            attempts,
        }
    }

    /// The same where standard input holds something else: then the terminal is all there is.
    pub(crate) fn without_stdin(self) -> Self {
        let way = match self.way {
            Way::Lines => Way::Terminal,
            other => other,
        };
        Self { way, ..self }
    }

    /// Takes the code from the sandbox's phone with this number, and confirms there.
    pub(crate) fn sandbox(
        control: SandboxControl,
        number: Option<String>,
        output: Output,
        attempts: u32,
    ) -> Self {
        Self {
            way: Way::Phone(Phone::new(control, number)),
            output,
            attempts,
        }
    }

    /// Asks once. `store` has the record that the code is for.
    pub(crate) async fn ask(
        self,
        request: CodeRequest,
        store: &Store,
    ) -> Result<ConfirmationCode, PromptError> {
        let Self {
            way,
            output,
            attempts: of,
        } = self;
        let (id, attempt) = (request.operation, request.attempt);
        let rejection = request.rejection.filter(|words| !words.trim().is_empty());
        let code = match way {
            Way::Phone(phone) => {
                let looked = store.look(&id).await;
                let operation = looked.map_err(|failure| {
                    PromptError::new(output.text(&Message::WaitingForPhone))
                        .with_source(output.words(&failure))
                })?;
                phone.code(&operation, output).await?
            }
            Way::Terminal => terminal::ask(output, attempt, of, rejection).await?,
            Way::Lines => {
                if let Some(words) = rejection {
                    output.about(&id, &Message::CodeRejection(words));
                }
                lines::code(&id, attempt, of, output).await?
            }
        };
        let code = code::typed(&code);
        let code = code.ok_or_else(|| PromptError::new(output.text(&Message::NotACode)))?;
        Ok(ConfirmationCode::new(&code))
    }
}
