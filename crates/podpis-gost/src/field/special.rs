//! Numbers modulo p = 2ⁿ − C for a small C, where reducing is one multiplication by C.
//!
//! **Invariant:** the number is below p.

use core::ops::{Add, Mul, Neg, Sub};

use crypto_bigint::subtle::{Choice, ConditionallySelectable};
use crypto_bigint::{Limb, Uint, Word};

use super::{Field, words};

/// An element modulo 2ⁿ − `C`, where n is the size of `N` limbs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Special<const C: u16, const N: usize>(Uint<N>);

impl<const C: u16, const N: usize> Special<C, N> {
    const C: Word = C as Word;

    /// The element of a number that is known to be below p, such as a constant of a curve.
    pub(crate) const fn new(number: &Uint<N>) -> Self {
        Self(*number)
    }

    /// A number of words, and a bit above them, that is below 2p.
    #[inline]
    fn reduce_once(number: &[Word; N], too_long: bool) -> Self {
        // The number less p. Where the bit is not set, the carry tells whether it was p or more.
        let (less, reduced) = words::add_word(number, Self::C);
        Self(Uint::from_words(words::select(
            too_long | reduced,
            &less,
            number,
        )))
    }

    /// low + high·2ⁿ modulo p: low + high·C, which is at most C words of 2ⁿ too long, and those once more. It is what
    /// [`Uint::mul_mod_special`] does, in little more than half the time at 256 bits.
    #[inline]
    fn reduce((low, high): (Uint<N>, Uint<N>)) -> Self {
        let mut sum = [0; N];
        let mut above = Limb::ZERO;
        for ((word, low), high) in sum.iter_mut().zip(low.as_limbs()).zip(high.as_limbs()) {
            let partial;
            (partial, above) = low.mac(*high, Limb(Self::C), above);
            *word = partial.0;
        }
        // One C too much tells by the carry whether the sum was p or more; `above` is at most C, so the product of
        // two numbers of 16 bits and a bit is a word.
        let (sum, reduced) = words::add_word(&sum, (above.0 + 1) * Self::C);
        let too_much = words::word_if(!reduced, Self::C);
        Self(Uint::from_words(words::subtract_word(&sum, too_much)))
    }
}

impl<const C: u16, const N: usize> Field<N> for Special<C, N> {
    const ZERO: Self = Self(Uint::ZERO);
    const ONE: Self = Self(Uint::ONE);
    const MODULUS: Uint<N> = Uint::ZERO.wrapping_sub(&Uint::from_u16(C));

    fn from_number(number: &Uint<N>) -> Option<Self> {
        (*number < Self::MODULUS).then_some(Self(*number))
    }

    #[cfg(any(feature = "sign", test))]
    fn number(&self) -> Uint<N> {
        self.0
    }

    #[inline]
    fn square(&self) -> Self {
        Self::reduce(self.0.square_wide())
    }

    fn invert(&self) -> Option<Self> {
        let (inverse, exists) = self.0.inv_odd_mod(&Self::MODULUS);
        bool::from(exists).then_some(Self(inverse))
    }
}

impl<const C: u16, const N: usize> Add for Special<C, N> {
    type Output = Self;

    #[inline]
    fn add(self, other: Self) -> Self {
        let (sum, too_long) = words::add(self.0.as_words(), other.0.as_words());
        Self::reduce_once(&sum, too_long)
    }
}

impl<const C: u16, const N: usize> Sub for Special<C, N> {
    type Output = Self;

    #[inline]
    fn sub(self, other: Self) -> Self {
        let (difference, below_zero) = words::subtract(self.0.as_words(), other.0.as_words());
        let too_much = words::word_if(below_zero, Self::C);
        Self(Uint::from_words(words::subtract_word(
            &difference,
            too_much,
        )))
    }
}

impl<const C: u16, const N: usize> Mul for Special<C, N> {
    type Output = Self;

    #[inline]
    fn mul(self, other: Self) -> Self {
        Self::reduce(self.0.mul_wide(&other.0))
    }
}

impl<const C: u16, const N: usize> Neg for Special<C, N> {
    type Output = Self;

    #[inline]
    fn neg(self) -> Self {
        Self::ZERO - self
    }
}

impl<const C: u16, const N: usize> ConditionallySelectable for Special<C, N> {
    fn conditional_select(a: &Self, b: &Self, choice: Choice) -> Self {
        Self(Uint::conditional_select(&a.0, &b.0, choice))
    }
}
