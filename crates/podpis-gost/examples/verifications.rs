//! How many values a second are checked, for every parameter set, on one thread.
//!
//! `verifications cases` prints a key, a digest and a value for each set: its name, its identifier, the
//! SubjectPublicKeyInfo, the digest and the value, in hexadecimal. `verifications time CASES MILLISECONDS` reads such
//! lines, checks each value over and over for that long, and prints the name, the number of checks a second, and the
//! number of times a second that the key is read and checked, which makes its table. `benches/engine.sh` gives the same lines to other programs.
#![expect(clippy::print_stdout, reason = "its output is what the program is for")]

use std::error::Error;
use std::fs;
use std::hint::black_box;
use std::time::Duration;

use podpis_gost::signature::hazmat::RandomizedPrehashSigner;
use podpis_gost::signature::rand_core::{OsRng, RngCore};
use podpis_gost::spki::EncodePublicKey;
use podpis_gost::{Algorithm, ParamSet, Signature, SigningKey, VerifyingKey};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["cases"] => cases(),
        ["time", cases, milliseconds] => time(
            &fs::read_to_string(cases)?,
            Duration::from_millis(milliseconds.parse()?),
        ),
        _ => Err("usage: verifications cases | time CASES MILLISECONDS".into()),
    }
}

fn cases() -> Result<(), Box<dyn Error>> {
    for set in ParamSet::ALL {
        let algorithm = match set.curve().size() {
            32 => Algorithm::Gost2012With256,
            _ => Algorithm::Gost2012With512,
        };
        let mut scalar = vec![0; algorithm.size()];
        OsRng.try_fill_bytes(&mut scalar)?;
        // Below the order of every set.
        scalar[algorithm.size() - 1] &= 0x1f;
        let key = SigningKey::from_scalar(algorithm, set, &scalar)?;
        let mut digest = vec![0; algorithm.size()];
        OsRng.try_fill_bytes(&mut digest)?;
        let value: Signature = key.sign_prehash_with_rng(&mut OsRng, &digest)?;
        let info = key.verifying_key().to_public_key_der()?;
        let [info, digest, value] =
            [info.as_bytes(), &digest, value.as_bytes()].map(base16ct::lower::encode_string);
        println!("{set}\t{}\t{info}\t{digest}\t{value}", set.oid());
    }
    Ok(())
}

fn time(cases: &str, duration: Duration) -> Result<(), Box<dyn Error>> {
    for line in cases.lines() {
        let [name, _, info, digest, value] = line.split('\t').collect::<Vec<_>>()[..] else {
            return Err("a line of cases has five columns".into());
        };
        let key = VerifyingKey::from_spki_der(&base16ct::mixed::decode_vec(info)?)?;
        let (digest, value) = (
            base16ct::mixed::decode_vec(digest)?,
            base16ct::mixed::decode_vec(value)?,
        );
        if !key.verify(&digest, &value) {
            return Err(format!("{name}: the value is not right").into());
        }
        let rate = per_second(duration, || {
            black_box(key.verify(black_box(&digest), &value))
        })?;
        let info = base16ct::mixed::decode_vec(info)?;
        let keys = per_second(duration, || {
            VerifyingKey::from_spki_der(black_box(&info)).is_ok()
        })?;
        println!("{name}\t{rate:.0}\t{keys:.0}");
    }
    Ok(())
}

fn per_second(duration: Duration, mut check: impl FnMut() -> bool) -> Result<f64, Box<dyn Error>> {
    let start = on_processor()?;
    let mut checks = 0_u32;
    loop {
        for _ in 0..32 {
            if !check() {
                return Err("what was right is right no more".into());
            }
        }
        checks += 32;
        let taken = on_processor()?.saturating_sub(start);
        if taken >= duration {
            return Ok(f64::from(checks) / taken.as_secs_f64());
        }
    }
}

/// The time that this thread has had a processor, so that other work on the machine does not count. From Linux, which
/// brings it up to date a few hundred times a second.
fn on_processor() -> Result<Duration, Box<dyn Error>> {
    let statistics = fs::read_to_string("/proc/thread-self/schedstat")?;
    let nanoseconds = statistics.split(' ').next().unwrap_or_default();
    Ok(Duration::from_nanos(nanoseconds.parse()?))
}
