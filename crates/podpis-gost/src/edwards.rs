//! The two curves with cofactor 4 in their twisted Edwards form, u² + v² = 1 + d·u²·v² (RFC 7836, 5.2), in extended
//! coordinates: u = U/Z, v = V/Z, u·v = T/Z, infinity of the other form is (0, 1).
//!
//! **Invariant:** Z is never zero. d is not a square, so the formulas have no exceptions.

use alloc::vec::Vec;

use crate::domain::EdwardsDomain;
use crate::field::{Field, invert_all};
use crate::point::{Next, Point};

/// A point of a curve with a twisted Edwards form.
pub(crate) struct Edwards<D: EdwardsDomain<N>, const N: usize> {
    u: D::Field,
    v: D::Field,
    z: D::Field,
    /// U·V/Z, or anything if the point was made to be doubled next.
    t: D::Field,
}

/// An affine point of a table.
#[derive(Clone, Copy)]
pub(crate) struct EdwardsMultiple<F> {
    u: F,
    v: F,
    /// v + u
    sum: F,
    /// v − u
    difference: F,
    /// d·u·v
    product: F,
}

impl<D: EdwardsDomain<N>, const N: usize> Clone for Edwards<D, N> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<D: EdwardsDomain<N>, const N: usize> Copy for Edwards<D, N> {}

impl<D: EdwardsDomain<N>, const N: usize> Edwards<D, N> {
    /// The point (x, y) of the Weierstrass form: u = (x − t)/y, v = (x − t − s)/(x − t + s).
    /// `None` for the point of order 2, whose y is zero.
    fn from_affine(x: D::Field, y: D::Field) -> Option<Self> {
        let shifted = x - D::T;
        let below = shifted + D::S;
        let above = shifted - D::S;
        let z = y * below;
        (!z.is_zero()).then(|| Self {
            u: shifted * below,
            v: above * y,
            z,
            t: shifted * above,
        })
    }

    /// The four products that doubling and adding end with.
    fn finish(e: D::Field, f: D::Field, g: D::Field, h: D::Field, next: Next) -> Self {
        let t = if next == Next::Add { e * h } else { e };
        Self {
            u: e * f,
            v: g * h,
            z: f * g,
            t,
        }
    }

    fn table_entry(&self, inverse_of_z: D::Field) -> EdwardsMultiple<D::Field> {
        let (u, v) = (self.u * inverse_of_z, self.v * inverse_of_z);
        EdwardsMultiple {
            u,
            v,
            sum: v + u,
            difference: v - u,
            product: D::D * u * v,
        }
    }
}

impl<D: EdwardsDomain<N, Point = Self>, const N: usize> Point<D, N> for Edwards<D, N> {
    type Multiple = EdwardsMultiple<D::Field>;

    const INFINITY: Self = Self {
        u: D::Field::ZERO,
        v: D::Field::ONE,
        z: D::Field::ONE,
        t: D::Field::ZERO,
    };

    #[inline]
    fn double(&self, next: Next) -> Self {
        let uu = self.u.square();
        let vv = self.v.square();
        let g = uu + vv;
        let e = (self.u + self.v).square() - g;
        let f = g - self.z.square().double();
        Self::finish(e, f, g, uu - vv, next)
    }

    #[inline]
    fn add(&self, multiple: &Self::Multiple, negative: bool, next: Next) -> Self {
        let uu = self.u * multiple.u;
        let vv = self.v * multiple.v;
        let tt = self.t * multiple.product;
        let sum = self.u + self.v;
        // The negative of (u, v) is (−u, v).
        if negative {
            let e = sum * multiple.difference - vv + uu;
            Self::finish(e, self.z + tt, self.z - tt, vv + uu, next)
        } else {
            let e = sum * multiple.sum - vv - uu;
            Self::finish(e, self.z - tt, self.z + tt, vv - uu, next)
        }
    }

    fn odd_multiples(x: D::Field, y: D::Field, count: usize) -> Option<Vec<Self::Multiple>> {
        let mut multiple = Self::from_affine(x, y)?;
        let double = multiple.double(Next::Add);
        let step = double.table_entry(double.z.invert()?);
        let mut multiples = Vec::with_capacity(count);
        for _ in 0..count {
            multiples.push(multiple);
            multiple = multiple.add(&step, false, Next::Add);
        }
        let all_z: Vec<D::Field> = multiples.iter().map(|point| point.z).collect();
        let inverses = invert_all(&all_z)?;
        let entries = multiples.iter().zip(inverses);
        Some(
            entries
                .map(|(point, inverse)| point.table_entry(inverse))
                .collect(),
        )
    }

    fn is_infinity(&self) -> bool {
        // u is zero at (0, −1), the point of order 2, as well.
        self.u.is_zero() && self.v == self.z
    }

    /// x = s(1 + v)/(1 − v) + t. v is 1 at infinity only.
    fn has_x(&self, x: D::Field) -> bool {
        let denominator = self.z - self.v;
        !denominator.is_zero() && (x - D::T) * denominator == D::S * (self.z + self.v)
    }
}
