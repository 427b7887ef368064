//! Tests that use more than one crate.
