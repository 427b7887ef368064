//! GOST R 34.10-2001 and -2012: public keys and the check of signature values.
//!
//! - [`VerifyingKey`] reads the SubjectPublicKeyInfo of a certificate as every producer writes it, checks the point
//!   once, and then says of any number of digests and values whether they are [right](VerifyingKey::verify).
//! - [`ParamSet`] is a parameter set as a key names it, and [`Curve`] is what is computed with: fourteen identifiers
//!   name nine curves.
//! - [`KeyError`] tells a key that this crate does not know from one that is broken.
//! - `SigningKey`, behind the feature `sign`, makes values for tests and for emulators of services.
//!
//! Digests are taken, never made: [`Algorithm`] says which digest goes with a key.
//!
//! # Bytes
//!
//! | what | bytes |
//! |---|---|
//! | key | x, then y, both little-endian |
//! | digest | as the digest function gives it; read as a little-endian number |
//! | value | s, then r, both big-endian |
//!
//! # Example
//!
//! ```
//! use podpis_gost::{ParamSet, VerifyingKey};
//!
//! # fn main() -> Result<(), podpis_gost::KeyError> {
//! # let public_key_info = include_bytes!("../tests/fixtures/user256.spki.der");
//! # let value = include_bytes!("../tests/fixtures/content.rawsig256.bin");
//! # use streebog::{Digest, Streebog256};
//! # let digest = Streebog256::digest(include_bytes!("../tests/fixtures/content.bin"));
//! let key = VerifyingKey::from_spki_der(public_key_info)?;
//!
//! assert_eq!(key.param_set(), ParamSet::CryptoProA);
//! assert!(key.verify(&digest, value));
//! assert!(!key.verify(&[0; 32], value));
//! # Ok(())
//! # }
//! ```
//!
//! # How it is computed
//!
//! Interleaved signed digits over tables of odd multiples; no inversion at the end; reduction by one small
//! multiplication where the prime is 2ⁿ − c, Montgomery form elsewhere; the twisted Edwards form where a curve has one. The
//! tables of a curve are made at its first use and kept for the life of the program, those of a key when it is read.

#![no_std]

extern crate alloc;
#[cfg(test)]
extern crate std;

mod algorithm;
mod checked_point;
mod curve;
mod domain;
mod edwards;
mod field;
mod jacobian;
mod key_error;
mod key_parameters;
mod param_set;
mod point;
#[cfg(feature = "sign")]
mod sign;
mod signature_value;
mod verifying_key;
mod wnaf;

pub use algorithm::Algorithm;
pub use curve::Curve;
pub use key_error::{KeyError, Unsupported};
pub use param_set::ParamSet;
#[cfg(feature = "sign")]
pub use sign::SigningKey;
pub use signature_value::Signature;
pub use verifying_key::VerifyingKey;
pub use {der, signature, spki};
