//! Numbers modulo p = 2ⁿ − C for a small C, where reducing is one multiplication by C.
//!
//! **Invariant:** the number is below p.

use core::ops::{Add, Mul, Neg, Sub};

use crypto_bigint::subtle::{Choice, ConditionallySelectable};
use crypto_bigint::{Limb, Uint, Word};

use super::Field;

/// An element modulo 2ⁿ − `C`, where n is the size of `N` limbs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Special<const C: u32, const N: usize>(Uint<N>);

impl<const C: u32, const N: usize> Special<C, N> {
    const C: Limb = Limb(C as Word);

    /// The element of a number that is known to be below p, such as a constant of a curve.
    pub(crate) const fn new(number: &Uint<N>) -> Self {
        Self(*number)
    }
}

impl<const C: u32, const N: usize> Field<N> for Special<C, N> {
    const ZERO: Self = Self(Uint::ZERO);
    const ONE: Self = Self(Uint::ONE);
    const MODULUS: Uint<N> = Uint::ZERO.wrapping_sub(&Uint::from_u32(C));

    fn from_number(number: &Uint<N>) -> Option<Self> {
        (*number < Self::MODULUS).then_some(Self(*number))
    }

    #[cfg(any(feature = "sign", test))]
    fn number(&self) -> Uint<N> {
        self.0
    }

    #[inline]
    fn square(&self) -> Self {
        Self(self.0.mul_mod_special(&self.0, Self::C))
    }

    fn invert(&self) -> Option<Self> {
        let (inverse, exists) = self.0.inv_odd_mod(&Self::MODULUS);
        bool::from(exists).then_some(Self(inverse))
    }
}

impl<const C: u32, const N: usize> Add for Special<C, N> {
    type Output = Self;

    #[inline]
    fn add(self, other: Self) -> Self {
        Self(self.0.add_mod_special(&other.0, Self::C))
    }
}

impl<const C: u32, const N: usize> Sub for Special<C, N> {
    type Output = Self;

    #[inline]
    fn sub(self, other: Self) -> Self {
        Self(self.0.sub_mod_special(&other.0, Self::C))
    }
}

impl<const C: u32, const N: usize> Mul for Special<C, N> {
    type Output = Self;

    #[inline]
    fn mul(self, other: Self) -> Self {
        Self(self.0.mul_mod_special(&other.0, Self::C))
    }
}

impl<const C: u32, const N: usize> Neg for Special<C, N> {
    type Output = Self;

    #[inline]
    fn neg(self) -> Self {
        Self(self.0.neg_mod_special(Self::C))
    }
}

impl<const C: u32, const N: usize> ConditionallySelectable for Special<C, N> {
    fn conditional_select(a: &Self, b: &Self, choice: Choice) -> Self {
        Self(Uint::conditional_select(&a.0, &b.0, choice))
    }
}
