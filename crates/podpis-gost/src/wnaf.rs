//! A scalar written in signed odd digits with zeros between them, so that multiplying by it takes few additions.
//!
//! **Invariant:** the digits times their powers of two make the scalar, and each digit is zero or odd and below
//! 2^(width − 1) in size. What a scalar is shows in the time that is taken: public scalars only.

use crypto_bigint::{Limb, Uint, Word};

/// Digits of the longest scalar: 512 bits and a carry.
const LONGEST: usize = 513;

/// The non-adjacent form of a scalar, least significant digit first.
pub(crate) struct Wnaf {
    digits: [i8; LONGEST],
    len: usize,
}

impl Wnaf {
    /// `width` is 2 to 8: a digit is non-zero at most every `width` places.
    pub(crate) fn new<const N: usize>(scalar: &Uint<N>, width: usize) -> Self {
        debug_assert!((2..=8).contains(&width) && N * Limb::BITS < LONGEST);
        let mut digits = [0; LONGEST];
        let mut len = 0;
        let mut carry = 0;
        let mut position = 0;
        while position <= N * Limb::BITS {
            let window = bits(scalar, position, width) + carry;
            if window & 1 == 0 {
                // The carry goes on: window is 0, or 2 made of a set bit and the carry.
                position += 1;
                continue;
            }
            let value = window & ((1 << width) - 1);
            let negative = value >> (width - 1) == 1;
            let size = if negative {
                (1 << width) - value
            } else {
                value
            };
            // An odd size is at most 127, for a width of at most 8.
            digits[position] = if negative { -(size as i8) } else { size as i8 };
            carry = i32::from(negative);
            len = position + 1;
            position += width;
        }
        Self { digits, len }
    }

    /// How many digits there are, without leading zeros.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// The digit at 2^`position`; zero above the last one.
    pub(crate) fn digit(&self, position: usize) -> i8 {
        self.digits[position]
    }
}

/// `count` bits (8 at most) of the scalar from `position` up.
fn bits<const N: usize>(scalar: &Uint<N>, position: usize, count: usize) -> i32 {
    let words: &[Word; N] = scalar.as_words();
    let (index, shift) = (position / Limb::BITS, position % Limb::BITS);
    let word = |index: usize| words.get(index).copied().unwrap_or(0);
    let mut found = word(index) >> shift;
    if shift + count > Limb::BITS {
        found |= word(index + 1) << (Limb::BITS - shift);
    }
    (found & ((1 << count) - 1)) as i32
}

#[cfg(test)]
mod tests {
    use std::vec::Vec;

    use crypto_bigint::{U256, U512};
    use proptest::prelude::*;

    use super::*;

    /// The scalar that the digits make, modulo 2^N as `Uint` computes.
    fn value<const N: usize>(form: &Wnaf) -> Uint<N> {
        (0..form.len()).rev().fold(Uint::ZERO, |sum, position| {
            let doubled = sum.wrapping_add(&sum);
            let digit = form.digit(position);
            let size = Uint::from_u8(digit.unsigned_abs());
            if digit < 0 {
                doubled.wrapping_sub(&size)
            } else {
                doubled.wrapping_add(&size)
            }
        })
    }

    fn is_sparse(form: &Wnaf, width: usize) -> bool {
        let places: Vec<usize> = (0..form.len()).filter(|at| form.digit(*at) != 0).collect();
        places.windows(2).all(|pair| pair[1] - pair[0] >= width)
            && places.iter().all(|at| {
                let digit = i32::from(form.digit(*at));
                digit % 2 != 0 && digit.abs() < 1 << (width - 1)
            })
    }

    #[test]
    fn zero_has_no_digits() {
        assert_eq!(Wnaf::new(&U256::ZERO, 5).len(), 0);
    }

    #[test]
    fn the_carry_of_the_largest_scalar_has_a_place() {
        let form = Wnaf::new(&U512::MAX, 8);
        assert_eq!((form.len(), form.digit(0), form.digit(512)), (513, -1, 1));
    }

    proptest! {
        #[test]
        fn digits_make_the_scalar_again(words in any::<[u64; 4]>(), width in 2_usize..=8) {
            let scalar = U256::from_le_slice(&words.map(u64::to_le_bytes).concat());
            let form = Wnaf::new(&scalar, width);
            prop_assert_eq!(value::<{ U256::LIMBS }>(&form), scalar);
            prop_assert!(is_sparse(&form, width));
        }
    }
}
