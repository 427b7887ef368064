//! Reads a code from standard input: one line, one code.
//!
//! **Invariant:** a wrong code uses up its line and no more, so that the next attempt reads the next line.

use std::io::{self, BufRead as _, Read as _};

use podpis::PromptError;

use crate::messages::Message;
use crate::output::Output;

/// The longest line read, in bytes. Codes have six digits.
const LONGEST: u64 = 1024;

/// The next line.
pub(super) async fn next(output: Output) -> Result<String, PromptError> {
    let failed = |message: Message| PromptError::new(output.text(&message));
    // The thread keeps waiting when the time is over; the program ends without it.
    let read = tokio::task::spawn_blocking(read_line).await;
    let line = match read {
        Ok(Ok(line)) => line,
        Ok(Err(error)) => return Err(failed(Message::NoMoreLines).with_source(error)),
        Err(error) => return Err(failed(Message::NoMoreLines).with_source(error)),
    };
    if line.is_empty() {
        return Err(failed(Message::NoMoreLines));
    }
    if line.len() as u64 > LONGEST {
        return Err(failed(Message::CodeTooLong));
    }
    String::from_utf8(line).map_err(|_| failed(Message::CodeNotText))
}

/// The line with its end; empty when there is none.
fn read_line() -> io::Result<Vec<u8>> {
    let mut line = Vec::new();
    io::stdin()
        .lock()
        .take(LONGEST + 1)
        .read_until(b'\n', &mut line)?;
    Ok(line)
}
