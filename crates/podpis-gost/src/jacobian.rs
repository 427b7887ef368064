//! Curves of prime order, y² = x³ + ax + b, in Jacobian coordinates: x = X/Z², y = Y/Z³, infinity has Z = 0.
//!
//! **Invariant:** Z is zero at infinity only. The order is an odd prime, so no point is its own negative.

use alloc::vec::Vec;

use crate::domain::Domain;
use crate::field::{Field, invert_all};
use crate::point::{Next, Point};

/// A point of a curve without cofactor.
pub(crate) struct Jacobian<D: Domain<N>, const N: usize> {
    x: D::Field,
    y: D::Field,
    z: D::Field,
}

impl<D: Domain<N>, const N: usize> Clone for Jacobian<D, N> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<D: Domain<N>, const N: usize> Copy for Jacobian<D, N> {}

impl<D: Domain<N, Point = Self>, const N: usize> Point<D, N> for Jacobian<D, N> {
    /// Affine x and y.
    type Multiple = (D::Field, D::Field);

    const INFINITY: Self = Self {
        x: D::Field::ONE,
        y: D::Field::ONE,
        z: D::Field::ZERO,
    };

    #[inline]
    fn double(&self, _next: Next) -> Self {
        let yy = self.y.square();
        let slope = if D::A_IS_MINUS_3 {
            let zz = self.z.square();
            let third = (self.x - zz) * (self.x + zz);
            third.double() + third
        } else {
            let xx = self.x.square();
            xx.double() + xx + D::A * self.z.square().square()
        };
        let s = (self.x * yy).double().double();
        let x = slope.square() - s.double();
        let eight_y4 = yy.square().double().double().double();
        Self {
            x,
            y: slope * (s - x) - eight_y4,
            z: (self.y * self.z).double(),
        }
    }

    #[inline]
    fn add(&self, (x, y): &Self::Multiple, negative: bool, next: Next) -> Self {
        let y = if negative { -*y } else { *y };
        if self.z.is_zero() {
            let z = D::Field::ONE;
            return Self { x: *x, y, z };
        }
        let zz = self.z.square();
        let width = *x * zz - self.x;
        let height = y * zz * self.z - self.y;
        if width.is_zero() {
            return if height.is_zero() {
                self.double(next)
            } else {
                Self::INFINITY
            };
        }
        let square = width.square();
        let cube = square * width;
        let v = self.x * square;
        let sum_x = height.square() - cube - v.double();
        Self {
            x: sum_x,
            y: height * (v - sum_x) - self.y * cube,
            z: self.z * width,
        }
    }

    /// All sums are made on the isomorphic curve on which twice the point is affine: there x is x·w² and y is y·w³,
    /// where w is the Z of that double. Adding does not use the coefficients, which differ.
    fn odd_multiples(x: D::Field, y: D::Field, count: usize) -> Option<Vec<Self::Multiple>> {
        let z = D::Field::ONE;
        let double = Self { x, y, z }.double(Next::Add);
        let w = double.z;
        let ww = w.square();
        let step = (double.x, double.y);
        let mut multiple = Self {
            x: x * ww,
            y: y * ww * w,
            z,
        };
        let mut multiples = Vec::with_capacity(count);
        for _ in 0..count {
            multiples.push(multiple);
            multiple = multiple.add(&step, false, Next::Add);
        }
        let all_z: Vec<D::Field> = multiples.iter().map(|point| point.z * w).collect();
        let inverses = invert_all(&all_z)?;
        let affine = multiples.iter().zip(inverses).map(|(point, inverse)| {
            let square = inverse.square();
            (point.x * square, point.y * square * inverse)
        });
        Some(affine.collect())
    }

    fn is_infinity(&self) -> bool {
        self.z.is_zero()
    }

    fn has_x(&self, x: D::Field) -> bool {
        !self.is_infinity() && x * self.z.square() == self.x
    }
}
