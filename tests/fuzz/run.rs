//! Runs one target: makes inputs, and looks at what each of them cost.
//!
//! A step is counted as an allocation: what loops over an input without bound also collects something. Both the number of
//! allocations and all bytes that are ever allocated are counted, on the thread that reads, and what was freed in between
//! counts too, so that a copy for each element shows.
//!
//! *Invariant:* an input is made from its seed alone. Whatever fails prints the seed, and leaves the input in a file.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use allocation_counter::{AllocationInfo, measure};

use super::TARGETS;
use super::numbers::Numbers;

/// Where the seeds of a test begin, which makes the same inputs each time.
const FIRST_SEED: u64 = 1;

/// A bound that is linear in the length of the input.
#[derive(Clone, Copy, Debug)]
pub(super) struct Linear {
    /// For an input of nothing.
    pub(super) least: u64,
    /// What each byte of the input adds.
    pub(super) per_byte: u64,
}

impl Linear {
    /// How much of the bound for an input of this length was used, in percent.
    fn used(self, cost: u64, length: usize) -> u64 {
        cost * 100 / (self.least + self.per_byte * length as u64)
    }
}

/// What an input may cost.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bound {
    pub(super) allocations: Linear,
    pub(super) bytes: Linear,
}

impl Bound {
    /// How much of the allocations and of the bytes that are allowed was used, in percent.
    fn used(&self, tried: &Tried) -> [u64; 2] {
        let length = tried.input.len();
        [
            self.allocations.used(tried.cost.count_total, length),
            self.bytes.used(tried.cost.bytes_total, length),
        ]
    }
}

/// An input, and what came of it.
#[derive(Debug)]
pub(super) struct Tried {
    pub(super) input: Vec<u8>,
    cost: AllocationInfo,
    has_panicked: bool,
}

impl Tried {
    /// Reads an input that is known before.
    pub(super) fn new(input: Vec<u8>, read: impl FnOnce(&[u8])) -> Self {
        let (cost, has_panicked) = counted(|| read(&input));
        Self {
            input,
            cost,
            has_panicked,
        }
    }

    /// Does something that takes its input bit by bit, and gives it at the end.
    pub(super) fn talking(talk: impl FnOnce(), input: impl FnOnce() -> Vec<u8>) -> Self {
        let (cost, has_panicked) = counted(talk);
        Self {
            input: input(),
            cost,
            has_panicked,
        }
    }
}

fn counted(run: impl FnOnce()) -> (AllocationInfo, bool) {
    let mut has_panicked = false;
    let cost = measure(|| {
        has_panicked = catch_unwind(AssertUnwindSafe(run)).is_err();
    });
    (cost, has_panicked)
}

/// What is asked for from outside, by `cargo xtask fuzz`.
enum Asked {
    /// So many inputs, from the first seed on.
    Inputs(usize),
    /// One input again.
    Seed(u64),
    /// As many inputs as can be made, from a seed that nobody chose.
    Time(Duration),
}

fn asked(inputs: usize) -> Asked {
    let number = |name: &str| {
        let text = std::env::var(name).ok()?;
        Some(
            text.parse::<u64>()
                .unwrap_or_else(|_| panic!("{name} is no number: {text}")),
        )
    };
    if let Some(seed) = number("PODPIS_FUZZ_SEED") {
        return Asked::Seed(seed);
    }
    match number("PODPIS_FUZZ_SECONDS") {
        None => Asked::Inputs(inputs),
        Some(seconds) => Asked::Time(Duration::from_secs(seconds)),
    }
}

/// A seed that is another one each time.
fn any_seed() -> u64 {
    use std::hash::{BuildHasher as _, RandomState};
    RandomState::new().hash_one(()) >> 16
}

/// Tries inputs: so many of them in a test, and more of them or a certain one where that is asked for. Says how many there
/// were.
pub(super) fn fuzz(
    target: &str,
    inputs: usize,
    bound: Bound,
    mut one: impl FnMut(&mut Numbers) -> Tried,
) -> usize {
    assert!(TARGETS.contains(&target));
    let asked = asked(inputs);
    let (first, is_enough): (u64, Box<dyn Fn(usize) -> bool>) = match asked {
        Asked::Seed(seed) => (seed, Box::new(|done| done == 1)),
        Asked::Inputs(inputs) => (FIRST_SEED, Box::new(move |done| done == inputs)),
        Asked::Time(time) => (any_seed(), until(time)),
    };
    let (mut done, mut bytes, mut allocations_used, mut bytes_used) = (0, 0, 0, 0);
    while !is_enough(done) {
        let seed = first + done as u64;
        let tried = one(&mut Numbers::of(seed));
        let length = tried.input.len();
        let used = bound.used(&tried);
        if tried.has_panicked || used.iter().any(|used| *used > 100) {
            fails(target, seed, &tried, used);
        }
        done += 1;
        bytes += length;
        allocations_used = used[0].max(allocations_used);
        bytes_used = used[1].max(bytes_used);
    }
    println!(
        "{target}: {done} inputs of {} bytes in the mean, from seed {first} on; at the most {allocations_used} % of the \
         allocations and {bytes_used} % of the bytes that are allowed",
        bytes / done.max(1)
    );
    done
}

/// Whether this time is over.
#[allow(
    clippy::disallowed_methods,
    reason = "how long to go on is asked for in real time"
)]
fn until(time: Duration) -> Box<dyn Fn(usize) -> bool> {
    let began = std::time::Instant::now();
    Box::new(move |_| began.elapsed() >= time)
}

fn fails(target: &str, seed: u64, tried: &Tried, used: [u64; 2]) -> ! {
    let file = std::env::temp_dir().join(format!("podpis-fuzz-{target}-{seed}"));
    let kept = match std::fs::write(&file, &tried.input) {
        Ok(()) => file.display().to_string(),
        Err(error) => error.to_string(),
    };
    panic!(
        "{target}: an input of {} bytes {}: {:?}, {} % of the allocations and {} % of the bytes that are allowed\n\
         the input: {kept}\n\
         again: PODPIS_FUZZ_SEED={seed} cargo xtask fuzz {target}",
        tried.input.len(),
        if tried.has_panicked {
            "makes it panic"
        } else {
            "costs too much"
        },
        tried.cost,
        used[0],
        used[1],
    );
}

#[test]
fn a_copy_for_each_byte_is_too_much_and_a_panic_is_seen() {
    let line = |per_byte| Linear {
        least: 100,
        per_byte,
    };
    let bound = Bound {
        allocations: line(2),
        bytes: line(20),
    };
    let once = Tried::new(vec![0; 10_000], |bytes| drop(bytes.to_vec()));
    assert!(!once.has_panicked && bound.used(&once).iter().all(|used| *used < 100));
    let each = Tried::new(vec![0; 10_000], |bytes| {
        (0..bytes.len()).for_each(|end| drop(bytes[..end].to_vec()));
    });
    let [allocations, bytes] = bound.used(&each);
    assert!(allocations < 100 && bytes > 1_000, "{allocations} {bytes}");
    let panics = Tried::new(Vec::new(), |bytes| assert!(!bytes.is_empty()));
    assert!(panics.has_panicked);
}
