//! Numbers modulo the prime of a curve.
//!
//! **Invariant:** an element is always below the prime, so that two elements are equal exactly when their numbers are.

mod montgomery;
mod special;
#[cfg(test)]
mod tests;
mod words;

use alloc::vec::Vec;
use core::ops::{Add, Mul, Neg, Sub};

use crypto_bigint::Uint;
use crypto_bigint::subtle::ConditionallySelectable;

pub(crate) use montgomery::Montgomery;
pub(crate) use special::Special;

/// An element of the field over which a curve of `N` limbs is defined.
pub(crate) trait Field<const N: usize>:
    Copy
    + Eq
    + ConditionallySelectable
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Neg<Output = Self>
    + Send
    + Sync
    + 'static
{
    const ZERO: Self;
    const ONE: Self;
    const MODULUS: Uint<N>;

    /// The element of that number; `None` unless it is below the prime.
    fn from_number(number: &Uint<N>) -> Option<Self>;

    /// The number of the element.
    #[cfg(any(feature = "sign", test))]
    fn number(&self) -> Uint<N>;

    fn square(&self) -> Self;

    /// `None` for zero, which has no inverse.
    fn invert(&self) -> Option<Self>;

    fn double(&self) -> Self {
        *self + *self
    }

    fn is_zero(&self) -> bool {
        *self == Self::ZERO
    }
}

/// The inverses of all `elements` for the price of one inversion; `None` if one of them is zero.
pub(crate) fn invert_all<F: Field<N>, const N: usize>(elements: &[F]) -> Option<Vec<F>> {
    let mut product = F::ONE;
    let mut products_before = Vec::with_capacity(elements.len());
    for element in elements {
        products_before.push(product);
        product = product * *element;
    }
    let mut inverse_of_rest = product.invert()?;
    let mut inverses = products_before;
    for (inverse, element) in inverses.iter_mut().zip(elements).rev() {
        *inverse = *inverse * inverse_of_rest;
        inverse_of_rest = inverse_of_rest * *element;
    }
    Some(inverses)
}
