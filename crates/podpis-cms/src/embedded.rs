//! Decides which embedded certificates a signer may mean.
//!
//! **Invariant:** each certificate is looked at once, however many signers there are, and only those
//! that a signer names are read; equal ones count once.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher as _;
use std::sync::Arc;

use bytes::Bytes;

use crate::certificate::canonical_id;
use crate::tlv::{self, Element, Elements};
use crate::{Certificate, FormatError, Limits, Signer};

/// Gives every signer the certificates among `set` that it names.
pub(crate) fn give(
    der: &Bytes,
    set: Elements<'_>,
    signers: &mut [Signer],
    limits: &Limits,
) -> Result<(), FormatError> {
    if let [signer] = signers
        && let Some((found, has_unreadable)) = of_one(der, set.clone(), signer, limits)?
    {
        signer.set_certificates(found.into(), has_unreadable);
        return Ok(());
    }
    // Forms of names can be long; what is kept of them is a number that nobody can foresee.
    let hasher = RandomState::new();
    let mut form = Vec::new();
    let mut named: HashMap<u64, Vec<Certificate>> = HashMap::with_capacity(signers.len());
    let numbers: Vec<u64> = signers
        .iter()
        .map(|signer| {
            form.clear();
            signer.canonical_id(&mut form);
            hasher.hash_one((signer.names_key(), &form))
        })
        .collect();
    for number in &numbers {
        named.entry(*number).or_default();
    }

    let mut has_unreadable = false;
    for certificate in certificates(der, set) {
        let Some(certificate) = certificate else {
            has_unreadable = true;
            continue;
        };
        form.clear();
        canonical_id(
            certificate.issuer_der(),
            certificate.serial_bytes(),
            &mut form,
        );
        let by_issuer = hasher.hash_one((false, &form));
        let by_key = certificate
            .subject_key_id()
            .map(|id| hasher.hash_one((true, &id.to_vec())));
        for number in [Some(by_issuer), by_key].into_iter().flatten() {
            if let Some(found) = named.get_mut(&number) {
                add(found, &certificate, limits)?;
            }
        }
    }

    let named: HashMap<u64, Arc<[Certificate]>> = named
        .into_iter()
        .map(|(number, found)| (number, found.into()))
        .collect();
    // Each of them is tried for each signer, so what they come to together is bounded too.
    let tried: usize = numbers
        .iter()
        .filter_map(|number| named.get(number))
        .map(|certificates| certificates.len())
        .sum();
    if tried > signers.len() + 4 * limits.certificates {
        return Err(FormatError::TooManyCertificates {
            limit: limits.certificates,
        });
    }

    for (signer, number) in signers.iter_mut().zip(numbers) {
        if let Some(certificates) = named.get(&number) {
            signer.set_certificates(certificates.clone(), has_unreadable);
        }
    }
    Ok(())
}

/// What the only signer names, and whether there is a certificate that cannot be read. `None` where bytes alone do not
/// tell: a name of the issuer is not written as the signer writes it, and may be the same all the same.
fn of_one(
    der: &Bytes,
    set: Elements<'_>,
    signer: &Signer,
    limits: &Limits,
) -> Result<Option<(Vec<Certificate>, bool)>, FormatError> {
    let (mut found, mut has_unreadable) = (Vec::new(), false);
    for certificate in certificates(der, set) {
        let Some(certificate) = certificate else {
            has_unreadable = true;
            continue;
        };
        match signer.names_literally(&certificate) {
            Some(true) => add(&mut found, &certificate, limits)?,
            Some(false) => {}
            None => return Ok(None),
        }
    }
    Ok(Some((found, has_unreadable)))
}

/// Adds a certificate that a signer names, if it is not there yet.
fn add(
    found: &mut Vec<Certificate>,
    certificate: &Certificate,
    limits: &Limits,
) -> Result<(), FormatError> {
    if found.contains(certificate) {
        return Ok(());
    }
    if found.len() == limits.certificates {
        return Err(FormatError::TooManyCertificates {
            limit: limits.certificates,
        });
    }
    found.push(certificate.clone());
    Ok(())
}

/// The readable certificates of a set, in their order.
pub(crate) fn all(der: &Bytes, set: Elements<'_>) -> Vec<Certificate> {
    certificates(der, set).flatten().collect()
}

/// The certificates of a set, in their order; `None` for each that cannot be read. The other choices (attribute
/// certificates and the like) are never a signer's.
fn certificates(der: &Bytes, set: Elements<'_>) -> impl Iterator<Item = Option<Certificate>> {
    set.filter(|choice: &Element<'_>| choice.tag() == tlv::SEQUENCE)
        .map(|choice| Certificate::read(der.slice_ref(choice.whole())))
}
