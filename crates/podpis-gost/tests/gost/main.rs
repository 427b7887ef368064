//! What the crate promises, against the standard, other programs and the formulas word by word.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed, and the line says where"
)]

mod curves;
mod engine;
mod keys;
mod naive;
mod private_keys;
mod signed;
mod standard;
mod values;
