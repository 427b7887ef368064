//! What `podpis-cms` promises, over signatures made by OpenSSL and over ones put together by hand.

#![expect(
    clippy::unwrap_used,
    reason = "this is all tests; the lint only spares `#[test]` functions"
)]

mod batch;
mod binding;
mod builder;
mod costs;
mod foreign;
mod forge;
mod forgeries;
mod format;
mod gost;
mod gost_binding;
mod gost_forgeries;
mod gost_key;
mod robustness;
mod signers;
mod twins;
mod value;

/// The bytes of a fixture.
#[macro_export]
macro_rules! fixture {
    ($path:literal) => {
        include_bytes!(concat!("../fixtures/", $path)).as_slice()
    };
}
