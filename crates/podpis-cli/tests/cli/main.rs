//! The program, run as people run it: as a process, against sandboxes over real HTTP.
//!
//! **Invariant:** nothing here leaves the machine, and no test waits for a clock of its own.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed, and the line says where"
)]

mod bad_answers;
mod bad_input;
mod bench;
mod codes;
mod languages;
mod sandbox_server;
mod secrets;
mod signing;
mod verifying;
