//! The judgements that signatures, chains, lists and stamps must get.

#![allow(missing_docs, reason = "tests have names that say what they show")]
#![allow(clippy::unwrap_used, reason = "failing loudly is what tests are for")]

#[path = "../maker/mod.rs"]
mod maker;

mod cases;
mod crowds;
mod files;
mod hostile;
mod lists;
mod ocsp;
mod paths;
mod rules;
mod signer_judge;
mod signers;
mod stamps;
mod world;
