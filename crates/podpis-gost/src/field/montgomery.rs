//! Numbers modulo any odd prime, in Montgomery form.
//!
//! **Invariant:** the number is below the prime.

use core::ops::{Add, Mul, Neg, Sub};

use crypto_bigint::modular::constant_mod::{Residue, ResidueParams};
use crypto_bigint::subtle::{Choice, ConditionallySelectable};
use crypto_bigint::{Uint, Word};

use super::{Field, words};

/// An element modulo the prime that `P` names.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Montgomery<P: ResidueParams<N>, const N: usize>(Residue<P, N>);

impl<P: ResidueParams<N>, const N: usize> Montgomery<P, N> {
    /// The element of a number.
    pub(crate) const fn new(number: &Uint<N>) -> Self {
        Self(Residue::new(number))
    }

    /// A number of words in Montgomery form, and a bit above them, that is below 2p.
    #[inline]
    fn reduce_once(number: &[Word; N], too_long: bool) -> Self {
        let (less, below_zero) = words::subtract(number, P::MODULUS.as_words());
        let number = words::select(too_long | !below_zero, &less, number);
        Self(Residue::from_montgomery(Uint::from_words(number)))
    }
}

impl<P, const N: usize> Field<N> for Montgomery<P, N>
where
    P: ResidueParams<N> + Copy + Eq + Send + Sync + 'static,
{
    const ZERO: Self = Self(Residue::ZERO);
    const ONE: Self = Self(Residue::ONE);
    const MODULUS: Uint<N> = P::MODULUS;

    fn from_number(number: &Uint<N>) -> Option<Self> {
        (*number < P::MODULUS).then(|| Self::new(number))
    }

    #[cfg(any(feature = "sign", test))]
    fn number(&self) -> Uint<N> {
        self.0.retrieve()
    }

    #[inline]
    fn square(&self) -> Self {
        Self(self.0.square())
    }

    fn invert(&self) -> Option<Self> {
        let (inverse, exists) = self.0.invert();
        bool::from(exists).then_some(Self(inverse))
    }
}

impl<P: ResidueParams<N>, const N: usize> Add for Montgomery<P, N> {
    type Output = Self;

    #[inline]
    fn add(self, other: Self) -> Self {
        let (a, b) = (self.0.as_montgomery(), other.0.as_montgomery());
        let (sum, too_long) = words::add(a.as_words(), b.as_words());
        Self::reduce_once(&sum, too_long)
    }
}

impl<P: ResidueParams<N>, const N: usize> Sub for Montgomery<P, N> {
    type Output = Self;

    #[inline]
    fn sub(self, other: Self) -> Self {
        let (a, b) = (self.0.as_montgomery(), other.0.as_montgomery());
        let (difference, below_zero) = words::subtract(a.as_words(), b.as_words());
        let prime = P::MODULUS.as_words();
        let added = prime.map(|word| words::word_if(below_zero, word));
        let (difference, _) = words::add(&difference, &added);
        Self(Residue::from_montgomery(Uint::from_words(difference)))
    }
}

impl<P: ResidueParams<N>, const N: usize> Mul for Montgomery<P, N> {
    type Output = Self;

    #[inline]
    fn mul(self, other: Self) -> Self {
        Self(self.0.mul(&other.0))
    }
}

impl<P: ResidueParams<N>, const N: usize> Neg for Montgomery<P, N> {
    type Output = Self;

    #[inline]
    fn neg(self) -> Self {
        Self(self.0.neg())
    }
}

impl<P: ResidueParams<N> + Copy, const N: usize> ConditionallySelectable for Montgomery<P, N> {
    fn conditional_select(a: &Self, b: &Self, choice: Choice) -> Self {
        Self(Residue::conditional_select(&a.0, &b.0, choice))
    }
}
