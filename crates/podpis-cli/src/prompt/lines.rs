//! Reads a code from standard input: one line, one code.
//!
//! **Invariant:** a wrong code uses up its line and no more, so that the next attempt reads the next line; a line that is no
//! code is not sent, and the next one is read as long as there are tries; a question that was left alone uses up none:
//! the line that comes then is for the next one.

use std::future::{Future as _, poll_fn};
use std::io::{self, BufRead as _, Read as _};
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};

use podpis::{OperationId, PromptError};
use tokio::task::{JoinError, JoinHandle, spawn_blocking};

use super::code;
use crate::messages::Message;
use crate::output::Output;

/// The longest line read, in bytes. Codes have six digits.
const LONGEST: u64 = 1024;

/// The most that is passed over to find the next line.
const REST: u64 = 1024 * 1024;

/// The line that somebody waits for at standard input, or waited for.
static STDIN: Awaited = Awaited::new();

/// The code in the next line that has one, while there are tries.
pub(super) async fn code(
    id: &OperationId,
    attempt: u32,
    of: u32,
    output: Output,
) -> Result<String, PromptError> {
    let mut bad: Option<Message> = None;
    for _ in attempt..=of.max(attempt) {
        if let Some(why) = &bad {
            output.about(id, why);
        }
        output.about(id, &Message::WaitingForLine { attempt, of });
        bad = Some(match next(output).await {
            Ok(Ok(line)) => match code::typed(&line) {
                Some(code) => return Ok(code),
                None => Message::NotACode,
            },
            Ok(Err(why)) => why,
            // That there is no other line says less.
            Err(error) if bad.is_none() => return Err(error),
            Err(_) => break,
        });
    }
    let why = bad.unwrap_or(Message::NotACode);
    Err(PromptError::new(output.text(&why)))
}

/// The next line, or why it cannot have a code.
async fn next(output: Output) -> Result<Result<String, Message>, PromptError> {
    let failed = |message: Message| PromptError::new(output.text(&message));
    let line = match STDIN.line(read_line).await {
        Ok(Ok(line)) => line,
        Ok(Err(error)) => return Err(failed(Message::NoMoreLines).with_source(error)),
        Err(error) => return Err(failed(Message::NoMoreLines).with_source(error)),
    };
    if line.is_empty() {
        return Err(failed(Message::NoMoreLines));
    }
    if line.len() as u64 > LONGEST {
        return Ok(Err(Message::CodeTooLong));
    }
    Ok(String::from_utf8(line).map_err(|_| Message::CodeNotText))
}

/// The line with its end, or the beginning of one that is too long; empty when there is none.
fn read_line() -> io::Result<Vec<u8>> {
    let mut line = Vec::new();
    let mut stdin = io::stdin().lock();
    stdin
        .by_ref()
        .take(LONGEST + 1)
        .read_until(b'\n', &mut line)?;
    if line.len() as u64 > LONGEST && !line.ends_with(b"\n") {
        stdin.take(REST).skip_until(b'\n')?;
    }
    Ok(line)
}

/// A thread that waits for a line cannot be woken up, so the one of a question that was left alone goes on waiting.
struct Awaited(Mutex<Option<JoinHandle<io::Result<Vec<u8>>>>>);

impl Awaited {
    const fn new() -> Self {
        Self(Mutex::new(None))
    }

    /// The line that is waited for already, or the next one.
    async fn line(
        &self,
        read: impl Fn() -> io::Result<Vec<u8>> + Clone + Send + 'static,
    ) -> Result<io::Result<Vec<u8>>, JoinError> {
        poll_fn(|context| {
            let mut awaited = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let reading = awaited.get_or_insert_with(|| spawn_blocking(read.clone()));
            let line = Pin::new(reading).poll(context);
            if line.is_ready() {
                *awaited = None;
            }
            line
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, mpsc};

    use super::*;

    #[tokio::test]
    async fn a_question_that_was_left_alone_leaves_its_line_to_the_next() {
        let (person, lines) = mpsc::channel::<&str>();
        let lines = Arc::new(Mutex::new(lines));
        let read = move || Ok(lines.lock().unwrap().recv().unwrap_or("").into());
        let awaited = Awaited::new();
        tokio::select! {
            biased;
            _ = awaited.line(read.clone()) => panic!("nobody wrote a line"),
            () = std::future::ready(()) => {}
        }
        person.send("first").unwrap();
        person.send("second").unwrap();
        for expected in ["first", "second"] {
            let line = awaited.line(read.clone()).await.unwrap().unwrap();
            assert_eq!(line, expected.as_bytes());
        }
    }
}
