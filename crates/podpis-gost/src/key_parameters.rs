//! The AlgorithmIdentifier of a key: which algorithm, and which parameter set of the algorithm's size.
//!
//! **Invariant:** the set of a [`KeyParameters`] is of the size of its algorithm. Of the parameters only the set is
//! read: producers leave `digestParamSet` out, put the one of GOST R 34.11-94 into keys of 2012, and add the
//! `encryptionParamSet` of 2001 to keys of 2012.

use der::asn1::{Any, AnyRef, ObjectIdentifier, SequenceOf};
use der::{Tag, Tagged};
use spki::{AlgorithmIdentifierOwned, AlgorithmIdentifierRef};

use crate::algorithm::Algorithm;
use crate::key_error::{KeyError, Unsupported};
use crate::param_set::ParamSet;

/// What a key is for, and over which curve.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct KeyParameters {
    algorithm: Algorithm,
    set: ParamSet,
}

impl KeyParameters {
    pub(crate) fn new(algorithm: Algorithm, set: ParamSet) -> Result<Self, KeyError> {
        if algorithm.size() == set.curve().size() {
            Ok(Self { algorithm, set })
        } else {
            Err(KeyError::SetOfOtherSize { algorithm, set })
        }
    }

    pub(crate) fn read(identifier: &AlgorithmIdentifierRef<'_>) -> Result<Self, KeyError> {
        let unsupported = |what| KeyError::Unsupported(what);
        let algorithm = Algorithm::from_oid(identifier.oid)
            .ok_or(unsupported(Unsupported::Algorithm(identifier.oid)))?;
        let parameters = identifier
            .parameters
            .filter(|parameters| parameters.tag() != Tag::Null)
            .ok_or(KeyError::InheritedParameters)?;
        let set = param_set_oid(parameters).ok_or(KeyError::Malformed)?;
        let set = ParamSet::from_oid(set).ok_or(unsupported(Unsupported::ParamSet(set)))?;
        Self::new(algorithm, set)
    }

    /// The identifier as RFC 9215, 4.2 and RFC 4491, 2.3.2 want it written.
    pub(crate) fn write(self) -> der::Result<AlgorithmIdentifierOwned> {
        let mut oids = SequenceOf::<ObjectIdentifier, 2>::new();
        oids.add(self.set.oid())?;
        if self.set.names_digest() {
            oids.add(self.algorithm.digest_param_set())?;
        }
        Ok(AlgorithmIdentifierOwned {
            oid: self.algorithm.oid(),
            parameters: Some(Any::encode_from(&oids)?),
        })
    }

    pub(crate) fn algorithm(self) -> Algorithm {
        self.algorithm
    }

    pub(crate) fn set(self) -> ParamSet {
        self.set
    }
}

/// `publicKeyParamSet`, which two more identifiers may follow.
fn param_set_oid(parameters: AnyRef<'_>) -> Option<ObjectIdentifier> {
    let oids: SequenceOf<ObjectIdentifier, 3> = parameters.decode_as().ok()?;
    oids.get(0).copied()
}
