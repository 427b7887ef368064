//! Which keys are refused, and why.

use crypto_bigint::U512;
use podpis_gost::der::asn1::ObjectIdentifier;
use podpis_gost::spki::EncodePublicKey;
use podpis_gost::{Algorithm, KeyError, ParamSet, Unsupported, VerifyingKey};

use super::naive::{Affine, Curve, Modulo, curve, curves, set};

fn read(curve: &Curve, point: &(U512, U512)) -> Result<VerifyingKey, KeyError> {
    let (algorithm, set) = set(curve);
    VerifyingKey::from_coordinates(algorithm, set, &curve.coordinates(point))
}

/// The two curves with cofactor 4 with (s, t): (t, 0) is of order 2 and (s + t, s) is of order 4.
fn with_cofactor() -> [(Curve, U512, U512); 2] {
    let d256 = "0605F6B7C183FA81578BC39CFAD518132B9DF62897009AF7E522C32D6DC7BFFB";
    let d512 = "9E4F5D8C017D8D9F13A5CF3CDF5BFE4DAB402D54198E31EBDE28A0621050439C\
                A6B39E0A515C06B304E2CE43E79E369E91A0CFC2BC2A22B4CA302DBB33EE7550";
    [("tc26-256-a", d256), ("tc26-512-c", d512)].map(|(name, d)| {
        let curve = curve(name);
        let p = Modulo::new(&curve.p);
        let d = U512::from_be_hex(&format!("{d:0>128}"));
        let over = |above: U512, below: u8| p.mul(&above, &p.invert(&U512::from_u8(below)));
        let s = over(p.sub(&U512::ONE, &d), 4);
        let t = over(p.add(&U512::ONE, &d), 6);
        (curve, s, t)
    })
}

#[test]
fn a_coordinate_must_be_below_the_prime() {
    for curve in curves() {
        let longest = U512::MAX.shr_vartime(512 - 8 * curve.size);
        let (x, y) = curve.base;
        // The same point modulo p, where that still fits; the largest number elsewhere.
        let above = |number: U512| {
            let (sum, carry) = number.adc(&curve.p, crypto_bigint::Limb::ZERO);
            if carry.0 == 0 && sum <= longest {
                sum
            } else {
                longest
            }
        };
        for point in [(above(x), y), (x, above(y)), (curve.p, y)] {
            assert_eq!(
                read(&curve, &point),
                Err(KeyError::CoordinateOutOfRange),
                "{}",
                curve.name
            );
        }
    }
}

#[test]
fn a_point_must_be_on_the_curve() {
    for curve in curves() {
        let (x, y) = curve.base;
        for point in [(x, y.wrapping_sub(&U512::ONE)), (U512::ONE, U512::ZERO)] {
            assert_eq!(
                read(&curve, &point),
                Err(KeyError::NotOnCurve),
                "{}",
                curve.name
            );
        }
    }
}

#[test]
fn points_of_small_order_are_refused() {
    for (curve, s, t) in with_cofactor() {
        let p = Modulo::new(&curve.p);
        let x = p.add(&s, &t);
        for point in [(t, U512::ZERO), (x, s), (x, p.sub(&U512::ZERO, &s))] {
            assert!(curve.is_on(&point));
            assert_eq!(
                read(&curve, &point),
                Err(KeyError::NotInSubgroup),
                "{}",
                curve.name
            );
        }
    }
}

#[test]
fn points_outside_the_subgroup_are_refused() {
    for (curve, s, t) in with_cofactor() {
        let p = Modulo::new(&curve.p);
        let small: [Affine; 3] = [
            Some((t, U512::ZERO)),
            Some((p.add(&s, &t), s)),
            Some((p.add(&s, &t), p.sub(&U512::ZERO, &s))),
        ];
        for small in small {
            let point = curve.add(&Some(curve.base), &small).unwrap();
            assert!(curve.is_on(&point));
            assert_eq!(
                read(&curve, &point),
                Err(KeyError::NotInSubgroup),
                "{}",
                curve.name
            );
        }
    }
}

#[test]
fn the_base_point_of_every_curve_is_a_key() {
    for curve in curves() {
        assert!(read(&curve, &curve.base).is_ok(), "{}", curve.name);
    }
}

#[test]
fn a_set_of_another_size_is_refused() {
    for set in ParamSet::ALL {
        for algorithm in Algorithm::ALL {
            if algorithm.size() != set.curve().size() {
                let key = VerifyingKey::from_coordinates(algorithm, set, &[1; 128]);
                assert_eq!(key, Err(KeyError::SetOfOtherSize { algorithm, set }));
            }
        }
    }
}

#[test]
fn a_key_must_be_as_long_as_its_set_says() {
    let curve = curve("cryptopro-a");
    let (algorithm, set) = set(&curve);
    let coordinates = curve.coordinates(&curve.base);
    let longer = [coordinates.as_slice(), &[0]].concat();
    for bytes in [&[], &coordinates[1..], &coordinates[..63], &longer] {
        let key = VerifyingKey::from_coordinates(algorithm, set, bytes);
        assert_eq!(key, Err(KeyError::Length));
    }
}

#[test]
fn a_key_that_is_cut_short_or_followed_by_something_is_malformed() {
    let info = include_bytes!("../fixtures/user256.spki.der");
    for length in 0..info.len() {
        let key = VerifyingKey::from_spki_der(&info[..length]);
        assert_eq!(key, Err(KeyError::Malformed), "{length}");
    }
    let followed = [info.as_slice(), &[0]].concat();
    assert_eq!(
        VerifyingKey::from_spki_der(&followed),
        Err(KeyError::Malformed)
    );
}

#[test]
fn no_changed_byte_makes_it_panic() {
    let info = include_bytes!("../fixtures/user256.spki.der");
    for index in 0..info.len() {
        for byte in [0, 1, 0x7f, 0x80, 0xff, info[index] ^ 1] {
            let mut changed = *info;
            changed[index] = byte;
            let _either = VerifyingKey::from_spki_der(&changed);
        }
    }
}

/// A SubjectPublicKeyInfo with that algorithm and these parameters, written down byte by byte.
fn info(algorithm: &str, parameters: &[u8]) -> Vec<u8> {
    let oid = ObjectIdentifier::new_unwrap(algorithm);
    let element =
        |tag: u8, content: &[u8]| [&[tag, u8::try_from(content.len()).unwrap()], content].concat();
    let curve = curve("cryptopro-a");
    let key = element(0x04, &curve.coordinates(&curve.base));
    let algorithm = [element(0x06, oid.as_bytes()), parameters.to_vec()].concat();
    let bits = element(0x03, &[&[0], key.as_slice()].concat());
    element(0x30, &[element(0x30, &algorithm), bits].concat())
}

/// The parameters of those identifiers.
fn oids(oids: &[&str]) -> Vec<u8> {
    let elements: Vec<u8> = oids
        .iter()
        .flat_map(|oid| {
            let oid = ObjectIdentifier::new_unwrap(oid);
            [
                &[0x06, u8::try_from(oid.as_bytes().len()).unwrap()],
                oid.as_bytes(),
            ]
            .concat()
        })
        .collect();
    [
        &[0x30, u8::try_from(elements.len()).unwrap()],
        elements.as_slice(),
    ]
    .concat()
}

const KEY_2001: &str = "1.2.643.2.2.19";
const KEY_2012: &str = "1.2.643.7.1.1.1.1";
const CRYPTOPRO_A: &str = "1.2.643.2.2.35.1";

#[test]
fn what_stands_behind_the_set_is_ignored() {
    for behind in [
        &[][..],
        &["1.2.643.7.1.1.2.2"],
        &["1.2.643.2.2.30.1"],
        &["1.2.643.7.1.1.2.2", "1.2.643.2.2.31.1"],
    ] {
        for algorithm in [KEY_2001, KEY_2012] {
            let parameters = oids(&[&[CRYPTOPRO_A], behind].concat());
            let key = VerifyingKey::from_spki_der(&info(algorithm, &parameters)).unwrap();
            assert_eq!(key.param_set(), ParamSet::CryptoProA);
            assert_eq!(
                key.algorithm().oid(),
                ObjectIdentifier::new_unwrap(algorithm)
            );
        }
    }
}

#[test]
fn inherited_parameters_are_not_supported() {
    for parameters in [&[][..], &[5, 0]] {
        let error = VerifyingKey::from_spki_der(&info(KEY_2012, parameters)).unwrap_err();
        assert_eq!(error, KeyError::InheritedParameters);
        assert!(error.is_unsupported());
    }
}

#[test]
fn parameters_of_another_shape_are_malformed() {
    for parameters in [
        &[0x30, 0][..],
        &[0x06, 1, 0x2a],
        &[0x04, 0],
        &[0x30, 2, 5, 0],
    ] {
        let error = VerifyingKey::from_spki_der(&info(KEY_2012, parameters)).unwrap_err();
        assert_eq!(error, KeyError::Malformed);
        assert!(!error.is_unsupported());
    }
}

#[test]
fn other_algorithms_and_sets_are_not_supported() {
    for algorithm in ["1.2.643.2.2.20", "1.2.643.2.2.4", "1.2.840.10045.2.1"] {
        let error = VerifyingKey::from_spki_der(&info(algorithm, &[5, 0])).unwrap_err();
        let oid = ObjectIdentifier::new_unwrap(algorithm);
        assert_eq!(error, KeyError::Unsupported(Unsupported::Algorithm(oid)));
        assert!(error.is_unsupported());
    }
    let set = "1.2.643.2.9.1.8.1";
    let error = VerifyingKey::from_spki_der(&info(KEY_2012, &oids(&[set]))).unwrap_err();
    let oid = ObjectIdentifier::new_unwrap(set);
    assert_eq!(error, KeyError::Unsupported(Unsupported::ParamSet(oid)));
    assert_eq!(
        error.to_string(),
        "parameter set 1.2.643.2.9.1.8.1 is not supported"
    );
}

#[test]
fn every_set_is_found_by_its_identifier_and_written_with_it() {
    for set in ParamSet::ALL {
        assert_eq!(ParamSet::from_oid(set.oid()), Some(set));
        let curve = curves()
            .into_iter()
            .find(|curve| super::naive::set(curve).1.curve() == set.curve())
            .unwrap();
        let algorithm = super::naive::set(&curve).0;
        let coordinates = curve.coordinates(&curve.base);
        let key = VerifyingKey::from_coordinates(algorithm, set, &coordinates).unwrap();
        let written = key.to_public_key_der().unwrap();
        let again = VerifyingKey::from_spki_der(written.as_bytes()).unwrap();
        assert_eq!((again.param_set(), &again), (set, &key));
    }
}
