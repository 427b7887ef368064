//! Checks GOST R 34.10 values, and judges a whole signature.
//!
//! The cases: for every curve a value under a key that was checked before, and a key that is read with one value;
//! then a judgement (a chain of three, two lists of 1,000 entries, a time stamp) beside the values and digests in
//! it alone, which is what `by-hand` does. No kept library knows these curves, so a value has no other side here:
//! `crates/podpis-gost/benches/engine.sh` compares with OpenSSL's GOST engine and with BouncyCastle.

#[cfg(feature = "podpis-trust")]
mod judgement;
#[cfg(feature = "podpis-gost")]
mod values;

use std::process::ExitCode;

use podpis_bench::{Error, Figures, Side, Whose};

/// What a value is compared with, and how.
const OTHERS: &str = "OpenSSL's engine, BouncyCastle";
const SCRIPT: &str = "run crates/podpis-gost/benches/engine.sh [ROUNDS [MILLISECONDS]]";

/// Every curve: its name in the table, and the identifier of a parameter set that names it.
const CURVES: [(&str, &str); 9] = [
    ("test, 256", "1.2.643.2.2.35.0"),
    ("CryptoPro A", "1.2.643.2.2.35.1"),
    ("CryptoPro B", "1.2.643.2.2.35.2"),
    ("CryptoPro C", "1.2.643.2.2.35.3"),
    ("TC 26 A, 256", "1.2.643.7.1.2.1.1.1"),
    ("test, 512", "1.2.643.7.1.2.1.2.0"),
    ("TC 26 A, 512", "1.2.643.7.1.2.1.2.1"),
    ("TC 26 B, 512", "1.2.643.7.1.2.1.2.2"),
    ("TC 26 C, 512", "1.2.643.7.1.2.1.2.3"),
];

/// The keys of a judgement's world.
const WORLDS: [&str; 2] = ["GOST R 34.10-2012, 256", "P-256"];

fn main() -> ExitCode {
    podpis_bench::run(Whose::Own, |side, figures| {
        if side == Side::Podpis {
            for (curve, oid) in CURVES {
                value(figures, curve, oid)?;
            }
        }
        for keys in WORLDS {
            judgement(figures, &format!("judgement, {keys}"), keys, side)?;
        }
        if side == Side::ByHand {
            figures.skip(OTHERS, SCRIPT);
        }
        Ok(())
    })
}

#[cfg(feature = "podpis-gost")]
fn value(figures: &mut Figures, curve: &str, oid: &str) -> Result<(), Error> {
    values::measure(figures, &value_names(curve), oid)
}

#[cfg(not(feature = "podpis-gost"))]
fn value(figures: &mut Figures, curve: &str, _: &str) -> Result<(), Error> {
    for name in value_names(curve) {
        figures.skip(&name, "podpis-gost is not there");
    }
    Ok(())
}

/// A value under a checked key; a key with a value.
fn value_names(curve: &str) -> [String; 2] {
    [format!("value, {curve}"), format!("key and value, {curve}")]
}

#[cfg(feature = "podpis-trust")]
fn judgement(figures: &mut Figures, name: &str, keys: &str, side: Side) -> Result<(), Error> {
    judgement::measure(figures, name, keys == WORLDS[1], side)
}

#[cfg(not(feature = "podpis-trust"))]
fn judgement(figures: &mut Figures, name: &str, _: &str, _: Side) -> Result<(), Error> {
    figures.skip(name, "podpis-trust is not there");
    Ok(())
}
