//! Shows how many operations there are while they are driven: a line for each state at a terminal, plain lines elsewhere,
//! an object for programs.
//!
//! **Invariant:** nothing is told twice: only a change is.

use std::sync::{Mutex, PoisonError};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use podpis::drive::Counts;
use serde_json::{Value, json};

use crate::environment::person_at_stderr;
use crate::messages::Message;
use crate::output::Output;

/// The states in the order in which operations pass through them; those that nothing is in are not shown.
const STATES: [&str; 4] = ["starting", "awaiting_code", "confirming", "processing"];

/// What is shown.
#[derive(Debug)]
pub(super) struct Board {
    output: Output,
    shown: Mutex<Shown>,
}

#[derive(Debug, Default)]
struct Shown {
    last: Option<Value>,
    bars: Option<(MultiProgress, Vec<ProgressBar>)>,
}

impl Board {
    pub(super) fn new(output: Output) -> Self {
        let bars = person_at_stderr().then(|| {
            let all = MultiProgress::new();
            let bars = STATES.map(|_| all.add(bar())).into();
            (all, bars)
        });
        Self {
            output,
            shown: Mutex::new(Shown { last: None, bars }),
        }
    }

    /// Shows what was counted, where it is not what was shown before.
    pub(super) fn show(&self, counts: &Counts) {
        if counts.counted == 0 {
            return;
        }
        let told = told(counts);
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        if shown.last.as_ref() == Some(&told) {
            return;
        }
        match &shown.bars {
            Some((_, bars)) => self.draw(bars, counts),
            None => self
                .output
                .say(&Message::Watching(line(counts, self.output))),
        }
        // A stream that is full is no reason to leave operations alone.
        if let Err(failure) = self.output.result(&told) {
            self.output.complain(&failure);
        }
        shown.last = Some(told);
    }

    fn draw(&self, bars: &[ProgressBar], counts: &Counts) {
        for (bar, state) in bars.iter().zip(STATES) {
            let number = counts.open.get(state).copied().unwrap_or_default();
            bar.set_length(counts.all_open().max(1) as u64);
            bar.set_position(number as u64);
            bar.set_message(self.output.text(&Message::State(state)));
        }
    }
}

impl Drop for Board {
    fn drop(&mut self) {
        let shown = self.shown.get_mut().unwrap_or_else(PoisonError::into_inner);
        if let Some((all, bars)) = &shown.bars {
            bars.iter().for_each(ProgressBar::finish_and_clear);
            let _ = all.clear();
        }
    }
}

fn bar() -> ProgressBar {
    let bar = ProgressBar::new(1);
    let template = "{wide_bar} {pos} {msg}";
    bar.set_style(
        ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()),
    );
    bar
}

/// The counts as programs are told them.
fn told(counts: &Counts) -> Value {
    json!({
        "open": counts.all_open(),
        "states": counts.open,
        "due": counts.due,
        "late": counts.late,
        "done": counts.done,
        "refused": counts.refused,
        "failed": counts.failed,
        "left_alone": counts.left_alone,
    })
}

/// And as people are.
fn line(counts: &Counts, output: Output) -> String {
    let states = counts
        .open
        .iter()
        .map(|(state, number)| (Message::State(state), *number as u64));
    let ends = [
        (Message::EndedAs("done"), counts.done),
        (Message::EndedAs("refused"), counts.refused),
        (Message::EndedAs("failed"), counts.failed),
        (Message::EndedAs("left_alone"), counts.left_alone),
    ];
    let numbers: Vec<String> = states
        .chain(ends)
        .filter(|(_, number)| *number > 0)
        .map(|(message, number)| format!("{}: {number}", output.text(&message)))
        .collect();
    if numbers.is_empty() {
        return "0".to_owned();
    }
    numbers.join("; ")
}
