//! Numbers modulo any odd prime, in Montgomery form.
//!
//! **Invariant:** the number is below the prime; crypto-bigint keeps it so.

use crypto_bigint::Uint;
use crypto_bigint::modular::constant_mod::{Residue, ResidueParams};

use super::Field;

/// An element modulo the prime that `P` names.
pub(crate) type Montgomery<P, const N: usize> = Residue<P, N>;

impl<P, const N: usize> Field<N> for Residue<P, N>
where
    P: ResidueParams<N> + Copy + Eq + Send + Sync + 'static,
{
    const ZERO: Self = Residue::ZERO;
    const ONE: Self = Residue::ONE;
    const MODULUS: Uint<N> = P::MODULUS;

    fn from_number(number: &Uint<N>) -> Option<Self> {
        (*number < P::MODULUS).then(|| Residue::new(number))
    }

    #[cfg(any(feature = "sign", test))]
    fn number(&self) -> Uint<N> {
        self.retrieve()
    }

    #[inline]
    fn square(&self) -> Self {
        Residue::square(self)
    }

    fn invert(&self) -> Option<Self> {
        let (inverse, exists) = Residue::invert(self);
        bool::from(exists).then_some(inverse)
    }
}
