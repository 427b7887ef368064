//! Both forms of elements against crypto-bigint's own sums and products, with numbers at the ends of the range.

use std::vec::Vec;

use crypto_bigint::modular::runtime_mod::{DynResidue, DynResidueParams};
use crypto_bigint::{U256, U512, Uint};
use proptest::prelude::*;

use super::Field;
use crate::domain::{CryptoProA, CryptoProB, CryptoProC, Domain, Tc26A512, Tc26B512, Test512};

fn same<D: Domain<N>, const N: usize>(a: &Uint<N>, b: &Uint<N>) {
    let parameters = DynResidueParams::new(&D::Field::MODULUS);
    let [right_a, right_b] = [a, b].map(|number| DynResidue::new(number, parameters));
    let [a, b] = [right_a, right_b].map(|right| D::Field::from_number(&right.retrieve()).unwrap());
    for (found, right) in [
        (a + b, right_a + right_b),
        (a - b, right_a - right_b),
        (a * b, right_a * right_b),
        (-a, -right_a),
        (a.square(), right_a.square()),
        (a.double(), right_a + right_a),
    ] {
        assert_eq!(found.number(), right.retrieve());
        assert!(found.number() < D::Field::MODULUS);
    }
    match a.invert() {
        Some(inverse) => assert_eq!((a * inverse).number(), Uint::ONE),
        None => assert!(a.is_zero()),
    }
}

/// Zero, what is next to it, the prime, what is next to it, and all ones.
fn ends<D: Domain<N>, const N: usize>() -> Vec<Uint<N>> {
    let near = |number: Uint<N>| {
        (0_u16..3)
            .chain(568..570)
            .chain(616..618)
            .flat_map(move |distance| {
                let distance = Uint::from_u16(distance);
                [
                    number.wrapping_add(&distance),
                    number.wrapping_sub(&distance),
                ]
            })
    };
    near(Uint::ZERO).chain(near(D::Field::MODULUS)).collect()
}

fn same_at_the_ends<D: Domain<N>, const N: usize>() {
    let ends = ends::<D, N>();
    for a in &ends {
        for b in &ends {
            same::<D, N>(a, b);
        }
    }
}

#[test]
fn the_ends_of_the_range_are_computed_rightly() {
    same_at_the_ends::<CryptoProA, _>();
    same_at_the_ends::<CryptoProB, _>();
    same_at_the_ends::<CryptoProC, _>();
    same_at_the_ends::<Tc26A512, _>();
    same_at_the_ends::<Tc26B512, _>();
    same_at_the_ends::<Test512, _>();
}

#[test]
fn a_number_that_is_not_below_the_prime_is_no_element() {
    let prime = <CryptoProA as Domain<{ U256::LIMBS }>>::Field::MODULUS;
    for number in [prime, U256::MAX] {
        assert!(<CryptoProA as Domain<_>>::Field::from_number(&number).is_none());
    }
    let prime = <Test512 as Domain<{ U512::LIMBS }>>::Field::MODULUS;
    for number in [prime, U512::MAX] {
        assert!(<Test512 as Domain<_>>::Field::from_number(&number).is_none());
    }
}

fn number() -> impl Strategy<Value = (U256, U512)> {
    any::<[[u8; 32]; 3]>().prop_map(|[one, low, high]| {
        (
            U256::from_le_slice(&one),
            U512::from_le_slice(&[low, high].concat()),
        )
    })
}

proptest! {
    #[test]
    fn any_numbers_are_computed_rightly((a, long_a) in number(), (b, long_b) in number()) {
        same::<CryptoProA, _>(&a, &b);
        same::<CryptoProB, _>(&a, &b);
        same::<CryptoProC, _>(&a, &b);
        same::<Tc26A512, _>(&long_a, &long_b);
        same::<Tc26B512, _>(&long_a, &long_b);
        same::<Test512, _>(&long_a, &long_b);
    }
}
