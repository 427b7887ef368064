//! The public point of a private number, and the values that it makes.
//!
//! **Invariant:** a private number and a nonce are above 0 and below q.

use alloc::vec::Vec;

use crypto_bigint::modular::constant_mod::ResidueParams;
use crypto_bigint::{Limb, Uint};
use zeroize::Zeroizing;

use super::projective::base_times;
use crate::checked_point::digest_number;
use crate::domain::{Domain, Scalar};
use crate::key_error::KeyError;

/// x and y of the key, both little-endian, for a private number in little-endian bytes.
pub(crate) fn public_coordinates<D: Domain<N>, const N: usize>(
    scalar: &[u8],
) -> Result<Vec<u8>, KeyError> {
    if scalar.len() != N * Limb::BYTES {
        return Err(KeyError::Length);
    }
    let number = Zeroizing::new(Uint::<N>::from_le_slice(scalar));
    if *number >= <D::Order as ResidueParams<N>>::MODULUS {
        return Err(KeyError::ScalarOutOfRange);
    }
    let scalar = Zeroizing::new(Scalar::<D, N>::new(&number));
    let (x, y) = base_times::<D, N>(&scalar).ok_or(KeyError::ScalarOutOfRange)?;
    Ok(little_endian(&x).chain(little_endian(&y)).collect())
}

/// s and r for a private number that was checked, a digest as long as the numbers, and random bytes for two numbers:
/// twice as many as q has, so that the nonce that they make modulo q is as good as uniform.
/// `None` if the nonce, r or s comes out as zero, or a length is another.
pub(crate) fn sign<D: Domain<N>, const N: usize>(
    scalar: &[u8],
    digest: &[u8],
    random: &[u8],
) -> Option<Vec<u8>> {
    let size = N * Limb::BYTES;
    if (scalar.len(), digest.len(), random.len()) != (size, size, 2 * size) {
        return None;
    }
    let (low, high) = random.split_at(size);
    let wide = (Uint::<N>::from_le_slice(low), Uint::from_le_slice(high));
    let (nonce, _) = Uint::const_rem_wide(wide, &<D::Order as ResidueParams<N>>::MODULUS);
    let nonce = Zeroizing::new(Scalar::<D, N>::new(&nonce));
    let private = Zeroizing::new(Scalar::<D, N>::new(&Uint::from_le_slice(scalar)));

    let (x, _) = base_times::<D, N>(&nonce)?;
    let r = Scalar::<D, N>::new(&x);
    let s = r * *private + *nonce * digest_number::<D, N>(digest);
    let (r, s) = (r.retrieve(), s.retrieve());
    if r == Uint::ZERO || s == Uint::ZERO {
        return None;
    }
    let big_endian = |number| little_endian(number).rev();
    Some(big_endian(&s).chain(big_endian(&r)).collect())
}

fn little_endian<const N: usize>(
    number: &Uint<N>,
) -> impl DoubleEndedIterator<Item = u8> + use<'_, N> {
    number.as_words().iter().flat_map(|word| word.to_le_bytes())
}
