//! Shows for which operation the program waits, about which file, and for how long it still does.
//!
//! At a terminal that is the last line, written again every second; elsewhere a line at once and one a minute. Other lines
//! and questions have the terminal to themselves.
//!
//! **Invariant:** it tells and decides nothing: what ends the wait is the library's deadline.

use std::convert::Infallible;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use podpis::Deadline;
use podpis::core::wait::SharedTime;
use podpis::operation::Operation;

use crate::environment::person_at_stderr;
use crate::hidden::one_line;
use crate::messages::Message;
use crate::output::Output;

/// How often the line of a terminal is written.
const AT_A_TERMINAL: Duration = Duration::from_secs(1);
/// How often a line is written elsewhere.
const ELSEWHERE: Duration = Duration::from_secs(60);

/// There is one terminal, and one last line of it.
static LINE: Mutex<Line> = Mutex::new(Line {
    bar: None,
    is_asking: false,
});

struct Line {
    bar: Option<ProgressBar>,
    is_asking: bool,
}

fn line() -> MutexGuard<'static, Line> {
    LINE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Shows it for as long as it is asked to.
pub(crate) async fn show(
    operation: &Operation,
    deadline: Deadline,
    time: &SharedTime,
    output: Output,
) -> Infallible {
    if operation.state().is_final() {
        // What it gave is handed out, and nothing is waited for.
        return std::future::pending().await;
    }
    let what = what(operation);
    let said = |left: Duration| {
        let seconds = left.as_secs_f64().ceil() as u64;
        Message::StillWaiting {
            what: what.clone(),
            minutes: seconds / 60,
            seconds: seconds % 60,
        }
    };
    if person_at_stderr() {
        let _drawn = Drawn;
        every(AT_A_TERMINAL, deadline, time, |left| {
            draw(&one_line(&output.text(&said(left))));
        })
        .await
    } else {
        every(ELSEWHERE, deadline, time, |left| output.say(&said(left))).await
    }
}

/// The operation and its file, and how many files there are beside it.
fn what(operation: &Operation) -> String {
    let id = operation.id();
    match operation.files() {
        [] => id.to_string(),
        [one] => format!("{id} ({})", one.name),
        [first, rest @ ..] => format!("{id} ({} + {})", first.name, rest.len()),
    }
}

/// Tells how much time is left, at once and then after each step.
async fn every(
    step: Duration,
    deadline: Deadline,
    time: &SharedTime,
    tell: impl Fn(Duration),
) -> Infallible {
    let began = time.elapsed();
    loop {
        let waited = time.elapsed().saturating_sub(began);
        let left = deadline.as_duration().saturating_sub(waited);
        if left.is_zero() {
            // The last poll is on its way.
            std::future::pending::<()>().await;
        }
        tell(left);
        // Who only watches does not move a clock that is moved by those who sleep.
        time.within(step, std::future::pending::<()>()).await;
    }
}

fn draw(text: &str) {
    let mut line = line();
    if !line.is_asking {
        let bar = line.bar.get_or_insert_with(spinner);
        bar.set_message(text.to_owned());
        bar.tick();
    }
}

fn spinner() -> ProgressBar {
    let style = ProgressStyle::with_template("{spinner} {wide_msg}");
    ProgressBar::new_spinner().with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

/// Takes the line away when the wait is over.
struct Drawn;

impl Drop for Drawn {
    fn drop(&mut self) {
        clear(&mut line());
    }
}

fn clear(line: &mut Line) {
    if let Some(bar) = line.bar.take() {
        bar.finish_and_clear();
    }
}

/// Writes something else to the terminal, above the line.
pub(crate) fn aside(write: impl FnOnce()) {
    let bar = line().bar.clone();
    match bar {
        Some(bar) => bar.suspend(write),
        None => write(),
    }
}

/// Keeps the line away for as long as a question is on the terminal.
#[derive(Debug)]
pub(crate) struct Asking;

impl Asking {
    pub(crate) fn begin() -> Self {
        let mut line = line();
        line.is_asking = true;
        clear(&mut line);
        Self
    }
}

impl Drop for Asking {
    fn drop(&mut self) {
        line().is_asking = false;
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::time::SystemTime;

    use podpis::core::wait::ManualTime;

    use super::*;

    #[tokio::test]
    async fn what_is_left_is_told_at_once_and_once_a_step_until_the_deadline() {
        let time: SharedTime = ManualTime::at(SystemTime::UNIX_EPOCH).into();
        let told = RefCell::new(Vec::new());
        let telling = every(ELSEWHERE, Deadline::seconds(150), &time, |left| {
            told.borrow_mut().push(left.as_secs());
        });
        tokio::select! {
            never = telling => match never {},
            () = time.sleep(Duration::from_secs(600)) => {}
        }
        assert_eq!(told.into_inner(), [150, 90, 30]);
    }
}
