//! Sums and differences of numbers as words, with the bit that leaves them.
//!
//! crypto-bigint has all of this, word by word through numbers of two words, which the compiler does not make carry
//! chains of: there a sum modulo a prime of 512 bits takes a third of a multiplication, here a thirtieth.
//!
//! **Invariant:** the same operations whatever the numbers are.

use crypto_bigint::Word;

/// a + b, and whether it is too long.
#[inline]
pub(super) fn add<const N: usize>(a: &[Word; N], b: &[Word; N]) -> ([Word; N], bool) {
    let mut sum = *a;
    let mut carry = false;
    for (word, other) in sum.iter_mut().zip(b) {
        let (partial, first) = word.overflowing_add(*other);
        let (total, second) = partial.overflowing_add(Word::from(carry));
        *word = total;
        carry = first | second;
    }
    (sum, carry)
}

/// a − b, and whether it is below zero.
#[inline]
pub(super) fn subtract<const N: usize>(a: &[Word; N], b: &[Word; N]) -> ([Word; N], bool) {
    let mut difference = *a;
    let mut borrow = false;
    for (word, other) in difference.iter_mut().zip(b) {
        let (partial, first) = word.overflowing_sub(*other);
        let (total, second) = partial.overflowing_sub(Word::from(borrow));
        *word = total;
        borrow = first | second;
    }
    (difference, borrow)
}

/// a + b for a b of one word, and whether it is too long.
#[inline]
pub(super) fn add_word<const N: usize>(a: &[Word; N], b: Word) -> ([Word; N], bool) {
    let mut sum = *a;
    let mut carry = b;
    let mut too_long = false;
    for word in &mut sum {
        (*word, too_long) = word.overflowing_add(carry);
        carry = Word::from(too_long);
    }
    (sum, too_long)
}

/// a − b for a b of one word, without the bit that leaves it.
#[inline]
pub(super) fn subtract_word<const N: usize>(a: &[Word; N], b: Word) -> [Word; N] {
    let mut difference = *a;
    let mut borrow = b;
    for word in &mut difference {
        let below_zero;
        (*word, below_zero) = word.overflowing_sub(borrow);
        borrow = Word::from(below_zero);
    }
    difference
}

/// `word` if `condition`, else 0.
#[inline]
pub(super) fn word_if(condition: bool, word: Word) -> Word {
    word & Word::from(condition).wrapping_neg()
}

/// `a` if `condition`, else `b`.
#[inline]
pub(super) fn select<const N: usize>(condition: bool, a: &[Word; N], b: &[Word; N]) -> [Word; N] {
    let mask = word_if(condition, Word::MAX);
    core::array::from_fn(|index| (a[index] & mask) | (b[index] & !mask))
}
