//! Decides how certificates are found among thousands: by subject, by issuer and serial, by key.
//!
//! **Invariant:** a certificate is there once, however often it is added, and keeps its number.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher as _;

use podpis_cms::Certificate;

use crate::known::{Known, certificate_id};

/// Certificates, with what they are found by.
#[derive(Debug, Clone, Default)]
pub(crate) struct Certificates {
    all: Vec<Known>,
    hasher: RandomState,
    by_bytes: HashMap<u64, Vec<usize>>,
    by_subject: HashMap<Vec<u8>, Vec<usize>>,
    by_id: HashMap<Vec<u8>, Vec<usize>>,
    by_key_id: HashMap<Vec<u8>, Vec<usize>>,
}

impl Certificates {
    /// Adds a certificate, if it is not there, and gives its number.
    pub(crate) fn add(&mut self, certificate: Certificate) -> usize {
        if let Some(number) = self.number_of(&certificate) {
            return number;
        }
        let number = self.all.len();
        let known = Known::new(certificate);
        let certificate = &known.certificate;
        let put = |map: &mut HashMap<Vec<u8>, Vec<usize>>, key: Vec<u8>| {
            map.entry(key).or_default().push(number);
        };
        put(&mut self.by_subject, known.subject.clone());
        let id = certificate_id(&known.issuer, certificate.serial_bytes());
        put(&mut self.by_id, id);
        if let Some(key_id) = known.subject_key_id() {
            put(&mut self.by_key_id, key_id.to_vec());
        }
        let hash = self.hasher.hash_one(certificate.der());
        self.by_bytes.entry(hash).or_default().push(number);
        self.all.push(known);
        number
    }

    /// The number of this very certificate, if it is there.
    pub(crate) fn number_of(&self, certificate: &Certificate) -> Option<usize> {
        if self.all.is_empty() {
            return None;
        }
        let hash = self.hasher.hash_one(certificate.der());
        let same = self.by_bytes.get(&hash)?;
        same.iter().copied().find(|number| {
            self.get(*number)
                .is_some_and(|known| known.certificate == *certificate)
        })
    }

    pub(crate) fn get(&self, number: usize) -> Option<&Known> {
        self.all.get(number)
    }

    pub(crate) fn len(&self) -> usize {
        self.all.len()
    }

    /// Those with this subject, in a comparable form.
    pub(crate) fn of_subject(&self, subject: &[u8]) -> &[usize] {
        self.by_subject.get(subject).map_or(&[], Vec::as_slice)
    }

    /// Those with this issuer and serial number, in the form of [`certificate_id`].
    pub(crate) fn of_id(&self, id: &[u8]) -> &[usize] {
        self.by_id.get(id).map_or(&[], Vec::as_slice)
    }

    /// Those with this key identifier.
    pub(crate) fn of_key_id(&self, key_id: &[u8]) -> &[usize] {
        self.by_key_id.get(key_id).map_or(&[], Vec::as_slice)
    }
}
