//! Decides how a case is measured and what is printed of it.
//!
//! *Invariant:* one line for each case: its processor time, the bytes it holds, or why there is no figure.

use std::hint::black_box;
use std::time::Duration;

use podpis::core::wait::{SystemTimer, Time as _};

use serde_json::json;

use crate::{Error, Whose};

/// A case is run again until it has used this much, because `getrusage` counts microseconds.
const ENOUGH: Duration = Duration::from_millis(100);

/// What a program has to say of its cases.
#[derive(Debug)]
pub struct Figures {
    whose: Whose,
}

impl Figures {
    pub(crate) fn new(whose: Whose) -> Self {
        Self { whose }
    }

    /// Measures one case and prints its line.
    ///
    /// `pass` does the work of the case once, on `per` things (signatures, bytes, operations). Gives what
    /// the last pass gave, for a check outside the measured part, and the processor time of one pass.
    ///
    /// # Errors
    ///
    /// That of `pass`, or of `getrusage`.
    pub fn case<T>(
        &mut self,
        name: &str,
        per: usize,
        mut pass: impl FnMut() -> Result<T, Error>,
    ) -> Result<(T, Duration), Error> {
        let before = self.whose.used()?;
        let mut passes = 0;
        let (result, used) = loop {
            let result = black_box(pass()?);
            passes += 1;
            let used = self.whose.used()?.saturating_sub(before);
            // A pass that seems to use nothing at all must not run for ever.
            if used >= ENOUGH || passes == 10_000 {
                break (result, used);
            }
        };
        let of_one_pass = used / passes;
        self.time(name, per, of_one_pass)?;
        Ok((result, of_one_pass))
    }

    /// Measures one pass both in processor time and by the clock, in a line for each.
    ///
    /// # Errors
    ///
    /// As [`case`](Self::case).
    pub fn both<T>(
        &mut self,
        name: &str,
        per: usize,
        pass: impl FnOnce() -> Result<T, Error>,
    ) -> Result<T, Error> {
        let (before, time) = (self.whose.used()?, SystemTimer::new());
        let result = black_box(pass()?);
        let by_the_clock = time.elapsed();
        let used = self.whose.used()?.saturating_sub(before);
        self.time(name, per, used)?;
        self.time(&format!("{name}: by the clock"), per, by_the_clock)?;
        Ok(result)
    }

    /// Prints a time, of the processors or by the clock, that so many things took together.
    ///
    /// # Errors
    ///
    /// For more than five hundred years.
    pub fn time(&mut self, name: &str, per: usize, time: Duration) -> Result<(), Error> {
        let cpu_ns = u64::try_from(time.as_nanos())?;
        println!("{}", json!({"case": name, "cpu_ns": cpu_ns, "per": per}));
        Ok(())
    }

    /// Prints how many bytes so many things hold together.
    pub fn bytes(&mut self, name: &str, per: usize, bytes: usize) {
        println!("{}", json!({"case": name, "bytes": bytes, "per": per}));
    }

    /// Says why a case is not measured.
    pub fn skip(&mut self, name: &str, why: &str) {
        println!("{}", json!({"case": name, "skipped": why}));
    }
}
