//! The program, run as people run it: as a process, against sandboxes over real HTTP.
//!
//! **Invariant:** nothing here leaves the machine, no journal but those of the tests is touched, and only the test that
//! kills programs waits for a clock of its own.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed, and the line says where"
)]

mod attaching;
mod authority;
mod bad_answers;
mod bad_input;
mod begun_twice;
mod believed;
mod bench;
mod beside_others;
#[cfg(all(unix, feature = "postgres"))]
#[allow(
    dead_code,
    clippy::print_stderr,
    reason = "it is made for other tests too, and says what was not run"
)]
mod cluster;
mod codes;
#[cfg(all(unix, feature = "postgres"))]
mod database;
mod diadoc_lists;
mod disguise;
mod doctor;
mod dss_sign;
mod elsewhere;
mod extern_commands;
mod extern_operations;
mod extern_reports;
mod extern_secrets;
mod extern_waiting;
mod generate;
mod going_on;
mod gost;
mod hidden_characters;
mod interrupted;
mod journal_folder;
mod killed;
mod killed_sending;
mod languages;
mod leaving;
mod login;
mod next_steps;
mod nothing_left;
mod ops;
mod over_already;
mod receipts;
mod resuming;
mod resuming_all;
mod running;
mod russian;
mod sandbox_server;
mod saving;
mod secrets;
mod signing;
mod spoiled_signatures;
mod standard_input;
mod starting_over;
mod strict;
mod surroundings;
mod two_programs;
mod untrusted;
mod vanished;
mod verify_fetch;
mod verify_forgeries;
mod verify_many;
mod verify_questions;
mod verify_table;
mod verify_trust;
mod verify_trust_files;
mod verify_trust_table;
mod verifying;
mod waiting;
mod watching;
