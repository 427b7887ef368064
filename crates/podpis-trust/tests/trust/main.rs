//! The judgements that signatures, chains, lists and stamps must get.

#![allow(missing_docs, reason = "tests have names that say what they show")]
#![allow(clippy::unwrap_used, reason = "failing loudly is what tests are for")]

mod cases;
mod files;
