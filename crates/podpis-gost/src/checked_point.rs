//! Whether a point may be a key, and whether a value is right under it.
//!
//! **Invariant:** a [`CheckedPoint`] is not infinity, on its curve, and in the subgroup of the base point; no value is
//! computed with before its length and the ranges of its numbers are known to be right.

use alloc::sync::Arc;
use alloc::vec::Vec;

use crypto_bigint::modular::constant_mod::ResidueParams;
use crypto_bigint::{Limb, Uint};

use crate::domain::{Domain, Scalar};
use crate::field::Field;
use crate::key_error::KeyError;
use crate::point::{Multiple, Point, key_multiples, sum_of_products};

/// A point that was checked, ready to check values with.
pub(crate) trait CheckedPoint: Send + Sync {
    /// Whether `value`, s and r in big-endian one after the other, is right for `digest`, a little-endian number.
    fn verify(&self, digest: &[u8], value: &[u8]) -> bool;
}

/// The multiples of a checked point, which is all that checking values needs.
struct Prepared<D: Domain<N>, const N: usize> {
    multiples: Vec<Multiple<D, N>>,
}

/// RFC 7091, 5.2: both coordinates below p, on the curve, of the order of the base point.
pub(crate) fn check<D: Domain<N>, const N: usize>(
    coordinates: &[u8],
) -> Result<Arc<dyn CheckedPoint>, KeyError> {
    let (x, y) = halves::<N>(coordinates).ok_or(KeyError::Length)?;
    let coordinate = |bytes| {
        D::Field::from_number(&Uint::from_le_slice(bytes)).ok_or(KeyError::CoordinateOutOfRange)
    };
    let (x, y) = (coordinate(x)?, coordinate(y)?);
    if y.square() != (x.square() + D::A) * x + D::B {
        return Err(KeyError::NotOnCurve);
    }
    let multiples = key_multiples::<D, N>(x, y).ok_or(KeyError::NotInSubgroup)?;
    if D::HAS_COFACTOR {
        let order = <D::Order as ResidueParams<N>>::MODULUS;
        let product: D::Point = sum_of_products::<D, N>(&Uint::ZERO, &multiples, &order);
        if !product.is_infinity() {
            return Err(KeyError::NotInSubgroup);
        }
    }
    Ok(Arc::new(Prepared::<D, N> { multiples }))
}

impl<D: Domain<N>, const N: usize> CheckedPoint for Prepared<D, N> {
    fn verify(&self, digest: &[u8], value: &[u8]) -> bool {
        let Some((s, r)) = halves::<N>(value) else {
            return false;
        };
        if digest.len() != N * Limb::BYTES {
            return false;
        }
        let (s, r) = (Uint::from_be_slice(s), Uint::from_be_slice(r));
        let order = <D::Order as ResidueParams<N>>::MODULUS;
        let in_range = |number: &Uint<N>| *number != Uint::ZERO && *number < order;
        if !in_range(&s) || !in_range(&r) {
            return false;
        }
        // An e that is not zero always has an inverse modulo a prime.
        let (inverse, _) = digest_number::<D, N>(digest).invert();
        let base_scalar = Scalar::<D, N>::new(&s) * inverse;
        let key_scalar = Scalar::<D, N>::new(&r).neg() * inverse;
        let sum: D::Point = sum_of_products::<D, N>(
            &base_scalar.retrieve(),
            &self.multiples,
            &key_scalar.retrieve(),
        );
        has_x_modulo_order::<D, N>(&sum, r, &order)
    }
}

/// e of the standard: the digest modulo q, or 1 if that is 0. `digest` is as long as a number of the curve.
pub(crate) fn digest_number<D: Domain<N>, const N: usize>(digest: &[u8]) -> Scalar<D, N> {
    let number = Scalar::<D, N>::new(&Uint::from_le_slice(digest));
    if number == Scalar::<D, N>::ZERO {
        Scalar::<D, N>::ONE
    } else {
        number
    }
}

/// Whether the affine x of `sum` is r, r + q, r + 2q, … below p: x modulo q is r, without an inversion.
fn has_x_modulo_order<D: Domain<N>, const N: usize>(
    sum: &D::Point,
    r: Uint<N>,
    order: &Uint<N>,
) -> bool {
    let mut number = r;
    while let Some(x) = D::Field::from_number(&number) {
        if sum.has_x(x) {
            return true;
        }
        let (next, carry) = number.adc(order, Limb::ZERO);
        if carry != Limb::ZERO {
            return false;
        }
        number = next;
    }
    false
}

/// Two numbers of `N` limbs that stand one after the other; `None` if the length is another.
fn halves<const N: usize>(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let size = N * Limb::BYTES;
    (bytes.len() == 2 * size).then(|| bytes.split_at(size))
}
