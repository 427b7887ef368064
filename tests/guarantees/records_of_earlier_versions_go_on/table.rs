//! The table of the frozen records.
//!
//! **Invariant:** a row is one record in one world at one moment; a record that a program can die with at several
//! moments has a row for each.

use std::fmt;
use std::time::Duration;

/// The columns, in their order.
pub(super) const COLUMNS: [&str; 14] = [
    "file", "kind", "state", "step", "flow", "world", "requests", "ms", "next", "end", "starts",
    "messages", "codes", "posts",
];

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// The record below the folder of the fixtures.
    pub(super) file: String,
    pub(super) kind: String,
    pub(super) state: String,
    pub(super) step: String,
    /// The conversation that it is from.
    pub(super) flow: String,
    /// How the service behaves.
    pub(super) world: String,
    /// How many requests of the conversation the service had got.
    pub(super) requests: usize,
    /// When it is resumed, counted from the beginning of the world.
    pub(super) at: Duration,
    pub(super) came: Came,
}

/// What resuming leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Came {
    /// What the record asks for first.
    pub(super) next: String,
    pub(super) end: String,
    /// What reached the service by it.
    pub(super) effects: Effects,
}

/// What happened at the service, in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Effects {
    /// Signings, decryptions and batches of receipts.
    pub(super) starts: u64,
    /// SMS and pushes to the person.
    pub(super) messages: u64,
    /// Codes that were given.
    pub(super) codes: u64,
    /// Patches, drafts, docflows and replies.
    pub(super) posts: u64,
}

impl Row {
    /// Reads a table with its header.
    pub(super) fn read_all(text: &str) -> Vec<Self> {
        let mut lines = text
            .lines()
            .map(|line| line.split('\t').collect::<Vec<_>>());
        assert_eq!(lines.next().unwrap(), COLUMNS);
        lines.map(|cells| Self::read(&cells)).collect()
    }

    fn read(cells: &[&str]) -> Self {
        let &[
            file,
            kind,
            state,
            step,
            flow,
            world,
            requests,
            ms,
            next,
            end,
            starts,
            messages,
            codes,
            posts,
        ] = cells
        else {
            panic!("{cells:?}");
        };
        Self {
            file: file.to_owned(),
            kind: kind.to_owned(),
            state: state.to_owned(),
            step: step.to_owned(),
            flow: flow.to_owned(),
            world: world.to_owned(),
            requests: requests.parse().unwrap(),
            at: Duration::from_millis(ms.parse().unwrap()),
            came: Came {
                next: next.to_owned(),
                end: end.to_owned(),
                effects: Effects {
                    starts: starts.parse().unwrap(),
                    messages: messages.parse().unwrap(),
                    codes: codes.parse().unwrap(),
                    posts: posts.parse().unwrap(),
                },
            },
        }
    }
}

impl Effects {
    pub(super) fn since(self, before: Self) -> Self {
        Self {
            starts: self.starts - before.starts,
            messages: self.messages - before.messages,
            codes: self.codes - before.codes,
            posts: self.posts - before.posts,
        }
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            file,
            requests,
            flow,
            state,
            step,
            ..
        } = self;
        write!(
            f,
            "{file} ({state}, {step}) after {requests} requests of `{flow}`"
        )
    }
}
