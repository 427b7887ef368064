//! Looks at many files at once, on several threads: what a file costs is mostly the system's work for it.
//!
//! **Invariant:** a fixed number of files is open at a time, and what cannot have a thread of its own is done without.

use std::num::NonZero;
use std::panic::resume_unwind;
use std::thread::{Builder, available_parallelism, scope};

/// More threads than that wait for each other.
const THREADS: usize = 4;

/// Fewer files than that are not worth a thread.
const WORTH_A_THREAD: usize = 128;

/// What looking at each of these gives, in their order. Many are shared out among the processors, for looks that mostly wait
/// for the system, such as reads of small files.
pub fn look_at_each<T: Sync, R: Send>(items: &[T], look: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let threads = available_parallelism().map_or(1, NonZero::get).min(THREADS);
    shared_out(
        items,
        items.len().div_ceil(threads).max(WORTH_A_THREAD),
        look,
    )
}

/// The same where each means to wait for the disk, which serves several at once.
pub(super) fn at_once<T: Sync, R: Send>(items: &[T], wait: impl Fn(&T) -> R + Sync) -> Vec<R> {
    shared_out(items, items.len().div_ceil(THREADS), wait)
}

/// On as many threads as there are shares.
fn shared_out<T: Sync, R: Send>(
    items: &[T],
    share: usize,
    look: impl Fn(&T) -> R + Sync,
) -> Vec<R> {
    let all = |items: &[T]| items.iter().map(&look).collect::<Vec<R>>();
    let mut shares = items.chunks(share.max(1));
    let Some(first) = shares.next() else {
        return Vec::new();
    };
    scope(|scope| {
        let all = &all;
        let others: Vec<_> = shares
            .map(|share| {
                (
                    share,
                    Builder::new().spawn_scoped(scope, move || all(share)),
                )
            })
            .collect();
        let mut found = all(first);
        for (share, thread) in others {
            match thread.map(|thread| thread.join()) {
                Ok(Ok(theirs)) => found.extend(theirs),
                Ok(Err(panic)) => resume_unwind(panic),
                Err(_) => found.extend(all(share)),
            }
        }
        found
    })
}

#[cfg(test)]
mod tests {
    use super::look_at_each;

    #[test]
    fn what_is_found_is_in_the_order_of_what_was_looked_at() {
        for number in [0, 1, 127, 128, 129, 1_000] {
            let items: Vec<usize> = (0..number).collect();
            assert_eq!(look_at_each(&items, |item| *item), items);
        }
    }
}
