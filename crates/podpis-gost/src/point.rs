//! Sums of points in the coordinates in which a curve is fastest, and the sum of two products that a check needs.
//!
//! **Invariant:** every sum is right, also of equal points, of opposite ones and of the point at infinity. Variable
//! time: everything that comes here is public.

use alloc::vec::Vec;

use crypto_bigint::Uint;

use crate::domain::Domain;
use crate::wnaf::Wnaf;

/// The width of the digits by which the base point is multiplied: 64 multiples, made once for a curve.
const BASE_WIDTH: usize = 8;
/// The width of the digits by which a key is multiplied: 8 multiples, made when the key is read.
const KEY_WIDTH: usize = 5;

/// What a point is needed for next.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    /// To be doubled, or to be looked at.
    Double,
    /// To have something added.
    Add,
}

/// A point of the curve `D`, of `N` limbs.
pub(crate) trait Point<D: Domain<N>, const N: usize>: Copy {
    /// A point as it stands in a table.
    type Multiple: Copy + Send + Sync + 'static;

    const INFINITY: Self;

    fn double(&self, next: Next) -> Self;

    /// The sum with a point of a table, or with its negative.
    fn add(&self, multiple: &Self::Multiple, negative: bool, next: Next) -> Self;

    /// 1, 3, 5, … times the affine point, which is on the curve. `None` if that point is of small order.
    fn odd_multiples(x: D::Field, y: D::Field, count: usize) -> Option<Vec<Self::Multiple>>;

    fn is_infinity(&self) -> bool;

    /// Whether this is a point with that affine x. Infinity has none.
    fn has_x(&self, x: D::Field) -> bool;
}

/// The multiples of the base point of `D`.
pub(crate) fn base_multiples<D: Domain<N>, const N: usize>() -> Vec<Multiple<D, N>> {
    // The base point of a curve is not of small order.
    D::Point::odd_multiples(D::X, D::Y, 1 << (BASE_WIDTH - 2)).unwrap_or_default()
}

/// The multiples of a key's point that is on the curve. `None` if it is of small order.
pub(crate) fn key_multiples<D: Domain<N>, const N: usize>(
    x: D::Field,
    y: D::Field,
) -> Option<Vec<Multiple<D, N>>> {
    D::Point::odd_multiples(x, y, 1 << (KEY_WIDTH - 2))
}

/// What stands in the tables of `D`.
pub(crate) type Multiple<D, const N: usize> = <<D as Domain<N>>::Point as Point<D, N>>::Multiple;

/// `base_scalar` times the base point plus `key_scalar` times the key whose multiples are given.
pub(crate) fn sum_of_products<D: Domain<N>, const N: usize>(
    base_scalar: &Uint<N>,
    key: &[Multiple<D, N>],
    key_scalar: &Uint<N>,
) -> D::Point {
    let base = D::base_multiples();
    let base_digits = Wnaf::new(base_scalar, BASE_WIDTH);
    let key_digits = Wnaf::new(key_scalar, KEY_WIDTH);
    let mut sum = D::Point::INFINITY;
    for position in (0..base_digits.len().max(key_digits.len())).rev() {
        let base_digit = base_digits.digit(position);
        let key_digit = key_digits.digit(position);
        let adds = base_digit != 0 || key_digit != 0;
        sum = sum.double(if adds { Next::Add } else { Next::Double });
        if base_digit != 0 {
            let next = if key_digit != 0 {
                Next::Add
            } else {
                Next::Double
            };
            sum = sum.add(multiple(base, base_digit), base_digit < 0, next);
        }
        if key_digit != 0 {
            sum = sum.add(multiple(key, key_digit), key_digit < 0, Next::Double);
        }
    }
    sum
}

/// The point for an odd digit, which is never larger than the table.
fn multiple<M>(odd_multiples: &[M], digit: i8) -> &M {
    &odd_multiples[usize::from(digit.unsigned_abs()) / 2]
}
