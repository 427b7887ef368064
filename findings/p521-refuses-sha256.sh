#!/usr/bin/env bash
# p521 0.13.3 with ecdsa 0.16.9 (crates.io); the signature is made by cryptography 45.0.7 (PyPI), which is OpenSSL
#
# FIPS 186-5, 6.4.2: a digest shorter than the order of the curve is taken as it is, so any digest goes with P-521, and
# OpenSSL signs and verifies P-521 with SHA-256. One expects `verify_prehash` to take the 32 bytes.
#
# Seen: it refuses a right value, because it wants a digest of at least half a field element, and half of 66 bytes is one
# more than SHA-256 gives. The same digest with zeros before it, which is the same number, is accepted.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check cryptography==45.0.7
python/bin/python - <<'PYTHON'
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

key = ec.generate_private_key(ec.SECP521R1())
value = key.sign(b"message", ec.ECDSA(hashes.SHA256()))
key.public_key().verify(value, b"message", ec.ECDSA(hashes.SHA256()))
point = key.public_key().public_bytes(
    serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
)
open("point", "wb").write(point)
open("value", "wb").write(value)
PYTHON
mkdir src
cat > Cargo.toml <<'TOML'
[package]
name = "finding"
version = "0.0.0"
edition = "2021"

[dependencies]
ecdsa = "=0.16.9"
p521 = "=0.13.3"
sha2 = "=0.10.9"
TOML
cat > src/main.rs <<'RUST'
use p521::ecdsa::signature::hazmat::PrehashVerifier;
use p521::ecdsa::{Signature, VerifyingKey};
use sha2::{Digest, Sha256};

fn main() {
    let key = VerifyingKey::from_sec1_bytes(include_bytes!("../point")).unwrap();
    let value = Signature::from_der(include_bytes!("../value")).unwrap();
    let digest = Sha256::digest(b"message");
    let mut padded = [0; 66];
    padded[34..].copy_from_slice(&digest);
    println!("32 bytes: {}", key.verify_prehash(&digest, &value).is_ok());
    println!("66 bytes: {}", key.verify_prehash(&padded, &value).is_ok());
}
RUST
seen=$(cargo run --quiet)
echo "$seen"
expected='32 bytes: false
66 bytes: true'
[ "$seen" = "$expected" ] || { echo "this has changed"; exit 1; }
