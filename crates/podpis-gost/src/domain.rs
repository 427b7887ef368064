//! What makes a curve: its field, its coefficients, its base point, the order of that point.
//!
//! **Invariant:** the base point is on the curve and has the prime order `Order::MODULUS`.

use crypto_bigint::modular::constant_mod::{Residue, ResidueParams};

use crate::field::Field;
use crate::point::{Multiple, Point};

/// A curve y² = x³ + ax + b over a prime field, both p and q of `N` limbs.
pub(crate) trait Domain<const N: usize>: Copy + Send + Sync + 'static {
    type Field: Field<N>;
    /// q, the order of the base point.
    type Order: ResidueParams<N> + Copy + Eq + Send + Sync + 'static;
    /// The coordinates in which this curve is fastest.
    type Point: Point<Self, N>;

    const A: Self::Field;
    const A_IS_MINUS_3: bool;
    const B: Self::Field;
    const X: Self::Field;
    const Y: Self::Field;
    /// Whether points exist that are not multiples of the base point.
    const HAS_COFACTOR: bool;

    /// The odd multiples of the base point. They are made at the first use and kept.
    fn base_multiples() -> &'static [Multiple<Self, N>];
}

/// A curve that has a twisted Edwards form with e = 1.
pub(crate) trait EdwardsDomain<const N: usize>: Domain<N> {
    /// d, not a square.
    const D: Self::Field;
    /// (1 − d)/4
    const S: Self::Field;
    /// (1 + d)/6
    const T: Self::Field;
}

/// A number modulo the order of the base point.
pub(crate) type Scalar<D, const N: usize> = Residue<<D as Domain<N>>::Order, N>;

/// Writes down one curve in a module of its own. Numbers are hexadecimal, big-endian and as long as the field.
macro_rules! domain {
    (
        $(#[$doc:meta])*
        $module:ident::$name:ident, $number:ident,
        p: $form:ident $p:literal, q: $q:literal, a: $a:literal, b: $b:literal, x: $x:literal, y: $y:literal,
        $(edwards: { d: $d:literal, s: $s:literal, t: $t:literal $(,)? },)?
    ) => {
        pub(crate) use $module::$name;

        $(#[$doc])*
        mod $module {
            use alloc::boxed::Box;
            use alloc::vec::Vec;
            use core::cmp::Ordering;

            use crypto_bigint::{$number as Number, impl_modulus};
            use once_cell::race::OnceBox;

            use crate::domain::Domain;
            use crate::field::Field;
            use crate::point::{self, Multiple};

            const N: usize = Number::LIMBS;

            #[derive(Clone, Copy)]
            pub(crate) struct $name;

            domain!(@field $form $p);
            impl_modulus!(Order, Number, $q);

            const fn element(number: &str) -> Element {
                Element::new(&Number::from_be_hex(number))
            }

            impl Domain<N> for $name {
                type Field = Element;
                type Order = Order;
                type Point = domain!(@point $($d)?);

                const A: Element = element($a);
                const A_IS_MINUS_3: bool = matches!(
                    Number::from_be_hex($a)
                        .wrapping_add(&Number::from_u8(3))
                        .cmp_vartime(&<Element as Field<N>>::MODULUS),
                    Ordering::Equal
                );
                const B: Element = element($b);
                const X: Element = element($x);
                const Y: Element = element($y);
                const HAS_COFACTOR: bool = domain!(@cofactor $($d)?);

                fn base_multiples() -> &'static [Multiple<Self, N>] {
                    static MULTIPLES: OnceBox<Vec<Multiple<$name, N>>> = OnceBox::new();
                    MULTIPLES.get_or_init(|| Box::new(point::base_multiples::<Self, N>()))
                }
            }

            $(
                impl crate::domain::EdwardsDomain<N> for $name {
                    const D: Element = element($d);
                    const S: Element = element($s);
                    const T: Element = element($t);
                }
            )?
        }
    };

    // p = 2ⁿ − c for the c that is given
    (@field special $c:literal) => {
        type Element = crate::field::Special<$c, N>;
    };
    (@field montgomery $p:literal) => {
        impl_modulus!(Prime, Number, $p);
        type Element = crate::field::Montgomery<Prime, N>;
    };
    (@point) => { crate::jacobian::Jacobian<Self, N> };
    (@point $d:literal) => { crate::edwards::Edwards<Self, N> };
    (@cofactor) => { false };
    (@cofactor $d:literal) => { true };
}

mod bits256;
mod bits512;

pub(crate) use bits256::{CryptoProA, CryptoProB, CryptoProC, Tc26A256, Test256};
pub(crate) use bits512::{Tc26A512, Tc26B512, Tc26C512, Test512};
