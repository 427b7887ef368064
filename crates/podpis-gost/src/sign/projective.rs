//! The base point times a secret, by complete formulas (Renes, Costello, Batina, 2015) in homogeneous coordinates.
//!
//! **Invariant:** the same operations whatever the secret is. The formulas are right for all points whose difference
//! is not of order 2, and multiples of the base point have an odd order.

use crypto_bigint::subtle::{Choice, ConditionallySelectable};
use crypto_bigint::{Limb, Uint};

use crate::domain::{Domain, Scalar};
use crate::field::Field;

/// x = X/Z, y = Y/Z; infinity is (0, 1, 0).
#[derive(Clone, Copy)]
struct Projective<F> {
    x: F,
    y: F,
    z: F,
}

/// x and y of the base point times `scalar`; `None` for zero.
pub(super) fn base_times<D: Domain<N>, const N: usize>(
    scalar: &Scalar<D, N>,
) -> Option<(Uint<N>, Uint<N>)> {
    let zero = D::Field::ZERO;
    let one = D::Field::ONE;
    let base = Projective {
        x: D::X,
        y: D::Y,
        z: one,
    };
    let mut product = Projective {
        x: zero,
        y: one,
        z: zero,
    };
    let number = scalar.retrieve();
    for position in (0..N * Limb::BITS).rev() {
        let word = number.as_words()[position / Limb::BITS];
        let bit = Choice::from((word >> (position % Limb::BITS) & 1) as u8);
        product = add::<D, N>(&product, &product);
        let sum = add::<D, N>(&product, &base);
        product = Projective {
            x: D::Field::conditional_select(&product.x, &sum.x, bit),
            y: D::Field::conditional_select(&product.y, &sum.y, bit),
            z: D::Field::conditional_select(&product.z, &sum.z, bit),
        };
    }
    let inverse = product.z.invert()?;
    Some((
        (product.x * inverse).number(),
        (product.y * inverse).number(),
    ))
}

fn add<D: Domain<N>, const N: usize>(
    p: &Projective<D::Field>,
    q: &Projective<D::Field>,
) -> Projective<D::Field> {
    let triple_b = D::B.double() + D::B;
    let xx = p.x * q.x;
    let yy = p.y * q.y;
    let zz = p.z * q.z;
    // The sums of mixed products, such as X₁Y₂ + X₂Y₁.
    let xy = (p.x + p.y) * (q.x + q.y) - xx - yy;
    let xz = (p.x + p.z) * (q.x + q.z) - xx - zz;
    let yz = (p.y + p.z) * (q.y + q.z) - yy - zz;
    let a_zz = D::A * zz;
    let middle = D::A * xz + triple_b * zz;
    let (below, above) = (yy - middle, yy + middle);
    let slope = xx.double() + xx + a_zz;
    let rest = triple_b * xz + D::A * (xx - a_zz);
    Projective {
        x: xy * below - yz * rest,
        y: below * above + slope * rest,
        z: yz * above + xy * slope,
    }
}
