//! Decides what one judgement can be made from: what was given, and what stands in the signature.
//!
//! **Invariant:** what stands in the signature is used like what was given, but it is never a root,
//! and it comes after what was given.

use podpis_cms::tlv::{self, Elements};
use podpis_cms::{Certificate, Signature, Signer};

use crate::certificates::Certificates;
use crate::known::Known;
use crate::lists::Lists;
use crate::{Given, RevocationList, attribute, oid};

/// Different certificates, and lists, that are taken from one signature and its time stamps at most;
/// more are as if they were not there. Anybody can add some, and each is compared with many.
const MOST_CERTIFICATES: usize = 2_000;
const MOST_LISTS: usize = 1_000;

/// Certificates and lists by number: first those given, then those found.
pub(crate) struct Evidence<'a> {
    pub(crate) given: &'a Given,
    certificates: Certificates,
    lists: Lists,
}

impl<'a> Evidence<'a> {
    pub(crate) fn new(given: &'a Given) -> Self {
        Self {
            given,
            certificates: Certificates::default(),
            lists: Lists::default(),
        }
    }

    /// Takes up what stands in a signature: also what was put into it later, to be kept with it.
    pub(crate) fn take(&mut self, signature: &Signature) {
        // What the signers name is not crowded out by what stands around it.
        for signer in signature.signers() {
            for certificate in signer.certificates() {
                self.add(certificate.clone());
            }
        }
        for certificate in signature.certificates() {
            self.add(certificate);
        }
        self.add_lists(signature.revocation_lists());
        for signer in signature.signers() {
            self.take_values(signer);
        }
    }

    fn take_values(&mut self, signer: &Signer) {
        for values in attribute::values(signer.unsigned_attributes(), oid::CERTIFICATE_VALUES) {
            for one in values.inside() {
                if let Ok(certificate) = Certificate::from_der(one.whole()) {
                    self.add(certificate);
                }
            }
        }
        for values in attribute::values(signer.unsigned_attributes(), oid::REVOCATION_VALUES) {
            let lists = values.inside().find(|field| field.tag() == tlv::CONTEXT_0);
            let lists = lists.and_then(|lists| lists.inside().next());
            if let Some(lists) = lists {
                self.add_lists(lists.inside());
            }
        }
    }

    fn add(&mut self, certificate: Certificate) {
        if self.certificates.len() < MOST_CERTIFICATES
            && self.given.certificates.number_of(&certificate).is_none()
        {
            self.certificates.add(certificate);
        }
    }

    /// Other kinds of revocation information, such as OCSP answers, are passed over.
    fn add_lists(&mut self, lists: Elements<'_>) {
        for list in lists.filter(|list| list.tag() == tlv::SEQUENCE) {
            if self.lists.len() == MOST_LISTS {
                return;
            }
            if let Ok(list) = RevocationList::from_der(list.whole().to_vec()) {
                self.lists.add(list);
            }
        }
    }

    pub(crate) fn certificate(&self, number: usize) -> Option<&Known> {
        match number.checked_sub(self.given.certificates.len()) {
            None => self.given.certificates.get(number),
            Some(number) => self.certificates.get(number),
        }
    }

    pub(crate) fn list(&self, number: usize) -> Option<&RevocationList> {
        match number.checked_sub(self.given.lists.len()) {
            None => self.given.lists.get(number),
            Some(number) => self.lists.get(number),
        }
    }

    pub(crate) fn is_root(&self, number: usize) -> bool {
        self.given.roots.contains(&number)
    }

    pub(crate) fn of_subject(&self, subject: &[u8]) -> Vec<usize> {
        let found = self.certificates.of_subject(subject);
        self.both(self.given.certificates.of_subject(subject), found)
    }

    pub(crate) fn of_id(&self, id: &[u8]) -> Vec<usize> {
        self.both(
            self.given.certificates.of_id(id),
            self.certificates.of_id(id),
        )
    }

    pub(crate) fn of_key_id(&self, key_id: &[u8]) -> Vec<usize> {
        let found = self.certificates.of_key_id(key_id);
        self.both(self.given.certificates.of_key_id(key_id), found)
    }

    fn both(&self, given: &[usize], found: &[usize]) -> Vec<usize> {
        let first = self.given.certificates.len();
        let found = found.iter().map(|number| first + number);
        given.iter().copied().chain(found).collect()
    }

    pub(crate) fn lists_of(&self, issuer: &[u8]) -> Vec<usize> {
        let first = self.given.lists.len();
        let found = self.lists.of_issuer(issuer);
        let found = found.iter().map(|number| first + number);
        let given = self.given.lists.of_issuer(issuer).iter().copied();
        given.chain(found).collect()
    }
}
