//! Tests that use more than one crate, in one binary.
//!
//! `flows` has the services' conversations, `guarantees` a file per promise, `stage` what both need: a sandbox,
//! a clock that only moves when somebody waits, and clients over both skins.

#![allow(missing_docs, reason = "tests have names that say what they show")]
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "failing loudly is what tests are for, and the crash enumeration shows its list"
)]

mod crash;
mod examples;
mod flows;
mod fuzz;
mod guarantees;
mod matrix;
mod openssl;
mod stage;
mod stage_extern;
mod strict;
mod wire;
