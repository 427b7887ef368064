//! Decides which of many digests a value without signed attributes may have been made over.
//!
//! Trying each digest would verify a value once per pair of signature and document. An RSA value
//! holds its digest; an ECDSA value (r, s) of the key Q was made over the e for which
//! e·G = s·R − r·Q, where R has the abscissa r, so the points e·G of all digests are made once.
//!
//! **Invariant:** what is found is a hint, which the verification of the value has to confirm; one
//! lookup costs the same however many digests there are.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};

use p256::NistP256;
use p384::NistP384;
use p521::NistP521;
use p521::elliptic_curve::group::Group as _;
use p521::elliptic_curve::ops::Reduce;
use p521::elliptic_curve::point::DecompressPoint;
use p521::elliptic_curve::sec1::{FromEncodedPoint, ModulusSize, ToEncodedPoint};
use p521::elliptic_curve::{
    AffinePoint, CurveArithmetic, FieldBytes, FieldBytesSize, PrimeCurve, ProjectivePoint,
    PublicKey, Scalar,
};

use super::ec::{number_of, plain};
use super::{Value, rsa};
use crate::public_key;
use crate::tlv::{self, Element};
use crate::{Certificate, KeyAlgorithm, SignatureAlgorithm};

/// Different digests in one algorithm, to find one of them by a value.
pub(crate) struct DigestsToFind {
    all: HashSet<Vec<u8>>,
    p256: OnceCell<ByAbscissa>,
    p384: OnceCell<ByAbscissa>,
    p521: OnceCell<ByAbscissa>,
}

/// The digests by the abscissa of their points.
type ByAbscissa = HashMap<Vec<u8>, Vec<u8>>;

/// What a search gave.
pub(crate) enum Found<'d> {
    /// Only this one can be it.
    Only(&'d [u8]),
    /// None of them is it.
    Nothing,
    /// The algorithm does not tell; each has to be tried.
    NotTold,
}

impl DigestsToFind {
    pub(crate) fn new(all: impl IntoIterator<Item = Vec<u8>>) -> Self {
        Self {
            all: all.into_iter().collect(),
            p256: OnceCell::new(),
            p384: OnceCell::new(),
            p521: OnceCell::new(),
        }
    }

    /// The digest of these bytes, if it is among them.
    pub(super) fn same(&self, digest: &[u8]) -> Option<&[u8]> {
        self.all.get(digest).map(Vec::as_slice)
    }

    /// The one that the signer's value can have been made over by the key of this certificate.
    pub(crate) fn find(&self, value: &Value<'_>, certificate: &Certificate) -> Found<'_> {
        let Some(key) = public_key::PublicKey::read(certificate.spki_der()) else {
            return Found::NotTold;
        };
        let bytes = value.bytes;
        let found = match (&value.scheme.algorithm, certificate.key_algorithm()) {
            (SignatureAlgorithm::RsaPkcs1, KeyAlgorithm::Rsa) => {
                rsa::find_digest(value, &key, self)
            }
            (SignatureAlgorithm::Ecdsa, KeyAlgorithm::EcP256) => {
                self.by_point::<NistP256>(&self.p256, key.bits, bytes)
            }
            (SignatureAlgorithm::Ecdsa, KeyAlgorithm::EcP384) => {
                self.by_point::<NistP384>(&self.p384, key.bits, bytes)
            }
            (SignatureAlgorithm::Ecdsa, KeyAlgorithm::EcP521) => {
                self.by_point::<NistP521>(&self.p521, key.bits, bytes)
            }
            _ => return Found::NotTold,
        };
        found.map_or(Found::Nothing, Found::Only)
    }

    fn by_point<'p, C>(
        &self,
        points: &'p OnceCell<ByAbscissa>,
        key: &[u8],
        value: &[u8],
    ) -> Option<&'p [u8]>
    where
        C: PrimeCurve + CurveArithmetic,
        AffinePoint<C>: DecompressPoint<C> + FromEncodedPoint<C> + ToEncodedPoint<C>,
        FieldBytesSize<C>: ModulusSize,
        Scalar<C>: Reduce<C::Uint, Bytes = FieldBytes<C>>,
    {
        let points = points.get_or_init(|| {
            let point = |digest: &Vec<u8>| {
                let e = Scalar::<C>::reduce_bytes(&number_of::<C>(digest));
                let point = ProjectivePoint::<C>::generator() * e;
                Some((abscissa::<C>(point)?, digest.clone()))
            };
            self.all.iter().filter_map(point).collect()
        });
        let mut numbers = Element::single(value).ok()?.inside();
        let mut number = || {
            let number = numbers.expect(tlv::INTEGER, "ECDSA value").ok()?.content();
            let zeros = number.iter().take_while(|byte| **byte == 0).count();
            let number = number.get(zeros..)?;
            let fits = number.len() <= FieldBytes::<C>::default().len();
            fits.then(|| number_of::<C>(number))
        };
        let (r, s) = (number()?, number()?);
        let made = Option::<AffinePoint<C>>::from(AffinePoint::<C>::decompress(&r, 0.into()))?;
        let key = PublicKey::<C>::from_sec1_bytes(&plain(key))
            .ok()?
            .to_projective();
        let left = ProjectivePoint::<C>::from(made) * Scalar::<C>::reduce_bytes(&s);
        let right = key * Scalar::<C>::reduce_bytes(&r);
        // Which of the two points over r was R is not known; the abscissa is the same for a point
        // and its opposite, so two cases are left.
        [left - right, left + right]
            .into_iter()
            .find_map(|point| points.get(&abscissa::<C>(point)?))
            .map(Vec::as_slice)
    }
}

/// `None` for the point at infinity.
fn abscissa<C>(point: ProjectivePoint<C>) -> Option<Vec<u8>>
where
    C: PrimeCurve + CurveArithmetic,
    AffinePoint<C>: ToEncodedPoint<C>,
    FieldBytesSize<C>: ModulusSize,
{
    let affine: AffinePoint<C> = point.into();
    affine.to_encoded_point(true).x().map(|x| x.to_vec())
}
