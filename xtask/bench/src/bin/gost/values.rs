//! Values of one curve: under a key that was checked before, and with reading the key.
//!
//! *Invariant:* every value that is measured is right, and is found so.

use std::hint::black_box;

use podpis_bench::{Error, Figures};
use podpis_gost::der::asn1::ObjectIdentifier;
use podpis_gost::signature::hazmat::RandomizedPrehashSigner as _;
use podpis_gost::signature::rand_core::OsRng;
use podpis_gost::spki::EncodePublicKey as _;
use podpis_gost::{Algorithm, ParamSet, SigningKey, VerifyingKey};

/// Checks in one pass, so that reading the processor time costs nothing beside them.
const PASS: usize = 64;

/// Measures both, by these names, for the curve that this parameter set names.
pub(crate) fn measure(
    figures: &mut Figures,
    [value_alone, with_key]: &[String; 2],
    oid: &str,
) -> Result<(), Error> {
    let set = ParamSet::from_oid(ObjectIdentifier::new_unwrap(oid));
    let set = set.ok_or("an unknown parameter set")?;
    let algorithm = match set.curve().size() {
        32 => Algorithm::Gost2012With256,
        _ => Algorithm::Gost2012With512,
    };
    let digest: Vec<u8> = (1..=255).cycle().take(algorithm.size()).collect();
    let mut scalar = digest.clone();
    // Below the order of every set.
    scalar.pop();
    scalar.push(1);
    let key = SigningKey::from_scalar(algorithm, set, &scalar)?;
    let value = key.sign_prehash_with_rng(&mut OsRng, &digest)?;
    let value = value.as_bytes();
    let info = key.verifying_key().to_public_key_der()?;

    let key = VerifyingKey::from_spki_der(info.as_bytes())?;
    case(figures, value_alone, || {
        Ok(key.verify(black_box(&digest), value))
    })?;
    case(figures, with_key, || {
        let key = VerifyingKey::from_spki_der(black_box(info.as_bytes()))?;
        Ok(key.verify(&digest, value))
    })
}

fn case(
    figures: &mut Figures,
    name: &str,
    mut is_right: impl FnMut() -> Result<bool, Error>,
) -> Result<(), Error> {
    let (right, _) = figures.case(name, PASS, || {
        let mut right = 0;
        for _ in 0..PASS {
            right += usize::from(is_right()?);
        }
        Ok(right)
    })?;
    if right == PASS {
        Ok(())
    } else {
        Err(format!("{name}: what is right is called wrong").into())
    }
}
