//! Bounds the memory that the lists of a body take while they are read.
//!
//! An item is a whole struct in memory and may be three bytes of the body, `{},`, so that a body of empty items would take
//! hundreds of times its length.
//!
//! **Invariant:** the items of a body take at most [`LEAST`] and [`PER_BYTE`] times its length, and never more than
//! [`MOST`]. A list that grows may hold as much again, and three times that while it is moved.

use std::cell::Cell;

/// What items may always take: a page of a thousand that have nothing but short ids, as somebody's own server may answer.
const LEAST: usize = 1024 * 1024;

/// What each byte of a body allows. The largest struct, of a document, has 1 KB, and with an id and links some hundred
/// bytes in a body.
const PER_BYTE: usize = 32;

/// What items may ever take: a quarter of a million docflows, and a page has a thousand.
const MOST: usize = 256 * 1024 * 1024;

/// What items may still take, in bytes.
#[derive(Debug)]
pub(super) struct Room(Cell<usize>);

impl Room {
    /// All that a body of so many bytes has.
    pub(super) fn of(length: usize) -> Self {
        let all = LEAST.saturating_add(PER_BYTE.saturating_mul(length));
        Self(Cell::new(all.min(MOST)))
    }

    /// Takes that of one item; `false` when there is no more.
    pub(super) fn take(&self, size: usize) -> bool {
        let less = self.0.get().checked_sub(size);
        self.0.set(less.unwrap_or(0));
        less.is_some()
    }
}
