//! The standard word by word: affine points, one inversion an addition, numbers of 512 bits for every curve.
//!
//! Slow, and written from the text alone, so that the crate has something to be compared with.

pub(crate) mod random;

use crypto_bigint::modular::runtime_mod::{DynResidue, DynResidueParams};
use crypto_bigint::{Encoding, NonZero, U512};
use podpis_gost::{Algorithm, ParamSet};

/// A point; `None` is infinity.
pub(crate) type Affine = Option<(U512, U512)>;

/// The numbers of a curve, read from the fixture.
#[derive(Debug, Clone)]
pub(crate) struct Curve {
    pub(crate) name: String,
    pub(crate) cofactor: u8,
    /// The length of a number in bytes.
    pub(crate) size: usize,
    pub(crate) p: U512,
    pub(crate) a: U512,
    pub(crate) b: U512,
    pub(crate) q: U512,
    pub(crate) base: (U512, U512),
}

pub(crate) fn curves() -> Vec<Curve> {
    include_str!("../../fixtures/curves.tsv")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| {
            let fields: Vec<&str> = line.split('\t').collect();
            let number = |index: usize| U512::from_be_hex(&format!("{:0>128}", fields[index]));
            Curve {
                name: fields[0].to_owned(),
                cofactor: fields[1].parse().unwrap(),
                size: fields[2].len() / 2,
                p: number(2),
                a: number(3),
                b: number(4),
                q: number(5),
                base: (number(6), number(7)),
            }
        })
        .collect()
}

/// The set that is named like the curve, and the algorithm of 2012 of its size.
pub(crate) fn set(curve: &Curve) -> (Algorithm, ParamSet) {
    let set = match curve.name.as_str() {
        "test-256" => ParamSet::Test256,
        "cryptopro-a" => ParamSet::CryptoProA,
        "cryptopro-b" => ParamSet::CryptoProB,
        "cryptopro-c" => ParamSet::CryptoProC,
        "tc26-256-a" => ParamSet::Tc26A256,
        "test-512" => ParamSet::Test512,
        "tc26-512-a" => ParamSet::Tc26A512,
        "tc26-512-b" => ParamSet::Tc26B512,
        "tc26-512-c" => ParamSet::Tc26C512,
        name => panic!("{name} has no set"),
    };
    let algorithm = match curve.size {
        32 => Algorithm::Gost2012With256,
        _ => Algorithm::Gost2012With512,
    };
    (algorithm, set)
}

pub(crate) fn curve(name: &str) -> Curve {
    curves()
        .into_iter()
        .find(|curve| curve.name == name)
        .unwrap()
}

/// Arithmetic modulo an odd number.
pub(crate) struct Modulo(DynResidueParams<{ U512::LIMBS }>);

impl Modulo {
    pub(crate) fn new(modulus: &U512) -> Self {
        Self(DynResidueParams::new(modulus))
    }

    fn residue(&self, number: &U512) -> DynResidue<{ U512::LIMBS }> {
        DynResidue::new(number, self.0)
    }

    pub(crate) fn mul(&self, a: &U512, b: &U512) -> U512 {
        (self.residue(a) * self.residue(b)).retrieve()
    }

    pub(crate) fn add(&self, a: &U512, b: &U512) -> U512 {
        (self.residue(a) + self.residue(b)).retrieve()
    }

    pub(crate) fn sub(&self, a: &U512, b: &U512) -> U512 {
        (self.residue(a) - self.residue(b)).retrieve()
    }

    pub(crate) fn invert(&self, a: &U512) -> U512 {
        self.residue(a).invert().0.retrieve()
    }
}

impl Curve {
    pub(crate) fn is_on(&self, (x, y): &(U512, U512)) -> bool {
        let p = Modulo::new(&self.p);
        let cubic = p.add(&p.mul(&p.add(&p.mul(x, x), &self.a), x), &self.b);
        p.mul(y, y) == cubic
    }

    pub(crate) fn add(&self, left: &Affine, right: &Affine) -> Affine {
        let (Some((x1, y1)), Some((x2, y2))) = (left, right) else {
            return (*left).or(*right);
        };
        let p = Modulo::new(&self.p);
        let slope = if x1 != x2 {
            p.mul(&p.sub(y2, y1), &p.invert(&p.sub(x2, x1)))
        } else if y1 == y2 && *y1 != U512::ZERO {
            let xx = p.mul(x1, x1);
            let above = p.add(&p.add(&xx, &p.add(&xx, &xx)), &self.a);
            p.mul(&above, &p.invert(&p.add(y1, y1)))
        } else {
            return None;
        };
        let x = p.sub(&p.sub(&p.mul(&slope, &slope), x1), x2);
        Some((x, p.sub(&p.mul(&slope, &p.sub(x1, &x)), y1)))
    }

    pub(crate) fn times(&self, scalar: &U512, point: &Affine) -> Affine {
        (0..U512::BITS).rev().fold(None, |sum, bit| {
            let sum = self.add(&sum, &sum);
            if scalar.bit_vartime(bit) {
                self.add(&sum, point)
            } else {
                sum
            }
        })
    }

    pub(crate) fn modulo_order(&self, number: &U512) -> U512 {
        number.rem(&NonZero::new(self.q).unwrap())
    }

    /// e of the standard, for a digest as the digest function gives it.
    pub(crate) fn e(&self, digest: &[u8]) -> U512 {
        let e = self.modulo_order(&little_endian(digest));
        if e == U512::ZERO { U512::ONE } else { e }
    }

    /// r and s for a digest, a private number and a nonce.
    pub(crate) fn sign(&self, digest: &[u8], private: &U512, nonce: &U512) -> (U512, U512) {
        let q = Modulo::new(&self.q);
        let (x, _) = self.times(nonce, &Some(self.base)).unwrap();
        let r = self.modulo_order(&x);
        let s = q.add(&q.mul(&r, private), &q.mul(nonce, &self.e(digest)));
        (r, s)
    }

    pub(crate) fn verify(&self, key: &Affine, digest: &[u8], r: &U512, s: &U512) -> bool {
        let out_of_range = |number: &U512| *number == U512::ZERO || *number >= self.q;
        if out_of_range(r) || out_of_range(s) {
            return false;
        }
        let q = Modulo::new(&self.q);
        let v = q.invert(&self.e(digest));
        let z1 = q.mul(s, &v);
        let z2 = q.mul(&q.sub(&U512::ZERO, r), &v);
        let sum = self.add(&self.times(&z1, &Some(self.base)), &self.times(&z2, key));
        sum.is_some_and(|(x, _)| self.modulo_order(&x) == *r)
    }

    /// s, then r, both big-endian.
    pub(crate) fn value(&self, r: &U512, s: &U512) -> Vec<u8> {
        let number = |number: &U512| number.to_be_bytes()[64 - self.size..].to_vec();
        [number(s), number(r)].concat()
    }

    /// x, then y, both little-endian.
    pub(crate) fn coordinates(&self, (x, y): &(U512, U512)) -> Vec<u8> {
        [self.little_endian(x), self.little_endian(y)].concat()
    }

    pub(crate) fn little_endian(&self, number: &U512) -> Vec<u8> {
        number.to_le_bytes()[..self.size].to_vec()
    }
}

pub(crate) fn little_endian(bytes: &[u8]) -> U512 {
    let mut number = [0; 64];
    number[..bytes.len()].copy_from_slice(bytes);
    U512::from_le_slice(&number)
}
