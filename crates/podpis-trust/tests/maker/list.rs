//! Revocation lists.

use podpis_cms::tlv::{self, encode};
use podpis_trust::RevocationList;

use super::der::{extension, integer, name, sequence, utc, utf8};
use super::key::Key;

/// A list to be signed.
#[derive(Clone)]
pub(crate) struct ListDraft {
    pub(crate) issuer: Vec<u8>,
    pub(crate) this_update: Vec<u8>,
    pub(crate) next_update: Vec<u8>,
    pub(crate) entries: Vec<u8>,
    pub(crate) extensions: Vec<Vec<u8>>,
}

impl ListDraft {
    /// An empty one of 14 to 21 June 2024.
    pub(crate) fn new(issuer: &str) -> Self {
        Self {
            issuer: name(&utf8(issuer)),
            this_update: utc("20240614000000Z"),
            next_update: utc("20240621000000Z"),
            entries: Vec::new(),
            extensions: Vec::new(),
        }
    }

    pub(crate) fn at(mut self, this_update: &str, next_update: &str) -> Self {
        self.this_update = utc(this_update);
        self.next_update = utc(next_update);
        self
    }

    /// Without saying when the next one comes.
    pub(crate) fn open(mut self) -> Self {
        self.next_update.clear();
        self
    }

    pub(crate) fn with(mut self, kind: &str, is_critical: bool, value: &[u8]) -> Self {
        self.extensions.push(extension(kind, is_critical, value));
        self
    }

    pub(crate) fn entry(mut self, serial: u64, date: &str, extensions: &[Vec<u8>]) -> Self {
        let said = match extensions {
            [] => Vec::new(),
            said => encode(tlv::SEQUENCE, &said.concat()),
        };
        let entry = sequence(&[&integer(serial), &utc(date), &said]);
        self.entries.extend(entry);
        self
    }

    /// An entry with a reason code.
    pub(crate) fn revoke(self, serial: u64, date: &str, reason: u8) -> Self {
        self.entry(
            serial,
            date,
            &[extension("2.5.29.21", false, &[10, 1, reason])],
        )
    }

    /// So many entries of other serial numbers.
    pub(crate) fn others(mut self, count: u64) -> Self {
        let rest = [
            utc("20240101000000Z"),
            extension("2.5.29.21", false, &[10, 1, 5]),
        ];
        let rest = [&rest[0][..], &encode(tlv::SEQUENCE, &rest[1])].concat();
        for number in 0..count {
            let entry = sequence(&[&integer(0x1_0000_0000 + number), &rest]);
            self.entries.extend(entry);
        }
        self
    }

    /// Signed, and naming the key.
    pub(crate) fn by(self, key: &Key) -> RevocationList {
        let id = sequence(&[&encode(tlv::CONTEXT_0_PRIMITIVE, &key.id)]);
        self.with("2.5.29.35", false, &id).plainly_by(key)
    }

    pub(crate) fn plainly_by(self, key: &Key) -> RevocationList {
        RevocationList::from_der(self.der_by(key)).unwrap()
    }

    /// Of version 2 if there are extensions, else of version 1.
    pub(crate) fn der_by(self, key: &Key) -> Vec<u8> {
        let has_extensions = !self.extensions.is_empty();
        let extensions = encode(tlv::SEQUENCE, &self.extensions.concat());
        let extensions = encode(tlv::CONTEXT_0, &extensions);
        let entries = encode(tlv::SEQUENCE, &self.entries);
        let message = sequence(&[
            if has_extensions { &[2, 1, 1] } else { &[] },
            &key.algorithm,
            &self.issuer,
            &self.this_update,
            &self.next_update,
            if self.entries.is_empty() {
                &[]
            } else {
                &entries
            },
            if has_extensions { &extensions } else { &[] },
        ]);
        key.signed(&message)
    }
}
